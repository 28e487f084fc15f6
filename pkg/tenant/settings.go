package tenant

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Settings are what an admin may change for a portal. The zero value means the
// defaults.
type Settings struct {
	PopAt         string        `json:"popAt,omitempty"` // ring, connect or off. Defaults to ring.
	PopIn         string        `json:"popIn,omitempty"` // current or new; empty lets the panel choose.
	MatchDeadline time.Duration `json:"matchDeadline,omitempty"`
	SkipMissed    bool          `json:"skipMissed,omitempty"` // Unanswered offers are not logged.
	Region        string        `json:"region,omitempty"`     // ISO 3166-1 alpha-2. Defaults to US.

	Language string `json:"language,omitempty"` // BCP 47, such as de or pt-BR; empty leaves it to agent and browser.
	Theme    string `json:"theme,omitempty"`    // light, dark or contrast; empty leaves it to agent and browser.

	// OwnerFollowsTransfer makes the agent who has the call at last the owner of
	// the activities of those who transferred it.
	OwnerFollowsTransfer bool `json:"ownerFollowsTransfer,omitempty"`

	// VariableProperties maps names of call variables (CAD) to properties of
	// HubSpot's calls. A property that the portal does not have is left out.
	VariableProperties map[string]string `json:"variableProperties,omitempty"`

	// DispositionByCode maps ids or names of wrap-up codes to ids of HubSpot's
	// call dispositions.
	DispositionByCode map[string]string `json:"dispositionByCode,omitempty"`

	// PhoneProperties are more properties of contacts that hold numbers.
	PhoneProperties []string `json:"phoneProperties,omitempty"`

	// NoCallsProperty is the property of contacts that says not to call: any
	// value but empty, false, no, off and 0 does. HubSpot documents no such
	// property of its own (its opt-outs are about e-mail), so the default is
	// whichever the portal has of the names in [NoCallsProperties].
	NoCallsProperty string `json:"noCallsProperty,omitempty"`
}

// NoCallsProperties are what contacts are asked for while NoCallsProperty is
// not set: the usual name of an admin's own property, and what HubSpot's syncs
// with Salesforce (DoNotCall) and Dynamics (donotphone) bring.
var NoCallsProperties = []string{"do_not_call", "donotcall", "donotphone"}

// NoCalls are the properties of contacts that say not to call.
func (s Settings) NoCalls() []string {
	if s.NoCallsProperty != "" {
		return []string{s.NoCallsProperty}
	}
	return NoCallsProperties
}

// WithDefaults fills in what is not set.
func (s Settings) WithDefaults() Settings {
	if s.PopAt == "" {
		s.PopAt = "ring"
	}
	if s.MatchDeadline <= 0 {
		s.MatchDeadline = 3 * time.Second
	}
	if s.Region == "" {
		s.Region = "US"
	}
	return s
}

// What a map or list of settings may hold.
const (
	maxEntries         = 200
	maxName            = 100 // Characters.
	maxPhoneProperties = 10  // Each five cost another search.
)

// Validate says what is wrong with the settings, or nil.
func (s Settings) Validate() error {
	switch s.PopAt {
	case "", "ring", "connect", "off":
	default:
		return fmt.Errorf("tenant: pop at %q: want ring, connect or off", s.PopAt)
	}
	switch s.PopIn {
	case "", "current", "new":
	default:
		return fmt.Errorf("tenant: pop in %q: want current, new or nothing", s.PopIn)
	}
	if s.MatchDeadline < 0 || s.MatchDeadline > time.Minute {
		return fmt.Errorf("tenant: match deadline %s: want at most a minute", s.MatchDeadline)
	}
	if s.Region != "" && !isRegion(s.Region) {
		return fmt.Errorf("tenant: region %q: want two capital letters such as US", s.Region)
	}
	if s.Language != "" && !isLanguage(s.Language) {
		return fmt.Errorf("tenant: language %q: want a tag such as de or pt-BR", s.Language)
	}
	switch s.Theme {
	case "", "light", "dark", "contrast":
	default:
		return fmt.Errorf("tenant: theme %q: want light, dark, contrast or nothing", s.Theme)
	}
	if s.NoCallsProperty != "" && !isProperty(s.NoCallsProperty) {
		return fmt.Errorf("tenant: no calls property %q: want a property's internal name", s.NoCallsProperty)
	}
	return s.validateMaps()
}

func (s Settings) validateMaps() error {
	if len(s.VariableProperties) > maxEntries || len(s.DispositionByCode) > maxEntries {
		return fmt.Errorf("tenant: a map of settings has at most %d entries", maxEntries)
	}
	used := map[string]bool{}
	for name, property := range s.VariableProperties {
		switch {
		case !isName(name):
			return fmt.Errorf("tenant: variable %q: want a name of at most %d characters", name, maxName)
		case !isProperty(property):
			return fmt.Errorf("tenant: variable %q: property %q: want a property's internal name", name, property)
		case written(property):
			return fmt.Errorf("tenant: variable %q: property %q is written by Deskbridge itself", name, property)
		case used[property]:
			return fmt.Errorf("tenant: property %q: two variables for one property", property)
		}
		used[property] = true
	}
	for code, id := range s.DispositionByCode {
		if !isName(code) || !isName(id) {
			return fmt.Errorf("tenant: disposition of code %q: want a disposition's id", code)
		}
	}
	if len(s.PhoneProperties) > maxPhoneProperties {
		return fmt.Errorf("tenant: want at most %d phone properties", maxPhoneProperties)
	}
	for _, name := range s.PhoneProperties {
		if !isProperty(name) {
			return fmt.Errorf("tenant: phone property %q: want a property's internal name", name)
		}
	}
	return nil
}

func isRegion(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

// isLanguage says whether s has the form of a language tag (RFC 5646): which
// ones there are catalogues for is the panel's business.
func isLanguage(s string) bool {
	for i, part := range strings.Split(s, "-") {
		short := 1
		if i == 0 {
			short = 2
		}
		if len(part) < short || len(part) > 8 || strings.ContainsFunc(part, func(r rune) bool {
			letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
			return !letter && (i == 0 || r < '0' || r > '9')
		}) {
			return false
		}
	}
	return true
}

// isProperty says whether s can be the internal name of a HubSpot property.
func isProperty(s string) bool {
	return s != "" && len(s) <= maxName && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
	})
}

// written says whether the ledger fills the property in by itself.
func written(property string) bool {
	for _, prefix := range []string{"hs_call_", "hs_timestamp", "hubspot_owner_id", "deskbridge_"} {
		if strings.HasPrefix(property, prefix) {
			return true
		}
	}
	return false
}

func isName(s string) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxName && !strings.ContainsFunc(s, unicode.IsControl)
}
