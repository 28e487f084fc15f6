package engine_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"deskbridge/pkg/backend"
)

// server is our backend: it keeps the highest revision of every record.
type server struct {
	mu      sync.Mutex
	down    error
	slow    chan struct{} // Lookups wait for it.
	records map[string]backend.Record
	puts    int
	took    []string         // KEY rREVISION of every record taken, in order.
	failing map[string]error // Of single records.
	takes   time.Duration    // How long one takes.
	at      int              // Under way now …
	most    int              // … and at most.

	entryPoint, code, profile string // What the emulated Webex knows.

	state    string            // Of receipts in the list of records; enriched when empty.
	need     string            // Likewise, for needs-you.
	settings *backend.Settings // What is answered in place of the usual, if anything.
	config   *backend.Config
	matches  backend.Matches

	lookups []backend.Lookup
	queries []backend.SettingsQuery // For a layout's settings.
	made    []backend.NewContact
	asked   []string     // Searches and numbers.
	page    backend.Page // What a search finds.
	card    backend.Card // What is known of every record.

	noCard, noDial     error          // Refusals.
	slowCard, slowDial bool           // No answer at all.
	number             backend.Number // What is known of every number.
}

func newServer() *server { return &server{records: map[string]backend.Record{}} }

func (s *server) set(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = err
}

func (s *server) stored() map[string]backend.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.records)
}

func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.puts
}

// arrived are the records that were taken, in order, and how many were under
// way at most.
func (s *server) arrived() (took []string, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.took), s.most
}

func (s *server) SignOut(context.Context) error { return nil }
func (s *server) Settings(context.Context) (backend.Settings, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.settings != nil {
		return *s.settings, s.down
	}
	return backend.Settings{PopAt: "ring"}, s.down
}
func (s *server) SettingsFor(ctx context.Context, q backend.SettingsQuery) (backend.Settings, error) {
	s.mu.Lock()
	s.queries = append(s.queries, q)
	s.mu.Unlock()
	return s.Settings(ctx)
}
func (s *server) Config(context.Context) (backend.Config, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.config != nil {
		return *s.config, s.down
	}
	return backend.Config{
		LoginOptions: []string{"EXTENSION"}, OutdialEnabled: true, OutdialEntryPoint: cmp.Or(s.entryPoint, "ep"), EndCallEnabled: true,
		EndConsultEnabled: true, ConsultToQueue: true, PrivacyShield: true, AgentProfileID: cmp.Or(s.profile, "profile"),
		WrapUpCodes: []backend.Code{{ID: cmp.Or(s.code, "w1"), Name: "Sale", Default: true}},
	}, s.down
}
func (s *server) Put(_ context.Context, r backend.Record) (backend.Receipt, error) {
	s.mu.Lock()
	s.puts++
	s.at++
	s.most = max(s.most, s.at)
	takes := s.takes
	s.mu.Unlock()
	if takes > 0 {
		time.Sleep(takes) // Fake time.
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at--
	if err := cmp.Or(s.down, s.failing[r.Key]); err != nil {
		return backend.Receipt{}, err
	}
	s.took = append(s.took, fmt.Sprint(r.Key, " r", r.Revision))
	if r.Revision > s.records[r.Key].Revision {
		s.records[r.Key] = r
	}
	return backend.Receipt{Key: r.Key, Revision: s.records[r.Key].Revision, State: "queued"}, nil
}
func (s *server) Interactions(context.Context) (backend.Interactions, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out backend.Interactions
	for _, k := range slices.Sorted(maps.Keys(s.records)) {
		out.Interactions = append(out.Interactions, backend.Interaction{
			Record: s.records[k], Receipt: backend.Receipt{Key: k, Revision: s.records[k].Revision, State: cmp.Or(s.state, "enriched"), Need: s.need},
		})
	}
	return out, s.down
}
func (s *server) Lookup(ctx context.Context, l backend.Lookup) (backend.Matches, error) {
	s.mu.Lock()
	slow := s.slow
	s.lookups = append(s.lookups, l)
	s.mu.Unlock()
	if slow != nil {
		select {
		case <-slow:
		case <-ctx.Done():
			return backend.Matches{}, ctx.Err()
		}
	}
	if s.matches.Matches != nil {
		return s.matches, nil
	}
	return backend.Matches{Matches: []backend.Match{{Record: backend.Ref{ObjectTypeID: "0-1", ObjectID: "501", Name: "Maria Silva"}, Why: "phone"}}}, nil
}
func (s *server) Search(ctx context.Context, q backend.Search) (backend.Page, error) {
	s.mu.Lock()
	s.asked = append(s.asked, fmt.Sprint("search ", q.Kind, " ", q.Search, " ", q.Page, " ", q.PortalID))
	slow, down := s.slow, s.down
	s.mu.Unlock()
	if slow != nil {
		<-ctx.Done()
		return backend.Page{}, ctx.Err()
	}
	return s.page, down
}
func (s *server) Number(ctx context.Context, q backend.NumberQuery) (backend.Number, error) {
	s.mu.Lock()
	s.asked = append(s.asked, fmt.Sprint("number ", q.Number, " ", q.PortalID))
	slow, down := s.slow, s.down
	s.mu.Unlock()
	if slow != nil {
		<-ctx.Done()
		return backend.Number{}, ctx.Err()
	}
	return s.number, down
}
func (s *server) Card(ctx context.Context, q backend.CardQuery) (backend.Card, error) {
	s.mu.Lock()
	s.asked = append(s.asked, fmt.Sprint("card ", q.Record.ObjectTypeID, "/", q.Record.ObjectID, " ", q.PortalID))
	card, err, slow := s.card, s.noCard, s.slowCard
	s.mu.Unlock()
	if slow {
		<-ctx.Done()
		return backend.Card{}, ctx.Err()
	}
	return card, err
}
func (s *server) Dial(ctx context.Context, q backend.Dial) error {
	s.mu.Lock()
	s.asked = append(s.asked, fmt.Sprint("dial ", q.Number, " ", q.PortalID))
	err, slow := s.noDial, s.slowDial
	s.mu.Unlock()
	if slow {
		<-ctx.Done()
		return ctx.Err()
	}
	return err
}
func (s *server) CreateContact(_ context.Context, n backend.NewContact) (backend.Match, error) {
	s.mu.Lock()
	s.made = append(s.made, n)
	s.mu.Unlock()
	return backend.Match{Record: backend.Ref{ObjectTypeID: "0-1", ObjectID: "900", Name: "New"}}, nil
}
