package ui

import "deskbridge/pkg/softphone"

// A look is how a status word appears everywhere: its tone (a set of colour
// tokens) and the shape of its dot, which differs for every word so that
// colour is never alone. Word and sentence are messages of the same id.
type look struct{ tone, dot string }

// looks is the one table of agent-panel-ui §6.
var looks = map[softphone.StatusWord]look{
	softphone.WordSignedOut:  {"quiet", "signed-out"},
	softphone.WordStation:    {"quiet", "station"},
	softphone.WordConnecting: {"quiet", "connecting"},
	softphone.WordAvailable:  {"ok", "available"},
	softphone.WordIdle:       {"quiet", "idle"},
	softphone.WordRinging:    {"info", "ringing"},
	softphone.WordDialing:    {"info", "dialing"},
	softphone.WordConnected:  {"ok", "connected"},
	softphone.WordHeld:       {"warn", "held"},
	softphone.WordConsulting: {"info", "consulting"},
	softphone.WordConference: {"ok", "conference"},
	softphone.WordWrapUp:     {"warn", "wrap-up"},
	softphone.WordRona:       {"error", "rona"},
	softphone.WordOffline:    {"error", "offline"},
	softphone.WordFollower:   {"quiet", "follower"},
}

// word is the state as shown: the idle code's own name where there is one.
func word(st softphone.Status, e Env) string {
	if st.Word == softphone.WordIdle && st.Idle != "" {
		if id := "idle." + st.Idle; has(id) {
			return e.t(id) // One of Webex's own codes, such as Agent_Declined.
		}
		return st.Idle
	}
	return e.t("word." + string(st.Word))
}

// who is the best name for the other side of a call.
func who(c softphone.CallView, e Env) string {
	switch {
	case c.Name != "":
		return e.name(c.Name)
	case c.Number != "":
		return callNumber(c, e)
	}
	return e.t("call.unknown")
}
