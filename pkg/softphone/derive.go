package softphone

import (
	"maps"
	"slices"
)

// derive is the one place where Webex's interaction becomes a phase and legs.
// It serves notifications, snapshots and the Agent Desktop alike.
//
// The order of the tests is that of the vendor's own hydration rules: wrap-up
// first, then who has joined, then consult, conference, hold.
func derive(self string, i Interaction) (Phase, Legs) {
	legs := deriveLegs(self, i)
	own, here := i.Participants[self]
	outdial := i.Outbound && i.OutdialAgent == self

	switch {
	case own.WrappedUp:
		return Done, legs
	case own.WrapUp || slices.Contains(i.PendingWrapUp, self):
		return WrapUp, legs
	case i.Terminated:
		// agentsPendingWrapUp, where given, is the last word. Without it an
		// owner who was connected owes a wrap-up; an outdial that nobody
		// answered does not (SDK issue 4657).
		if len(i.PendingWrapUp) == 0 && own.Joined && i.Owner == self && i.State == "wrapUp" {
			return WrapUp, legs
		}
		return Done, legs
	case here && own.Left:
		return Done, legs
	case !own.Joined:
		switch {
		case outdial:
			return Dialing, legs
		case here || i.State == "" || i.State == "new":
			return Ringing, legs
		default:
			return Done, legs
		}
	}

	switch {
	case own.ConsultState == "conferencing":
		return Conference, legs
	case legs.ConsultID != "" && own.ConsultState != "consultCompleted":
		if legs.ConsultJoined || legs.Consulted || i.State == "consulting" {
			return ConsultingP, legs
		}
		return ConsultRinging, legs
	case i.State == "consulting" || i.Relationship == "consult":
		return ConsultingP, legs
	case legs.Agents >= 2 || i.State == "conference":
		return Conference, legs
	case outdial && customerRings(i):
		// Inferred: the vendor does not say how the customer's answer is told.
		return Dialing, legs
	case legs.MainHeld || i.State == "hold":
		return Held, legs
	default:
		return Talking, legs
	}
}

func deriveLegs(self string, i Interaction) Legs {
	own := i.Participants[self]
	legs := Legs{Joined: own.Joined && !own.Left, Consulted: own.Consulted || i.Relationship == "consult"}
	for _, key := range slices.Sorted(maps.Keys(i.Media)) {
		media := i.Media[key]
		switch {
		case media.Consult && slices.Contains(media.Participants, self):
			legs.ConsultID, legs.ConsultHeld = media.ID, media.Held
			legs.ConsultPeer, legs.ConsultPeerName, legs.ConsultJoined = peer(self, i, media)
		case media.Consult: // Somebody else's consult.
		case legs.MainID == "" || key == string(i.ID):
			legs.MainID, legs.MainHeld, legs.MainHeldAt = media.ID, media.Held, media.HeldAt
			legs.Customer, legs.Agents = parties(i, media)
		}
	}
	return legs
}

// peer finds the other side of a consult leg. In teams with shared numbers the
// leg lists a dial number while the participant has a key of its own.
func peer(self string, i Interaction, media Media) (id, name string, joined bool) {
	for _, other := range media.Participants {
		if other == self {
			continue
		}
		if p, ok := i.Participants[other]; ok {
			return other, p.Name, p.Joined && !p.Left
		}
		for _, key := range slices.Sorted(maps.Keys(i.Participants)) {
			if p := i.Participants[key]; p.Number == other {
				return key, p.Name, p.Joined && !p.Left
			}
		}
		return other, "", false
	}
	return "", "", false
}

func parties(i Interaction, media Media) (customer bool, agents int) {
	for _, id := range media.Participants {
		p, known := i.Participants[id]
		switch {
		case !known || p.Left:
		case p.Kind == Customer:
			customer = true
		case p.Kind != Supervisor && p.Kind != VirtualIVR && p.Joined:
			agents++
		}
	}
	return customer, agents
}

func customerRings(i Interaction) bool {
	for _, p := range i.Participants {
		if p.Kind == Customer && !p.Left {
			return !p.Joined
		}
	}
	return false
}
