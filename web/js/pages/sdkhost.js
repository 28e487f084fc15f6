// HubSpot's own IFrameManager as the page around a widget, for measurements.
import { IFrameManager } from "@hubspot/calling-extensions-sdk";

const now = () => performance.timeOrigin + performance.now();

// frameOnce frames src and resolves to times in ms since the iframe was
// created: INITIALIZED, and what the frame's page reports (see the benchmark).
window.frameOnce = (src) =>
  new Promise((resolve, reject) => {
    const started = now();
    const result = {};
    // The frame reports until both are there.
    const report = ({ data }) => {
      if (!data.started || !result.initialized) return;
      for (const [name, at] of Object.entries(data.started)) result[name] = at && at - started;
      done();
    };
    addEventListener("message", report);
    const done = (error) => {
      clearTimeout(limit);
      removeEventListener("message", report);
      manager.remove();
      error ? reject(error) : resolve(result);
    };
    const limit = setTimeout(() => done(new Error("no INITIALIZED from " + src)), 30000);
    const manager = new IFrameManager({
      iFrameOptions: { src, width: "400px", height: "600px", hostElementSelector: "#frame" },
      debugMode: false,
      onMessageHandler: ({ type }) => {
        if (type === "INITIALIZED") result.initialized = now() - started;
      },
    });
  });
