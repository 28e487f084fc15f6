package softphone

import (
	"maps"
	"slices"
)

// What only the name of a notification says.

// byName puts it into the interaction, so that derive needs nothing else.
// before is the call as it was, zero for one that was not known.
func byName(self string, e Notified, before Call, i Interaction) Interaction {
	own := i.Participants[self]
	switch e.Name {
	case ContactReserved, OfferContact, OfferConsult:
		own.Left, own.WrapUp, own.WrappedUp = false, false, false // Left over from an earlier turn.
		own.Consulted = own.Consulted || e.Name == OfferConsult
	case WrapUpStarted, ContactUnassigned, VteamTransferred:
		own.WrapUp = !own.WrappedUp
	case BlindTransferred:
		own.WrapUp = own.WrapUp || !own.WrappedUp && talking(before.Phase)
	case ConsultTransferred:
		if !consulting(before.Phase) || before.Legs.Consulted {
			return i
		}
		own.WrapUp = !own.WrappedUp
	case WrappedUp:
		own.WrapUp, own.WrappedUp = false, true
	case ContactAssigned:
		own.Joined = true
	case Consulting:
		own.Joined = own.Joined || own.Consulted || before.Legs.Consulted
	case ConsultEnded, ConsultFailed, CtqFailed, CtqCancelled:
		return consultOver(self, before, i)
	case ParticipantLeft, ConferenceTransferred:
		if !selfLeft(self, e, before, i) {
			return i
		}
		// Who was asked and has gone owes nothing; who owned the call, or was
		// here from the start, wraps up. agentsPendingWrapUp is the last word.
		own.Left = true
		own.WrapUp = own.WrapUp || !own.WrappedUp && len(i.PendingWrapUp) == 0 && (before.Legs.Owner || !before.Legs.Consulted)
	case ConsultConferenceEnded:
		if i.inMain(self) || i.Owner == self {
			return i
		}
		own.Left = true
	case ContactEnded:
		// In a conference the customer's end is not that of the agents.
		_, legs := derive(self, i)
		i.Terminated = i.Terminated || legs.Agents < 2 || !legs.Joined
		return i
	default:
		return i
	}
	return i.with(self, own)
}

// with returns the interaction with one's own participant changed.
func (i Interaction) with(self string, own Participant) Interaction {
	if own.ID == "" {
		own.ID, own.Kind = self, AgentParty
	}
	parties := make(map[string]Participant, len(i.Participants)+1)
	maps.Copy(parties, i.Participants)
	parties[self] = own
	i.Participants = parties
	return i
}

// consultOver takes our consult out of an interaction that may still show it.
// Who was only asked is out of the call with it.
func consultOver(self string, before Call, i Interaction) Interaction {
	if before.Phase == "" {
		return i
	}
	own := i.Participants[self]
	switch {
	case before.Phase == Ringing || before.Legs.Consulted && consulting(before.Phase):
		own.Left = !i.inMain(self)
	case own.ConsultState != "" && own.ConsultState != "conferencing":
		own.ConsultState = "consultCompleted"
	}
	media := map[string]Media{}
	for key, x := range i.Media {
		if !x.Consult || !slices.Contains(x.Participants, self) {
			media[key] = x
		}
	}
	i.Media, i.ConsultQueued = media, false
	if i.State == "consult" || i.State == "consulting" {
		i.State = "" // The legs say the rest.
	}
	return i.with(self, own)
}

// selfLeft says whether a departure from a conference is our own.
func selfLeft(self string, e Notified, before Call, i Interaction) bool {
	own, here := i.Participants[self]
	switch {
	case !talking(before.Phase) || e.Party != "" && e.Party != self && here && !own.Left:
		return false
	case e.Party == self || own.Left || !here:
		return true
	}
	return e.Name == ConferenceTransferred && before.waits(OpHandOver, OpConsultTransfer)
}

// queueSettled names what ends the wait of a consult in a queue.
func queueSettled(name TaskEvent) bool {
	switch name {
	case CtqFailed, CtqCancelled, ConsultFailed, ConsultEnded:
		return true
	}
	return false
}

// mergeChild makes the leg of an entry-point or number consult, an interaction
// of its own until now, part of the main one: the call goes on under its key.
func (m *machine) mergeChild(e Notified) {
	i := e.Interaction
	child, ok := m.find(Interaction{ID: e.Child})
	if !ok || e.Child == "" || e.Child == i.ID {
		return
	}
	if _, both := m.find(i); both {
		m.finish(child)
		return
	}
	m.rebind(child, i.ID)
}

// rebind puts a call under another interaction. Who called the child was a
// colleague; the customer is the main one's, and looked up anew.
func (m *machine) rebind(key CallKey, id InteractionID) {
	m.edit(key, func(c *Call) {
		c.Interaction.ID = id
		c.At = m.s.Past[id]
		c.Number, c.Ours, c.Name, c.Display = "", "", "", ""
		c.Matching, c.Popped = Matching{}, false
		c.Card, c.CardState = Card{}, NoCard
		m.inherit(c, c.Interaction)
	})
	m.unsaved[key] = true
}
