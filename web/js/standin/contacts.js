// The Desktop's own view of contacts: the list of tasks, and what can be done
// with the one that is selected.
import { h, icon } from "./dom.js";
import { clock, describe, labels } from "./tasks.js";

// makeContacts draws into two elements. desk is the page; its act(name, task)
// carries out what a button says.
export function makeContacts(desk, list, view) {
  const shown = () => [...desk.tasks.values()].map((data) => describe(data, desk.profile?.agentId));
  let drawn = "";

  function draw() {
    const tasks = shown();
    const first = tasks[0]?.id ?? null;
    if (desk.selected !== first && !tasks.some((task) => task.id === desk.selected)) desk.select(first);
    const text = JSON.stringify([tasks, desk.selected, desk.busy, desk.profile?.wrapupCodes, desk.consulted]);
    if (text === drawn) return;
    drawn = text;
    list.replaceChildren(...(tasks.length ? tasks.map(row) : [h("p", { class: "quiet list-empty" }, "No tasks.")]));
    const task = tasks.find((one) => one.id === desk.selected);
    view.replaceChildren(task ? card(task) : nothing());
    tick();
  }

  const row = (task) =>
    h("button", {
      type: "button", class: "task", "data-task": task.id, "data-phase": task.phase, "aria-pressed": String(task.id === desk.selected), onclick: () => (desk.select(task.id), draw()),
    },
    h("span", { class: `task-icon phase-${task.phase}` }, icon(task.medium === "telephony" ? "call" : "page")),
    h("span", { class: "task-text" }, h("strong", {}, task.name || task.number), h("span", { class: "quiet" }, task.queue || (task.outbound ? "Outbound call" : task.medium))),
    h("span", { class: "task-side" }, h("span", { class: `chip phase-${task.phase}` }, labels[task.phase] ?? task.phase), h("time", { class: "timer", "data-since": String(task.since) })));

  const nothing = () => {
    const available = desk.session.subStatus === "Available";
    return h("div", { class: "empty" }, h("span", { class: "empty-icon" }, icon("call")),
      h("h1", {}, available ? "Waiting for a contact" : "You take no contacts now"),
      h("p", { class: "quiet" }, available ? "Calls that are routed to you show up here. “Sandbox” lets a customer call." : "Choose Available at the top to be called."),
      available ? null : h("button", { class: "button primary", type: "button", "data-action": "available", onclick: () => desk.setState("0") }, "Become available"));
  };

  const button = (task, name, label, kind = "") =>
    h("button", { type: "button", class: `button ${kind}`, "data-action": name, disabled: desk.busy === name, onclick: () => desk.act(name, task) }, label);

  function card(task) {
    const p = desk.profile ?? {};
    const buttons = {
      offered: () => [button(task, "answer", "Answer on the phone", "answer"), button(task, "decline", "Decline")],
      "consult-offered": () => [button(task, "answer", "Answer on the phone", "answer"), button(task, "decline", "Decline")],
      dialing: () => [button(task, "answer", "Answer on the phone", "answer"), button(task, "customer-answers", "Customer answers"), button(task, "end", "End", "end")],
      connected: () => [button(task, "hold", "Hold"), ...consults(task), task.recording ? button(task, "pause", "Pause recording") : null, p.isEndCallEnabled ? button(task, "end", "End", "end") : null],
      held: () => [button(task, "resume", "Resume", "primary"), ...consults(task)],
      consulting: () => [button(task, "merge", "Conference"), button(task, "hand-over", "Transfer"), button(task, "consult-end", "End consult", "end")],
      conference: () => [button(task, "leave", "Leave conference", "end")],
    }[task.phase]?.() ?? [];
    return h("article", { class: "contact", "data-contact": task.id, "data-phase": task.phase },
      h("header", { class: "contact-head" },
        h("span", { class: `contact-icon phase-${task.phase}` }, icon(task.medium === "telephony" ? "call" : "page")),
        h("div", { class: "contact-title" }, h("h1", {}, task.name || task.number), h("p", { class: "quiet" }, [task.name ? task.number : "", task.queue, task.outbound ? "Outbound" : "Inbound"].filter(Boolean).join(" · "))),
        h("div", { class: "task-side" }, h("span", { class: `chip phase-${task.phase}` }, labels[task.phase] ?? task.phase), h("time", { class: "timer", "data-since": String(task.since) }))),
      ["offered", "consult-offered"].includes(task.phase) || (task.phase === "dialing") ? h("p", { class: "hint", role: "status" }, icon("call"), "It rings on your desk phone. Answer it there: in the sandbox this button is the phone.") : null,
      buttons.length ? h("div", { class: "actions" }, buttons) : null,
      task.phase === "wrap-up" ? wrapUp(task) : h("div", { class: "plays" }, h("span", { class: "quiet" }, "Sandbox"), button(task, "hangup", "Customer hangs up", "quiet-button")),
      task.variables.length ? h("dl", { class: "variables" }, task.variables.map((v) => h("div", {}, h("dt", {}, v.displayName || v.name), h("dd", {}, String(v.value))))) : null);
  }

  function consults(task) {
    const select = h("select", { class: "consult-select", "aria-label": "Whom to ask", "data-control": "consult", onchange: () => select.value && desk.act("consult", task, select.value) },
      h("option", { value: "" }, "Consult…"),
      ...(desk.consulted ?? []).map(({ to, type, label }) => h("option", { value: `${type}:${to}` }, label)));
    select.addEventListener("focus", () => desk.findBuddies(), { once: true });
    return [select];
  }

  function wrapUp(task) {
    const codes = desk.profile?.wrapupCodes ?? [];
    const chosen = codes.find((code) => code.isDefault) ?? codes[0];
    return h("form", { class: "wrap-up", onsubmit: (event) => (event.preventDefault(), desk.act("wrapup", task, new FormData(event.target).get("code"))) },
      h("h2", {}, "How did it end?"),
      h("div", { class: "codes" }, codes.map((code) => h("label", { class: "code" }, h("input", { type: "radio", name: "code", value: code.id, checked: code === chosen }), h("span", {}, code.name)))),
      h("button", { class: "button primary", "data-action": "wrapup", disabled: desk.busy === "wrapup" }, "Submit"));
  }

  function tick() {
    for (const root of [list, view]) for (const el of root.querySelectorAll("[data-since]")) el.textContent = Number(el.dataset.since) ? clock(Date.now() - Number(el.dataset.since)) : "";
  }

  desk.store.watch(draw);
  setInterval(tick, 1000);
  draw();
  return draw;
}
