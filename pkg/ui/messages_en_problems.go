package ui

// problemsEN are the banners, three sentences each: what happened, what still
// works, what to do.
var problemsEN = map[string]string{
	"op.dial": "calling", "op.accept": "answering", "op.decline": "declining", "op.hold": "hold", "op.resume": "taking off hold",
	"op.end": "ending the call", "op.record/pause": "pausing the recording", "op.record/resume": "resuming the recording",
	"op.wrapup": "the wrap-up", "op.login": "starting your shift", "op.logout": "logging out", "op.state": "changing your state",

	"offline.link.what": "The connection to Webex is interrupted.", "offline.link.works": "Your shift goes on.",
	"offline.link.do":        "Reconnecting by itself; no need to reload.",
	"offline.link-call.what": "The connection to Webex is interrupted.", "offline.link-call.works": "You can keep talking, and your notes are safe.",
	"offline.link-call.do":      "Reconnecting by itself; to end the call now, hang up your phone.",
	"offline.backend.what":      "Deskbridge's server does not answer.",
	"offline.backend.works":     "You can talk and take notes.",
	"offline.backend.do":        "Calls are logged as soon as it is back; keep this tab open.",
	"offline.backend-queued.do": "Logs are queued ({0}) and sent as soon as it is back; keep this tab open.",

	"offline.backend-queued.what": "Deskbridge's server does not answer.", "offline.backend-queued.works": "You can talk and take notes.",

	"problem.session-expired.what": "Your sign-in has ended.", "problem.session-expired.works": "A call you are in continues on your phone, and notes are kept.",
	"problem.session-expired.do": "Sign in again.",

	"problem.popup-blocked.what": "The browser blocked the sign-in window.", "problem.popup-blocked.works": "Nothing else is affected.",
	"problem.popup-blocked.do": "Allow pop-ups for this page in the address bar, then press Sign in again.",

	"problem.popup-closed.what": "The sign-in window was closed.", "problem.popup-closed.works": "Nothing has changed.",
	"problem.popup-closed.do": "Press Sign in to open it again.",

	"problem.sign-in-refused.what": "Webex did not accept the sign-in.", "problem.sign-in-refused.works": "Your account is unchanged.",
	"problem.sign-in-refused.do": "Try again with your Contact Center account, or ask your administrator.",

	"problem.not-linked.what": "Your Webex organisation is not linked to this HubSpot account.", "problem.not-linked.works": "Your Webex account itself is fine.",
	"problem.not-linked.do": "Ask your administrator to link the two in Deskbridge's settings.",

	"problem.backend-down.what": "Deskbridge's server does not answer.", "problem.backend-down.works": "Calls in progress continue, and your notes are kept here.",
	"problem.backend-down.do": "Wait a moment and try again; if it lasts, tell your administrator.",

	"problem.webex-down.what": "Webex does not answer.", "problem.webex-down.works": "A call you are in continues on your phone.",
	"problem.webex-down.do": "Deskbridge keeps trying; check status.webex.com if it lasts.",

	"problem.config-failed.what": "Your Webex settings could not be loaded.", "problem.config-failed.works": "You are still signed in.",
	"problem.config-failed.do": "Deskbridge tries again; if it lasts, ask your administrator to check your Contact Center profile.",

	"problem.login-duplicate.what": "Another agent is using this number.", "problem.login-duplicate.works": "You are still signed in.",
	"problem.login-duplicate.do": "Enter another number, or ask them to log out first.",

	"problem.login-invalid-number.what": "Webex does not know this number.", "problem.login-invalid-number.works": "You are still signed in.",
	"problem.login-invalid-number.do": "Check the number and start your shift again.",

	"problem.login-failed.what": "Webex did not start your shift ({0}).", "problem.login-failed.works": "You are still signed in.",
	"problem.login-failed.do": "Try again, or ask your administrator.",

	"problem.logout-failed.what": "Webex did not log you out.", "problem.logout-failed.works": "You are still on shift and calls can reach you.",
	"problem.logout-failed.do": "Try again in a moment.",

	"problem.logout-in-call.what": "You cannot log out during a call.", "problem.logout-in-call.works": "The call goes on.",
	"problem.logout-in-call.do": "Finish the call and its wrap-up, then log out.",

	"problem.state-failed.what": "Your state did not change.", "problem.state-failed.works": "The state shown above is the true one.",
	"problem.state-failed.do": "Choose it again in a moment.",

	"problem.no-confirmation.what": "Webex did not confirm {0}.", "problem.no-confirmation.works": "What you see was checked with Webex again and is right.",
	"problem.no-confirmation.do": "Try once more if it is still needed.",

	"problem.command-refused.what": "Webex refused {0} ({1}).", "problem.command-refused.works": "The call itself is not affected, and your notes are safe.",
	"problem.command-refused.do": "Try once more, or use your phone.",

	"problem.dial-invalid.what": "This number cannot be called.", "problem.dial-invalid.works": "Everything else works.",
	"problem.dial-invalid.do": "Check it: it needs its country code, such as +1 415 555 0100.",

	"problem.dial-not-ready.what": "You are not on shift, so the call was not placed.", "problem.dial-not-ready.works": "The number was not called.",
	"problem.dial-not-ready.do": "Sign in and start your shift, then call again.",

	"problem.dial-in-call.what": "You are already in a call, so the new one was not placed.", "problem.dial-in-call.works": "Your call goes on.",
	"problem.dial-in-call.do": "Finish it with its wrap-up, then call again.",

	"problem.dial-not-allowed.what": "Outgoing calls are switched off for you.", "problem.dial-not-allowed.works": "Incoming calls reach you.",
	"problem.dial-not-allowed.do": "Ask your administrator to allow outdial in your Webex profile.",

	"problem.dial-failed.what": "The call could not be placed ({0}).", "problem.dial-failed.works": "Your phone and your state are fine.",
	"problem.dial-failed.do": "Check the number, or try again.",

	"problem.navigate-refused.what": "HubSpot would not open the record.", "problem.navigate-refused.works": "The call is logged to it all the same.",
	"problem.navigate-refused.do": "Search for it in HubSpot, or press Open record again.",

	"problem.contact-not-created.what": "The contact was not created.", "problem.contact-not-created.works": "The call goes on and will be logged.",
	"problem.contact-not-created.do": "Try again, or create it in HubSpot and choose it here.",

	"problem.taken-elsewhere.what": "Your calls were taken over by another session.", "problem.taken-elsewhere.works": "They go on there, and on your phone.",
	"problem.taken-elsewhere.do": "Press Bring here to continue in this tab.",

	"problem.storage-unusable.what": "The browser does not let Deskbridge remember anything.", "problem.storage-unusable.works": "Calls work, and are logged while this tab is open.",
	"problem.storage-unusable.do": "Allow cookies and site data for this page, or keep this tab open until calls are saved.",

	"problem.version-mismatch.what": "Deskbridge was updated.", "problem.version-mismatch.works": "Your call goes on.",
	"problem.version-mismatch.do": "Reload this page when you are between calls.",

	"problem.logged-out-by.what": "Your shift was ended by {0}.", "problem.logged-out-by.works": "You are still signed in.",
	"problem.logged-out-by.do": "Start your shift again, or ask your supervisor.",
}
