package softphone_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/softphone"
)

// TestSnapshotThatOvertakesADeparture: Webex's list shows that the agent has
// left before Webex's own word for it comes, or in its place.
func TestSnapshotThatOvertakesADeparture(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*world){
		"to wrap up": func(w *world) {
			i := *w.task("i1")
			own := i.Participants[ann]
			own.Left, own.WrapUp = true, true
			i.Participants = map[string]softphone.Participant{ann: own, bob: i.Participants[bob], "+15550100": i.Participants["+15550100"]}
			i.PendingWrapUp = []string{ann}
			w.tasks["i1"] = &i
		},
		"for good":    func(w *world) { delete(w.tasks, "i1") },
		"not at all":  func(*world) {},
		"it is over":  func(w *world) { i := *w.task("i1"); i.Terminated = true; w.tasks["i1"] = &i },
		"not pressed": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.start()
			for _, verb := range []string{"offered", "assigned", "owned", "consult-bob", "bob-answers", "merged"} {
				require.NoError(t, w.webex(verb, "i1", ""))
			}
			key := w.key("i1")
			require.Equal(t, softphone.Conference, w.s.Calls[key].Phase)
			if leave == nil {
				delete(w.tasks, "i1")
			} else {
				w.step(softphone.LeaveRequested{Key: key})
				leave(w)
			}

			w.gen++
			w.synced(true, w.records()...)
			w.step(softphone.NotesEdited{Key: key, Text: "x"}) // Has it saved.

			want := softphone.DepartureKind("")
			if name == "to wrap up" || name == "for good" {
				want = softphone.LeftConference
			}
			require.Equal(t, want, w.saved[key].Left.How)
		})
	}
}
