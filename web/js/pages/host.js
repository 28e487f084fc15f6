// HubSpot's page around the widget, for tests: HubSpot's own IFrameManager,
// and behind it the sandbox's CRM at the same origin. It answers what HubSpot
// answers and writes down everything that is said.
import { IFrameManager } from "@hubspot/calling-extensions-sdk";

const query = new URLSearchParams(location.search);
const portalId = 45678901; // The sandbox's.
const said = [];
const state = { engagementId: "", record: null };
window.host = { said, state, send, dial };

const ask = async (path, body) => {
  const response = await fetch("/sandbox/crm" + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(path + ": " + response.status);
  return response.json();
};

const types = { "0-1": "contacts", "0-2": "companies" };

function send(type, data) {
  said.push({ from: "host", type, data });
  manager.sendMessage(data === undefined ? { type } : { type, data });
}

// dial is a press on a number of a contact's page.
function dial(phoneNumber, contactId, more) {
  if (contactId) state.record = { type: "contacts", id: String(contactId) };
  send("DIAL_NUMBER", {
    phoneNumber,
    phone_number: phoneNumber,
    ownerId: "118724001",
    subjectId: Number(contactId) || 0,
    objectId: Number(contactId) || 0,
    objectType: "CONTACT",
    portalId,
    countryCode: "US",
    calleeInfo: contactId ? { calleeId: Number(contactId), calleeObjectTypeId: "0-1" } : undefined,
    startTimestamp: Date.now(),
    toPhoneNumberSrc: "phone",
    ...more,
  });
}

async function create(direction, call) {
  if (!call.createEngagement) return;
  try {
    const { id } = await ask("/engagements", {
      externalCallId: call.externalCallId,
      direction,
      fromNumber: call.fromNumber ?? "",
      toNumber: call.toNumber ?? "",
      ownerId: "118724001",
      startedAt: new Date(call.callStartTime ?? Date.now()).toISOString(),
    });
    state.engagementId = id;
    send("CREATE_ENGAGEMENT_SUCCEEDED", { engagementId: Number(id) });
    send("ENGAGEMENT_CREATED", { engagementId: Number(id) });
  } catch (e) {
    send("CREATE_ENGAGEMENT_FAILED", { error: { message: String(e) } });
  }
}

async function match(number) {
  try {
    const { callerIdMatches } = await ask("/match", { number });
    const all = callerIdMatches.map(({ callerIdType, objectTypeId, objectId, ...rest }) => ({
      callerIdType,
      objectCoordinates: { portalId, objectId: Number(objectId), objectTypeId },
      ...rest,
    }));
    if (callerIdMatches.length === 1) state.record = { type: types[all[0].objectCoordinates.objectTypeId], id: callerIdMatches[0].objectId };
    send("CALLER_ID_MATCH_SUCCEEDED", { callerIdMatches: all });
  } catch (e) {
    send("CALLER_ID_MATCH_FAILED", { error: { message: String(e) } });
  }
}

async function complete({ engagementId, engagementProperties }) {
  const id = engagementId || state.engagementId;
  if (!id) return;
  await ask(`/engagements/${id}/complete`, { properties: engagementProperties ?? {}, record: state.record });
  if (engagementProperties && Object.keys(engagementProperties).length > 0) {
    send("UPDATE_ENGAGEMENT_SUCCEEDED", { engagementId: Number(id) });
  }
  state.engagementId = "";
  state.record = null;
}

async function hubspot({ type, data }) {
  switch (type) {
    case "INCOMING_CALL":
      await create("INBOUND", data);
      await match(data.fromNumber);
      break;
    case "OUTGOING_CALL_STARTED":
      await create("OUTBOUND", data);
      break;
    case "NAVIGATE_TO_RECORD":
      state.record = { type: types[data.objectCoordinates.objectTypeId], id: String(data.objectCoordinates.objectId) };
      break;
    case "CALL_COMPLETED":
      await complete(data);
      break;
  }
}

// What comes from the frame, SYNC_ACK included, which the SDK keeps to itself.
let frame;
addEventListener("message", ({ source, data, origin }) => {
  if (source !== frame?.contentWindow) return;
  const { type, data: payload, ...top } = data ?? {};
  said.push({ from: "widget", type, data: payload, top, origin });
});

// A page that is late: HubSpot's SDK begins with the frame's load event.
const late = Number(query.get("late") ?? 0);
if (late > 0) {
  const sync = IFrameManager.prototype.sendSync;
  IFrameManager.prototype.sendSync = function () {
    IFrameManager.prototype.sendSync = sync;
    setTimeout(() => {
      this.firstSyncSent = Date.now();
      this.sendSync();
    }, late);
  };
}

const manager = new IFrameManager({
  iFrameOptions: { src: query.get("src"), width: "400px", height: "600px", hostElementSelector: "#slot" },
  debugMode: false,
  onMessageHandler: (message) => {
    if (message.type === "SYNC_ACK_FAILED") said.push({ from: "sdk", type: message.type });
    hubspot(message).catch((e) => said.push({ from: "page", type: "ERROR", data: String(e) }));
  },
});
frame = manager.iFrame;
window.host.manager = manager;
