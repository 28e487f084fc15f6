// Promises that notifications settle, as those of the Desktop's service are.

const LIMIT = 20_000; // ms, the Desktop's own

// refusal is what the service rejects with: Err.Details.
export const refusal = (id, message) => ({ id, details: { trackingId: message?.trackingId ?? "", msg: message } });

// makePromises returns the open promises of a service. send carries a command
// out and rejects with {status, body} or an error of the network.
export function makePromises(send, { after = setTimeout, stop = clearTimeout } = {}) {
  let open = [];

  const close = (p) => {
    open = open.filter((q) => q !== p);
    stop(p.timer);
  };

  // ask carries a method out. id names it in rejections.
  function ask(id, method, arg) {
    arg ??= {};
    return new Promise((resolve, reject) => {
      const p = { id, method, arg, resolve, reject, timer: undefined };
      if (!method.patient?.(arg)) {
        p.timer = after(() => {
          close(p);
          reject(refusal("Service.aqm.reqs.Timeout", { trackingId: "", data: { reason: "TIMEOUT" } }));
        }, method.limit ?? LIMIT);
      }
      open.push(p);
      let command;
      try {
        command = send(method.verb ?? "POST", method.path(arg), method.body(arg));
      } catch (error) {
        command = Promise.reject(error);
      }
      command.catch((error) => {
        if (!open.includes(p)) return;
        close(p);
        if (error?.status === undefined) return reject({ id: "Service.reqs.generic.failure", details: { trackingId: "" }, message: String(error?.message ?? error) });
        const { errorType, errorMessage, reasonCode, trackingId = "" } = error.body ?? {};
        reject(refusal(id, { trackingId, data: { reason: errorType ?? String(error.status), reasonCode: reasonCode ?? error.status, message: errorMessage ?? "", trackingId } }));
      });
    });
  }

  // settle is called with each notification, after its listeners.
  function settle(type, message) {
    for (const p of [...open]) {
      const { method, arg } = p;
      const data = message.data ?? {};
      if (!method.anywhere && data.interactionId !== arg.interactionId) continue;
      if (method.refuse.includes(type)) {
        close(p);
        p.reject(refusal(p.id, message));
      } else if (method.resolve(arg).includes(type) && (!method.only || method.only(data))) {
        close(p);
        p.resolve(method.empty ? {} : message);
      }
    }
  }

  return { ask, settle, waiting: () => open.length };
}
