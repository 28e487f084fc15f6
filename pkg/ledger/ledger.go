// Package ledger keeps what happened on the phone and writes it to HubSpot
// exactly once.
//
// A record is stored together with a River job in one transaction; the job
// writes the newest stored revision and is done only when what is written is
// what is stored. Everything that could be done twice after a crash is either
// idempotent at HubSpot (an upsert on a unique property, a PATCH) or guarded by
// a note that the ledger makes before it acts. See architecture.md §6.
package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"deskbridge/pkg/backend"
)

// ErrForeign says that the key belongs to another agent.
var ErrForeign = errors.New("ledger: the record belongs to another agent")

// ErrNotFound says that no such record is stored.
var ErrNotFound = errors.New("ledger: no such record")

// ErrNoPortal is what Config.Portal wraps when the organisation has no such
// portal, or HubSpot no longer gives us access to it. The records then need an
// admin and wait for [Ledger.Resume]; any other error is tried again.
var ErrNoPortal = errors.New("ledger: no portal connected")

// An InvalidError is a record that cannot be stored.
type InvalidError struct {
	Field string // Spelled as in JSON, such as "notes".
	Why   string
}

func (e *InvalidError) Error() string { return fmt.Sprintf("ledger: invalid %s: %s", e.Field, e.Why) }

// Config configures a Ledger.
type Config struct {
	// DatabaseURL is postgres://…, the path of an SQLite file (or file:path with
	// a query of the driver's, such as ?_pragma=synchronous(NORMAL)), or empty
	// for a temporary file that Close removes. An SQLite file belongs to one
	// process at a time.
	DatabaseURL string

	// Portal gives access to a portal of the organisation; an empty portal id
	// means the organisation's default. Required.
	Portal func(ctx context.Context, orgID, portalID string) (Portal, error)

	// Settings are the organisation's settings for a portal, under the layout
	// that a record came with. Defaults to logging missed calls and no
	// dispositions of its own.
	Settings func(ctx context.Context, orgID, portalID string, layout backend.Layout) (Settings, error)

	FinalizeAfter  time.Duration // Without a sign of life the server ends a record. Defaults to 2 m.
	EngagementWait time.Duration // How long to wait, after the end, for the id of the engagement HubSpot creates. Defaults to 15 s.
	IndexWait      time.Duration // How long HubSpot's search index may lag behind. Defaults to 15 s.
	BreakAfter     int           // Failures in a row after which a portal is left alone. Defaults to 5.
	BreakFor       time.Duration // For how long at first; doubles up to 16 times. Defaults to 15 s.
	RetryDelay     time.Duration // First pause after a transient failure; doubles up to 5 m. Defaults to 2 s.
	Workers        int           // Records written at the same time. Defaults to 16.

	// Places lists the connected portals. Without it nobody looks after the calls
	// that HubSpot's page created and nobody completed.
	Places     func(ctx context.Context) ([]Place, error)
	GhostEvery time.Duration // How often they are looked for, and at the start. Defaults to 1 h.
	GhostAfter time.Duration // How old such a call must be. Defaults to 2 h.

	// Observe is told how each attempt to write a record ended: written, waits,
	// failed, needs-agent or needs-admin. Optional.
	Observe func(result string)

	Now    func() time.Time // Defaults to time.Now.
	Logger *slog.Logger     // Defaults to silence.
}

// A Portal is a HubSpot account as the ledger needs it.
type Portal struct {
	ID    string // HubSpot's portal id.
	AppID string // hs_call_app_id; empty leaves it out.
	URL   string // Where people see records. Defaults to "https://app.hubspot.com".
	CRM   CRM    // Of calls. Required.
	Tasks CRM    // Of tasks. Required where follow-ups are asked for.

	Tickets CRM // Of tickets. Required, with Records, where tickets are made.

	Records Records // Without it activities are associated with their record only.
}

// Settings are what an admin decides about logging.
type Settings struct {
	SkipMissed        bool              // Unanswered offers become no activity.
	DispositionByCode map[string]string // Wrap-up code id or name to HubSpot disposition id.

	// VariableProperties maps names of call variables to properties of calls.
	// What the portal does not have or cannot hold is left out.
	VariableProperties map[string]string

	// OwnerFollowsTransfer makes the agent who answered an interaction last the
	// owner of the activities of those who left the call to others.
	OwnerFollowsTransfer bool

	// TitleTemplate and BodyTemplate are the admin's; empty means ours.
	TitleTemplate, BodyTemplate string

	// What an activity is associated with beside its record: see
	// tenant.Settings. Empty means off.
	Companies, Deals, Tickets string

	ExcludedNumbers       []string // Not logged; a trailing * stands for anything.
	DropAnsweredElsewhere bool     // An offer that another agent answered becomes no activity.

	DateFormat string // Of {date}, as tenant.FormatDate takes it; empty is yyyy-MM-dd.
	LogCalls   string // all, inbound, outbound or off; empty is all.

	// TicketFor says for which answered calls a ticket is made: off, inbound,
	// outbound or all; empty is off. TicketSubject and the values of
	// TicketProperties are templates. With UpdateTicket the ticket that a call is
	// about gets those properties, too.
	TicketFor        string
	TicketSubject    string
	TicketProperties map[string]string
	UpdateTicket     bool

	Region string // For numbers and times in texts, two letters.
}

// An Agent is who writes a record.
type Agent struct {
	OrgID   string // Required.
	AgentID string // Required.
	Email   string // Finds the HubSpot owner.
	Name    string
}

// A Ledger stores records and writes them to HubSpot. It may be used from
// several goroutines; several processes may share one PostgreSQL database.
type Ledger struct {
	c       Config
	log     *slog.Logger
	store   *store
	portals *portals
	started time.Time

	gate sync.RWMutex // Held for reading while a record is written; Reset takes it.
	jobs jobs

	stop context.CancelFunc // Ends the goroutines of Start.
	wg   sync.WaitGroup
}

// Open opens the database, brings its tables up to date and releases what a
// dead process was working on. Nothing is worked until Start.
func Open(ctx context.Context, c Config) (*Ledger, error) {
	if c.Portal == nil {
		return nil, errors.New("ledger: open: Portal is required")
	}
	c = c.withDefaults()
	l := &Ledger{c: c, log: c.Logger, portals: newPortals(c), started: c.Now()}
	s, err := openStore(ctx, c, l)
	if err != nil {
		return nil, err
	}
	if err := s.backfill(ctx); err != nil {
		return nil, fmt.Errorf("ledger: open: %w", errors.Join(err, s.finish()))
	}
	l.store = s
	return l, nil
}

func (c Config) withDefaults() Config {
	if c.Settings == nil {
		c.Settings = func(context.Context, string, string, backend.Layout) (Settings, error) { return Settings{}, nil }
	}
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&c.FinalizeAfter, 2 * time.Minute},
		{&c.EngagementWait, 15 * time.Second},
		{&c.IndexWait, 15 * time.Second},
		{&c.BreakFor, 15 * time.Second},
		{&c.RetryDelay, 2 * time.Second},
		{&c.GhostEvery, time.Hour},
		{&c.GhostAfter, 2 * time.Hour},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if c.BreakAfter <= 0 {
		c.BreakAfter = 5
	}
	if c.Workers <= 0 {
		c.Workers = 16
	}
	if c.Observe == nil {
		c.Observe = func(string) {}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// DB is the ledger's database for others to keep their tables in: SQLite or
// PostgreSQL, with $1 placeholders in both. SQLite has one connection: whoever
// holds rows or a transaction open keeps everybody waiting, himself included.
// It is closed by Close.
func (l *Ledger) DB() *sql.DB { return l.store.db }

// Put stores a record, or takes it as a sign of life if its revision is the
// stored one, and answers with the receipt of what is stored now. It has
// returned only when the record and its job are on disk. Errors: *InvalidError,
// ErrForeign, or the database's.
func (l *Ledger) Put(ctx context.Context, a Agent, r backend.Record) (backend.Receipt, error) {
	if err := validate(a, r); err != nil {
		return backend.Receipt{}, err
	}
	if text := bytes.TrimSpace(r.Layout); len(text) > backend.MaxLayout || len(text) > 0 && (text[0] != '{' || !json.Valid(text)) {
		// A call that is logged as the portal wants is better than none.
		l.log.Warn("layout left out: too long, or no object", "bytes", len(r.Layout))
		r.Layout = nil
	}
	var out backend.Receipt
	err := l.store.inTx(ctx, func(tx tx) error {
		row, err := l.put(ctx, tx, a, r)
		out = row.receipt()
		return err
	})
	if err != nil {
		return backend.Receipt{}, fmt.Errorf("ledger: put: %w", err)
	}
	return out, nil
}

// List returns the agent's records that started at or after since, newest
// first, at most 500.
func (l *Ledger) List(ctx context.Context, a Agent, since time.Time) ([]backend.Interaction, error) {
	rows, err := l.store.list(ctx, a, since)
	if err != nil {
		return nil, fmt.Errorf("ledger: list: %w", err)
	}
	out := make([]backend.Interaction, 0, len(rows))
	for _, r := range rows {
		out = append(out, backend.Interaction{Record: r.effective(), Receipt: r.receipt()})
	}
	return out, nil
}

// Get returns one record of the agent's. Errors: ErrNotFound, ErrForeign.
func (l *Ledger) Get(ctx context.Context, a Agent, key string) (backend.Interaction, error) {
	var out backend.Interaction
	err := l.store.inTx(ctx, func(tx tx) error {
		r, err := l.own(ctx, tx, a, key)
		out = backend.Interaction{Record: r.effective(), Receipt: r.receipt()}
		return err
	})
	if err != nil {
		return backend.Interaction{}, fmt.Errorf("ledger: get: %w", err)
	}
	return out, nil
}

// Retry writes a record again that needed somebody, as it is stored. It does
// nothing to a record that is not in that state.
func (l *Ledger) Retry(ctx context.Context, a Agent, key string) (backend.Receipt, error) {
	var out backend.Receipt
	err := l.store.inTx(ctx, func(tx tx) error {
		r, err := l.own(ctx, tx, a, key)
		if err != nil {
			return err
		}
		if r.State == stateNeedsYou {
			if err := l.requeue(ctx, tx, &r, priorityFresh); err != nil {
				return err
			}
		}
		out = r.receipt()
		return nil
	})
	if err != nil {
		return backend.Receipt{}, fmt.Errorf("ledger: retry: %w", err)
	}
	return out, nil
}
