package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/stories"
)

var update = flag.Bool("update", false, "rewrite the golden accessibility trees in testdata/ax")

// treeIsAsBefore compares what a screen reader is given with the golden file,
// and looks for controls without a name.
func (b *book) treeIsAsBefore(story string) {
	b.t.Helper()
	tree := b.accessibilityTree()
	for _, line := range tree {
		role, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		assert.False(b.t, slices.Contains(controls, role) && !strings.HasPrefix(name, `"`), "%s: a %s without a name", story, role)
	}
	file, got := treeFile(story), strings.Join(tree, "\n")+"\n"
	if *update {
		require.NoError(b.t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(b.t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(b.t, err, "a new story: run with -update")
	assert.Equal(b.t, string(want), got, story)
}

func treeFile(story string) string { return filepath.Join("testdata", "ax", story+".txt") }

// checkTrees keeps golden files of stories that are gone from staying.
func checkTrees() error {
	files, err := filepath.Glob(treeFile("*"))
	if err != nil {
		return err
	}
	for _, s := range stories.All() {
		files = slices.DeleteFunc(files, func(f string) bool { return f == treeFile(s.Name) })
	}
	for _, file := range files {
		if !*update {
			return fmt.Errorf("%s belongs to no story", file)
		}
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return nil
}

// controls are the roles that a person operates.
var controls = []string{
	"button", "link", "textbox", "searchbox", "combobox", "listbox", "option", "checkbox", "radio", "switch", "slider",
	"spinbutton", "tab", "menuitem", "menuitemradio", "menuitemcheckbox", "alertdialog", "dialog",
}

// told are the properties of a node that are kept, in the order of the files.
var told = []accessibility.PropertyName{
	"level", "disabled", "pressed", "checked", "selected", "expanded", "hasPopup", "invalid", "required", "readonly",
	"multiline", "live", "atomic", "busy", "modal", "keyshortcuts", "current", "valuetext", "valuemin", "valuemax", "roledescription",
}

// toggles are told when they are false, too: it is what makes a button one.
var toggles = []accessibility.PropertyName{"pressed", "checked", "expanded"}

// boxes are passed over if they have no name.
var boxes = []string{"generic", "paragraph", "LabelText", "MenuListPopup"}

// accessibilityTree is the page's as lines of role, name, description, value
// and state, indented. Boxes that a screen reader passes over are left out.
func (b *book) accessibilityTree() []string {
	b.t.Helper()
	got := command(b.tab, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	nodes := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range got.Nodes {
		nodes[n.NodeID] = n
	}
	require.NotEmpty(b.t, got.Nodes)
	var lines []string
	var walk func(n *accessibility.Node, depth int, said string)
	walk = func(n *accessibility.Node, depth int, said string) {
		if n == nil {
			return
		}
		if line := describe(n, said); line != "" {
			lines = append(lines, strings.Repeat("  ", depth)+line)
			depth, said = depth+1, plain(n.Name)
		}
		for _, id := range n.ChildIDs {
			walk(nodes[id], depth, said)
		}
	}
	walk(got.Nodes[0], 0, "")
	return lines
}

// describe is a node in one line; empty for one that says nothing by itself.
func describe(n *accessibility.Node, said string) string {
	role, name := plain(n.Role), plain(n.Name)
	switch {
	case n.Ignored, role == "InlineTextBox", role == "LineBreak", role == "none":
		return ""
	case slices.Contains(boxes, role) && name == "" && plain(n.Description) == "":
		return ""
	case role == "StaticText" && (name == said || strings.Contains(said, name)):
		return "" // The name of what it is in.
	}
	line := role
	if name != "" {
		line += " " + quote(name)
	}
	if d := plain(n.Description); d != "" {
		line += " description " + quote(d)
	}
	if v := plain(n.Value); v != "" && v != name {
		line += " value " + quote(v)
	}
	for _, key := range told {
		for _, p := range n.Properties {
			v := plain(p.Value)
			if p.Name != key || v == "" || v == "false" && !slices.Contains(toggles, key) {
				continue
			}
			line += " " + string(key)
			if v != "true" {
				line += "=" + v
			}
		}
	}
	return line
}

func quote(s string) string { return `"` + strings.Join(strings.Fields(s), " ") + `"` }

// plain is a value as text.
func plain(v *accessibility.Value) string {
	if v == nil || len(v.Value) == 0 {
		return ""
	}
	var s string
	if json.Unmarshal(v.Value, &s) == nil {
		return strings.TrimSpace(s)
	}
	return string(v.Value)
}
