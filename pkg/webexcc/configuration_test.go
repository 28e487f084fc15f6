package webexcc_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

// Every configuration request, as it must stand on the wire.
func TestConfigurationOnTheWire(t *testing.T) {
	t.Parallel()
	row := list(0, 1, map[string]any{"id": "x", "name": "X"})
	tests := []struct {
		name string
		call func(context.Context, *webexcc.Client) (any, error)
		path string // After /organization/{orgId}.
		body string
		want any
	}{
		{"user", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.User(ctx, agentID) },
			"/user/by-ci-user-id/" + agentID, `{"id":"u-1","ciUserId":"` + agentID + `","teamIds":["t-1"],"deafultDialledNumber":"1001"}`,
			webexcc.User{ID: "u-1", CIUserID: agentID, TeamIDs: webexcc.Texts{"t-1"}, MisspeltDialledNumber: "1001"}},
		{"user v2", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.UserV2(ctx, agentID) },
			"/v2/user/by-ci-user-id/" + agentID, `{"id":"u-1","dbId":7}`, webexcc.User{ID: "u-1", DBID: "7"}},
		{"user login", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.UserLogin(ctx, agentID) },
			"/v2/user/by-ci-user-id/" + agentID + "/desktop-login", `{"user":{"id":"u-1"},"agentProfile":{"id":"p-1","outdialEnabled":true}}`,
			webexcc.UserLogin{User: webexcc.User{ID: "u-1"}, AgentProfile: webexcc.AgentProfile{ID: "p-1", OutdialEnabled: webexcc.True}}},
		{"organization login", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.OrgLogin(ctx) },
			"/desktop-login", `{"organization":{"timezone":"UTC"},"organizationSetting":{"webRtcEnabled":true},"tenantConfiguration":{"endCallEnabled":true},
			"urlMappings":{"ACQUEON_API_URL":"https://a"},"aiFeature":{"realtimeTranscripts":{"enable":false}}}`,
			webexcc.OrgLogin{
				Organization: webexcc.Organization{Timezone: "UTC"}, OrganizationSetting: webexcc.OrganizationSetting{WebRTCEnabled: webexcc.True},
				TenantConfiguration: webexcc.TenantConfiguration{EndCallEnabled: webexcc.True}, URLMappings: webexcc.TextMap{"ACQUEON_API_URL": "https://a"},
				AIFeature: webexcc.AIFeature{RealtimeTranscripts: webexcc.Switch{Enable: webexcc.False}},
			}},
		{"organization", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.Organization(ctx) },
			"", `{"tenantId":1001,"timezone":"Europe/Oslo","environment":"produs1"}`,
			webexcc.Organization{TenantID: "1001", Timezone: "Europe/Oslo", Environment: "produs1"}},
		{"organization setting", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.OrganizationSetting(ctx) },
			"/v2/organization-setting?agentView=true", list(0, 1, map[string]any{"webRtcEnabled": "true", "maskSensitiveData": false}),
			webexcc.OrganizationSetting{WebRTCEnabled: webexcc.True, MaskSensitiveData: webexcc.False}},
		{"organization setting, none", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.OrganizationSetting(ctx) },
			"/v2/organization-setting?agentView=true", list(0, 0), webexcc.OrganizationSetting{}},
		{"tenant configuration", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.TenantConfiguration(ctx) },
			"/v2/tenant-configuration?agentView=true", list(0, 1, map[string]any{"endCallEnabled": true, "timeoutDesktopInactivityMins": 15}),
			webexcc.TenantConfiguration{EndCallEnabled: webexcc.True, TimeoutDesktopInactivityMins: 15}},
		{"organization URLs", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.OrgURLs(ctx) },
			"/v2/org-url-mapping?sort=name,ASC", list(0, 1, map[string]any{"name": "ACQUEON_API_URL", "url": "https://a"}),
			[]webexcc.OrgURL{{Name: "ACQUEON_API_URL", URL: "https://a"}}},
		{"AI features", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.AIFeature(ctx) },
			"/v2/ai-feature?page=0&pageSize=100", list(0, 1, map[string]any{"realtimeTranscripts": map[string]any{"enable": false}}),
			webexcc.AIFeature{RealtimeTranscripts: webexcc.Switch{Enable: webexcc.False}}},
		{"auxiliary codes", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.AuxCodes(ctx) },
			"/v2/auxiliary-code?page=0&pageSize=100&attributes=id,isSystemCode,name,defaultCode,workTypeCode,active", row,
			[]webexcc.AuxCode{{ID: "x", Name: "X"}}},
		{"agent profile", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.AgentProfile(ctx, "p/1") },
			"/agent-profile/p%2F1", `{"id":"p/1","autoWrapAfterSeconds":30000}`, webexcc.AgentProfile{ID: "p/1", AutoWrapAfterSeconds: 30000}},
		{"site", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.Site(ctx, "s-1") },
			"/site/s-1", `{"id":"s-1"}`, webexcc.Site{ID: "s-1"}},
		{"teams", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.Teams(ctx, "t-1", "t&2") },
			"/v2/team?page=0&pageSize=100&filter=id=in=(t-1,t%262)", row, []webexcc.Team{{ID: "x", Name: "X"}}},
		{"teams of a user", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.TeamsOf(ctx, "db-1") },
			"/v2/team?page=0&pageSize=100&agentView=true&filter=userId==db-1", row, []webexcc.Team{{ID: "x", Name: "X"}}},
		{"dial plans", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.DialPlans(ctx) },
			"/dial-plan?agentView=true", `[{"id":"d-1","regularExpression":"[0-9]+"}]`,
			[]webexcc.DialPlan{{ID: "d-1", RegularExpression: "[0-9]+"}}},
		{"multimedia profile", func(ctx context.Context, c *webexcc.Client) (any, error) { return c.MultimediaProfile(ctx, "m-1") },
			"/multimedia-profile/m-1", `{"id":"m-1","chat":5}`, webexcc.MultimediaProfile{ID: "m-1", Raw: []byte(`{"id":"m-1","chat":5}`)}},

		{"queues", func(ctx context.Context, c *webexcc.Client) (any, error) { return rows(c.Queues(ctx, webexcc.Query{})) },
			"/v2/contact-service-queue?page=0&pageSize=100", row, []webexcc.Queue{{ID: "x", Name: "X"}}},
		{"some queues", func(ctx context.Context, c *webexcc.Client) (any, error) {
			return rows(c.Queues(ctx, webexcc.Query{Page: 2, PageSize: 10, Search: "a b", Filter: "id==x", SortBy: "name", SortOrder: "asc", DesktopProfileFilter: true}))
		}, "/v2/contact-service-queue?page=2&pageSize=10&desktopProfileFilter=true&filter=id%3D%3Dx&search=a+b&sortBy=name&sortOrder=asc", row,
			[]webexcc.Queue{{ID: "x", Name: "X"}}},
		{"entry points", func(ctx context.Context, c *webexcc.Client) (any, error) {
			return rows(c.EntryPoints(ctx, webexcc.Query{}))
		},
			"/v2/entry-point?page=0&pageSize=100&sortOrder=asc", row, []webexcc.EntryPoint{{ID: "x", Name: "X"}}},
		{"address book", func(ctx context.Context, c *webexcc.Client) (any, error) {
			return rows(c.AddressBook(ctx, "b-1", webexcc.Query{Search: "pat"}))
		}, "/v2/address-book/b-1/entry?page=0&pageSize=100&search=pat", row, []webexcc.AddressBookEntry{{ID: "x", Name: "X"}}},
		{"outdial ANIs", func(ctx context.Context, c *webexcc.Client) (any, error) {
			return rows(c.OutdialANIs(ctx, "a-1", webexcc.Query{}))
		}, "/v2/outdial-ani/a-1/entry", row, []webexcc.OutdialANI{{ID: "x", Name: "X"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, rec := serve(t, reply(tt.body))

			got, err := tt.call(t.Context(), client)

			require.NoError(t, err)
			require.Equal(t, tt.want, got)
			require.Equal(t, http.MethodGet, rec.last(t).Method)
			require.Equal(t, "/webexcc/organization/"+orgID+tt.path, rec.last(t).Path)
			require.Empty(t, rec.last(t).Header.Get("Content-Type"))
		})
	}
}

func rows[T any](l webexcc.List[T], err error) ([]T, error) { return l.Data, err }

func TestDefaultNumberUnderEitherSpelling(t *testing.T) {
	t.Parallel()
	require.Equal(t, "1001", webexcc.User{MisspeltDialledNumber: "1001"}.DefaultNumber())
	require.Equal(t, "1002", webexcc.User{MisspeltDialledNumber: "1001", DefaultDialledNumber: "1002"}.DefaultNumber())
}

func TestAllReadsToTheEnd(t *testing.T) {
	t.Parallel()
	client, rec := serve(t, func(w http.ResponseWriter, got wire) {
		u, _ := url.Parse(got.Path)
		page := u.Query().Get("page")
		_, _ = w.Write([]byte(strings.Replace(list(0, 3, map[string]any{"id": "q" + page}), `"page":0`, `"page":"`+page+`"`, 1)))
	})

	got, err := webexcc.All(t.Context(), webexcc.Query{PageSize: 1}, client.Queues)

	require.NoError(t, err)
	require.Equal(t, []webexcc.Queue{{ID: "q0"}, {ID: "q1"}, {ID: "q2"}}, got)
	require.Len(t, rec.all(), 3)
}

// A list that says it never ends ends with its rows, or at some point.
func TestAllGivesUp(t *testing.T) {
	t.Parallel()
	page := func(rows int) func(context.Context, webexcc.Query) (webexcc.List[int], error) {
		return func(_ context.Context, q webexcc.Query) (webexcc.List[int], error) {
			l := webexcc.List[int]{Meta: webexcc.Meta{TotalPages: 1 << 40}}
			if q.Page < rows {
				l.Data = []int{q.Page}
			}
			return l, nil
		}
	}

	got, err := webexcc.All(t.Context(), webexcc.Query{}, page(3))
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 2}, got)

	got, err = webexcc.All(t.Context(), webexcc.Query{}, page(1<<40))
	require.NoError(t, err)
	require.Len(t, got, 1000)
}

// tenantOf answers every configuration request of one organization.
type tenantOf struct {
	profile string           // Extra fields of the agent profile.
	user    string           // Extra fields of the user.
	fail    map[string]int   // Path suffix to status.
	codes   []map[string]any // Auxiliary codes.
}

func code(id, workType string, flags ...string) map[string]any {
	return map[string]any{
		"id": id, "name": strings.ToUpper(id), "workTypeCode": workType, "active": !slices.Contains(flags, "inactive"),
		"isSystemCode": slices.Contains(flags, "system"), "defaultCode": slices.Contains(flags, "default"),
	}
}

func (o tenantOf) gather(t *testing.T) (*webexcc.Configuration, *recorder, error) {
	t.Helper()
	codes := make([]any, len(o.codes))
	for i, c := range o.codes {
		codes[i] = c
	}
	bodies := map[string]string{
		"/user/by-ci-user-id/" + agentID: `{"id":"u-1","ciUserId":"` + agentID + `","agentProfileId":"p-1","siteId":"s-1","teamIds":["t-1"]` + o.user + `}`,
		"":                               `{"timezone":"UTC"}`,
		"/v2/organization-setting":       list(0, 1, map[string]any{"webRtcEnabled": false}),
		"/v2/tenant-configuration": list(0, 1, map[string]any{"outdialEnabled": true, "timeoutDesktopInactivityEnabled": true,
			"timeoutDesktopInactivityMins": 20}),
		"/v2/org-url-mapping":         list(0, 1),
		"/v2/ai-feature":              list(0, 1),
		"/v2/auxiliary-code":          list(0, 1, codes...),
		"/agent-profile/p-1":          `{"id":"p-1"` + o.profile + `}`,
		"/site/s-1":                   `{"id":"s-1","multimediaProfileId":"m-site"}`,
		"/v2/team":                    list(0, 1, map[string]any{"id": "t-1", "name": "Tier 1"}),
		"/dial-plan":                  `[{"id":"d-1"},{"id":"d-2"}]`,
		"/v2/outdial-ani/ani-1/entry": list(0, 1, map[string]any{"id": "e-1", "number": "+15559999"}),
	}
	client, rec := serve(t, func(w http.ResponseWriter, got wire) {
		path := strings.TrimPrefix(strings.SplitN(got.Path, "?", 2)[0], "/webexcc/organization/"+orgID)
		body, ok := bodies[path]
		if status := o.fail[path]; status != 0 || !ok {
			w.WriteHeader(max(status, 404))
			return
		}
		_, _ = w.Write([]byte(body))
	})
	got, err := client.Configuration(t.Context(), agentID)
	return got, rec, err
}

func TestGathersTheConfiguration(t *testing.T) {
	t.Parallel()
	got, rec, err := tenantOf{
		profile: `,"accessIdleCode":"SPECIFIC","idleCodes":["lunch","late"],"accessWrapUpCode":"ALL","wrapUpCodes":["sale"],
			"dialPlanEnabled":true,"dialPlans":["d-2"],"outdialEnabled":true,"outdialANIId":"ani-1","autoWrapAfterSeconds":30000`,
		codes: []map[string]any{
			code("lunch", webexcc.IdleCode, "default"), code("meeting", webexcc.IdleCode), code("late", webexcc.IdleCode, "inactive"),
			code("rona", webexcc.IdleCode, "system"), code("sale", webexcc.WrapUpCode), code("other", webexcc.WrapUpCode, "default"),
			code("old", webexcc.WrapUpCode, "inactive"), code("odd", "SOME_CODE"),
		},
	}.gather(t)

	require.NoError(t, err)
	require.Equal(t, []webexcc.Entity{{ID: "lunch", Name: "LUNCH", IsDefault: true}, {ID: "0", Name: "Available"}}, got.IdleCodes)
	require.Equal(t, []webexcc.Entity{{ID: "sale", Name: "SALE"}, {ID: "other", Name: "OTHER", IsDefault: true}}, got.WrapUpCodes)
	require.Equal(t, []webexcc.Entity{{ID: "rona", Name: "RONA", IsSystem: true}}, got.SystemCodes)
	require.Equal(t, []webexcc.DialPlan{{ID: "d-2"}}, got.DialPlans)
	require.Equal(t, []webexcc.OutdialANI{{ID: "e-1", Number: "+15559999"}}, got.OutdialANIs)
	require.Equal(t, []webexcc.Team{{ID: "t-1", Name: "Tier 1"}}, got.Teams)
	require.Equal(t, "m-site", got.MultimediaProfileID)
	require.Equal(t, 20*time.Minute, got.Inactivity())
	byDefault, ok := got.DefaultWrapUp()
	require.True(t, ok)
	require.Equal(t, "other", byDefault.ID)
	after, on := got.AutoWrapUp()
	require.True(t, on, "a profile that does not say counts as on")
	require.Equal(t, 30*time.Second, after)

	var paths []string
	for _, w := range rec.all() {
		paths = append(paths, strings.TrimPrefix(strings.SplitN(w.Path, "?", 2)[0], "/webexcc/organization/"+orgID))
	}
	stage := func(from, to int) []string {
		part := slices.Clone(paths[from:to])
		slices.Sort(part)
		return part
	}
	require.Len(t, paths, 12)
	require.Equal(t, "/user/by-ci-user-id/"+agentID, paths[0])
	require.Equal(t, []string{"", "/v2/ai-feature", "/v2/auxiliary-code", "/v2/org-url-mapping", "/v2/organization-setting", "/v2/tenant-configuration"}, stage(1, 7))
	require.Equal(t, []string{"/agent-profile/p-1", "/site/s-1", "/v2/team"}, stage(7, 10))
	require.Equal(t, []string{"/dial-plan", "/v2/outdial-ani/ani-1/entry"}, paths[10:])
}

func TestReducesCodes(t *testing.T) {
	t.Parallel()
	codes := []map[string]any{code("lunch", webexcc.IdleCode), code("meeting", webexcc.IdleCode), code("sale", webexcc.WrapUpCode)}
	tests := []struct{ name, profile, idle string }{
		{"all", `,"accessIdleCode":"ALL","idleCodes":["lunch"]`, "[lunch meeting 0]"},
		{"specific", `,"accessIdleCode":"SPECIFIC","idleCodes":["meeting"]`, "[meeting 0]"},
		{"an empty list of specific ones is all", `,"accessIdleCode":"SPECIFIC","idleCodes":[]`, "[lunch meeting 0]"},
		{"does not say", ``, "[lunch meeting 0]"},
		{"unknown ids", `,"accessIdleCode":"SPECIFIC","idleCodes":["gone"]`, "[0]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, _, err := tenantOf{profile: tt.profile, codes: codes}.gather(t)

			require.NoError(t, err)
			var ids []string
			for _, c := range got.IdleCodes {
				ids = append(ids, c.ID)
			}
			require.Equal(t, tt.idle, fmt.Sprint(ids))
			first, _ := got.DefaultWrapUp()
			require.Equal(t, "sale", first.ID, "the first stands in for a default")
		})
	}
}

func TestConfigurationOfLittle(t *testing.T) {
	t.Parallel()
	got, rec, err := tenantOf{
		user:    `,"multimediaProfileId":"m-user"`,
		profile: `,"autoWrapUp":false,"timeoutDesktopInactivityCustomEnabled":true,"timeoutDesktopInactivityMins":5`,
	}.gather(t)

	require.NoError(t, err)
	require.Len(t, rec.all(), 10, "no dial plan, no ANI list")
	require.Empty(t, got.DialPlans)
	require.Equal(t, "m-user", got.MultimediaProfileID)
	require.Equal(t, 5*time.Minute, got.Inactivity())
	_, ok := got.DefaultWrapUp()
	require.False(t, ok)
	_, on := got.AutoWrapUp()
	require.False(t, on)
}

func TestConfigurationIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/user/by-ci-user-id/" + agentID, "", "/v2/organization-setting", "/v2/tenant-configuration", "/v2/org-url-mapping",
		"/v2/ai-feature", "/v2/auxiliary-code", "/agent-profile/p-1", "/site/s-1", "/v2/team", "/dial-plan",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			got, _, err := tenantOf{profile: `,"dialPlanEnabled":true`, fail: map[string]int{path: 503}}.gather(t)

			var refusal *webexcc.Error
			require.ErrorAs(t, err, &refusal, "the cause, not that the others were stopped")
			require.Equal(t, 503, refusal.Status)
			require.Nil(t, got)
		})
	}
}

func TestOutdialANIsAreOptional(t *testing.T) {
	t.Parallel()
	got, _, err := tenantOf{
		profile: `,"outdialEnabled":true,"outdialANIId":"ani-1"`, fail: map[string]int{"/v2/outdial-ani/ani-1/entry": 403},
	}.gather(t)

	require.NoError(t, err)
	require.Empty(t, got.OutdialANIs)
}

func TestConfigurationStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var asked atomic.Int32
	client, _ := serve(t, func(http.ResponseWriter, wire) {
		asked.Add(1)
		cancel()
	})

	_, err := client.Configuration(ctx, agentID)

	require.ErrorIs(t, err, context.Canceled)
	require.EqualValues(t, 1, asked.Load())
}
