package engine

import (
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
)

// Records, to the backend and back.

func toBackend(r softphone.Record) backend.Record {
	out := backend.Record{
		Key: string(r.Key), Revision: r.Revision, InteractionID: string(r.InteractionID),
		Channel: string(r.Channel), Direction: string(r.Direction), Number: r.Number, Ours: r.Ours,
		Queue: r.Queue, Name: r.Name, Phase: string(r.Phase), Outcome: string(r.Outcome),
		StartedAt: millis(r.StartedAt), AnsweredAt: millis(r.AnsweredAt), EndedAt: millis(r.EndedAt),
		HoldMs: r.HoldTotal.Milliseconds(), Notes: r.Notes, CodeID: r.CodeID, CodeName: r.CodeName,
		MenuMs: r.MenuTime.Milliseconds(), QueueMs: r.QueueTime.Milliseconds(),
		ConferenceMs: r.Conferring.Milliseconds(), WrappedAt: millis(r.WrappedAt),
		ConsultMs: r.Consulting.Milliseconds(), Consulted: r.Consulted, Conferred: r.Conferred, Parties: r.Parties,
		PortalID: r.PortalID, HostCreates: r.HostCreates, EngagementID: r.EngagementID,
		Stage: int(r.Stage), Popped: r.Popped, Final: r.Final, NotListed: r.NotListed,
		Title: r.Title, Ticket: r.Ticket,
	}
	if r.Layout != "" {
		out.Layout = backend.Layout(r.Layout)
	}
	if r.Record != nil {
		ref := backend.Ref(*r.Record)
		out.Record = &ref
	}
	if r.Left.How != "" {
		out.Left = &backend.Departure{
			How: string(r.Left.How), Kind: string(r.Left.To.Kind), ID: r.Left.To.ID, Name: r.Left.To.Name,
		}
	}
	out.Variables = toVariables(r.Variables)
	if r.FollowUp != nil {
		out.FollowUp = &backend.FollowUp{Subject: r.FollowUp.Subject, Due: millis(r.FollowUp.Due)}
	}
	return out
}

// inLayout names the layout that a record was made under. What it began with
// holds to its end.
func (e *Engine) inLayout(r backend.Record) backend.Record {
	if len(r.Layout) == 0 {
		r.Layout = e.layout()
	}
	return r
}

func toVariables(in []softphone.Variable) []backend.Variable {
	var out []backend.Variable
	for _, v := range in {
		out = append(out, backend.Variable{Name: v.Name, Label: v.Label, Value: v.Value})
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
		HoldTotal: duration(r.HoldMs), Notes: r.Notes, CodeID: r.CodeID, CodeName: r.CodeName,
		MenuTime: duration(r.MenuMs), QueueTime: duration(r.QueueMs),
		Conferring: duration(r.ConferenceMs), WrappedAt: moment(r.WrappedAt),
		Consulting: duration(r.ConsultMs), Consulted: r.Consulted, Conferred: r.Conferred, Parties: r.Parties,
		PortalID: r.PortalID, HostCreates: r.HostCreates, EngagementID: r.EngagementID,
		Stage: softphone.Stage(r.Stage), Popped: r.Popped, Final: r.Final, NotListed: r.NotListed, Receipt: receipt(s.Receipt),
		Title: r.Title, Ticket: r.Ticket, Layout: string(r.Layout),
	}
	if r.Record != nil {
		ref := softphone.RecordRef(*r.Record)
		out.Record = &ref
	}
	if l := r.Left; l != nil {
		out.Left = softphone.Departure{
			How: softphone.DepartureKind(l.How), To: softphone.Target{Kind: softphone.TargetKind(l.Kind), ID: l.ID, Name: l.Name},
		}
	}
	for _, v := range r.Variables {
		out.Variables = append(out.Variables, softphone.Variable{Name: v.Name, Label: v.Label, Value: v.Value})
	}
	if r.FollowUp != nil {
		out.FollowUp = &softphone.FollowUp{Subject: r.FollowUp.Subject, Due: moment(r.FollowUp.Due)}
	}
	return out
}

func receipt(r backend.Receipt) softphone.Receipt {
	return softphone.Receipt{
		Key: softphone.CallKey(r.Key), Revision: r.Revision, State: softphone.ReceiptState(r.State), URL: r.URL,
		Need: r.Need, Detail: r.Detail,
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

func duration(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }
