package hubspottest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot/hubspottest"
)

// find searches and returns the values of a property, sorted.
func (c cloud) find(t testing.TB, objectType, body, property string) []string {
	t.Helper()
	c.clock.Advance(time.Second) // Below the limit.
	a := c.ask(t, "POST", "/crm/objects/2026-09/"+objectType+"/search", body)
	require.Equal(t, 200, a.status, a.text)
	var answer struct {
		Results []struct{ Properties map[string]string }
	}
	require.NoError(t, json.Unmarshal([]byte(a.text), &answer))
	values := []string{}
	for _, r := range answer.Results {
		values = append(values, r.Properties[property])
	}
	slices.Sort(values)
	return values
}

func filter(property, operator, rest string) string {
	return fmt.Sprintf(`{"filterGroups":[{"filters":[{"propertyName":%q,"operator":%q%s}]}],"limit":100,"properties":["lastname","dealname"]}`, property, operator, rest)
}

func TestOperators(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	for _, tt := range []struct {
		objectType, property, operator, rest string
		want                                 []string
	}{
		{"contacts", "lastname", "EQ", `,"value":"SILVA"`, []string{"Silva"}},
		{"contacts", "company", "NEQ", `,"value":"acme"`, nil},
		{"contacts", "lastname", "IN", `,"values":["silva","Okafor"]`, []string{"Silva"}},
		{"contacts", "lastname", "NOT_IN", `,"values":["silva"]`, nil},
		{"contacts", "phone", "NOT_HAS_PROPERTY", ``, []string{"Fischer", "Petrova"}},
		{"contacts", "mobilephone", "HAS_PROPERTY", ``, []string{"El Amrani", "Fischer", "Hoffmann", "Reyes", "Tanaka"}},
		{"deals", "amount", "LT", `,"value":"9700"`, []string{"Granite: autumn catalogue"}},
		{"deals", "amount", "LTE", `,"value":"9700"`, []string{"Blue Harbor: phone system", "Granite: autumn catalogue"}},
		{"deals", "amount", "GT", `,"value":"52000"`, []string{"Nordlicht: substation meters"}},
		{"deals", "amount", "GTE", `,"value":"131000"`, []string{"Nordlicht: substation meters"}},
		{"deals", "amount", "BETWEEN", `,"value":"9700","highValue":"18400"`, []string{"Acme: conveyor spare parts", "Blue Harbor: phone system"}},
		{"deals", "closedate", "LT", `,"value":"1795000000000"`, []string{}},
		{"contacts", "hs_searchable_calculated_phone_number", "EQ", `,"value":"4155550123"`, []string{"Okafor", "Raman"}},
		{"contacts", "hs_searchable_calculated_phone_number", "EQ", `,"value":"14155550123"`, []string{}},
		{"contacts", "hs_searchable_calculated_phone_number", "CONTAINS_TOKEN", `,"value":"*5550123"`, []string{"Demir", "Okafor", "Raman"}},
		{"contacts", "hs_searchable_calculated_phone_number", "CONTAINS_TOKEN", `,"value":"415*0123"`, []string{"Okafor", "Raman"}},
		{"contacts", "hs_searchable_calculated_mobile_number", "EQ", `,"value":"15123456789"`, []string{"Hoffmann"}},
		// Leading zeros are stripped, Italian ones too.
		{"contacts", "hs_searchable_calculated_phone_number", "EQ", `,"value":"669884857"`, []string{"Rossi"}},
		{"contacts", "phone", "CONTAINS_TOKEN", `,"value":"*4155550123"`, []string{"Okafor"}},
		{"contacts", "jobtitle", "CONTAINS_TOKEN", `,"value":"head of"`, []string{"Silva"}},
		{"contacts", "jobtitle", "CONTAINS_TOKEN", `,"value":"purchas"`, []string{}},
		{"contacts", "jobtitle", "NOT_CONTAINS_TOKEN", `,"value":"manager"`, nil},
	} {
		got := cloud.find(t, tt.objectType, filter(tt.property, tt.operator, tt.rest), map[string]string{"contacts": "lastname", "deals": "dealname"}[tt.objectType])
		if tt.want == nil { // All but a few.
			require.Greater(t, len(got), 18, tt)
			require.Less(t, len(got), 26, tt)
			continue
		}
		require.Equal(t, tt.want, got, tt)
	}
}

func TestGroupsAssociationsAndFullText(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	acme := cloud.Objects("companies", "acme")[0].ID

	require.Equal(t, []string{"Mendoza", "Nwosu", "Okafor", "Reyes", "Silva"},
		cloud.find(t, "contacts", filter("associations.company", "EQ", `,"value":"`+acme+`"`), "lastname"))
	require.Equal(t, []string{"Kim", "Silva"}, cloud.find(t, "contacts", `{"filterGroups":[
		{"filters":[{"propertyName":"firstname","operator":"EQ","value":"maria"},{"propertyName":"lastname","operator":"EQ","value":"silva"}]},
		{"filters":[{"propertyName":"lastname","operator":"EQ","value":"kim"}]},
		{"filters":[{"propertyName":"firstname","operator":"EQ","value":"maria"},{"propertyName":"lastname","operator":"EQ","value":"kim"}]}],
		"properties":["lastname"]}`, "lastname"))
	require.Equal(t, []string{"Silva"}, cloud.find(t, "contacts", `{"query":"acme silv"}`, "lastname"))
	require.Equal(t, []string{"Raman"}, cloud.find(t, "contacts", `{"query":"ram 5550123"}`, "lastname"))
	require.Empty(t, cloud.find(t, "contacts", `{"query":"nobody at all"}`, "lastname"))
}

func TestSearchLimits(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{Searches: -1})
	group := func(n int) string {
		return `{"filters":[` + strings.TrimSuffix(strings.Repeat(`{"propertyName":"phone","operator":"HAS_PROPERTY"},`, n), ",") + `]}`
	}
	for name, body := range map[string]string{
		"six groups":        `{"filterGroups":[` + strings.TrimSuffix(strings.Repeat(group(1)+",", 6), ",") + `]}`,
		"seven filters":     `{"filterGroups":[` + group(7) + `]}`,
		"nineteen filters":  `{"filterGroups":[` + group(5) + "," + group(5) + "," + group(5) + "," + group(4) + `]}`,
		"limit":             `{"limit":201}`,
		"no limit":          `{"limit":0}`,
		"past ten thousand": `{"limit":200,"after":"9801"}`,
		"after":             `{"after":"x"}`,
		"size":              `{"query":"` + strings.Repeat("é", 3000) + `"}`,
		"two sorts":         `{"sorts":[{"propertyName":"phone"},{"propertyName":"email"}]}`,
		"operator":          filter("phone", "LIKE", `,"value":"1"`),
		"no value":          filter("phone", "EQ", ``),
		"no values":         filter("phone", "IN", ``),
		"no high value":     filter("phone", "BETWEEN", `,"value":"1"`),
		"property":          filter("telephone", "EQ", `,"value":"1"`),
		"sort property":     `{"sorts":[{"propertyName":"telephone"}]}`,
	} {
		require.Equal(t, 400, cloud.ask(t, "POST", "/crm/objects/2026-09/contacts/search", body).status, name)
	}
	for name, body := range map[string]string{
		"eighteen filters": `{"filterGroups":[` + group(6) + "," + group(6) + "," + group(6) + `]}`,
		"ten thousand":     `{"limit":200,"after":"9800"}`,
		"size":             `{"query":"` + strings.Repeat("é", 2900) + `"}`,
	} {
		require.Equal(t, 200, cloud.ask(t, "POST", "/crm/objects/2026-09/contacts/search", body).status, name)
	}
}

func TestIndexLagsBehindWrites(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{IndexDelay: 10 * time.Second})
	titles := func() []string {
		return cloud.find(t, "calls", `{"query":"","properties":["hs_call_title"]}`, "hs_call_title")
	}
	id := cloud.ask(t, "POST", "/crm/objects/2026-09/calls", `{"properties":{"hs_timestamp":1795000000000,"hs_call_title":"one"}}`).data(t)["id"].(string)
	require.Empty(t, titles())
	cloud.clock.Advance(5 * time.Second)
	cloud.ask(t, "PATCH", "/crm/objects/2026-09/calls/"+id, `{"properties":{"hs_call_title":"two"}}`)
	cloud.clock.Advance(5 * time.Second)
	require.Equal(t, []string{"one"}, titles())
	cloud.clock.Advance(5 * time.Second)
	require.Equal(t, []string{"two"}, titles())
	cloud.ask(t, "DELETE", "/crm/objects/2026-09/calls/"+id, ``)
	require.Equal(t, []string{"two"}, titles())
	cloud.clock.Advance(10 * time.Second)
	require.Empty(t, titles())

	_, err := cloud.AddObject("calls", map[string]string{"hs_call_title": "by hand"})
	require.NoError(t, err)
	require.Equal(t, []string{"by hand"}, titles(), "pages wait until it is found")
}
