// Momentum's tabs, as far as layouts use them: md-tabs with md-tab in the slot
// "tab" and md-tab-panel in the slot "panel", in pairs. With persist-selection
// the tab that was chosen is chosen again in the next md-tabs of this tabs-id.
import { h, shadow } from "./dom.js";

// The browser may keep nothing for this page: then nothing is remembered.
function keep(key, n) {
  try {
    sessionStorage.setItem(key, String(n));
  } catch {}
}

function kept(key) {
  try {
    return sessionStorage.getItem(key) ?? -1;
  } catch {
    return -1;
  }
}

class Tabs extends HTMLElement {
  #watcher = new MutationObserver(() => this.#show());
  #chosen = null;

  connectedCallback() {
    if (!this.shadowRoot) {
      const root = shadow(this);
      root.append(h("div", { class: "tab-list", role: "tablist" }, h("slot", { name: "tab" })), h("div", { class: "tab-panels" }, h("slot", { name: "panel" })));
      this.addEventListener("click", (event) => {
        const tab = event.target.closest?.("md-tab");
        if (tab?.parentNode === this) this.choose(tab);
      });
      this.addEventListener("keydown", (event) => this.#pressed(event));
    }
    this.#watcher.observe(this, { childList: true });
    this.#show();
  }

  disconnectedCallback() {
    this.#watcher.disconnect();
  }

  choose(tab) {
    this.#chosen = tab;
    if (this.#persists) keep(this.#key, [...this.querySelectorAll(":scope > md-tab")].indexOf(tab));
    this.#show();
  }

  get #persists() { return this.hasAttribute("persist-selection") && this.getAttribute("persist-selection") !== "false"; }
  get #key() { return `deskbridge-standin-tabs.${this.getAttribute("tabs-id") ?? ""}`; }

  get #tabs() { return [...this.children].filter((el) => el.localName === "md-tab" && !el.hidden); }

  #show() {
    const tabs = [...this.children].filter((el) => el.localName === "md-tab");
    const panels = [...this.children].filter((el) => el.localName === "md-tab-panel");
    if (!this.#chosen && this.#persists) this.#chosen = tabs[kept(this.#key)] ?? null; // Null until its turn to be appended.
    const chosen = this.#tabs.includes(this.#chosen) ? this.#chosen : this.#tabs[0];
    tabs.forEach((tab, n) => {
      const on = tab === chosen;
      tab.slot ||= "tab";
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      if (!panels[n]) return;
      panels[n].slot ||= "panel";
      panels[n].setAttribute("role", "tabpanel");
      panels[n].hidden = !on;
    });
  }

  #pressed(event) {
    const tabs = this.#tabs;
    const n = tabs.indexOf(event.target);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (n < 0 || !step) return;
    const next = tabs[(n + step + tabs.length) % tabs.length];
    this.choose(next);
    next.focus();
  }
}

export function defineTabs() {
  if (!customElements.get("md-tabs")) customElements.define("md-tabs", Tabs);
}
