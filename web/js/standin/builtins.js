// The Desktop's own components that the stand-in draws itself.
import { placeholder } from "./build.js";
import { h, icon, shadow } from "./dom.js";
import { keypadNumber } from "./numbers.js";

// makeBuiltins returns a function for each name. desk is the page.
export function makeBuiltins(desk) {
  const popup = (name, symbol, label, fill) => (options, stops) => {
    const button = h("button", { class: "header-button", type: "button", "aria-expanded": "false", "aria-label": label, title: label, "data-action": name }, icon(symbol));
    const box = h("div", { class: "popup", hidden: true, role: "dialog", "aria-label": label });
    const el = h(options.comp, { class: "header-item" }, button, box);
    const open = (yes) => {
      box.hidden = !yes;
      button.setAttribute("aria-expanded", String(yes));
      if (yes) (fill.show?.(box), box.querySelector("input, select, button")?.focus());
    };
    button.addEventListener("click", () => open(box.hidden));
    el.addEventListener("keydown", (event) => event.key === "Escape" && (open(false), button.focus()));
    const outside = (event) => !event.composedPath().includes(el) && open(false);
    document.addEventListener("click", outside);
    stops.push(() => document.removeEventListener("click", outside));
    fill(box, stops, { open, button });
    return el;
  };

  return {
    "agentx-state-selector": (options, stops) => {
      const select = h("select", { class: "state-select", "aria-label": "Your state", "data-control": "state", onchange: () => desk.setState(select.value) });
      const el = h(options.comp, { class: "header-item" }, h("span", { class: "state-dot" }), select);
      const draw = () => {
        const { status, subStatus, auxCodeId } = desk.session;
        const codes = desk.profile?.idleCodes ?? [];
        const chosen = subStatus === "Available" ? "0" : auxCodeId;
        select.replaceChildren(
          h("option", { value: "0" }, "Available"),
          ...codes.filter((code) => !code.isSystem || code.id === chosen).map((code) => h("option", { value: code.id, disabled: code.isSystem }, code.name)),
        );
        select.value = status === "LoggedIn" ? chosen : "";
        select.disabled = status !== "LoggedIn";
        el.dataset.state = status === "LoggedIn" ? subStatus : "LoggedOut";
      };
      draw();
      stops.push(desk.store.watch(draw));
      return el;
    },

    "agentx-outdial": popup("outdial", "call", "Call a number", (box, stops, { open }) => {
      const number = h("input", { type: "tel", name: "number", placeholder: "+1 408 555 0123", "aria-label": "Number", autocomplete: "off" });
      const ani = h("select", { name: "ani", "aria-label": "Shown to the customer" });
      const form = h("form", {
        class: "popup-form",
        onsubmit: (event) => {
          event.preventDefault();
          const destination = keypadNumber(number.value);
          if (destination) desk.outdial(destination, ani.value).then((ok) => ok && ((number.value = ""), open(false)));
        },
      }, h("label", {}, "Number", number), h("label", {}, "Caller ID", ani), h("button", { class: "button primary", "data-action": "dial" }, "Call"));
      box.append(form);
      const draw = () => {
        const list = desk.profile?.outDialAnis ?? [];
        if (ani.options.length !== list.length) ani.replaceChildren(...list.map((a) => h("option", { value: a.number }, `${a.name} · ${a.number}`)));
      };
      draw();
      stops.push(desk.store.watch(draw));
    }),

    "agentx-notification": popup("notifications", "bell", "Notifications", (box, stops, { button }) => {
      const badge = button.appendChild(h("span", { class: "badge", hidden: true }));
      const draw = () => {
        const list = desk.notes;
        badge.hidden = list.length === 0;
        badge.textContent = String(list.length);
        box.replaceChildren(
          h("h2", { class: "popup-title" }, "Notifications"),
          list.length
            ? h("ul", { class: "note-list" }, list.map((note) => h("li", { class: `note note-${note.type}`, "data-notification": note.mode }, h("strong", {}, note.title), h("span", {}, typeof note.data === "string" ? note.data : JSON.stringify(note.data)))))
            : h("p", { class: "quiet" }, "Nothing new."),
          list.length ? h("button", { class: "button", type: "button", onclick: () => desk.clearNotes() }, "Clear all") : "",
        );
      };
      draw();
      stops.push(desk.store.watch(draw));
    }),

    "agentx-webex": popup("webex", "webex", "Webex", (box) => box.append(h("p", { class: "quiet" }, "The Webex app is not part of the sandbox."))),

    "agentx-wc-iframe": (options) => {
      const frame = h("iframe", { class: "frame", title: options.wrapper?.title ?? "Embedded page", allow: String(options.attributes.allowedParams ?? "") });
      const el = h(options.comp, {}, frame);
      new MutationObserver(() => (frame.src = el.getAttribute("src") ?? "")).observe(el, { attributeFilter: ["src"] });
      return el;
    },

    "dynamic-area": (options) => {
      const el = h("dynamic-area");
      shadow(el);
      const inner = options.properties.area && desk.readPage(options.properties.area, `${options.path}.properties.area`);
      if (inner) desk.builder.page(el.shadowRoot.appendChild(h("div", { class: "inner-area" })), inner);
      return el;
    },

    "page-title": (options, stops) => {
      const el = h("h1", { class: "page-title" });
      stops.push(desk.store.bind(options.attributes.pageTitle ?? options.properties.pageTitle ?? "", (now) => (el.textContent = now ?? "")));
      return el;
    },

    "agentx-wc-screen-pop": (options, stops) => {
      const el = h(options.comp, {}, placeholder(options.comp));
      stops.push(desk.store.watch(() => {
        const url = desk.store.get("session.screenpop.screenPopSelector");
        if (url && !el.querySelector("iframe")) el.replaceChildren(h("iframe", { class: "frame", src: url, title: "Screen pop" }));
      }));
      return el;
    },
  };
}
