package ui_test

import (
	"testing"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
)

func manyCodes(c *softphone.CallView) {
	for _, n := range []string{"Address change", "Cancellation", "Technical fault", "Wrong number", "Test"} {
		c.Codes = append(c.Codes, softphone.Code{ID: "x" + n, Name: n})
	}
}

func TestReasonsUsedMostComeFirst(t *testing.T) {
	t.Parallel()
	v := wrapping(manyCodes)
	used := func(id, queue string) softphone.Record {
		return softphone.Record{Key: softphone.CallKey(id + queue), CodeID: id, Queue: queue}
	}

	got := ui.Suggested(*v.Call, []softphone.Record{
		used("w4", "Sales"), used("w4", "Other"), used("xCancellation", "Billing"), used("xCancellation", "Billing"), used("w2", "Billing"),
	})

	require.Len(t, got, 3)
	require.Equal(t, []string{"xCancellation", "w2", "w4"}, []string{got[0].ID, got[1].ID, got[2].ID})
}

func TestManyReasonsAreFoundByTyping(t *testing.T) {
	t.Parallel()
	b := newBench(wrapping(manyCodes))
	rows := func() int { return len(all(parse(t, b.Render()), byClass("choice-reason"))) }
	require.Equal(t, 3, rows(), "the suggested ones")

	ui.Type(b.Panel, "reason", "FAULT")
	require.Equal(t, 1, rows())
	ui.Press(b.Panel, ui.Key{Key: "Enter", Target: "reason", Typing: true})

	require.Equal(t, sent(softphone.WrapUpChosen{Key: callKey, CodeID: "xTechnical fault"}), b.src.take())
}

func TestTheChosenReasonIsAlwaysThere(t *testing.T) {
	t.Parallel()
	b := newBench(wrapping(manyCodes, func(c *softphone.CallView) { c.CodeID = "xTest" }))

	root := parse(t, b.Render())

	require.Len(t, all(root, byClass("choice-reason")), 4)
	require.Contains(t, text(root), "Test")
}

func TestAutomaticWrapUpIsPutOffOnlyWhereAllowed(t *testing.T) {
	t.Parallel()
	may := wrapping(func(c *softphone.CallView) { c.AutoWrapAt, c.CanExtend = now.Add(25*time.Second), ok() })
	root := parse(t, newBench(may).Render())
	require.True(t, shown(byID(root, "wrap-more")))
	require.True(t, shown(byID(root, "wrap-stop")))
	require.Contains(t, text(root), "Submits by itself in 00:25.")

	mayNot := wrapping(func(c *softphone.CallView) { c.AutoWrapAt = now.Add(25 * time.Second) })
	require.False(t, shown(byID(parse(t, newBench(mayNot).Render()), "wrap-more")))
}

func TestFollowUpIsProposedChangedAndTakenBack(t *testing.T) {
	t.Parallel()
	b := newBench(wrapping(func(c *softphone.CallView) { c.CodeID, c.CanWrapUp = "w1", ok() }))

	ui.ApplyTo(b.Panel, ui.FollowUp(callKey))
	task := softphone.FollowUp{Subject: "Call Maria Silva back", Due: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	require.Equal(t, sent(softphone.FollowUpChosen{Key: callKey, FollowUp: &task}), b.src.take())
	require.Equal(t, "task-subject", ui.TakeFocus(b.Panel))

	with := wrapping(func(c *softphone.CallView) { c.CodeID, c.CanWrapUp, c.FollowUp = "w1", ok(), &task })
	ui.Show(b.Panel, with)
	ui.Type(b.Panel, "task-subject", "Send the copy")
	ui.Type(b.Panel, "task-due", "2026-12-01")
	require.Empty(t, b.src.take(), "typing is not sent letter by letter")

	ui.ApplyTo(b.Panel, ui.Submit(callKey))
	changed := softphone.FollowUp{Subject: "Send the copy", Due: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
	require.Equal(t, sent(
		softphone.FollowUpChosen{Key: callKey, FollowUp: &changed}, softphone.WrapUpSubmitted{Key: callKey},
	), b.src.take(), "the task goes before the wrap-up")

	ui.ApplyTo(b.Panel, ui.FollowUp(callKey))
	require.Equal(t, sent(softphone.FollowUpChosen{Key: callKey}), b.src.take())
}

func TestFollowUpIsSentOnLeavingItsFields(t *testing.T) {
	t.Parallel()
	b := newBench(story(t, "wrap-up-follow-up"))
	ui.Type(b.Panel, "task-due", "")
	ui.Type(b.Panel, "task-subject", "Send the copy")

	ui.ApplyTo(b.Panel, ui.LeaveTask())
	ui.ApplyTo(b.Panel, ui.LeaveTask())

	got := b.src.take()
	require.Len(t, got, 1)
	require.Equal(t, "Send the copy", got[0].(softphone.FollowUpChosen).FollowUp.Subject)
	require.Equal(t, now.AddDate(0, 0, 3), got[0].(softphone.FollowUpChosen).FollowUp.Due, "an emptied date keeps the last")
}

func TestWhereTheCallIsLoggedCanBeChanged(t *testing.T) {
	t.Parallel()
	d := &directory{total: 2}
	b, jobs := searching(wrapping(), d)
	ui.ApplyTo(b.Panel, ui.OpenRecords())
	require.Equal(t, "find", ui.TakeFocus(b.Panel))
	require.Len(t, all(parse(t, b.Render()), byClass("record-row")), 1, "what matches the number is there at once")

	ui.Type(b.Panel, "find", "Joao")
	finish(jobs)
	require.Equal(t, []softphone.DirectoryQuery{{Kind: softphone.CRMContacts, Search: "Joao"}}, d.asked)
	ui.Press(b.Panel, inFind("ArrowDown"))
	ui.Press(b.Panel, inFind("Enter"))

	require.Equal(t, sent(softphone.MatchChosen{Key: callKey, Record: ref("1", "Joao 1")}), b.src.take())
	require.Equal(t, ui.NoSheet, ui.LocalOf(b.Panel).Sheet)
	require.Equal(t, "logging-edit", ui.TakeFocus(b.Panel))

	ui.ApplyTo(b.Panel, ui.LogTo(callKey, softphone.RecordRef{}))
	require.Equal(t, sent(softphone.MatchChosen{Key: callKey}), b.src.take(), "nobody of these")
}
