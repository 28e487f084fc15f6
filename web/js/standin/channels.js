// The service's channels of actions: a widget sends on "<name>/Req" and hears
// the answer on "<name>/Res". The id of a request is last in both directions.

// makeChannels returns actionsChannels. answers has a function for each name:
// what it returns, or resolves to, is answered with; undefined is no answer.
export function makeChannels(answers, report = console.error) {
  const listeners = new Map(); // name of a destination → functions
  const tell = (name, args) => {
    for (const fn of [...(listeners.get(name) ?? [])]) {
      try {
        fn({ args, meta: { name } });
      } catch (error) {
        report("a listener failed", error);
      }
    }
  };
  return {
    createSource: (name) => ({
      send(...args) {
        const [what] = name.split("/");
        const answer = answers[what];
        if (!answer) return report(`the channel ${name} has nobody at its other end`);
        const id = args.at(-1);
        Promise.resolve()
          .then(() => answer(...args))
          .then((value) => {
            if (value !== undefined) tell(`${what}/Res`, [value, id]);
          })
          .catch((error) => report(`the channel ${name} failed`, error));
      },
    }),
    createDestination: (name) => ({
      addListener: (fn) => listeners.set(name, [...(listeners.get(name) ?? []), fn]),
      removeListener: (fn) => listeners.set(name, (listeners.get(name) ?? []).filter((f) => f !== fn)),
    }),
  };
}
