// The sandbox's Agent Desktop: a stand-in for Cisco's, over the emulated Webex.
// The query is its whole state, so that tests and links can set it:
//
//	agent=ann             signs in; without it a person chooses
//	station=1001|auto     logs in at that extension, or at the agent's own
//	layout=panel|page|header|headless|everywhere, file (what was dropped last),
//	                      or an address of this server
//	role=agent|supervisor|supervisorAgent
//	page=<navigateTo>     the page that is open
//	dark=1, lang=de       $STORE.app.darkMode and .language
//	shell=isolated        every custom component in a frame of another origin
//	csp=strict            a strict policy; see sandbox_desktop.go
//	inited=late|never     the service is not initialised before a button is pressed, or at all
//
// For tests, and for nothing else, window.standin has {service, store, desk,
// find(selector), all(selector), problems, metrics}; find looks through shadow
// roots. data-state of the root element is sign-in, station, ready or notice.
// What can be pressed has data-action: menu, customer-calls, remount, reload,
// sign-out, init, outdial, dial, notifications, available, answer, decline, hold,
// resume, pause, end, wrapup, hangup, customer-answers, consult-end, merge,
// hand-over, leave, station, notice; what can be chosen data-control: state,
// consult. Agents have data-agent, tasks data-task and data-phase, the contact
// data-contact and data-phase, pages data-route and data-page, areas data-area,
// problems data-problem, notifications data-notification, frames of components
// data-shell.
import { makeBuilder } from "./build.js";
import { makeBuiltins } from "./builtins.js";
import { makeContacts } from "./contacts.js";
import { makeDesk } from "./desk.js";
import { all, find, h, icon, useStyles } from "./dom.js";
import { makeIsolation } from "./isolate.js";
import { readLayout } from "./layout.js";
import { makeMenu } from "./menu.js";
import { makePage } from "./page.js";
import { makeService } from "./service.js";
import { chooseAgent, chooseStation, notice, saidWhy } from "./signin.js";
import { defineTabs } from "./tabs.js";
import { loadProfile, Webex } from "./webex.js";

const KEPT = "deskbridge-standin-layout"; // in sessionStorage
const WHO = "deskbridge-standin-agent"; // likewise: HubSpot reloads its frames with each navigation
const config = JSON.parse(document.getElementById("standin-config").textContent);
const given = new URLSearchParams(location.search);
const query = {
  agent: given.get("agent") ?? "", station: given.get("station") ?? "", layout: given.get("layout") ?? "panel", role: given.get("role") ?? "agent",
  page: given.get("page") ?? "", dark: given.get("dark") === "1", lang: given.get("lang") ?? "en", shell: given.get("shell") ?? "", csp: given.get("csp") ?? "",
  inited: given.get("inited") ?? "",
};
const root = document.documentElement;
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const problems = [];
const metrics = [];

function keepQuery(changes) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
  history.replaceState(null, "", url);
}

async function control(path, body) {
  const answer = await fetch(`/sandbox${path}`, body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const text = await answer.text();
  const read = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(read?.error ?? String(answer.status));
  return read;
}

function say(text, type = "info", note = {}, limits = { count: 3 }) {
  const box = part("toasts");
  const toast = h("div", { class: `toast note-${type}`, role: "status" }, h("strong", {}, text), note.data && note.title ? h("span", {}, String(note.data)) : "");
  const close = h("button", { class: "icon-button", type: "button", "aria-label": "Close", onclick: () => toast.remove() }, icon("close"));
  toast.append(close);
  box.append(toast);
  while (box.children.length > limits.count) box.firstChild.remove();
  const after = note.options?.AUTO_DISMISS_TIMEOUT ?? (limits.seconds ?? 8) * 1000;
  if (note.mode !== "acknowledge") setTimeout(() => toast.remove(), after);
}

function problem(path, what) {
  if (problems.some((p) => p.path === path && p.what === what)) return;
  problems.push({ path, what });
  const box = part("problems");
  box.hidden = false;
  box.querySelector("summary").textContent = problems.length === 1 ? "A problem in the layout" : `${problems.length} problems in the layout`;
  box.querySelector("ul").append(h("li", { "data-problem": path }, h("code", {}, path || "file"), h("span", {}, what)));
}

const desk = makeDesk({ config, query, control, say });
const held = makeService({
  tasks: (type, data) => desk.onTasks(type, data),
  session: (type, data) => {
    desk.onSession(type, data);
    if (type === "AgentLogoutSuccess") signedOut();
  },
  notify: (note) => desk.onNote(note),
  metric: (name, data) => metrics.push({ name, data }),
  token: () => desk.agent?.token,
});
desk.held = held;
const service = (window.AGENTX_SERVICE = held.service);
window.standin = { service, store: desk.store, desk, find, all, problems, metrics };

const show = (state, element) => {
  root.dataset.state = state;
  part("cover").hidden = !element;
  part("cover").replaceChildren(...(element ? [element] : []));
};

function theme() {
  root.dataset.theme = desk.query.dark ? "webex-dark" : "webex-light";
}

async function readFile() {
  if (query.layout === "file") {
    const kept = sessionStorage.getItem(KEPT);
    if (kept !== null) return kept;
    problem("", "No file was dropped in this window: the layout “panel” is shown.");
    query.layout = "panel";
  }
  const url = config.layouts.includes(query.layout) ? new URL(`/desktop/layouts/${query.layout}.json`, location.href) : new URL(query.layout, location.href);
  if (url.origin !== location.origin) {
    problem("", "The layout is on another server: only files of this one are read. Drop the file on the page instead.");
    return "{}";
  }
  const answer = await fetch(url);
  if (answer.ok) return answer.text();
  problem("", `There is no layout at ${url.pathname}.`);
  return "{}";
}

let model = null;
function mount() {
  desk.view?.remove();
  desk.view = makePage(desk, model, document);
}
desk.remount = mount;
desk.opened = (entry) => keepQuery({ page: entry.task ? "" : entry.route });

async function build() {
  const found = readLayout(await readFile(), query.role);
  for (const p of found.problems) problem(p.path, p.what);
  model = found.model;
  const seconds = Number(model.settings.notificationTimer) || 8;
  desk.limits = { count: Number(model.settings.maximumNotificationCount) || 3, seconds: Math.min(10, Math.max(1, seconds)) };
  desk.store.set("app.title", model.title);
  desk.store.set("app.logo", model.logo);
  desk.readPage = (page, path) => {
    const wrapped = readLayout({ area: { headless: page } });
    for (const p of wrapped.problems) problem(path, p.what);
    return wrapped.model.headless;
  };
  desk.builder = makeBuilder({
    store: desk.store,
    problem,
    builtins: makeBuiltins(desk),
    isolate: query.shell === "isolated" ? makeIsolation({ shellURL: shellURL(), service, store: desk.store }) : null,
  });
  mount();
}

// shellURL is at a name of this server that is neither the page's nor the
// widget's.
function shellURL() {
  const url = new URL("/desktop/shell", location.href);
  url.hostname = "shell.localhost";
  if (query.csp) url.searchParams.set("csp", query.csp);
  return url.href;
}

desk.setDark = (on) => {
  query.dark = on;
  theme();
  desk.store.set("app.darkMode", on);
  desk.store.set("app.theme", on ? "dark" : "light");
  keepQuery({ dark: on ? "1" : "" });
};
desk.setLanguage = (lang) => {
  query.lang = lang;
  root.lang = lang;
  desk.store.set("app.language", lang);
  desk.store.set("app.locale", lang);
  keepQuery({ lang: lang === "en" ? "" : lang });
};
desk.takeFile = async (file) => {
  try {
    sessionStorage.setItem(KEPT, await file.text());
  } catch {
    return say("This file cannot be kept: it is too large, or the browser keeps nothing for this page.", "error");
  }
  const url = new URL(location.href);
  url.searchParams.set("layout", "file");
  url.searchParams.delete("page");
  location.assign(url);
};
desk.initNow = () => {
  service.isInited = true;
  desk.store.changed();
};

function working() {
  show("ready");
  if (query.inited === "") desk.initNow();
}

function signedOut() {
  keepQuery({ station: "" });
  sessionStorage.removeItem(WHO);
  show("notice", notice("You are signed out", "No contacts come to you any more.", "Sign in again", () => {
    keepQuery({ agent: "", station: "" });
    location.reload();
  }));
}

async function station(agent, profile) {
  const logIn = async (values) => {
    await held.login({ ...values, deviceId: values.dialNumber, isExtension: values.deviceType === "EXTENSION", roles: ["agent"], teamName: "", siteId: profile.siteId, usesOtherDN: false, auxCodeId: "" });
    keepQuery({ station: values.dialNumber });
    working();
  };
  if (query.station) {
    const dialNumber = query.station === "auto" ? profile.defaultDn || agent.extension : query.station;
    try {
      return await logIn({ teamId: profile.teams[0]?.teamId, deviceType: /^\d{2,6}$/.test(dialNumber) ? "EXTENSION" : "AGENT_DN", dialNumber });
    } catch (error) {
      say(saidWhy(error), "error");
    }
  }
  show("station", chooseStation(profile, agent, logIn));
}

async function signIn(agent) {
  keepQuery({ agent: agent.name });
  sessionStorage.setItem(WHO, agent.name);
  const webex = new Webex({
    base: config.webex,
    token: agent.token,
    heard: (type, message) => held.heard(type, message),
    link(state) {
      part("link").hidden = state !== "lost";
      if (state === "up" && root.dataset.state === "ready") service.aqm.agent.reload().catch(() => {});
      if (state === "elsewhere") {
        show("notice", notice("You work elsewhere now", "This agent has opened Webex in another window: that one gets the notifications.", "Work here", () => location.reload()));
      }
    },
  });
  try {
    const profile = await loadProfile(webex, config.orgId, agent.agentId);
    held.attach(webex, profile);
    desk.known(agent, profile);
    part("who").textContent = profile.agentName;
    await webex.open();
    await build();
    await service.aqm.agent.reload().then(working, (error) => {
      if (error?.details?.msg?.data?.reason !== "AGENT_NOT_FOUND") throw error;
      return station(agent, profile);
    });
  } catch (error) {
    show("notice", notice("The Desktop cannot start", saidWhy(error), "Try again", () => location.reload()));
  }
}

async function begin() {
  const styled = useStyles(config.styles);
  defineTabs();
  theme();
  root.lang = query.lang;
  makeMenu(desk, part("menu"));
  makeContacts(desk, part("tasks"), part("contact"));
  window.addEventListener("keydown", (event) => held.pressed(event) && event.preventDefault());
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) desk.takeFile(event.dataTransfer.files[0]);
  });
  try {
    const [agents] = await Promise.all([control("/agents"), styled]);
    const agent = agents.find((one) => one.name === (query.agent || sessionStorage.getItem(WHO)));
    if (agent) await signIn(agent);
    else show("sign-in", chooseAgent(agents, signIn));
  } catch (error) {
    show("notice", notice("The sandbox does not answer", saidWhy(error), "Try again", () => location.reload()));
  }
}

begin();
