// The Desktop's frame: header, bar of pages, the task page with the auxiliary
// pane, and what is always mounted unseen.
import { h, icon } from "./dom.js";

// makePage draws a layout's model. It returns {remove, taskPage}.
export function makePage(desk, model, root) {
  const { builder, store } = desk;
  const stops = [];
  const el = (name) => root.querySelector(`[data-part="${name}"]`);
  const header = el("header-area");
  el("title").textContent = /^(https?:|data:)/.test(model.title) ? "" : model.title;
  const logo = el("logo");
  logo.hidden = model.logo === "no-logo";
  const picture = (src, height) => h("img", { src, alt: "", class: "brand-image", height });
  if (/^(https?:|data:)/.test(model.logo)) logo.replaceChildren(picture(model.logo, 32));
  if (/^(https?:|data:)/.test(model.title)) el("title").replaceChildren(picture(model.title, 32));

  stops.push(builder.area(header, ({ put }) => model.header.forEach((options) => put(options))));
  if (model.headless) stops.push(builder.page(el("headless"), model.headless));

  // Pages: only the one that is open is mounted.
  const main = el("pages");
  const nav = el("nav");
  const entries = [...(model.home ? [{ ...model.home, symbol: "home" }] : []), { route: "task", label: "Tasks", symbol: "tasks", task: true }, ...model.pages.filter((p) => !p.visibility || p.visibility === "NOT_RESPONSIVE")];
  let unmount = null;
  let shown = null;
  const open = (entry) => {
    if (shown === entry) return;
    unmount?.();
    unmount = null;
    shown = entry;
    el("task-page").hidden = !entry.task;
    main.hidden = Boolean(entry.task);
    if (!entry.task) {
      const host = main.appendChild(h("desk-page", { "data-page": entry.route }));
      const stop = builder.page(host, entry.page);
      unmount = () => (stop(), host.remove());
    }
    for (const button of nav.children) button.setAttribute("aria-current", String(button.dataset.route === entry.route));
    desk.opened(entry);
  };
  nav.replaceChildren(...entries.map((entry) => {
    const label = store.resolve(entry.label) ?? entry.route;
    const image = /^(https?:|data:)/.test(entry.icon ?? "") ? h("img", { src: entry.icon, alt: "", class: "nav-image" }) : icon(entry.symbol ?? { home: "home", team: "team" }[entry.icon] ?? "page");
    return h("button", { type: "button", class: "nav-button", "data-route": entry.route, title: label, onclick: () => open(entry) }, image, h("span", { class: "nav-label" }, label));
  }));
  const asked = entries.find((entry) => entry.route === desk.query.page);
  open(asked ?? model.pages.find((entry) => entry.landing) ?? (model.home?.landing ? entries[0] : entries.find((entry) => entry.task)));

  // The auxiliary pane is there with a contact, and only then.
  const aside = el("panel");
  let panel = null;
  const pane = () => {
    const active = desk.selected !== null && desk.tasks.has(desk.selected);
    aside.hidden = !active || (!model.panel && !model.persistent.length);
    if (active && !panel && !aside.hidden) {
      const host = aside.appendChild(h("desk-panel", { "data-area": "panel" }));
      const stop = builder.area(host, ({ put }) => {
        const tabs = model.panel && put(model.panel);
        for (const options of model.persistent) put(options, tabs ?? undefined);
      });
      panel = () => (stop(), host.remove());
    } else if (!active && panel) {
      panel();
      panel = null;
    }
  };
  pane();
  stops.push(store.watch(pane));

  return {
    remove() {
      unmount?.();
      panel?.();
      stops.splice(0).forEach((stop) => stop());
    },
    openTasks: () => !model.settings.stopNavigateOnAcceptTask && open(entries.find((entry) => entry.task)),
  };
}
