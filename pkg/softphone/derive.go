package softphone

import (
	"cmp"
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
	case i.leftBehind(self):
		return Done, legs
	}

	switch {
	case legs.ConsultID != "" && own.ConsultState != "consultCompleted" && own.ConsultState != "conferencing":
		if legs.ConsultJoined || legs.Consulted {
			return ConsultingP, legs
		}
		return ConsultRinging, legs
	case legs.Queued:
		return ConsultRinging, legs
	case legs.Child:
		return ConsultingP, legs
	case legs.Agents >= 2:
		return Conference, legs
	case i.State == "consulting" && !legs.OtherConsult && own.ConsultState != "consultCompleted":
		return ConsultingP, legs // The leg may be missing from the copy.
	case outdial && customerRings(i):
		// Inferred: the vendor does not say how the customer's answer is told.
		return Dialing, legs
	case legs.MainHeld || i.State == "hold":
		return Held, legs
	default:
		return Talking, legs
	}
}

// leftBehind says that a consulted agent is on no leg any more.
func (i Interaction) leftBehind(self string) bool {
	own := i.Participants[self]
	if !own.Consulted || i.Relationship == "consult" || len(i.Media) == 0 {
		return false
	}
	switch own.ConsultState {
	case "consultInitiated", "consultReserved", "consulting", "conferencing":
		return false // The legs of the copy may be behind.
	}
	for _, media := range i.Media {
		if slices.Contains(media.Participants, self) {
			return false
		}
	}
	return true
}

// inMain says whether an agent is on the main leg.
func (i Interaction) inMain(id string) bool {
	main, ok := i.main()
	return ok && slices.Contains(main.Participants, id)
}

// main is the leg with the customer, under the interaction's own id where that
// is given.
func (i Interaction) main() (Media, bool) {
	if m, ok := i.Media[string(i.ID)]; ok && !m.Consult {
		return m, true
	}
	for _, key := range slices.Sorted(maps.Keys(i.Media)) {
		if m := i.Media[key]; !m.Consult {
			return m, true
		}
	}
	return Media{}, false
}

func deriveLegs(self string, i Interaction) Legs {
	own := i.Participants[self]
	legs := Legs{
		Joined: own.Joined && !own.Left, Owner: i.Owner == self && self != "",
		Child: i.Relationship == "consult" && i.Parent != "" && i.Parent != i.ID,
	}
	legs.Consulted = own.Consulted && !legs.Owner || legs.Child
	main, _ := i.main()
	legs.MainID, legs.MainHeld, legs.MainHeldAt = main.ID, main.Held, main.HeldAt
	var consult Media
	for _, key := range slices.Sorted(maps.Keys(i.Media)) {
		switch media := i.Media[key]; {
		case !media.Consult:
		case !slices.Contains(media.Participants, self):
			legs.OtherConsult = true
		default:
			consult = media
			legs.ConsultID, legs.ConsultHeld, legs.ConsultHeldAt = media.ID, media.Held, media.HeldAt
			if p, ok := i.peer(self, media); ok {
				legs.ConsultPeer, legs.ConsultPeerName = p.ID, p.Name
				// A dial number is not always said to have joined; the state says so.
				legs.ConsultJoined = p.Joined || i.State == "consulting" && phoneOnly(p.Kind)
			}
			// One who asks from within a conference, where a colleague's
			// question has brought him, is not the one who is asked.
			legs.Consulted = legs.Consulted && (legs.Child || !i.inMain(self))
		}
	}
	legs.Parties = i.parties(self, main, consult)
	for _, p := range legs.Parties {
		switch {
		case !p.Main:
		case p.Kind == Customer:
			legs.Customer = true
		case p.Joined || p.Kind == EntryPoint:
			legs.Agents++
		}
	}
	if len(main.Participants) == 0 {
		legs.Customer = i.customerThere() // A copy that lists nobody says nothing.
	}
	legs.Queued = i.ConsultQueued && legs.ConsultID == "" && i.inMain(self) &&
		(own.ConsultState == "consultInitiated" || legs.Owner)
	return legs
}

func phoneOnly(k PartyKind) bool { return k == DialNumber || k == EntryPoint }

// peer finds the other side of a consult leg. In teams with shared numbers the
// leg lists a dial number while the participant has a key of its own. A party
// that is on the leg but nowhere else has nothing but its id.
func (i Interaction) peer(self string, media Media) (Participant, bool) {
	for _, id := range media.Participants {
		if id != self {
			return i.party(id), true
		}
	}
	return Participant{}, false
}

// party resolves an id that a leg lists.
func (i Interaction) party(id string) Participant {
	if p, ok := i.Participants[id]; ok {
		p.ID, p.Joined = id, p.Joined && !p.Left
		return p
	}
	for _, key := range slices.Sorted(maps.Keys(i.Participants)) {
		if p := i.Participants[key]; p.Number == id {
			p.ID, p.Joined = key, p.Joined && !p.Left
			return p
		}
	}
	return Participant{ID: id, Kind: Other}
}

// parties are all who are on the main leg or on our consult: the customer
// first, then by the time they joined. Those who only listen are not shown.
func (i Interaction) parties(self string, main, consult Media) []Party {
	var found []Participant
	var out []Party
	for _, ids := range [][]string{main.Participants, consult.Participants} {
		for _, id := range ids {
			p := i.party(id)
			_, known := i.Participants[p.ID]
			if p.Left || p.Kind == Supervisor || p.Kind == VirtualIVR || !known && slices.Contains(main.Participants, id) ||
				slices.ContainsFunc(found, func(q Participant) bool { return q.ID == p.ID }) {
				continue
			}
			found = append(found, p)
		}
	}
	slices.SortFunc(found, byAppearance)
	for _, p := range found {
		out = append(out, Party{
			ID: p.ID, Kind: p.Kind, Name: p.Name, Number: p.Number, Self: p.ID == self, Owner: p.ID == i.Owner, Joined: p.Joined,
			Main: slices.ContainsFunc(main.Participants, func(id string) bool { return i.party(id).ID == p.ID }),
		})
	}
	return out
}

// byAppearance orders parties: the customer, then those who joined, in the
// order they did, then those who have not.
func byAppearance(a, b Participant) int {
	rank := func(p Participant) int {
		switch {
		case p.Kind == Customer:
			return 0
		case p.Joined:
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), a.JoinedAt.Compare(b.JoinedAt), cmp.Compare(a.ID, b.ID))
}

func customerRings(i Interaction) bool {
	for _, p := range i.Participants {
		if p.Kind == Customer && !p.Left {
			return !p.Joined
		}
	}
	return false
}

// consulted is whom a consult transfer or a conference goes to: the other side
// of our consult leg, never what somebody typed (webexcc-agent-api §4.5).
func (i Interaction) consulted(self string) (Target, bool) {
	for _, key := range slices.Sorted(maps.Keys(i.Media)) {
		media := i.Media[key]
		if !media.Consult || !slices.Contains(media.Participants, self) {
			continue
		}
		p, ok := i.peer(self, media)
		if !ok {
			return Target{}, false
		}
		to := Target{Kind: ToAgent, ID: cmp.Or(i.Participants[p.ID].ID, p.ID), Name: p.Name}
		switch p.Kind {
		case DialNumber:
			to.Kind = ToNumber
		case EntryPoint:
			to.Kind = ToEntryPoint
		}
		if p.Entry != "" {
			to.ID = p.Entry
		}
		return to, to.ID != ""
	}
	return Target{}, false
}
