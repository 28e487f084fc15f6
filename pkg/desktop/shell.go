package desktop

import (
	"encoding/json"
	"slices"
	"strings"

	"deskbridge/pkg/webexcc"
)

// The element's properties that are understood, as pkg/layout names them, which
// says what of the Desktop's store they are given.
const (
	PropAgentID      = "agentId"
	PropAgentName    = "agentName"
	PropAgentEmail   = "agentEmail"
	PropOrgID        = "orgId"
	PropTeamID       = "teamId"
	PropTeamName     = "teamName"
	PropNumber       = "dialNumber"
	PropDeviceType   = "deviceType"
	PropState        = "agentState"
	PropSince        = "stateSince" // In milliseconds since 1970.
	PropEntryPoint   = "outdialEntryPoint"
	PropDarkMode     = "darkMode"
	PropLanguage     = "language"
	PropDatacenter   = "datacenter"
	PropPortal       = "portal"       // The id of a HubSpot portal.
	PropClientLocale = "clientLocale" // The bridge's own, from the SDK.
)

// Properties returns the names of the properties that a layout sets and that
// are understood here.
func Properties() []string {
	return []string{
		PropAgentID, PropAgentName, PropAgentEmail, PropOrgID, PropTeamID, PropTeamName, PropNumber, PropDeviceType, PropState,
		PropSince, PropEntryPoint, PropDarkMode, PropLanguage, PropDatacenter,
	}
}

// Property returns any property of the element as text.
func (d *Desktop) Property(name string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.props.text(name)
}

// Layout is what the layout sets of ours, by name: everything but what the
// Desktop fills in and what is about the element alone. Nil for nothing.
func (d *Desktop) Layout() json.RawMessage {
	d.mu.Lock()
	defer d.mu.Unlock()
	set := map[string]json.RawMessage{}
	for name, value := range d.props {
		if !slices.Contains(ownProperties, name) {
			set[name] = value
		}
	}
	if len(set) == 0 {
		return nil
	}
	text, _ := json.Marshal(set) // It was JSON.
	return text
}

// ownProperties say nothing about how calls are to be handled.
var ownProperties = append(Properties(), PropClientLocale, "mode", PropPortal)

// Dark says whether the Desktop is in dark mode; Absent when it does not say.
func (d *Desktop) Dark() webexcc.Bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.props.bool(PropDarkMode)
}

// Locale returns the Desktop's language, such as en-US, else the browser's,
// else nothing.
func (d *Desktop) Locale() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return either(d.props.text(PropLanguage), d.props.text(PropClientLocale))
}

// Headless says whether the element is to show nothing.
func (d *Desktop) Headless() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.EqualFold(d.mode, "headless")
}

// Show opens the panel where it is in a popover, or closes it. Elsewhere nothing
// comes of it.
func (d *Desktop) Show(yes bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.send(outbound{Show: &yes})
}

// Framed says whether the page with the element is in a frame itself.
func (d *Desktop) Framed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.framed
}

// The values of [Notice.Kind].
const (
	Info    = "info"
	Warn    = "warn"
	Failure = "error"
	Success = "success"
)

// A Notice is shown by the Desktop's notification centre.
type Notice struct {
	Kind        string // See Info and its neighbours.
	Title, Text string
	Silent      bool // Only in the centre's list.
	Stays       bool // Until it is acknowledged; else it goes by itself.
}

// Notify shows a notice. Nobody waits for it: in the SDK these promises never
// settle. The error is [ErrNotReady] or nil.
func (d *Desktop) Notify(n Notice) error {
	call, mode := callNotifyBriefly, "autodismiss"
	switch {
	case n.Silent:
		call, mode = callNotifySilently, "silent"
	case n.Stays:
		call, mode = callNotifyUntilSeen, "acknowledge"
	}
	return d.cast(call, wrapped{struct {
		Type  string `json:"type"`
		Mode  string `json:"mode"`
		Title string `json:"title"`
		Data  string `json:"data"`
	}{either(n.Kind, Info), mode, n.Title, n.Text}})
}

// A Shortcut is a key with its modifiers, and what it does.
type Shortcut struct {
	Group     string `json:"group"`        // Its heading in the Desktop's list.
	Action    string `json:"action"`       // Its name there, and what Config.Pressed gets.
	Modifiers string `json:"modifierKeys"` // As the SDK spells them: ctrl, alt, shift, ctrl+shift, …
	Key       string `json:"key"`
}

// SetShortcuts replaces our shortcuts. They are registered at once, if the SDK
// is initialised, and again with every new element. Config.Conflict tells of
// those that another widget has, too.
func (d *Desktop) SetShortcuts(list []Shortcut) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inited && len(d.shortcuts) > 0 {
		d.send(outbound{Call: callForgetShortcuts, Args: []any{d.cfg.Element}})
	}
	d.shortcuts = list
	if d.inited {
		d.register()
	}
}

func (d *Desktop) register() {
	if len(d.shortcuts) == 0 {
		return
	}
	type key struct {
		Element string `json:"widgetElement"` // The element's tag.
		Shortcut
		Role string `json:"role"`
	}
	var keys []key
	for _, s := range d.shortcuts {
		keys = append(keys, key{d.cfg.Element, s, "agent"})
	}
	d.send(outbound{Call: callRegisterShortcuts, Args: []any{keys}})
}

// shortcutEvent takes {type, data: {widgetElement, action, isConflict, …}}. Those of other
// widgets are not ours to tell.
func (d *Desktop) shortcutEvent(name string, raw json.RawMessage) []func() {
	var e struct {
		Data struct {
			Element  webexcc.Text `json:"widgetElement"`
			Action   webexcc.Text `json:"action"`
			Conflict webexcc.Bool `json:"isConflict"`
		} `json:"data"`
	}
	if json.Unmarshal(raw, &e) != nil && name != eventConflictResolved {
		d.report(name, "wrong types")
		return nil
	}
	action, ours := string(e.Data.Action), string(e.Data.Element) == d.cfg.Element
	switch {
	case name == eventConflictResolved && d.cfg.Conflict != nil:
		return []func(){func() { d.cfg.Conflict(action, false) }}
	case name == eventKeyConflict && ours && d.cfg.Conflict != nil:
		return []func(){func() { d.cfg.Conflict(action, e.Data.Conflict.Or(true)) }}
	case name == eventKeyPress && ours && d.cfg.Pressed != nil:
		return []func(){func() { d.cfg.Pressed(action) }}
	}
	return nil
}
