package engine

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

// Between the wire's types and the softphone's: one function per type.

func interaction(d webexcc.TaskData) softphone.Interaction {
	w := d.Interaction
	details := w.CallProcessingDetails
	i := softphone.Interaction{
		ID: softphone.InteractionID(d.ID()), MainID: softphone.InteractionID(w.MainInteractionID),
		Channel: softphone.Channel(w.MediaType), State: w.State, Owner: string(w.Owner),
		Outbound: w.ContactDirection.Type == webexcc.Outbound, OutdialAgent: details[webexcc.DetailOutdialAgentID],
		CallID:     softphone.CallKey(attribute(w, keyAttribute)),
		Terminated: w.IsTerminated.Is() || w.State == webexcc.StateTerminated,
		QueueName:  cmp.Or(string(d.QueueName), details[webexcc.DetailVirtualTeamName]),
		ANI:        details[webexcc.DetailANI], DNIS: details[webexcc.DetailDNIS],
		CustomerName: details[webexcc.DetailCustomerName],
		Relationship: details[webexcc.DetailRelationshipType], ConsultQueued: details.Bool(webexcc.DetailCtqInProgress).Is(),
		RonaTimeout: ronaTimeout(d),
		CreatedAt:   w.CreatedTimestamp.Time(), QueuedAt: w.QueuedTimestamp.Time(),
		Recording: softphone.Recording{
			Started:    details.Bool(webexcc.DetailRecordingStarted).Is(),
			InProgress: details.Bool(webexcc.DetailRecordInProgress).Is(),
			Paused:     paused(details),
			MayPause:   details.Bool(webexcc.DetailPauseResumeEnabled).Is(),
		},
		Participants: map[string]softphone.Participant{},
		Media:        map[string]softphone.Media{},
		Variables:    variables(w.CallAssociatedData),
	}
	if d.AgentsPendingWrapUp != nil {
		i.PendingWrapUp = d.AgentsPendingWrapUp
	}
	if parent := cmp.Or(string(w.ParentInteractionID), details[webexcc.DetailParentInteractionID]); parent != string(i.ID) {
		i.Parent = softphone.InteractionID(parent)
	}
	for id, p := range w.Participants {
		i.Participants[id] = participant(id, p)
		if k := i.Participants[id].Kind; k == softphone.Customer {
			if i.Outbound {
				// The customer of an outdial is its destination; ani and dnis
				// are what carrier and flow make of it.
				i.ANI, i.DNIS = p.ID, cmp.Or(details[webexcc.DetailANI], i.DNIS)
				if i.DNIS == i.ANI {
					i.DNIS = details[webexcc.DetailDNIS]
				}
			} else if i.ANI == "" {
				i.ANI = p.ID
			}
		}
	}
	for id, m := range w.Media {
		i.Media[id] = softphone.Media{
			ID: cmp.Or(m.MediaResourceID, id), Consult: m.MType == webexcc.ConsultCall,
			Held: m.IsHold.Is(), HeldAt: m.HoldTimestamp.Time(), Participants: m.Participants,
		}
	}
	return i
}

// paused prefers what is captured now over the older pause flag.
func paused(details webexcc.CallProcessingDetails) bool {
	if details.Bool(webexcc.DetailIsPaused).Is() {
		return true
	}
	now := details.Bool(webexcc.DetailRecordInProgress)
	return details.Bool(webexcc.DetailRecordingStarted).Is() && now != webexcc.Absent && !now.Is()
}

func ronaTimeout(d webexcc.TaskData) time.Duration {
	if d.RonaTimeout > 0 {
		return time.Duration(d.RonaTimeout) * time.Second
	}
	return time.Duration(d.Interaction.CallProcessingDetails.Int(webexcc.DetailRonaTimeout)) * time.Second
}

// attribute finds an outdial's attribute wherever Webex put it.
func attribute(w webexcc.Interaction, name string) string {
	return cmp.Or(w.CallAssociatedDetails[name], string(w.CallAssociatedData[name].Value), w.CallProcessingDetails[name])
}

func participant(id string, p webexcc.Participant) softphone.Participant {
	kind, entry := kindOf(p), ""
	if p.Type == webexcc.TypeEpDn {
		entry = string(p.EpID) // What commands name it by.
	}
	return softphone.Participant{
		ID: cmp.Or(p.ID, id), Kind: kind, Name: string(p.Name), Number: string(p.DN), Entry: entry,
		// A customer who is on the line is not always said to have joined.
		Joined: p.HasJoined.Or(kind == softphone.Customer), Left: p.HasLeft.Is(),
		WrapUp: p.IsWrapUp.Is(), WrappedUp: p.IsWrappedUp.Is(), Consulted: p.IsConsulted.Is(),
		ConsultState: string(p.ConsultState), JoinedAt: p.JoinTimestamp.Time(),
	}
}

func kindOf(p webexcc.Participant) softphone.PartyKind {
	switch strings.ToLower(p.PType) {
	case "customer":
		return softphone.Customer
	case "agent":
		return softphone.AgentParty
	case "supervisor":
		return softphone.Supervisor
	case "vva":
		return softphone.VirtualIVR
	case "dn":
		return softphone.DialNumber
	case "ep-dn", "epdn":
		return softphone.EntryPoint
	}
	if strings.EqualFold(p.Type, "customer") {
		return softphone.Customer
	}
	return softphone.Other
}

func variables(data map[string]webexcc.CADVariable) []softphone.Variable {
	var out []softphone.Variable
	for name, v := range data {
		if name == keyAttribute {
			continue
		}
		out = append(out, softphone.Variable{
			Name: name, Label: cmp.Or(string(v.DisplayName), name), Value: string(v.Value),
			Editable: v.AgentEditable.Is(), Secure: v.IsSecure.Is(), Hidden: !v.AgentViewable.Or(true),
		})
	}
	slices.SortFunc(out, func(a, b softphone.Variable) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func notified(t webexcc.Task, generation uint64) softphone.Notified {
	return softphone.Notified{
		Name: softphone.TaskEvent(t.Type), Generation: generation, At: t.Data.EventTime.Time(),
		Interaction: interaction(t.Data), Child: softphone.InteractionID(t.Data.ChildInteractionID),
		Party: string(t.Data.ParticipantID), Reason: string(t.Data.Reason),
	}
}

// buddies answers ListBuddies. A failed list is a failed command: nothing else
// would let the panel ask again.
func buddies(n webexcc.Buddies) softphone.Event {
	if n.Failed() {
		return softphone.CommandFailed{Command: softphone.ListBuddies{}, Code: softphone.CommandRefused, Detail: string(n.Data.Reason)}
	}
	out := softphone.BuddiesListed{Agents: make([]softphone.Buddy, 0, len(n.Data.AgentList))}
	for _, b := range n.Data.AgentList {
		out.Agents = append(out.Agents, softphone.Buddy{
			ID: b.AgentID, Name: string(b.AgentName), Team: string(b.TeamID), State: string(b.State), Number: string(b.DN),
			Available: strings.EqualFold(string(b.State), webexcc.Available),
		})
	}
	return out
}

func station(s webexcc.Session) softphone.Station {
	since := s.LastStateChangeTimestamp
	if idle := s.LastIdleCodeChangeTimestamp; s.SubStatus == webexcc.Idle && idle > since {
		since = idle
	}
	return softphone.Station{
		Option: softphone.LoginOption(s.DeviceType), Number: cmp.Or(string(s.DialNumber), string(s.DN), string(s.DeviceID)),
		TeamID: string(s.TeamID), Available: s.SubStatus == webexcc.Available, AuxCodeID: string(s.AuxCodeID),
		Since: since.Time(),
	}
}

func stateChanged(s webexcc.Session) softphone.StateChanged {
	st := station(s)
	return softphone.StateChanged{
		Available: st.Available, AuxCodeID: st.AuxCodeID, Since: st.Since,
		Reason: string(s.LastStateChangeReason), ChangedBy: string(s.ChangedByName),
	}
}

// ---- backend

func tenantSettings(s backend.Settings) softphone.Settings {
	return softphone.Settings{
		PopAt: s.PopAt, PopIn: s.PopIn, LogMissed: s.LogMissed, Region: s.Region,
		MatchDeadline: duration(s.MatchDeadlineMs), Language: s.Language, Theme: s.Theme,
		PopAtOutbound: s.PopAtOutbound, PreferRecent: s.PreferRecent, Locked: s.Locked,
		PortalID: s.PortalID, AppURL: s.AppURL,
		OutdialANI: s.OutdialANI, StripOutdialPrefixes: s.StripOutdialPrefixes, NoLiveNotes: s.NoLiveNotes, EditTitle: s.EditTitle,
		TicketButton: s.TicketButton, PanelWidth: s.PanelWidth, NoStateSync: s.NoStateSync,
	}
}

func profile(c backend.Config) softphone.Profile {
	p := softphone.Profile{
		DefaultNumber: c.DefaultNumber, ForceDefault: c.ForceDefault, DialNumberPattern: c.DialNumberPattern,
		OutdialEnabled: c.OutdialEnabled, EndCallEnabled: c.EndCallEnabled, AutoWrapUp: c.AutoWrapUp,
		AutoWrapAfter: duration(c.AutoWrapAfterMs), AutoWrapExtend: c.AutoWrapExtend,
		EndConsultEnabled: c.EndConsultEnabled, ConsultToQueue: c.ConsultToQueue,
		MaskSensitive: c.MaskSensitive, PrivacyShield: c.PrivacyShield, HideVariables: c.HideVariables,
		AddressBook: c.AddressBook, Inactivity: duration(c.InactivityMs),
	}
	for _, o := range c.LoginOptions {
		p.LoginOptions = append(p.LoginOptions, softphone.LoginOption(o))
	}
	for _, t := range c.Teams {
		p.Teams = append(p.Teams, softphone.Named(t))
	}
	for _, code := range c.IdleCodes {
		if code.ID != webexcc.AvailableCode {
			p.IdleCodes = append(p.IdleCodes, softphone.Code(code))
		}
	}
	for _, code := range c.WrapUpCodes {
		p.WrapUpCodes = append(p.WrapUpCodes, softphone.Code(code))
	}
	for _, ani := range c.OutdialANIs {
		p.OutdialANIs = append(p.OutdialANIs, softphone.ANI(ani))
	}
	return p
}
