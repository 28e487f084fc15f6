// AGENTX_SERVICE: what Cisco's SDK finds in the Desktop. The object is there
// before any widget and stays the same; isInited tells when it works.
import names from "./names.json" with { type: "json" };
import { makeChannels } from "./channels.js";
import { agentMethods, contactMethods, dialerMethods } from "./methods.js";
import { makePromises, refusal } from "./promises.js";
import { makeShortcuts } from "./shortcuts.js";
import { copy, makeSignals } from "./signal.js";
import { keep } from "./tasks.js";

// makeService returns the service with the page's side of it: attach(webex,
// profile) once somebody has signed in, heard(type, message) for notifications,
// tasks, the map of contacts. on hears what the page has to show:
// tasks(type, data), session(type, data), notify(notification), metric(name).
export function makeService(on) {
  let webex = null;
  const tasks = new Map();
  const promises = makePromises((verb, path, body) => (webex ? webex.send(verb, path, body) : Promise.reject(new Error("nobody is signed in"))));
  const signals = {
    contact: makeSignals([...Object.values(names.contact), ...names.more.contact]),
    dialer: makeSignals(Object.values(names.dialer)),
    agent: makeSignals(Object.values(names.agent)),
    supervisor: makeSignals(names.more.supervisor),
    screenpop: makeSignals(names.more.screenpop),
  };
  const call = (module, table) =>
    Object.fromEntries(Object.entries(table).map(([name, method]) => [name, (arg) => promises.ask(`Service.aqm.${module}.${name}`, method, arg)]));
  const missing = (id) => () => Promise.reject(refusal(id, { trackingId: "", data: { reason: "NOT_SUPPORTED" } }));
  const absent = (module, list) => Object.fromEntries(list.map((name) => [name, missing(`Service.aqm.${module}.${name}`)]));
  const shortcuts = makeShortcuts();
  const profile = () => service.conf.profile ?? {};
  const codes = (kind) => copy(profile()[kind] ?? []);
  let notified = 0;
  const notify = (mode) => (message) => {
    const note = message?.data ? { ...message.data, options: message.options } : message;
    on.notify?.({ id: ++notified, mode, type: note?.type ?? "info", title: note?.title ?? "", data: note?.data ?? "", timestamp: note?.timestamp ?? Date.now(), options: note?.options });
    return undefined; // As with the real one nothing comes back.
  };

  const service = {
    isInited: false,
    aqm: {
      contact: {
        ...signals.contact,
        ...call("contact", contactMethods),
        vteamList: async () => ({
          type: "VteamList", orgId: profile().orgId, trackingId: "",
          data: { data: { vteamList: (profile().queues ?? []).map((q) => ({ id: q.id, name: q.name, channelType: q.channelType, type: "inboundqueue", analyzerId: "" })), allowConsultToQueue: profile().allowConsultToQueue } },
        }),
      },
      agent: {
        ...signals.agent,
        ...call("agent", agentMethods),
        mockOutdialAniList: async () => ({ data: copy(profile().outDialAnis ?? []) }),
        fetchAddressBooks: async () => ({ data: { speedDialList: [] } }),
      },
      dialer: { ...signals.dialer, ...call("dialer", dialerMethods) },
      supervisor: {
        ...signals.supervisor,
        ...absent("supervisor", ["startMonitoring", "endMonitoring", "holdMonitoring", "unHoldMonitoring", "bargeIn", "changeAgentState", "signoutAgent"]),
      },
      screenpop: { ...signals.screenpop },
      aiAssistant: {},
      scheduleCallback: absent("scheduleCallback", ["fetchByAssigneeAgentId", "fetchByCallbackPhoneNumber", "createScheduleCallback", "updateCallBackDetails", "deleteScheduleCallback", "getValidCampaignTimes"]),
    },
    dataNotifs: { aiAssistant: {} },
    conf: { profile: undefined, isReloginSuccess: false, fetchProfile: async () => service.conf.profile },
    actionsChannels: makeChannels({
      getToken: () => on.token?.() ?? "",
      getTaskMap: () => copy(tasks),
      getMediaTypeQueue: (medium) => copy([...tasks.values()].filter((task) => task.interaction?.mediaType === medium)),
      getIdleCodes: () => codes("idleCodes"),
      getWrapUpCodes: () => codes("wrapupCodes"),
      fireGeneralSilentNotification: notify("silent"),
      fireGeneralAutoDismissNotification: notify("autodismiss"),
      fireGeneralAcknowledgeNotification: notify("acknowledge"),
      addCustomTask(data) {
        const id = data?.interactionId ?? data?.interaction?.interactionId;
        if (!id) return;
        tasks.set(id, data);
        on.tasks?.("AgentContact", data);
      },
    }),
    webexMetrics: { trackBehavioralEvent: (name, data) => on.metric?.(name, data) },
    webCalling: { sendDTMF: (digit) => on.metric?.("sendDTMF", digit) },
    shortcut: shortcuts.service,
    i18n: { DEFAULT_INIT_OPTIONS: { fallbackLng: "en", interpolation: { escapeValue: false } } },
    abs: {
      fetchAgentIdleCodes: async () => ({ data: codes("idleCodes") }),
      fetchIdleCodes: async () => ({ data: codes("idleCodes") }),
      fetchPaginatedAuxCodes: async ({ workType, page = 0, pageSize = 100, search = "" } = {}) => {
        const all = codes(workType === "WRAP_UP_CODE" ? "wrapupCodes" : "idleCodes").filter((c) => c.name.toLowerCase().includes(search.toLowerCase()));
        return { data: all.slice(page * pageSize, (page + 1) * pageSize), meta: { totalRecords: all.length, page, pageSize } };
      },
    },
    qmw: { fetchTasks: async () => ({ data: [] }), fetchCapture: async () => ({ data: [] }) },
  };

  // heard delivers a notification: to the page and to the listeners, and only
  // then to the promises that it settles.
  function heard(type, message) {
    const data = message.data ?? {};
    if (data.interaction) {
      keep(tasks, type, data, profile().agentId);
      on.tasks?.(type, data);
    } else {
      session(type, data);
    }
    for (const module of ["contact", "dialer", "agent"]) signals[module][names[module][type]]?.send(message);
    if (type === "AgentWrappedUp") {
      const { interactionId, orgId, agentId, trackingId, interaction } = data;
      signals.contact.eAgentContactCleanup.send({
        type: message.type, orgId, agentId,
        data: { eventType: "RoutingMessage", type: "AgentContactCleanup", interactionId, orgId, trackingId, mediaType: interaction?.mediaType, broadcast: false },
      });
    }
    promises.settle(type, message);
  }

  function session(type, data) {
    const p = service.conf.profile;
    if (p && ["AgentReloginSuccess", "AgentStationLoginSuccess", "AgentStateChangeSuccess"].includes(type)) {
      p.agentStatus = "LoggedIn";
      p.agentSubStatus = data.subStatus;
      p.idleCode = data.subStatus === "Idle" ? p.idleCodes.find((code) => code.id === data.auxCodeId) : undefined;
      service.conf.isReloginSuccess ||= type === "AgentReloginSuccess";
    }
    if (type === "AgentReloginSuccess") {
      for (const id of [...tasks.keys()]) if (!(data.interactionIds ?? []).includes(id)) tasks.delete(id);
    }
    if (p && type === "AgentLogoutSuccess") [p.agentStatus, p.agentSubStatus, p.idleCode] = ["LoggedOut", "", undefined];
    on.session?.(type, data);
  }

  return {
    service,
    tasks,
    heard,
    pressed: shortcuts.pressed,
    screenPop: (message) => signals.screenpop.eScreenPop.send(message),
    login: (data) => promises.ask("Service.aqm.agent.stationLogin", agentMethods.stationLogin, { data }),
    attach(connection, mine) {
      webex = connection;
      service.conf.profile = mine;
    },
  };
}
