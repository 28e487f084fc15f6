// HubSpot's own IFrameManager as the page around a widget. It frames the URL
// in ?src= again and again and measures, from creating the iframe, when the
// handshake is done and when INITIALIZED arrives. Used by measurements.
import { IFrameManager } from "@hubspot/calling-extensions-sdk";

window.frameOnce = (src) =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const result = {};
    const done = (error) => {
      clearTimeout(limit);
      manager.remove();
      error ? reject(error) : resolve(result);
    };
    const limit = setTimeout(() => done(new Error("no INITIALIZED from " + src)), 30000);
    const manager = new IFrameManager({
      iFrameOptions: { src, width: "400px", height: "600px", hostElementSelector: "#frame" },
      debugMode: false,
      onMessageHandler: ({ type }) => {
        if (type === "READY") result.ready = performance.now() - started;
        if (type === "INITIALIZED") {
          result.initialized = performance.now() - started;
          // The frame reports when it first painted.
          setTimeout(done, 300);
        }
      },
    });
  });
