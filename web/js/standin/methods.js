// The service's methods as commands to Webex: where a command goes, what its
// body is, and which notifications settle its promise.

const to = (data = {}) => ({ to: data.to ?? data.destAgentId ?? data.queueId ?? data.vteamId ?? data.destAgentDN ?? data.destNumber, destinationType: data.destinationType });
const kindOf = (data = {}) => data.destinationType ?? (data.vteamId || data.queueId ? "queue" : data.destAgentId ? "agent" : "dialNumber");
const destination = (data) => ({ ...to(data), destinationType: kindOf(data) });

// task is a method about one contact. empty says that it settles with {}.
const task = (op, resolve, refuse, body = () => ({}), more = {}) => ({
  path: (arg) => `/v1/tasks/${encodeURIComponent(arg.interactionId)}/${typeof op === "function" ? op(arg) : op}`,
  body,
  resolve: typeof resolve === "function" ? resolve : () => resolve,
  refuse,
  ...more,
});

const accept = task("accept", ["AgentContactAssigned"], ["AgentContactAssignFailed"]);
const end = task("end", ["AgentWrapup", "ContactEnded"], ["AgentContactEndFailed"]);
const wrapup = task("wrapup", ["AgentWrappedUp"], ["AgentWrapupFailed"], ({ data }) => ({ auxCodeId: data.auxCodeId, wrapUpReason: data.wrapUpReason }));
const leg = ({ interactionId, data }) => ({ mediaResourceId: data?.mediaResourceId ?? interactionId });
const pause = task("record/pause", ["ContactRecordingPaused"], ["ContactRecordingPauseFailed"]);
const resume = task("record/resume", ["ContactRecordingResumed"], ["ContactRecordingResumeFailed"], ({ data }) => ({ autoResumed: data?.autoResumed === true }));
// A consult to a queue settles when somebody there answers.
const consult = task(
  "consult",
  ({ data }) => (kindOf(data) === "queue" ? ["AgentConsulting"] : ["AgentConsultCreated"]),
  ["AgentConsultFailed", "AgentCtqFailed", "AgentCtqCancelled"],
  ({ data }) => ({ ...destination(data), holdParticipants: data.holdParticipants ?? true }),
  { patient: ({ data }) => kindOf(data) === "queue" },
);
const consultEnd = task(
  "consult/end",
  ["AgentConsultEnded", "AgentConsultConferenceEnded", "ContactEnded", "AgentCtqCancelled"],
  ["AgentConsultEndFailed", "AgentCtqCancelFailed"],
  ({ queueId }) => (queueId ? { queueId } : {}),
);
const conference = task(
  "consult/conference",
  ["AgentConsultConferenced", "AgentConsultConferencing"],
  ["AgentConsultConferenceFailed"],
  ({ data }) => ({ ...(data.agentId ? { agentId: data.agentId } : {}), ...destination(data) }),
);
const handOver = task(
  "consult/transfer",
  ["AgentConsultTransferred", "AgentConsultTransferring", "AgentWrapup"],
  ["AgentConsultTransferFailed"],
  ({ data }) => destination(data),
);
const blind = task("transfer", ["AgentBlindTransferred"], ["AgentBlindTransferFailed"], ({ data }) => destination(data));
const queue = task("transfer", ["AgentVteamTransferred"], ["AgentVteamTransferFailed"], ({ data }) => ({ ...to(data), destinationType: data.destinationType ?? "queue" }));
const buddies = (body) => ({ path: () => "/v1/agents/buddyList", body, resolve: () => ["BuddyAgents"], refuse: ["BuddyAgentsRetrieveFailed"], anywhere: true });

export const contactMethods = {
  accept,
  acceptV2: accept,
  consultAccept: task("consult/accept", ["AgentConsulting"], ["AgentContactAssignFailed"]),
  decline: task("reject", ["AgentOfferContactRona", "AgentContactAssignFailed", "AgentConsultFailed"], [], leg),
  end,
  endV2: end,
  cancelTaskV2: end,
  wrapup,
  wrapupV2: wrapup,
  hold: task("hold", ["AgentContactHeld"], ["AgentContactHoldFailed"], leg, { empty: true }),
  unHold: task("unhold", ["AgentContactUnheld"], ["AgentContactUnHoldFailed"], leg, { empty: true }),
  pauseRecording: pause,
  pauseRecordingV2: pause,
  resumeRecording: resume,
  resumeRecordingV2: resume,
  consult,
  consultV2: consult,
  consultEnd,
  consultEndV2: consultEnd,
  consultConference: conference,
  consultConferenceV2: conference,
  exitConference: task("conference/exit", ["ParticipantLeftConference"], ["ParticipantLeftConferenceFailed"]),
  dropConferenceParticipant: task(
    ({ data }) => `conference/participants/${encodeURIComponent(data.participantId)}/drop`,
    ["ParticipantLeftConference"],
    ["ParticipantDropConferenceFailed"],
  ),
  cancelCtq: task("cancelCtq", ["AgentCtqCancelled"], ["AgentCtqCancelFailed"], ({ data }) => ({ agentId: data.agentId, queueId: data.queueId })),
  consultTransfer: handOver,
  consultTransferV2: handOver,
  blindTransfer: blind,
  blindTransferV2: blind,
  vteamTransfer: queue,
  vteamTransferV2: queue,
  buddyAgents: buddies(({ data }) => ({ agentProfileId: data.agentProfileId, mediaType: data.channelName ?? "telephony", ...(data.state ? { state: data.state } : {}) })),
  buddyAgentsV2: buddies(({ data }) => ({ agentProfileId: data.agentProfileId, mediaType: data.mediaType, ...(data.state ? { state: data.state } : {}) })),
};

const preview = (what, failed) => ({
  path: ({ data }) => `/v1/dialer/campaign/${encodeURIComponent(data.campaignId)}/preview-task/${encodeURIComponent(data.interactionId)}/${what}`,
  body: () => ({}),
  resolve: () => (what === "accept" ? ["AgentOfferContact", "ContactEnded"] : ["CampaignContactUpdated", "ContactEnded"]),
  refuse: [failed],
  anywhere: true,
  limit: 80_000,
});

export const dialerMethods = {
  startOutdial: {
    path: () => "/v1/tasks",
    body: ({ data }) => data,
    resolve: () => ["AgentOfferContact"],
    refuse: ["AgentOutboundFailed"],
    anywhere: true,
    only: (data) => data?.interaction?.contactDirection?.type === "OUTBOUND",
  },
  acceptPreviewContact: preview("accept", "CampaignPreviewAcceptFailed"),
  skipPreviewContact: preview("skip", "CampaignPreviewSkipFailed"),
  removePreviewContact: preview("remove", "CampaignPreviewRemoveFailed"),
  updateCadVariables: task("", ["ContactUpdated"], ["ContactUpdateFailed"], ({ data, secureCad, keyId, keyVersion }) => ({ ...data, secureCad, keyId, keyVersion }), {
    path: ({ interactionId }) => `/v1/tasks/${encodeURIComponent(interactionId)}`,
    verb: "PATCH",
  }),
};

const state = {
  path: () => "/v1/agents/session/state",
  verb: "PUT",
  resolve: () => ["AgentStateChangeSuccess"],
  refuse: ["AgentStateChangeFailed"],
  anywhere: true,
  // Webex makes the change when the contacts are done with.
  patient: () => true,
};

export const agentMethods = {
  reload: { path: () => "/v1/agents/reload", body: () => ({}), resolve: () => ["AgentReloginSuccess"], refuse: ["AgentReloginFailed"], anywhere: true },
  stateChange: { ...state, body: ({ data }) => ({ state: data.state, auxCodeId: data.auxCodeIdArray ?? data.auxCodeId, agentId: data.agentId, lastStateChangeReason: data.reason ?? data.state }) },
  stateChangeV2: { ...state, body: ({ data }) => ({ state: data.state, auxCodeId: data.auxCodeId ?? "0", agentId: data.agentId, lastStateChangeReason: data.reason ?? data.state }) },
  logout: {
    path: () => "/v1/agents/logout",
    body: ({ data }) => ({ logoutReason: data?.logoutReason ?? "User requested logout" }),
    resolve: () => ["AgentLogoutSuccess"],
    refuse: ["AgentLogoutFailed"],
    anywhere: true,
  },
  stationLogin: { path: () => "/v1/agents/login", body: ({ data }) => data, resolve: () => ["AgentStationLoginSuccess"], refuse: ["AgentStationLoginFailed"], anywhere: true },
};
