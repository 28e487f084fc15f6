package layout

import (
	"bytes"
	"slices"
)

// A DiffLine is one line of a difference between two texts.
type DiffLine struct {
	Mark     byte   // '+' is new, '-' is gone, ' ' stays.
	Old, New int    // The line's number in either text, from 1; 0 where it is not in it.
	Text     string // Without its end.
}

// A Hunk is lines that follow each other, with changed ones among them.
type Hunk []DiffLine

// maxChanges bounds the search for the smallest difference, whose time and
// memory grow with its square. Our own edits change some hundred lines.
const maxChanges = 3000

// Diff is what has to be changed to make one text the other, line by line, with
// that many lines around each change. Nil: they are the same. Of texts that
// have next to nothing in common, all between the first and the last difference
// counts as changed.
func Diff(old, new []byte, context int) []Hunk {
	a, b := bytes.SplitAfter(old, []byte("\n")), bytes.SplitAfter(new, []byte("\n"))
	number := map[string]int{}
	numbered := func(lines [][]byte) []int {
		if len(lines[len(lines)-1]) == 0 {
			lines = lines[:len(lines)-1]
		}
		all := make([]int, len(lines))
		for i, l := range lines {
			n, known := number[string(l)]
			if !known {
				n = len(number)
				number[string(l)] = n
			}
			all[i] = n
		}
		return all
	}
	x, y := numbered(a), numbered(b)
	from := 0
	for from < len(x) && from < len(y) && x[from] == y[from] {
		from++
	}
	same := 0
	for same < len(x)-from && same < len(y)-from && x[len(x)-1-same] == y[len(y)-1-same] {
		same++
	}
	if from == len(x) && from == len(y) {
		return nil
	}

	marks := slices.Repeat([]byte{' '}, from)
	marks = append(marks, fewest(x[from:len(x)-same], y[from:len(y)-same])...)
	marks = append(marks, slices.Repeat([]byte{' '}, same)...)

	var hunks []Hunk
	last := -1 // The last mark that is in a hunk.
	i, j := 0, 0
	near := nearChanges(marks, context)
	for at, mark := range marks {
		line := DiffLine{Mark: mark}
		var text []byte
		if mark != '+' {
			line.Old, text = i+1, a[i]
			i++
		}
		if mark != '-' {
			line.New, text = j+1, b[j]
			j++
		}
		if !near[at] {
			continue
		}
		line.Text = string(bytes.TrimRight(text, "\r\n"))
		if last < 0 || last != at-1 {
			hunks = append(hunks, nil)
		}
		hunks[len(hunks)-1] = append(hunks[len(hunks)-1], line)
		last = at
	}
	return hunks
}

// nearChanges says of each mark whether a change is that many marks away or less.
func nearChanges(marks []byte, context int) []bool {
	near := make([]bool, len(marks))
	for at, mark := range marks {
		if mark == ' ' {
			continue
		}
		for k := max(0, at-context); k <= min(len(marks)-1, at+context); k++ {
			near[k] = true
		}
	}
	return near
}

// fewest are the fewest marks that make x into y: Myers, "An O(ND) Difference
// Algorithm" (1986).
func fewest(x, y []int) []byte {
	most := min(len(x)+len(y), maxChanges)
	furthest := make([]int, 2*most+3) // How far in x, by diagonal.
	middle := most + 1
	var trace [][]int // After each number of changes, from diagonal -d on in steps of two.
	done := false
	for d := 0; d <= most && !done; d++ {
		now := make([]int, 0, d+1)
		for k := -d; k <= d && !done; k += 2 {
			i := 0
			switch {
			case d == 0:
			case k == -d || k != d && furthest[middle+k-1] < furthest[middle+k+1]:
				i = furthest[middle+k+1]
			default:
				i = furthest[middle+k-1] + 1
			}
			for i < len(x) && i-k < len(y) && x[i] == y[i-k] {
				i++
			}
			now = append(now, i)
			furthest[middle+k] = i
			done = i >= len(x) && i-k >= len(y)
		}
		trace = append(trace, now)
	}
	if !done {
		return append(slices.Repeat([]byte{'-'}, len(x)), slices.Repeat([]byte{'+'}, len(y))...)
	}
	var back []byte
	i, j := len(x), len(y)
	for d := len(trace) - 1; d > 0; d-- {
		before, k := trace[d-1], i-j
		at := (k + d) / 2 // Diagonal k-1 is at-1 in before, and k+1 is at.
		down := k == -d || k != d && before[at-1] < before[at]
		mark, start := byte('-'), 0
		if down {
			mark, start = '+', before[at]
		} else {
			start = before[at-1] + 1
		}
		for ; i > start; i, j = i-1, j-1 {
			back = append(back, ' ')
		}
		back = append(back, mark)
		if down {
			j--
		} else {
			i--
		}
	}
	back = append(back, slices.Repeat([]byte{' '}, i)...)
	slices.Reverse(back)
	return back
}
