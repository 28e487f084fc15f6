package tenant

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxLayout is how long a layout may be, in bytes; see backend.MaxLayout.
const maxLayout = 16 << 10

// shape is what a setting's value is in JSON.
type shape int

const (
	textShape  shape = iota
	boolShape        // Or its text.
	intShape         // Or its text.
	listShape        // Of texts; or its JSON, or its entries with commas between them.
	mapShape         // Of texts; or its JSON.
	rulesShape       // Of PopVariable; or its JSON.
)

// layoutSettings are the settings that a layout may set, by their names in
// JSON, and how one is taken from settings that have nothing else.
var layoutSettings = []struct {
	name  string
	shape shape
	take  func(to *Settings, from Settings)
}{
	{"popAt", textShape, func(to *Settings, from Settings) { to.PopAt = from.PopAt }},
	{"popVariables", rulesShape, func(to *Settings, from Settings) { to.PopVariables = from.PopVariables }},
	{"stripPrefixes", listShape, func(to *Settings, from Settings) { to.StripPrefixes = from.StripPrefixes }},
	{"variableProperties", mapShape, func(to *Settings, from Settings) { to.VariableProperties = from.VariableProperties }},
	{"titleTemplate", textShape, func(to *Settings, from Settings) { to.TitleTemplate = from.TitleTemplate }},
	{"ownerFollowsTransfer", boolShape, func(to *Settings, from Settings) { to.OwnerFollowsTransfer = from.OwnerFollowsTransfer }},
	{"outdialAni", textShape, func(to *Settings, from Settings) { to.OutdialANI = from.OutdialANI }},
	{"stripOutdialPrefixes", listShape, func(to *Settings, from Settings) { to.StripOutdialPrefixes = from.StripOutdialPrefixes }},
	{"newContactProperties", mapShape, func(to *Settings, from Settings) { to.NewContactProperties = from.NewContactProperties }},
	{"dateFormat", textShape, func(to *Settings, from Settings) { to.DateFormat = from.DateFormat }},
	{"logCalls", textShape, func(to *Settings, from Settings) { to.LogCalls = from.LogCalls }},
	{"liveNotes", boolShape, func(to *Settings, from Settings) { to.LiveNotes = from.LiveNotes }},
	{"editTitle", boolShape, func(to *Settings, from Settings) { to.EditTitle = from.EditTitle }},
	{"ticketFor", textShape, func(to *Settings, from Settings) { to.TicketFor = from.TicketFor }},
	{"ticketButton", boolShape, func(to *Settings, from Settings) { to.TicketButton = from.TicketButton }},
	{"ticketSubject", textShape, func(to *Settings, from Settings) { to.TicketSubject = from.TicketSubject }},
	{"ticketProperties", mapShape, func(to *Settings, from Settings) { to.TicketProperties = from.TicketProperties }},
	{"updateTicket", boolShape, func(to *Settings, from Settings) { to.UpdateTicket = from.UpdateTicket }},
	{"panelWidth", intShape, func(to *Settings, from Settings) { to.PanelWidth = from.PanelWidth }},
	{"syncState", boolShape, func(to *Settings, from Settings) { to.SyncState = from.SyncState }},
}

// LayoutSettings are the names of the settings that a Desktop's layout may set.
func LayoutSettings() []string {
	names := make([]string, len(layoutSettings))
	for i, l := range layoutSettings {
		names[i] = l.name
	}
	return names
}

// Under are the settings with those of a Desktop's layout in their place: a JSON
// object by the settings' names in JSON. Layouts hold texts, so a boolean, a
// number, a list or a map may be the text of one. What is empty is not set.
// What is not valid is left as it is, and its name is among the refused ones;
// names that are no settings of layouts are not looked at. A layout that is too
// long or no object is left aside as a whole, as "layout"; where the admin has
// locked layouts, silently.
func (s Settings) Under(layout json.RawMessage) (under Settings, refused []string) {
	if slices.Contains(s.Locked, lockLayout) || len(bytes.TrimSpace(layout)) == 0 {
		return s, nil
	}
	var fields map[string]json.RawMessage
	if len(layout) > maxLayout || json.Unmarshal(layout, &fields) != nil {
		return s, []string{lockLayout}
	}
	for _, l := range layoutSettings {
		raw, ok := fields[l.name]
		if !ok {
			continue
		}
		value, set, err := l.shape.plain(raw)
		if err == nil && !set {
			continue
		}
		var one Settings
		if err == nil {
			var text []byte
			if text, err = json.Marshal(map[string]any{l.name: value}); err == nil {
				err = json.Unmarshal(text, &one)
			}
		}
		if err == nil {
			err = one.Validate()
		}
		if err != nil {
			refused = append(refused, l.name)
			continue
		}
		l.take(&s, one)
	}
	return s, refused
}

// errShape says that a value is not what the setting takes.
var errShape = errors.New("tenant: not what the setting takes")

// plain is a layout's value as settings have it in JSON; set is false for what
// says nothing.
func (s shape) plain(raw json.RawMessage) (value any, set bool, err error) {
	if err := json.Unmarshal(raw, &value); err != nil {
		return nil, false, err
	}
	text, isText := scalar(raw)
	if text = strings.TrimSpace(text); value == nil || isText && text == "" {
		return nil, false, nil
	}
	switch s {
	case textShape:
		if !isText {
			return nil, false, errShape
		}
		return text, true, nil
	case boolShape:
		on, err := strconv.ParseBool(strings.ToLower(text))
		return on, true, err
	case intShape:
		n, err := strconv.Atoi(strings.TrimSuffix(text, "px"))
		return n, true, err
	}
	if isText {
		raw = json.RawMessage(text)
	}
	switch s {
	case listShape:
		list, err := texts(raw, isText)
		return list, true, err
	case mapShape:
		pairs, err := textMap(raw)
		return pairs, true, err
	}
	var rules []PopVariable
	err = json.Unmarshal(raw, &rules)
	return rules, true, err
}

// scalar is a text, number or boolean as text.
func scalar(raw json.RawMessage) (string, bool) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text, true
	}
	plain := string(bytes.TrimSpace(raw))
	if plain == "" || strings.ContainsAny(plain[:1], "[{n") {
		return "", false
	}
	return plain, true
}

// texts is a list in JSON or, where a layout spelled it so, with commas.
func texts(raw json.RawMessage, commas bool) ([]string, error) {
	var entries []json.RawMessage
	if json.Unmarshal(raw, &entries) != nil {
		if !commas {
			return nil, errShape
		}
		var list []string
		for part := range strings.SplitSeq(string(raw), ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		return list, nil
	}
	list := make([]string, len(entries))
	for i, e := range entries {
		text, ok := scalar(e)
		if !ok {
			return nil, errShape
		}
		list[i] = strings.TrimSpace(text)
	}
	return list, nil
}

// textMap is a map of texts, numbers or booleans.
func textMap(raw json.RawMessage) (map[string]string, error) {
	var entries map[string]json.RawMessage
	if json.Unmarshal(raw, &entries) != nil || entries == nil {
		return nil, errShape
	}
	pairs := make(map[string]string, len(entries))
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		text, ok := scalar(entries[name])
		if !ok {
			return nil, errShape
		}
		pairs[name] = text
	}
	return pairs, nil
}
