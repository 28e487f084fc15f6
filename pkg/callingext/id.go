package callingext

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// An ID names a HubSpot object, portal, user or owner. HubSpot sends ids as
// numbers or as strings and they exceed 32 bits; an ID keeps the digits, so
// nothing is lost to floating point. The zero value means unknown: HubSpot's
// 0, null and "" all decode to it.
type ID string

// maxSafe is the largest integer that a JavaScript number holds exactly.
const maxSafe = 1<<53 - 1

// Int64 returns the id as a number, false when it is empty or not one.
func (id ID) Int64() (int64, bool) {
	n, err := strconv.ParseInt(string(id), 10, 64)
	return n, err == nil && n > 0 && strconv.FormatInt(n, 10) == string(id)
}

// MarshalJSON writes a decimal id as a JSON number, as HubSpot types its ids,
// and any other as a string. A decimal too large for a JavaScript number is
// written as a string, because the receiving page would round it.
func (id ID) MarshalJSON() ([]byte, error) {
	if id == "" {
		return []byte("null"), nil
	}
	if n, ok := id.Int64(); ok && n <= maxSafe {
		return []byte(id), nil
	}
	return json.Marshal(string(id))
}

// UnmarshalJSON reads a whole number, a string or null.
func (id *ID) UnmarshalJSON(b []byte) error {
	s := string(b)
	switch {
	case s == "null":
		*id = ""
		return nil
	case strings.HasPrefix(s, `"`):
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
	case strings.Trim(s, "0123456789") != "":
		return fmt.Errorf("callingext: id %.40s: not a whole number", s)
	}
	if s == "0" {
		s = ""
	}
	*id = ID(s)
	return nil
}
