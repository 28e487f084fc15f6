// Package webexcctest emulates Webex Contact Center for tests and for the
// sandbox: the agent gateway with its notification sockets, and the identity
// service in front of it. What people do (callers, desk phones, supervisors)
// are verbs of [Server].
//
// It answers as the real service does where that is known: commands get 202 and
// their outcome arrives later on the socket, events carry the whole
// interaction, notifications nobody is connected for are lost. What the vendor
// does not document is marked as invented where it is made.
//
// The protocol is that of Cisco's own SDK:
// https://github.com/webex/webex-js-sdk/tree/master/packages/@webex/contact-center
package webexcctest

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"deskbridge/pkg/webexcc"
)

// OrgID is the organization unless Config says otherwise.
const OrgID = "1eb65fdf-9643-417f-9974-ad72cae0e10f"

// What a verb returns when it cannot do what it was asked.
var (
	// ErrUnknown says that there is no such agent, queue, code or interaction.
	ErrUnknown = errors.New("webexcctest: unknown")
	// ErrInvalid says that the arguments make no sense.
	ErrInvalid = errors.New("webexcctest: invalid")
	// ErrState says that this is not possible now: nothing rings at that phone.
	ErrState = errors.New("webexcctest: not possible now")
)

// Config configures a [Server]. Its zero value works.
type Config struct {
	Now       func() time.Time                                   // Defaults to time.Now.
	AfterFunc func(d time.Duration, f func()) (stop func() bool) // Defaults to time.AfterFunc.
	OrgID     string                                             // Defaults to OrgID.

	// GatewayPath is where clients find Gateway, such as "/webexcc". It goes
	// into the URLs of notification sockets.
	GatewayPath string

	// Agents is how many of the fixture's agents there are: ann, bob, cho, dee,
	// eve, in this order, then agent6, agent7 and so on, with addresses at
	// example.test. Defaults to 3.
	Agents int

	AutoSignIn bool          // The sign-in page follows a login_hint without a press.
	TokenTTL   time.Duration // How long issued access tokens last. Defaults to 12 h.
	Logger     *slog.Logger  // Defaults to silence.
}

// A Server is an emulated contact centre. One mutex guards everything; its
// methods may be called from any goroutine.
type Server struct {
	cfg Config
	log *slog.Logger
	fix fixture

	gateway, identity http.Handler

	mu       sync.Mutex
	agents   []*agent // In the order of the fixture.
	queue    []*interaction
	tasks    map[string]*interaction
	order    []string // Ids of tasks, oldest first.
	tickets  map[string]ticket
	faults   []*Fault
	requests []Request
	codes    map[string]grant  // One-time authorization codes.
	tokens   map[string]access // Issued access tokens.
	refresh  map[string]*agent // Issued refresh tokens.
	turn     uint64            // Grows with each agent who becomes free.
	epoch    int               // Grows with each Reset: what began before it is void.
}

// New returns a server on which nobody is logged in.
func New(cfg Config) *Server {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.AfterFunc == nil {
		cfg.AfterFunc = func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
	}
	if cfg.OrgID == "" {
		cfg.OrgID = OrgID
	}
	if cfg.TokenTTL <= 0 {
		cfg.TokenTTL = 12 * time.Hour
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Agents <= 0 {
		cfg.Agents = defaultAgents
	}
	cfg.GatewayPath = strings.TrimSuffix(cfg.GatewayPath, "/")
	s := &Server{
		cfg: cfg, log: cfg.Logger, fix: newFixture(cfg.OrgID, cfg.Agents),
		codes: map[string]grant{}, tokens: map[string]access{}, refresh: map[string]*agent{},
	}
	for _, p := range s.fix.people {
		s.agents = append(s.agents, s.employ(p))
	}
	s.clear()
	s.gateway = s.crossOrigin(s.gatewayRoutes())
	s.identity = s.crossOrigin(s.identityRoutes())
	return s
}

// Gateway serves the agent API, the configuration and the notification
// sockets, below GatewayPath but without that prefix.
func (s *Server) Gateway() http.Handler { return s.gateway }

// Identity serves sign-in: /v1/authorize, /v1/access_token, /v1/revoke,
// /v1/people/me.
func (s *Server) Identity() http.Handler { return s.identity }

// Reset logs everybody out, ends every contact without a word, cuts every
// socket, and forgets faults, requests and changes of profiles; commands that a
// fault still delays are refused. Issued tokens stay good: they belong
// to the identity service, and a page that is open would lose its sign-in.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.tasks {
		s.stopOffer(i)
	}
	for _, a := range s.agents {
		for _, c := range a.sockets {
			c.cut()
		}
		holds := a.holds
		*a = *s.employ(a.person)
		a.holds = holds
	}
	s.epoch++
	s.clear()
}

func (s *Server) clear() {
	s.queue, s.order, s.faults, s.requests = nil, nil, nil, nil
	s.tasks, s.tickets = map[string]*interaction{}, map[string]ticket{}
}

func (s *Server) now() time.Time { return s.cfg.Now() }

func (s *Server) millis() webexcc.Millis { return webexcc.MillisOf(s.now()) }

// after runs f under the lock, d from now, unless it is stopped.
func (s *Server) after(d time.Duration, f func()) func() bool {
	return s.cfg.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		f()
	})
}

// findAgent finds an agent by name, id or e-mail address.
func (s *Server) findAgent(nameOrID string) *agent {
	for _, a := range s.agents {
		if strings.EqualFold(a.name, nameOrID) || strings.EqualFold(a.id, nameOrID) || strings.EqualFold(a.email, nameOrID) {
			return a
		}
	}
	return nil
}

// newID returns a random UUID.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // Never fails.
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	const hex = "0123456789abcdef"
	out := make([]byte, 0, 36)
	for i, c := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			out = append(out, '-')
		}
		out = append(out, hex[c>>4], hex[c&15])
	}
	return string(out)
}

// secret returns a random credential without underscores.
func secret() string { return rand.Text() + rand.Text() }
