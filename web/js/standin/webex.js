// An agent's connection to Webex: REST commands, and the notification socket
// with its keepalives, which is opened anew when it is lost.

const KEEPALIVE = 10_000; // ms
const RETRY = [200, 1_000, 3_000, 8_000]; // ms before each further try

export class Webex {
  #base;
  #token;
  #socket = null;
  #tries = 0;
  #timers = new Set();
  #closed = false;

  // heard gets {type, message} of each notification, where type is data.type;
  // link gets "up", "lost" or "elsewhere" when the agent signed in elsewhere.
  constructor({ base, token, heard, link }) {
    this.#base = base;
    this.#token = token;
    this.heard = heard;
    this.link = link;
  }

  // send resolves with the body of the answer, and rejects with {status, body}
  // or an error of the network.
  async send(verb, path, body) {
    const answer = await fetch(this.#base + path, {
      method: verb,
      headers: { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json", Accept: "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    let parsed;
    try {
      parsed = text ? JSON.parse(text) : {};
    } catch {
      parsed = {};
    }
    if (!answer.ok) throw { status: answer.status, body: parsed };
    return parsed;
  }

  get = (path) => this.send("GET", path);

  // open resolves when the socket has been welcomed.
  async open() {
    const { webSocketUrl } = await this.send("POST", "/v1/notification/subscribe", {
      force: true,
      isKeepAliveEnabled: false,
      clientType: "WebexCCDesktop",
      allowMultiLogin: false,
    });
    // The emulator may be reached under another name than the page.
    const url = new URL(webSocketUrl);
    url.host = location.host;
    await new Promise((welcomed, failed) => {
      const socket = new WebSocket(url);
      this.#socket = socket;
      let beat;
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.keepalive) return;
        if (message.type === "Welcome") {
          this.#tries = 0;
          beat = setInterval(() => socket.send('{"keepalive":"true"}'), KEEPALIVE);
          this.link("up");
          return welcomed();
        }
        if (message.type === "AGENT_MULTI_LOGIN") {
          this.close();
          return this.link("elsewhere");
        }
        this.heard(message.data?.type ?? message.type, message);
      };
      socket.onclose = () => {
        clearInterval(beat);
        failed(new Error("the notification socket was closed"));
        if (this.#closed || this.#socket !== socket) return;
        this.link("lost");
        this.#again();
      };
    });
  }

  #again() {
    const timer = setTimeout(async () => {
      this.#timers.delete(timer);
      try {
        await this.open();
      } catch {
        if (!this.#closed && this.#socket?.readyState !== WebSocket.OPEN) this.#again();
      }
    }, RETRY[Math.min(this.#tries++, RETRY.length - 1)]);
    this.#timers.add(timer);
  }

  close() {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#socket?.close();
  }
}

// loadProfile asks Webex what the agent is and may, as the Desktop does.
export async function loadProfile(webex, orgId, agentId) {
  const org = `/organization/${orgId}`;
  const [login, tenant, codes, teams, queues, plans] = await Promise.all([
    webex.get(`${org}/v2/user/by-ci-user-id/${agentId}/desktop-login`),
    webex.get(`${org}/desktop-login`),
    webex.get(`${org}/v2/auxiliary-code?page=0&pageSize=100`),
    webex.get(`${org}/v2/team?page=0&pageSize=100`),
    webex.get(`${org}/v2/contact-service-queue?page=0&pageSize=100`),
    webex.get(`${org}/dial-plan`),
  ]);
  const { user, agentProfile } = login;
  const anis = agentProfile.outdialANIId ? (await webex.get(`${org}/v2/outdial-ani/${agentProfile.outdialANIId}/entry?page=0&pageSize=100`)).data : [];
  return makeProfile({ user, agentProfile, tenant, codes: codes.data, teams: teams.data, queues: queues.data, plans, anis });
}

const yes = (value) => value === true || value === "true";

// makeProfile is conf.profile of the service, with what the page needs beside.
export function makeProfile({ user, agentProfile, tenant, codes, teams, queues, plans, anis }) {
  const allowed = (kind, access, list) =>
    codes
      .filter((c) => c.workTypeCode === kind && yes(c.active ?? true) && !yes(c.isSystemCode) && (access !== "SPECIFIC" || (list ?? []).includes(c.id)))
      .map((c) => ({ id: c.id, name: c.name, isDefault: yes(c.defaultCode), isSystem: false }));
  const rights = tenant.tenantConfiguration ?? {};
  const own = teams.filter((t) => !user.teamIds?.length || user.teamIds.includes(t.id));
  const system = codes.filter((c) => c.workTypeCode === "IDLE_CODE" && yes(c.isSystemCode)).map((c) => ({ id: c.id, name: c.name, isDefault: false, isSystem: true }));
  return {
    agentId: user.ciUserId,
    agentName: [user.firstName, user.lastName].filter(Boolean).join(" "),
    agentMailId: user.email,
    agentProfileID: agentProfile.id,
    siteId: user.siteId,
    teams: own.map((t) => ({ teamId: t.id, teamName: t.name })),
    defaultDn: user.defaultDialledNumber ?? "",
    agentStatus: "LoggedOut",
    agentSubStatus: "",
    idleCode: undefined,
    idleCodes: [...allowed("IDLE_CODE", agentProfile.accessIdleCode, agentProfile.idleCodes), ...system],
    wrapupCodes: allowed("WRAP_UP_CODE", agentProfile.accessWrapUpCode, agentProfile.wrapUpCodes),
    loginVoiceOptions: agentProfile.loginVoiceOptions ?? [],
    dialPlan: { dialPlanEntity: [...plans.map((p) => ({ name: p.name, regex: p.regularExpression })), { name: "Any Format", regex: "([0-9a-zA-Z]+[-._])*[0-9a-zA-Z]+" }] },
    outDialEp: agentProfile.outdialEntryPointId ?? "",
    outDialAnis: (anis ?? []).map((a) => ({ name: a.name, number: a.number })),
    queues: queues.map((q) => ({ id: q.id, name: q.name, channelType: String(q.channelType ?? "").toLowerCase() })),
    isOutboundEnabledForTenant: yes(rights.outdialEnabled),
    isOutboundEnabledForAgent: yes(agentProfile.outdialEnabled),
    isAdhocDialingEnabled: yes(agentProfile.outdialEnabled),
    isEndCallEnabled: yes(rights.endCallEnabled),
    isEndConsultEnabled: yes(rights.endConsultEnabled),
    allowConsultToQueue: yes(agentProfile.consultToQueue),
    isAgentAvailableAfterOutdial: yes(agentProfile.agentAvailableAfterOutdial),
    isCampaignManagementEnabled: yes(tenant.organizationSetting?.campaignManagerEnabled),
    agentPersonalStatsEnabled: false,
  };
}
