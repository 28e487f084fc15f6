package softphone_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/softphone"
)

func TestAgentsChoiceOfWhereRecordsOpenHoldsUnlessItIsLocked(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, tenant, agent string
		locked              []string
		newTab              bool // Of a record opened while it rings.
	}{
		{name: "nobody chose"},
		{name: "the tenant's", tenant: "new", newTab: true},
		{name: "the agent's", agent: "new", newTab: true},
		{name: "the agent's over the tenant's", tenant: "new", agent: "current"},
		{name: "automatic over the tenant's", tenant: "new", agent: "auto"},
		{name: "locked", tenant: "new", agent: "current", locked: []string{"popIn"}, newTab: true},
		{name: "another lock", tenant: "new", agent: "current", locked: []string{"theme"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, _ := reach(t, false, "webex offered i1")
			w.step(softphone.SettingsLoaded{Settings: softphone.Settings{PopIn: tt.tenant, Locked: tt.locked}})
			w.step(softphone.PopInChosen{PopIn: tt.agent})

			did := w.step(softphone.RecordShown{Key: w.key("i1"), Record: softphone.RecordRef{ObjectTypeID: "0-5", ObjectID: "9"}})

			require.NotEmpty(t, did)
			opened, ok := did[len(did)-1].(softphone.Navigate)
			require.True(t, ok, "%#v", did)
			require.Equal(t, tt.newTab, opened.NewTab)
		})
	}
}
