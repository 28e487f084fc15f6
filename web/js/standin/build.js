// Builds a layout's components: elements inside open shadow roots, with what
// they refer to of the store kept up to date.
import { h, icon, shadow } from "./dom.js";

// makeBuilder returns what builds. desk is {store, builtins, isolate, problem}:
// builtins makes the Desktop's own components by name, isolate, where there is
// one, puts a custom component into a frame of its own.
export function makeBuilder(desk) {
  const scripts = new Map(); // URL → promise of the script element, once each

  function load(url, path) {
    if (!scripts.has(url)) {
      scripts.set(url, new Promise((loaded) => {
        const script = h("script", { src: url, async: true, onload: () => loaded(true), onerror: () => loaded(false) });
        script.dataset.widgetScript = url;
        document.head.append(script);
      }));
      scripts.get(url).then((ok) => {
        if (!ok) desk.problem(`${path}.script`, `The script ${url} could not be loaded: the components that it defines stay empty.`);
      });
    }
  }

  // component returns {element, remove}; null for what is not shown.
  function component(options) {
    const stops = [];
    const { comp } = options;
    if (comp.startsWith("#")) return { element: placeholder(comp), remove() {} };
    const custom = options.script !== "";
    let element;
    if (custom && desk.isolate) {
      const isolated = desk.isolate(options);
      element = isolated.element;
      stops.push(isolated.remove);
    } else {
      if (custom) load(options.script, options.path);
      const own = custom ? null : desk.builtins[comp];
      element = own ? own(options, stops) : document.createElement(comp);
      for (const [name, value] of Object.entries(options.attributes)) {
        stops.push(desk.store.bind(value, (now) => {
          try {
            if (now === undefined || now === null) element.removeAttribute(name);
            else element.setAttribute(name, typeof now === "object" ? JSON.stringify(now) : String(now));
          } catch {
            desk.problem(`${options.path}.attributes.${name}`, `“${name}” is no name of an attribute.`);
          }
        }));
      }
      for (const [name, value] of Object.entries(options.properties)) {
        stops.push(desk.store.bind(value, (now) => {
          try {
            element[name] = now;
          } catch (error) {
            desk.problem(`${options.path}.properties.${name}`, `The component refuses it: ${error.message}`);
          }
        }));
      }
      if (options.textContent !== undefined) stops.push(desk.store.bind(options.textContent, (now) => (element.textContent = now ?? "")));
      for (const child of options.children) {
        const made = component(child);
        if (!made) continue;
        element.append(made.element);
        stops.push(made.remove);
      }
      if (!own && !custom && comp.includes("-") && !customElements.get(comp) && !known.has(comp) && !element.childNodes.length) element.append(placeholder(comp));
    }
    Object.assign(element.style, options.style);
    // What only Cisco's own services fill is not shown.
    if (options.visibility && options.visibility !== "NOT_RESPONSIVE") element.hidden = true;
    if (!options.responsive) element.classList.add("not-responsive");
    if (comp === "slot" && !element.hidden) element.append(placeholder(slotName(options.attributes.name)));
    // A new name: what is bound above goes on to set the element's values.
    const outer = options.wrapper ? wrap(element, options.wrapper, stops) : element;
    return { element: outer, remove: () => (stops.splice(0).forEach((stop) => stop()), outer.remove()) };
  }

  function wrap(element, wrapper, stops) {
    const title = h("span", { class: "wrapper-title" });
    stops.push(desk.store.bind(String(wrapper.title ?? ""), (now) => (title.textContent = now ?? "")));
    const box = h("section", { class: "dynamic-widget-wrapper", "data-wrapper": wrapper.id ?? "" });
    const button = h("button", { class: "icon-button", type: "button", "aria-label": "Enlarge", "aria-pressed": "false", title: "Enlarge" }, icon("large"));
    const enlarge = (large) => {
      box.classList.toggle("maximized", large);
      button.setAttribute("aria-pressed", String(large));
      button.setAttribute("aria-label", large ? "Make smaller" : "Enlarge");
    };
    button.addEventListener("click", () => enlarge(!box.classList.contains("maximized")));
    const asked = ({ detail }) => {
      if (detail?.widgetId === wrapper.id) enlarge(!box.classList.contains("maximized"));
    };
    window.addEventListener("toggle-maximize-restore", asked);
    stops.push(() => window.removeEventListener("toggle-maximize-restore", asked));
    if (wrapper.id) {
      const renamed = ({ detail }) => detail?.title && (title.textContent = detail.title);
      for (const name of [`${wrapper.id}-update-title-event`, "update-title-event"]) {
        window.addEventListener(name, renamed);
        stops.push(() => window.removeEventListener(name, renamed));
      }
    }
    box.append(h("header", { class: "wrapper-bar" }, title, wrapper.maximizeAreaName ? button : null), h("div", { class: "wrapper-body" }, element));
    return box;
  }

  // area mounts components into an element's shadow root, within a dynamic-area
  // with one of its own. It returns what takes them out again.
  function area(host, fill) {
    const inner = h("dynamic-area");
    (host.shadowRoot ?? shadow(host)).replaceChildren(inner);
    const root = shadow(inner);
    const stops = [];
    fill({
      put: (options, parent = root) => {
        const made = component(options);
        if (!made) return null;
        parent.append(made.element);
        stops.push(made.remove);
        return made.element;
      },
      root,
    });
    return () => (stops.splice(0).forEach((stop) => stop()), inner.remove());
  }

  const page = (host, entry) =>
    area(host, ({ put, root }) => {
      if (entry.header) put(entry.header, root.appendChild(h("div", { class: "page-header" })));
      if (entry.flex) {
        const flow = root.appendChild(h("div", { class: "page-flex" }));
        for (const options of entry.order) {
          const cell = flow.appendChild(h("div", { class: "page-cell" }));
          cell.style.setProperty("--cols", String(options.width ?? 12));
          cell.style.setProperty("--units", String(options.height ?? 10));
          put(options, cell);
        }
        return;
      }
      root.append(grid(entry.grid, (name, cell) => put(entry.widgets[name], cell), entry.widgets));
    });

  return { component, area, page };
}

// grid draws areas; what a name stands for is a widget or a grid within.
function grid(g, put, widgets) {
  const el = h("div", { class: "page-grid" });
  const ident = new Map([...new Set(g.areas.flat())].map((name, n) => [name, `a${n}`]));
  el.style.gridTemplateAreas = g.areas.map((row) => `"${row.map((name) => ident.get(name)).join(" ")}"`).join(" ");
  el.style.gridTemplateColumns = g.cols.map((n) => `minmax(0, ${n}fr)`).join(" ");
  el.style.gridTemplateRows = g.rows.map((n) => `minmax(0, ${n}fr)`).join(" ");
  for (const [name, id] of ident) {
    const inner = g.inner[name];
    const cell = h("div", { class: "page-cell", "data-area": name });
    cell.style.gridArea = id;
    if (inner) cell.append(grid(inner, put, widgets));
    else if (widgets[name]) put(name, cell);
    else continue;
    el.append(cell);
  }
  return el;
}

// known are elements of the Desktop that mean nothing by themselves.
const known = new Set(["md-tabs", "md-tab", "md-tab-panel", "md-icon", "md-tooltip", "md-label", "dynamic-area", "page-title"]);

// slotName is what stands in one of the Desktop's slots, in words.
const slotName = (name) => {
  const words = String(name ?? "slot").replace(/_TAB$/, "").replaceAll("_", " ").toLowerCase();
  return words[0].toUpperCase() + words.slice(1);
};

export const placeholder = (name) =>
  h("div", { class: "placeholder", "data-placeholder": name }, h("strong", {}, name), h("span", {}, "The Desktop's own part stands here."));
