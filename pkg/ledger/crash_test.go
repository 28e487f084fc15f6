package ledger_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// TestMain turns the binary into a server that waits to be killed, if the
// environment says so.
func TestMain(m *testing.M) {
	if os.Getenv("LEDGER_CHILD_DATABASE") != "" {
		child()
		return
	}
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		_ = flag.Set("rapid.checks", "20") // Each is a whole life of a record.
	}
	os.Exit(m.Run())
}

// child stores records as fast as it can, tells each that was acknowledged, and
// writes them at the same time, until it is killed.
func child() {
	first, err := strconv.Atoi(os.Getenv("LEDGER_CHILD_FIRST"))
	if err != nil {
		panic(err)
	}
	crm := os.Getenv("LEDGER_CHILD_CRM")
	cfg := withTasks(config(os.Getenv("LEDGER_CHILD_DATABASE"), &remote{crm}), &remote{crm + "/tasks"})
	cfg = withTickets(cfg, &remote{crm + "/tickets"}, &book{}, ticketing)
	cfg.IndexWait = crashIndexWait
	l, err := ledger.Open(context.Background(), cfg)
	if err != nil {
		panic(err)
	}
	if err := l.Start(context.Background()); err != nil {
		panic(err)
	}
	for i := first; ; i++ {
		key := fmt.Sprintf("crash-%d", i)
		r := inbound(key)
		r.InteractionID = fmt.Sprintf("interaction-%d", i/2) // Two records have one ticket.
		r.FollowUp = &backend.FollowUp{Subject: key, Due: t0}
		if _, err := l.Put(context.Background(), ann, r); err != nil {
			panic(err)
		}
		fmt.Println(key)
	}
}

const (
	crashRounds    = 3
	crashEach      = 25
	crashIndexWait = 300 * time.Millisecond
)

// Killed with jobs queued and running, again and again: nothing that was
// acknowledged is lost, nothing is in HubSpot twice.
func TestKillLosesNothingAndDoublesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c, tasks, tickets := newCRM(), newCRM(), newTickets()
		c.lag, tasks.lag, tickets.lag = 20*time.Millisecond, 20*time.Millisecond, 20*time.Millisecond
		portal, desk, counter := &server{c: c}, &server{c: tasks}, &server{c: tickets}
		web := httptest.NewServer(both(portal, desk, counter))
		defer web.Close()

		var acknowledged []string
		for round := range crashRounds {
			acknowledged = append(acknowledged, runAndKill(t, url, web.URL, round*100_000, nil)...)
			portal.settle() // What the dead had sent still arrives.
			desk.settle()
			counter.settle()
		}
		stillWaiting := 0
		cfg := withTickets(withTasks(config(url, c), tasks), tickets, &book{}, ticketing)
		cfg.IndexWait = crashIndexWait
		l := open(t, cfg)
		for _, key := range acknowledged {
			got, err := l.Get(t.Context(), ann, key)
			require.NoError(t, err, "lost %s", key)
			if got.Receipt.State == "queued" {
				stillWaiting++
			}
		}
		require.NotZero(t, stillWaiting, "the kill came too late to prove anything")
		require.NoError(t, l.Start(t.Context()))
		for _, key := range acknowledged {
			await(t, l, key, "enriched")
		}
		eventually(t, func() (string, bool) { // Those that were stored but not acknowledged.
			s, err := l.Depth(t.Context())
			return fmt.Sprintf("%+v %v", s, err), err == nil && s.Waiting == 0
		})

		seen := map[string]int{}
		for _, call := range c.live() {
			seen[call.Properties["hs_call_external_id"]]++
			require.True(t, call.Links["0-1/30000000001"])
		}
		for key, n := range seen {
			require.Equal(t, 1, n, "%s is there %d times", key, n)
		}
		wanted := map[string]int{}
		for _, task := range tasks.live() {
			wanted[task.Properties["hs_task_subject"]]++
		}
		for key, n := range wanted {
			require.Equal(t, 1, n, "the task of %s is there %d times", key, n)
		}
		for _, key := range acknowledged {
			require.Equal(t, 1, seen[key], "%s is not in HubSpot", key)
			require.Equal(t, 1, wanted[key], "%s has no task", key)
		}
		made := map[string]int{}
		for _, ticket := range tickets.live() {
			made[ticket.Properties["deskbridge_key"]+ticket.Properties["content"]]++
		}
		for name, n := range made {
			require.Equal(t, 1, n, "the ticket of %s is there %d times", name, n)
		}
		interactions := map[string]bool{}
		for key := range seen {
			n, err := strconv.Atoi(strings.TrimPrefix(key, "crash-"))
			require.NoError(t, err)
			interactions[fmt.Sprint(n/2)] = true
		}
		require.Len(t, made, len(interactions), "each interaction has one ticket")
		t.Logf("%d acknowledged, %d of them still queued after %d kills, %d calls, %d tasks, %d tickets",
			len(acknowledged), stillWaiting, crashRounds, len(seen), len(wanted), len(made))
	})
}

// The worst moment: HubSpot has created the call, or its ticket, and the answer
// is under way.
func TestKillBetweenCreateAndItsAnswer(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		for _, ofTicket := range []bool{false, true} {
			url := fresh(t, url)
			c, tasks, tickets := newCRM(), newCRM(), newTickets()
			c.lag, tickets.lag = 100*time.Millisecond, 100*time.Millisecond
			portal, counter := &server{c: c}, &server{c: tickets}
			web := httptest.NewServer(both(portal, &server{c: tasks}, counter))
			defer web.Close()
			worst := c
			if ofTicket {
				worst = tickets
			}
			created, killed := make(chan struct{}), make(chan struct{})
			var once sync.Once
			worst.fail(func(op string, after bool) error {
				if op == "create" && after {
					once.Do(func() { close(created) })
					<-killed // For every worker that got this far.
				}
				return nil
			})

			keys := runAndKill(t, url, web.URL, 0, created)
			close(killed)
			portal.settle()
			counter.settle()
			orphans := len(worst.live())
			worst.fail(nil)
			cfg := withTickets(withTasks(config(url, c), tasks), tickets, &book{}, ticketing)
			cfg.IndexWait = crashIndexWait
			l := start(t, cfg)
			for _, key := range keys {
				await(t, l, key, "enriched")
			}

			require.NotZero(t, orphans)
			seen, made := map[string]int{}, map[string]int{}
			for _, call := range c.live() {
				seen[call.Properties["hs_call_external_id"]]++
			}
			for _, key := range keys {
				require.Equal(t, 1, seen[key], key)
			}
			for _, ticket := range tickets.live() {
				made[ticket.Properties["content"]]++
				require.Equal(t, 1, made[ticket.Properties["content"]], "two tickets of one interaction")
			}
			require.GreaterOrEqual(t, len(made), len(keys)/2)
		}
	})
}

// runAndKill runs a child until it has acknowledged enough, and until the
// moment has come if one is given, and returns what it acknowledged.
func runAndKill(t *testing.T, database, crmURL string, first int, moment <-chan struct{}) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "LEDGER_CHILD_DATABASE="+database, "LEDGER_CHILD_CRM="+crmURL,
		fmt.Sprintf("LEDGER_CHILD_FIRST=%d", first))
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var keys []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "crash-") {
			keys = append(keys, lines.Text())
		}
		if len(keys) == crashEach {
			if moment != nil {
				<-moment
			}
			require.NoError(t, cmd.Process.Kill())
		}
	}
	_ = cmd.Wait() // Killed.
	require.GreaterOrEqual(t, len(keys), crashEach, errOut.String())
	return keys
}

// server lets another process use the portal.
type server struct {
	c    *crm
	busy sync.RWMutex // Held for reading while a request is served.
}

type request struct {
	Op, ID, Type, To, Unique, Email string
	Properties                      map[string]string
	Property                        ledger.Property
	Query                           ledger.Query
	Limit                           int
}

type response struct {
	ID         string
	IDs        []string
	Call       ledger.Call
	Calls      []ledger.Call
	Properties []ledger.Property
	Refusal    *ledger.Refusal
	Error      string
}

// both serves calls and, below /tasks and /tickets, tasks and tickets.
func both(calls, tasks, tickets http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", calls)
	mux.Handle("/tasks", tasks)
	mux.Handle("/tickets", tickets)
	return mux
}

// settle waits for what is under way.
func (s *server) settle() {
	s.busy.Lock()
	defer s.busy.Unlock()
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.busy.RLock()
	defer s.busy.RUnlock()
	var in request
	var out response
	err := json.NewDecoder(r.Body).Decode(&in)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ctx := context.Background() // It arrived: whether anybody waits for the answer changes nothing.
	switch in.Op {
	case "properties":
		out.Properties, err = s.c.Properties(ctx)
	case "add-property":
		err = s.c.AddProperty(ctx, in.Property)
	case "call":
		out.Call, err = s.c.Call(ctx, in.ID, nil)
	case "find":
		out.Calls, err = s.c.Find(ctx, in.Query)
	case "ghosts":
		out.Calls, err = s.c.Ghosts(ctx, in.ID, in.Query.To, in.Limit)
	case "create":
		out.ID, err = s.c.Create(ctx, in.Properties)
	case "upsert":
		out.ID, err = s.c.Upsert(ctx, in.Unique, in.Properties)
	case "update":
		err = s.c.Update(ctx, in.ID, in.Properties)
	case "archive":
		err = s.c.Archive(ctx, in.ID)
	case "link":
		err = s.c.Link(ctx, in.ID, in.Type, in.To)
	case "unlink":
		err = s.c.Unlink(ctx, in.ID, in.Type, in.To)
	case "links":
		out.IDs, err = s.c.Links(ctx, in.ID, in.Type)
	case "owner":
		out.ID, err = s.c.Owner(ctx, in.Email)
	}
	if err != nil && !errors.As(err, &out.Refusal) {
		out.Error = err.Error()
	}
	_ = json.NewEncoder(w).Encode(out)
}

// remote is the portal as the child sees it.
type remote struct{ url string }

func (r *remote) ask(ctx context.Context, in request) (response, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return response{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		return response{}, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return response{}, err
	}
	defer func() { _ = res.Body.Close() }()
	var out response
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		return response{}, err
	}
	if out.Refusal != nil {
		return out, out.Refusal
	}
	if out.Error != "" {
		return out, errors.New(out.Error)
	}
	return out, nil
}

func (r *remote) Properties(ctx context.Context) ([]ledger.Property, error) {
	out, err := r.ask(ctx, request{Op: "properties"})
	return out.Properties, err
}

func (r *remote) AddProperty(ctx context.Context, p ledger.Property) error {
	_, err := r.ask(ctx, request{Op: "add-property", Property: p})
	return err
}

func (r *remote) Call(ctx context.Context, id string, _ []string) (ledger.Call, error) {
	out, err := r.ask(ctx, request{Op: "call", ID: id})
	return out.Call, err
}

func (r *remote) Find(ctx context.Context, q ledger.Query) ([]ledger.Call, error) {
	out, err := r.ask(ctx, request{Op: "find", Query: q})
	return out.Calls, err
}

func (r *remote) Ghosts(ctx context.Context, appID string, before time.Time, limit int) ([]ledger.Call, error) {
	out, err := r.ask(ctx, request{Op: "ghosts", ID: appID, Query: ledger.Query{To: before}, Limit: limit})
	return out.Calls, err
}

func (r *remote) Create(ctx context.Context, properties map[string]string) (string, error) {
	out, err := r.ask(ctx, request{Op: "create", Properties: properties})
	return out.ID, err
}

func (r *remote) Upsert(ctx context.Context, unique string, properties map[string]string) (string, error) {
	out, err := r.ask(ctx, request{Op: "upsert", Unique: unique, Properties: properties})
	return out.ID, err
}

func (r *remote) Update(ctx context.Context, id string, properties map[string]string) error {
	_, err := r.ask(ctx, request{Op: "update", ID: id, Properties: properties})
	return err
}

func (r *remote) Archive(ctx context.Context, id string) error {
	_, err := r.ask(ctx, request{Op: "archive", ID: id})
	return err
}

func (r *remote) Link(ctx context.Context, id, typeID, objectID string) error {
	_, err := r.ask(ctx, request{Op: "link", ID: id, Type: typeID, To: objectID})
	return err
}

func (r *remote) Unlink(ctx context.Context, id, typeID, objectID string) error {
	_, err := r.ask(ctx, request{Op: "unlink", ID: id, Type: typeID, To: objectID})
	return err
}

func (r *remote) Links(ctx context.Context, id, typeID string) ([]string, error) {
	out, err := r.ask(ctx, request{Op: "links", ID: id, Type: typeID})
	return out.IDs, err
}

func (r *remote) Owner(ctx context.Context, email string) (string, error) {
	out, err := r.ask(ctx, request{Op: "owner", Email: email})
	return out.ID, err
}
