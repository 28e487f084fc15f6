package ui

import (
	"strconv"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Screen draws the whole panel for a view: state bar, notices, calls, stage,
// dock and tabs (agent-panel-ui §4). It is a pure function of its arguments.
func Screen(v softphone.View, e Env) app.UI {
	e = e.of(v)
	return elem("div", "class", "panel", "id", "panel", "tabindex", "-1", "data-screen", string(v.Screen), "lang", Language(e.Lang)).
		On("keydown", e.keys()).
		Body(
			stateBar(v, e),
			noticesZone(v, e),
			strip(v, e),
			elem("main", "class", stageClass(v, e.Local), "id", "stage", "data-zone", "true", "tabindex", strconv.Itoa(stageStop(v))).Body(
				words("h1", heading(v, e), "class", "sr"),
				elem("div", "class", "stage-body", "hidden", flag(sheetOf(v, e.Local) != NoSheet)).Body(
					key(stageKey(v, e.Local), func() app.UI { return stage(v, e) }),
				),
				key("sheet "+string(sheetOf(v, e.Local)), func() app.UI { return sheet(v, e) }),
			),
			dockZone(v, e),
			tabs(v, e),
			words("div", e.Local.Polite, "class", "sr", "role", "status", "aria-live", "polite"),
			words("div", e.Local.Assertive, "class", "sr", "role", "alert", "aria-live", "assertive"),
			key("palette "+flag(e.Local.Palette.Open), func() app.UI {
				if !e.Local.Palette.Open {
					return nothing()
				}
				return palette(v, e)
			}),
		)
}

func stageClass(v softphone.View, l Local) string {
	if sheetOf(v, l) != NoSheet {
		return "stage stage-covered"
	}
	return "stage"
}

// stageStop makes the stage a tab stop where it may have nothing else to focus,
// so that it can be scrolled by keyboard.
func stageStop(v softphone.View) int {
	switch v.Screen {
	case softphone.ScreenSignIn, softphone.ScreenDialing, softphone.ScreenIncoming, softphone.ScreenMissed, softphone.ScreenFollower:
		return 0
	}
	return -1
}

func (e Env) keys() app.EventHandler {
	return func(ctx app.Context, ev app.Event) {
		if e.Key != nil {
			e.Key(ctx, ev)
		}
	}
}

// talking are the screens that share one layout, so that the notes box and the
// controls keep the focus while the call changes under them.
func talking(s softphone.Screen) bool {
	switch s {
	case softphone.ScreenInCall, softphone.ScreenOnHold, softphone.ScreenConsult, softphone.ScreenConference:
		return true
	}
	return false
}

// hasNotes says whether a call is on stage whose notes have their place there.
func hasNotes(v softphone.View) bool {
	return v.Call != nil && (talking(v.Screen) || v.Screen == softphone.ScreenWrapUp)
}

// writesNotes says whether notes are taken there: settings may leave them to
// the wrap-up.
func writesNotes(v softphone.View) bool {
	return hasNotes(v) && (!v.Settings.NoLiveNotes || v.Screen == softphone.ScreenWrapUp)
}

// working says whether the agent is past signing in and station, where the
// tabs make sense.
func working(v softphone.View) bool {
	switch v.Screen {
	case softphone.ScreenBoot, softphone.ScreenSignIn, softphone.ScreenStation, softphone.ScreenFollower:
		return false
	}
	return true
}

func hasTabs(v softphone.View) bool { return working(v) }

func onHistory(v softphone.View, l Local) bool { return l.Tab == TabHistory && working(v) }

func stageKey(v softphone.View, l Local) string {
	if onPage(v, l) {
		return string(l.Tab)
	}
	if onHistory(v, l) {
		return "history"
	}
	if hasNotes(v) {
		return "call " + string(v.Call.Key)
	}
	return string(v.Screen) + " " + string(keyOf(v))
}

// heading is the hidden h1: the present state in one line.
func heading(v softphone.View, e Env) string {
	if onPage(v, e.Local) {
		return e.t("h1." + string(e.Local.Tab))
	}
	if onHistory(v, e.Local) {
		return e.t("h1.history")
	}
	name := ""
	if v.Call != nil {
		name = who(*v.Call, e)
	}
	return e.t("h1."+string(v.Screen), name)
}

func stage(v softphone.View, e Env) app.UI {
	if onPage(v, e.Local) {
		return page(v, e)
	}
	if onHistory(v, e.Local) {
		return history(v, e)
	}
	switch v.Screen {
	case softphone.ScreenSignIn:
		return signIn(v, e)
	case softphone.ScreenStation:
		return station(v, e)
	case softphone.ScreenIdle:
		return idle(v, e)
	case softphone.ScreenMissed:
		return missed(v, e)
	case softphone.ScreenFollower:
		return follower(v, e)
	}
	if v.Call == nil {
		return boot(v, e)
	}
	switch v.Screen {
	case softphone.ScreenDialing:
		return dialing(*v.Call, e)
	case softphone.ScreenIncoming:
		return incoming(*v.Call, v, e)
	}
	if hasNotes(v) {
		return onCall(*v.Call, v, e)
	}
	return boot(v, e)
}

// hasDock says whether the screen has something to press at the bottom.
func hasDock(v softphone.View, l Local) bool {
	if v.Screen == softphone.ScreenStation && v.Desktop != nil && !onPage(v, l) {
		return false // Nothing to press: the station is the Desktop's.
	}
	return v.Screen != softphone.ScreenBoot && (!onHistory(v, l) || v.Call != nil) || onPage(v, l)
}

// dockZone is the part that never scrolls and never moves.
func dockZone(v softphone.View, e Env) app.UI {
	el := elem("section", "class", "dock", "id", "zone-dock", "data-zone", "true", "tabindex", "-1", "aria-label", e.t("zone.dock"), "hidden", flag(!hasDock(v, e.Local)))
	name := string(v.Screen)
	if talking(v.Screen) {
		name = "talking"
	}
	if onPage(v, e.Local) && v.Call == nil {
		name = "page"
	}
	return el.Body(
		key(name+" "+string(keyOf(v)), func() app.UI { return dock(v, e) }),
		words("p", e.Local.Hint, "class", "hint", "id", "hint", "hidden", flag(e.Local.Hint == "")),
	)
}

func dock(v softphone.View, e Env) app.UI {
	if onPage(v, e.Local) && v.Call == nil {
		return pageDock(e)
	}
	switch v.Screen {
	case softphone.ScreenSignIn:
		return signInDock(v, e)
	case softphone.ScreenStation:
		return stationDock(v, e)
	case softphone.ScreenIdle:
		return idleDock(v, e)
	case softphone.ScreenMissed:
		return missedDock(v, e)
	case softphone.ScreenFollower:
		return followerDock(v, e)
	}
	if v.Call == nil {
		return nothing()
	}
	switch v.Screen {
	case softphone.ScreenDialing:
		return dialingDock(*v.Call, e)
	case softphone.ScreenIncoming:
		return incomingDock(*v.Call, v, e)
	case softphone.ScreenWrapUp:
		return wrapUpDock(*v.Call, e)
	}
	if talking(v.Screen) {
		return onCallDock(*v.Call, v, e)
	}
	return nothing()
}

// strip lists the calls when there are several; the newest in progress is the
// one on stage.
func strip(v softphone.View, e Env) app.UI {
	el := elem("section", "class", "strip", "id", "zone-calls", "data-zone", "true", "tabindex", "-1", "aria-label", e.t("zone.calls"), "hidden", flag(len(v.Calls) < 2))
	if len(v.Calls) < 2 {
		return el
	}
	items := make([]app.UI, 0, len(v.Calls))
	for n, c := range v.Calls {
		el := elem("button", "type", "button", "class", "strip-item", "id", "call-"+strconv.Itoa(n+1)).OnClick(e.on(bringCall{c.Key}))
		if n < 9 {
			el = el.Attr("aria-keyshortcuts", "Control+Alt+"+strconv.Itoa(n+1))
		}
		if c.Key == keyOf(v) {
			el = el.Attr("aria-current", "true")
		}
		items = append(items, elem("li").Body(el.Body(
			icon(channelIcon(c.Channel)),
			words("span", who(c, e), "class", "strip-name", "title", who(c, e)),
			words("span", e.t("phase."+string(c.Phase)), "class", "strip-phase"),
			timer("strip-time", Elapsed(since(stripSince(c), e))),
		)))
	}
	return el.Body(elem("ul").Body(items...))
}

// stripSince is when what the strip says of a call began.
func stripSince(c softphone.CallView) time.Time {
	switch {
	case c.Phase == softphone.WrapUp:
		return c.EndedAt
	case c.Phase == softphone.Held:
		return c.HeldAt
	case c.AnsweredAt.IsZero():
		return c.StartedAt
	}
	return c.AnsweredAt
}

func channelIcon(ch softphone.Channel) string {
	switch ch {
	case softphone.Chat, softphone.Social:
		return "chat"
	case softphone.Email:
		return "mail"
	}
	return "call"
}

// tabs is the bar at the bottom.
func tabs(v softphone.View, e Env) app.UI {
	nav := elem("nav", "class", "tabs", "id", "zone-tabs", "data-zone", "true", "tabindex", "-1", "aria-label", e.t("zone.tabs"), "hidden", flag(!hasTabs(v)))
	if !hasTabs(v) {
		return nav
	}
	need := 0
	for _, r := range v.History {
		if r.Receipt.State == softphone.NeedsYou {
			need++
		}
	}
	return nav.Body(
		tab(TabPhone, "call", e.t("tab.phone"), 0, e),
		tab(TabHistory, "history", e.t("tab.history"), need, e),
	)
}

func tab(t Tab, iconName, label string, need int, e Env) app.UI {
	el := elem("button", "type", "button", "class", "tab", "id", "tab-"+iconName).OnClick(e.on(openTab{t}))
	if e.Local.Tab == t {
		el = el.Attr("aria-current", "page")
	}
	return el.Body(
		icon(iconName),
		words("span", label, "class", "tab-text"),
		app.If(need > 0, func() app.UI {
			return elem("span", "class", "badge").Body(app.Text(need), sr(" "+e.t("tab.need")))
		}),
	)
}

// openTab shows a page.
type openTab struct{ Tab Tab }

func (i openTab) apply(p *Panel) {
	p.dropSheet()
	p.local.Tab = i.Tab
}
