package ui_test

import (
	"slices"
	"strings"
	"testing"

	"deskbridge/pkg/stories"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// eachStory runs a check on the drawing of every story.
func eachStory(t *testing.T, check func(t *testing.T, s stories.Story, root *html.Node)) {
	t.Helper()
	t.Parallel()
	for _, s := range stories.All() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			check(t, s, parse(t, ui.Screen(s.View, draw(s))))
		})
	}
}

func TestEveryControlHasAName(t *testing.T) {
	eachStory(t, func(t *testing.T, _ stories.Story, root *html.Node) {
		for _, n := range all(root, isControl) {
			assert.NotEmpty(t, nameOf(root, n), "%s id=%q class=%q has no name", n.Data, attr(n, "id"), attr(n, "class"))
		}
	})
}

func isControl(n *html.Node) bool {
	return slices.Contains([]string{"button", "input", "select", "textarea", "a"}, n.Data) && shown(n)
}

// nameOf is the accessible name, as far as the panel needs it.
func nameOf(root, n *html.Node) string {
	if s := attr(n, "aria-label"); s != "" {
		return s
	}
	if n.Data == "button" || n.Data == "a" {
		return text(n)
	}
	if id := attr(n, "id"); id != "" {
		if l := find(root, func(m *html.Node) bool { return m.Data == "label" && attr(m, "for") == id }); l != nil {
			return text(l)
		}
	}
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Data == "label" {
			return text(up)
		}
	}
	return ""
}

func TestIdsAreUniqueAndReferencesExist(t *testing.T) {
	eachStory(t, func(t *testing.T, _ stories.Story, root *html.Node) {
		ids := map[string]bool{"panel": true}
		for _, n := range all(root, func(n *html.Node) bool { return attr(n, "id") != "" }) {
			id := attr(n, "id")
			assert.False(t, ids[id] && id != "panel", "id %q twice", id)
			ids[id] = true
		}
		for _, n := range all(root, func(*html.Node) bool { return true }) {
			for _, key := range []string{"aria-describedby", "aria-labelledby", "aria-controls", "for"} {
				for ref := range strings.FieldsSeq(attr(n, key)) {
					assert.True(t, ids[ref], "%s of %s points to %q, which is not there", key, n.Data, ref)
				}
			}
		}
	})
}

func TestNoInlineStylesOrScripts(t *testing.T) {
	eachStory(t, func(t *testing.T, _ stories.Story, root *html.Node) {
		for _, n := range all(root, func(*html.Node) bool { return true }) {
			assert.NotEqual(t, "script", n.Data)
			assert.NotEqual(t, "style", n.Data)
			for _, a := range n.Attr {
				assert.NotEqual(t, "style", a.Key, "the content security policy forbids it")
				assert.False(t, strings.HasPrefix(a.Key, "on"), a.Key)
			}
		}
	})
}

func TestEveryScreenHasItsLandmarksAndOneHeading(t *testing.T) {
	eachStory(t, func(t *testing.T, _ stories.Story, root *html.Node) {
		tags := func(tag string) []*html.Node {
			return all(root, func(n *html.Node) bool { return n.Data == tag && shown(n) })
		}
		require.Len(t, tags("h1"), 1)
		assert.NotEmpty(t, text(tags("h1")[0]))
		assert.Len(t, tags("main"), 1)
		assert.Len(t, tags("header"), 1)
		for _, n := range append(tags("section"), tags("nav")...) {
			assert.NotEmpty(t, attr(n, "aria-label"))
		}
		assert.NotNil(t, find(root, func(n *html.Node) bool { return attr(n, "aria-live") == "polite" }))
		assert.NotNil(t, find(root, func(n *html.Node) bool { return attr(n, "aria-live") == "assertive" }))
	})
}

func TestTimersAreNotAnnounced(t *testing.T) {
	eachStory(t, func(t *testing.T, _ stories.Story, root *html.Node) {
		for _, n := range all(root, func(n *html.Node) bool { return attr(n, "role") == "timer" }) {
			assert.Equal(t, "off", attr(n, "aria-live"))
		}
	})
}

func TestRefusedControlsSayWhyAndStayFocusable(t *testing.T) {
	eachStory(t, func(t *testing.T, s stories.Story, root *html.Node) {
		for _, n := range all(root, func(n *html.Node) bool { return n.Data == "button" && shown(n) }) {
			assert.False(t, hasAttr(n, "disabled"), "a button that cannot be focused explains nothing")
			if attr(n, "aria-disabled") == "" || attr(n, "aria-busy") != "" || attr(n, "id") == "call" || hasClass(n, "icon-btn") {
				continue
			}
			ref := byID(root, attr(n, "aria-describedby"))
			if attr(n, "role") == "menuitem" || attr(n, "role") == "menuitemradio" {
				assert.NotNil(t, find(n, func(m *html.Node) bool { return hasClass(m, "menu-why") && text(m) != "" }))
				continue
			}
			if assert.NotNil(t, ref, "%s: %s has no reason", s.Name, attr(n, "id")) {
				assert.NotEmpty(t, strings.TrimSpace(raw(ref)))
			}
		}
	})
}

// raw is all text, hidden or not: aria-describedby reads both.
func raw(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func TestTogglesHaveAConstantName(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"hold", "record"} {
		a := byID(parse(t, ui.Screen(talking(), ui.Env{Now: now})), id)
		b := byID(parse(t, ui.Screen(held(), ui.Env{Now: now})), id)

		require.Equal(t, text(a), text(b))
		require.NotEmpty(t, attr(a, "aria-pressed"))
	}
	a := byID(parse(t, ui.Screen(talking(), ui.Env{Now: now})), "hold")
	b := byID(parse(t, ui.Screen(held(), ui.Env{Now: now})), "hold")
	require.Equal(t, "false", attr(a, "aria-pressed"))
	require.Equal(t, "true", attr(b, "aria-pressed"))
}

func TestIncomingIsAnAlertDialogThatTrapsNobody(t *testing.T) {
	t.Parallel()

	root := parse(t, ui.Screen(ringing(), ui.Env{Now: now}))

	d := find(root, func(n *html.Node) bool { return attr(n, "role") == "alertdialog" })
	require.NotNil(t, d)
	require.Equal(t, "false", attr(d, "aria-modal"))
	require.Equal(t, "Incoming call · Billing", text(byID(root, attr(d, "aria-labelledby"))))
}

func TestKeypadHasOneTabStop(t *testing.T) {
	t.Parallel()

	root := parse(t, ui.Screen(idleView(), ui.Env{Now: now, Local: ui.Local{KeyAt: 4}}))

	keys := all(root, func(n *html.Node) bool { return hasClass(n, "key") })
	require.Len(t, keys, 12)
	for n, k := range keys {
		want := "-1"
		if n == 4 {
			want = "0"
		}
		require.Equal(t, want, attr(k, "tabindex"))
	}
	require.Equal(t, "2 A B C", nameOf(root, keys[1]))
}
