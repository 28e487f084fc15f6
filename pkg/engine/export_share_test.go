package engine

// Travels says whether an event of that name can be sent to the frame that leads.
func Travels(name string) bool { _, ok := presses[name]; return ok }
