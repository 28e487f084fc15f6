package tenant

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What a map or list of settings may hold.
const (
	maxEntries         = 200
	maxName            = 100 // Characters.
	maxPhoneProperties = 10  // Each five cost another search.
	maxPopVariables    = 20
	maxPrefixes        = 20
	maxPrefix          = 8
	maxNumber          = 32
	maxTitleTemplate   = 250
	maxBodyTemplate    = 4000
	maxDials           = 10_000
	maxFilled          = 50 // Properties of a new contact or ticket.
	minPanel, maxPanel = 300, 1000
)

// LockableSettings are what [Settings.Locked] may hold.
var LockableSettings = []string{"language", "theme", "popIn", "sounds", "shortcuts", lockLayout}

// lockLayout locks every setting against the layouts of Desktops.
const lockLayout = "layout"

// popTypes are the types of records that a call variable may find.
var popTypes = []string{"0-1", "0-2", "0-3", "0-5"}

// Validate says what is wrong with the settings, or nil.
func (s Settings) Validate() error {
	return firstError(s.validateChoices, s.validateMaps, s.validatePop, s.validateLog, s.validateFilled, s.validateLimits)
}

// firstError asks until something is wrong.
func firstError(checks ...func() error) error {
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (s Settings) validateChoices() error {
	for _, c := range []struct{ what, value, allowed string }{
		{"pop at", s.PopAt, "ring connect off"},
		{"pop in", s.PopIn, "current new"},
		{"pop at an outdial", s.PopAtOutbound, "dial connect off"},
		{"theme", s.Theme, "light dark contrast"},
		{"companies", s.Companies, "primary all off"},
		{"deals", s.Deals, "only newest all off"},
		{"tickets", s.Tickets, "only newest all off"},
		{"calls that are logged", s.LogCalls, "all inbound outbound off"},
		{"calls with a ticket", s.TicketFor, "off inbound outbound all"},
	} {
		if allowed := strings.Fields(c.allowed); c.value != "" && !slices.Contains(allowed, c.value) {
			return fmt.Errorf("tenant: %s %q: want %s or nothing", c.what, c.value, strings.Join(allowed, ", "))
		}
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
	if s.NoCallsProperty != "" && !isProperty(s.NoCallsProperty) {
		return fmt.Errorf("tenant: no calls property %q: want a property's internal name", s.NoCallsProperty)
	}
	return nil
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

// validatePop is about how records are found and opened.
func (s Settings) validatePop() error {
	if len(s.PopVariables) > maxPopVariables {
		return fmt.Errorf("tenant: want at most %d variables that find a record", maxPopVariables)
	}
	for _, v := range s.PopVariables {
		switch {
		case !isName(v.Variable):
			return fmt.Errorf("tenant: pop variable %q: want a name of at most %d characters", v.Variable, maxName)
		case !slices.Contains(popTypes, v.ObjectType):
			return fmt.Errorf("tenant: pop variable %q: object type %q: want %s (contact, company, deal, ticket)",
				v.Variable, v.ObjectType, strings.Join(popTypes, ", "))
		case !isProperty(v.Property):
			return fmt.Errorf("tenant: pop variable %q: property %q: want a property's internal name", v.Variable, v.Property)
		}
	}
	for _, prefixes := range [][]string{s.StripPrefixes, s.StripOutdialPrefixes} {
		if len(prefixes) > maxPrefixes {
			return fmt.Errorf("tenant: want at most %d prefixes to strip", maxPrefixes)
		}
		for _, prefix := range prefixes {
			if digits := strings.TrimPrefix(prefix, "+"); len(prefix) > maxPrefix || !isDigits(digits) {
				return fmt.Errorf("tenant: prefix %q: want at most %d digits, with or without + before them", prefix, maxPrefix)
			}
		}
	}
	if s.OutdialANI != "" && (strings.HasSuffix(s.OutdialANI, "*") || !isExclusion(s.OutdialANI)) {
		return fmt.Errorf("tenant: number of calls out %q: want a number such as +14155550100", s.OutdialANI)
	}
	if s.PanelWidth != 0 && (s.PanelWidth < minPanel || s.PanelWidth > maxPanel) {
		return fmt.Errorf("tenant: panel width %d: want %d to %d pixels, or nothing for HubSpot's", s.PanelWidth, minPanel, maxPanel)
	}
	return nil
}

// validateLog is about what becomes of a call in HubSpot.
func (s Settings) validateLog() error {
	for _, t := range []struct {
		what, text string
		most       int
	}{
		{"title template", s.TitleTemplate, maxTitleTemplate}, {"body template", s.BodyTemplate, maxBodyTemplate},
		{"ticket subject", s.TicketSubject, maxTitleTemplate},
	} {
		if err := validateTemplate(t.text, t.most); err != nil {
			return fmt.Errorf("tenant: %s: %w", t.what, err)
		}
	}
	if strings.ContainsAny(s.TitleTemplate, "\r\n") {
		return errors.New("tenant: title template: want one line")
	}
	if strings.ContainsAny(s.TicketSubject, "\r\n") {
		return errors.New("tenant: ticket subject: want one line")
	}
	if s.DateFormat != "" {
		if err := validateDateFormat(s.DateFormat); err != nil {
			return fmt.Errorf("tenant: date format: %w", err)
		}
	}
	if len(s.ExcludedNumbers) > maxEntries {
		return fmt.Errorf("tenant: want at most %d numbers that are not logged", maxEntries)
	}
	for _, number := range s.ExcludedNumbers {
		if !isExclusion(number) {
			return fmt.Errorf("tenant: number that is not logged %q: want a number such as +14155550100, an extension, or the beginning of some followed by *", number)
		}
	}
	return nil
}

// validateTemplate looks at a template of at most so many characters.
func validateTemplate(text string, most int) error {
	if utf8.RuneCountInString(text) > most {
		return fmt.Errorf("longer than %d characters", most)
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	}) {
		return errors.New("holds control characters")
	}
	_, err := ParseTemplate(text)
	return err
}

// validateFilled is about the properties that new contacts and tickets are
// filled with. Whether somebody is marketed to, which costs money, is nobody's
// to say in passing.
func (s Settings) validateFilled() error {
	for _, f := range []struct {
		what      string
		templates map[string]string
		taken     []string
	}{
		{"new contact", s.NewContactProperties, []string{"phone", "hubspot_owner_id"}},
		{"ticket", s.TicketProperties, []string{"subject", "hubspot_owner_id"}},
	} {
		if len(f.templates) > maxFilled {
			return fmt.Errorf("tenant: want at most %d properties of a %s", maxFilled, f.what)
		}
		for _, property := range slices.Sorted(maps.Keys(f.templates)) {
			switch {
			case !isProperty(property):
				return fmt.Errorf("tenant: property %q of a %s: want a property's internal name", property, f.what)
			case slices.Contains(f.taken, property) || strings.HasPrefix(property, "deskbridge_"):
				return fmt.Errorf("tenant: property %q of a %s is written by Deskbridge itself", property, f.what)
			case strings.HasPrefix(property, "hs_marketable_"):
				return fmt.Errorf("tenant: property %q of a %s: marketing contacts are made in HubSpot", property, f.what)
			}
			if err := validateTemplate(f.templates[property], maxBodyTemplate); err != nil {
				return fmt.Errorf("tenant: property %q of a %s: %w", property, f.what, err)
			}
		}
	}
	return nil
}

// validateLimits is about what agents may do.
func (s Settings) validateLimits() error {
	for _, l := range []struct {
		what  string
		dials int
	}{{"minute", s.DialsPerMinute}, {"hour", s.DialsPerHour}} {
		if l.dials < 0 || l.dials > maxDials {
			return fmt.Errorf("tenant: dials per %s %d: want 1 to %d, or nothing for the default", l.what, l.dials, maxDials)
		}
	}
	if s.DialsPerMinute > 0 && s.DialsPerHour > 0 && s.DialsPerHour < s.DialsPerMinute {
		return fmt.Errorf("tenant: dials per hour %d: want at least as many as per minute, %d", s.DialsPerHour, s.DialsPerMinute)
	}
	for i, name := range s.Locked {
		if !slices.Contains(LockableSettings, name) {
			return fmt.Errorf("tenant: locked %q: want one of %s", name, strings.Join(LockableSettings, ", "))
		}
		if slices.Contains(s.Locked[:i], name) {
			return fmt.Errorf("tenant: locked %q: named twice", name)
		}
	}
	if len(s.AllowedOrigins) > maxEntries {
		return fmt.Errorf("tenant: want at most %d origins", maxEntries)
	}
	for _, origin := range s.AllowedOrigins {
		if !isOrigin(origin) {
			return fmt.Errorf("tenant: origin %q: want https://HOST, or http for this machine only, without a path", origin)
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

func isDigits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// isExclusion says whether s is a number as people write one, an extension, or
// the beginning of either followed by *. A * alone would exclude everything.
func isExclusion(s string) bool {
	number := strings.TrimSuffix(s, "*")
	digits := 0
	for i, r := range number {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i == 0, strings.ContainsRune("-(). ", r):
		default:
			return false
		}
	}
	return digits > 0 && len(number) <= maxNumber
}

// isOrigin says whether s is an origin that may frame the panel: of this
// machine with http, too, and then with any port if that is *.
func isOrigin(s string) bool {
	local := strings.HasPrefix(s, "http://")
	u, err := url.Parse(strings.TrimSuffix(s, ":*"))
	if err != nil || u.Host == "" || u.Hostname() == "" || u.Scheme+"://"+u.Host != strings.TrimSuffix(s, ":*") {
		return false
	}
	if local {
		return u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || strings.HasSuffix(u.Hostname(), ".localhost")
	}
	return u.Scheme == "https" && !strings.HasSuffix(s, ":*") && u.Host == strings.ToLower(u.Host) &&
		!strings.ContainsAny(u.Host, `*'" ;,`)
}
