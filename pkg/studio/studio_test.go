package studio_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/layout"
	"deskbridge/pkg/studio"
)

const origin = "https://phone.example"

// sample is a generated layout without our widget.
func sample(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "layouts", "panel.json"))
	require.NoError(t, err)
	d, err := layout.Parse(text)
	require.NoError(t, err)
	d, err = layout.Remove(d)
	require.NoError(t, err)
	return d.Bytes()
}

// theirs is one with a connector of Cisco's.
func theirs(t *testing.T) []byte {
	t.Helper()
	return []byte(strings.Replace(string(sample(t)), `"panel": {`, `"headless": {
        "id": "crm", "widgets": {"crm": {"comp": "agentx-custom-desktop", "script": "https://cx-crmconnector.ciscoccservice.com/zendesk/v1/dist/index.js",
          "properties": {"outDialAni": "+4930123", "crmLibPath": "x.js"}}},
        "layout": {"areas": [["crm"]], "size": {"cols": [1], "rows": [1]}}
      },
      "panel": {`, 1))
}

func action(v studio.View) studio.Action {
	for _, a := range v.Actions {
		if a.Chosen {
			return a.Value
		}
	}
	return ""
}

func TestBeginningWritesANewLayout(t *testing.T) {
	t.Parallel()
	v := studio.New(origin).View()

	want, err := layout.Generate(layout.Options{Script: layout.ScriptURL(origin)})
	require.NoError(t, err)
	require.Equal(t, string(want.Bytes()), string(v.Result))
	require.Equal(t, "deskbridge-layout.json", v.Save)
	require.Equal(t, origin, v.Server.Typed)
	require.Empty(t, v.Says)
	require.Positive(t, v.Hidden)
	shown := 0
	for _, h := range v.Change {
		shown += len(h)
	}
	require.Equal(t, strings.Count(string(v.Result), "\n"), shown+v.Hidden)
}

func TestWidgetIsPlacedAsChosen(t *testing.T) {
	t.Parallel()
	text := sample(t)
	s := studio.New(origin)
	s.Open("team.json", text)
	require.Equal(t, studio.Insert, action(s.View()))
	s.Place(layout.Headless, false)
	s.Role(layout.Supervisor, false)
	s.Datacenter("eu1")
	s.Label("CRM")
	s.Set("popAt", "connect")
	s.Set("liveNotes", "false")
	s.Set("stripPrefixes", "+49, 0")
	s.Set("panelWidth", "500")
	s.Set("variableProperties", `{"tier": "customer_tier"}`)

	v := s.View()

	d, err := layout.Parse(text)
	require.NoError(t, err)
	want, err := layout.Insert(d, layout.Options{
		Script: layout.ScriptURL(origin), Datacenter: "eu1", Label: "CRM", Places: []layout.Place{layout.Panel},
		Roles: []layout.RoleName{layout.Agent, layout.SupervisorAgent},
		Settings: map[string]any{
			"popAt": "connect", "liveNotes": false, "stripPrefixes": []any{"+49", "0"}, "panelWidth": 500,
			"variableProperties": map[string]any{"tier": "customer_tier"},
		},
	})
	require.NoError(t, err)
	require.Equal(t, string(want.Bytes()), string(v.Result))
	require.Equal(t, "team.deskbridge.json", v.Save)
	require.Regexp(t, `^\d+ lines added, \d+ lines? removed$`, v.Summary)
	require.Contains(t, v.Says, "team.json: no problems.")
	for _, h := range v.Change {
		require.Equal(t, byte(' '), h[0].Mark)
	}
}

func TestWidgetThatIsThereIsUpgradedOrRemoved(t *testing.T) {
	t.Parallel()
	text := sample(t)
	s := studio.New(origin)
	s.Open("team.json", text)
	placed := s.View().Result
	s.Open("team.deskbridge.json", placed)
	v := s.View()
	require.Equal(t, studio.Upgrade, action(v))
	require.True(t, v.Unchanged)
	require.Empty(t, v.Result)
	require.Nil(t, v.Places)

	s.Server("https://other.example")
	v = s.View()
	require.Contains(t, string(v.Result), "https://other.example/desk/")
	require.NotContains(t, string(v.Result), origin)
	require.Equal(t, "team.deskbridge.json", v.Save)

	s.Choose(studio.Remove)
	v = s.View()
	require.Equal(t, string(text), string(v.Result))
	require.False(t, v.Widget)
	require.Nil(t, v.Roles)
	for _, a := range v.Actions {
		require.Equal(t, a.Value == studio.Convert, a.WhyNot != "", a.Value)
	}
}

func TestConnectorIsReplaced(t *testing.T) {
	t.Parallel()
	s := studio.New(origin)
	s.Open("zendesk.json", theirs(t))

	v := s.View()

	require.Equal(t, studio.Convert, action(v))
	require.Equal(t, layout.Zendesk, v.Standings[0].Connector)
	told := map[string]layout.Conversion{}
	for _, c := range v.Conversions {
		told[c.Old] = c
	}
	require.Equal(t, "outdialAni", told["outDialAni"].New)
	require.NotEmpty(t, told["crmLibPath"].Note)
	require.Contains(t, string(v.Result), layout.Element)
	require.NotContains(t, string(v.Result), "agentx-custom-desktop")
}

func TestBadFilesSayWhyAndLoseNothing(t *testing.T) {
	t.Parallel()
	good := sample(t)
	for name, tt := range map[string]struct {
		text string
		want string
	}{
		"truncated": {string(good[:len(good)/2]), "ends"},
		"empty":     {"", ""},
		"picture":   {"\x89PNG\r\n\x1a\n", ""},
		"too large": {strings.Repeat(" ", layout.MaxSize+1), "5.2 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := studio.New(origin)
			s.Open("bad.json", []byte(tt.text))
			v := s.View()
			require.NotNil(t, v.Trouble)
			require.NotEmpty(t, v.Trouble.What)
			require.Contains(t, v.Trouble.What, tt.want)
			require.Empty(t, v.Trouble.Kept)
			require.Empty(t, v.File)

			s.Open("good.json", good)
			s.Label("CRM")
			before := s.View()
			s.Open("bad.json", []byte(tt.text))
			after := s.View()

			require.Nil(t, before.Trouble)
			require.Equal(t, "good.json", after.Trouble.Kept)
			require.Equal(t, "good.json", after.File)
			require.Equal(t, string(before.Result), string(after.Result))
			require.Contains(t, after.Says, "bad.json could not be opened.")
			s.Fail("gone.json", "It was moved.")
			require.Equal(t, &studio.Trouble{Name: "gone.json", What: "It was moved.", Kept: "good.json"}, s.View().Trouble)
			s.Close()
			require.Equal(t, "CRM", s.View().Label.Typed)
			require.Nil(t, s.View().Trouble)
		})
	}
}

// These are read, and what is wrong with them is shown at its place.
func TestOddLayoutsAreShown(t *testing.T) {
	t.Parallel()
	good := string(sample(t))
	for name, tt := range map[string]struct {
		text, rule string
		refused    bool
	}{
		"byte order mark": {"\ufeff" + good, "byte-order-mark", false},
		"comment":         {"// ours\n" + good, "comment", false},
		"old version":     {`{"version": "0.0.9", "area": {"panel": {}}}`, "flat", true},
		"wrong types":     {`{"agent": [], "supervisor": 1}`, "wrong-type", true},
		"no layout":       {`[1, 2]`, "wrong-type", true},
		"duplicate key":   {strings.Replace(good, `"logo": "",`, `"logo": "", "logo": "x",`, 1), "duplicate-key", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := studio.New(origin)
			s.Open("odd.json", []byte(tt.text))

			v := s.View()

			require.Nil(t, v.Trouble)
			require.NotEmpty(t, v.Problems, "%+v", v)
			found := false
			for _, p := range v.Problems {
				found = found || p.Rule == tt.rule
			}
			require.True(t, found || name == "old version" || name == "no layout", "%v", v.Problems)
			require.NotEqual(t, "no problems", v.Counts)
			require.Equal(t, tt.refused, len(v.Refused) > 0 || v.Wrong != "", "%v %s", v.Refused, v.Wrong)
			require.Equal(t, tt.refused, v.Result == nil)
			if !tt.refused {
				require.True(t, strings.HasPrefix(string(v.Result), tt.text[:10]))
			}
		})
	}
}

func TestWhatIsFilledInWrongIsSaidAtItsPlace(t *testing.T) {
	t.Parallel()
	s := studio.New(origin)
	problem := func(name string) string {
		for _, f := range s.View().Fields {
			if f.Name == name {
				return f.Problem
			}
		}
		return "no such field"
	}
	for name, typed := range map[string]string{
		"panelWidth": "wide", "variableProperties": "tier=x", "popVariables": `[{"variable": "x"}]`, "liveNotes": "perhaps", "stripPrefixes": `["+49"`,
		"popAt": "later", "newContactProperties": `{"a": 1}`,
	} {
		s.Set(name, typed)
		require.NotEmpty(t, problem(name), name)
		require.Nil(t, s.View().Result)
		require.Contains(t, s.View().Wrong, "marked in the form, then the change is shown here: "+name+".")
		s.Set(name, " ")
		require.Empty(t, problem(name))
		require.NotNil(t, s.View().Result)
	}
	for _, address := range []string{"", "phone.example", "http://phone.example", "https://", "https://phone.example/?a=b", "https://phone.example#x", "https://a:b@phone.example"} {
		s.Server(address)
		require.NotEmpty(t, s.View().Server.Problem, address)
		require.Nil(t, s.View().Result)
	}
	s.Server("http://127.0.0.1:8080/")
	require.Empty(t, s.View().Server.Problem)
	s.Datacenter("EU 1")
	require.NotEmpty(t, s.View().Datacenter.Problem)
	s.Datacenter("")
	for _, r := range layout.RoleNames {
		s.Role(r, false)
	}
	require.Contains(t, s.View().Wrong, "role")
	s.Role(layout.Agent, true)
	for _, p := range layout.Places {
		s.Place(p, false)
	}
	require.Contains(t, s.View().Wrong, "place")
}

func TestMutedFieldsAreNotOffered(t *testing.T) {
	t.Parallel()
	var names []string
	for _, f := range studio.New(origin).View().Fields {
		names = append(names, f.Name)
		require.NotEmpty(t, f.What)
		require.NotEmpty(t, f.Default, f.Name)
	}
	require.Contains(t, names, "outdialEntryPoint")
	require.NotContains(t, names, "agentId")
	require.NotContains(t, names, "mode")
}

// Who listens to a screen reader hears the same result twice if it comes twice.
func TestEachResultIsAnnounced(t *testing.T) {
	t.Parallel()
	s := studio.New(origin)
	s.Set("popAt", "ring")
	one := s.View().Says
	s.Set("popAt", "off")
	two := s.View().Says

	require.NotEqual(t, one, two)
	require.Equal(t, strings.TrimSpace(one), strings.TrimSpace(two))
}

func TestLinesTooLongAreCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000)
	shown := studio.Shown(layout.Hunk{
		{Mark: ' ', Old: 1, New: 1, Text: long}, {Mark: '-', Old: 2, Text: long + "old" + long}, {Mark: '+', New: 2, Text: long + "new" + long},
		{Mark: ' ', Old: 3, New: 3, Text: "short"},
	})

	for _, l := range shown {
		require.Less(t, len(l.Text), 800)
	}
	require.Contains(t, shown[1].Text, "old")
	require.Contains(t, shown[2].Text, "new")
	require.Equal(t, "short", shown[3].Text)

	s := studio.New(origin)
	s.Open("line.json", []byte(`{"agent": {"logo": 1, "x": "`+long+`", "logo": 2}}`))
	for _, p := range s.View().Problems {
		require.Less(t, len(p.Excerpt), 800)
	}
	s.ShowAll()
	require.Zero(t, s.View().Hidden)
}
