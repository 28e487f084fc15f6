// Keyboard shortcuts that widgets register.
import { makeSignal } from "./signal.js";

export const modifiers = { CTRL_SHIFT: "ctrlKey+shiftKey", ALT_SHIFT: "altKey+shiftKey", CTRL_ALT: "ctrlKey+altKey", SHIFT: "shiftKey", CTRL: "ctrlKey", ALT: "altKey" };
const flags = ["ctrlKey", "altKey", "shiftKey", "metaKey"];
const keyOf = (shortcut) => `${modifiers[shortcut.modifierKeys] ?? shortcut.modifierKeys ?? ""}|${String(shortcut.key).toLowerCase()}`;

export function makeShortcuts() {
  const registered = new Map(); // key → shortcuts, the first of which is in force
  const press = makeSignal();
  const conflict = makeSignal();
  const resolved = makeSignal();
  const list = () => [...registered.values()].flat();
  const service = {
    DEFAULT_SHORTCUT_KEYS: {},
    MODIFIERS: Object.fromEntries(Object.keys(modifiers).map((name) => [name, name])),
    REGISTERED_KEYS: new Map(),
    event: {
      listenKeyPress: (fn) => press.listen(fn),
      listenKeyConflict: (fn) => conflict.listen(fn),
      listenConflictResolved: (fn) => resolved.listen(fn),
    },
    register(shortcuts) {
      for (const shortcut of shortcuts ?? []) {
        const key = keyOf(shortcut);
        const holders = (registered.get(key) ?? []).filter((s) => s.widgetElement !== shortcut.widgetElement || s.action !== shortcut.action);
        const taken = holders.length > 0;
        registered.set(key, [...holders, shortcut]);
        if (taken) conflict.send({ data: { ...plain(shortcut), isConflict: "true" } });
      }
      publish();
    },
    unregisterKeys(element) {
      for (const [key, holders] of registered) {
        const left = holders.filter((s) => s.widgetElement !== element);
        if (left.length === holders.length) continue;
        if (left.length) registered.set(key, left);
        else registered.delete(key);
        if (holders.length > 1 && left.length === 1) resolved.send({ data: { ...plain(left[0]), isConflict: "false" } });
      }
      publish();
    },
    getRegisteredKeys: () => new Map(service.REGISTERED_KEYS),
  };
  const publish = () => {
    service.REGISTERED_KEYS.clear();
    for (const s of list()) service.REGISTERED_KEYS.set(`${s.group ?? ""}/${s.action}`, plain(s));
  };

  // pressed takes a keydown of the page; it says whether somebody wanted it.
  function pressed(event) {
    const held = flags.filter((flag) => event[flag]).join("+");
    const holders = registered.get(`${held}|${String(event.key).toLowerCase()}`);
    if (!holders?.length) return false;
    const [first] = holders;
    press.send({ type: "execute", data: plain(first) });
    first.listenKeyPress?.({ type: "execute", data: plain(first) });
    return true;
  }

  return { service, pressed };
}

// plain is a shortcut without functions and elements, for others to read.
function plain({ widgetElement, group, action, modifierKeys, key, role }) {
  return { widgetElement: typeof widgetElement === "string" ? widgetElement : (widgetElement?.localName ?? ""), group, action, modifierKeys, key, role };
}
