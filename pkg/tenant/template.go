package tenant

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// TemplateNames are what {…} may hold in a template, beside the value of a call
// variable, {cad.NAME}. What a record does not have is empty.
var TemplateNames = []string{
	"direction",   // Inbound or Outbound
	"name",        // The customer's, of the record or as it was offered.
	"number",      // The customer's.
	"ours",        // The number on our side.
	"queue",       // The name of the queue.
	"agent",       // The agent's name.
	"reason",      // The name of the wrap-up reason.
	"outcome",     // Completed, Missed, Declined, No answer, Busy, Canceled, Failed
	"date",        // When it began: 2026-11-21
	"time",        // Likewise: 14:05 UTC
	"duration",    // Of the conversation: 2:03, or 1:02:03
	"hold",        // On hold of that: 0:12
	"interaction", // The contact centre's id of the interaction.
}

// cad is what the names of call variables begin with.
const cad = "cad."

// A Template is a text with names to be filled in: "{direction} call, {queue}".
// "{{" stands for a brace. The zero value is empty.
type Template struct{ lines [][]part }

// part is a piece of a line: a text, or a name.
type part struct {
	text string
	name bool
}

// ParseTemplate reads a template. An error says where it is wrong and what may
// stand there.
func ParseTemplate(text string) (Template, error) {
	var t Template
	at := 0
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		parts, err := parseLine(line, at)
		if err != nil {
			return Template{}, err
		}
		t.lines = append(t.lines, parts)
		at += utf8.RuneCountInString(line) + 1
	}
	return t, nil
}

// parseLine reads a line that has at characters before it.
func parseLine(line string, at int) ([]part, error) {
	var parts []part
	var plain strings.Builder
	rest := line
	for {
		before, after, ok := strings.Cut(rest, "{")
		plain.WriteString(before)
		if !ok {
			break
		}
		where := at + utf8.RuneCountInString(line) - utf8.RuneCountInString(after) // Counted from 1.
		if strings.HasPrefix(after, "{") {
			plain.WriteByte('{')
			rest = after[1:]
			continue
		}
		name, behind, closed := strings.Cut(after, "}")
		switch name = strings.TrimSpace(name); {
		case !closed:
			return nil, fmt.Errorf(`character %d: "{" without "}"; a brace of its own is written "{{"`, where)
		case !templateName(name):
			return nil, fmt.Errorf("character %d: {%s} is not known: want one of %s, or {cad.NAME} for a call variable",
				where, name, "{"+strings.Join(TemplateNames, "} {")+"}")
		}
		if plain.Len() > 0 {
			parts = append(parts, part{text: plain.String()})
			plain.Reset()
		}
		parts = append(parts, part{text: name, name: true})
		rest = behind
	}
	if plain.Len() > 0 {
		parts = append(parts, part{text: plain.String()})
	}
	return parts, nil
}

func templateName(name string) bool {
	if variable, ok := strings.CutPrefix(name, cad); ok {
		return isName(variable)
	}
	return slices.Contains(TemplateNames, name)
}

// Render fills in the names; of values it keeps the text as it is. A line with
// names of which none has a value is left out.
func (t Template) Render(value func(name string) string) string {
	var lines []string
	for _, parts := range t.lines {
		var b strings.Builder
		names, filled := false, false
		for _, p := range parts {
			text := p.text
			if p.name {
				text = strings.TrimSpace(value(p.text))
				names, filled = true, filled || text != ""
			}
			b.WriteString(text)
		}
		if !names || filled {
			lines = append(lines, b.String())
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// Variable is the call variable that a name stands for.
func Variable(name string) (variable string, ok bool) { return strings.CutPrefix(name, cad) }
