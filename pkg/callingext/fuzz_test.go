package callingext_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/callingext"
)

// Whatever a host sends: no panic, at most one answer, none to another origin,
// and what is delivered is a member of the sum with its payload kept.
func FuzzWidgetReceives(f *testing.F) {
	for _, row := range hostRows {
		f.Add(hubspot, true, []byte(`{"type":"`+row.typ+`","messageId":"5_6","data":`+orNull(row.data)+`}`))
	}
	f.Add(hubspot, true, []byte(sync1))
	f.Add("https://evil.example", true, []byte(sync1))
	f.Add(hubspot, false, []byte(`{"type":"DIAL_NUMBER","messageId":1e3,"data":{"objectId":1e400,"calleeInfo":[]}}`))
	f.Add(hubspot, true, []byte(`{"type":"__proto__","messageId":"_","__proto__":{}}`))
	f.Fuzz(func(t *testing.T, origin string, fromPeer bool, data []byte) {
		fresh := &scriptedPort{in: []callingext.Inbound{{Data: data, Origin: origin, FromPeer: fromPeer}}}
		drain(t, newWidget(fresh))
		for _, p := range fresh.posts {
			require.Equal(t, origin, p.Target)
			require.True(t, json.Valid([]byte(p.Data)))
		}

		w, port := readyWidget(t)
		port.in = append(port.in, callingext.Inbound{Data: data, Origin: origin, FromPeer: fromPeer})
		got := drain(t, w)
		require.LessOrEqual(t, len(port.posts), 1)
		for _, p := range port.posts {
			require.Equal(t, hubspot, p.Target)
			require.True(t, json.Valid([]byte(p.Data)))
		}
		if len(got) > 0 {
			require.True(t, fromPeer && origin == hubspot)
			_ = got[0].Validate()
			if d, ok := got[0].(callingext.DialNumber); ok {
				d.Record()
			}
		}
	})
}

func FuzzHostReceives(f *testing.F) {
	for _, row := range widgetRows {
		f.Add([]byte(`{"type":"` + row.typ + `","messageId":"5_6","data":` + orNull(row.data) + `}`))
	}
	f.Add([]byte(`{"type":"SYNC_ACK","messageId":"5_6"}`))
	f.Add([]byte(`{"type":"RESIZE_WIDGET","messageId":"5_6","data":{"width":1e99,"height":"NaN"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, widget := runningHost(t, callingext.HostConfig{Warn: func(callingext.Warning) {}})
		acknowledge(t, h, widget)
		require.NoError(t, widget.Post(hubspot, data))
		require.NoError(t, widget.Post(hubspot, []byte(`{"type":"END","messageId":"5_6"}`)))
		for {
			m, err := h.Next(t.Context())
			require.NoError(t, err)
			_ = m.Validate()
			if m.Kind() == "END" {
				return
			}
		}
	})
}

func FuzzIDRoundTrips(f *testing.F) {
	for _, s := range []string{`7`, `"7"`, `0`, `null`, `""`, `9223372036854775807`, `99999999999999999999`, `1.5`, `"\u0000"`, `"a b"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		var id, again callingext.ID
		if json.Unmarshal(wire, &id) != nil {
			return
		}
		b, err := json.Marshal(id)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(b, &again))
		require.Equal(t, id, again)
	})
}

func FuzzOriginAllowed(f *testing.F) {
	f.Add("https://*.hubspot.com", "https://app.hubspot.com")
	f.Add("http://localhost:*", "http://localhost:8080")
	f.Add("http://[::1]:*", "http://[::1]")
	f.Fuzz(func(t *testing.T, pattern, origin string) {
		if callingext.OriginAllowed([]string{pattern}, origin) {
			require.NoError(t, callingext.CheckOriginPattern(pattern))
			require.NoError(t, callingext.CheckOriginPattern(origin), "an origin is a pattern")
			require.NotContains(t, origin, "*")
		}
	})
}

func orNull(s string) string {
	if s == "" {
		return "null"
	}
	return s
}
