package ui

import (
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Alerts catch the agent's ear and eye outside of the panel. The browser is
// one; all methods return at once.
type Alerts interface {
	// Ring rings at a volume of 1 to 10 until Quiet. While it rings, it changes
	// the volume.
	Ring(volume int)
	Quiet()
	// Blocked says that a ring is not heard before something is pressed here.
	Blocked() bool
	// Title is the page's title; empty gives it back its own.
	Title(text string)
	// Notify shows a desktop notification in the place of the last one, unless
	// the agent is looking at the page.
	Notify(title, body string)
	Withdraw()
	// Permission says whether Notify can work here.
	Permission() Permission
	// Ask asks the person for it, in a press, and calls done with the answer.
	Ask(done func())
}

// A Permission is what the browser thinks of desktop notifications.
type Permission string

// The permissions.
const (
	NotifyAllowed Permission = "allowed"
	NotifyAsk     Permission = "ask"     // Nobody has been asked yet.
	NotifyBlocked Permission = "blocked" // The person said no.
	NotifyFrame   Permission = "frame"   // Not in a frame of another site.
	NotifyNone    Permission = "none"    // Not in this browser.
)

const (
	hearAfter = 700 * time.Millisecond // The browser has made up its mind about sound by then.
	testFor   = 2 * time.Second
)

// ringing is the call that rings for the agent here, nil for none. A tab that
// does not lead shows another screen, and what is being answered or declined
// has been heard.
func ringing(v softphone.View) *softphone.CallView {
	c := v.Call
	if v.Screen != softphone.ScreenIncoming || c == nil || c.Pending == softphone.OpAccept || c.Pending == softphone.OpDecline {
		return nil
	}
	return c
}

// An alarm is what is being done about a ringing call.
type alarm struct {
	key     softphone.CallKey // The call that was told of; empty for none.
	sounds  int               // The volume that rings; 0 is silence.
	since   time.Time         // It rings.
	test    time.Time         // The ringtone is being tried until then.
	title   string
	flashes bool
}

// alert makes sound, notification and title follow the view.
func (p *Panel) alert() {
	if p.Alerts == nil {
		return
	}
	a, prefs, now, c := &p.alarm, p.local.Prefs.under(p.view.Settings), p.now(), ringing(p.view)
	volume := 0
	if c != nil && !prefs.Mute || now.Before(a.test) {
		volume = prefs.volume()
	}
	switch {
	case volume == a.sounds:
	case volume == 0:
		p.Alerts.Quiet()
	default:
		if a.sounds == 0 {
			a.since = now
		}
		p.Alerts.Ring(volume)
	}
	a.sounds = volume
	p.local.SoundBlocked = volume > 0 && now.Sub(a.since) >= hearAfter && p.Alerts.Blocked()
	p.notify(c)
}

// notify tells of a new ringing call on the desktop and in the title, and takes
// it back when it does not ring any more.
func (p *Panel) notify(c *softphone.CallView) {
	a := &p.alarm
	if c == nil {
		if a.key != "" {
			p.Alerts.Withdraw()
			p.title("")
		}
		a.key = ""
		return
	}
	e := p.env()
	if a.key == c.Key {
		return
	}
	a.key, a.flashes = c.Key, true
	p.title(e.t("alert.title", who(*c, e)))
	if p.local.Prefs.Desktop && p.Alerts.Permission() == NotifyAllowed {
		p.Alerts.Notify(e.t("alert.title", who(*c, e)), incomingKind(*c, e))
	}
}

// flash is a second of a ringing call: the title changes at most once in it.
func (p *Panel) flash() {
	c := ringing(p.view)
	if p.Alerts == nil || c == nil || p.alarm.key != c.Key {
		return
	}
	p.alarm.flashes = !p.alarm.flashes
	if p.alarm.flashes {
		e := p.env()
		p.title(e.t("alert.title", who(*c, e)))
	} else {
		p.title("")
	}
}

func (p *Panel) title(text string) {
	if text != p.alarm.title {
		p.alarm.title = text
		p.Alerts.Title(text)
	}
}

// hush ends what rings when the panel goes away.
func (p *Panel) hush() {
	if p.Alerts == nil {
		return
	}
	p.Alerts.Quiet()
	p.Alerts.Withdraw()
	p.title("")
	p.alarm = alarm{}
}

// soundBanner is the button that lets a blocked ring be heard: the browser
// wants a press in this frame, and any press will do.
func soundBanner(e Env) app.UI {
	return elem("div", "class", "banner tone-warn").Body(
		icon("notice-warn"),
		elem("div", "class", "banner-text", "id", "sound-blocked", "role", "status").Body(
			words("strong", e.t("sound.blocked")), app.Text(" "), words("span", e.t("sound.blocked-why")),
		),
		button{id: "sound-on", kind: "banner-btn", label: e.t("sound.turn-on"), can: yes, do: soundOn{}, describe: "sound-blocked"}.draw(e),
	)
}

// soundOn is that press.
type soundOn struct{}

func (soundOn) apply(p *Panel) {
	p.alarm.since = p.now()
	p.local.SoundBlocked = false
}

// testRing plays the ringtone for a moment.
type testRing struct{}

func (testRing) apply(p *Panel) {
	p.alarm.test = p.now().Add(testFor)
	p.alert()
}

// setDesktop switches desktop notifications, and asks the browser where nobody
// has been asked.
type setDesktop struct{ On bool }

func (i setDesktop) apply(p *Panel) {
	if p.Alerts == nil {
		return
	}
	if i.On && p.Alerts.Permission() == NotifyAsk {
		p.Alerts.Ask(func() { p.later(func() { p.desktop(true) }) })
		return
	}
	p.desktop(i.On)
}

// desktop takes the answer of the browser.
func (p *Panel) desktop(on bool) {
	on = on && p.Alerts.Permission() == NotifyAllowed
	p.setPrefs(func(s *Prefs) { s.Desktop = on })
	p.local.Notify = p.Alerts.Permission()
}

// later runs f on the UI goroutine.
func (p *Panel) later(f func()) {
	if p.dispatch == nil {
		f()
		return
	}
	p.dispatch(f)
}
