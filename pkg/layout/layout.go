// Package layout reads, checks and edits desktop layouts of Webex Contact
// Center's Agent Desktop, version 0.1.0: the JSON file that says which
// components stand where, for each of three roles.
//
// A [Document] is the file as it is: every byte of it stays unless an edit is
// about it. [Document.Layout] is what it means. [Check] says what is wrong with
// it. [Insert], [Upgrade] and [Remove] place our widget in a customer's layout
// and take it out again; [Convert] puts it where one of Cisco's CRM connectors
// was; [Generate] writes a new layout.
//
// Nothing here reads files or asks anybody: it runs in a browser, too.
//
// https://help.webex.com/article/ng08gqeb
package layout

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Version is the version of layouts that this package knows.
const Version = "0.1.0"

// MaxSize is how many bytes a layout may have. Cisco's own have 43,000.
const MaxSize = 5 << 20

// A RoleName is a key of a layout's top level: what an agent signs in as.
type RoleName string

// The roles of a layout.
const (
	Agent           RoleName = "agent"           // Handles contacts.
	Supervisor      RoleName = "supervisor"      // Supervises only.
	SupervisorAgent RoleName = "supervisorAgent" // Does both.
)

// RoleNames are all roles, in the order in which Cisco writes them.
var RoleNames = []RoleName{Agent, Supervisor, SupervisorAgent}

// A Severity says how bad a problem is.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // The Desktop does not show it, or not as it was meant.
	Warning Severity = "warning" // Probably not what was meant.
	Note    Severity = "note"    // Worth knowing.
)

// A Problem is something about a layout that its author should know.
type Problem struct {
	Path     string   `json:"path"` // agent.area.panel.children[2].comp; empty is the file itself.
	Line     int      `json:"line"` // From 1.
	Col      int      `json:"col"`  // From 1, in characters.
	Severity Severity `json:"severity"`
	Rule     string   `json:"rule"` // Which rule found it, such as duplicate-key.
	What     string   `json:"what"` // What is wrong: a sentence.
	Fix      string   `json:"fix"`  // Why that matters or what to do: a sentence.
}

// String is the problem in one line.
func (p Problem) String() string {
	where := fmt.Sprintf("%d:%d: %s: %s %s", p.Line, p.Col, p.Severity, p.What, p.Fix)
	if p.Path == "" {
		return where
	}
	return where + " (" + p.Path + ")"
}

// A SyntaxError says why a file is no JSON at all.
type SyntaxError struct {
	Line, Col int // From 1; the column in characters.
	What      string
	Fix       string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("layout: %d:%d: %s %s", e.Line, e.Col, e.What, e.Fix)
}

// A Refusal is why a layout was not edited: nothing of it was.
type Refusal []Problem

func (r Refusal) Error() string {
	lines := make([]string, len(r))
	for i, p := range r {
		lines[i] = p.String()
	}
	return "layout: " + strings.Join(lines, "\n")
}

// A Document is the text of a layout with the tree that was read from it.
// Edits make new ones.
type Document struct {
	src      string
	root     *node
	lines    []int // Offsets of the lines' beginnings.
	problems []Problem
	newline  string // Empty if the whole file is one line.
	unit     string // What a level is indented by.
}

// Parse reads a layout, or says why it is no JSON: a [SyntaxError] with line
// and column. A byte order mark, comments and commas too many are no JSON
// either, but they are read and kept, and [Check] reports them.
func Parse(text []byte) (*Document, error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("layout: the file has %d bytes, and at most %d are read: Cisco's own layouts have 43,000. Is it the right file?", len(text), MaxSize)
	}
	d := &Document{src: string(text), lines: []int{0}, unit: "  "}
	for i := range len(d.src) {
		if d.src[i] == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	p := parser{d: d}
	root, err := p.file()
	if err != nil {
		return nil, err
	}
	d.root = root
	d.style()
	return d, nil
}

// Bytes are the file.
func (d *Document) Bytes() []byte { return []byte(d.src) }

// style finds out how the file is written.
func (d *Document) style() {
	first := strings.IndexByte(d.src, '\n')
	switch {
	case first < 0:
		return
	case first > 0 && d.src[first-1] == '\r':
		d.newline = "\r\n"
	default:
		d.newline = "\n"
	}
	if len(d.root.items) > 0 {
		if lead, alone := d.lead(d.root.items[0].begin()); alone && lead != "" {
			d.unit = lead
		}
	}
}

// lead is the white space that the line of an offset begins with, and whether
// there is nothing else before the offset.
func (d *Document) lead(offset int) (lead string, alone bool) {
	line := d.src[d.lines[d.line(offset)]:offset]
	rest := strings.TrimLeft(line, " \t")
	return line[:len(line)-len(rest)], rest == ""
}

// line is the index of the line that has an offset.
func (d *Document) line(offset int) int {
	i, found := slices.BinarySearch(d.lines, offset)
	if !found {
		i--
	}
	return i
}

func (d *Document) position(offset int) (line, col int) {
	i := d.line(offset)
	text := strings.TrimPrefix(d.src[d.lines[i]:offset], bom)
	return i + 1, utf8.RuneCountInString(text) + 1
}

// problem is one about the text at an offset.
func (d *Document) problem(offset int, path string, severity Severity, rule, what, fix string) Problem {
	line, col := d.position(offset)
	return Problem{Path: path, Line: line, Col: col, Severity: severity, Rule: rule, What: what, Fix: fix}
}
