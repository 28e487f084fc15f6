package callingext

// A Warning is a step of the widget that does not follow the documented
// order. What HubSpot does then is not documented; [Host] only reports it.
type Warning struct {
	Type           MessageType
	ExternalCallID string // Empty when the message names no call.
	Problem        string // A sentence for a developer.
}

// callPhase is how far a call has come.
type callPhase int

const (
	callNone callPhase = iota
	callStarted
	callAnswered
	callTransferred // HubSpot's demo forgets the call then; an end may or may not follow.
	callEnded
)

// The rules are invented: inferred from which buttons HubSpot's demo enables,
// not documented. Initialise, log in, then available; start a call when logged
// in, an inbound one when also available; answered only after a start; ended
// from ringing or talking; completed only after ended; one call at a time;
// logout clears all.
type order struct {
	initialized, loggedIn, available bool

	phase   callPhase
	call    string
	resumed bool // INITIALIZED named an engagement: a call that we did not see start.
}

// check returns what is wrong with m at this point, and takes the step.
func (o *order) check(m WidgetMessage) (Warning, bool) {
	problem, call := o.step(m)
	return Warning{m.Kind(), call, problem}, problem != ""
}

func (o *order) step(m WidgetMessage) (problem, call string) {
	if m, ok := m.(Initialized); ok {
		if o.initialized {
			problem = "INITIALIZED was already sent"
		}
		*o = order{initialized: true, loggedIn: m.IsLoggedIn, available: m.IsAvailable, resumed: m.EngagementID != ""}
		return problem, ""
	}
	if _, ok := m.(SendError); !ok && !o.initialized {
		problem = "before INITIALIZED"
	}
	switch m := m.(type) {
	case LoggedIn:
		o.loggedIn = true
	case LoggedOut:
		*o = order{initialized: o.initialized}
	case Available:
		if !o.loggedIn {
			problem = "available before login"
		}
		o.available = true
	case Unavailable:
		o.available = false
	case IncomingCall:
		call = m.ExternalCallID
		if !o.available {
			problem = "incoming call while not available"
		}
		problem = o.start(call, problem)
	case OutgoingCall:
		call = m.ExternalCallID
		problem = o.start(call, problem)
	case CallAnswered:
		call = m.ExternalCallID
		problem = o.advance(call, problem, "answered before it started, or twice", callAnswered, callStarted)
	case CallTransferred:
		call = m.ExternalCallID
		problem = o.advance(call, problem, "transferred while not under way", callTransferred, callStarted, callAnswered)
	case CallEnded:
		call = m.ExternalCallID
		problem = o.advance(call, problem, "ended while not under way", callEnded, callStarted, callAnswered, callTransferred)
	case CallCompleted:
		call = m.ExternalCallID
		problem = o.advance(call, problem, "completed before it ended", callNone, callEnded, callTransferred)
	}
	return problem, call
}

func (o *order) start(call, problem string) string {
	if problem == "" && !o.loggedIn {
		problem = "call before login"
	}
	if problem == "" && (o.phase == callStarted || o.phase == callAnswered) {
		problem = "a second call before the first has ended"
	}
	o.phase, o.call, o.resumed = callStarted, call, false
	return problem
}

func (o *order) advance(call, problem, wrong string, to callPhase, from ...callPhase) string {
	if o.resumed {
		// We cannot know how far a call had come before the page was reloaded.
		o.call, o.phase, o.resumed = call, to, false
		return problem
	}
	allowed := false
	for _, p := range from {
		allowed = allowed || p == o.phase
	}
	switch {
	case problem != "":
	case !allowed:
		problem = wrong
	case call != "" && call != o.call:
		problem = "another externalCallId than at the start"
	}
	o.phase = to
	return problem
}
