package ui

import "time"

// firstRows is how many rows of a long list are drawn in the frame that answers
// a press: as many as a usual panel shows. The rest follows. A row takes about a
// millisecond, and a press is to be seen within 50.
const firstRows = 6

// drawn is how many of n rows are drawn now.
func (e Env) drawn(n int) int {
	if e.Local.Few {
		return min(n, firstRows)
	}
	return n
}

// fills says whether an intent puts another list on the screen.
func fills(i Intent) bool {
	switch i := i.(type) {
	case openTargets, pickTab, openTab, setFilter:
		return true
	case typed:
		return i.Field == fieldFind
	}
	return false
}

// painted is when the browser has surely shown what was drawn: two frames.
const painted = 32 * time.Millisecond

// drawRest draws what was left out of long lists, once the browser has shown
// the first rows. It runs after a drawing.
func (p *Panel) drawRest() {
	if p.local.Few && p.dispatch != nil {
		time.AfterFunc(painted, func() { p.dispatch(func() { p.local.Few = false }) })
	}
}
