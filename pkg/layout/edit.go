package layout

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// An edit replaces a piece of the file.
type edit struct {
	at, until int
	text      string
}

// apply makes a document with the edits, which must not overlap. Without any it
// is the same document.
func (d *Document) apply(edits ...edit) (*Document, error) {
	if len(edits) == 0 {
		return d, nil
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return a.at - b.at })
	var out strings.Builder
	at := 0
	for _, e := range edits {
		out.WriteString(d.src[at:e.at])
		out.WriteString(e.text)
		at = e.until
	}
	out.WriteString(d.src[at:])
	return Parse([]byte(out.String()))
}

// Values to be written: besides these, string, bool, int and []any.
type (
	object []member // In this order.
	member struct {
		name  string
		value any
	}
	inline struct{ value any } // In one line.
	source string              // JSON as it is.
)

// replace writes a value in the place of another.
func (d *Document) replace(n *node, value any) edit {
	lead, _ := d.lead(n.start)
	return edit{n.start, n.end, d.print(value, lead)}
}

// add writes items at the end of a container. What removes them again leaves
// it as it was, byte for byte: nothing but the items and their commas is
// written.
func (d *Document) add(container *node, items ...any) edit {
	if len(container.items) == 0 {
		lead, _ := d.lead(container.start)
		at := container.start + 1
		return edit{at, at, d.join(items, lead, " ")}
	}
	last := container.items[len(container.items)-1]
	lead, between := d.between(last)
	return edit{last.end, last.end, "," + between + d.join(items, lead, between)}
}

// addFirst writes an item before all others.
func (d *Document) addFirst(container *node, item any) edit {
	if len(container.items) == 0 {
		return d.add(container, item)
	}
	first := container.items[0]
	lead, between := d.between(first)
	return edit{first.begin(), first.begin(), d.print(item, lead) + "," + between}
}

// between is what stands between an item and the comma before it, and the
// indentation of its line.
func (d *Document) between(item *node) (lead, between string) {
	lead, alone := d.lead(item.begin())
	switch {
	case d.newline == "":
		return lead, ""
	case alone:
		return lead, d.newline + lead
	}
	return lead, " "
}

func (d *Document) join(items []any, lead, between string) string {
	if d.newline == "" {
		between = ""
	}
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = d.print(item, lead)
	}
	return strings.Join(texts, ","+between)
}

// drop takes an item out with the comma that belongs to it.
func (d *Document) drop(n *node) edit {
	items := n.parent.items
	switch {
	case n.index > 0:
		return edit{items[n.index-1].end, n.end, ""}
	case len(items) > 1:
		return edit{n.begin(), items[1].begin(), ""}
	}
	return edit{n.begin(), n.end, ""}
}

// print writes a value as the file is written, in lines that begin with lead.
// A member is written with its key.
func (d *Document) print(value any, lead string) string {
	var out strings.Builder
	d.write(&out, value, lead, d.newline == "")
	return out.String()
}

func (d *Document) write(out *strings.Builder, value any, lead string, tight bool) {
	colon, comma := ": ", ", "
	if d.newline == "" {
		colon, comma = ":", ","
	}
	switch v := value.(type) {
	case member:
		out.WriteString(quote(v.name) + colon)
		d.write(out, v.value, lead, tight)
	case inline:
		d.write(out, v.value, lead, true)
	case object:
		items := make([]any, len(v))
		for i, m := range v {
			items[i] = m
		}
		d.writeAll(out, "{", "}", items, lead, comma, tight)
	case []any:
		d.writeAll(out, "[", "]", v, lead, comma, tight || !slices.ContainsFunc(v, isContainer))
	case source:
		out.WriteString(string(v))
	case string:
		out.WriteString(quote(v))
	case bool:
		out.WriteString(strconv.FormatBool(v))
	case int:
		out.WriteString(strconv.Itoa(v))
	}
}

func (d *Document) writeAll(out *strings.Builder, opening, closing string, items []any, lead, comma string, tight bool) {
	out.WriteString(opening)
	for i, item := range items {
		switch {
		case !tight:
			if i > 0 {
				out.WriteString(",")
			}
			out.WriteString(d.newline + lead + d.unit)
		case i > 0:
			out.WriteString(comma)
		}
		d.write(out, item, lead+d.unit, tight)
	}
	if !tight && len(items) > 0 {
		out.WriteString(d.newline + lead)
	}
	out.WriteString(closing)
}

func isContainer(v any) bool {
	switch v.(type) {
	case object, []any, inline:
		return true
	}
	return false
}

// quote writes a JSON string. HTML's characters stay as they are.
func quote(s string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return `""` // Strings can be encoded.
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// same says whether a value of the file means what is to be written.
func (d *Document) same(n *node, value any) bool {
	return n != nil && compact(n.raw) == compact(d.print(value, ""))
}

// compact is JSON without white space. JSON with comments stays as it is.
func compact(raw string) string {
	var out strings.Builder
	var value any
	decoder := json.NewDecoder(strings.NewReader(raw))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return raw
	}
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil {
		return raw
	}
	return strings.TrimSpace(out.String())
}
