// The document around one custom component in a frame of its own: it gets a port
// from the Desktop, makes AGENTX_SERVICE a shim over it, and only then loads the
// component's script.
import { shadow } from "./dom.js";
import { shim } from "./rpc.js";
import { defineTabs } from "./tabs.js";

const host = new URLSearchParams(location.search).get("host");
defineTabs();

window.addEventListener("message", (event) => {
  if (event.source !== window.parent || event.origin !== host || event.data?.shell !== "port") return;
  const { comp, script } = event.data;
  let element = null;
  const early = [];
  const set = (kind, name, value) => {
    if (!element) return early.push([kind, name, value]);
    if (kind === "property") {
      try {
        element[name] = value;
      } catch (error) {
        console.error(`${comp} refuses its property ${name}`, error); // The others still have to arrive.
      }
    } else if (kind === "text") element.textContent = value ?? "";
    else if (value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  };
  shim(event.ports[0], {
    set,
    ready(service) {
      window.AGENTX_SERVICE = service;
      const tag = document.createElement("script");
      tag.src = script;
      document.head.append(tag);
      element = document.createElement(comp);
      for (const one of early) set(...one);
      const root = shadow(document.getElementById("shell"));
      root.append(element);
      element.style.cssText += "display:block;height:100%";
    },
  });
});
window.parent.postMessage({ shell: "port?" }, host);
