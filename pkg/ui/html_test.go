package ui_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// parse renders and parses an element. go-app writes attributes in random
// order, prints false booleans and leaves out the value "true"; what comes
// back is what a browser's document would have.
func parse(t *testing.T, ui app.UI) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(app.HTMLString(ui)))
	require.NoError(t, err)
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			n.Attr = normal(n)
		}
	}
	body := find(root, func(n *html.Node) bool { return n.Data == "body" })
	require.NotNil(t, body)
	return body.FirstChild
}

// booleans are the attributes that are there or not.
var booleans = []string{"checked", "disabled", "hidden", "readonly", "selected", "multiple", "required"}

func normal(n *html.Node) []html.Attribute {
	var out []html.Attribute
	for _, a := range n.Attr {
		switch {
		case slices.Contains(booleans, a.Key):
			if a.Val == "false" {
				continue
			}
			a.Val = ""
		case a.Val == "":
			if a.Key != "value" {
				a.Val = "true"
			}
		case n.Data == "textarea" && a.Key == "value":
			n.AppendChild(&html.Node{Type: html.TextNode, Data: a.Val})
			continue
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
	return out
}

func find(root *html.Node, ok func(*html.Node) bool) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && ok(n) {
			return n
		}
	}
	return nil
}

func all(root *html.Node, ok func(*html.Node) bool) []*html.Node {
	var out []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && ok(n) {
			out = append(out, n)
		}
	}
	return out
}

func byID(root *html.Node, id string) *html.Node {
	return find(root, func(n *html.Node) bool { return attr(n, "id") == id })
}

func attr(n *html.Node, key string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attr(n, "class")), class)
}

// shown says whether neither the element nor one around it is hidden.
func shown(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && hasAttr(n, "hidden") {
			return false
		}
	}
	return true
}

// text is what a person reads: hidden elements do not count.
func text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		if n.Type == html.ElementNode && hasAttr(n, "hidden") {
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// pretty prints a tree for golden files: one element a line.
func pretty(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node, int)
	walk = func(n *html.Node, depth int) {
		in := strings.Repeat("  ", depth)
		switch n.Type {
		case html.TextNode:
			if s := strings.Join(strings.Fields(n.Data), " "); s != "" {
				b.WriteString(in + html.EscapeString(s) + "\n")
			}
		case html.ElementNode:
			b.WriteString(in + "<" + n.Data)
			for _, a := range n.Attr {
				b.WriteString(" " + a.Key)
				if !slices.Contains(booleans, a.Key) {
					b.WriteString(`="` + html.EscapeString(a.Val) + `"`)
				}
			}
			b.WriteString(">\n")
			for c := range n.ChildNodes() {
				walk(c, depth+1)
			}
		}
	}
	walk(n, 0)
	return b.String()
}
