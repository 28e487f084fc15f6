package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTogetherConsultConferenceAndAThird(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	walkConference(t, w, w.begin(t, "ann", "1001"), w.begin(t, "bob", "1002"), w.begin(t, "cho", "1003"))
}

// walkConference is a consult that becomes a conference, with a third agent.
func walkConference(t *testing.T, w *world, ann, bob, cho *host) {
	t.Helper()
	id := ann.talk(w)

	ann.consults(w, id, "Bob Castle", bob, "bob")
	bob.panel.shows("Ann Berger asks you about Maria Silva")
	ann.panel.act("#swap")
	ann.panel.talksTo("Maria Silva")
	bob.panel.shows("Has put you on hold")
	ann.panel.act("#swap")
	ann.panel.talksTo("Bob Castle")
	bob.panel.hides("Has put you on hold")
	ann.panel.act("#merge")
	ann.panel.onTheLine("3")
	bob.panel.onTheLine("3")

	ann.panel.shows("Add") // The same control brings in another one.
	ann.consults(w, id, "Cho Park", cho, "cho")
	ann.panel.act("#merge")
	for _, h := range []*host{ann, bob, cho} {
		h.panel.onTheLine("4")
	}
	ann.shoot("together conference")

	bob.panel.act("#leave")
	bob.panel.screen("idle") // A guest has no reason to give.
	for _, h := range []*host{ann, cho} {
		h.panel.shows("Bob Castle has left the conference.")
		h.panel.onTheLine("3")
	}
	ann.panel.act("#end")
	ann.panel.shows("Press again to end it.")
	cho.panel.screen("conference")
	ann.panel.act("#end")
	cho.panel.screen("idle")
	ann.panel.wrapUp("Sale", "Bob knew, Cho confirmed.")

	got := w.handled(t, id, map[*host]leg{
		ann: {owner: annOwner, lines: []string{"Bob knew, Cho confirmed.", "In consults: ", "In conferences: ", " with Bob Castle, Cho Park", "Wrap-up reason: Sale"}},
		bob: {owner: bobOwner, lines: []string{"Consulted by Ann Berger", "In conferences: ", "Left the conference"}},
		cho: {owner: choOwner, lines: []string{"Consulted by Ann Berger", "In conferences: "}},
	})
	require.NotContains(t, got[ann].Properties["hs_call_body"], "Left the conference")
	require.NotContains(t, got[cho].Properties["hs_call_body"], "Left the conference")
	ann.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_ENDED", "CALL_COMPLETED")
	bob.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_TRANSFERRED", "CALL_ENDED", "CALL_COMPLETED")
	cho.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_ENDED", "CALL_COMPLETED")
}

// Who owns a conference makes another one the owner: both have a reason to give.
func TestTogetherHandOverAConference(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	ann, bob := w.begin(t, "ann", "1001"), w.begin(t, "bob", "1002")
	id := ann.talk(w)
	ann.consults(w, id, "Bob Castle", bob, "bob")
	ann.panel.act("#merge")
	bob.panel.onTheLine("3")

	ann.panel.act("#hand-over")
	ann.panel.wrapUp("Follow-up needed", "Bob has it.")
	bob.panel.screen("in-call")
	w.customer(id, "hangup")
	bob.panel.wrapUp("Sale", "Sold after all.")

	w.handled(t, id, map[*host]leg{
		ann: {owner: annOwner, lines: []string{"Bob has it.", "In conferences: ", "Handed over to Bob Castle (agent)", "Wrap-up reason: Follow-up needed"}},
		bob: {owner: bobOwner, lines: []string{"Sold after all.", "In conferences: ", " with Ann Berger", "Wrap-up reason: Sale"}},
	})
	ann.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_TRANSFERRED", "CALL_ENDED", "CALL_COMPLETED")
	bob.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_ENDED", "CALL_COMPLETED")
}

func TestTogetherCustomerHangsUpInAConference(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	ann, bob := w.begin(t, "ann", "1001"), w.begin(t, "bob", "1002")
	id := ann.talk(w)
	ann.consults(w, id, "Bob Castle", bob, "bob")
	ann.panel.act("#merge")
	bob.panel.onTheLine("3")

	w.customer(id, "hangup")
	bob.panel.screen("idle")
	ann.panel.wrapUp("Sale", "Hung up on both.")

	w.handled(t, id, map[*host]leg{
		ann: {owner: annOwner, lines: []string{"Hung up on both.", "In conferences: ", " with Bob Castle", "Wrap-up reason: Sale"}},
		bob: {owner: bobOwner, lines: []string{"Consulted by Ann Berger", "In conferences: "}},
	})
	for _, h := range []*host{ann, bob} {
		h.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_ENDED", "CALL_COMPLETED")
	}
}

func TestTogetherConsultTransfer(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	walkTransfer(t, w, w.begin(t, "ann", "1001"), w.begin(t, "bob", "1002"))
}

// walkTransfer is a consult that ends in a transfer.
func walkTransfer(t *testing.T, w *world, ann, bob *host) {
	t.Helper()
	id := ann.talk(w)
	ann.consults(w, id, "Bob Castle", bob, "bob")

	ann.panel.act("#complete")
	bob.panel.screen("in-call")
	ann.panel.wrapUp("Follow-up needed", "For Bob.")
	bob.panel.act("#end")
	bob.panel.wrapUp("Sale", "From Ann.")

	got := w.handled(t, id, map[*host]leg{
		ann: {owner: annOwner, lines: []string{"For Bob.", "In consults: ", "Transferred to Bob Castle (agent) after a consult", "Wrap-up reason: Follow-up needed"}},
		bob: {owner: bobOwner, lines: []string{"From Ann.", "Wrap-up reason: Sale"}},
	})
	require.NotContains(t, got[bob].Properties["hs_call_body"], "Consulted by", "the call is his own")
	ann.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_TRANSFERRED", "CALL_ENDED", "CALL_COMPLETED")
	bob.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_ENDED", "CALL_COMPLETED")
}

// A call is given away unasked after a second press of the same button. With
// the setting, HubSpot's owner of the activity goes with the call.
func TestTogetherBlindTransfer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tab, to, line string
		follows       bool
		annsOwner     string
	}{
		"to a queue":             {"Queues", "Sales", "Transferred to Sales (queue)", false, annOwner},
		"to an agent":            {"Agents", "Bob Castle", "Transferred to Bob Castle (agent)", false, annOwner},
		"to a queue, with owner": {"Queues", "Sales", "Transferred to Sales (queue)", true, bobOwner},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := sandbox(t)
			if c.follows {
				w.ask("POST", "/settings", fields{"ownerFollowsTransfer": true}, nil)
			}
			ann, bob := w.begin(t, "ann", "1001"), w.begin(t, "bob", "1002")
			id := ann.talk(w)

			button := ann.panel.target(c.tab, c.to, "transfer")
			ann.panel.press(button)
			ann.panel.shows("Transfer now")
			require.Zero(t, w.count("webexcc", "POST", "/transfer", 0), "one press asks")
			ann.panel.press(button)
			ann.panel.screen("wrap-up")
			bob.panel.screen("incoming")
			bob.panel.shows("Maria Silva")
			w.pickUp(id, "bob")
			bob.panel.screen("in-call")
			ann.panel.wrapUp("Wrong number", "Not for me.")
			bob.panel.act("#end")
			bob.panel.wrapUp("Sale", "For me.")

			w.handled(t, id, map[*host]leg{
				ann: {owner: c.annsOwner, lines: []string{"Not for me.", c.line, "Wrap-up reason: Wrong number"}},
				bob: {owner: bobOwner, lines: []string{"For me.", "Wrap-up reason: Sale"}},
			})
			require.Equal(t, 1, w.count("webexcc", "POST", "/transfer", 0))
			ann.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_TRANSFERRED", "CALL_ENDED", "CALL_COMPLETED")
			bob.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_ENDED", "CALL_COMPLETED")
		})
	}
}

func TestTogetherConsultThatFails(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	ann, bob := w.begin(t, "ann", "1001"), w.begin(t, "bob", "1002")
	id := ann.talk(w)

	// Accepted, then refused: nobody's phone rings, the customer never waited.
	w.fault(fields{"target": "webexcc", "match": "consult", "status": 202, "times": 1})
	ann.panel.press(ann.panel.target("Agents", "Bob Castle", "consult"))
	ann.panel.shows("Bob Castle could not be reached")
	ann.panel.shows("The customer is still with you.")
	ann.panel.screen("in-call")
	bob.panel.screen("idle")

	// Bob lets it ring: the customer waits, and one press takes them back.
	ann.panel.press(".banner .icon-btn")
	ann.panel.hides("could not be reached")
	ann.panel.press(ann.panel.target("Agents", "Bob Castle", "consult"))
	ann.panel.screen("consulting")
	bob.panel.screen("incoming")
	w.ask("POST", "/interactions/"+id+"/phone", fields{"phone": "bob", "action": "no-answer"}, nil)
	ann.panel.shows("Bob Castle could not be reached")
	ann.panel.screen("on-hold")
	bob.panel.screen("missed")
	ann.panel.act("#resume")
	ann.panel.screen("in-call")
	ann.panel.act("#end")
	ann.panel.wrapUp("Follow-up needed", "Without Bob.")

	got := w.handled(t, id, map[*host]leg{
		ann: {owner: annOwner, lines: []string{"Without Bob.", "On hold: ", "Wrap-up reason: Follow-up needed"}},
		bob: {owner: bobOwner, lines: []string{"not answered"}, missed: true},
	})
	require.NotContains(t, got[ann].Properties["hs_call_body"], "In consults")
	ann.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_ENDED", "CALL_COMPLETED")
	bob.told("INCOMING_CALL", "CALL_ENDED", "CALL_COMPLETED")
}
