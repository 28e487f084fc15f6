package ui_test

import (
	"testing"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// refused is the history with its record 3 refused.
func refused(t *testing.T) (*bench, memory) {
	t.Helper()
	kept := memory{}
	b := newBench(story(t, "mend"))
	b.Memory = kept
	b.OnInit()
	return b, kept
}

func TestRefusedRecordSaysWhyAndWhoseTurnItIs(t *testing.T) {
	t.Parallel()
	b := newBench(story(t, "history-needs-you"))
	ui.ApplyTo(b.Panel, ui.OpenTab(ui.TabHistory))
	root := parse(t, b.Render())

	lines := all(root, byClass("receipt-needs-you"))

	require.Len(t, lines, 2)
	agent, admin := text(lines[0]), text(lines[1])
	require.Equal(t, "Needs you · for 1 h HubSpot requires “Region”. Nothing is lost: change it and send it again. Edit and send again", agent)
	require.Contains(t, admin, "Needs an administrator · for 2 days HubSpot is not connected")
	require.Contains(t, admin, "An administrator has to mend this first; then send it again. Send again")
	require.NotContains(t, admin, "Edit")
}

func TestRefusedRecordIsEditedAndSentAgain(t *testing.T) {
	t.Parallel()
	b, _ := refused(t)

	ui.ApplyTo(b.Panel, ui.OpenMend("3"))
	require.Equal(t, "mend-notes", ui.TakeFocus(b.Panel))
	ui.Type(b.Panel, "mend-notes", "In the region North.")
	ui.Type(b.Panel, "mend-reason", "w2")
	ui.ApplyTo(b.Panel, ui.ToggleMendTask())
	require.Equal(t, "mend-task", ui.TakeFocus(b.Panel))
	ui.Type(b.Panel, "mend-task", "Send the invoice")
	ui.Type(b.Panel, "mend-due", "2026-12-01")
	require.True(t, ui.Press(b.Panel, ui.Key{Key: "Enter", Ctrl: true, Target: "mend-notes", Typing: true}))

	require.Equal(t, sent(softphone.RecordMended{
		Key: "3", Notes: "In the region North.", CodeID: "w2", Record: ref("101", "Maria Silva"),
		FollowUp: &softphone.FollowUp{Subject: "Send the invoice", Due: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)},
	}), b.src.take())
	require.Equal(t, ui.NoSheet, ui.LocalOf(b.Panel).Sheet)
	require.Empty(t, ui.LocalOf(b.Panel).Mends)
	require.Equal(t, "mend-3", ui.TakeFocus(b.Panel))
	require.Contains(t, ui.LocalOf(b.Panel).Polite, "Sent again.")
}

func TestUntouchedRecordIsSentAsItIs(t *testing.T) {
	t.Parallel()
	b, _ := refused(t)

	ui.ApplyTo(b.Panel, ui.OpenMend("3"))
	ui.ApplyTo(b.Panel, ui.SendMend())

	require.Equal(t, sent(softphone.RecordMended{Key: "3", Notes: "Wants the invoice of October once more.", CodeID: "w3", Record: ref("101", "Maria Silva")}), b.src.take())
}

func TestFollowUpWithoutASubjectIsNotSent(t *testing.T) {
	t.Parallel()
	b, _ := refused(t)
	ui.ApplyTo(b.Panel, ui.OpenMend("3"))
	ui.ApplyTo(b.Panel, ui.ToggleMendTask())
	ui.Type(b.Panel, "mend-task", "")

	ui.ApplyTo(b.Panel, ui.SendMend())

	require.Empty(t, b.src.take())
	require.Equal(t, "mend-task", ui.TakeFocus(b.Panel))
	root := parse(t, b.Render())
	require.Equal(t, "true", attr(byID(root, "mend-task"), "aria-invalid"))
	require.Equal(t, "Say what is to be done.", text(byID(root, attr(byID(root, "mend-task"), "aria-describedby"))))
}

func TestAnotherRecordIsChosenForARefusedOne(t *testing.T) {
	t.Parallel()
	d := &directory{total: 2}
	b, jobs := searching(story(t, "mend"), d)
	ui.ApplyTo(b.Panel, ui.OpenMend("3"))
	ui.Type(b.Panel, "mend-notes", "Typed before.")

	ui.ApplyTo(b.Panel, ui.OpenMendRecords())
	require.Equal(t, "find", ui.TakeFocus(b.Panel))
	ui.Type(b.Panel, "find", "Joao")
	finish(jobs)
	ui.Press(b.Panel, inFind("ArrowDown"))
	ui.Press(b.Panel, inFind("Enter"))

	require.Empty(t, b.src.take(), "nothing is sent before it is sent")
	require.Equal(t, ui.SheetMend, ui.LocalOf(b.Panel).Sheet)
	require.Equal(t, "mend-record", ui.TakeFocus(b.Panel))
	require.Contains(t, text(byID(parse(t, b.Render()), "mend-to")), "Joao 1")

	ui.ApplyTo(b.Panel, ui.OpenMendRecords())
	ui.Press(b.Panel, inFind("Escape"))
	require.Equal(t, ui.SheetMend, ui.LocalOf(b.Panel).Sheet, "Esc goes back to the record, not out of it")
	ui.ApplyTo(b.Panel, ui.SendMend())
	require.Equal(t, sent(softphone.RecordMended{Key: "3", Notes: "Typed before.", CodeID: "w3", Record: ref("1", "Joao 1")}), b.src.take())
}

func TestRefusedRecordIsLoggedToNobody(t *testing.T) {
	t.Parallel()
	b, _ := refused(t)
	ui.ApplyTo(b.Panel, ui.OpenMend("3"))
	ui.ApplyTo(b.Panel, ui.OpenMendRecords())

	ui.ApplyTo(b.Panel, ui.LogTo("3", softphone.RecordRef{}))
	ui.ApplyTo(b.Panel, ui.SendMend())

	require.Nil(t, b.src.take()[0].(softphone.RecordMended).Record)
}

// TestWhatWasTypedOutlivesEverythingButDiscarding: a call that comes, Esc, a
// reload of the frame.
func TestWhatWasTypedOutlivesEverythingButDiscarding(t *testing.T) {
	t.Parallel()
	b, kept := refused(t)
	notes := func(b *bench) string { return text(byID(parse(t, b.Render()), "mend-notes")) }
	ui.ApplyTo(b.Panel, ui.OpenMend("3"))
	ui.Type(b.Panel, "mend-notes", "Half a sentence")

	v := ringing()
	v.History = story(t, "mend").History
	ui.Show(b.Panel, v)
	require.Equal(t, ui.NoSheet, ui.LocalOf(b.Panel).Sheet, "the call comes first")
	ui.Show(b.Panel, story(t, "mend"))
	ui.ApplyTo(b.Panel, ui.OpenMend("3"))
	require.Equal(t, "Half a sentence", notes(b))

	ui.Press(b.Panel, ui.Key{Key: "Escape", Target: "mend-notes", Typing: true})
	require.Equal(t, "mend-3", ui.TakeFocus(b.Panel))
	again := newBench(story(t, "mend"))
	again.Memory = kept
	again.OnInit()
	ui.ApplyTo(again.Panel, ui.OpenMend("3"))
	require.Equal(t, "Half a sentence", notes(again))

	ui.ApplyTo(again.Panel, ui.DiscardMend())
	require.Empty(t, kept["mends"])
	ui.ApplyTo(again.Panel, ui.OpenMend("3"))
	require.Equal(t, "Wants the invoice of October once more.", notes(again))
}

func TestAnotherAgentDoesNotGetWhatWasTyped(t *testing.T) {
	t.Parallel()
	b, kept := refused(t)
	ui.ApplyTo(b.Panel, ui.OpenMend("3"))
	ui.Type(b.Panel, "mend-notes", "Ann's")
	require.NotEmpty(t, kept["mends"])

	v := story(t, "mend")
	v.Agent.AgentID = "bob"
	other := newBench(v)
	other.Memory = kept
	other.OnInit()

	require.Empty(t, ui.LocalOf(other.Panel).Mends)
	require.Empty(t, kept["mends"])
}

// TestSheetClosesWhenTheRecordIsSavedAfterAll: another tab sent it.
func TestSheetClosesWhenTheRecordIsSavedAfterAll(t *testing.T) {
	t.Parallel()
	b, kept := refused(t)
	ui.ApplyTo(b.Panel, ui.OpenMend("3"))
	ui.Type(b.Panel, "mend-notes", "Late")

	v := story(t, "mend")
	v.History[2].Receipt = softphone.Receipt{State: softphone.Saved}
	ui.Show(b.Panel, v)

	require.Equal(t, ui.NoSheet, ui.LocalOf(b.Panel).Sheet)
	require.Empty(t, kept["mends"])
}

// TestRefusedRecordIsOpenedFromTheLastCall: right after the call, on the phone
// page.
func TestRefusedRecordIsOpenedFromTheLastCall(t *testing.T) {
	t.Parallel()
	v := story(t, "idle-after-call")
	v.History[0].Receipt = softphone.Receipt{State: softphone.NeedsYou, Need: "agent", Detail: "HubSpot requires “Region”."}
	b := newBench(v)
	require.NotNil(t, byID(parse(t, b.Render()), "mend-1"))

	ui.ApplyTo(b.Panel, ui.OpenMend("1"))

	root := parse(t, b.Render())
	require.Equal(t, ui.TabHistory, ui.LocalOf(b.Panel).Tab)
	require.NotNil(t, find(root, func(n *html.Node) bool { return attr(n, "role") == "dialog" }))
	require.Contains(t, text(byID(root, "mend-problem")), "HubSpot requires “Region”.")
}

func TestRecordThatIsNotLoggedIsNotCalledSaved(t *testing.T) {
	t.Parallel()
	v := story(t, "history-kept")
	b := newBench(v)
	ui.ApplyTo(b.Panel, ui.OpenTab(ui.TabHistory))

	require.Equal(t, "Kept by Deskbridge, not logged in HubSpot", text(find(parse(t, b.Render()), byClass("receipt-text"))))

	before := story(t, "history-kept")
	before.History[0].Receipt = softphone.Receipt{State: softphone.Queued}
	ui.Show(b.Panel, before)
	ui.Show(b.Panel, v)
	require.NotContains(t, ui.LocalOf(b.Panel).Polite, "Saved to HubSpot")
}

func TestWaitingRecordsSayForHowLong(t *testing.T) {
	t.Parallel()
	b := newBench(story(t, "history"))
	ui.ApplyTo(b.Panel, ui.OpenTab(ui.TabHistory))

	root := parse(t, b.Render())

	require.Equal(t, "Saving to HubSpot · for 49 min", text(find(root, byClass("receipt-queued"))))
	require.Equal(t, "Saved to HubSpot", text(find(find(root, byClass("receipt-saved")), byClass("receipt-text"))))
}
