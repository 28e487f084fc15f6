package studio

import (
	"slices"
	"strings"
	"unicode/utf8"

	"deskbridge/pkg/layout"
)

// wide is how many characters of a line are shown: a file may be one line. Of
// lines with more than long bytes nothing is: to look for each of hundreds of
// problems would take seconds.
const (
	wide = 160
	long = 1 << 16
)

// excerpt is a line of a text, from 1.
func excerpt(text []byte, line, col int) string {
	lines := strings.Split(string(text), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return crop(lines[line-1], col)
}

// crop is the part of a line around a column, from 1 in characters.
func crop(line string, col int) string {
	line = strings.TrimRight(line, "\r")
	if len(line) > long {
		return ""
	}
	if utf8.RuneCountInString(line) <= wide {
		return strings.TrimSpace(line)
	}
	all := []rune(line)
	from := max(0, min(col-1-wide/3, len(all)-wide))
	out := string(all[from : from+wide])
	if from > 0 {
		out = "…" + out
	}
	if from+wide < len(all) {
		out += "…"
	}
	return out
}

// Shown are a hunk's lines as they are drawn: of a long line that stands for
// another only what differs, with what is next to it.
func Shown(h layout.Hunk) []layout.DiffLine {
	out := slices.Clone(h)
	for i, l := range out {
		if i > 0 && l.Mark == '+' && out[i-1].Mark == '-' {
			out[i-1].Text, out[i].Text = differing(h[i-1].Text, l.Text)
		} else {
			out[i].Text, _ = differing(l.Text, "")
		}
	}
	return out
}

// differing are two lines without what is the same, if they are long.
func differing(old, new string) (string, string) {
	if len(old) <= 2*wide && len(new) <= 2*wide {
		return old, new
	}
	a, b := []rune(old), []rune(new)
	start, end := 0, 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	cut := func(all []rune) string {
		from, to := max(0, start-wide/4), min(len(all), len(all)-end+wide/4)
		out := string(all[from:to])
		if to-from > 4*wide {
			out = string(all[from:from+2*wide]) + " … " + string(all[to-wide:to])
		}
		if from > 0 {
			out = "…" + out
		}
		if to < len(all) {
			out += "…"
		}
		return out
	}
	return cut(a), cut(b)
}
