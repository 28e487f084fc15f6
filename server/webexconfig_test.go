package main

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/lookup"
	"deskbridge/pkg/webexcc"
)

func yes() webexcc.Bool { return webexcc.BoolOf(true) }

func TestConfigOf(t *testing.T) {
	t.Parallel()
	in := &webexcc.Configuration{
		User:                webexcc.User{MisspeltDialledNumber: "1001", AgentProfileID: "profile"},
		OrganizationSetting: webexcc.OrganizationSetting{MaskSensitiveData: yes()},
		TenantConfiguration: webexcc.TenantConfiguration{
			OutdialEnabled: yes(), EndCallEnabled: yes(), EndConsultEnabled: yes(), CallVariablesSuppressed: yes(),
			PrivacyShieldVisible: yes(), DNDefaultRegex: `^\d+$`, TimeoutDesktopInactivityEnabled: yes(), TimeoutDesktopInactivityMins: 15,
		},
		AgentProfile: webexcc.AgentProfile{
			LoginVoiceOptions: webexcc.Texts{"EXTENSION", "AGENT_DN"}, OutdialEnabled: yes(), OutdialEntryPointID: "ep",
			AgentDNValidation: webexcc.ProvisionedValue, AutoWrapUp: yes(), AutoWrapAfterSeconds: 30000,
			AllowAutoWrapUpExtension: yes(), ConsultToQueue: yes(), AddressBookID: "book",
		},
		Teams:       []webexcc.Team{{ID: "t", Name: "Team"}},
		IdleCodes:   []webexcc.Entity{{ID: "m", Name: "Meeting"}, {ID: "r", Name: "RONA", IsSystem: true}, {ID: webexcc.AvailableCode, Name: "Available"}},
		SystemCodes: []webexcc.Entity{{ID: "r", Name: "RONA", IsSystem: true}, {ID: "d", Name: "Agent_Declined", IsSystem: true}},
		WrapUpCodes: []webexcc.Entity{{ID: "w", Name: "Done", IsDefault: true}},
		OutdialANIs: []webexcc.OutdialANI{{Name: "Main", Number: "+1408", DefaultANIEntry: yes()}},
	}

	require.Equal(t, backend.Config{
		LoginOptions: []string{"EXTENSION", "AGENT_DN"}, DefaultNumber: "1001", ForceDefault: true,
		DialNumberPattern: []string{`^\d+$`}, Teams: []backend.Named{{ID: "t", Name: "Team"}},
		IdleCodes: []backend.Code{{ID: "m", Name: "Meeting"}, {ID: "r", Name: "RONA", System: true},
			{ID: "d", Name: "Agent_Declined", System: true}},
		WrapUpCodes:    []backend.Code{{ID: "w", Name: "Done", Default: true}},
		OutdialEnabled: true, OutdialEntryPoint: "ep", OutdialANIs: []backend.ANI{{Name: "Main", Number: "+1408", Default: true}},
		EndCallEnabled: true, EndConsultEnabled: true, ConsultToQueue: true, AutoWrapUp: true, AutoWrapAfterMs: 30000,
		AutoWrapExtend: true, MaskSensitive: true, PrivacyShield: true, HideVariables: true, AddressBook: true,
		InactivityMs: 15 * 60 * 1000, AgentProfileID: "profile",
	}, configOf(in))
	in.AgentProfile.InactivityCustomEnabled, in.AgentProfile.InactivityMins = yes(), 5
	require.EqualValues(t, 5*60*1000, configOf(in).InactivityMs, "the profile's own comes first")
	in.AgentProfile.InactivityCustomEnabled = webexcc.False
	in.TenantConfiguration.TimeoutDesktopInactivityEnabled = webexcc.False
	require.Zero(t, configOf(in).InactivityMs)
}

func TestProfileOf(t *testing.T) {
	t.Parallel()
	got := profileOf(&webexcc.Configuration{
		AgentProfile: webexcc.AgentProfile{AddressBookID: "book", DialPlanEnabled: yes()},
		DialPlans:    []webexcc.DialPlan{{ID: "us", RegularExpression: "^1", Prefix: "1", StrippedChars: "( )-"}},
	})

	require.Equal(t, "book", got.addressBook)
	require.True(t, got.dialPlan)
	require.Equal(t, []lookup.DialPlan{{Expression: "^1", Prefix: "1", Strip: "( )-"}}, got.dialPlans)
}

// gateway answers every configuration request with status, but 401 to access
// tokens that are in stale.
func gateway(t *testing.T, status int, stale string) (url string, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("Authorization") == "Bearer "+stale {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{}`))
	}))
	t.Cleanup(srv.Close)
	return srv.URL, asked
}

func TestConfigRefusalsBecomeSentences(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		want   int
		code   string
	}{
		{"no licence", http.StatusForbidden, http.StatusBadGateway, backend.CodeConfigFailed},
		{"unknown user", http.StatusNotFound, http.StatusBadGateway, backend.CodeConfigFailed},
		{"down", http.StatusServiceUnavailable, http.StatusBadGateway, backend.CodeWebexDown},
		{"limit", http.StatusTooManyRequests, http.StatusBadGateway, backend.CodeWebexDown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			base, _ := gateway(t, tt.status, "")
			w := newWorld(t, func(c *Config) { c.WebexAPI = base })
			w.use(func(d *deps) { d.Webex = webexSource{w.cfg, *d} })

			_, err := w.client(w.signIn().Token).Config(t.Context())

			requireRefusal(t, err, tt.want, tt.code)
		})
	}
}

func TestConfigRefreshesATokenThatWebexRefuses(t *testing.T) {
	t.Parallel()
	base, asked := gateway(t, http.StatusNotFound, "access-1")
	w := newWorld(t, func(c *Config) { c.WebexAPI = base })
	w.use(func(d *deps) { d.Webex = webexSource{w.cfg, *d} })
	c := w.client(w.signIn().Token)

	_, err := c.Config(t.Context())
	requireRefusal(t, err, http.StatusBadGateway, backend.CodeConfigFailed)

	require.EqualValues(t, 2, asked.Load(), "once with the old token, once with the new one")
	token, err := c.WebexToken(t.Context())
	require.NoError(t, err)
	require.Equal(t, "access-2", token.AccessToken)
}

func TestConfigWithoutATokenEndsTheSession(t *testing.T) {
	t.Parallel()
	base, asked := gateway(t, http.StatusOK, "")
	w := newWorld(t, func(c *Config) { c.WebexAPI = base })
	w.use(func(d *deps) { d.Webex = webexSource{w.cfg, *d} })
	c := w.client(w.signIn().Token)
	require.NoError(t, w.deps.Tokens.Delete(t.Context(), tokenID(backend.Agent{OrgID: orgID, AgentID: agentID})))

	_, err := c.Config(t.Context())

	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)
	require.Zero(t, asked.Load())
}
