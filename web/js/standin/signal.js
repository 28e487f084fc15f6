// Signals, as the Desktop's service has one for each event.

// makeSignal returns a signal. send gives every listener a copy of its own, and
// a listener that throws does not keep the others from hearing.
export function makeSignal(report = console.error) {
  let always = [];
  let once = [];
  const without = (list, fn) => list.filter((f) => f !== fn);
  const hand = (fn, data) => {
    try {
      fn(copy(data));
    } catch (error) {
      report("a listener failed", error);
    }
  };
  const signal = {
    listen(fn) {
      always.push(fn);
      return { stopListen: () => signal.stopListen(fn) };
    },
    listenOnce(fn) {
      once.push(fn);
      return { stopListenOnce: () => signal.stopListenOnce(fn) };
    },
    stopListen(fn) {
      const had = always.includes(fn);
      always = without(always, fn);
      return had;
    },
    stopListenOnce(fn) {
      const had = once.includes(fn);
      once = without(once, fn);
      return had;
    },
    stopListenAll() {
      always = [];
      once = [];
    },
    send(data) {
      const now = once;
      once = [];
      for (const fn of [...always]) hand(fn, data);
      for (const fn of now) hand(fn, data);
    },
  };
  return signal;
}

export const makeSignals = (names, report) => Object.fromEntries(names.map((name) => [name, makeSignal(report)]));

// copy is a deep copy; what cannot be cloned is passed on as it is.
export function copy(data) {
  try {
    return structuredClone(data);
  } catch {
    return data;
  }
}
