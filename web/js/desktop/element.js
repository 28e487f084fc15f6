// Defines <deskbridge-widget>, which an Agent Desktop's layout names: an iframe
// of our own origin with the app in it, and the bridge to the Desktop's SDK. The
// address of this script stays what it is; what it loads may change.
import names from "./names.json" with { type: "json" };
import { makeBridge } from "./bridge.js";
import { makeHeader } from "./header.js";

const TAG = "deskbridge-widget";
const POLL = 100; // ms between looks for the Desktop's service
const HEIGHT = "600px"; // where the layout gives none
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
  #header = null; // In the mode header: the button, with the frame below it.
  #port = null;
  #onMessage = (event) => this.#handshake(event);

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
    const headless = mode === "headless";
    const address = new URL(this.getAttribute("src") ?? "widget", base);
    address.searchParams.set("mode", mode); // for who looks at the frames
    this.#frame = document.createElement("iframe");
    this.#frame.src = address.href;
    this.#frame.title = "Deskbridge";
    this.#frame.allow = "clipboard-write; autoplay";
    if (mode !== "header") this.#frame.style.cssText = headless ? "display:none" : `border:0;width:100%;height:100%;min-height:${HEIGHT};display:block`;
    if (headless) this.style.display = "none";
    window.addEventListener("message", this.#onMessage);
    if (mode !== "header") return this.append(this.#frame);
    this.#header = makeHeader(this, this.#frame);
    this.#header.dress(this.#values.darkMode);
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.#onMessage);
    this.#bridge?.leave();
    this.#port?.close();
    this.#frame?.remove();
    this.#header?.remove();
    this.#bridge = this.#port = this.#frame = this.#header = null;
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
      show: (yes) => this.#header?.open(yes),
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
    if (name === "darkMode") this.#header?.dress(value);
    this.#bridge?.props({ [name]: value });
  }
}

if (!customElements.get(TAG)) customElements.define(TAG, DeskbridgeWidget);
