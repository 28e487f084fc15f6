// Puts a custom component into a frame of its own, of another origin, as the
// Desktop's secure shell does. The frame's document is shell.js.
import { h } from "./dom.js";
import { offer } from "./rpc.js";

// makeIsolation returns the builder's isolate. shellURL is the document's.
export function makeIsolation({ shellURL, service, store }) {
  const origin = new URL(shellURL).origin;
  return (options) => {
    const stops = [];
    const url = new URL(shellURL);
    url.searchParams.set("host", location.origin);
    const frame = h("iframe", { class: /\.(advancedHeader|header)\b/.test(options.path ?? "") ? "shell-frame in-header" : "shell-frame", src: url.href, title: options.wrapper?.title ?? options.comp, allow: "clipboard-write", "data-shell": options.comp });
    const asked = (event) => {
      if (event.source !== frame.contentWindow || event.origin !== origin || event.data?.shell !== "port?") return;
      stops.splice(0).forEach((stop) => stop());
      const { port1, port2 } = new MessageChannel();
      frame.contentWindow.postMessage({ shell: "port", comp: options.comp, script: options.script, children: [] }, origin, [port2]);
      const end = offer(port1, service);
      stops.push(end.stop, store.watch(end.update));
      for (const [kind, values] of [["attribute", options.attributes], ["property", options.properties]]) {
        for (const [name, value] of Object.entries(values)) stops.push(store.bind(value, (now) => end.set(kind, name, now)));
      }
      if (options.textContent !== undefined) stops.push(store.bind(options.textContent, (now) => end.set("text", "", now)));
    };
    window.addEventListener("message", asked);
    return {
      element: frame,
      remove() {
        window.removeEventListener("message", asked);
        stops.splice(0).forEach((stop) => stop());
        frame.remove();
      },
    };
  };
}
