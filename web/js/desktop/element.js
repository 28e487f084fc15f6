// Defines <deskbridge-widget>, which an Agent Desktop's layout names: an iframe
// of our own origin with the app in it, and the bridge to the Desktop's SDK. The
// address of this script stays what it is; what it loads may change.
import names from "./names.json" with { type: "json" };
import { makeBridge } from "./bridge.js";

const TAG = "deskbridge-widget";
const POLL = 100; // ms between looks for the Desktop's service
const HEIGHT = "600px"; // where the layout gives none
const POP = { width: 400, height: 640, gap: 8 }; // px, of the panel below its button in the header
const script = document.currentScript?.src ?? "";
const base = script ? new URL(".", script) : new URL(document.baseURI);

// The SDK reads AGENTX_SERVICE when it is evaluated and fails without, so it is
// loaded when that is there. One copy serves every element of the page.
let sdk = null;
function loadSDK() {
  sdk ??= (async () => {
    while (typeof AGENTX_SERVICE === "undefined" || !AGENTX_SERVICE) await new Promise((next) => setTimeout(next, POLL));
    const { Desktop } = await import(new URL("desktop-sdk.js", base).href);
    await Desktop.config.init({ widgetName: TAG, widgetProvider: "Deskbridge" });
    return Desktop;
  })();
  return sdk;
}

// plain is a value of the Desktop's store without the store: its objects are
// observables that must not be kept.
function plain(value) {
  try {
    return value === undefined ? null : JSON.parse(JSON.stringify(value));
  } catch {
    return null;
  }
}

class DeskbridgeWidget extends HTMLElement {
  #values = {};
  #bridge = null;
  #frame = null;
  #port = null;
  #button = null; // in the header
  #onMessage = (event) => this.#handshake(event);
  #onPress = (event) => {
    if (!event.composedPath().includes(this)) this.#open(false);
  };

  static observedAttributes = names.properties.map((name) => name.toLowerCase());

  static {
    for (const name of names.properties) {
      Object.defineProperty(this.prototype, name, {
        get() { return this.#values[name]; },
        set(value) { this.#set(name, value); },
        configurable: true,
        enumerable: true,
      });
    }
  }

  attributeChangedCallback(attribute, _, value) {
    const name = names.properties.find((known) => known.toLowerCase() === attribute);
    if (name) this[name] = value;
  }

  connectedCallback() {
    // What was set before this class was known shadows its setters.
    for (const name of names.properties) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    const mode = this.getAttribute("mode") ?? this.mode ?? "panel";
    const headless = mode === "headless", header = mode === "header";
    const address = new URL(this.getAttribute("src") ?? "widget", base);
    address.searchParams.set("mode", mode); // for who looks at the frames
    this.#frame = document.createElement("iframe");
    this.#frame.src = address.href;
    this.#frame.title = "Deskbridge";
    this.#frame.allow = "clipboard-write; autoplay";
    this.#frame.style.cssText = headless ? "display:none" : `border:0;width:100%;height:100%;min-height:${HEIGHT};display:block`;
    if (headless) this.style.display = "none";
    window.addEventListener("message", this.#onMessage);
    if (header) this.#drawButton();
    this.append(this.#frame);
  }

  // In the header the panel hangs below a button.
  #drawButton() {
    this.style.display = "inline-block";
    this.#button = document.createElement("button");
    this.#button.type = "button";
    this.#button.textContent = "HubSpot";
    this.#button.style.cssText = "height:32px;padding:0 12px;border:1px solid currentColor;border-radius:16px;background:none;color:inherit;font:inherit;cursor:pointer";
    this.#button.addEventListener("click", () => this.#open(this.#frame.hidden));
    window.addEventListener("pointerdown", this.#onPress);
    this.append(this.#button);
    this.#frame.style.cssText = "border:0;position:fixed;z-index:1000;border-radius:8px;box-shadow:0 4px 24px rgba(0,0,0,.3)";
    this.#open(false);
  }

  #open(yes) {
    const { bottom, left } = this.#button.getBoundingClientRect();
    const width = Math.min(POP.width, innerWidth - 2 * POP.gap), top = bottom + POP.gap;
    Object.assign(this.#frame.style, {
      display: yes ? "block" : "none", width: `${width}px`, height: `${Math.min(POP.height, innerHeight - top - POP.gap)}px`, top: `${top}px`,
      left: `${Math.max(POP.gap, Math.min(left, innerWidth - width - POP.gap))}px`,
    });
    this.#frame.hidden = !yes;
    this.#button.setAttribute("aria-expanded", String(yes));
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.#onMessage);
    this.#bridge?.leave();
    this.#port?.close();
    window.removeEventListener("pointerdown", this.#onPress);
    this.#frame?.remove();
    this.#button?.remove();
    this.#bridge = this.#port = this.#frame = this.#button = null;
  }

  // The app in the frame asks for a port when it listens, and again after a
  // reload. Nobody else is answered.
  #handshake(event) {
    const origin = new URL(this.#frame.src).origin;
    if (event.source !== this.#frame.contentWindow || event.origin !== origin || event.data?.deskbridge !== "port?") return;
    this.#bridge?.leave();
    this.#port?.close();
    const { port1, port2 } = new MessageChannel();
    const bridge = makeBridge({
      post: (text) => port1.postMessage(text),
      hello: { sdk: names.sdk, framed: window.self !== window.top, mode: this.getAttribute("mode") ?? this.mode ?? "panel" },
    });
    port1.onmessage = (message) => {
      if (typeof message.data === "string") bridge.receive(message.data);
    };
    this.#frame.contentWindow.postMessage({ deskbridge: "port", v: 1 }, origin, [port2]);
    this.#port = port1;
    this.#bridge = bridge;
    bridge.introduce(this.#values);
    loadSDK().then(
      (Desktop) => {
        if (this.#bridge !== bridge) return;
        this.clientLocale = Desktop.config.clientLocale;
        bridge.begin(Desktop, this.#values);
      },
      (error) => console.error("deskbridge: the Desktop's SDK is not available", error), // the app says so when its time is up
    );
  }

  #set(name, value) {
    value = plain(value);
    if (JSON.stringify(this.#values[name] ?? null) === JSON.stringify(value)) return;
    this.#values[name] = value;
    this.#bridge?.props({ [name]: value });
  }
}

if (!customElements.get(TAG)) customElements.define(TAG, DeskbridgeWidget);
