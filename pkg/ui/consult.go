package ui

import (
	"strconv"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func consultOpen(c softphone.CallView) bool {
	return c.Phase == softphone.ConsultRinging || c.Phase == softphone.ConsultingP
}

// consultPeer is the other side of the consult.
func consultPeer(c softphone.CallView, e Env) string {
	switch {
	case c.Legs.ConsultPeerName != "":
		return e.name(c.Legs.ConsultPeerName)
	case c.Target.Name != "":
		return e.name(c.Target.Name)
	case c.Target.Kind == softphone.ToNumber && c.Target.ID != "":
		return e.phone(c.Target.ID)
	}
	return e.t("consult.peer")
}

// consultLegs are the two sides of a consult as cards; the one that is heard is
// outlined.
func consultLegs(c softphone.CallView, e Env) app.UI {
	if !consultOpen(c) {
		return nothing()
	}
	peer := consultPeer(c, e)
	if c.Legs.Consulted {
		state := e.t("consult.waits-with", peer)
		if !c.Legs.Customer {
			state = e.t("call.customer-gone")
		}
		return elem("div", "class", "consult").Body(
			words("p", e.t("consult.asks-you", peer, who(c, e)), "class", "consult-why", "id", "consult-why"),
			elem("ul", "class", "legs", "aria-label", e.t("consult.legs")).Body(
				consultedLeg(peer, c, e),
				leg(who(c, e), state, time.Time{}, false, e),
			),
		)
	}
	return elem("div", "class", "consult").Body(
		elem("ul", "class", "legs", "aria-label", e.t("consult.legs")).Body(mainLeg(c, e), peerLeg(peer, c, e)),
	)
}

// mainLeg is the customer, or the conference that the consult began from.
func mainLeg(c softphone.CallView, e Env) app.UI {
	name := who(c, e)
	if c.Legs.Agents > 1 {
		name = e.t("consult.conference", strconv.Itoa(c.Legs.Agents+1))
	}
	switch {
	case !c.Legs.Customer:
		return leg(name, e.t("call.customer-gone"), time.Time{}, false, e)
	case c.Legs.MainHeld:
		return leg(name, e.t("word.held"), c.Legs.MainHeldAt, false, e)
	}
	return leg(name, e.t("consult.talking"), time.Time{}, true, e)
}

// peerLeg is whom we asked: called, waited for in a queue, talking or on hold.
func peerLeg(peer string, c softphone.CallView, e Env) app.UI {
	switch {
	case c.Phase == softphone.ConsultRinging && (c.Legs.Queued || c.Target.Kind == softphone.ToQueue):
		return leg(peer, e.t("consult.queued"), e.Local.ConsultAt, false, e)
	case c.Phase == softphone.ConsultRinging:
		return leg(peer, e.t("consult.calling"), e.Local.ConsultAt, false, e)
	case c.Legs.ConsultHeld:
		return leg(peer, e.t("word.held"), c.Legs.ConsultHeldAt, false, e)
	}
	return leg(peer, e.t("consult.talking"), c.ConsultAt, true, e)
}

// consultedLeg is who asks us.
func consultedLeg(peer string, c softphone.CallView, e Env) app.UI {
	if c.Legs.ConsultHeld {
		return leg(peer, e.t("consult.holds-you"), c.Legs.ConsultHeldAt, false, e)
	}
	return leg(peer, e.t("consult.talking"), c.ConsultAt, true, e)
}

func leg(name, state string, at time.Time, active bool, e Env) app.UI {
	class := "leg"
	if active {
		class = "leg leg-active"
	}
	el := elem("li", "class", class)
	if active {
		el = el.Attr("aria-current", "true")
	}
	return el.Body(
		words("span", name, "class", "leg-name", "title", name),
		elem("span", "class", "leg-state").Body(
			words("span", state),
			app.If(!at.IsZero(), func() app.UI { return timer("leg-time", Elapsed(since(at, e))) }),
		),
	)
}

// consultControls go to the other leg, join both, or hand the call over.
// They belong to the one who asks; the other side does not see them.
func consultControls(c softphone.CallView, e Env) []app.UI {
	for _, can := range []*softphone.Can{&c.CanSwap, &c.CanMerge, &c.CanComplete} {
		if can.Why == softphone.Consulted {
			can.Why = softphone.NotHere
		}
	}
	return []app.UI{
		control{
			id: "swap", icon: "swap", label: "control.swap", keys: keysSwap, can: c.CanSwap,
			do: send{softphone.SwapRequested{Key: c.Key}}, busy: c.Pending == softphone.OpSwap,
		}.draw(e),
		control{
			id: "merge", icon: "merge", label: "control.merge", can: c.CanMerge,
			do: send{softphone.MergeRequested{Key: c.Key}}, busy: c.Pending == softphone.OpMerge,
		}.draw(e),
		control{
			id: "complete", icon: "transfer", label: "control.complete", can: c.CanComplete,
			do: send{softphone.ConsultTransferRequested{Key: c.Key}}, busy: c.Pending == softphone.OpConsultTransfer,
		}.draw(e),
	}
}

// endConsult is the button that ends the consult, withdraws it while it rings,
// or leaves it as the one who was asked.
func endConsult(c softphone.CallView, e Env) app.UI {
	label := e.t("consult.end")
	switch {
	case c.Legs.Consulted:
		label = e.t("consult.leave")
	case c.Phase == softphone.ConsultRinging:
		label = e.t("consult.cancel")
	}
	return endSlot(button{
		id: "end-consult", kind: "plain wide", icon: "consult-end", label: label, can: c.CanEndConsult,
		do: send{softphone.ConsultEndRequested{Key: c.Key}}, busy: c.Pending == softphone.OpConsultEnd,
	}, e)
}
