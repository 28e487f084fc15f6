package ui

import (
	"strconv"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A notice is one banner: what happened, what still works, what to do.
type notice struct {
	id   string
	tone string // error, warn, info
	msg  string // Prefix of its three messages.
	args []string
	drop int // The problem to dismiss; 0 cannot be dismissed.

	waits bool // The argument is how many seconds to wait.

	until time.Time // Counts down to then.
	label string    // Message of the one thing to do about it; empty for none.
	do    Intent
}

// notices are the banners of a view: being offline first, then problems,
// newest first.
func notices(v softphone.View) []notice {
	var out []notice
	if v.Link == softphone.LinkDown && working(v) {
		msg := "offline.link"
		if v.Call != nil {
			msg = "offline.link-call"
		}
		out = append(out, notice{id: "offline-link", tone: "warn", msg: msg})
	}
	if v.Backend.Down && v.Screen != softphone.ScreenSignIn {
		msg := "offline.backend"
		if v.Backend.Queued > 0 {
			msg = "offline.backend-queued"
		}
		out = append(out, notice{id: "offline-backend", tone: "warn", msg: msg, args: []string{strconv.Itoa(v.Backend.Queued)}})
	}
	if !v.LogoutAt.IsZero() && working(v) {
		out = append(out, notice{
			id: "inactive", tone: "warn", msg: "inactive", until: v.LogoutAt,
			label: "inactive.stay", do: send{softphone.ActivitySeen{}},
		})
	}
	for n := len(v.Problems) - 1; n >= 0; n-- {
		pr := v.Problems[n]
		if pr.Code == softphone.BackendDown && v.Backend.Down && v.Screen != softphone.ScreenSignIn ||
			pr.Code == softphone.WebexDown && v.Link == softphone.LinkDown && working(v) ||
			pr.Code == softphone.TakenElsewhere && v.Screen == softphone.ScreenFollower {
			continue // The banner above or the screen says it.
		}
		if pr.Code == softphone.DialANIRefused && len(pr.Args) > 1 {
			pr.Args = []string{pr.Args[0], Phone(pr.Args[1])} // One of ours: never hidden.
		}
		out = append(out, notice{
			id: "problem-" + strconv.Itoa(pr.ID), tone: toneOf(pr.Code),
			msg: "problem." + string(pr.Code), args: pr.Args, waits: pr.Code == softphone.DialLimit, drop: pr.ID,
		})
	}
	return out
}

// toneOf is how loud a problem is: what stops work is an error, a refusal that
// the agent can mend a warning, the rest information.
func toneOf(code softphone.ProblemCode) string {
	switch code {
	case softphone.PopupClosed, softphone.LogoutInCall, softphone.DialInCall, softphone.DialNotReady,
		softphone.NavigateRefused, softphone.TabBlocked, softphone.TakenElsewhere, softphone.LoggedOutBy, softphone.LoggedOutIdle,
		softphone.ConsultLeft, softphone.PartyLeft, softphone.StateChangedBy:
		return "info"
	case softphone.PopupBlocked, softphone.SessionExpired, softphone.BackendDown, softphone.WebexDown,
		softphone.StorageUnusable, softphone.VersionMismatch, softphone.NoConfirmation,
		softphone.DialInvalid, softphone.DialLimit, softphone.DialANIRefused, softphone.HostNotAllowed, softphone.LoginInvalidNumber, softphone.ContactNotCreated,
		softphone.TargetInvalid, softphone.TargetSelf, softphone.ConsultRefused, softphone.CustomerLeft:
		return "warn"
	}
	return "error"
}

// noticesZone is zone B. It stays in the tree when empty.
func noticesZone(v softphone.View, e Env) app.UI {
	list := notices(v)
	el := elem("section", "class", "notices", "id", "zone-notices", "data-zone", "true", "tabindex", "-1", "aria-label", e.t("zone.notices"), "hidden", flag(len(list) == 0 && !e.Local.SoundBlocked))
	body := make([]app.UI, 0, len(list)+1)
	if e.Local.SoundBlocked {
		body = append(body, key("sound", func() app.UI { return soundBanner(e) }))
	}
	for _, n := range list {
		body = append(body, key(n.id+" "+n.msg, func() app.UI { return banner(n, e) }))
	}
	return el.Body(body...)
}

func banner(n notice, e Env) app.UI {
	role := "status"
	if n.tone == "error" {
		role = "alert"
	}
	if n.waits {
		n.args = []string{waitWords(n.args, e)}
	}
	return elem("div", "class", "banner tone-"+n.tone).Body(
		icon("notice-"+n.tone),
		elem("div", "class", "banner-text", "id", n.id, "role", role).Body(
			words("strong", fill(n.msg+".what", n.args, e)),
			app.Text(" "),
			words("span", fill(n.msg+".works", n.args, e)),
			app.Text(" "),
			words("span", fill(n.msg+".do", n.args, e)),
		),
		app.If(!n.until.IsZero(), func() app.UI {
			return timer("banner-time", Elapsed(max(n.until.Sub(e.Now), 0)+time.Second-1))
		}),
		app.If(n.label != "", func() app.UI {
			return button{id: n.id + "-do", kind: "plain small banner-btn", label: e.t(n.label), can: yes, do: n.do, describe: n.id}.draw(e)
		}),
		app.If(n.drop != 0, func() app.UI {
			return elem("button", "type", "button", "class", "btn icon-btn", "aria-label", e.t("notice.dismiss"), "aria-describedby", n.id).
				OnClick(e.on(send{softphone.ProblemDismissed{ID: n.drop}})).Body(icon("close"))
		}),
	)
}

// waitWords is how long to wait, from seconds that may not be known.
func waitWords(args []string, e Env) string {
	if len(args) > 0 {
		if s, err := strconv.Atoi(args[0]); err == nil && s > 0 {
			return Duration(e.Lang, time.Duration(s)*time.Second)
		}
	}
	return e.t("notice.a-moment")
}

// fill puts a problem's arguments into its sentence: operations get their
// name, and what was not given is said as such.
func fill(id string, args []string, e Env) string {
	shown := make([]string, 0, 2)
	for _, a := range args {
		if has("op." + a) {
			a = e.t("op." + a)
		}
		shown = append(shown, a)
	}
	for len(shown) < 2 {
		shown = append(shown, "")
	}
	for n, a := range shown {
		if a == "" {
			shown[n] = e.t("notice.no-detail")
		}
	}
	return e.t(id, shown...)
}
