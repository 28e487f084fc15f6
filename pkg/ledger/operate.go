package ledger

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"deskbridge/pkg/backend"
)

// What operators call the condition of a record. It says more than a receipt's
// state: whether there is something to write, and whether it is done.
const (
	IsLive     = "live"      // The call goes on: nothing is written yet.
	IsWaiting  = "waiting"   // It ended and is not completely written.
	IsLogged   = "logged"    // What is stored is what HubSpot has.
	IsKept     = "kept"      // By the admin's rules it is stored here only.
	IsNeedsYou = "needs-you" // HubSpot refused; see Row.Need and Row.Detail.
)

// condition is that in SQL.
const condition = `CASE WHEN state = 'needs-you' THEN 'needs-you' WHEN due_at = 0 THEN 'live'
	WHEN written_seq < seq THEN 'waiting' WHEN state = 'saved' THEN 'kept' ELSE 'logged' END`

// A Row is a record as operators see it. Times are ms since 1970, 0 when
// unknown.
type Row struct {
	Key           string `json:"key"`
	InteractionID string `json:"interactionId,omitempty"`
	AgentID       string `json:"agentId"`
	Agent         string `json:"agent,omitempty"` // Name.
	Email         string `json:"email,omitempty"`
	PortalID      string `json:"portalId,omitempty"` // Empty means the organisation's default one.
	Channel       string `json:"channel"`
	Direction     string `json:"direction"`
	Number        string `json:"number"` // All but its end is hidden, but in an export.
	StartedAt     int64  `json:"startedAt"`
	EndedAt       int64  `json:"endedAt,omitempty"`
	Queue         string `json:"queue,omitempty"`
	Outcome       string `json:"outcome,omitempty"`
	Reason        string `json:"reason,omitempty"` // The wrap-up reason's name.

	State     string `json:"state"`            // live, waiting, logged, kept or needs-you.
	Need      string `json:"need,omitempty"`   // Of needs-you whose turn it is: agent or admin.
	Detail    string `json:"detail,omitempty"` // Which field, why.
	URL       string `json:"url,omitempty"`    // Of the activity in HubSpot.
	DueAt     int64  `json:"dueAt,omitempty"`  // Since when there is something to write.
	UpdatedAt int64  `json:"updatedAt"`
	Fails     int    `json:"fails,omitempty"` // Attempts in a row that HubSpot or the network spoiled.

	Name  string `json:"name,omitempty"`  // The customer's; exports only.
	Notes string `json:"notes,omitempty"` // Exports only.
}

func (r row) operated(full bool) Row {
	rec := r.effective()
	out := Row{
		Key: r.Key, InteractionID: rec.InteractionID, AgentID: r.Agent.AgentID, Agent: r.Agent.Name, Email: r.Agent.Email,
		PortalID: rec.PortalID, Channel: rec.Channel, Direction: rec.Direction, Number: hidden(rec.Number),
		StartedAt: rec.StartedAt, EndedAt: rec.EndedAt, Queue: rec.Queue, Outcome: rec.Outcome, Reason: rec.CodeName,
		State: r.condition(), Need: r.Need, Detail: r.Detail, URL: r.URL, DueAt: r.DueAt, UpdatedAt: r.UpdateAt, Fails: r.Object.Fails,
	}
	if r.Object.Portal != "" {
		out.PortalID = r.Object.Portal
	}
	if full {
		out.Number, out.Name, out.Notes = rec.Number, nameOf(rec), rec.Notes
	}
	return out
}

func nameOf(r backend.Record) string {
	if r.Record != nil && r.Record.Name != "" {
		return r.Record.Name
	}
	return r.Name
}

// condition is the same as the SQL of that name.
func (r row) condition() string {
	switch {
	case r.State == stateNeedsYou:
		return IsNeedsYou
	case r.DueAt == 0:
		return IsLive
	case r.WrittenSeq < r.Seq:
		return IsWaiting
	case r.State == stateSaved:
		return IsKept
	}
	return IsLogged
}

// hidden keeps the last four digits of a number, of an extension the last two.
func hidden(number string) string {
	runes := []rune(number)
	shown := 4
	if len(runes) < 7 {
		shown = 2
	}
	if len(runes) <= shown {
		return strings.Repeat("•", len(runes))
	}
	return "•••" + string(runes[len(runes)-shown:])
}

// A Filter selects records of an organisation. What is empty selects nothing
// out.
type Filter struct {
	State    string // One of the Is… constants.
	Need     string // agent or admin.
	Detail   string // The whole of Row.Detail, as in Failure.Detail.
	AgentID  string
	PortalID string // With Default also those that name no portal.
	Default  bool
	Text     string    // A key, an interaction's id, a whole number, or an agent's e-mail address.
	From, To time.Time // When the call started; To is not included.

	After string // The cursor of the page before.
	Limit int    // Rows of a page. Defaults to 50; at most 500.
}

// where is the filter in SQL, without After and Limit. The first argument is
// the organisation.
func (f Filter) where(orgID string) (string, []any) {
	parts, args := []string{"org_id = $1"}, []any{orgID}
	add := func(text string, value any) {
		args = append(args, value)
		parts = append(parts, strings.ReplaceAll(text, "?", "$"+strconv.Itoa(len(args))))
	}
	switch f.State {
	case "":
	case IsNeedsYou:
		parts = append(parts, "state = 'needs-you'") // An index knows it.
	case IsLive, IsWaiting, IsKept: // Few among many: the index leaves out what is done.
		parts = append(parts, "state IN ('queued', 'saved')")
		add("("+condition+") = ?", f.State)
	default:
		add("("+condition+") = ?", f.State)
	}
	if f.Need != "" {
		add("need = ?", f.Need)
	}
	if f.Detail != "" {
		add("detail = ?", f.Detail)
	}
	if f.AgentID != "" {
		add("agent_id = ?", f.AgentID)
	}
	switch {
	case f.PortalID != "" && f.Default:
		add("portal_id IN (?, '')", f.PortalID)
	case f.PortalID != "":
		add("portal_id = ?", f.PortalID)
	}
	switch text := strings.TrimSpace(f.Text); {
	case text == "":
	case strings.Contains(text, "@"):
		add("LOWER(email) = ?", strings.ToLower(text))
	default:
		// Each by its own index, which neither an OR nor the organisation beside
		// it would leave to be used.
		parts[0] = "TRUE"
		add(`key IN (SELECT key FROM deskbridge_record WHERE org_id = $1 AND key = ?
			UNION SELECT key FROM deskbridge_record WHERE org_id = $1 AND interaction_id = ? AND interaction_id <> ''
			UNION SELECT key FROM deskbridge_record WHERE org_id = $1 AND number = ? AND number <> '')`, text)
	}
	if !f.From.IsZero() {
		add("started_at >= ?", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		add("started_at < ?", f.To.UnixMilli())
	}
	return "WHERE " + strings.Join(parts, " AND "), args
}

// Select returns a page of an organisation's records, the newest first, and the
// cursor of the next page, empty on the last one. Numbers are hidden but for
// their end. A cursor that is none is an *InvalidError.
func (l *Ledger) Select(ctx context.Context, orgID string, f Filter) (rows []Row, next string, err error) {
	rows, next, err = l.page(ctx, orgID, f, false)
	if err != nil {
		return nil, "", fmt.Errorf("ledger: select: %w", err)
	}
	return rows, next, nil
}

// Export calls each for every record of an organisation that f selects, the
// newest first, with its number, name and notes. No transaction is open
// meanwhile. It ends with each's first error.
func (l *Ledger) Export(ctx context.Context, orgID string, f Filter, each func(Row) error) error {
	for f.Limit = 500; ; {
		rows, next, err := l.page(ctx, orgID, f, true)
		if err != nil {
			return fmt.Errorf("ledger: export: %w", err)
		}
		for _, r := range rows {
			if err := each(r); err != nil {
				return err
			}
		}
		if f.After = next; next == "" {
			return nil
		}
	}
}

func (l *Ledger) page(ctx context.Context, orgID string, f Filter, full bool) (out []Row, next string, err error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, 500)
	where, args := f.where(orgID)
	if f.After != "" {
		at, key, ok := cutCursor(f.After)
		if !ok {
			return nil, "", &InvalidError{"after", "not a page's cursor"}
		}
		n := len(args)
		where += fmt.Sprintf(" AND started_at <= $%d AND (started_at < $%d OR key < $%d)", n+1, n+1, n+2)
		args = append(args, at, key)
	}
	var found []row
	err = l.store.inTx(ctx, func(tx tx) (err error) {
		found, err = l.store.rows(ctx, tx, where+` ORDER BY started_at DESC, key DESC LIMIT `+strconv.Itoa(f.Limit+1), args...)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(found) > f.Limit {
		found = found[:f.Limit]
		last := found[f.Limit-1]
		next = strconv.FormatInt(last.StartedAt, 10) + "." + last.Key
	}
	out = make([]Row, 0, len(found))
	for _, r := range found {
		out = append(out, r.operated(full))
	}
	return out, next, nil
}

func cutCursor(text string) (at int64, key string, ok bool) {
	first, key, ok := strings.Cut(text, ".")
	at, err := strconv.ParseInt(first, 10, 64)
	return at, key, ok && err == nil
}

// RetryFor writes a record of an organisation again that needed somebody, as it
// is stored, and says what it is now. It does nothing to a record that needs
// nobody. Another organisation's is ErrNotFound.
func (l *Ledger) RetryFor(ctx context.Context, orgID, key string) (Row, error) {
	var out Row
	err := l.store.inTx(ctx, func(tx tx) error {
		r, err := l.store.get(ctx, tx, key)
		if err != nil {
			return err
		}
		if r.Agent.OrgID != orgID {
			return ErrNotFound
		}
		if r.State == stateNeedsYou {
			if err := l.requeue(ctx, tx, &r, priorityFresh); err != nil {
				return err
			}
		}
		out = r.operated(false)
		return nil
	})
	if err != nil {
		return Row{}, fmt.Errorf("ledger: retry: %w", err)
	}
	l.portals.clear() // What was refused before may be allowed now.
	return out, nil
}

// RetryAll does the same with every record that f selects and that needs
// somebody, a few at a time, and returns how many those are. It comes after
// what agents are waiting for.
func (l *Ledger) RetryAll(ctx context.Context, orgID string, f Filter) (int, error) {
	if f.State != "" && f.State != IsNeedsYou {
		return 0, nil
	}
	f.State = IsNeedsYou
	where, args := f.where(orgID)
	args = append(args, "")
	last := len(args) - 1
	query := fmt.Sprintf("%s AND key > $%d ORDER BY key LIMIT %d%s", where, last+1, batch, l.store.lock)
	n := 0
	for {
		var rows []row
		err := l.store.inTx(ctx, func(tx tx) (err error) {
			if rows, err = l.store.rows(ctx, tx, query, args...); err != nil {
				return err
			}
			for _, r := range rows {
				if err := l.requeue(ctx, tx, &r, priorityBacklog); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return n, fmt.Errorf("ledger: retry all: %w", err)
		}
		n += len(rows)
		if len(rows) < batch {
			l.portals.clear()
			return n, nil
		}
		args[last] = rows[len(rows)-1].Key
	}
}
