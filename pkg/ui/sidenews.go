package ui

import "deskbridge/pkg/softphone"

// What a screen reader is told of a call with several sides.

// sideWords is who is heard in a consult, and who waits.
func sideWords(c softphone.CallView, e Env) string {
	peer := consultPeer(c, e)
	switch {
	case c.Phase == softphone.ConsultRinging:
		return e.t("say.consult-calling", peer)
	case c.Legs.ConsultHeld:
		return e.t("say.consult-main", who(c, e))
	}
	return e.t("say.consult-talking", peer)
}

// sideNews is what changed about the sides of a call. On another screen the
// consult was announced with it.
func sideNews(was, c softphone.CallView, sameScreen bool, e Env) []announcement {
	var out []announcement
	polite := func(id string, args ...string) { out = append(out, announcement{text: e.t(id, args...)}) }
	switch {
	case sameScreen && consultOpen(c) && (was.Phase != c.Phase || was.Legs.ConsultHeld != c.Legs.ConsultHeld):
		out = append(out, announcement{text: sideWords(c, e)})
	case consultOpen(was) && !consultOpen(c) && c.Phase != softphone.Conference && c.Phase != softphone.WrapUp:
		polite("say.consult-ended")
	}
	if was.Muted != c.Muted {
		if c.Muted {
			polite("say.muted")
		} else {
			polite("say.unmuted")
		}
	}
	if was.Legs.Customer && !c.Legs.Customer && (consultOpen(c) || c.Phase == softphone.Conference) {
		out = append(out, announcement{true, e.t("say.customer-gone")})
	}
	if was.Phase == softphone.Conference && c.Phase == softphone.Conference {
		for _, name := range newParties(was, c, e) {
			polite("say.joined", name)
		}
		for _, name := range newParties(c, was, e) {
			polite("say.left", name)
		}
	}
	return out
}

// newParties are the names of those who are on the line in b and not in a, the
// customer and ourselves aside.
func newParties(a, b softphone.CallView, e Env) []string {
	here := map[string]bool{}
	for _, party := range a.Parties {
		here[party.ID] = party.Main && party.Joined
	}
	var out []string
	for _, party := range b.Parties {
		if party.Main && party.Joined && !here[party.ID] && !party.Self && party.Kind != softphone.Customer {
			out = append(out, partyName(party.Party, b, e))
		}
	}
	return out
}
