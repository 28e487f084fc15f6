package ui

import (
	"strconv"
	"strings"
	"time"
)

// Elapsed is a running time: 03:12, from an hour on 01:03:12. Negative
// durations, which clocks out of step make, are zero.
func Elapsed(d time.Duration) string {
	s := max(int(d/time.Second), 0)
	if s < 3600 {
		return two(s/60) + ":" + two(s%60)
	}
	return two(s/3600) + ":" + two(s/60%60) + ":" + two(s%60)
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// Duration is a finished time in words: 3 min 12 s, 1 h 3 min, 12 s.
func Duration(lang string, d time.Duration) string {
	s := max(int(d.Round(time.Second)/time.Second), 0)
	switch {
	case s < 60:
		return T(lang, "duration.s", strconv.Itoa(s))
	case s < 3600:
		return T(lang, "duration.ms", strconv.Itoa(s/60), strconv.Itoa(s%60))
	}
	return T(lang, "duration.hm", strconv.Itoa(s/3600), strconv.Itoa(s/60%60))
}

// Number is a whole number with its thousands apart: 5,000 in English, 5.000 in
// German.
func Number(lang string, n int) string {
	digits := strconv.Itoa(n)
	if n < 1000 {
		return digits
	}
	at := len(digits) % 3
	parts := make([]string, 0, len(digits)/3+1)
	if at > 0 {
		parts = append(parts, digits[:at])
	}
	for ; at < len(digits); at += 3 {
		parts = append(parts, digits[at:at+3])
	}
	return strings.Join(parts, T(lang, "number.group"))
}

// day is a date without its year: Friday, 21 November.
func day(t time.Time, e Env) string {
	return e.t("date.day", e.t("day."+strconv.Itoa(int(t.Weekday()))), strconv.Itoa(t.Day()), e.t("month."+strconv.Itoa(int(t.Month()))))
}

// date is a day in a line with other things: 12 November, and 12 November 2025
// in another year than this.
func date(t time.Time, e Env) string {
	d, m := strconv.Itoa(t.Day()), e.t("month."+strconv.Itoa(int(t.Month())))
	if t.Year() != e.Now.Year() {
		return e.t("date.year", d, m, strconv.Itoa(t.Year()))
	}
	return e.t("date.short", d, m)
}

// age is how long ago something was, in its largest unit: 12 min, 5 h, 3 days.
// It is empty within the first minute and where it is not known.
func age(t time.Time, e Env) string {
	if t.IsZero() {
		return ""
	}
	minutes := int(e.Now.Sub(t) / time.Minute)
	switch days := minutes / (24 * 60); {
	case minutes < 1:
		return ""
	case minutes < 60:
		return e.t("age.min", strconv.Itoa(minutes))
	case days < 1:
		return e.t("age.hour", strconv.Itoa(minutes/60))
	case days == 1:
		return e.t("age.day")
	default:
		return e.t("age.days", Number(e.Lang, days))
	}
}

// clock is a time of day, 10:42, in the zone that t is in.
func clock(t time.Time) string { return two(t.Hour()) + ":" + two(t.Minute()) }

// Phone groups a number for reading: +1 415 555 0100. It knows lengths of
// country codes and nothing else; national formats stay on the server. Short
// numbers and anything that is not a plain number come back unchanged.
func Phone(number string) string {
	digits, plus := strings.CutPrefix(number, "+")
	if !allDigits(digits) || len(digits) < 7 {
		return number
	}
	if !plus {
		return group(digits)
	}
	n := codeLen(digits)
	return "+" + digits[:n] + " " + group(digits[n:])
}

// codeLen is the length of the country code at the front of an E.164 number.
func codeLen(digits string) int {
	if digits[0] == '1' || digits[0] == '7' {
		return 1
	}
	if strings.Contains(twoDigitCodes, " "+digits[:2]+" ") {
		return 2
	}
	return 3
}

// twoDigitCodes are the country codes of two digits (ITU-T E.164).
const twoDigitCodes = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 " +
	"60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "

// group cuts digits into threes with a longer last group, never one digit.
func group(digits string) string {
	var parts []string
	for len(digits) > 4 {
		parts, digits = append(parts, digits[:3]), digits[3:]
	}
	return strings.Join(append(parts, digits), " ")
}

func allDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// dialable keeps what can be dialled of a typed or pasted text: digits, * and
// #, and a plus in front. Whether letters had to go is said beside it;
// brackets, spaces, dots and dashes go silently.
func dialable(text string) (number string, letters bool) {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9', r == '*', r == '#':
			b.WriteRune(r)
		case r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" \t\u00a0\u2009\u202f()[]-\u2010\u2011\u2013./+", r), r < ' ':
		default:
			letters = true
		}
	}
	return b.String(), letters
}

// masked hides all but the last two characters of a sensitive value.
func masked(value string) string {
	r := []rune(value)
	if len(r) <= 2 {
		return "••"
	}
	return "••••" + string(r[len(r)-2:])
}
