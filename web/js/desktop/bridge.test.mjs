// node --test desktop/: the bridge over a stand-in of the SDK.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

globalThis.window = { self: 1, top: 2 };
const { makeBridge } = await import("./bridge.js");

function setUp(Desktop) {
  const said = [];
  const bridge = makeBridge({ post: (text) => said.push(JSON.parse(text)), hello: { sdk: "2.0.15", framed: false, mode: "panel" } });
  if (Desktop) bridge.begin(Desktop, { agentId: "a1" });
  return { bridge, said, last: () => said.at(-1) };
}

// module is one of the SDK's, with an emitter.
function module(members = {}) {
  const heard = new Map();
  return {
    heard,
    addEventListener: (name, f) => heard.set(name, [...(heard.get(name) ?? []), f]),
    removeEventListener: (name, f) => heard.set(name, heard.get(name).filter((g) => g !== f)),
    fire: (name, data) => (heard.get(name) ?? []).forEach((f) => f(data)),
    ...members,
  };
}

test("introduces itself before and after the SDK is there", () => {
  const { bridge, said } = setUp();
  bridge.introduce({ darkMode: true });
  assert.deepEqual(said, [{ v: 1, hello: { sdk: "2.0.15", framed: false, mode: "panel", inited: false, props: { darkMode: true } } }]);
  bridge.begin({}, { agentId: "a1" });
  assert.deepEqual(said[1].hello, { sdk: "2.0.15", framed: true, mode: "panel", inited: true, props: { agentId: "a1" } });
  bridge.props({ darkMode: false });
  assert.deepEqual(said[2], { props: { darkMode: false } });
});

test("calls what is on the list and nothing else", async () => {
  const calls = [];
  const { bridge, last } = setUp({
    agentContact: { hold(...args) { calls.push([this !== undefined, ...args]); return Promise.resolve({}); }, removeAllEventListeners: () => calls.push("no") },
    agentStateInfo: { latestData: { subStatus: "Idle" } },
    actions: { getTaskMap: async () => new Map([["i1", { interactionId: "i1" }]]), getToken: async () => undefined },
    constructor: { constructor: () => calls.push("no") },
  });
  bridge.receive('{"id":1,"call":"agentContact.hold","args":[{"interactionId":"i1"}]}');
  await turn();
  assert.deepEqual(last(), { id: 1, ok: {} });
  assert.deepEqual(calls, [[true, { interactionId: "i1" }]]);
  bridge.receive('{"id":2,"call":"agentStateInfo.latestData"}');
  await turn();
  assert.deepEqual(last(), { id: 2, ok: { subStatus: "Idle" } });
  bridge.receive('{"id":3,"call":"actions.getTaskMap"}');
  await turn();
  assert.deepEqual(last(), { id: 3, ok: { i1: { interactionId: "i1" } } });
  bridge.receive('{"id":4,"call":"actions.getToken"}');
  await turn();
  assert.deepEqual(last(), { id: 4, ok: null });
  for (const name of ["agentContact.removeAllEventListeners", "constructor.constructor", "agentContact.hold.call", "x"]) {
    bridge.receive(JSON.stringify({ id: 5, call: name }));
    await turn();
    assert.equal(last().error.id, "deskbridge.notAllowed", name);
  }
  for (const bad of ["", "x", "null", "7", "[]", '{"call":7}', '{"listen":"x"}']) bridge.receive(bad);
  assert.equal(calls.length, 1);
});

test("says why a promise was rejected", async () => {
  const cases = [
    [{ id: "Service.aqm.contact.hold", details: { msg: { trackingId: "t1", data: { reason: "BUSY", reasonCode: 1001 } } } }, ["Service.aqm.contact.hold", "BUSY", 1001, "t1"]],
    [{ id: "Service.aqm.contact.hold", details: { trackingId: "t1", data: { reason: "BUSY", reasonCode: 1 } } }, ["Service.aqm.contact.hold", "BUSY", 1, "t1"]],
    [{ id: "Service.reqs.generic.failure", details: { trackingId: "t2" } }, ["Service.reqs.generic.failure", "", null, "t2"]],
    [new TypeError("x is undefined"), ["TypeError", "", null, ""]],
    [undefined, ["", "", null, ""]],
  ];
  for (const [error, want] of cases) {
    const { bridge, last } = setUp({ agentContact: { hold: () => Promise.reject(error) } });
    bridge.receive('{"id":1,"call":"agentContact.hold","args":[{}]}');
    await turn();
    const { id, reason, reasonCode, trackingId } = last().error;
    assert.deepEqual([id, reason, reasonCode, trackingId], want);
  }
});

test("passes on that the panel is to be seen, at any time", () => {
  const shown = [];
  const bridge = makeBridge({ post() {}, hello: {}, show: (yes) => shown.push(yes) });
  for (const text of ['{"show":true}', '{"show":false}', '{"show":"yes"}', '{"show":null}']) bridge.receive(text);
  assert.deepEqual(shown, [true, false]);
  makeBridge({ post() {}, hello: {} }).receive('{"show":true}');
});

test("does not answer calls without an id", async () => {
  const { bridge, said } = setUp({
    actions: { fireGeneralAutoDismissNotification: () => new Promise(() => {}), fireGeneralSilentNotification: () => Promise.reject(new Error("no")) },
  });
  bridge.receive('{"call":"actions.fireGeneralAutoDismissNotification","args":[{}]}');
  bridge.receive('{"call":"actions.fireGeneralSilentNotification","args":[{}]}');
  bridge.receive('{"call":"config.registerCrmConnector","args":[{}]}');
  await turn();
  assert.equal(said.length, 1);
});

test("passes events on and never throws", () => {
  const agentContact = module();
  const pressed = [];
  const { bridge, said, last } = setUp({
    agentContact,
    logout: { addEventListener: () => { throw new Error("not here"); } },
    shortcutKey: { listenKeyPress: (f) => pressed.push(f) },
  });
  bridge.receive(JSON.stringify({ listen: ["logout.eAgentLogoutSuccess", "agentContact.eAgentOfferContact", "shortcutKey.listenKeyPress", "agentContact.eNobody"] }));
  agentContact.fire("eAgentOfferContact", { data: { participants: new Map([["a", 1]]) } });
  assert.deepEqual(last(), { event: "agentContact.eAgentOfferContact", data: { data: { participants: { a: 1 } } } });
  const cyclic = {};
  cyclic.self = cyclic;
  agentContact.fire("eAgentOfferContact", cyclic);
  assert.deepEqual(last(), { event: "agentContact.eAgentOfferContact", data: null });
  pressed[0]({ type: "execute", data: { action: "Hold" } });
  assert.equal(last().event, "shortcutKey.listenKeyPress");
  bridge.leave();
  assert.deepEqual(last(), { bye: true });
  const count = said.length;
  agentContact.fire("eAgentOfferContact", {});
  pressed[0]({});
  assert.equal(said.length, count);
  assert.equal(agentContact.heard.get("eAgentOfferContact").length, 0);
});
