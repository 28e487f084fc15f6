// The Desktop's store: one tree of values that $STORE.<path> refers to. What it
// hands out are read-only views, as the Desktop's observables are to a widget.

// TaskMap is the observable map of contacts: iterable, with toJSON.
export class TaskMap {
  #map;
  constructor(map) {
    this.#map = map;
  }
  get size() { return this.#map.size; }
  get(id) { return view(this.#map.get(id)); }
  has(id) { return this.#map.has(id); }
  keys() { return this.#map.keys(); }
  *values() { for (const [, value] of this) yield value; }
  *entries() { for (const id of this.#map.keys()) yield [id, this.get(id)]; }
  [Symbol.iterator]() { return this.entries(); }
  forEach(fn, self) { for (const [id, value] of this) fn.call(self, value, id, this); }
  toJSON() { return Object.fromEntries(this); }
}

const refuse = () => false;

// view is a value that cannot be changed; objects are proxies that look through.
export function view(value) {
  if (value instanceof Map) return new TaskMap(value);
  if (value instanceof TaskMap || value === null || typeof value !== "object") return value;
  return new Proxy(value, {
    get: (target, key) => view(Reflect.get(target, key)),
    getOwnPropertyDescriptor(target, key) {
      const d = Reflect.getOwnPropertyDescriptor(target, key);
      return d && (d.configurable ? { ...d, value: view(d.value) } : d);
    },
    set: refuse,
    deleteProperty: refuse,
    defineProperty: refuse,
  });
}

const parts = (path) => path.split(".").filter(Boolean);

export class Store {
  #root;
  #watchers = new Set();
  #dirty = false;

  constructor(root) {
    this.#root = root;
  }

  // get returns the value at a path such as agent.agentId, undefined for none.
  get(path) {
    let value = this.#root;
    for (const part of parts(path)) {
      if (value === null || typeof value !== "object") return undefined;
      value = value instanceof Map ? value.get(part) : Object.hasOwn(value, part) ? value[part] : undefined;
    }
    return view(value);
  }

  // set changes a value; watchers hear of it when this turn is over.
  set(path, value) {
    const way = parts(path);
    const last = way.pop();
    let at = this.#root;
    for (const part of way) at = at[part] ??= {};
    if (at[last] === value && (value === null || typeof value !== "object")) return;
    at[last] = value;
    this.changed();
  }

  changed() {
    if (this.#dirty) return;
    this.#dirty = true;
    queueMicrotask(() => {
      this.#dirty = false;
      for (const watcher of [...this.#watchers]) watcher();
    });
  }

  // watch calls fn after every change, until the returned function is called.
  watch(fn) {
    this.#watchers.add(fn);
    return () => this.#watchers.delete(fn);
  }

  // bind calls apply with what a layout's value stands for, now and whenever
  // that changes. Objects are compared by what they say.
  bind(value, apply) {
    if (!refers(value)) {
      apply(value);
      return () => {};
    }
    let before;
    const look = () => {
      const now = this.resolve(value);
      const text = said(now);
      if (text === before) return;
      before = text;
      apply(now);
    };
    look();
    return this.watch(look);
  }

  // resolve is a layout's value with every reference in it followed.
  resolve(value) {
    if (typeof value === "string") return this.#text(value);
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item)]));
    return value;
  }

  #text(value) {
    if (value.startsWith("$STORE.")) return this.get(value.slice(7));
    if (value.startsWith("$I18N.")) return translated(value.slice(6));
    return value.replace(/\{\$STORE\.([^}]+)\}/g, (_, path) => this.get(path.trim()) ?? "");
  }
}

// refers says whether there is a reference in a layout's value.
export function refers(value) {
  if (typeof value === "string") return value.includes("$STORE.") || value.startsWith("$I18N.");
  return value !== null && typeof value === "object" && Object.values(value).some(refers);
}

const said = (value) => (value === undefined ? "undefined" : JSON.stringify(value));

const words = { "common.homePageLabel": "Home", "tpw.widgetTitle": "Team performance", "pageSubHeader.queueName": "Queue name", "pageSubHeader.channelType": "Channel type", "pageSubHeader.managedTeams": "Managed teams" };

// translated is a text of the Desktop's own: the last word of a key that is not
// known here.
const translated = (key) => words[key] ?? key.split(".").at(-1);
