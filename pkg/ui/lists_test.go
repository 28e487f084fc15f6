package ui_test

import (
	"testing"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/stories"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// TestLongListsAreDrawnInTwoSteps: the first rows at once, all of them later.
func TestLongListsAreDrawnInTwoSteps(t *testing.T) {
	t.Parallel()
	var v softphone.View
	for _, s := range stories.All() {
		if s.Name == "busy" {
			v = s.View
		}
	}
	count := func(class string, l ui.Local) int {
		root := parse(t, ui.Screen(v, ui.Env{Now: now, Local: l}))
		return len(all(root, func(n *html.Node) bool { return hasClass(n, class) }))
	}

	require.Equal(t, 6, count("row", ui.Local{Tab: ui.TabHistory, Few: true}))
	require.Equal(t, len(v.History), count("row", ui.Local{Tab: ui.TabHistory}))
	require.Equal(t, 6, count("target", ui.Local{Sheet: ui.SheetTargets, Few: true}))
	require.Equal(t, softphone.DirectoryPageSize, count("target", ui.Local{Sheet: ui.SheetTargets}))
}
