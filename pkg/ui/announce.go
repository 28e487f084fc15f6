package ui

import (
	"strings"
	"time"

	"deskbridge/pkg/softphone"
)

// An announcement is what a screen reader is told of a change.
type announcement struct {
	urgent bool
	text   string
}

// announcements are what changed between two views, for somebody who does not
// see the panel. Problems announce themselves (their banners are alerts).
func announcements(prev, v softphone.View, e Env) []announcement {
	var out []announcement
	polite := func(id string, args ...string) { out = append(out, announcement{text: e.t(id, args...)}) }
	urgent := func(id string, args ...string) { out = append(out, announcement{true, e.t(id, args...)}) }

	if prev.Screen == "" {
		return nil // The page itself is being read.
	}
	if v.Screen != prev.Screen || keyOf(v) != keyOf(prev) {
		switch c := v.Call; {
		case v.Screen == softphone.ScreenMissed && v.Missed != nil:
			urgent("say.missed", missedName(*v.Missed, e))
		case c == nil:
			if v.Screen == softphone.ScreenIdle && prev.Screen != softphone.ScreenIdle {
				polite("say.idle", word(v.Status, e))
			}
		case v.Screen == softphone.ScreenIncoming:
			out = append(out, announcement{true, incomingWords(*c, e)})
			if left := c.RingUntil.Sub(e.Now); !c.RingUntil.IsZero() && left > 0 {
				urgent("say.ring-left", Duration(e.Lang, left))
			}
		case v.Screen == softphone.ScreenInCall && prev.Screen == softphone.ScreenOnHold:
			polite("say.resumed")
		case consultOpen(*c):
			out = append(out, announcement{text: sideWords(*c, e)})
		case has("say." + string(v.Screen)):
			polite("say."+string(v.Screen), who(*c, e))
		}
	} else if v.Status.Word != prev.Status.Word || v.Status.Idle != prev.Status.Idle {
		polite("say.status", word(v.Status, e))
	}
	if prev.Link == softphone.LinkDown && v.Link == softphone.LinkUp {
		polite("say.link-back")
	}
	if prev.Backend.Down && !v.Backend.Down {
		polite("say.backend-back")
	}
	if v.Wanted != "" && v.Wanted != prev.Wanted {
		polite("say.wanted", wantedName(v, e))
	}
	if c := v.Call; c != nil && warnsNoCalls(*c) && (prev.Call == nil || prev.Call.Key != c.Key || !prev.Call.NoCalls) {
		urgent("say.no-calls")
	}
	if p, c := prev.Call, v.Call; p != nil && c != nil && p.Key == c.Key {
		out = append(out, sideNews(*p, *c, v.Screen == prev.Screen, e)...)
		if p.Recording.Paused != c.Recording.Paused {
			if c.Recording.Paused {
				polite("say.recording-paused")
			} else {
				polite("say.recording-on")
			}
		}
		if p.Match.State != c.Match.State && c.Match.State != softphone.MatchLooking && v.Screen != softphone.ScreenWrapUp {
			polite("say.match-"+string(c.Match.State), who(*c, e))
		}
	}
	return append(out, receiptNews(prev.History, v.History, e)...)
}

// incomingWords is who calls, and how to answer: with which keys, or where it
// rings.
func incomingWords(c softphone.CallView, e Env) string {
	s := e.t("say.incoming", who(c, e))
	switch {
	case c.Legs.Consulted:
		s = e.t("say.incoming-consult", consultPeer(c, e), who(c, e))
	case c.Queue != "":
		s = e.t("say.incoming-queue", who(c, e), c.Queue)
	}
	if c.CanAnswer.Why == softphone.OnYourPhone {
		return s + " " + e.t("say.on-phone")
	}
	if chord := e.shortcut(keysAnswer); chord != "" && c.CanAnswer.OK {
		s += " " + e.t("say.answer", strings.ReplaceAll(keyWords(chord, e), "+", " "))
	}
	return s
}

// receiptNews tells of records that came to rest.
func receiptNews(prev, now []softphone.Record, e Env) []announcement {
	if len(prev) == 0 {
		return nil
	}
	before := map[softphone.CallKey]softphone.ReceiptState{}
	for _, r := range prev {
		before[r.Key] = r.Receipt.State
	}
	var out []announcement
	for _, r := range now {
		was, known := before[r.Key]
		if !known || settled(was) == settled(r.Receipt.State) {
			continue
		}
		switch settled(r.Receipt.State) {
		case softphone.Saved:
			if !kept(r) {
				out = append(out, announcement{text: e.t("say.saved")})
			}
		case softphone.NeedsYou:
			out = append(out, announcement{true, e.t("say.needs-you")})
		}
	}
	return out
}

// settled folds enriched into saved: to the agent they are the same.
func settled(s softphone.ReceiptState) softphone.ReceiptState {
	switch s {
	case softphone.Enriched:
		return softphone.Saved
	case softphone.NoReceipt:
		return softphone.Queued
	}
	return s
}

// An announcer is the text of the two live regions: at most three sentences
// each, each for five seconds.
type announcer struct {
	quiet, loud []spoken
}

type spoken struct {
	text string
	at   time.Time
}

const (
	spokenFor = 5 * time.Second
	spokenMax = 3
)

func (a *announcer) add(now time.Time, n announcement) {
	if n.urgent {
		a.assertive(now, n.text)
	} else {
		a.polite(now, n.text)
	}
}

func (a *announcer) polite(now time.Time, text string)    { a.quiet = queue(a.quiet, now, text) }
func (a *announcer) assertive(now time.Time, text string) { a.loud = queue(a.loud, now, text) }

func queue(q []spoken, now time.Time, text string) []spoken {
	for _, s := range q {
		if s.text == text {
			return q // Said already, and still there.
		}
	}
	q = append(q, spoken{text, now})
	return q[max(0, len(q)-spokenMax):]
}

// texts are the regions' contents now.
func (a *announcer) texts(now time.Time) (polite, assertive string) {
	a.quiet, a.loud = fresh(a.quiet, now), fresh(a.loud, now)
	return joined(a.quiet), joined(a.loud)
}

func fresh(q []spoken, now time.Time) []spoken {
	for len(q) > 0 && now.Sub(q[0].at) >= spokenFor {
		q = q[1:]
	}
	return q
}

func joined(q []spoken) string {
	var b strings.Builder
	for i, s := range q {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.text)
	}
	return b.String()
}
