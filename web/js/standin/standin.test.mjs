// node --test standin/: the parts of the Desktop that need no page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { makeChannels } from "./channels.js";
import { readLayout } from "./layout.js";
import { contactMethods } from "./methods.js";
import { keypadNumber } from "./numbers.js";
import { makePromises } from "./promises.js";
import { offer, shim } from "./rpc.js";
import { makeService } from "./service.js";
import { makeShortcuts } from "./shortcuts.js";
import { makeSignal } from "./signal.js";
import { Store } from "./store.js";
import { clock, keep, phaseOf } from "./tasks.js";

const grid = { areas: [["a"]], size: { cols: [1], rows: [1] } };

test("reads layouts of roles and flat ones", () => {
  const area = { headless: { widgets: { a: { comp: "x-y", script: "https://a.example/x.js" } }, layout: grid }, advancedHeader: [{ comp: "agentx-webex" }] };
  for (const text of [JSON.stringify({ agent: { area } }), JSON.stringify({ area })]) {
    const { model, problems } = readLayout(text);
    assert.deepEqual(problems, []);
    assert.equal(model.headless.widgets.a.script, "https://a.example/x.js");
    assert.deepEqual(model.header.map((o) => o.comp), ["agentx-webex"]);
  }
  assert.deepEqual(readLayout(JSON.stringify({ agent: { area } }), "supervisor").problems.map((p) => p.path), ["supervisor"]);
});

test("says what is wrong with a layout and reads the rest", () => {
  const widgets = { a: { comp: "p" }, b: { comp: "q" } };
  const cases = [
    ["{", ""],
    ["[]", ""],
    ['{"agent":{}}', "agent.area"],
    [{ area: { advancedHeader: [{}] } }, "area.advancedHeader[0]"],
    [{ area: { panel: { comp: "x-y", script: "/x.js" } } }, "area.panel.script"],
    [{ area: { panel: { comp: "a b" } } }, "area.panel.comp"],
    [{ area: { headless: { widgets, layout: grid } } }, "area.headless.widgets.b"],
    [{ area: { headless: { widgets: { a: { comp: "p" } }, layout: { areas: [["a", "c"]], size: { cols: [1, 1], rows: [1] } } } } }, "area.headless.layout.areas"],
    [{ area: { headless: { widgets: { a: { comp: "p" } }, layout: { ROOT: { areas: [["ROOT", "a"]], size: { cols: [1, 1], rows: [1] } } } } } }, "area.headless.layout.areas"],
    [{ area: { headless: { widgets: { a: { comp: "p" } }, layout: { areas: [["a"]], size: { cols: [0], rows: [1] } } } } }, "area.headless.layout.size.cols"],
    [{ area: { navigation: [{ nav: {} }] } }, "area.navigation[0]"],
  ];
  for (const [file, path] of cases) {
    const { problems } = readLayout(typeof file === "string" ? file : JSON.stringify(file));
    assert.deepEqual(problems.map((p) => p.path), [path], JSON.stringify(file));
  }
  const { model } = readLayout({ area: { navigation: [{ nav: {} }, { nav: { navigateTo: "x" }, page: { widgets, useFlexLayout: true } }] } });
  assert.deepEqual(model.pages.map((p) => p.route), ["x"]);
});

test("follows references and keeps them live, and nobody changes the store", async () => {
  const store = new Store({ agent: { id: "a1", name: "Ann" }, contacts: { map: new Map([["i1", { state: "new" }]]) } });
  const seen = [];
  const stop = store.bind("$STORE.agent.id", (now) => seen.push(now));
  store.bind("Hello {$STORE.agent.name}!", (now) => seen.push(now));
  store.bind({ deep: ["$STORE.agent.name"] }, (now) => seen.push(now.deep[0]));
  store.bind("$STORE.nothing.here", (now) => seen.push(now));
  assert.deepEqual(seen, ["a1", "Hello Ann!", "Ann", undefined]);
  store.set("agent.id", "a2");
  await turn();
  assert.deepEqual(seen.slice(4), ["a2"]);
  stop();
  store.set("agent.id", "a3");
  await turn();
  assert.equal(seen.length, 5);
  const agent = store.get("agent");
  assert.throws(() => { agent.id = "x"; }, TypeError);
  assert.equal(JSON.stringify(agent), '{"id":"a3","name":"Ann"}');
  assert.equal(JSON.stringify(store.get("contacts.map")), '{"i1":{"state":"new"}}');
  assert.deepEqual([...store.get("contacts.map").keys()], ["i1"]);
  assert.equal(store.get("agent.constructor"), undefined);
});

test("signals give each listener a copy and stop", () => {
  const got = [];
  const signal = makeSignal(() => got.push("failed"));
  const one = signal.listen((data) => (got.push(data.n), (data.n = 0)));
  signal.listen(() => { throw new Error("x"); });
  signal.listenOnce((data) => got.push(`once ${data.n}`));
  signal.send({ n: 1 });
  one.stopListen();
  signal.send({ n: 2 });
  assert.deepEqual(got, [1, "failed", "once 1", "failed"]);
});

test("promises settle with their notification, and no other", async () => {
  const sent = [];
  const promises = makePromises(async (...command) => sent.push(command));
  const said = [];
  const ask = (name, arg) => promises.ask(name, contactMethods[name], arg).then((ok) => said.push([name, ok]), (no) => said.push([name, no]));
  ask("hold", { interactionId: "i1", data: { mediaResourceId: "i1" } });
  ask("endV2", { interactionId: "i2" });
  ask("consultV2", { interactionId: "i1", data: { to: "q1", destinationType: "queue" } });
  assert.deepEqual(sent[0], ["POST", "/v1/tasks/i1/hold", { mediaResourceId: "i1" }]);
  const note = (type, interactionId, more) => promises.settle(type, { trackingId: "t", data: { type, interactionId, ...more } });
  note("AgentContactHeld", "i2");
  note("AgentConsultCreated", "i1");
  await turn();
  assert.deepEqual(said, []);
  note("AgentContactHeld", "i1");
  note("AgentContactEndFailed", "i2", { reason: "INVALID_STATE" });
  note("AgentConsulting", "i1");
  await turn();
  assert.deepEqual(said[0], ["hold", {}]);
  assert.equal(said[1][1].id, "endV2");
  assert.deepEqual(said[1][1].details.msg.data.reason, "INVALID_STATE");
  assert.equal(said[2][1].data.type, "AgentConsulting");
  assert.equal(promises.waiting(), 0);
});

test("promises are rejected when the command is, and when time is up", async () => {
  let late;
  const timer = { after: (fn) => (late = fn), stop() {} };
  const refused = makePromises(() => Promise.reject({ status: 404, body: { errorType: "Not Found", trackingId: "t1" } }), timer);
  await assert.rejects(refused.ask("x", contactMethods.endV2, { interactionId: "i" }), (no) => no.details.msg.data.reason === "Not Found" && no.details.trackingId === "t1");
  const broken = makePromises(() => Promise.reject(new TypeError("fetch")), timer);
  await assert.rejects(broken.ask("x", contactMethods.endV2, { interactionId: "i" }), { id: "Service.reqs.generic.failure" });
  const silent = makePromises(() => new Promise(() => {}), timer);
  const waits = silent.ask("x", contactMethods.endV2, { interactionId: "i" });
  late();
  await assert.rejects(waits, { id: "Service.aqm.reqs.Timeout" });
});

test("events come before the promise, and the map of tasks before both", async () => {
  const order = [];
  const held = makeService({ tasks: () => order.push(`tasks ${held.tasks.size}`) });
  held.attach({ send: async () => ({}) }, { agentId: "a1", idleCodes: [], wrapupCodes: [] });
  held.service.aqm.contact.eAgentContactAssigned.listen(() => order.push("event"));
  const done = held.service.aqm.contact.acceptV2({ interactionId: "i1" }).then(() => order.push("promise"));
  held.heard("AgentContactAssigned", { data: { interactionId: "i1", interaction: { participants: { a1: { hasJoined: true } } } } });
  await done;
  assert.deepEqual(order, ["tasks 1", "event", "promise"]);
});

test("tells what an agent has to do with a contact", () => {
  const of = (me, interaction = {}, data = {}) => phaseOf({ ...data, interaction: { participants: { a1: me }, ...interaction } }, "a1");
  assert.equal(of({ hasJoined: false }), "offered");
  assert.equal(of({ hasJoined: false }, { contactDirection: { type: "OUTBOUND" } }), "dialing");
  assert.equal(of({ hasJoined: false, isConsulted: true }), "consult-offered");
  assert.equal(of({ hasJoined: true }), "connected");
  assert.equal(of({ hasJoined: true }, { media: { m: { mType: "mainCall", isHold: true } } }), "held");
  assert.equal(of({ hasJoined: true, isWrapUp: true, hasLeft: true }), "wrap-up");
  assert.equal(of({ hasJoined: true, hasLeft: true }), "gone");
  assert.equal(of({ hasJoined: true, isWrapUp: true, isWrappedUp: true }), "gone");
  const map = new Map();
  const data = { interactionId: "i1", interaction: { participants: { a1: { hasJoined: true } } } };
  assert.ok(keep(map, "AgentContactAssigned", data, "a1"));
  assert.ok(!keep(map, "AgentWrappedUp", data, "a1"));
  assert.equal(map.size, 0);
  assert.equal(clock(3_725_000), "1:02:05");
  assert.equal(clock(65_000), "1:05");
  assert.equal(keypadNumber("+1 (408) 555-01+23"), "+14085550123");
});

test("channels answer with the id of the request", async () => {
  const channels = makeChannels({ getToken: () => "t", quiet: () => undefined }, () => {});
  const got = [];
  channels.createDestination("getToken/Res").addListener(({ args }) => got.push(args));
  channels.createDestination("quiet/Res").addListener(({ args }) => got.push(args));
  channels.createSource("getToken/Req").send("id1");
  channels.createSource("quiet/Req").send("id2");
  await turn();
  assert.deepEqual(got, [["t", "id1"]]);
});

test("shortcuts are heard, and conflicts told", () => {
  const { service, pressed } = makeShortcuts();
  const got = [];
  service.event.listenKeyPress(({ data }) => got.push(data.action));
  service.event.listenKeyConflict(({ data }) => got.push(`conflict ${data.action}`));
  service.register([{ widgetElement: "a", action: "Hold", modifierKeys: "CTRL_ALT", key: "h" }]);
  service.register([{ widgetElement: "b", action: "Home", modifierKeys: "CTRL_ALT", key: "H" }]);
  assert.ok(pressed({ ctrlKey: true, altKey: true, key: "h" }));
  assert.ok(!pressed({ ctrlKey: true, key: "h" }));
  service.unregisterKeys("a");
  pressed({ ctrlKey: true, altKey: true, key: "h" });
  assert.deepEqual(got, ["conflict Home", "Hold", "Home"]);
});

test("a shim over a port is the service", async () => {
  const held = makeService({ token: () => "secret" });
  const { port1, port2 } = new MessageChannel();
  const props = [];
  let ready;
  const there = new Promise((done) => (ready = done));
  shim(port2, { ready, set: (...one) => props.push(one) });
  const end = offer(port1, held.service);
  const service = await there;
  const got = [];
  const heard = (what) => new Promise((done) => service.aqm.contact.eAgentContactHeld.listen((m) => (got.push(m.data.n), done(what))));
  const first = heard("x");
  await assert.rejects(service.aqm.contact.hold({ interactionId: "i", data: {} }), { id: "Service.reqs.generic.failure" });
  held.service.aqm.contact.eAgentContactHeld.send({ data: { n: 7 } });
  await first;
  assert.deepEqual(got, [7]);
  const token = new Promise((done) => service.actionsChannels.createDestination("getToken/Res").addListener(({ args }) => done(args)));
  service.actionsChannels.createSource("getToken/Req").send("r1");
  assert.deepEqual(await token, ["secret", "r1"]);
  assert.equal(service.isInited, false);
  held.service.isInited = true;
  end.update();
  end.set("property", "agentId", "a1");
  await service.conf.fetchProfile();
  assert.equal(service.isInited, true);
  assert.deepEqual(props, [["property", "agentId", "a1"]]);
  end.stop();
  port2.close();
});
