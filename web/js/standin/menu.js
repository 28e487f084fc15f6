// The menu “Sandbox”: what the real Desktop does not have.
import { h, icon } from "./dom.js";

export function makeMenu(desk, place) {
  const q = desk.query;
  const go = (changes) => {
    const next = new URL(location.href);
    for (const [name, value] of Object.entries(changes)) value === "" ? next.searchParams.delete(name) : next.searchParams.set(name, value);
    location.assign(next);
  };
  const option = (value, label, chosen) => h("option", { value, selected: value === chosen }, label);
  const from = h("input", { type: "tel", name: "from", value: "+14155550101", "aria-label": "The customer's number" });
  const check = (label, name, on, changed) => h("label", { class: "check" }, h("input", { type: "checkbox", name, checked: on, onchange: (event) => changed(event.target.checked) }), label);
  const file = h("input", { type: "file", accept: ".json,application/json", name: "file", onchange: () => file.files[0] && desk.takeFile(file.files[0]) });
  const body = h("div", { class: "popup menu", hidden: true, role: "dialog", "aria-label": "Sandbox" },
    h("form", { class: "menu-row", onsubmit: (event) => (event.preventDefault(), desk.customerCalls(from.value)) }, from, h("button", { class: "button primary", "data-action": "customer-calls" }, "A customer calls")),
    h("label", {}, "Layout", h("select", { name: "layout", onchange: (event) => go({ layout: event.target.value }) },
      q.layout === "file" ? option("file", "Your file", q.layout) : null,
      ...desk.config.layouts.map((name) => option(name, name[0].toUpperCase() + name.slice(1), q.layout)),
      desk.config.layouts.includes(q.layout) || q.layout === "file" ? null : option(q.layout, q.layout, q.layout))),
    h("label", { class: "file" }, "Your own layout, or drop the file on the page", file),
    h("label", {}, "Role", h("select", { name: "role", onchange: (event) => go({ role: event.target.value }) }, ["agent", "supervisor", "supervisorAgent"].map((role) => option(role, role, q.role)))),
    h("label", {}, "Language", h("select", { name: "lang", onchange: (event) => desk.setLanguage(event.target.value) }, ["en", "de", "es", "fr", "pt"].map((lang) => option(lang, lang, q.lang)))),
    check("Dark mode", "dark", q.dark, (on) => desk.setDark(on)),
    check("Each widget in a frame of its own", "shell", q.shell === "isolated", (on) => go({ shell: on ? "isolated" : "" })),
    check("Strict content security policy", "csp", q.csp === "strict", (on) => go({ csp: on ? "strict" : "" })),
    h("div", { class: "menu-row" },
      h("button", { class: "button", type: "button", "data-action": "reload", onclick: () => location.reload() }, "Reload"),
      h("button", { class: "button", type: "button", "data-action": "remount", onclick: () => desk.remount() }, "Take out and put in"),
      h("button", { class: "button", type: "button", "data-action": "sign-out", onclick: () => desk.signOut() }, "Sign out")),
    q.inited === "late" ? h("button", { class: "button", type: "button", "data-action": "init", onclick: () => desk.initNow() }, "Initialise the service now") : null);
  const button = h("button", { class: "header-button sandbox-button", type: "button", "aria-expanded": "false", "data-action": "menu" }, icon("flask"), h("span", { class: "wide-only" }, "Sandbox"));
  const open = (yes) => {
    body.hidden = !yes;
    button.setAttribute("aria-expanded", String(yes));
  };
  button.addEventListener("click", () => open(body.hidden));
  document.addEventListener("click", (event) => !event.composedPath().includes(place) && open(false));
  place.addEventListener("keydown", (event) => event.key === "Escape" && (open(false), button.focus()));
  place.append(button, body);
}
