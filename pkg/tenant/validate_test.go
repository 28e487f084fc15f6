package tenant_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/tenant"
)

func TestSettingsAreValidated(t *testing.T) {
	t.Parallel()
	pop := func(variable, objectType, property string) tenant.Settings {
		return tenant.Settings{PopVariables: []tenant.PopVariable{{Variable: variable, ObjectType: objectType, Property: property}}}
	}
	many := func(n int, s string) []string { return slices.Repeat([]string{s}, n) }
	for _, tt := range []struct {
		name string
		s    tenant.Settings
		want string // Empty is valid.
	}{
		{"nothing", tenant.Settings{}, ""},
		{"defaults", tenant.Settings{}.WithDefaults(), ""},
		{"everything", tenant.Settings{
			PopAt: "connect", PopIn: "new", PopAtOutbound: "dial", Region: "DE", Language: "pt-BR", Theme: "contrast",
			MatchDeadline: time.Second, NoCallsProperty: "do_not_call", Companies: "all", Deals: "newest", Tickets: "off",
			PopVariables:  []tenant.PopVariable{{Variable: "Account No", ObjectType: "0-2", Property: "hs_object_id"}},
			StripPrefixes: []string{"9", "0011", "+49"}, TitleTemplate: "{direction} {cad.tier}", BodyTemplate: "a\n\t{queue}",
			ExcludedNumbers: []string{"+14155550100", "1001", "+1800*", "(415) 555-0100"}, DialsPerMinute: 1, DialsPerHour: 10_000,
			Locked:          []string{"language", "theme", "popIn", "sounds", "shortcuts", "layout"},
			AllowedOrigins:  []string{"https://app.hubspot.com", "https://local.hubspot.com:9025", "http://localhost:*", "http://127.0.0.1:8080"},
			PhoneProperties: []string{"phone_2"},
			OutdialANI:      "+1 (415) 555-0100", StripOutdialPrefixes: []string{"00"}, DateFormat: "EEE dd.MM.yyyy 'at' HH:mm",
			NewContactProperties: map[string]string{"city": "{cad.City}"}, LogCalls: "inbound", LiveNotes: new(false), EditTitle: true,
			TicketFor: "all", TicketButton: true, TicketSubject: "{queue}", TicketProperties: map[string]string{"hs_ticket_priority": "HIGH"},
			UpdateTicket: true, PanelWidth: 300, SyncState: new(false),
		}, ""},
		{"log", tenant.Settings{LogCalls: "some"}, "all, inbound, outbound, off"},
		{"ticket for", tenant.Settings{TicketFor: "some"}, "off, inbound, outbound, all"},
		{"ticket's subject in two lines", tenant.Settings{TicketSubject: "a\nb"}, "one line"},
		{"ticket's unknown name", tenant.Settings{TicketProperties: map[string]string{"a": "{b}"}}, `property "a" of a ticket: character 1`},
		{"ticket's own subject", tenant.Settings{TicketProperties: map[string]string{"subject": "x"}}, "by Deskbridge itself"},
		{"ticket's key", tenant.Settings{TicketProperties: map[string]string{"deskbridge_key": "x"}}, "by Deskbridge itself"},
		{"contact's number", tenant.Settings{NewContactProperties: map[string]string{"phone": "1"}}, "by Deskbridge itself"},
		{"marketing contact", tenant.Settings{NewContactProperties: map[string]string{"hs_marketable_status": "true"}}, "marketing"},
		{"contact's label", tenant.Settings{NewContactProperties: map[string]string{"City": "x"}}, "internal name"},
		{"outdial number", tenant.Settings{OutdialANI: "anonymous"}, "number of calls out"},
		{"outdial numbers", tenant.Settings{OutdialANI: "+49*"}, "number of calls out"},
		{"outdial prefix", tenant.Settings{StripOutdialPrefixes: []string{"x"}}, `prefix "x"`},
		{"narrow panel", tenant.Settings{PanelWidth: 299}, "300 to 1000"},
		{"wide panel", tenant.Settings{PanelWidth: 1001}, "300 to 1000"},

		{"pop at", tenant.Settings{PopAt: "later"}, `pop at "later": want ring, connect, off`},
		{"pop in", tenant.Settings{PopIn: "there"}, "pop in"},
		{"pop at an outdial", tenant.Settings{PopAtOutbound: "ring"}, "dial, connect, off"},
		{"theme", tenant.Settings{Theme: "pink"}, "theme"},
		{"companies", tenant.Settings{Companies: "only"}, "primary, all, off"},
		{"deals", tenant.Settings{Deals: "primary"}, "only, newest, all, off"},
		{"tickets", tenant.Settings{Tickets: "some"}, "tickets"},

		{"pop variable without a name", pop("", "0-1", "email"), "pop variable"},
		{"of a call", pop("x", "0-48", "hs_call_title"), "0-1, 0-2, 0-3, 0-5"},
		{"a property's label", pop("x", "0-1", "E-mail"), "internal name"},
		{"too many of them", tenant.Settings{PopVariables: slices.Repeat([]tenant.PopVariable{{Variable: "x", ObjectType: "0-1", Property: "email"}}, 21)}, "at most 20"},
		{"prefix with a letter", tenant.Settings{StripPrefixes: []string{"9a"}}, `prefix "9a"`},
		{"empty prefix", tenant.Settings{StripPrefixes: []string{""}}, "prefix"},
		{"only a plus", tenant.Settings{StripPrefixes: []string{"+"}}, "prefix"},
		{"long prefix", tenant.Settings{StripPrefixes: []string{"123456789"}}, "at most 8"},
		{"too many prefixes", tenant.Settings{StripPrefixes: many(21, "9")}, "at most 20"},

		{"unknown name in the title", tenant.Settings{TitleTemplate: "Call {what}"}, "title template: character 6: {what}"},
		{"open brace in the body", tenant.Settings{BodyTemplate: "{queue"}, `body template: character 1: "{" without "}"`},
		{"two lines of title", tenant.Settings{TitleTemplate: "a\nb"}, "one line"},
		{"long title", tenant.Settings{TitleTemplate: strings.Repeat("a", 251)}, "longer than 250"},
		{"long body", tenant.Settings{BodyTemplate: strings.Repeat("a", 4001)}, "longer than 4000"},
		{"control characters", tenant.Settings{BodyTemplate: "a\x00"}, "control"},

		{"excluded everything", tenant.Settings{ExcludedNumbers: []string{"*"}}, "not logged"},
		{"excluded word", tenant.Settings{ExcludedNumbers: []string{"anonymous"}}, "not logged"},
		{"star inside", tenant.Settings{ExcludedNumbers: []string{"+1*5"}}, "not logged"},
		{"plus inside", tenant.Settings{ExcludedNumbers: []string{"1+5"}}, "not logged"},
		{"too many numbers", tenant.Settings{ExcludedNumbers: many(201, "1")}, "at most 200"},

		{"no dials", tenant.Settings{DialsPerMinute: -1}, "dials per minute"},
		{"too many dials", tenant.Settings{DialsPerHour: 10_001}, "dials per hour"},
		{"fewer in an hour than in a minute", tenant.Settings{DialsPerMinute: 30, DialsPerHour: 29}, "at least as many"},
		{"locked", tenant.Settings{Locked: []string{"region"}}, "language, theme, popIn, sounds, shortcuts"},
		{"locked twice", tenant.Settings{Locked: []string{"theme", "theme"}}, "twice"},
		{"http origin", tenant.Settings{AllowedOrigins: []string{"http://app.hubspot.com"}}, "origin"},
		{"origin with a path", tenant.Settings{AllowedOrigins: []string{"https://app.hubspot.com/"}}, "origin"},
		{"origin with a wildcard", tenant.Settings{AllowedOrigins: []string{"https://*.hubspot.com"}}, "origin"},
		{"origin with any port", tenant.Settings{AllowedOrigins: []string{"https://app.hubspot.com:*"}}, "origin"},
		{"origin that ends a directive", tenant.Settings{AllowedOrigins: []string{"https://a;script-src"}}, "origin"},
		{"origin that only begins like this machine", tenant.Settings{AllowedOrigins: []string{"http://localhost.evil.example"}}, "origin"},
		{"no origin", tenant.Settings{AllowedOrigins: []string{""}}, "origin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.s.Validate()

			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
			require.ErrorContains(t, err, "tenant: ")
		})
	}
}
