package ui_test

import (
	"testing"
	"time"
	"unicode/utf8"

	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
)

func TestElapsed(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "00:00", -5 * time.Second: "00:00", 3*time.Minute + 12*time.Second: "03:12",
		59*time.Minute + 59*time.Second: "59:59", time.Hour: "01:00:00", 27*time.Hour + 61*time.Second: "27:01:01",
	} {
		require.Equal(t, want, ui.Elapsed(d))
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		-time.Second: "0 s", 12 * time.Second: "12 s", 192 * time.Second: "3 min 12 s", 3780 * time.Second: "1 h 3 min",
	} {
		require.Equal(t, want, ui.Duration("en", d))
	}
}

func TestPhone(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"+14155550100": "+1 415 555 0100", "+442071838750": "+44 207 183 8750", "+351210001122": "+351 210 001 122",
		"1001": "1001", "": "", "+": "+", "anonymous": "anonymous", "sip:ann@example.com": "sip:ann@example.com",
		"4155550100": "415 555 0100", "+1415555": "+1 415 555", "+12": "+12",
	} {
		require.Equal(t, want, ui.Phone(number), number)
	}
}

func TestDialable(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, want string
		letters    bool
	}{
		{"+1 (415) 555-0100", "+14155550100", false},
		{"+49\u00a0(0)30 / 12.34", "+490301234", false},
		{"*31#", "*31#", false},
		{"555-CALL", "555", true},
		{"1+2", "12", false},
		{"", "", false},
		{"Jo\u00e3o", "", true},
	}
	for _, tt := range tests {
		got, letters := ui.Dialable(tt.text)
		require.Equal(t, tt.want, got, tt.text)
		require.Equal(t, tt.letters, letters, tt.text)
	}
}

// FuzzPhone: grouping a number never loses or invents a character.
func FuzzPhone(f *testing.F) {
	for _, s := range []string{"", "+", "+1", "+14155550100", "1001", "00", "+999999999999999", "ü", "+7"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		strip := func(s string) string {
			out := ""
			for _, r := range s {
				if r != ' ' {
					out += string(r)
				}
			}
			return out
		}
		require.Equal(t, strip(s), strip(ui.Phone(s)))
	})
}

func TestNumbersAndDatesByLanguage(t *testing.T) {
	t.Parallel()
	when := time.Date(2026, time.November, 21, 9, 0, 0, 0, time.UTC)
	tests := []struct{ lang, number, day, duration string }{
		{"en", "5,000", "Saturday, 21 November", "3 min 12 s"},
		{"de", "5.000", "Samstag, 21. November", "3 min 12 s"},
		{"es", "5.000", "Sábado, 21 de noviembre", "3 min 12 s"},
		{"fr", "5\u202f000", "Samedi 21 novembre", "3 min 12 s"},
		{"pt-BR", "5.000", "Sábado, 21 de novembro", "3 min 12 s"},
		{"ja", "5,000", "11月21日（土曜日）", "3分12秒"},
	}
	for _, tt := range tests {
		require.Equal(t, tt.number, ui.Number(tt.lang, 5000), tt.lang)
		require.Equal(t, tt.day, ui.Days(when, ui.Env{Lang: tt.lang}), tt.lang)
		require.Equal(t, tt.duration, ui.Duration(tt.lang, 192*time.Second), tt.lang)
	}
	require.Equal(t, "999", ui.Number("en", 999))
	require.Equal(t, "12,345,678", ui.Number("en", 12345678))
	require.Equal(t, "0", ui.Number("de", 0))
}
