package webexcc

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// A Bool is a boolean as Webex sends it: true, "true", "True", 1, or not at
// all. Decoding never fails; what cannot be understood is Absent.
type Bool uint8

// The values of a Bool. Absent is the zero value: the field was missing, null
// or unintelligible. It is written as null.
const (
	Absent Bool = iota
	False
	True
)

// BoolOf returns True or False.
func BoolOf(v bool) Bool {
	if v {
		return True
	}
	return False
}

// Is reports whether b is known to be true.
func (b Bool) Is() bool { return b == True }

// Or returns b as a plain bool, and absent when b is not known.
func (b Bool) Or(absent bool) bool {
	if b == Absent {
		return absent
	}
	return b == True
}

// MarshalJSON writes true, false or null.
func (b Bool) MarshalJSON() ([]byte, error) {
	switch b {
	case True:
		return []byte("true"), nil
	case False:
		return []byte("false"), nil
	}
	return []byte("null"), nil
}

// UnmarshalJSON accepts any JSON value.
func (b *Bool) UnmarshalJSON(data []byte) error {
	*b = parseBool(scalar(data))
	return nil
}

func parseBool(s string) Bool {
	switch {
	case strings.EqualFold(s, "true"), s == "1":
		return True
	case strings.EqualFold(s, "false"), s == "0":
		return False
	}
	return Absent
}

// Text is a string that may arrive as a number, a boolean or null. An object
// or array is kept as its JSON text. It is written as a string.
type Text string

// UnmarshalJSON accepts any JSON value.
func (t *Text) UnmarshalJSON(data []byte) error {
	*t = Text(scalar(data))
	return nil
}

// NullText is a [Text] that is written as null when empty.
type NullText string

// MarshalJSON writes a string or null.
func (t NullText) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}

// UnmarshalJSON accepts any JSON value.
func (t *NullText) UnmarshalJSON(data []byte) error {
	*t = NullText(scalar(data))
	return nil
}

// Code is a reason code: a number or a word. It is written as a number when it
// is one.
type Code string

// MarshalJSON writes a number, a string, or null when empty.
func (c Code) MarshalJSON() ([]byte, error) {
	if n, err := strconv.ParseInt(string(c), 10, 64); err == nil && strconv.FormatInt(n, 10) == string(c) {
		return []byte(c), nil
	}
	return NullText(c).MarshalJSON()
}

// UnmarshalJSON accepts any JSON value.
func (c *Code) UnmarshalJSON(data []byte) error {
	*c = Code(scalar(data))
	return nil
}

// Number is an integer that may arrive as a string. What is not a number is 0.
type Number int64

// UnmarshalJSON accepts any JSON value.
func (n *Number) UnmarshalJSON(data []byte) error {
	*n = Number(parseInt(scalar(data)))
	return nil
}

// Millis is a point in time in milliseconds since 1970, or 0 when there is
// none. It is written as a number, and as null when 0.
type Millis int64

// MillisOf returns t in milliseconds, 0 for the zero time.
func MillisOf(t time.Time) Millis {
	if t.IsZero() {
		return 0
	}
	return Millis(t.UnixMilli())
}

// Time returns the zero time for 0.
func (m Millis) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(m))
}

// MarshalJSON writes a number or null.
func (m Millis) MarshalJSON() ([]byte, error) {
	if m == 0 {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, int64(m), 10), nil
}

// UnmarshalJSON accepts any JSON value.
func (m *Millis) UnmarshalJSON(data []byte) error {
	*m = Millis(parseInt(scalar(data)))
	return nil
}

// Texts is a list of strings that may arrive as null, as one value, or with
// numbers in it. It is written as an array, empty when nil.
type Texts []string

// MarshalJSON writes an array.
func (t Texts) MarshalJSON() ([]byte, error) {
	if t == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]string(t))
}

// UnmarshalJSON accepts any JSON value.
func (t *Texts) UnmarshalJSON(data []byte) error {
	*t = nil
	var values []Text
	if json.Unmarshal(data, &values) != nil {
		if one := scalar(data); one != "" {
			*t = Texts{one}
		}
		return nil
	}
	if values == nil {
		return nil
	}
	*t = make(Texts, len(values))
	for i, v := range values {
		(*t)[i] = string(v)
	}
	return nil
}

// TextMap maps names to strings that may arrive as any scalar. Null values are
// left out; anything but an object is an empty map.
type TextMap map[string]string

// UnmarshalJSON accepts any JSON value.
func (m *TextMap) UnmarshalJSON(data []byte) error {
	var values map[string]json.RawMessage
	if json.Unmarshal(data, &values) != nil || values == nil {
		*m = nil
		return nil
	}
	*m = make(TextMap, len(values))
	for name, v := range values {
		if !isNull(v) {
			(*m)[name] = scalar(v)
		}
	}
	return nil
}

// scalar returns a JSON value as text: a string's content, "" for null, and
// the JSON itself for everything else.
func scalar(data []byte) string {
	data = bytes.TrimSpace(data)
	if isNull(data) {
		return ""
	}
	var s string
	if len(data) > 0 && data[0] == '"' && json.Unmarshal(data, &s) == nil {
		return s
	}
	return string(data)
}

func isNull(data []byte) bool { return len(data) == 0 || string(data) == "null" }

// parseInt reads an integer, or the whole part of a decimal; 0 for the rest.
func parseInt(s string) int64 {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != f || f >= 1<<63 || f <= -(1<<63) {
		return 0
	}
	return int64(f)
}
