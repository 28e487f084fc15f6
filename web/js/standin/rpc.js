// The service over a MessagePort: the host's end offers it, the shell's end is a
// shim of the same shape. Functions, signals and channels are forwarded in
// order; plain values are sent when the shell begins and whenever they change.
//
// Messages to the shell: {tree} once, {value, at} for a value that changed,
// {result, ok} or {result, error}, {callback, args}, {set, name, value} for the
// widget's properties. To the host: {call, at, args}, {listen, at, callback,
// once}, {stop: callback}, {source, args}, {destination, callback}.
import { TaskMap } from "./store.js";

// treeOf describes an object: functions and signals by a word, else the value.
export function treeOf(value, depth = 0) {
  if (typeof value === "function") return { kind: "function" };
  if (value && typeof value === "object" && typeof value.listen === "function" && typeof value.listenOnce === "function") return { kind: "signal" };
  if (value instanceof Map || value === null || typeof value !== "object" || Array.isArray(value) || depth > 4) return { kind: "value", value: sendable(value) };
  return { kind: "object", members: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, treeOf(member, depth + 1)])) };
}

// sendable is what can be cloned of a value; a store's views become plain, its
// map of contacts a Map.
export function sendable(value) {
  if (value instanceof TaskMap) return new Map([...value].map(([id, item]) => [id, sendable(item)]));
  try {
    return structuredClone(value);
  } catch {
    try {
      return JSON.parse(JSON.stringify(value));
    } catch {
      return null;
    }
  }
}

const at = (root, path) => path.reduce((value, name) => value?.[name], root);
const LIVE = [["isInited"], ["conf", "profile"], ["conf", "isReloginSuccess"], ["shortcut", "REGISTERED_KEYS"]];

// offer serves a service at a port. It returns {set, update, stop}: set sends a
// property of the widget, update what has changed of the service.
export function offer(port, service) {
  const stops = new Map();
  const elements = new Map();
  const said = LIVE.map((path) => JSON.stringify(plainMap(at(service, path))));
  const post = (message) => port.postMessage(message);
  const hear = (id) => (...args) => post({ callback: id, args: sendable(args) });
  // Functions and elements of the widget come as numbers.
  const decode = (value) => {
    if (Array.isArray(value)) return value.map(decode);
    if (!value || typeof value !== "object" || value instanceof Map) return value;
    if (typeof value.$function === "number") return hear(value.$function);
    if (typeof value.$element === "number") {
      if (!elements.has(value.$element)) elements.set(value.$element, { localName: value.name });
      return elements.get(value.$element);
    }
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, decode(member)]));
  };

  async function call({ call: id, at: path, args }) {
    try {
      const owner = at(service, path.slice(0, -1));
      if (!owner || !Object.hasOwn(owner, path.at(-1)) || typeof owner[path.at(-1)] !== "function") throw { id: "Service.shell.unknown" };
      const ok = await owner[path.at(-1)](...decode(args));
      post({ result: id, ok: ok?.stopListen ? null : sendable(ok) });
    } catch (error) {
      post({ result: id, error: error instanceof Error ? { name: error.name, message: error.message } : sendable(error) });
    }
    update();
  }

  port.onmessage = ({ data }) => {
    if (data.call) call(data);
    else if (data.listen) {
      const signal = at(service, data.at);
      const handle = data.once ? signal.listenOnce(hear(data.callback)) : signal.listen(hear(data.callback));
      stops.set(data.callback, () => (handle.stopListen ?? handle.stopListenOnce)());
    } else if (data.stop) {
      stops.get(data.stop)?.();
      stops.delete(data.stop);
    } else if (data.source) service.actionsChannels.createSource(data.source).send(...decode(data.args));
    else if (data.destination) {
      const destination = service.actionsChannels.createDestination(data.destination);
      const fn = hear(data.callback);
      destination.addListener(fn);
      stops.set(data.callback, () => destination.removeListener(fn));
    }
  };

  function update() {
    LIVE.forEach((path, n) => {
      const value = at(service, path);
      const text = JSON.stringify(plainMap(value));
      if (text === said[n]) return;
      said[n] = text;
      post({ at: path, value: sendable(value) });
    });
  }

  post({ tree: treeOf(service) });
  return {
    set: (kind, name, value) => post({ set: kind, name, value: sendable(value) }),
    update,
    stop() {
      for (const stop of stops.values()) stop();
      stops.clear();
      for (const element of elements.values()) service.shortcut.unregisterKeys(element);
      port.close();
    },
  };
}

const plainMap = (value) => (value instanceof Map ? [...value] : value);

// shim is the service at the other end. ready(service) is called once; set
// hears of the widget's properties.
export function shim(port, { ready, set }) {
  let last = 0;
  const waiting = new Map();
  const callbacks = new Map();
  const numbers = new WeakMap();
  let service = null;
  const numbered = (thing) => {
    if (!numbers.has(thing)) numbers.set(thing, ++last);
    return numbers.get(thing);
  };
  const encode = (value) => {
    if (typeof value === "function") {
      callbacks.set(numbered(value), value);
      return { $function: numbered(value) };
    }
    if (typeof Element !== "undefined" && value instanceof Element) return { $element: numbered(value), name: value.localName };
    if (Array.isArray(value)) return value.map(encode);
    if (!value || typeof value !== "object" || value instanceof Map) return sendable(value);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, encode(member)]));
  };
  const listen = (path, fn, once) => {
    const id = ++last;
    callbacks.set(id, fn);
    port.postMessage({ listen: true, at: path, callback: id, once });
    const stop = () => {
      port.postMessage({ stop: id });
      return callbacks.delete(id);
    };
    return once ? { stopListenOnce: stop } : { stopListen: stop };
  };

  const build = (tree, path) => {
    switch (tree.kind) {
      case "function":
        return (...args) =>
          new Promise((resolve, reject) => {
            const id = ++last;
            waiting.set(id, { resolve, reject });
            port.postMessage({ call: id, at: path, args: args.map(encode) });
          });
      case "signal":
        return { listen: (fn) => listen(path, fn, false), listenOnce: (fn) => listen(path, fn, true) };
      case "object":
        return Object.fromEntries(Object.entries(tree.members).map(([name, member]) => [name, build(member, [...path, name])]));
    }
    return tree.value;
  };

  const channels = () => {
    const ids = new Map();
    return {
      createSource: (name) => ({ send: (...args) => port.postMessage({ source: name, args: args.map(encode) }) }),
      createDestination: (name) => ({
        addListener(fn) {
          const id = ++last;
          ids.set(fn, id);
          callbacks.set(id, fn);
          port.postMessage({ destination: name, callback: id });
        },
        removeListener(fn) {
          port.postMessage({ stop: ids.get(fn) });
          callbacks.delete(ids.get(fn));
        },
      }),
    };
  };

  port.onmessage = ({ data }) => {
    if (data.tree) {
      service = build(data.tree, []);
      service.actionsChannels = channels();
      service.shortcut.getRegisteredKeys = () => new Map(service.shortcut.REGISTERED_KEYS);
      ready(service);
    } else if (data.result) {
      const one = waiting.get(data.result);
      waiting.delete(data.result);
      if ("error" in data) one?.reject(data.error);
      else one?.resolve(data.ok ?? undefined);
    } else if (data.callback) callbacks.get(data.callback)?.(...data.args);
    else if (data.set) set(data.set, data.name, data.value);
    else if (data.at) {
      const owner = at(service, data.at.slice(0, -1));
      if (owner) owner[data.at.at(-1)] = data.value;
    }
  };
}
