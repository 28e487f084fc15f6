package layout

import (
	"strconv"
	"strings"
)

type kind uint8

const (
	nullKind kind = iota
	boolKind
	numberKind
	stringKind
	arrayKind
	objectKind
)

// String is what people call values of the kind.
func (k kind) String() string {
	return [...]string{"null", "a truth value", "a number", "a text", "a list", "an object"}[k]
}

// A node is a value of the file. Its methods may be called on nil, which is a
// value that is not there.
type node struct {
	kind       kind
	start, end int    // In the file.
	raw        string // As it is written.
	text       string // Of a string, what it says.
	key        *node  // Of an object's member.
	parent     *node
	index      int // Among the parent's items.
	items      []*node
}

func (n *node) is(k kind) bool { return n != nil && n.kind == k }

// get is the value of a key. Of several, the last one counts, as in browsers.
func (n *node) get(key string) *node {
	if n.is(objectKind) {
		for i := len(n.items) - 1; i >= 0; i-- {
			if n.items[i].key.text == key {
				return n.items[i]
			}
		}
	}
	return nil
}

// find is get, repeatedly.
func (n *node) find(keys ...string) *node {
	for _, k := range keys {
		n = n.get(k)
	}
	return n
}

// str is what a string says, and empty for anything else.
func (n *node) str() string {
	if n.is(stringKind) {
		return n.text
	}
	return ""
}

// list are the items of an array.
func (n *node) list() []*node {
	if n.is(arrayKind) {
		return n.items
	}
	return nil
}

// members are those of an object.
func (n *node) members() []*node {
	if n.is(objectKind) {
		return n.items
	}
	return nil
}

// name is the key of a member.
func (n *node) name() string {
	if n == nil || n.key == nil {
		return ""
	}
	return n.key.text
}

// begin is where the item begins in its container: at its key, if it has one.
func (n *node) begin() int {
	if n.key != nil {
		return n.key.start
	}
	return n.start
}

// path says where the value is, from the root.
func (n *node) path() string {
	if n == nil || n.parent == nil {
		return ""
	}
	before := n.parent.path()
	switch {
	case n.key == nil:
		return before + "[" + strconv.Itoa(n.index) + "]"
	case !plainKey(n.key.text):
		return before + "[" + strconv.Quote(n.key.text) + "]"
	case before == "":
		return n.key.text
	}
	return before + "." + n.key.text
}

func plainKey(key string) bool {
	return key != "" && !strings.ContainsFunc(key, func(r rune) bool {
		return r != '_' && r != '-' && r != '$' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// each calls visit with the value and all within it, from the front.
func (n *node) each(visit func(*node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, item := range n.items {
		item.each(visit)
	}
}
