// Passes calls and events of Cisco's SDK on as JSON texts, in the protocol that
// pkg/desktop/doc.go describes. It decides nothing, and it never throws into
// the Desktop.
import names from "./names.json" with { type: "json" };

const calls = new Set(names.calls);
const events = new Set(names.events);

// text writes a message. Maps, the Desktop's observable ones included, become
// objects; what has no JSON becomes null.
function text(message) {
  return JSON.stringify(message, function (key, value) {
    const raw = this[key];
    if (raw && typeof raw.entries === "function" && typeof raw.get === "function") return Object.fromEntries(raw.entries());
    return value;
  });
}

// refusal is what is known of a rejection: of the platform's Err.Details, with
// the notification of the failure somewhere in it, or of an Error.
function refusal(error) {
  const details = error?.details ?? error?.data ?? {};
  const message = details.msg ?? details;
  const failure = message.data ?? message;
  return {
    id: error?.id ?? error?.name ?? "",
    message: typeof error === "string" ? error : (error?.message ?? ""),
    reason: failure.reason ?? message.reason ?? "",
    reasonCode: failure.reasonCode ?? message.reasonCode ?? null,
    trackingId: message.trackingId ?? failure.trackingId ?? "",
  };
}

// makeBridge returns a bridge that sends with post(text); show(yes) brings the
// panel into sight, or out of it. Desktop is the SDK's object once it is
// initialised, null before.
export function makeBridge({ post, hello, show }) {
  let Desktop = null;
  let stops = [];

  function send(message) {
    try {
      post(text(message));
      return true;
    } catch {
      return false; // no JSON, or a port that is closed
    }
  }

  function introduce(props) {
    send({ v: 1, hello: { ...hello, inited: Desktop !== null, props } });
  }

  async function call({ id, call: name, args = [] }) {
    try {
      if (!calls.has(name)) throw { id: "deskbridge.notAllowed" };
      if (!Desktop) throw { id: "deskbridge.notInitialised" };
      const [module, member] = name.split(".");
      const target = Desktop[module];
      const value = target[member];
      const result = typeof value === "function" ? value.apply(target, args) : value;
      if (!id) {
        Promise.resolve(result).catch(() => {});
        return;
      }
      const ok = (await result) ?? null;
      if (!send({ id, ok })) send({ id, error: { id: "deskbridge.unreadable" } });
    } catch (error) {
      if (id) send({ id, error: refusal(error) });
    }
  }

  function listen(name) {
    if (!Desktop || !events.has(name)) return;
    const [module, event] = name.split(".");
    const target = Desktop[module];
    let deaf = false;
    const heard = (data) => {
      if (!deaf && !send({ event: name, data: data ?? null })) send({ event: name, data: null });
    };
    try {
      if (event.startsWith("listen")) {
        target[event](heard);
        stops.push(() => (deaf = true)); // the SDK gives no way to stop these
      } else {
        target.addEventListener(event, heard);
        stops.push(() => target.removeEventListener(event, heard));
      }
    } catch {
      // This Desktop does not have it; the others still work.
    }
  }

  function quiet() {
    for (const stop of stops) {
      try {
        stop();
      } catch {
        // The module was cleaned up first.
      }
    }
    stops = [];
  }

  return {
    introduce,
    // begin says that the SDK is initialised.
    begin(sdk, props) {
      quiet();
      Desktop = sdk;
      hello = { ...hello, framed: window.self !== window.top };
      introduce(props);
    },
    props: (changed) => send({ props: changed }),
    // receive takes a text from the app.
    receive(data) {
      let message;
      try {
        message = JSON.parse(data);
      } catch {
        return;
      }
      if (Array.isArray(message?.listen)) message.listen.forEach(listen);
      if (typeof message?.show === "boolean") show?.(message.show);
      if (typeof message?.call === "string") call(message);
    },
    leave() {
      quiet();
      send({ bye: true });
    },
  };
}
