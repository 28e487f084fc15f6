// The page as a whole: what is known, what a person may do, and what becomes of
// notifications.
import { saidWhy } from "./signin.js";
import { Store } from "./store.js";
import { describe } from "./tasks.js";

const TOASTS = 3;

// makeDesk holds the state. control(path, body) asks the sandbox's own API; say
// shows a sentence for a while; held is what makeService has returned.
export function makeDesk({ config, query, control, say }) {
  const desk = {
    config, query, control,
    profile: null, agent: null, held: null, busy: "", selected: null, notes: [], consulted: [],
    session: { status: "LoggedOut", subStatus: "", auxCodeId: "" },
    get tasks() { return desk.held?.tasks ?? new Map(); },
    store: new Store({
      app: {
        darkMode: query.dark, language: query.lang, locale: query.lang, theme: query.dark ? "dark" : "light", title: "", logo: "", viewMode: "desktop",
        featureFlags: {}, datacenter: "produs1", userModel: {},
      },
      auth: { accessToken: "" },
      agent: { orgId: config.orgId, status: "LoggedOut", subStatus: "" },
      agentContact: { taskMap: new Map(), taskSelected: null, selectedTaskId: "", interactionIds: [], isActiveCall: false, lastCompletedTask: null, chatConferenceData: {} },
      page: { getDefaultPageTitle: "Home" },
      session: { screenpop: { screenPopSelector: "" } },
      envVaribles: { serviceUrls: { dialerProxyHost: "" } },
      generalNotifications: { list: [] },
      public: { selectedTask: null },
      routing: {}, common: {}, dynamic: {}, layout: {},
    }),
  };
  const { store } = desk;

  desk.known = (agent, profile) => {
    desk.agent = agent;
    desk.profile = profile;
    store.set("auth.accessToken", agent.token);
    store.set("app.userModel", { id: profile.agentId, name: profile.agentName, email: profile.agentMailId });
    const facts = {
      agentId: profile.agentId, agentName: profile.agentName, agentEmailId: profile.agentMailId, orgId: config.orgId, enterpriseId: config.orgId,
      siteId: profile.siteId, profileType: "BLENDED", agentProfileID: profile.agentProfileID, loginVoiceOptions: profile.loginVoiceOptions,
      idleCodes: profile.idleCodes, wrapUpData: { wrapUpProps: { wrapUpReasonList: profile.wrapupCodes } }, outDialEp: profile.outDialEp,
      outDialAni: { data: profile.outDialAnis }, isOutboundEnabledForTenant: profile.isOutboundEnabledForTenant,
      isOutboundEnabledForAgent: profile.isOutboundEnabledForAgent, isAdhocDialingEnabled: profile.isAdhocDialingEnabled,
      isEndCallEnabled: profile.isEndCallEnabled, isEndConsultEnabled: profile.isEndConsultEnabled, allowConsultToQueue: profile.allowConsultToQueue,
      isAgentAvailableAfterOutdial: profile.isAgentAvailableAfterOutdial, isCampaignManagementEnabled: profile.isCampaignManagementEnabled,
      userSelectedRole: query.role, channels: { voiceCount: 1, chatCount: 2, emailCount: 2, socialCount: 1 }, tenantTimezone: "America/New_York", tpwConfigs: {},
    };
    for (const [name, value] of Object.entries(facts)) store.set(`agent.${name}`, value);
  };

  desk.onSession = (type, data) => {
    if (/Failed$/.test(type) || !/^Agent(Relogin|StationLogin|StateChange|Logout)Success$/.test(type)) return;
    const out = type === "AgentLogoutSuccess";
    desk.session = { status: out ? "LoggedOut" : "LoggedIn", subStatus: out ? "" : data.subStatus, auxCodeId: out ? "" : (data.auxCodeId ?? "") };
    const set = (name, value) => value !== undefined && store.set(`agent.${name}`, value);
    set("status", desk.session.status);
    set("subStatus", desk.session.subStatus);
    set("subStatusChangeTimestamp", Number(data.lastStateChangeTimestamp) || undefined);
    set("idleStatusTimestamp", Number(data.lastIdleCodeChangeTimestamp) || undefined);
    set("changedByName", data.changedByName ?? "");
    if (type !== "AgentStateChangeSuccess") {
      set("dnNumber", out ? "" : (data.dialNumber ?? data.dn));
      set("deviceType", out ? "" : data.deviceType);
      set("teamId", data.teamId);
      set("teamName", desk.profile?.teams.find((team) => team.teamId === data.teamId)?.teamName);
      set("usesOtherDN", false);
    }
    store.changed();
  };

  desk.onTasks = (type, data) => {
    const map = desk.tasks;
    if (!map.has(data.interactionId) && type === "AgentWrappedUp") store.set("agentContact.lastCompletedTask", data);
    if (["AgentContactAssigned", "AgentOfferContact", "AgentOfferConsult"].includes(type)) {
      desk.select(data.interactionId);
      if (type === "AgentContactAssigned") desk.view?.openTasks();
    }
    if (!map.has(desk.selected)) desk.select([...map.keys()][0] ?? null);
    desk.select(desk.selected);
  };

  desk.select = (id) => {
    desk.selected = id;
    const task = id === null ? null : desk.tasks.get(id);
    const d = task && describe(task, desk.profile?.agentId);
    store.set("agentContact.taskMap", desk.tasks);
    store.set("agentContact.interactionIds", [...desk.tasks.keys()]);
    store.set("agentContact.selectedTaskId", id ?? "");
    store.set("agentContact.taskSelected", task ? { ...task, ani: task.interaction.callProcessingDetails?.ani ?? "" } : null);
    store.set("agentContact.isActiveCall", [...desk.tasks.values()].some((one) => one.interaction?.mediaType === "telephony"));
    const details = task?.interaction.callProcessingDetails;
    store.set("public.selectedTask", d && { id, taskDirection: d.outbound ? "OUTBOUND" : "INBOUND", ani: details?.ani ?? "", dnis: details?.dnis ?? "", mediaType: d.medium, mediaChannel: task.interaction.mediaChannel ?? "" });
    store.changed();
  };

  // attempt runs what a person has asked for and says why it did not work.
  async function attempt(name, work) {
    desk.busy = name;
    store.changed();
    try {
      await work();
      return true;
    } catch (error) {
      say(saidWhy(error), "error");
      return false;
    } finally {
      desk.busy = "";
      store.changed();
    }
  }

  const contact = () => desk.held.service.aqm.contact;
  const asked = () => {
    for (const leg of Object.values(desk.tasks.get(desk.selected)?.interaction?.media ?? {})) {
      if (leg.mType !== "consult") continue;
      const other = leg.participants.find((id) => id !== desk.profile.agentId);
      return { to: other, destinationType: desk.tasks.get(desk.selected).interaction.participants[other]?.pType === "Agent" ? "agent" : "dialNumber" };
    }
    return {};
  };
  const play = (id, action, body) => control(`/interactions/${id}/${action}`, body);
  const acts = {
    answer: ({ id }) => play(id, "answer", { agent: desk.agent.name }),
    "customer-answers": ({ id }) => play(id, "customer", { action: "answer" }),
    hangup: ({ id }) => play(id, "customer", { action: "hangup" }),
    decline: ({ id }) => contact().decline({ interactionId: id, data: { mediaResourceId: id } }),
    hold: ({ id }) => contact().hold({ interactionId: id, data: { mediaResourceId: id } }),
    resume: ({ id }) => contact().unHold({ interactionId: id, data: { mediaResourceId: id } }),
    pause: ({ id }) => contact().pauseRecordingV2({ interactionId: id }),
    end: ({ id }) => contact().endV2({ interactionId: id }),
    wrapup: ({ id }, code) => contact().wrapupV2({ interactionId: id, data: { auxCodeId: code, wrapUpReason: desk.profile.wrapupCodes.find((c) => c.id === code)?.name ?? "" } }),
    consult({ id }, choice) {
      const [destinationType, ...to] = choice.split(":");
      return contact().consultV2({ interactionId: id, data: { to: to.join(":"), destinationType, holdParticipants: true } });
    },
    "consult-end": ({ id }) => contact().consultEndV2({ interactionId: id, isConsult: true }),
    merge: ({ id }) => contact().consultConferenceV2({ interactionId: id, data: { agentId: desk.profile.agentId, ...asked() } }),
    "hand-over": ({ id }) => contact().consultTransferV2({ interactionId: id, data: asked() }),
    leave: ({ id }) => contact().exitConference({ interactionId: id }),
  };
  desk.act = (name, task, more) => attempt(name, () => acts[name](task, more));
  desk.setState = (code) => attempt("state", () => desk.held.service.aqm.agent.stateChange({ data: { state: code === "0" ? "Available" : "Idle", auxCodeIdArray: code, agentId: desk.profile.agentId } }));
  desk.outdial = (destination, origin) =>
    attempt("outdial", () =>
      desk.held.service.aqm.dialer.startOutdial({
        data: { entryPointId: desk.profile.outDialEp, destination, origin, direction: "OUTBOUND", attributes: {}, mediaType: "telephony", outboundType: "OUTDIAL" },
      }));
  desk.signOut = () => attempt("sign-out", () => desk.held.service.aqm.agent.logout({ data: { logoutReason: "User requested logout" } }));
  desk.customerCalls = (from) => attempt("call", () => control("/calls", { from, agent: desk.agent?.name }));
  desk.findBuddies = () =>
    attempt("buddies", async () => {
      const { data } = await contact().buddyAgentsV2({ data: { agentProfileId: desk.profile.agentProfileID, mediaType: "telephony" } });
      desk.consulted = [
        ...data.agentList.map((agent) => ({ to: agent.agentId, type: "agent", label: `${agent.agentName} (${agent.state})` })),
        ...(desk.profile.allowConsultToQueue ? desk.profile.queues.filter((q) => q.channelType === "telephony").map((q) => ({ to: q.id, type: "queue", label: `Queue ${q.name}` })) : []),
      ];
    });

  desk.onNote = (note) => {
    desk.notes = [note, ...desk.notes].slice(0, 50);
    store.set("generalNotifications.list", desk.notes);
    store.changed();
    if (note.mode !== "silent") say(note.title || String(note.data), note.type, note, desk.limits ?? { count: TOASTS });
  };
  desk.clearNotes = () => {
    desk.notes = [];
    store.set("generalNotifications.list", []);
    store.changed();
  };
  return desk;
}
