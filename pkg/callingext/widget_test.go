package callingext_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/callingext"
)

func TestHandshakeEchoesSyncThenInitializesThenFlushesTheQueue(t *testing.T) {
	t.Parallel()
	port := &scriptedPort{}
	var seen callingext.Synced
	var w *callingext.Widget
	w = callingext.NewWidget(callingext.WidgetConfig{
		Port: port, Origin: phone, Hosts: []string{hubspot}, DebugMode: true,
		Initialized: func(s callingext.Synced) callingext.Initialized {
			seen = s
			require.NoError(t, w.Send(callingext.Unavailable{})) // Still behind what was sent before.
			return callingext.Initialized{IsLoggedIn: true, EngagementID: s.EngagementID}
		},
	})
	port.from(hubspot, `{"type":"SYNC","messageId":"5_6","hostUrl":"https://app.hubspot.com","portalId":42,"userId":0,"ownerId":"9",
		"engagementId":4294967297,"iframeLocation":"remote","usesCallingWindow":true,"future":{"x":[1]},"__proto__":{"polluted":true}}`)
	require.NoError(t, w.Send(callingext.LoggedIn{}))
	require.NoError(t, w.Send(callingext.Available{}))
	require.Empty(t, port.posts)

	m, err := w.Next(t.Context())

	require.NoError(t, err)
	got := m.(callingext.Synced)
	assert.Equal(t, got, seen)
	assert.NotEmpty(t, got.Raw)
	got.Raw = nil
	assert.Equal(t, callingext.Synced{PortalID: "42", OwnerID: "9", EngagementID: "4294967297",
		IframeLocation: callingext.InRemote, UsesCallingWindow: true, HostURL: hubspot}, got)
	assert.Equal(t, []string{"SYNC_ACK", "INITIALIZED", "LOGGED_IN", "USER_AVAILABLE", "USER_UNAVAILABLE"}, port.types(t))
	assert.JSONEq(t, `{"type":"SYNC_ACK","messageId":"5_6","hostUrl":"https://app.hubspot.com","portalId":42,"userId":0,"ownerId":"9",
		"engagementId":4294967297,"iframeLocation":"remote","usesCallingWindow":true,"future":{"x":[1]},
		"debugMode":true,"version":"0.9.7","iFrameUrl":"https://phone.example"}`, port.posts[0].Data)
	assert.JSONEq(t, `{"isLoggedIn":true,"isAvailable":false,"engagementId":4294967297}`, data(t, port.posts[1].Data))
	for _, p := range port.posts {
		assert.Equal(t, hubspot, p.Target)
	}
}

func TestOnlyTheParentOnAnAllowedOriginIsHeard(t *testing.T) {
	t.Parallel()
	const sync = `{"type":"SYNC","messageId":"1_2","hostUrl":%q}`
	tests := []struct {
		name string
		in   callingext.Inbound
		want callingext.DropReason
	}{
		{"foreign frame", callingext.Inbound{Data: fmt.Appendf(nil, sync, hubspot), Origin: hubspot}, callingext.DropForeignFrame},
		{"foreign origin", callingext.Inbound{Data: fmt.Appendf(nil, sync, hubspot), Origin: "https://evil.example", FromPeer: true}, callingext.DropForeignOrigin},
		{"lookalike", callingext.Inbound{Data: fmt.Appendf(nil, sync, hubspot), Origin: hubspot + ".evil.example", FromPeer: true}, callingext.DropForeignOrigin},
		{"opaque origin", callingext.Inbound{Data: fmt.Appendf(nil, sync, "null"), Origin: "null", FromPeer: true}, callingext.DropForeignOrigin},
		{"forged hostUrl", callingext.Inbound{Data: fmt.Appendf(nil, sync, "https://evil.example"), Origin: hubspot, FromPeer: true}, callingext.DropForgedHost},
		{"another allowed hostUrl", callingext.Inbound{Data: fmt.Appendf(nil, sync, "https://app-eu1.hubspot.com"), Origin: hubspot, FromPeer: true}, callingext.DropForgedHost},
		{"hostUrl of a wrong type", callingext.Inbound{Data: []byte(`{"type":"SYNC","messageId":"1_2","hostUrl":{}}`), Origin: hubspot, FromPeer: true}, callingext.DropForgedHost},
		{"before SYNC", callingext.Inbound{Data: []byte(`{"type":"DIAL_NUMBER","messageId":"1_2","data":{"phoneNumber":"+1900"}}`), Origin: hubspot, FromPeer: true}, callingext.DropNotReady},
		{"SYNC_ACK", callingext.Inbound{Data: []byte(`{"type":"SYNC_ACK","messageId":"1_2"}`), Origin: hubspot, FromPeer: true}, callingext.DropNotReady},
		{"1 MiB", callingext.Inbound{Data: fmt.Appendf(nil, sync, strings.Repeat("x", 1<<20)), Origin: hubspot, FromPeer: true}, callingext.DropTooLarge},
	}
	for _, bad := range []string{``, `null`, `7`, `"SYNC"`, `[]`, `[{"type":"SYNC"}]`, `{`, `{}`, `{"type":null,"messageId":"1"}`, `{"type":7,"messageId":"1"}`,
		`{"type":"","messageId":"1"}`, `{"type":"DIAL_NUMBER"}`, `{"type":"DIAL_NUMBER","messageId":""}`, `{"type":"DIAL_NUMBER","messageId":{}}`,
		`{"Type":"SYNC","messageId":"1_2","hostUrl":"https://app.hubspot.com"}`, `{"__proto__":{"type":"SYNC","messageId":"1_2"}}`,
		strings.Repeat(`{"type":`, 20000), "\xff\xfe"} {
		tests = append(tests, struct {
			name string
			in   callingext.Inbound
			want callingext.DropReason
		}{fmt.Sprintf("malformed %.40s", bad), callingext.Inbound{Data: []byte(bad), Origin: hubspot, FromPeer: true}, callingext.DropMalformed})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var told []string
			port := &scriptedPort{in: []callingext.Inbound{tt.in}}
			port.from(hubspot, sync1)
			w := callingext.NewWidget(callingext.WidgetConfig{Port: port, Origin: phone,
				Hosts: []string{hubspot, "https://*.hubspot.com"}, Debug: func(what, _ string) { told = append(told, what) }})

			got := drain(t, w)

			require.Len(t, got, 1, "the real SYNC still counts")
			assert.Equal(t, hubspot, got[0].(callingext.Synced).HostURL)
			assert.Equal(t, map[callingext.DropReason]int{tt.want: 1}, w.Dropped())
			assert.Equal(t, []string{"SYNC_ACK", "INITIALIZED"}, port.types(t))
			assert.Equal(t, []string{"drop " + string(tt.want), "synced"}, told)
		})
	}
}

func TestAfterTheHandshakeOnlyTheAdoptedHostIsHeard(t *testing.T) {
	t.Parallel()
	w, port := readyWidget(t)
	const eu = "https://app-eu1.hubspot.com" // Allowed, but not who synced.
	port.from(hubspot, sync1)
	port.from(hubspot, strings.Replace(sync1, "_1700000000001", "_1700000000101", 1))
	port.from(eu, `{"type":"SYNC","messageId":"1_2","hostUrl":"https://app-eu1.hubspot.com"}`)
	port.from(eu, `{"type":"END_CALL","messageId":"1_2"}`)
	port.in = append(port.in, callingext.Inbound{Data: []byte(`{"type":"END_CALL","messageId":"1_2"}`), Origin: hubspot})
	port.from(hubspot, `{"type":"SYNC_ACK","messageId":"1_2"}`)
	port.from(hubspot, `{"type":"END_CALL","messageId":"1_2","data":"`+strings.Repeat("x", 1<<20)+`"}`)
	port.from(hubspot, `{"type":"END_CALL","messageId":"1_2"}`)

	got := drain(t, w)

	assert.Equal(t, []callingext.HostMessage{callingext.EndCall{}}, got)
	assert.Empty(t, port.posts, "nobody was answered")
	assert.Equal(t, map[callingext.DropReason]int{
		callingext.DropSecondSync: 2, callingext.DropForeignOrigin: 2, callingext.DropForeignFrame: 1,
		callingext.DropUnexpected: 1, callingext.DropTooLarge: 1,
	}, w.Dropped())
}

func TestSyncWithoutHostURLOrIDIsAnswered(t *testing.T) {
	t.Parallel()
	port := &scriptedPort{}
	w := newWidget(port)
	port.from(hubspot, `{"type":"SYNC"}`)

	got := drain(t, w)

	require.Len(t, got, 1)
	assert.Equal(t, hubspot, got[0].(callingext.Synced).HostURL, "the browser's word")
	require.Len(t, port.posts, 2)
	assert.NotEmpty(t, decode(t, port.posts[0].Data)["messageId"])
}

func TestLateSyncWorks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := callingext.Pipe(phone, hubspot)
		w := newWidget(a)
		require.NoError(t, w.Send(callingext.LoggedIn{}))
		time.AfterFunc(20*time.Second, func() { assert.NoError(t, b.Post(phone, []byte(sync1))) })

		m, err := w.Next(t.Context())

		require.NoError(t, err)
		require.IsType(t, callingext.Synced{}, m)
		for _, want := range []string{"SYNC_ACK", "INITIALIZED", "LOGGED_IN"} {
			in, err := b.Receive(t.Context())
			require.NoError(t, err)
			assert.Equal(t, want, decode(t, string(in.Data))["type"])
		}
	})
}

func TestDuplicatesAreDeliveredLikeBySDK(t *testing.T) {
	t.Parallel()
	w, port := readyWidget(t)
	for range 2 { // HubSpot's SDK gives two sends of one millisecond the same id.
		port.from(hubspot, `{"type":"DIAL_NUMBER","messageId":"5_6","data":{"phoneNumber":"+1","startTimestamp":5}}`)
	}

	assert.Len(t, drain(t, w), 2)
}

func TestUnknownTypesAreAnsweredOnceEach(t *testing.T) {
	t.Parallel()
	w, port := readyWidget(t)
	const odd = `{"type":"toString","messageId":"5_6","data":{"a":1}}`
	for range 3 {
		port.from(hubspot, odd)
		port.from(hubspot, `{"type":"__proto__","messageId":"5_6"}`)
		for _, known := range []string{"ERROR", "READY", "FAILED", "SET_WIDGET_URL"} {
			port.from(hubspot, `{"type":"`+known+`","messageId":"5_6","data":{"iFrameUrl":"https://evil.example"},"iFrameUrl":"https://evil.example"}`)
		}
	}

	got := drain(t, w)

	assert.Len(t, got, 18, "every one is delivered")
	assert.IsType(t, callingext.Unknown{}, got[0])
	require.Len(t, port.posts, 2)
	assert.Equal(t, hubspot, port.posts[0].Target)
	assert.JSONEq(t, `{"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":`+odd+`}}`, data(t, port.posts[0].Data))
	require.NoError(t, w.Send(callingext.LoggedIn{}))
	assert.Equal(t, hubspot, port.posts[2].Target, "SET_WIDGET_URL moved nothing")
}

func TestManyUnknownTypesDoNotMakeAStorm(t *testing.T) {
	t.Parallel()
	w, port := readyWidget(t)
	for i := range 1000 {
		port.from(hubspot, fmt.Sprintf(`{"type":"NEW_%d","messageId":"5_6"}`, i))
	}

	got := drain(t, w)

	assert.Len(t, got, 1000)
	assert.Len(t, port.posts, 64)
}

func TestRepliesAreNotNewMessages(t *testing.T) {
	t.Parallel()
	w, port := readyWidget(t)
	require.NoError(t, w.Send(callingext.LoggedIn{}))
	mine := decode(t, port.posts[0].Data)["messageId"].(string)
	port.from(hubspot, `{"type":"END_CALL","messageId":"`+mine+`"}`)

	assert.Empty(t, drain(t, w))
	assert.Equal(t, map[callingext.DropReason]int{callingext.DropReply: 1}, w.Dropped())
}

func TestWidgetAvoidsTheInstanceIDOfItsHost(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.UnixMilli(1700000000000) }
	for _, sync := range []string{`"1700000000000_1700000000000"`, `"17_1"`, `"17000000000009_1"`, `1700000000000`} {
		t.Run(sync, func(t *testing.T) {
			t.Parallel()
			port := &scriptedPort{}
			w := callingext.NewWidget(callingext.WidgetConfig{Port: port, Origin: phone, Hosts: []string{hubspot}, Now: now})
			port.from(hubspot, `{"type":"SYNC","messageId":`+sync+`}`)
			port.from(hubspot, `{"type":"END_CALL","messageId":`+sync+`}`)

			got := drain(t, w)

			assert.Len(t, got, 2, "END_CALL is not taken for a reply")
			peer, _, _ := strings.Cut(strings.Trim(sync, `"`), "_")
			mine := decode(t, port.posts[1].Data)["messageId"].(string)
			assert.False(t, strings.HasPrefix(mine, peer), "the host's SDK would take %s for a reply", mine)
		})
	}
}

func TestMessageIDsAreUniqueWithinAMillisecond(t *testing.T) {
	t.Parallel()
	port := &scriptedPort{}
	w := callingext.NewWidget(callingext.WidgetConfig{Port: port, Origin: phone, Hosts: []string{hubspot},
		Now: func() time.Time { return time.UnixMilli(1800000000000) }})
	port.from(hubspot, sync1)
	drain(t, w)
	for range 100 {
		require.NoError(t, w.Send(callingext.LoggedIn{}))
	}

	ids := map[string]bool{}
	for _, p := range port.posts[1:] {
		id := decode(t, p.Data)["messageId"].(string)
		assert.Regexp(t, `^1800000000000_18000000\d{5}$`, id)
		ids[id] = true
	}
	assert.Len(t, ids, 101)
}

func TestConcurrentSendsAroundTheHandshakeKeepTheirOrder(t *testing.T) {
	t.Parallel()
	const senders, each = 8, 50
	a, b := callingext.Pipe(phone, hubspot)
	w := newWidget(a)
	var all sync.WaitGroup
	for s := range senders {
		all.Go(func() {
			for i := range each {
				assert.NoError(t, w.Send(callingext.ResizeWidget{Width: s + 1, Height: i + 1}))
			}
		})
	}
	require.NoError(t, b.Post(phone, []byte(sync1)))
	_, err := w.Next(t.Context())
	require.NoError(t, err)
	all.Wait()

	last := map[string]int{}
	for i := range senders*each + 2 {
		in, err := b.Receive(t.Context())
		require.NoError(t, err)
		m := decode(t, string(in.Data))
		if i < 2 {
			assert.Equal(t, []string{"SYNC_ACK", "INITIALIZED"}[i], m["type"])
			continue
		}
		var d struct {
			Data struct {
				Width  int
				Height int
			}
		}
		unmarshal(t, in.Data, &d)
		sender := fmt.Sprint(d.Data.Width)
		assert.Equal(t, last[sender]+1, d.Data.Height)
		last[sender] = d.Data.Height
	}
}

func TestAFailedAcknowledgementWaitsForTheNextSync(t *testing.T) {
	t.Parallel()
	port := &scriptedPort{refuse: errors.New("refused")}
	w := newWidget(port)
	port.from(hubspot, sync1)
	assert.Empty(t, drain(t, w))
	port.refuse = nil
	port.from(hubspot, sync1)

	assert.Len(t, drain(t, w), 1)
	assert.Equal(t, map[callingext.DropReason]int{callingext.DropPostFailed: 1}, w.Dropped())
	port.refuse = errors.New("refused")
	assert.ErrorIs(t, w.Send(callingext.LoggedIn{}), port.refuse)
}

func TestQueueIsLimited(t *testing.T) {
	t.Parallel()
	w := newWidget(&scriptedPort{})
	for range 1024 {
		require.NoError(t, w.Send(callingext.LoggedIn{}))
	}

	assert.ErrorIs(t, w.Send(callingext.LoggedIn{}), callingext.ErrQueueFull)
}

// A counting port with something injected before the peer's messages.
type injecting struct {
	callingext.Port
	first []callingext.Inbound
	posts *int
}

func (p *injecting) Receive(ctx context.Context) (callingext.Inbound, error) {
	if len(p.first) > 0 {
		in := p.first[0]
		p.first = p.first[1:]
		return in, nil
	}
	return p.Port.Receive(ctx)
}

func (p *injecting) Post(target string, message []byte) error {
	*p.posts++
	return p.Port.Post(target, message)
}

func TestTwoWidgetsFacingEachOtherFallSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		one, two := callingext.Pipe(phone, hubspot)
		sync := func(origin string) []callingext.Inbound {
			return []callingext.Inbound{{Data: fmt.Appendf(nil, `{"type":"SYNC","messageId":"5_%d","hostUrl":%q}`, 6, origin), Origin: origin, FromPeer: true}}
		}
		var posts [2]int
		widgets := []*callingext.Widget{
			callingext.NewWidget(callingext.WidgetConfig{Port: &injecting{one, sync(hubspot), &posts[0]}, Origin: phone, Hosts: []string{hubspot}}),
			callingext.NewWidget(callingext.WidgetConfig{Port: &injecting{two, sync(phone), &posts[1]}, Origin: hubspot, Hosts: []string{phone}}),
		}
		for _, w := range widgets {
			go func() {
				for {
					if _, err := w.Next(ctx); err != nil {
						return
					}
				}
			}()
		}

		synctest.Wait() // Both wait for ever: nobody has anything left to say.

		for i := range posts {
			assert.GreaterOrEqual(t, posts[i], 2, "SYNC_ACK, INITIALIZED")
			assert.LessOrEqual(t, posts[i], 3, "and one ERROR for the other's INITIALIZED")
		}
	})
}
