// The contacts of an agent, as the notifications tell of them.

const yes = (value) => value === true || value === "true";

// phaseOf says what an agent has to do with a contact: reserved, offered,
// dialing, connected, held, consulting, consult-offered, conference, wrap-up or
// gone.
export function phaseOf(data, agentId) {
  const interaction = data?.interaction ?? {};
  const me = interaction.participants?.[agentId];
  const legs = Object.values(interaction.media ?? {});
  const consult = legs.find((m) => m.mType === "consult");
  if (!me) return "gone";
  if (yes(me.isWrapUp) && !yes(me.isWrappedUp)) return "wrap-up";
  if (yes(me.hasLeft) || yes(me.isWrappedUp)) return "gone";
  const consulted = yes(me.isConsulted) || data.isConsulted === true;
  if (!yes(me.hasJoined)) return yes(interaction.isTerminated) ? "gone" : consulted ? "consult-offered" : interaction.contactDirection?.type === "OUTBOUND" ? "dialing" : "offered";
  if (yes(interaction.isTerminated)) return "gone";
  if (interaction.state === "conference" || yes(data.isConferencing)) return "conference";
  if (consult && (consult.participants?.includes(agentId) || consulted)) return "consulting";
  const main = legs.find((m) => m.mType === "mainCall") ?? legs[0];
  if (yes(main?.isHold)) return "held";
  const customer = Object.values(interaction.participants ?? {}).find((p) => p.pType === "Customer" || p.type === "Customer");
  if (interaction.contactDirection?.type === "OUTBOUND" && customer && customer.hasJoined === false) return "dialing";
  return "connected";
}

// overWith are notifications after which the contact is no longer the agent's,
// whatever it looks like.
const overWith = new Set(["AgentOfferContactRona", "AgentContactUnassigned", "AgentWrappedUp", "AgentContactAssignFailed", "AgentInviteFailed"]);

// keep puts what a notification tells into the map. It says whether the map has
// the contact now.
export function keep(map, type, data, agentId) {
  const id = data?.interactionId;
  if (!id || !data.interaction) return map.has(id);
  if (overWith.has(type) || phaseOf(data, agentId) === "gone") {
    map.delete(id);
    return false;
  }
  map.set(id, data);
  return true;
}

// describe is what a list shows of a contact. since is in ms.
export function describe(data, agentId) {
  const interaction = data.interaction ?? {};
  const details = interaction.callProcessingDetails ?? {};
  const outbound = interaction.contactDirection?.type === "OUTBOUND";
  const me = interaction.participants?.[agentId] ?? {};
  const phase = phaseOf(data, agentId);
  const since = phase === "wrap-up" ? me.wrapUpTimestamp : (me.joinTimestamp ?? interaction.createdTimestamp);
  const customer = Object.values(interaction.participants ?? {}).find((p) => p.pType === "Customer" || p.type === "Customer");
  return {
    id: interaction.interactionId ?? data.interactionId,
    number: (outbound ? (details.dnis ?? customer?.id) : (details.ani ?? customer?.id)) || "Unknown",
    name: details.customerName || "",
    queue: details.virtualTeamName ?? "",
    medium: interaction.mediaType ?? "telephony",
    outbound,
    phase,
    since: Number(since) || Number(interaction.createdTimestamp) || 0,
    recording: details.recordInProgress === "true",
    variables: Object.values(interaction.callAssociatedData ?? {}).filter((v) => v && v.agentViewable !== false && !yes(v.isSecure) && v.value !== ""),
  };
}

export const labels = {
  reserved: "Ringing",
  offered: "Ringing",
  dialing: "Calling",
  connected: "Connected",
  held: "On hold",
  consulting: "Consulting",
  "consult-offered": "Consult",
  conference: "Conference",
  "wrap-up": "Wrap-up",
};

// clock writes a time that has passed as m:ss or h:mm:ss.
export function clock(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
