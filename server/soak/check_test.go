package soak

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
)

// intent is what must be in HubSpot of one record.
type intent struct {
	record backend.Record
	owner  string            // HubSpot's id of the agent.
	edited map[string]string // What a person has written after everything before was.
	racing map[string]bool   // What a person has written while we did: who was first is open.
	dies   bool              // The server has ended it.
}

// activity is an engagement as GET /sandbox/activities tells it.
type activity struct {
	ObjectType   string            `json:"objectType"`
	ID           string            `json:"id"`
	Properties   map[string]string `json:"properties"`
	Associations []struct {
		ObjectType string `json:"objectType"`
		ID         string `json:"id"`
	} `json:"associations"`
	Archived    bool     `json:"archived"`
	External    string   `json:"external"`
	Ghost       bool     `json:"ghost"`
	Overwritten []string `json:"overwritten"`
	Blind       []string `json:"blind"`
}

// findings are what is wrong, by kind, and what there is.
type findings struct {
	lost, duplicate, overwritten, wrong []string

	calls, tasks, archived, blind int
}

func (f findings) clean() bool {
	return len(f.lost)+len(f.duplicate)+len(f.overwritten)+len(f.wrong) == 0
}

// compare looks for every intent in HubSpot, and for what nobody intended.
func compare(intents []intent, all []activity) findings {
	var f findings
	calls, tasks := map[string][]activity{}, map[string][]activity{}
	offers := map[string]int{} // By interaction, agent and ordinal, whatever the key says.
	for _, a := range all {
		f.blind += len(a.Blind)
		for _, name := range a.Overwritten {
			f.overwritten = append(f.overwritten, a.Properties["hs_call_external_id"]+" "+name)
		}
		key := a.Properties["hs_call_external_id"]
		switch {
		case a.Archived:
			f.archived++
		case a.ObjectType == "tasks":
			f.tasks++
			tasks[a.Properties["hs_task_subject"]] = append(tasks[a.Properties["hs_task_subject"]], a)
		case a.ObjectType == "calls" && key == "":
			f.calls++
			f.duplicate = append(f.duplicate, fmt.Sprintf("call %s of nobody (page's %s)", a.ID, a.External))
		case a.ObjectType == "calls":
			f.calls++
			calls[key] = append(calls[key], a)
			offers[offerOf(a)]++
		}
	}
	expected := map[string]bool{}
	for _, in := range intents {
		key := in.record.Key
		expected[key] = true
		found := calls[key]
		if len(found) == 0 {
			f.lost = append(f.lost, key)
			continue
		}
		if len(found) > 1 {
			f.duplicate = append(f.duplicate, fmt.Sprintf("%s: %d calls", key, len(found)))
		}
		if n := offers[offerOf(found[0])]; n > len(found) {
			f.duplicate = append(f.duplicate, fmt.Sprintf("%s: %d calls of its interaction, agent and time", key, n))
		}
		for _, why := range in.differs(found[0]) {
			f.wrong = append(f.wrong, key+": "+why)
		}
		for name, value := range in.edited {
			if found[0].Properties[name] != value {
				f.overwritten = append(f.overwritten, fmt.Sprintf("%s %s: %q", key, name, found[0].Properties[name]))
			}
		}
		if up := in.record.FollowUp; up != nil {
			switch n := len(tasks[up.Subject]); {
			case n == 0:
				f.lost = append(f.lost, key+" task")
			case n > 1:
				f.duplicate = append(f.duplicate, fmt.Sprintf("%s: %d tasks", key, n))
			}
			delete(tasks, up.Subject)
		}
	}
	for key := range calls {
		if !expected[key] {
			f.duplicate = append(f.duplicate, key+" is nobody's")
		}
	}
	for subject := range tasks {
		f.duplicate = append(f.duplicate, "task "+subject+" is nobody's")
	}
	return f
}

// offerOf tells offers apart by what is in HubSpot, without our key.
func offerOf(a activity) string {
	p := a.Properties
	return strings.Join([]string{p["deskbridge_interaction_id"], p["hubspot_owner_id"], p["hs_timestamp"], p["hs_call_from_number"], p["hs_call_to_number"]}, " ")
}

// differs says what of the last revision is not in HubSpot.
func (in intent) differs(a activity) []string {
	var why []string
	p, r := a.Properties, in.record
	want := func(name, value string) {
		if p[name] != value {
			why = append(why, fmt.Sprintf("%s is %q, want %q", name, p[name], value))
		}
	}
	want("hs_call_direction", r.Direction)
	want("hubspot_owner_id", in.owner)
	want("deskbridge_interaction_id", r.InteractionID)
	if !in.dies {
		outcome := r.Outcome
		if outcome == "MISSED" || outcome == "REJECTED" {
			outcome = "NO_ANSWER" // HubSpot knows neither.
		}
		want("hs_call_status", outcome)
	}
	notes := strings.ReplaceAll(html.EscapeString(strings.TrimSpace(r.Notes)), "\n", "<br>")
	if !strings.Contains(p["hs_call_body"], notes) && in.edited["hs_call_body"] == "" && !in.racing["hs_call_body"] {
		why = append(why, fmt.Sprintf("the notes are not in %q", p["hs_call_body"]))
	}
	var people, person []string
	if r.Record != nil {
		person = []string{r.Record.ObjectID}
	}
	for _, other := range a.Associations {
		if other.ObjectType == "contacts" {
			people = append(people, other.ID)
		}
	}
	if !slices.Equal(people, person) {
		why = append(why, fmt.Sprintf("associated with contacts %v, want %v", people, person))
	}
	return why
}

// good is an activity as in.record wants it.
func good(id string, in intent) activity {
	a := activity{ObjectType: "calls", ID: id, Properties: map[string]string{
		"hs_call_external_id": in.record.Key, "hs_call_direction": in.record.Direction, "hubspot_owner_id": in.owner,
		"deskbridge_interaction_id": in.record.InteractionID, "hs_call_status": in.record.Outcome,
		"hs_call_body": html.EscapeString(strings.TrimSpace(in.record.Notes)), "hs_timestamp": fmt.Sprint(in.record.StartedAt),
	}}
	a.Associations = append(a.Associations, struct {
		ObjectType string `json:"objectType"`
		ID         string `json:"id"`
	}{"contacts", in.record.Record.ObjectID})
	return a
}

// The check finds what it is there for.
func TestCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	with := func(key string) intent {
		return intent{owner: "7", record: backend.Record{
			Key: key, InteractionID: "i-" + key, Direction: "INBOUND", Outcome: "COMPLETED", Notes: "<a> & b", Final: true,
			StartedAt: 1000, Record: &backend.Ref{ObjectTypeID: "0-1", ObjectID: "30"},
		}}
	}
	a, b := with("a"), with("b")
	b.record.FollowUp = &backend.FollowUp{Subject: "later"}
	task := activity{ObjectType: "tasks", ID: "9", Properties: map[string]string{"hs_task_subject": "later"}}
	spare := good("3", a)
	spare.Archived = true
	world := func() []activity { return []activity{good("1", a), good("2", b), task, spare} }
	changed := func(name, value string) []activity {
		all := world()
		all[0].Properties[name] = value
		return all
	}
	require.True(t, compare([]intent{a, b}, world()).clean())
	require.Equal(t, 1, compare([]intent{a, b}, world()).archived)

	twin := good("4", a)
	twin.Properties["hs_call_external_id"] = "x"
	ghost := good("5", a)
	ghost.Properties = map[string]string{"hs_call_from_number": "+1"}
	seen := good("1", a)
	seen.Overwritten = []string{"hs_call_body"}
	elsewhere := good("1", a)
	elsewhere.Associations[0].ID = "31"
	edited := a
	edited.edited = map[string]string{"hs_call_title": "A person's"}
	for name, tt := range map[string]struct {
		intents []intent
		all     []activity
		of      func(findings) []string
	}{
		"a lost call":               {[]intent{a, b}, world()[1:], func(f findings) []string { return f.lost }},
		"a lost task":               {[]intent{a, b}, world()[:2], func(f findings) []string { return f.lost }},
		"only a spare is left":      {[]intent{a}, []activity{spare}, func(f findings) []string { return f.lost }},
		"two of one key":            {[]intent{a}, []activity{good("1", a), good("4", a)}, func(f findings) []string { return f.duplicate }},
		"two of one offer":          {[]intent{a}, []activity{good("1", a), twin}, func(f findings) []string { return f.duplicate }},
		"two tasks":                 {[]intent{a, b}, append(world(), task), func(f findings) []string { return f.duplicate }},
		"a call of nobody":          {[]intent{a, b}, append(world(), ghost), func(f findings) []string { return f.duplicate }},
		"a task of nobody":          {[]intent{a}, []activity{good("1", a), task}, func(f findings) []string { return f.duplicate }},
		"an edit that was seen":     {[]intent{a}, []activity{seen}, func(f findings) []string { return f.overwritten }},
		"an edit that is gone":      {[]intent{edited, b}, world(), func(f findings) []string { return f.overwritten }},
		"the notes of another time": {[]intent{a, b}, changed("hs_call_body", "old"), func(f findings) []string { return f.wrong }},
		"another outcome":           {[]intent{a, b}, changed("hs_call_status", "BUSY"), func(f findings) []string { return f.wrong }},
		"another owner":             {[]intent{a, b}, changed("hubspot_owner_id", "8"), func(f findings) []string { return f.wrong }},
		"another contact":           {[]intent{a}, []activity{elsewhere}, func(f findings) []string { return f.wrong }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := compare(tt.intents, tt.all)
			require.False(t, f.clean())
			require.NotEmpty(t, tt.of(f))
		})
	}
}
