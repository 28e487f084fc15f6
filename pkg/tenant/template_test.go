package tenant_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/tenant"
)

func TestTemplates(t *testing.T) {
	t.Parallel()
	values := map[string]string{
		"direction": "Inbound", "name": "Maria {name}", "queue": " Billing ", "cad.Order No": "A-17", "cad.{": "never",
	}
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"text only", "Call", "Call"},
		{"names", "{direction} call, {queue}: {name}", "Inbound call, Billing: Maria {name}"},
		{"a call variable", "Order {cad.Order No}", "Order A-17"},
		{"room around a name", "{ queue }", "Billing"},
		{"a brace of its own", "{{x} {{{queue}}", "{x} {Billing}"},
		{"a missing value among others", "{queue}/{agent}", "Billing/"},
		{"a line without a value", "Agent: {agent}\nQueue: {queue}\n\nThanks", "Queue: Billing\n\nThanks"},
		{"Windows lines", "a\r\nb", "a\nb"},
		{"no values at all", "Order {cad.missing}", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			parsed, err := tenant.ParseTemplate(tt.text)

			require.NoError(t, err)
			require.Equal(t, tt.want, parsed.Render(func(name string) string { return values[name] }))
		})
	}
}

func TestEveryTemplateNameIsTaken(t *testing.T) {
	t.Parallel()
	for _, name := range tenant.TemplateNames {
		parsed, err := tenant.ParseTemplate("{" + name + "}")
		require.NoError(t, err)
		require.Equal(t, "got "+name, parsed.Render(func(asked string) string { return "got " + asked }))
	}
	variable, ok := tenant.Variable("cad.Order No")
	require.True(t, ok)
	require.Equal(t, "Order No", variable)
	_, ok = tenant.Variable("queue")
	require.False(t, ok)
}

func TestWrongTemplatesSayWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{foo}":           "character 1: {foo} is not known: want one of {direction}",
		"über {foo}":      "character 6: {foo}",
		"a\n{queue} {x}":  "character 11: {x}",
		"ends {queue":     `character 6: "{" without "}"`,
		"{}":              "character 1: {} is not known",
		"{cad.}":          "character 1: {cad.}",
		"{que\nue}":       `character 1: "{" without "}"`,
		"{Queue}":         "{Queue} is not known",
		"{cad.a\x00b}":    "is not known",
		"{{fine} {wrong}": "character 9: {wrong}",
	} {
		_, err := tenant.ParseTemplate(text)
		require.ErrorContains(t, err, want, text)
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add("{name} {{ {cad.x}\n}")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := tenant.ParseTemplate(text)
		if err != nil {
			require.Contains(t, err.Error(), "character ")
			return
		}
		got := parsed.Render(func(string) string { return "v" })
		require.Equal(t, strings.TrimSpace(got), got)
		if !strings.Contains(text, "{") {
			require.Equal(t, strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")), got)
		}
	})
}
