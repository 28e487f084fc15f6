package engine_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/callingext"
	"deskbridge/pkg/engine"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

// layout is a Desktop's layout, which changes while the widget runs.
type layout struct {
	mu     sync.Mutex
	json   string
	portal string
}

func (l *layout) set(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.json = text
}

func (l *layout) config(c *engine.Config) {
	c.Layout = func() backend.Layout {
		l.mu.Lock()
		defer l.mu.Unlock()
		return backend.Layout(l.json)
	}
	c.Portal = func() string { return l.portal }
}

// inLayout is a widget in a Desktop with that layout.
func inLayout(t *testing.T, l *layout, srv *server) *desk {
	t.Helper()
	st := newStore()
	signedIn(st, ann)
	d := open(t, newCentre(), srv, st, l.config)
	d.cc.up(1)
	d.screen(softphone.ScreenIdle)
	return d
}

func TestSettingsAreThoseOfTheLayout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, l := newServer(), &layout{json: `{"editTitle":true}`, portal: "88"}
		srv.settings = &backend.Settings{
			PortalID: "88", AppURL: portal, OutdialANI: "+14155550199", StripOutdialPrefixes: []string{"9"},
			NoLiveNotes: true, EditTitle: true, TicketButton: true, PanelWidth: 420, NoStateSync: true,
		}
		d := inLayout(t, l, srv)

		require.Equal(t, []backend.SettingsQuery{{PortalID: "88", Layout: backend.Layout(`{"editTitle":true}`)}}, srv.queries)
		require.Equal(t, softphone.Settings{
			PortalID: "88", AppURL: portal, OutdialANI: "+14155550199", StripOutdialPrefixes: []string{"9"},
			NoLiveNotes: true, EditTitle: true, TicketButton: true, PanelWidth: 420, NoStateSync: true,
		}, d.engine.View().Settings)

		l.set(`{"editTitle":false}`)
		srv.settings = &backend.Settings{PortalID: "88"}
		d.engine.Reconfigure()
		synctest.Wait()

		require.Len(t, srv.queries, 2)
		require.Equal(t, backend.Layout(`{"editTitle":false}`), srv.queries[1].Layout)
		require.False(t, d.engine.View().Settings.EditTitle)
	})
}

func TestWithoutALayoutThePortalsSettingsHold(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"none": "", "no JSON": `{"editTitle":`, "too long": `{"titleTemplate":"` + strings.Repeat("x", backend.MaxLayout) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := inLayout(t, &layout{json: text}, newServer())
				d.notify(call(webexcc.AgentOfferContact, "i1", nil))

				require.Empty(t, d.server.queries)
				require.Equal(t, "ring", d.engine.View().Settings.PopAt)
				require.Empty(t, d.server.lookups[0].Layout)
				require.Empty(t, d.server.stored()["i1:"+ann+":1"].Layout)
			})
		})
	}
}

func TestReconfigureWithoutASessionAsksNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		d := open(t, newCentre(), srv, newStore(), (&layout{json: `{}`}).config)

		d.engine.Reconfigure()
		synctest.Wait()

		require.Empty(t, srv.queries)
	})
}

// The layout goes wherever the server needs to know it; a record keeps the one
// that it began with.
func TestLayoutGoesWithRecordsLookupsAndContacts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, l, st := newServer(), &layout{json: `{"logCalls":"all"}`}, newStore()
		signedIn(st, ann)
		d := open(t, newCentre(), srv, st, l.config)
		d.cc.up(1)
		offer := call(webexcc.AgentOfferContact, "i1", func(i *webexcc.Interaction, _ *webexcc.Participant) {
			i.CallAssociatedData = map[string]webexcc.CADVariable{
				"City": {Name: "City", Value: "Porto"}, "pin": {Name: "pin", Value: "1234", IsSecure: webexcc.True},
			}
		})
		d.notify(offer)
		key := d.screen(softphone.ScreenIncoming).Call.Key
		d.engine.Send(softphone.ContactCreateRequested{Key: key, LastName: "Silva"})
		synctest.Wait()

		began := backend.Layout(`{"logCalls":"all"}`)
		require.Equal(t, began, srv.lookups[0].Layout)
		require.Equal(t, began, srv.stored()[string(key)].Layout)
		require.Equal(t, []backend.NewContact{{
			Number: "+14155550100", LastName: "Silva", PortalID: "77", Direction: "INBOUND", Queue: "Billing",
			Variables: []backend.Variable{{Name: "City", Label: "City", Value: "Porto"}}, Layout: began,
		}}, srv.made)

		d.stop() // The frame is reloaded under another layout.
		l.set(`{"logCalls":"off"}`)
		d = open(t, newCentre(), srv, st, l.config)
		d.cc.up(1, call(webexcc.AgentOfferContact, "i1", joined))
		d.screen(softphone.ScreenInCall)
		d.engine.Send(softphone.NotesEdited{Key: key, Text: "x"})
		synctest.Wait()
		require.Equal(t, "x", srv.stored()[string(key)].Notes)
		require.JSONEq(t, string(began), string(srv.stored()[string(key)].Layout))
	})
}

// Title and ticket wait in the outbox while the server is down, and a reload
// finds them there.
func TestTitleAndTicketSurviveAReload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, st := newServer(), newStore()
		srv.settings = &backend.Settings{PopAt: "ring", EditTitle: true, TicketButton: true}
		signedIn(st, ann)
		d := open(t, newCentre(), srv, st)
		d.cc.up(1)
		d.notify(call(webexcc.AgentOfferContact, "i1", nil), call(webexcc.AgentContactAssigned, "i1", joined))
		key := d.screen(softphone.ScreenInCall).Call.Key
		d.engine.Send(softphone.TitleEdited{Key: key, Text: "Refund of order 4711"})
		synctest.Wait()
		srv.set(backend.ErrUnreachable)
		d.engine.Send(softphone.TitleEdited{Key: key, Text: "Refund of order 4712"})
		d.engine.Send(softphone.TicketRequested{Key: key})
		synctest.Wait()
		require.Equal(t, "Refund of order 4711", srv.stored()[string(key)].Title)

		d.stop()
		srv.set(nil)
		d = open(t, newCentre(), srv, st)
		d.cc.up(1, call(webexcc.AgentOfferContact, "i1", joined))

		v := d.screen(softphone.ScreenInCall)
		require.Equal(t, "Refund of order 4712", v.Call.Title)
		require.True(t, v.Call.Ticket)
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, "Refund of order 4712", srv.stored()[string(key)].Title)
		require.True(t, srv.stored()[string(key)].Ticket)
	})
}

func TestHubSpotIsToldTheWidthAndNoStates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, st := newServer(), newStore()
		srv.settings = &backend.Settings{PanelWidth: 420, NoStateSync: true}
		signedIn(st, ann)
		d := open(t, newCentre(), srv, st)
		d.cc.up(1)
		d.screen(softphone.ScreenIdle)

		d.engine.Reconfigure()
		synctest.Wait()

		require.Equal(t, 1, len(slices.DeleteFunc(d.page.types(), func(m callingext.MessageType) bool { return m != callingext.TypeResizeWidget })))
		d.page.mu.Lock()
		defer d.page.mu.Unlock()
		at := slices.IndexFunc(d.page.got, func(m callingext.WidgetMessage) bool { return m.Kind() == callingext.TypeResizeWidget })
		resized := d.page.got[at].(callingext.ResizeWidget)
		require.Equal(t, []int{420, 600}, []int{resized.Width, resized.Height})
		for _, m := range d.page.got {
			require.NotEqual(t, callingext.TypeUserAvailable, m.Kind())
		}
	})
}

// The emulated Webex takes no number that is not of the profile's list.
func TestNumberThatWebexDoesNotShowIsSaid(t *testing.T) {
	t.Parallel()
	walk(t, func(t *testing.T, over string) {
		f := onTheFloor(t, over)
		f.available()
		f.until("configured", func(v softphone.View) bool { return v.Profile != nil })
		f.server.mu.Lock()
		f.server.settings = &backend.Settings{OutdialANI: "+19995550000", StripOutdialPrefixes: []string{"9"}}
		f.server.mu.Unlock()
		f.engine.Reconfigure()
		f.until("told of the settings", func(v softphone.View) bool { return v.Settings.OutdialANI != "" })

		f.engine.Send(softphone.DialRequested{Key: f.engine.NewKey(), Number: caller})

		require.Equal(t, "+19995550000", f.told(softphone.DialANIRefused).Args[1])
	})
}
