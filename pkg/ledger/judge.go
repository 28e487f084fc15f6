package ledger

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
	"time"

	"deskbridge/pkg/tenant"
)

// patience says that it is not time yet. It is nobody's fault.
type patience struct{ wait time.Duration }

func (p *patience) Error() string { return fmt.Sprintf("ledger: not before %s", p.wait) }

// judge turns what HubSpot said into what happens to the row (hubspot.md §6.4).
func (w *writing) judge(err error) verdict {
	if err == nil {
		return verdict{state: stateEnriched}
	}
	var unwanted *unwantedError
	if errors.As(err, &unwanted) {
		return verdict{state: stateSaved, detail: "kept here: " + unwanted.why}
	}
	var wait *patience
	if errors.As(err, &wait) {
		return verdict{again: wait.wait}
	}
	if errors.Is(err, errLeaseLost) || errors.Is(err, ErrNotFound) {
		return verdict{again: w.l.c.RetryDelay, why: err}
	}
	if errors.Is(err, ErrNoPortal) || errors.Is(err, tenant.ErrNotLinked) {
		return verdict{
			state: stateNeedsYou, need: needAdmin, why: err,
			detail: "HubSpot is not connected: an admin must connect it, then this call is logged by itself.",
		}
	}
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return verdict{again: w.delay(0), failed: true, why: err}
	}
	detail := w.detail(err, refusal)
	switch refusal.Status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		if ofTicket := (*ticketError)(nil); errors.As(err, &ofTicket) || beyondAgent(refusal) {
			return verdict{state: stateNeedsYou, need: needAdmin, detail: "An admin must change this: " + detail, why: err}
		}
		return verdict{state: stateNeedsYou, need: needAgent, detail: detail, why: err}
	case http.StatusUnauthorized, http.StatusForbidden:
		return verdict{
			state: stateNeedsYou, need: needAdmin, why: err,
			detail: clipText("HubSpot refused access: an admin must authorise Deskbridge again. "+detail, maxDetail),
		}
	case http.StatusNotFound, http.StatusGone:
		return verdict{
			state: stateNeedsYou, need: needAgent, why: err,
			detail: "The call or its contact is no longer in HubSpot. Choose a record and send it again.",
		}
	case http.StatusTooManyRequests, 477:
		// The whole portal pauses; see report.
		return verdict{again: max(refusal.RetryAfter, w.delay(0)), why: err}
	case http.StatusLocked:
		return verdict{again: max(refusal.RetryAfter, w.delay(0)), why: err}
	}
	if refusal.Status >= 400 && refusal.Status < 500 && refusal.Status != http.StatusRequestTimeout &&
		refusal.Status != http.StatusConflict {
		return verdict{state: stateNeedsYou, need: needAgent, detail: detail, why: err}
	}
	return verdict{again: w.delay(refusal.RetryAfter), failed: true, why: err}
}

// judgePortal is about a portal that cannot even be asked.
func (w *writing) judgePortal(err error) verdict {
	if v := w.judge(err); v.state == stateNeedsYou && v.need == needAdmin {
		return v
	}
	return verdict{again: w.delay(0), failed: true, why: err}
}

// pauseOf is how long the whole portal is left alone.
func pauseOf(err error) time.Duration {
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return 0
	}
	switch refusal.Status {
	case http.StatusTooManyRequests, 477:
		return max(refusal.RetryAfter, time.Millisecond)
	}
	return 0
}

// health is what an attempt says of the portal.
type health int

const (
	unknown health = iota // It was not asked.
	healthy
	failing
)

func healthOf(err error, v verdict) health {
	var refusal *Refusal
	switch {
	case v.failed:
		return failing
	case err == nil, errors.As(err, &refusal):
		return healthy
	}
	return unknown
}

// refused says whether HubSpot has answered with a no that will stay one.
func refused(err error) bool {
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return false
	}
	switch refusal.Status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound:
		return true
	}
	return false
}

// delay is the pause after this row's next transient failure.
func (w *writing) delay(atLeast time.Duration) time.Duration {
	d := backoff(w.l.c.RetryDelay, w.row.Object.Fails+1)
	return max(d+w.spread(d), atLeast)
}

// spread is up to a quarter more, so that what waited together does not come
// back together. It is the same for a row each time, which is random enough.
func (w *writing) spread(d time.Duration) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(w.row.Key))
	return d / 4 * time.Duration(h.Sum32()%256) / 256
}

// certain says whether a failed create surely created nothing. Anything but a
// clear refusal leaves it open.
func certain(err error) bool {
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return false
	}
	switch refusal.Status {
	case http.StatusRequestTimeout, http.StatusConflict:
		return false
	}
	return refusal.Status >= 400 && refusal.Status < 500
}

func isStatus(err error, status int) bool {
	var refusal *Refusal
	return errors.As(err, &refusal) && refusal.Status == status
}

// human says whether a person has set a property to what it is now. Sources
// are HubSpot's; what we write is INTEGRATION or API.
func human(c Change, now, ours string, wroteBefore bool) bool {
	source := strings.ToUpper(c.Source)
	for _, person := range []string{"CRM_UI", "MOBILE", "EMAIL_INTEGRATION_UI", "BULK"} {
		if strings.HasPrefix(source, person) {
			return true
		}
	}
	switch source {
	case "", "INTEGRATION", "API", "CALCULATED", "CALLING", "ENGAGEMENTS", "EXTENSION", "INTERNAL_PROCESSING":
		return false
	}
	// A source that we do not know: after our write it changed what we wrote.
	return wroteBefore && now != ours
}

func cutRef(s string) (typeID, id string, ok bool) { return strings.Cut(s, "/") }

func clipText(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
