// Who works here, and at which phone: the two steps before the Desktop works.
import { h, icon } from "./dom.js";

const reasons = {
  DUPLICATE_LOCATION: "Somebody else is logged in at this number. Take another one, or log that agent out.",
  INVALID_DIAL_NUMBER: "This is no number that can be called. Check it.",
  DEVICE_TYPE_NOT_ALLOWED: "This kind of phone is not allowed. Choose another one.",
  TEAM_NOT_FOUND: "There is no such team. Choose another one.",
};

// saidWhy puts a rejection of the service into words.
export function saidWhy(error) {
  const reason = error?.details?.msg?.data?.reason ?? "";
  if (reasons[reason]) return reasons[reason];
  if (error?.id === "Service.reqs.generic.failure") return "The emulated Webex cannot be reached. Is the sandbox running? Try again.";
  return reason ? `Webex refused: ${reason}.` : `It did not work: ${error?.message ?? error?.id ?? "for no known reason"}.`;
}

const frame = (...children) => h("div", { class: "sign-in" }, h("div", { class: "sign-in-card" }, h("span", { class: "sign-in-mark" }, icon("webex")), ...children));

export const chooseAgent = (agents, chosen) =>
  frame(
    h("h1", {}, "Agent Desktop"),
    h("p", { class: "quiet" }, "A stand-in for Webex Contact Center's Agent Desktop, over the sandbox's Webex."),
    h("div", { class: "agents" }, agents.map((agent) =>
      h("button", { class: "agent", type: "button", "data-agent": agent.name, onclick: () => chosen(agent) },
        h("span", { class: "avatar" }, agent.name[0].toUpperCase()),
        h("span", { class: "agent-text" }, h("strong", {}, `Continue as ${agent.name[0].toUpperCase()}${agent.name.slice(1)}`), h("span", { class: "quiet" }, agent.state === "LoggedOut" ? `Extension ${agent.extension}` : `Logged in at ${agent.extension}`))))),
  );

export function chooseStation(profile, agent, logIn) {
  const problem = h("p", { class: "problem", role: "alert", hidden: true, "data-problem": "station" });
  const number = h("input", { type: "tel", name: "number", value: profile.defaultDn || agent.extension, required: true, autocomplete: "off" });
  const button = h("button", { class: "button primary wide", "data-action": "station" }, "Log in");
  const names = { EXTENSION: "Extension", AGENT_DN: "Dial number", BROWSER: "Desktop" };
  const form = h("form", {
    class: "station",
    "data-station": "",
    onsubmit: async (event) => {
      event.preventDefault();
      const values = new FormData(form);
      button.disabled = true;
      problem.hidden = true;
      try {
        await logIn({ teamId: values.get("team"), deviceType: values.get("device"), dialNumber: values.get("number").trim() });
      } catch (error) {
        problem.textContent = saidWhy(error);
        problem.hidden = false;
      }
      button.disabled = false;
    },
  },
  h("label", {}, "Team", h("select", { name: "team" }, profile.teams.map((team) => h("option", { value: team.teamId }, team.teamName)))),
  h("label", {}, "Phone", h("select", { name: "device" }, (profile.loginVoiceOptions.length ? profile.loginVoiceOptions : ["EXTENSION", "AGENT_DN"]).map((kind) => h("option", { value: kind, disabled: kind === "BROWSER" }, names[kind] ?? kind)))),
  h("label", {}, "Number", number), problem, button);
  return frame(h("h1", {}, `Hello, ${profile.agentName}`), h("p", { class: "quiet" }, "Which phone do you work with today?"), form);
}

// notice is a page that says what happened, and what to do.
export const notice = (title, text, action, done) =>
  frame(h("h1", {}, title), h("p", { class: "quiet" }, text), h("button", { class: "button primary wide", type: "button", "data-action": "notice", onclick: done }, action));
