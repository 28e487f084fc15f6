package softphone

import "slices"

// PopInChosen is where this agent wants records to open: "new", "current",
// "auto" for neither, or "" for what the tenant's settings say. The panel sends
// it again after a reload.
type PopInChosen struct{ PopIn string }

func (PopInChosen) event() {}

// popIn is where records open: the agent's choice, unless the tenant has locked
// it.
func (s State) popIn() string {
	if s.PopIn == "" || slices.Contains(s.Settings.Locked, "popIn") {
		return s.Settings.PopIn
	}
	return s.PopIn
}
