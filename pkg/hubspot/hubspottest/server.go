// Package hubspottest is HubSpot on one machine: an http.Handler that answers
// as its CRM API does, and verbs that do what its web pages do. The dated
// (2026-03, 2026-09) and the older (v3, v4, OAuth v1) paths lead to the same
// handlers.
//
// It knows limits, index delay, validation, error bodies and headers. Where
// HubSpot's behaviour is not published, comments call ours invented.
package hubspottest

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"deskbridge/pkg/hubspot"
)

// What the emulator accepts unless configured otherwise.
const (
	Token        = "pat-na1-sandbox" // A bearer token that never expires.
	PortalID     = "45678901"
	AppID        = "9012345"
	ClientID     = "sandbox-client"
	ClientSecret = "sandbox-secret"
	DeveloperKey = "sandbox-hapikey" // For the calling settings.
)

// Config configures a [Server]. The zero value is a working sandbox.
type Config struct {
	Now        func() time.Time // Defaults to time.Now.
	IndexDelay time.Duration    // Until a search sees a write. Defaults to 2 s; negative is none.
	Logger     *slog.Logger     // Defaults to silence.

	PortalID     string        // Defaults to [PortalID].
	Token        string        // Defaults to [Token].
	ClientID     string        // Defaults to [ClientID].
	ClientSecret string        // Defaults to [ClientSecret].
	DeveloperKey string        // Defaults to [DeveloperKey].
	TokenLife    time.Duration // Of access tokens. Defaults to 30 min.
	Region       string        // Of numbers without a country code. Defaults to US.

	Burst    int // Requests in ten seconds. Defaults to 110; negative is no limit.
	Searches int // Searches in a second. Defaults to 5; negative is no limit.

	// NoUniqueCalls refuses unique properties of calls: HubSpot's documents do
	// not say whether they exist.
	NoUniqueCalls bool
	// CopyExternalID lets CreateEngagement write hs_call_external_id: whether
	// HubSpot does is unknown.
	CopyExternalID bool

	Rules  []Rule  // What an admin has set up for properties.
	Owners []Owner // More of them than there are anyway, each with an id of its own.
	Empty  bool    // No records to begin with; owners there are.
}

// A Server is one HubSpot account with its API. It may be used from several
// goroutines.
type Server struct {
	cfg Config
	log *slog.Logger
	mux *http.ServeMux

	mu         sync.Mutex // Guards everything below and what it points to.
	world      world
	grants     map[string]*grant // By access token. They survive Reset.
	refresh    map[string]*grant
	codes      map[string]*code
	installer  owner // Who installs; the first owner if nobody.
	installsIn string
	faults     []*Fault
	requests   []Request
	revision   int64
}

// world is what Reset makes anew.
type world struct {
	types     map[string]*objectType // By id.
	records   map[string]*record     // By id.
	order     []*record
	links     map[pair][]linkKind
	labels    map[[2]string][]linkKind // By object type ids.
	owners    []owner
	providers map[string]string // App by user id, where one has been selected.
	nextID    int64
	nextType  int
	settings  map[string]*appSettings // By app id.
	merged    map[string]string       // Ids of records that are part of another one now, with its id.
	unique    map[holding]*record     // Who has a unique value; see find.
	window    []time.Time             // Requests of the last ten seconds.
	searches  []time.Time             // Searches of the last second.
	traces    int64
}

// New returns an account with its fixtures.
func New(cfg Config) *Server {
	cfg.Now = orElse(cfg.Now == nil, time.Now, cfg.Now)
	cfg.IndexDelay = max(orElse(cfg.IndexDelay == 0, 2*time.Second, cfg.IndexDelay), 0)
	cfg.Logger = orElse(cfg.Logger == nil, slog.New(slog.DiscardHandler), cfg.Logger)
	cfg.PortalID = orElse(cfg.PortalID == "", PortalID, cfg.PortalID)
	cfg.Token = orElse(cfg.Token == "", Token, cfg.Token)
	cfg.ClientID = orElse(cfg.ClientID == "", ClientID, cfg.ClientID)
	cfg.ClientSecret = orElse(cfg.ClientSecret == "", ClientSecret, cfg.ClientSecret)
	cfg.DeveloperKey = orElse(cfg.DeveloperKey == "", DeveloperKey, cfg.DeveloperKey)
	cfg.TokenLife = orElse(cfg.TokenLife == 0, 30*time.Minute, cfg.TokenLife)
	cfg.Region = orElse(cfg.Region == "", "US", cfg.Region)
	cfg.Burst = orElse(cfg.Burst == 0, 110, cfg.Burst)
	cfg.Searches = orElse(cfg.Searches == 0, hubspot.MaxSearchesSecond, cfg.Searches)
	s := &Server{
		cfg: cfg, log: cfg.Logger,
		grants: map[string]*grant{}, refresh: map[string]*grant{}, codes: map[string]*code{},
	}
	s.mux = s.routes()
	s.Reset()
	return s
}

func orElse[T any](use bool, fallback, value T) T {
	if use {
		return fallback
	}
	return value
}

// Reset undoes every change to the account and forgets faults and the request
// log. Tokens stay valid.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world = world{
		types: schema(), records: map[string]*record{}, links: map[pair][]linkKind{},
		labels: map[[2]string][]linkKind{}, settings: map[string]*appSettings{}, merged: map[string]string{},
		// Ids do not fit in 32 bits.
		nextID: 17_591_596_434, nextType: 100,
	}
	s.faults, s.requests = nil, nil
	s.revision++
	s.populate()
}

// Revision rises with every change to the account.
func (s *Server) Revision() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.revision
}

// PortalID returns the account's id.
func (s *Server) PortalID() string { return s.cfg.PortalID }

// newID returns an id that no record has.
func (s *Server) newID() string {
	s.world.nextID += 37
	return strconv.FormatInt(s.world.nextID, 10)
}

// trace is a correlation id.
func (s *Server) trace() string {
	s.world.traces++
	n := strconv.FormatInt(s.world.traces, 16)
	return "5a9db1d6-0000-4000-8000-" + "000000000000"[:12-len(n)] + n
}

// A Fault spoils requests on purpose.
type Fault struct {
	Match     string `json:"match"`     // "METHOD /path/prefix"; a prefix alone matches every method.
	Status    int    `json:"status"`    // Answered instead; 0 only delays or drops.
	ErrorType string `json:"errorType"` // Category, code, or for 429 the policy.
	Property  string `json:"property"`  // The property at fault, for 400.
	DelayMs   int    `json:"delayMs"`   // Before anything else.
	Drop      bool   `json:"drop"`      // Cut the connection without an answer.
	After     bool   `json:"after"`     // Drop when the request has had its effect.
	Partial   bool   `json:"partial"`   // With After: half of the answer arrives before the cut.
	Times     int    `json:"times"`     // Defaults to 1.

	// OneIn lets chance decide about each request that matches, one in so many
	// is spoilt. Defaults to 1. The same Seed decides the same.
	OneIn int    `json:"oneIn"`
	Seed  uint64 `json:"seed"`

	dice *rand.Rand
}

// AddFault spoils the next Times requests that match. Earlier faults go first.
func (s *Server) AddFault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Times, f.OneIn = max(f.Times, 1), max(f.OneIn, 1)
	f.dice = rand.New(rand.NewPCG(f.Seed, uint64(f.OneIn)))
	s.faults = append(s.faults, &f)
}

// A Request is one line of the log.
type Request struct {
	Time   time.Time `json:"time"`
	Method string    `json:"method"`
	Path   string    `json:"path"`
	Query  string    `json:"query,omitempty"`
	Status int       `json:"status"`         // 0 if the connection was cut.
	Body   string    `json:"body,omitempty"` // Not of OAuth requests.
}

// maxLog bounds the log.
const maxLog = 5000

// Requests returns what arrived, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}
