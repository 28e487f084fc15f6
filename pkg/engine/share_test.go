package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/engine"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/stories"
	"deskbridge/pkg/webexcc"
)

// lobby is a channel between frames; each hears the others.
type lobby struct {
	mu  sync.Mutex
	all []*ear
}

type ear struct {
	lobby *lobby
	in    chan []byte
}

func (f *lobby) join() *ear {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := &ear{f, make(chan []byte, 1000)}
	f.all = append(f.all, e)
	return e
}

func (e *ear) Post(message []byte) error {
	e.lobby.mu.Lock()
	defer e.lobby.mu.Unlock()
	for _, other := range e.lobby.all {
		if other != e {
			other.in <- message
		}
	}
	return nil
}

func (e *ear) Receive(ctx context.Context) ([]byte, error) { return tab{in: e.in}.Receive(ctx) }

// one lets one of several frames lead at a time.
type one struct{ free chan struct{} }

func newOne() one {
	o := one{make(chan struct{}, 1)}
	o.free <- struct{}{}
	return o
}

func (o one) Acquire(ctx context.Context, _ bool) (<-chan struct{}, error) {
	select {
	case <-o.free:
		context.AfterFunc(ctx, func() { o.free <- struct{}{} })
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// frames are those of one Desktop.
type frames struct {
	t     *testing.T
	lobby *lobby
	lead  one
	cc    *centre
	srv   *server
	store *store
	n     int
	tabs  []string // That were opened, and where.
}

// open adds a frame; close takes it out of the page.
func (f *frames) open(version string, wait time.Duration) (s *engine.Share, close func()) {
	f.n++
	name, ids := fmt.Sprint("frame", f.n), 0
	id := func() string { ids++; return fmt.Sprint(name, "-", ids) }
	s = engine.NewShare(engine.ShareConfig{
		Leader: f.lead, Channel: f.lobby.join(), NewID: id, Version: version, Wait: wait,
		OpenTab: func(url string) error { f.tabs = append(f.tabs, name+" "+url); return nil },
		New: func() *engine.Engine {
			return engine.New(engine.Config{
				CC: f.cc, Backend: f.srv, Session: engine.NewSession(f.store), Store: f.store,
				SignIn: noSignIn{&engine.SignInError{Code: softphone.PopupBlocked}}, NewID: id,
			})
		},
	})
	ctx, cancel := context.WithCancel(f.t.Context())
	done := make(chan struct{})
	go func() { defer func() { done <- struct{}{} }(); _ = s.Run(ctx) }()
	synctest.Wait()
	return s, sync.OnceFunc(func() { cancel(); <-done; synctest.Wait() })
}

// Two frames, one engine: what is pressed in either of them happens, and when
// the frame that leads goes, the other one goes on with the same call.
func TestFramesShareOneEngine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &frames{t: t, lobby: &lobby{}, lead: newOne(), cc: newCentre(), srv: newServer(), store: newStore()}
		signedIn(f.store, ann)
		first, closeFirst := f.open("1", 0)
		defer closeFirst()
		f.cc.up(1)
		synctest.Wait()
		require.Equal(t, softphone.ScreenIdle, first.View().Screen)
		f.cc.out <- call(webexcc.AgentOfferContact, "i1", nil)
		f.cc.out <- call(webexcc.AgentContactAssigned, "i1", joined)
		synctest.Wait()

		second, closeSecond := f.open("1", 500*time.Millisecond)
		defer closeSecond()
		require.Nil(t, second.Leads())
		var seen atomic.Pointer[softphone.View]
		second.Subscribe(func(v softphone.View) { seen.Store(&v) })
		require.Equal(t, softphone.ScreenInCall, second.View().Screen)
		key := second.View().Call.Key
		second.Send(softphone.NotesEdited{Key: key, Text: "typed in the second"})
		second.Send(softphone.HoldRequested{Key: key})
		synctest.Wait()
		require.Equal(t, "typed in the second", first.View().Call.Notes)
		require.Equal(t, "typed in the second", seen.Load().Call.Notes)
		require.Equal(t, []string{"hold i1"}, f.cc.commands())
		// A tab opens in the frame in which it was asked for.
		require.NoError(t, first.OpenTab("https://app.hubspot.com/x"))
		synctest.Wait()
		require.Equal(t, []string{"frame2 https://app.hubspot.com/x"}, f.tabs)
		first.Send(softphone.ActivitySeen{})
		require.NoError(t, first.OpenTab("https://app.hubspot.com/y"))
		require.Equal(t, "frame1 https://app.hubspot.com/y", f.tabs[1])
		page, err := second.Search(t.Context(), softphone.DirectoryQuery{Kind: "queue"})
		want, wantErr := first.Search(t.Context(), softphone.DirectoryQuery{Kind: "queue"})
		require.NoError(t, wantErr)
		require.NoError(t, err)
		require.Equal(t, want, page)
		time.Sleep(20 * time.Second) // Fake time: the record is at the backend.

		closeFirst()
		require.NotNil(t, second.Leads())
		f.cc.up(2, call(webexcc.AgentContact, "i1", joined))
		synctest.Wait()
		require.Equal(t, key, second.View().Call.Key)
		require.Equal(t, "typed in the second", second.View().Call.Notes)
		require.Equal(t, key, seen.Load().Call.Key, "who had subscribed still hears")
	})
}

// A frame with an older bundle than the one that leads says so.
func TestFramesOfTwoVersions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &frames{t: t, lobby: &lobby{}, lead: newOne(), cc: newCentre(), srv: newServer(), store: newStore()}
		signedIn(f.store, ann)
		_, closeNew := f.open("2", 0)
		defer closeNew()
		f.cc.up(1)
		same, closeSame := f.open("2", 0)
		defer closeSame()
		old, closeOld := f.open("1", 0)
		defer closeOld()
		require.Equal(t, softphone.ScreenIdle, same.View().Screen)

		f.cc.out <- call(webexcc.AgentOfferContact, "i1", nil)
		synctest.Wait()

		require.Equal(t, []softphone.Problem{{Code: softphone.VersionMismatch}}, old.View().Problems)
	})
}

// Every view is the same in another frame.
func TestViewsTravel(t *testing.T) {
	t.Parallel()
	for _, s := range stories.All() {
		text, err := json.Marshal(s.View)
		require.NoError(t, err, s.Name)
		var got softphone.View
		require.NoError(t, json.Unmarshal(text, &got), s.Name)
		again, err := json.Marshal(got)
		require.NoError(t, err)
		require.JSONEq(t, string(text), string(again), s.Name)
		require.Equal(t, s.View.Screen, got.Screen)
	}
}

// Everything that a panel sends can be sent from another frame.
func TestEveryPressTravels(t *testing.T) {
	t.Parallel()
	events, sent := map[string]bool{}, map[string]bool{}
	inspect(t, "../softphone/eventset.go", func(n ast.Node) {
		if f, ok := n.(*ast.FuncDecl); ok && f.Name.Name == "event" && f.Recv != nil {
			events[f.Recv.List[0].Type.(*ast.Ident).Name] = true
		}
	})
	files, err := filepath.Glob("../ui/*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		inspect(t, file, func(n ast.Node) {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return
			}
			if sel, ok := lit.Type.(*ast.SelectorExpr); ok && events[sel.Sel.Name] {
				sent[sel.Sel.Name] = true
			}
		})
	}
	require.Greater(t, len(sent), 30)
	for name := range sent {
		require.True(t, engine.Travels(name), name)
	}
}

func inspect(t *testing.T, file string, see func(ast.Node)) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	ast.Inspect(f, func(n ast.Node) bool { see(n); return true })
}
