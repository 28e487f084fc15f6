package ui

// english is the first language and the one that others fall back to. Style
// (agent-panel-ui §9): sentence case, verbs, no jargon.
var english = merge(screensEN, stateEN, problemsEN, reasonsEN)

func merge(parts ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, part := range parts {
		for id, text := range part {
			all[id] = text
		}
	}
	return all
}

var screensEN = map[string]string{
	"zone.status": "Agent status", "zone.notices": "Notices", "zone.calls": "Calls",
	"zone.dock": "Call actions", "zone.tabs": "Pages",

	"tab.phone": "Phone", "tab.history": "History", "tab.need": "need you",

	"h1.boot": "Connecting", "h1.sign-in": "Sign in", "h1.station": "Start your shift",
	"h1.idle": "Phone", "h1.dialing": "Calling {0}", "h1.incoming": "Incoming call from {0}",
	"h1.in-call": "In call with {0}", "h1.on-hold": "{0} is on hold", "h1.consulting": "Consulting about {0}",
	"h1.wrap-up": "Wrap-up of the call with {0}", "h1.missed": "Missed call", "h1.follower": "Calls are handled elsewhere",
	"h1.history": "Call history",

	"menu.change": "change state", "menu.label": "State", "menu.states": "State", "menu.sign-out": "Log out",
	"busy.state": "Changing…", "busy.logout": "Logging out…",

	"notice.dismiss": "Dismiss", "notice.no-detail": "no reason given",

	"boot.title": "Connecting to Webex…", "boot.session": "Signed in", "boot.profile": "Your Webex settings",
	"boot.link": "Live connection", "boot.done": "done", "boot.doing": "in progress",
	"boot.wait": "This takes longer than usual. You can wait; nothing is lost.",

	"sign-in.title": "Take calls inside HubSpot", "sign-in.lead": "Sign in with your Webex Contact Center account. Calls ring here and are logged for you.",
	"sign-in.button": "Sign in with Webex", "sign-in.again": "Open the window again",
	"sign-in.popup": "A small window opens for it.", "sign-in.waiting": "Waiting for you in the sign-in window…",
	"sign-in.code": "Check that the window shows this code", "sign-in.code-why": "The same code in both places means that it is really yours.",

	"station.title": "Hello {0}", "station.lead": "Where should your calls ring?", "station.how": "Phone",
	"station.option-EXTENSION": "Extension", "station.option-AGENT_DN": "Dial number", "station.option-BROWSER": "Browser",
	"station.about-EXTENSION": "Your desk phone or Webex App", "station.about-AGENT_DN": "Any phone, such as a mobile",
	"station.about-BROWSER":   "This computer's microphone",
	"station.label-EXTENSION": "Extension number", "station.label-AGENT_DN": "Phone number",
	"station.note-EXTENSION": "Digits only, such as 1001", "station.note-AGENT_DN": "With country code, such as +1 415 555 0100",
	"station.forced": "Set by your administrator",
	"station.team":   "Team", "station.one-team": "Team: {0}", "station.remember": "Remember on this computer",
	"station.start": "Start shift", "station.starting": "Starting…",
	"station.no-option": "None of your ways to take calls works here yet. Ask your administrator for an extension.",
	"station.no-number": "Enter the number of your phone.", "station.no-extension": "Enter your extension.",
	"station.digits": "Use digits only, with + in front if needed.", "station.bad-extension": "An extension has up to 10 digits and no +.",
	"station.bad-number":     "A phone number has 7 to 15 digits.",
	"station.line-EXTENSION": "Extension {0}", "station.line-AGENT_DN": "Phone {0}", "station.line-BROWSER": "This browser",

	"dial.label": "Number to call", "dial.placeholder": "Enter a number", "dial.pad": "Dial pad", "dial.from": "Call from",
	"dial.backspace": "Delete last digit", "dial.call": "Call", "dial.letters": "Letters were left out. Searching by name comes later.",
	"key.star": "Star", "key.hash": "Hash", "key.zero": "0, hold for plus",

	"dialing.kind": "Calling…", "dialing.cancel": "Cancel", "dialing.from": "From {0}",
	"dialing.rings":      "Ringing at the other side…",
	"dialing.desk-phone": "Pick up your phone first. Webex then calls the other side.",

	"incoming.call": "Incoming call", "incoming.chat": "Incoming chat", "incoming.mail": "Incoming e-mail",
	"incoming.left": "{0} s left", "incoming.answer": "Answer", "incoming.answering": "Answering…", "incoming.decline": "Decline",
	"incoming.on-phone": "Ringing on your phone…", "incoming.on-phone-do": "Pick up to answer.",
	"incoming.phone-EXTENSION": "Extension {0}.", "incoming.phone-AGENT_DN": "{0}.", "incoming.phone-BROWSER": "",

	"call.unknown": "Unknown caller", "call.inbound": "Inbound", "call.outbound": "Outbound", "call.missed": "Missed",
	"call.variables": "About this call", "call.end": "End call", "call.ending": "Ending…", "call.end-sure": "Press again to end",
	"call.end-again": "The call has just begun. Press again to end it.", "call.customer-gone": "Customer has left",
	"hold.band": "On hold", "hold.resume": "Resume",
	"consult.peer": "Colleague", "consult.talking": "Talking",
	"recording.on": "Recording", "recording.paused": "Recording paused",
	"control.mute": "Mute", "control.hold": "Hold", "control.keypad": "Keypad", "control.record": "Record",
	"control.consult": "Consult", "control.transfer": "Transfer",

	"notes.label": "Notes", "notes.placeholder": "What is this call about?", "notes.auto": "Saves by itself",
	"notes.saving": "Saving…", "notes.saved": "Saved", "notes.saved-at": "Saved {0}", "notes.kept": "Kept on this computer",

	"match.looking": "Looking in HubSpot…", "match.in-hubspot": "Contact in HubSpot", "match.open": "Open record",
	"match.several": "Who is calling?", "match.unnamed": "Without a name", "match.not-listed": "Not listed",
	"match.none": "Not in HubSpot yet", "match.create": "Create contact", "match.first": "First name", "match.last": "Last name",
	"match.with-number": "Gets the number {0}", "match.save": "Create", "match.saving": "Creating…", "match.cancel": "Cancel",
	"match.name-needed": "Enter a first or last name.",

	"wrap-up.not-connected": "Not connected", "wrap-up.reason": "Wrap-up reason", "wrap-up.choose": "Choose a reason",
	"wrap-up.no-codes": "No wrap-up reasons are set up for you. Ask your administrator.", "wrap-up.logging-to": "Logging to",
	"wrap-up.submit": "Submit", "wrap-up.submitting": "Submitting…", "wrap-up.auto": "Submits by itself in {0}. Your notes are kept.",

	"missed.kind": "Missed call", "missed.state": "You are now “{0}”", "missed.available": "You are available again",
	"missed.why":              "No new calls reach you until you are available again.",
	"missed.why-MISSED":       "It rang until the time was up. No new calls reach you until you are available again.",
	"missed.why-REJECTED":     "The call was declined. No new calls reach you until you are available again.",
	"missed.why-available":    "The next call can reach you.",
	"missed.available-button": "Go available", "missed.call-back": "Call back", "missed.dismiss": "Not now",

	"follower.title":      "Calls are handled in another tab",
	"follower.lead":       "They ring there. Bring them over to work in this tab.",
	"follower.taken":      "You are signed in somewhere else",
	"follower.taken-lead": "Another browser or the Agent Desktop took over your calls. Bring them here to go on in this tab.",
	"follower.bring":      "Bring here", "follower.sure": "Bring the call here",
	"follower.live": "A call is going on there. It continues on your phone; press again to control it from here.",

	"history.filter": "Show", "history.all": "All", "history.needs-you": "Needs you ({0})", "history.empty": "No calls yet",
	"history.empty-lead": "Your calls of the last days appear here, with what was logged in HubSpot.",
	"history.none-need":  "Nothing needs you", "history.none-need-lead": "Every call is logged or on its way.",
	"history.today": "Today", "history.yesterday": "Yesterday", "history.redial": "Call {0}",

	"receipt.queued": "Saving to HubSpot", "receipt.saved": "Saved to HubSpot", "receipt.needs-you": "Needs you",
	"receipt.retry": "Try again", "receipt.retry-name": "Try again to save the call with {0}", "receipt.open": "Open",
	"receipt.new-tab": "in a new tab",

	"outcome.FAILED": "Failed", "outcome.CANCELED": "Cancelled", "outcome.BUSY": "Busy", "outcome.NO_ANSWER": "No answer",
	"outcome.REJECTED": "Declined", "outcome.MISSED": "Missed",

	"duration.s": "{0} s", "duration.ms": "{0} min {1} s", "duration.hm": "{0} h {1} min",

	"day.0": "Sunday", "day.1": "Monday", "day.2": "Tuesday", "day.3": "Wednesday", "day.4": "Thursday", "day.5": "Friday",
	"day.6": "Saturday",

	"month.1": "January", "month.2": "February", "month.3": "March", "month.4": "April", "month.5": "May", "month.6": "June",
	"month.7": "July", "month.8": "August", "month.9": "September", "month.10": "October", "month.11": "November",
	"month.12": "December",
}

var stateEN = map[string]string{
	"word.signed-out": "Signed out", "word.station-needed": "Not on shift", "word.connecting": "Connecting…",
	"word.available": "Available", "word.idle": "Not available", "word.ringing": "Ringing", "word.dialing": "Calling",
	"word.connected": "In call", "word.held": "On hold", "word.consulting": "Consulting", "word.conference": "Conference",
	"word.wrap-up": "Wrap-up", "word.rona": "RONA – not available", "word.offline": "Reconnecting…", "word.follower": "In another tab",

	"idle.Agent_Declined": "Declined – not available", "idle.Agent_Unavailable": "Phone not reached – not available",
	"idle.Agent_Busy": "Phone busy – not available", "idle.Invalid_Number": "Number not valid – not available",
	"idle.Channel_Failure": "Connection failed – not available",

	"phase.dialing": "Calling", "phase.ringing": "Ringing", "phase.talking": "In call", "phase.held": "On hold",
	"phase.consult-ringing": "Consulting", "phase.consulting": "Consulting", "phase.conference": "Conference",
	"phase.wrap-up": "Wrap-up", "phase.done": "Ended",

	"say.incoming": "Incoming call from {0}, {1}. Answer with Control Alt A.", "say.incoming-phone": "Incoming call from {0}, {1}. It rings on your phone.",
	"say.ring-left": "{0} to answer.", "say.ring-ends": "Five seconds left to answer.",
	"say.missed": "You missed a call from {0}.", "say.idle": "No call. You are: {0}.", "say.status": "You are now: {0}.",
	"say.dialing": "Calling {0}.", "say.in-call": "Connected to {0}.", "say.on-hold": "On hold.", "say.resumed": "Off hold.",
	"say.consulting": "Consulting.", "say.wrap-up": "Call ended. Choose a wrap-up reason.", "say.follower": "Calls are handled in another tab.",
	"say.recording-paused": "Recording paused.", "say.recording-on": "Recording.",
	"say.match-one": "Found in HubSpot: {0}.", "say.match-several": "Several records match. Choose one.", "say.match-none": "Not found in HubSpot.",
	"say.saved": "Saved to HubSpot.", "say.needs-you": "HubSpot refused a call log. See History.",
	"say.link-back": "The connection to Webex is back.", "say.backend-back": "Saving works again.",
}

// reasonsEN are the sentences for softphone.Reason: why a control does nothing.
var reasonsEN = map[string]string{
	"why.not-here": "", "why.on-your-phone": "Use your phone for this.", "why.waiting": "One moment…",
	"why.offline":     "Not while the connection to Webex is down.",
	"why.not-allowed": "Your administrator has switched this off.", "why.in-call": "First finish the call you are in.",
	"why.no-station": "Start your shift first.", "why.customer-gone": "The customer has left the call.",
	"why.not-recording": "This call is not recorded.", "why.no-reason-chosen": "Choose a wrap-up reason first.",
	"why.no-number": "Enter a number first.", "why.no-host": "No HubSpot page is connected to this tab.",
	"why.no-record": "No record is chosen yet.", "why.comes-later": "Comes in a later version.",
}
