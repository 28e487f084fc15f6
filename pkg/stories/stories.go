// Package stories holds canned views of the panel: every screen in every state
// worth looking at. The storybook of the sandbox shows them, the tests of
// pkg/ui compare their markup and server/e2e looks at them in a browser.
//
// To add a story, put it into the function of its screen. To change how its
// golden files look, run the two tests with -update and read the difference:
//
//	go test ./pkg/ui -update
//	go test ./server/e2e -run TestStories -update
package stories

import (
	"slices"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"
)

// A Story is one state of one screen.
type Story struct {
	Name   string // Unique, in lower case with hyphens: it is a file's name too.
	Screen string // The heading under which the storybook lists it.
	Note   string // What to look at; may be empty.
	View   softphone.View
	Local  ui.Local // What the person has done in the panel so far.
}

// All are the stories in the order of a shift. Each call makes them anew,
// because a panel changes the maps of its Local.
func All() []Story {
	return slices.Concat(
		on("Boot", boot()),
		on("Sign in", signIn()),
		on("Station", station()),
		on("Idle", idle()),
		on("Agent state", menu()),
		on("Dialing", dialing()),
		on("Incoming", incoming()),
		on("In call", inCall()),
		on("In call", busy()),
		on("Customer card", cards()),
		on("On hold", onHold()),
		on("Transfer and consult", targets()),
		on("Consulting", consulting()),
		on("Conference", conference()),
		on("Wrap-up", wrapUp()),
		on("Missed", missed()),
		on("History", history()),
		on("History", mends()),
		on("Another tab", follower()),
		on("Problems", problems()),
		on("Settings and keys", pages()),
	)
}

// on puts stories under a heading.
func on(screen string, all []Story) []Story {
	for n := range all {
		all[n].Screen = screen
	}
	return all
}

// edited is a view with a change.
func edited(v softphone.View, change func(*softphone.View)) softphone.View {
	change(&v)
	return v
}
