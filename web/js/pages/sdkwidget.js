// The smallest calling app on HubSpot's own SDK: what the panel's start-up is
// compared with.
import CallingExtensions from "@hubspot/calling-extensions-sdk";

const app = new CallingExtensions({
  debugMode: false,
  eventHandlers: {
    onReady: () => app.initialized({ isLoggedIn: true, isAvailable: false, sizeInfo: { width: 400, height: 600 } }),
  },
});
document.body.append("ready");
