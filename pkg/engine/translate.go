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
		Relationship: details[webexcc.DetailRelationshipType],
		RonaTimeout:  ronaTimeout(d),
		CreatedAt:    w.CreatedTimestamp.Time(),
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
	kind := kindOf(p)
	return softphone.Participant{
		ID: cmp.Or(p.ID, id), Kind: kind, Name: string(p.Name), Number: string(p.DN),
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
		if name == keyAttribute || !v.AgentViewable.Or(true) {
			continue
		}
		out = append(out, softphone.Variable{
			Name: name, Label: cmp.Or(string(v.DisplayName), name), Value: string(v.Value),
			Editable: v.AgentEditable.Is(), Secure: v.IsSecure.Is(),
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
		Interaction: interaction(t.Data), Reason: string(t.Data.Reason),
	}
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

func profile(c backend.Config) softphone.Profile {
	p := softphone.Profile{
		DefaultNumber: c.DefaultNumber, ForceDefault: c.ForceDefault, DialNumberPattern: c.DialNumberPattern,
		OutdialEnabled: c.OutdialEnabled, EndCallEnabled: c.EndCallEnabled, AutoWrapUp: c.AutoWrapUp,
		AutoWrapAfter: time.Duration(c.AutoWrapAfterMs) * time.Millisecond, MaskSensitive: c.MaskSensitive,
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

func matches(in []backend.Match) []softphone.Match {
	out := make([]softphone.Match, 0, len(in))
	for _, m := range in {
		out = append(out, match(m))
	}
	return out
}

func match(m backend.Match) softphone.Match {
	return softphone.Match{Record: softphone.RecordRef(m.Record), Email: m.Email, Company: m.Company, Why: m.Why}
}

func toBackend(r softphone.Record) backend.Record {
	out := backend.Record{
		Key: string(r.Key), Revision: r.Revision, InteractionID: string(r.InteractionID),
		Channel: string(r.Channel), Direction: string(r.Direction), Number: r.Number, Ours: r.Ours,
		Queue: r.Queue, Name: r.Name, Phase: string(r.Phase), Outcome: string(r.Outcome),
		StartedAt: millis(r.StartedAt), AnsweredAt: millis(r.AnsweredAt), EndedAt: millis(r.EndedAt),
		HoldMs: r.HoldTotal.Milliseconds(), Notes: r.Notes, CodeID: r.CodeID, CodeName: r.CodeName,
		PortalID: r.PortalID, HostCreates: r.HostCreates, EngagementID: r.EngagementID,
		Stage: int(r.Stage), Popped: r.Popped, Final: r.Final,
	}
	if r.Record != nil {
		ref := backend.Ref(*r.Record)
		out.Record = &ref
	}
	return out
}

func fromBackend(s backend.Interaction) softphone.Record {
	r := s.Record
	out := softphone.Record{
		Key: softphone.CallKey(r.Key), Revision: r.Revision, InteractionID: softphone.InteractionID(r.InteractionID),
		Channel: softphone.Channel(r.Channel), Direction: softphone.Direction(r.Direction), Number: r.Number, Ours: r.Ours,
		Queue: r.Queue, Name: r.Name, Phase: softphone.Phase(r.Phase), Outcome: softphone.Outcome(r.Outcome),
		StartedAt: moment(r.StartedAt), AnsweredAt: moment(r.AnsweredAt), EndedAt: moment(r.EndedAt),
		HoldTotal: time.Duration(r.HoldMs) * time.Millisecond, Notes: r.Notes, CodeID: r.CodeID, CodeName: r.CodeName,
		PortalID: r.PortalID, HostCreates: r.HostCreates, EngagementID: r.EngagementID,
		Stage: softphone.Stage(r.Stage), Popped: r.Popped, Final: r.Final, Receipt: receipt(s.Receipt),
	}
	if r.Record != nil {
		ref := softphone.RecordRef(*r.Record)
		out.Record = &ref
	}
	return out
}

func receipt(r backend.Receipt) softphone.Receipt {
	return softphone.Receipt{
		Key: softphone.CallKey(r.Key), Revision: r.Revision, State: softphone.ReceiptState(r.State), URL: r.URL, Detail: r.Detail,
	}
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
