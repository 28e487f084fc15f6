package callingext

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// Fields are the members of a received object. Each is read by itself and
// by its exact name, so that one field of a wrong type spoils nothing else,
// and a key such as "Type" or "__proto__" is never mistaken for another
// (encoding/json matches struct fields without regard to case).
type fields map[string]json.RawMessage

// parseFields returns nil for anything that is not an object; nil is fine to
// read from.
func parseFields(raw json.RawMessage) fields {
	var f fields
	if json.Unmarshal(raw, &f) != nil {
		return nil
	}
	return f
}

// text reads a string; a number is taken by its digits.
func (f fields) text(name string) string {
	raw := f[name]
	if len(raw) == 0 {
		return ""
	}
	if raw[0] == '-' || (raw[0] >= '0' && raw[0] <= '9') {
		return string(raw)
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

func (f fields) id(name string) ID {
	var id ID
	if raw := f[name]; len(raw) == 0 || id.UnmarshalJSON(raw) != nil {
		return ""
	}
	return id
}

// flag reads a boolean, false when there is none.
func (f fields) flag(name string) bool {
	b := f.optionalFlag(name)
	return b != nil && *b
}

func (f fields) optionalFlag(name string) *bool {
	switch strings.Trim(string(f[name]), `"`) {
	case "true":
		return new(true)
	case "false":
		return new(false)
	}
	return nil
}

// number reads a whole number such as milliseconds or pixels, also from a
// string such as "400" or "400px"; a fraction is cut off.
func (f fields) number(name string) int64 {
	s := strings.TrimSuffix(strings.TrimSpace(f.text(name)), "px")
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.Abs(x) > maxSafe {
		return 0
	}
	return int64(x)
}

func (f fields) object(name string) fields { return parseFields(f[name]) }

func (f fields) list(name string) []json.RawMessage {
	var l []json.RawMessage
	if json.Unmarshal(f[name], &l) != nil {
		return nil
	}
	return l
}
