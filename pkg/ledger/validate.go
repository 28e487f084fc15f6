package ledger

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"deskbridge/pkg/backend"
)

// The limits of what is stored. HubSpot takes 65 536 characters of notes.
const (
	maxNotes = 65536
	maxText  = 1024
	maxKey   = 512
	maxList  = 200 // Parties, variables.
)

// validate says which field of a record cannot be stored, and why.
func validate(a Agent, r backend.Record) error {
	switch {
	case a.OrgID == "" || a.AgentID == "":
		return &InvalidError{"agent", "organisation and agent are required"}
	case r.Key == "":
		return &InvalidError{"key", "is required"}
	case len(r.Key) > maxKey:
		return &InvalidError{"key", fmt.Sprintf("longer than %d bytes", maxKey)}
	case strings.ContainsFunc(r.Key, unicode.IsControl) || !utf8.ValidString(r.Key):
		return &InvalidError{"key", "holds control characters"}
	case r.Revision <= 0:
		return &InvalidError{"revision", "counts from 1"}
	case r.Direction != "INBOUND" && r.Direction != "OUTBOUND":
		return &InvalidError{"direction", "want INBOUND or OUTBOUND"}
	case utf8.RuneCountInString(r.Notes) > maxNotes:
		return &InvalidError{"notes", fmt.Sprintf("longer than %d characters", maxNotes)}
	}
	for _, d := range []struct {
		field string
		ms    int64
	}{
		{"holdMs", r.HoldMs}, {"consultMs", r.ConsultMs}, {"menuMs", r.MenuMs}, {"queueMs", r.QueueMs},
		{"conferenceMs", r.ConferenceMs},
	} {
		if d.ms < 0 {
			return &InvalidError{d.field, "is negative"}
		}
	}
	switch r.Outcome {
	case "", "COMPLETED", "FAILED", "CANCELED", "BUSY", "NO_ANSWER", "REJECTED", "MISSED":
	default:
		return &InvalidError{"outcome", "unknown"}
	}
	for _, t := range []struct {
		field string
		value int64
	}{{"startedAt", r.StartedAt}, {"answeredAt", r.AnsweredAt}, {"endedAt", r.EndedAt}, {"wrappedAt", r.WrappedAt}} {
		if !isTime(t.value) {
			return &InvalidError{t.field, "not a time in ms since 1970"}
		}
	}
	for field, text := range map[string]string{
		"interactionId": r.InteractionID, "channel": r.Channel, "number": r.Number, "ours": r.Ours,
		"queue": r.Queue, "name": r.Name, "phase": r.Phase, "codeId": r.CodeID, "codeName": r.CodeName, "title": r.Title,
		"portalId": r.PortalID, "engagementId": r.EngagementID,
	} {
		if utf8.RuneCountInString(text) > maxText {
			return &InvalidError{field, fmt.Sprintf("longer than %d characters", maxText)}
		}
	}
	if err := validateParties(r); err != nil {
		return err
	}
	if e := r.EngagementID; e != "" && !decimal(e) {
		return &InvalidError{"engagementId", "not a decimal id"}
	}
	if ref := r.Record; ref != nil {
		if !decimal(ref.ObjectID) {
			return &InvalidError{"record.objectId", "not a decimal id"}
		}
		if !typeID(ref.ObjectTypeID) {
			return &InvalidError{"record.objectTypeId", "not an object type such as 0-1"}
		}
	}
	return nil
}

// validateParties is about who else was in the call, its variables and what is
// to follow.
func validateParties(r backend.Record) error {
	long := func(text string) bool { return utf8.RuneCountInString(text) > maxText }
	if l := r.Left; l != nil {
		switch l.How {
		case "blind", "consult", "conference", "handover":
		default:
			return &InvalidError{"left.how", "want blind, consult, conference or handover"}
		}
		switch l.Kind {
		case "", "agent", "queue", "dialNumber", "entryPoint":
		default:
			return &InvalidError{"left.kind", "want agent, queue, dialNumber or entryPoint"}
		}
		if long(l.ID) || long(l.Name) {
			return &InvalidError{"left", fmt.Sprintf("longer than %d characters", maxText)}
		}
	}
	if len(r.Parties) > maxList || slices.ContainsFunc(r.Parties, long) {
		return &InvalidError{"parties", fmt.Sprintf("more than %d, or a name longer than %d characters", maxList, maxText)}
	}
	if len(r.Variables) > maxList {
		return &InvalidError{"variables", fmt.Sprintf("more than %d", maxList)}
	}
	for _, v := range r.Variables {
		if v.Name == "" || long(v.Name) || long(v.Label) || utf8.RuneCountInString(v.Value) > maxNotes {
			return &InvalidError{"variables", "one has no name or is too long"}
		}
	}
	if f := r.FollowUp; f != nil {
		// One that is being typed has no subject yet; that is no reason to lose notes.
		switch {
		case long(f.Subject):
			return &InvalidError{"followUp.subject", fmt.Sprintf("longer than %d characters", maxText)}
		case !isTime(f.Due):
			return &InvalidError{"followUp.due", "not a time in ms since 1970"}
		}
	}
	return nil
}

// isTime says whether ms since 1970 are no later than the year 9999.
func isTime(ms int64) bool { return ms >= 0 && ms <= 253402300799999 }

// decimal keeps what goes into a URL's path to digits.
func decimal(s string) bool {
	if s == "" || len(s) > 20 {
		return false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func typeID(s string) bool {
	for i, c := range s {
		if c == '-' && i > 0 {
			return decimal(s[:i]) && decimal(s[i+1:])
		}
	}
	return false
}
