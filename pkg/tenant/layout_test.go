package tenant_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"deskbridge/pkg/tenant"
)

// What layouts say, in their spelling and in JSON's.
func TestALayoutStandsInForSettings(t *testing.T) {
	t.Parallel()
	base := tenant.Settings{Region: "DE", PopAt: "ring", TicketProperties: map[string]string{"old": "1"}}.WithDefaults()
	rules := []tenant.PopVariable{{Variable: "orderId", ObjectType: "0-3", Property: "order_id"}}
	for _, tt := range []struct {
		layout string
		change func(*tenant.Settings)
	}{
		{`{}`, func(*tenant.Settings) {}},
		{``, func(*tenant.Settings) {}},
		{`{"popAt":"connect"}`, func(s *tenant.Settings) { s.PopAt = "connect" }},
		{`{"popAt":"","liveNotes":"","ticketProperties":null,"stripPrefixes":" "}`, func(*tenant.Settings) {}},
		{`{"editTitle":"true","liveNotes":"False","syncState":false,"ticketButton":true}`, func(s *tenant.Settings) {
			s.EditTitle, s.LiveNotes, s.SyncState, s.TicketButton = true, new(false), new(false), true
		}},
		{`{"panelWidth":"520"}`, func(s *tenant.Settings) { s.PanelWidth = 520 }},
		{`{"panelWidth":520}`, func(s *tenant.Settings) { s.PanelWidth = 520 }},
		{`{"outdialAni":14155550100}`, func(s *tenant.Settings) { s.OutdialANI = "14155550100" }},
		{`{"stripPrefixes":"9, 0","stripOutdialPrefixes":"[\"00\",1]"}`, func(s *tenant.Settings) {
			s.StripPrefixes, s.StripOutdialPrefixes = []string{"9", "0"}, []string{"00", "1"}
		}},
		{`{"stripPrefixes":["9"],"stripOutdialPrefixes":"9"}`, func(s *tenant.Settings) {
			s.StripPrefixes, s.StripOutdialPrefixes = []string{"9"}, []string{"9"}
		}},
		{`{"ticketProperties":"{\"order_id\":\"{cad.orderId}\"}","variableProperties":{"tier":"customer_tier"}}`, func(s *tenant.Settings) {
			s.TicketProperties, s.VariableProperties = map[string]string{"order_id": "{cad.orderId}"}, map[string]string{"tier": "customer_tier"}
		}},
		{`{"newContactProperties":{"vip":true,"floor":3}}`, func(s *tenant.Settings) {
			s.NewContactProperties = map[string]string{"vip": "true", "floor": "3"}
		}},
		{`{"popVariables":"[{\"variable\":\"orderId\",\"objectType\":\"0-3\",\"property\":\"order_id\"}]"}`, func(s *tenant.Settings) { s.PopVariables = rules }},
		{`{"popVariables":[{"variable":"orderId","objectType":"0-3","property":"order_id"}]}`, func(s *tenant.Settings) { s.PopVariables = rules }},
		{`{"region":"FR","dialsPerMinute":1,"locked":[],"allowedOrigins":["https://a.example"],"PopAt":"off"}`, func(*tenant.Settings) {}},
		{`{"ownerFollowsTransfer":"true","titleTemplate":"{queue}","dateFormat":"MM.dd.yyyy","logCalls":"inbound","ticketFor":"all","ticketSubject":"{name}","updateTicket":"true"}`, func(s *tenant.Settings) {
			s.OwnerFollowsTransfer, s.TitleTemplate, s.DateFormat, s.LogCalls = true, "{queue}", "MM.dd.yyyy", "inbound"
			s.TicketFor, s.TicketSubject, s.UpdateTicket = "all", "{name}", true
		}},
	} {
		got, refused := base.Under(json.RawMessage(tt.layout))

		want := base
		tt.change(&want)
		require.Equal(t, want, got, tt.layout)
		require.Empty(t, refused, tt.layout)
		locked := base
		locked.Locked = []string{"theme", "layout"}
		got, refused = locked.Under(json.RawMessage(tt.layout))
		require.Equal(t, locked, got, "the admin has locked it")
		require.Empty(t, refused)
	}
}

func TestWhatALayoutGetsWrongStaysThePortals(t *testing.T) {
	t.Parallel()
	base := tenant.Settings{}.WithDefaults()
	got, refused := base.Under(json.RawMessage(`{"popAt":"later","panelWidth":"wide","editTitle":"perhaps","ticketProperties":"[1]",
		"dateFormat":"YYYY","titleTemplate":"{what}","stripPrefixes":{"a":1},"popVariables":"x","outdialAni":["1"],"logCalls":"inbound",
		"newContactProperties":{"hs_marketable_status":"true"}}`))

	want := base
	want.LogCalls = "inbound"
	require.Equal(t, want, got)
	slices.Sort(refused)
	require.Equal(t, []string{"dateFormat", "editTitle", "newContactProperties", "outdialAni", "panelWidth", "popAt", "popVariables",
		"stripPrefixes", "ticketProperties", "titleTemplate"}, refused)
	for _, layout := range []string{`[]`, `"{}"`, `{`, `7`, `{"popAt":"off","x":"` + strings.Repeat("a", 16<<10) + `"}`} {
		got, refused = base.Under(json.RawMessage(layout))
		require.Equal(t, base, got)
		require.Equal(t, []string{"layout"}, refused)
	}
}

// Whatever a layout says: nothing else changes, and what comes out is valid.
func TestALayoutChangesOnlyWhatItMay(t *testing.T) {
	t.Parallel()
	words := []string{
		"true", "false", "ring", "off", "all", "outbound", "9", "+49", "400", "-1", "1e9", "", " ", "null", "[]", "{}", `["9"]`, `{"a":"b"}`, `{"a":1}`,
		"{name} {cad.x}", "{", "yyyy", "'", "a,b", "\x00", "\xff", `[{"variable":"v","objectType":"0-1","property":"email"}]`, "hs_marketable_status",
	}
	names := append(tenant.LayoutSettings(), "region", "locked", "matchDeadline", "dialsPerHour", "allowedOrigins", "skipMissed", "x")
	rapid.Check(t, func(t *rapid.T) {
		base := tenant.Settings{
			Region: "DE", Language: "de", SkipMissed: true, PopAt: "connect", ExcludedNumbers: []string{"+1*"}, DialsPerHour: 30,
			TicketFor: rapid.SampledFrom([]string{"", "all"}).Draw(t, "for"), VariableProperties: map[string]string{"a": "b"},
			Locked: rapid.SampledFrom([][]string{nil, {"theme"}, {"layout"}}).Draw(t, "locked"),
		}
		value := rapid.OneOf(
			rapid.Map(rapid.SampledFrom(words), func(s string) any { return s }),
			rapid.Map(rapid.String(), func(s string) any { return s }),
			rapid.Map(rapid.Int(), func(n int) any { return n }),
			rapid.Map(rapid.Bool(), func(b bool) any { return b }),
			rapid.Map(rapid.SliceOfN(rapid.SampledFrom(words), 0, 30), func(s []string) any { return s }),
			rapid.Map(rapid.MapOfN(rapid.SampledFrom(words), rapid.SampledFrom(words), 0, 5), func(m map[string]string) any { return m }),
			rapid.Just[any](nil),
		)
		layout, err := json.Marshal(rapid.MapOf(rapid.SampledFrom(names), value).Draw(t, "layout"))
		require.NoError(t, err)
		if rapid.IntRange(0, 9).Draw(t, "broken") == 0 {
			layout = layout[:rapid.IntRange(0, len(layout)).Draw(t, "at")]
		}

		got, refused := base.Under(layout)

		require.NoError(t, got.Validate(), "%s", layout)
		require.NoError(t, got.WithDefaults().Validate())
		before, after := byName(t, base), byName(t, got)
		for name := range after {
			if !slices.Contains(tenant.LayoutSettings(), name) {
				require.Equal(t, string(before[name]), string(after[name]), name)
			}
		}
		for name := range before {
			if !slices.Contains(tenant.LayoutSettings(), name) || slices.Contains(refused, name) || slices.Contains(base.Locked, "layout") {
				require.Equal(t, string(before[name]), string(after[name]), name)
			}
		}
	})
}

func byName(t require.TestingT, s tenant.Settings) (fields map[string]json.RawMessage) {
	text, err := json.Marshal(s)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &fields))
	return fields
}

func FuzzLayout(f *testing.F) {
	f.Add([]byte(`{"popAt":"off","ticketProperties":"{\"a\":\"{name}\"}"}`))
	f.Fuzz(func(t *testing.T, layout []byte) {
		got, _ := tenant.Settings{}.WithDefaults().Under(layout)
		require.NoError(t, got.Validate())
	})
}
