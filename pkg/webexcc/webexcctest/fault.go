package webexcctest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"deskbridge/pkg/webexcc"
)

// A Fault lets matching commands go wrong. Match is an operation: login, logout,
// state, outdial, accept, hold, unhold, record/pause, record/resume, consult,
// consult/end, consult/transfer, consult/conference, conference/exit,
// conference/transfer, transfer, end, wrapup; reload, buddyList, reject, assign,
// consult/accept, cancelCtq and conference/participants/drop work too.
//
// A delay comes first. Then the connection is cut if Drop is set, before the
// command is carried out; or Status decides: from 400 on it is the answer, 202
// means that the command is accepted and its failure notified, or, if Silent is
// set, that nothing is heard of it again. None of them lets the command take
// place. 429 comes with a Retry-After of a second.
type Fault struct {
	Match     string `json:"match"`
	Status    int    `json:"status,omitempty"`
	ErrorType string `json:"errorType,omitempty"` // errorType of the answer, or reason of the notification.
	DelayMs   int    `json:"delayMs,omitempty"`
	Drop      bool   `json:"drop,omitempty"`
	Silent    bool   `json:"silent,omitempty"` // With Status 202.
	Times     int    `json:"times,omitempty"`  // How many requests; at least 1.
}

func (f *Fault) reason() string {
	if f.ErrorType == "" {
		return "INTERNAL_ERROR"
	}
	return f.ErrorType
}

// faultable are the operations that a Fault may name.
var faultable = []string{
	"login", "logout", "state", "reload", "buddyList", "outdial", "accept", "reject", "assign", "hold", "unhold", "record/pause", "record/resume",
	"consult", "consult/accept", "consult/end", "consult/transfer", "consult/conference", "conference/exit", "conference/transfer",
	"transfer", "end", "wrapup", "cancelCtq", dropOperation,
}

// dropOperation is conference/participants/{id}/drop, whoever it is about.
const dropOperation = "conference/participants/drop"

// AddFault adds a fault to those that wait. It returns ErrInvalid for an
// operation or a status that can never match.
func (s *Server) AddFault(f Fault) error {
	if !slices.Contains(faultable, f.Match) || f.DelayMs < 0 || f.Status != 0 && f.Status != http.StatusAccepted && (f.Status < 400 || f.Status > 599) ||
		f.Silent && f.Status != http.StatusAccepted {
		return ErrInvalid
	}
	f.Times = max(f.Times, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
	return nil
}

// faultFor takes one turn of the first fault that matches, and says which life
// of the server it was.
func (s *Server) faultFor(op string) (fault *Fault, epoch int) {
	if strings.HasPrefix(op, "conference/participants/") {
		op = dropOperation
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, f := range s.faults {
		if f.Match != op {
			continue
		}
		if f.Times--; f.Times == 0 {
			s.faults = slices.Delete(s.faults, n, n+1)
		}
		taken := *f
		return &taken, s.epoch
	}
	return nil, s.epoch
}

// suffer delays, cuts or refuses, and reports whether the request goes on.
func (s *Server) suffer(w http.ResponseWriter, r *http.Request, f *Fault) bool {
	if f == nil {
		return true
	}
	if f.DelayMs > 0 {
		over := make(chan struct{})
		stop := s.cfg.AfterFunc(time.Duration(f.DelayMs)*time.Millisecond, func() { close(over) })
		select {
		case <-over:
		case <-r.Context().Done():
			stop()
			return false
		}
	}
	switch {
	case f.Drop:
		if watch, ok := w.(*witness); ok {
			watch.tell(0)
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil { // HTTP/2: an error is the nearest thing.
			s.refuse(w, r, &refusal{http.StatusBadGateway, "Bad Gateway", "connection cut"})
			return false
		}
		_ = conn.Close()
		return false
	case f.Status >= 400:
		typ := f.ErrorType
		if typ == "" {
			typ = http.StatusText(f.Status)
		}
		if f.Status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "1")
		}
		s.refuse(w, r, &refusal{f.Status, typ, "a fault was asked for"})
		return false
	}
	return true
}

// failureOf names the notification that says that a task command failed.
func failureOf(op string, toQueue bool) string {
	switch op {
	case "accept", "assign", "consult/accept", "reject":
		return webexcc.AgentContactAssignFailed
	case "hold":
		return webexcc.AgentContactHoldFailed
	case "unhold":
		return webexcc.AgentContactUnHoldFailed
	case "record/pause":
		return webexcc.ContactRecordingPauseFailed
	case "record/resume":
		return webexcc.ContactRecordingResumeFailed
	case "consult":
		if toQueue {
			return webexcc.AgentCtqFailed
		}
		return webexcc.AgentConsultFailed
	case "consult/end":
		if toQueue {
			return webexcc.AgentCtqCancelFailed
		}
		return webexcc.AgentConsultEndFailed
	case "cancelCtq":
		return webexcc.AgentCtqCancelFailed
	case "consult/transfer":
		return webexcc.AgentConsultTransferFailed
	case "consult/conference":
		return webexcc.AgentConsultConferenceFailed
	case "conference/exit":
		return webexcc.ParticipantLeftConferenceFailed
	case "conference/transfer":
		return webexcc.AgentConferenceTransferFailed
	case "transfer":
		if toQueue {
			return webexcc.AgentVteamTransferFailed
		}
		return webexcc.AgentBlindTransferFailed
	case "end":
		return webexcc.AgentContactEndFailed
	case "wrapup":
		return webexcc.AgentWrapupFailed
	}
	return webexcc.ParticipantDropConferenceFailed
}
