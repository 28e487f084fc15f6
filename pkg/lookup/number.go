package lookup

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Number is a telephone number, understood.
type Number struct {
	E164      string // Such as +14155550100.
	National  string // National significant number: digits without the country code.
	Extension string // As it was written behind the number.
	Country   string // ISO 3166-1 alpha-2; of several with one calling code the likeliest.

	code           int    // The country's calling code.
	local, foreign string // How people write it at home and abroad.
}

// Parse understands a number as people, phone systems and SIP write it. A
// number without a country code belongs to region, an ISO 3166-1 alpha-2 code;
// empty means US. It refuses what cannot be a public number: withheld callers,
// internal extensions, star codes, too few or too many digits.
//
// It does not ask whether the numbering plan has assigned the number: plans
// change faster than programs, and the phone company knows.
func Parse(text, region string) (Number, bool) {
	if region == "" {
		region = "US"
	}
	text = bare(text)
	if text == "" {
		return Number{}, false
	}
	n, err := phonenumbers.Parse(text, strings.ToUpper(region))
	if err != nil || phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE {
		return Number{}, false
	}
	e164 := phonenumbers.Format(n, phonenumbers.E164)
	// Some rows of zeros lose another one each time they are read.
	again, err := phonenumbers.Parse(e164, "")
	if err != nil || phonenumbers.Format(again, phonenumbers.E164) != e164 {
		return Number{}, false
	}
	extension := n.GetExtension()
	country := phonenumbers.GetRegionCodeForNumber(n)
	if len(country) != 2 || country == "ZZ" { // Not assigned, or of no country.
		country = ""
		if likeliest := phonenumbers.GetRegionCodeForCountryCode(int(n.GetCountryCode())); len(likeliest) == 2 && likeliest != "ZZ" {
			country = likeliest
		}
	}
	return Number{
		E164:      e164,
		National:  phonenumbers.GetNationalSignificantNumber(n),
		Extension: extension,
		Country:   country,
		code:      int(n.GetCountryCode()),
		local:     withoutExtension(phonenumbers.Format(n, phonenumbers.NATIONAL), extension),
		foreign:   withoutExtension(phonenumbers.Format(n, phonenumbers.INTERNATIONAL), extension),
	}, true
}

func withoutExtension(text, extension string) string {
	if extension == "" {
		return text
	}
	text, _, _ = strings.Cut(text, " ext")
	return text
}

// WithoutPrefix takes off a caller's number the longest of the prefixes with
// which a telephone system has made it longer. The number stays as it is where
// none fits, or what would be left is no number.
func WithoutPrefix(text string, prefixes []string, region string) string {
	number := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/", r) {
			return -1
		}
		return r
	}, bare(text))
	best := ""
	for _, prefix := range prefixes {
		rest, ok := strings.CutPrefix(number, prefix)
		if !ok || len(prefix) <= len(best) {
			continue
		}
		if _, ok := Parse(rest, region); ok {
			best = prefix
		}
	}
	if best == "" {
		return text
	}
	return strings.TrimPrefix(number, best)
}

// Display is the number as people in region write it: nationally where the
// country shares the region's calling code, else internationally. Empty means
// US.
func (n Number) Display(region string) string {
	if region == "" {
		region = "US"
	}
	text := n.foreign
	if phonenumbers.GetCountryCodeForRegion(strings.ToUpper(region)) == n.code {
		text = n.local
	}
	if n.Extension != "" {
		text += " ext. " + n.Extension
	}
	return text
}

// maxInternal is the length of the longest internal number, in digits.
const maxInternal = 6

// Internal understands an internal number, such as an extension: two to six
// digits that are no public number of the region. It returns them without what
// people put between them.
func Internal(text, region string) (string, bool) {
	if region == "" {
		region = "US"
	}
	number := strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "").Replace(text)
	if len(number) < 2 || len(number) > maxInternal || strings.Trim(number, "0123456789") != "" {
		return "", false
	}
	n, err := phonenumbers.Parse(number, strings.ToUpper(region))
	if err == nil && phonenumbers.IsValidNumberForRegion(n, strings.ToUpper(region)) {
		return "", false
	}
	return number, true
}

// Valid returns the E.164 form of a number that can be dialled; see [Parse].
func Valid(text, region string) (e164 string, ok bool) {
	n, ok := Parse(text, region)
	return n.E164, ok
}

// searchable is the national number as HubSpot's searchable properties hold it.
func (n Number) searchable() string { return strings.TrimLeft(n.National, "0") }

// maxText is longer than any number with its address and extension.
const maxText = 256

// bare takes away what surrounds a number: the URI, the star code that hides
// the caller or does something else before dialling. It is empty if the caller
// is withheld or nothing is left.
func bare(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > maxText {
		return ""
	}
	if scheme, rest, ok := strings.Cut(text, ":"); ok {
		switch strings.ToLower(scheme) {
		case "sip", "sips", "tel", "callto":
			text = rest
		}
	}
	text, _, _ = strings.Cut(text, "@")
	if withheld(text) {
		return ""
	}
	return withoutCode(text)
}

// withheld says whether a phone system writes this for a caller who hides.
func withheld(text string) bool {
	switch strings.Trim(strings.ToLower(text), " \"<>+") {
	case "", "anonymous", "restricted", "private", "withheld", "unknown", "unavailable", "blocked", "no number",
		"266696687": // ANONYMOUS on a keypad
		return true
	}
	return false
}

// withoutCode takes a leading star code away: *67, *227 or #31# and the number
// behind it. A code alone leaves nothing.
func withoutCode(text string) string {
	if !strings.HasPrefix(text, "*") && !strings.HasPrefix(text, "#") {
		return text
	}
	rest := text[1:]
	if i := strings.IndexAny(rest, "*#"); i >= 0 {
		return withoutCode(strings.TrimSpace(rest[i+1:])) // #31#, *21*
	}
	// Two digits are a code, three too if something separates them from the number.
	if i := strings.IndexAny(rest, " +(-,"); i == 2 || i == 3 {
		return strings.TrimLeft(rest[i:], " -,")
	}
	if len(rest) <= 3 {
		return ""
	}
	return rest[2:]
}
