package lookup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/lookup"
)

// The plans that Webex supplies.
var (
	planUS  = lookup.DialPlan{Expression: `1[0-9]{3}[2-9][0-9]{6}([,]{1,10}[0-9]+){0,1}`, Prefix: "1", Strip: "( )-"}
	planAny = lookup.DialPlan{Expression: `([0-9a-zA-Z]+[-._])*[0-9a-zA-Z]+`, Strip: "( )-"}
	planTie = lookup.DialPlan{Expression: `^[0-9]{4}$`, Prefix: "8"}
)

func TestDial(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		plans []lookup.DialPlan
		forms []string
		want  string
	}{
		{"as documented", []lookup.DialPlan{planUS}, []string{"18005551234"}, "18005551234"},
		{"stripped", []lookup.DialPlan{planUS}, []string{"1 (800) 555-1234"}, "18005551234"},
		{"prefixed when it does not match without", []lookup.DialPlan{planUS}, []string{"(800) 555-1234"}, "18005551234"},
		{"pauses", []lookup.DialPlan{planUS}, []string{"18005551234,,,222"}, "18005551234,,,222"},
		{"any format", []lookup.DialPlan{planAny}, []string{"bruce.matthews"}, "bruce.matthews"},
		{"the second plan", []lookup.DialPlan{planUS, planTie}, []string{"4711"}, "4711"},
		{"the second form", []lookup.DialPlan{{Expression: `^\+1[0-9]{10}$`}}, []string{"415.555.0100", "+14155550100"}, "+14155550100"},
		{"a plan that cannot be read beside one that can", []lookup.DialPlan{{Expression: `(?=x)`}, planUS}, []string{"18005551234"}, "18005551234"},
	} {
		got, err := lookup.Dial(tt.plans, tt.forms...)

		require.NoError(t, err, tt.name)
		require.Equal(t, tt.want, got, tt.name)
	}
	for name, plans := range map[string][]lookup.DialPlan{"no plan": nil, "another country": {planUS}, "anchored": {planTie}} {
		_, err := lookup.Dial(plans, "+49 30 90182041")
		require.ErrorIs(t, err, lookup.ErrNotAllowed, name)
	}
	_, err := lookup.Dial([]lookup.DialPlan{{Expression: `.*`, Strip: "0123456789"}}, "123")
	require.ErrorIs(t, err, lookup.ErrNotAllowed, "nothing is left of it")
	_, err = lookup.Dial([]lookup.DialPlan{{Expression: `(?=x)`}}, "1")
	require.Error(t, err)
	require.NotErrorIs(t, err, lookup.ErrNotAllowed, "nobody knows")
}
