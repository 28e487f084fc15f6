package layout

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	bom       = "\ufeff"
	maxDepth  = 100     // Cisco's own layouts have 15.
	maxValues = 200_000 // Cisco's own layouts have 1,500.
	maxHabits = 20      // Comments and the like that are reported one by one.
)

// A parser reads JSON and what people make of it: it takes comments, a byte
// order mark and a comma after the last item, and says so.
type parser struct {
	d      *Document
	at     int
	depth  int
	values int
}

func (p *parser) fail(offset int, what, fix string) error {
	line, col := p.d.position(offset)
	return &SyntaxError{Line: line, Col: col, What: what, Fix: fix}
}

// habit reports what is no JSON but was understood.
func (p *parser) habit(offset int, severity Severity, rule, what, fix string) {
	if len(p.d.problems) < maxHabits {
		p.d.problems = append(p.d.problems, p.d.problem(offset, "", severity, rule, what, fix))
	}
}

func (p *parser) file() (*node, error) {
	src := p.d.src
	switch {
	case strings.HasPrefix(src, "\xff\xfe"), strings.HasPrefix(src, "\xfe\xff"):
		return nil, p.fail(0, "The file is UTF-16.", "Save it as UTF-8.")
	case !utf8.ValidString(src):
		at := 0
		for r, size := utf8.DecodeRuneInString(src); r != utf8.RuneError || size > 1; r, size = utf8.DecodeRuneInString(src[at:]) {
			at += size
		}
		return nil, p.fail(at, "The file is not UTF-8 from here on.", "Save it as UTF-8.")
	case strings.HasPrefix(src, bom):
		p.at = len(bom)
		p.habit(0, Warning, "byte-order-mark", "The file begins with a byte order mark.",
			"JSON has none, and some readers refuse it: save the file as UTF-8 without BOM.")
	}
	if err := p.space(); err != nil {
		return nil, err
	}
	if p.at == len(src) {
		return nil, p.fail(p.at, "The file is empty.", "A layout is a JSON object.")
	}
	root, err := p.value(nil)
	if err != nil {
		return nil, err
	}
	if err := p.space(); err != nil {
		return nil, err
	}
	if p.at < len(src) {
		return nil, p.fail(p.at, "There is text after the end of the layout.", "The file must end with the } that closes its first {.")
	}
	return root, nil
}

// space skips white space and comments.
func (p *parser) space() error {
	src := p.d.src
	for p.at < len(src) {
		switch rest := src[p.at:]; {
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			p.at++
		case strings.HasPrefix(rest, "//"), strings.HasPrefix(rest, "/*"):
			p.habit(p.at, Error, "comment", "There is a comment.", "JSON has no comments, and the Desktop refuses the file: take it out.")
			end := "\n"
			if rest[1] == '*' {
				end = "*/"
			}
			length := strings.Index(rest[2:], end)
			switch {
			case length >= 0:
				p.at += 2 + length + len(end)
			case rest[1] == '*':
				return p.fail(p.at, "The comment that begins here does not end.", "JSON has no comments: take it out.")
			default:
				p.at = len(src)
			}
		default:
			return nil
		}
	}
	return nil
}

func (p *parser) value(parent *node) (*node, error) {
	if p.values++; p.values > maxValues {
		return nil, p.fail(p.at, fmt.Sprintf("There are more than %d values.", maxValues), "Cisco's own layouts have 1,500. Is it the right file?")
	}
	n := &node{parent: parent, start: p.at}
	var err error
	switch c := p.d.src[p.at]; {
	case c == '{':
		n.kind = objectKind
		err = p.container(n, '}')
	case c == '[':
		n.kind = arrayKind
		err = p.container(n, ']')
	case c == '"':
		n.kind = stringKind
		n.text, err = p.text()
	case c == '-' || c >= '0' && c <= '9':
		n.kind = numberKind
		err = p.number()
	default:
		n.kind, err = p.word()
	}
	if err != nil {
		return nil, err
	}
	n.end = p.at
	n.raw = p.d.src[n.start:n.end]
	return n, nil
}

// container reads the items of an object or array.
func (p *parser) container(n *node, closing byte) error {
	if p.depth++; p.depth > maxDepth {
		return p.fail(p.at, fmt.Sprintf("More than %d levels are nested.", maxDepth), "Cisco's own layouts have 15. Is it the right file?")
	}
	defer func() { p.depth-- }()
	what := "object"
	if closing == ']' {
		what = "list"
	}
	open := func() string {
		line, _ := p.d.position(n.start)
		return fmt.Sprintf("The %s that begins in line %d is not closed.", what, line)
	}
	p.at++
	comma := -1
	for {
		if err := p.space(); err != nil {
			return err
		}
		if p.at == len(p.d.src) {
			return p.fail(p.at, "The file ends too early. "+open(), "Was it cut off? Get it again.")
		}
		c := p.d.src[p.at]
		switch {
		case c == closing:
			if comma >= 0 {
				p.habit(comma, Error, "trailing-comma", "There is a comma after the last item.", "JSON has none there, and the Desktop refuses the file: take it out.")
			}
			p.at++
			return nil
		case c == '}' || c == ']':
			return p.fail(p.at, fmt.Sprintf("There is a %q too many, or a bracket is missing before it.", c), open())
		case len(n.items) > 0 && comma < 0:
			return p.fail(p.at, "A comma is missing before this.", "Items are separated by commas.")
		case c == ',':
			return p.fail(p.at, "There is a comma too many.", "Between two items stands one comma.")
		}
		if err := p.item(n); err != nil {
			return err
		}
		if err := p.space(); err != nil {
			return err
		}
		if comma = -1; p.at < len(p.d.src) && p.d.src[p.at] == ',' {
			comma = p.at
			p.at++
		}
	}
}

// item reads a value with, in an object, the key before it.
func (p *parser) item(n *node) error {
	var key *node
	if n.kind == objectKind {
		if p.d.src[p.at] != '"' {
			return p.fail(p.at, "A key is missing here, or it has no quotation marks.", `Keys are written "so".`)
		}
		var err error
		if key, err = p.value(n); err != nil {
			return err
		}
		if err := p.space(); err != nil {
			return err
		}
		if p.at == len(p.d.src) || p.d.src[p.at] != ':' {
			return p.fail(p.at, fmt.Sprintf("There is no colon after the key %s.", short(key.raw)), `A key and its value are written "key": value.`)
		}
		p.at++
		if err := p.space(); err != nil {
			return err
		}
		if p.at == len(p.d.src) {
			return p.fail(p.at, fmt.Sprintf("The file ends before the value of %s.", short(key.raw)), "Was it cut off? Get it again.")
		}
	}
	item, err := p.value(n)
	if err != nil {
		return err
	}
	item.key, item.index = key, len(n.items)
	n.items = append(n.items, item)
	return nil
}

func (p *parser) text() (string, error) {
	start := p.at
	for p.at++; p.at < len(p.d.src); p.at++ {
		switch c := p.d.src[p.at]; {
		case c == '\\':
			p.at++
		case c == '\n' || c == '\r':
			return "", p.fail(start, "The text that begins here does not end in its line.", `Close it with a quotation mark; a line break within is written \n.`)
		case c < ' ':
			return "", p.fail(p.at, "There is a control character in a text.", `A tab is written \t.`)
		case c == '"':
			p.at++
			raw := p.d.src[start:p.at]
			if strings.IndexByte(raw, '\\') < 0 {
				return raw[1 : len(raw)-1], nil
			}
			var text string
			if err := json.Unmarshal([]byte(raw), &text); err != nil {
				return "", p.fail(start, "There is a backslash in this text that means nothing.", `A backslash itself is written \\.`)
			}
			return text, nil
		}
	}
	p.at = len(p.d.src)
	return "", p.fail(start, "The text that begins here does not end.", "Was the file cut off? Get it again.")
}

func (p *parser) number() error {
	start := p.at
	for p.at < len(p.d.src) && strings.IndexByte("0123456789+-.eE", p.d.src[p.at]) >= 0 {
		p.at++
	}
	if raw := p.d.src[start:p.at]; !json.Valid([]byte(raw)) {
		return p.fail(start, fmt.Sprintf("%s is no number.", short(raw)), "Numbers are written 8, -1 or 0.5.")
	}
	return nil
}

func (p *parser) word() (kind, error) {
	start := p.at
	for p.at < len(p.d.src) && isWordByte(p.d.src[p.at]) {
		p.at++
	}
	switch word := p.d.src[start:p.at]; word {
	case "true", "false":
		return boolKind, nil
	case "null":
		return nullKind, nil
	case "":
		return 0, p.fail(start, fmt.Sprintf("%q cannot stand here.", firstRune(p.d.src[start:])), "A value is a text in quotation marks, a number, true, false, null, {…} or […].")
	default:
		return 0, p.fail(start, fmt.Sprintf("%s cannot stand here.", short(word)), "A text needs quotation marks; truth values are true and false, in small letters.")
	}
}

func isWordByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// short is a text that fits into a sentence.
func short(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
