package tenant

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// defaultDateFormat is how {date} is written where nobody says otherwise.
const defaultDateFormat = "yyyy-MM-dd"

// maxDateFormat is how long a format may be, in characters.
const maxDateFormat = 60

// dateParts are what a format may hold, in the connectors' spelling, and Go's
// for the same.
var dateParts = map[string]string{
	"yyyy": "2006", "yy": "06", "MMM": "Jan", "MM": "01", "M": "1", "dd": "02", "d": "2", "EEE": "Mon",
	"HH": "15", "hh": "03", "h": "3", "mm": "04", "ss": "05", "a": "PM",
}

// FormatDate writes a time in a format such as "MM.dd.yyyy hh:mm a": yyyy yy
// MMM MM M dd d EEE HH H hh h mm ss a; other letters stand between apostrophes,
// of which two are one. Names of months and days are English.
func FormatDate(at time.Time, format string) (string, error) {
	var b strings.Builder
	rest := format
	for rest != "" {
		if strings.HasPrefix(rest, "'") {
			text, after, err := quoted(rest)
			if err != nil {
				return "", err
			}
			b.WriteString(text)
			rest = after
			continue
		}
		r, size := utf8.DecodeRuneInString(rest)
		if !unicode.IsLetter(r) {
			b.WriteString(rest[:size])
			rest = rest[size:]
			continue
		}
		run := rest[:len(rest)-len(strings.TrimLeft(rest, string(r)))]
		layout, ok := dateParts[run]
		switch {
		case run == "H":
			fmt.Fprint(&b, at.Hour())
		case ok:
			b.WriteString(at.Format(layout))
		default:
			return "", fmt.Errorf("%q is not known: want yyyy yy MMM MM M dd d EEE HH H hh h mm ss a, other letters between apostrophes", run)
		}
		rest = rest[len(run):]
	}
	return b.String(), nil
}

// quoted reads what begins with an apostrophe.
func quoted(text string) (plain, rest string, err error) {
	if strings.HasPrefix(text, "''") {
		return "'", text[2:], nil
	}
	var b strings.Builder
	rest = text[1:]
	for {
		before, after, ok := strings.Cut(rest, "'")
		if !ok {
			return "", "", errors.New("an apostrophe without another one")
		}
		b.WriteString(before)
		if !strings.HasPrefix(after, "'") {
			return b.String(), after, nil
		}
		b.WriteByte('\'')
		rest = after[1:]
	}
}

func validateDateFormat(format string) error {
	if utf8.RuneCountInString(format) > maxDateFormat {
		return fmt.Errorf("longer than %d characters", maxDateFormat)
	}
	if !utf8.ValidString(format) || strings.ContainsFunc(format, unicode.IsControl) {
		return errors.New("holds control characters")
	}
	_, err := FormatDate(time.Time{}, format)
	return err
}
