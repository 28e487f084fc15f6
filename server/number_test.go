package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/lookup"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/webexcc/webexcctest"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	for _, tt := range []struct {
		text string
		want backend.Number
		who  []string
	}{
		{"(415) 555-0100", backend.Number{Valid: true, Allowed: true, Dial: "+14155550100", Display: "(415) 555-0100", Country: "US"}, []string{"Maria Silva"}},
		{"+49 30 90182041", backend.Number{Valid: true, Allowed: true, Dial: "+493090182041", Display: "+49 30 90182041", Country: "DE"}, []string{"Lena Hoffmann"}},
		{"+14155550199", backend.Number{Valid: true, Allowed: true, Dial: "+14155550199", Display: "(415) 555-0199", Country: "US"}, nil},
		{"1002", backend.Number{Valid: true, Allowed: true, Dial: "1002", Display: "1002"}, nil},
		{"5550100", backend.Number{Display: "5550100"}, nil},
		{"*67 4155550100", backend.Number{Display: "*67 4155550100"}, nil},
		{"not a number", backend.Number{Display: "not a number"}, nil},
	} {
		got, err := e.ann.Number(t.Context(), backend.NumberQuery{Number: tt.text})

		require.NoError(t, err, tt.text)
		var who []string
		for _, m := range got.Matches {
			who = append(who, m.Record.Name)
		}
		require.Equal(t, tt.who, who, tt.text)
		got.Matches = nil
		require.Equal(t, tt.want, got, tt.text)
	}
	require.Eventually(t, func() bool { // HubSpot's searches are few; who the number is comes when there is a turn.
		got, err := e.ann.Number(t.Context(), backend.NumberQuery{Number: "+14155550177"})
		return err == nil && len(got.Matches) == 1 && got.Matches[0].NoCalls
	}, 30*time.Second, 10*time.Millisecond)

	for _, text := range []string{"", "  ", strings.Repeat("1", 65)} {
		_, err := e.ann.Number(t.Context(), backend.NumberQuery{Number: text})
		requireRefusal(t, err, http.StatusBadRequest, backend.CodeInvalid)
	}
	_, err := e.ann.Number(t.Context(), backend.NumberQuery{Number: "1", PortalID: "666"})
	requireRefusal(t, err, http.StatusForbidden, backend.CodeNotLinked)
	require.NotContains(t, e.log.String(), "5550100")
}

func TestNumberInThePortalsRegion(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{Region: "DE"})

	got, err := e.ann.Number(t.Context(), backend.NumberQuery{Number: "030 90182041"})

	require.NoError(t, err)
	require.Equal(t, "+493090182041", got.Dial)
	require.Equal(t, "030 90182041", got.Display)
	require.Len(t, got.Matches, 1)
	found, err := e.ann.Lookup(t.Context(), backend.Lookup{Number: "+14155550177", Direction: "INBOUND"})
	require.NoError(t, err)
	require.Equal(t, "+1 415-555-0177", found.Display)
	require.True(t, found.Matches[0].NoCalls)
	found, err = e.ann.Lookup(t.Context(), backend.Lookup{Number: "anonymous", Direction: "INBOUND"})
	require.NoError(t, err)
	require.Empty(t, found.Display)
}

// planned is a profile with dial plans.
type planned struct {
	*fakeConfig
	profile
}

func (p planned) Configuration(context.Context, backend.Agent) (profile, error) {
	return p.profile, nil
}

func TestNumberAndDialPlans(t *testing.T) {
	t.Parallel()
	us := lookup.DialPlan{Expression: `^1[0-9]{3}[2-9][0-9]{6}$`, Prefix: "1", Strip: "( )-"}
	for _, tt := range []struct {
		name    string
		profile profile
		text    string
		want    backend.Number
	}{
		{"stripped and prefixed", profile{dialPlan: true, dialPlans: []lookup.DialPlan{us}}, "(415) 555-0100",
			backend.Number{Valid: true, Allowed: true, Dial: "14155550100", Display: "(415) 555-0100", Country: "US"}},
		{"not allowed", profile{dialPlan: true, dialPlans: []lookup.DialPlan{us}}, "+49 30 90182041",
			backend.Number{Valid: true, Dial: "+493090182041", Display: "+49 30 90182041", Country: "DE"}},
		{"by its E.164 form", profile{dialPlan: true, dialPlans: []lookup.DialPlan{{Expression: `^\+1\d+$`}}}, "415.555.0100",
			backend.Number{Valid: true, Allowed: true, Dial: "+14155550100", Display: "(415) 555-0100", Country: "US"}},
		{"what no country knows", profile{dialPlan: true, dialPlans: []lookup.DialPlan{{Expression: `^[a-z.]+$`}}}, "bruce.matthews",
			backend.Number{Valid: true, Allowed: true, Dial: "bruce.matthews", Display: "bruce.matthews"}},
		{"off", profile{dialPlans: []lookup.DialPlan{us}}, "1002",
			backend.Number{Valid: true, Allowed: true, Dial: "1002", Display: "1002"}},
		{"none chosen", profile{dialPlan: true}, "1002", backend.Number{Valid: true, Allowed: true, Dial: "1002", Display: "1002"}},
		{"cannot be read", profile{dialPlan: true, dialPlans: []lookup.DialPlan{{Expression: `(?=1)`}}}, "1002",
			backend.Number{Valid: true, Allowed: true, Dial: "1002", Display: "1002"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.use(func(d *deps) { d.Webex = planned{w.config, tt.profile} })

			got, err := w.client(w.signIn().Token).Number(t.Context(), backend.NumberQuery{Number: tt.text})

			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}

// The whole way: the plan of the emulated Webex.
func TestNumberByTheProfilesDialPlan(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	on := true
	require.NoError(t, e.webex.ChangeProfile(webexcctest.ProfileChange{DialPlanEnabled: &on}))

	got, err := e.ann.Number(t.Context(), backend.NumberQuery{Number: "1 (415) 555-0199"})
	require.NoError(t, err)
	require.True(t, got.Allowed)
	require.Equal(t, "14155550199", got.Dial)
	got, err = e.ann.Number(t.Context(), backend.NumberQuery{Number: "+49 30 90182041"})
	require.NoError(t, err)
	require.True(t, got.Valid)
	require.False(t, got.Allowed)
}

func TestNumberDoesNotWaitForHubSpot(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	_, err := e.ann.Config(t.Context())
	require.NoError(t, err)
	e.crm.AddFault(hubspottest.Fault{Match: "POST /crm", DelayMs: 4000})
	began := time.Now()

	got, err := e.ann.Number(t.Context(), backend.NumberQuery{Number: "+14155550100"})

	require.NoError(t, err)
	require.True(t, got.Allowed)
	require.Empty(t, got.Matches)
	require.Less(t, time.Since(began), 3*time.Second)
}
