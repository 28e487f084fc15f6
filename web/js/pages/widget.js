// A calling app on HubSpot's own SDK, for tests: what the sandbox's CRM page
// must work with. It writes down what it is told.
import CallingExtensions from "@hubspot/calling-extensions-sdk";

const heard = [];
const note = (name) => (data) => heard.push({ name, data });
const handlers = [
  "onDialNumber", "onEngagementCreated", "onCreateEngagementSucceeded", "onCreateEngagementFailed",
  "onCallerIdMatchSucceeded", "onCallerIdMatchFailed", "onNavigateToRecordFailed", "onUpdateEngagementSucceeded",
  "onUpdateEngagementFailed", "onFinalizeEngagementSucceeded", "onPublishToChannelSucceeded", "onVisibilityChanged",
  "onEndCall", "onSetWidgetUrlFailed",
];

const app = new CallingExtensions({
  debugMode: false,
  eventHandlers: {
    ...Object.fromEntries(handlers.map((name) => [name, note(name)])),
    onReady: (data) => {
      heard.push({ name: "onReady", data });
      app.initialized({ isLoggedIn: true, isAvailable: true, sizeInfo: { width: 400, height: 600 }, engagementId: data?.engagementId });
    },
    defaultEventHandler: (data, event) => heard.push({ name: "default", data, type: event?.type }),
  },
});
window.widget = { app, heard };
