package softphone

import "slices"

// What may be done with a call: the matrix of commands and states
// (webexcc-agent-api §6.2, with §6.5 and §6.6 where they say more), each
// refusal with its reason.

// A desk collects what the controls of one call depend on.
type desk struct {
	s     State
	c     Call
	voice bool
	free  Can  // Nothing is waited for.
	fresh Can  // As free, and Webex can be heard.
	lead  bool // A consult is open and it is ours.
	guest bool // A consult is open and we are the one who is asked.
}

var absent = Can{Why: NotHere}

func (s State) controls(c Call, v *CallView) {
	d := desk{s: s, c: c, voice: c.Channel == Telephony}
	d.free = when(c.Pending == nil && !c.Ending, Waiting)
	d.fresh = d.free
	if d.free.OK && s.Link != LinkUp {
		d.fresh = Can{Why: Offline}
	}
	d.guest = consulting(c.Phase) && c.Legs.Consulted
	d.lead = consulting(c.Phase) && !d.guest

	v.CanAnswer, v.CanDecline = d.offer()
	v.CanMute, v.CanKeypad = d.media(s.Media.Mute), d.media(s.Media.Digits)
	v.CanHold, v.CanResume = d.hold()
	v.CanPause, v.CanContinue = d.recording()
	v.CanEnd = d.end()
	v.CanConsult, v.CanTransfer = d.consult(), d.transfer()
	v.CanEndConsult, v.CanSwap = d.endConsult(), d.swap()
	v.CanMerge, v.CanComplete = d.merge(), d.complete()
	v.CanLeave, v.CanHandOver = d.leave(), d.handOver()
	v.CanWrapUp, v.CanExtend = d.wrapUp()
	v.CanEditVariable = d.editVariable()
	v.CanOpen = d.open(v.HasPortal)
	v.Title, v.Ticket, v.DigitsOnly = c.Title, c.Ticket, s.Media.DigitsOnly
	v.CanTitle, v.CanTicket = d.title(), d.ticket()
	for _, p := range c.Legs.Parties {
		v.Parties = append(v.Parties, PartyView{Party: p, CanDrop: d.drop(p)})
	}
}

func (d desk) offer() (answer, decline Can) {
	switch {
	case d.c.Phase != Ringing:
		return absent, absent
	case !d.voice:
		return d.free, absent
	}
	here := func(offered bool) Can {
		if !offered || !d.browser() {
			return Can{Why: OnYourPhone}
		}
		return d.free
	}
	return here(d.s.Media.Answer), here(d.s.Media.Decline)
}

// browser says whether the agent's phone is this browser.
func (d desk) browser() bool { return d.s.Station != nil && d.s.Station.Option == Browser }

func (d desk) media(offered bool) Can {
	switch {
	case !d.voice || !talking(d.c.Phase):
		return absent
	case !offered || !d.browser():
		return Can{Why: OnYourPhone}
	}
	return Can{OK: true}
}

func (d desk) hold() (hold, resume Can) {
	hold, resume = absent, absent
	switch {
	case !d.voice:
	case d.c.Phase == Talking:
		hold = d.free
	case d.c.Phase == Held, d.c.Phase == Conference && d.c.Legs.MainHeld && !d.c.Legs.OtherConsult:
		resume = d.free
	}
	return hold, resume
}

func (d desk) recording() (pause, resume Can) {
	rec := d.c.Interaction.Recording
	up := d.c.Phase == Talking || d.c.Phase == Held || d.c.Phase == Conference
	switch {
	case !d.voice || !up:
		return absent, absent
	case !rec.MayPause || d.s.Profile != nil && !d.s.Profile.PrivacyShield:
		if rec.Paused {
			return absent, Can{Why: NotAllowed}
		}
		return Can{Why: NotAllowed}, absent
	case rec.Paused:
		return absent, d.free
	case !rec.InProgress:
		return Can{Why: NotRecording}, absent
	}
	return d.free, absent
}

// end is as generous as Webex allows: nothing but an End already on its way
// takes the button away from a call that is up. What stands in its way is
// cleared away by the same press.
func (d desk) end() Can {
	if d.c.Ending || d.c.waits(OpEnd) {
		return Can{Why: Waiting}
	}
	allowed := when(d.s.Profile == nil || d.s.Profile.EndCallEnabled || !d.voice, NotAllowed)
	switch d.c.Phase {
	case Dialing:
		return Can{OK: true}
	case Conference:
		if d.foreign() {
			return Can{Why: NotOwner} // Leave is the end for a guest.
		}
		return allowed
	case Talking, Held:
		return allowed
	case ConsultRinging, ConsultingP:
		if d.lead {
			return allowed
		}
	}
	return absent
}

// foreign says that the call is another agent's.
func (d desk) foreign() bool { return d.c.Interaction.Owner != "" && !d.c.Legs.Owner }

// first returns the first refusal, else yes.
func first(cans ...Can) Can {
	for _, c := range cans {
		if !c.OK {
			return c
		}
	}
	return Can{OK: true}
}

func (d desk) customer() Can { return when(d.c.Legs.Customer, CustomerGone) }
func (d desk) room() Can     { return when(d.c.Legs.Agents < maxAgents, TooMany) }
func (d desk) alone() Can    { return when(!d.c.Legs.OtherConsult, ConsultOpen) }

func (d desk) consult() Can {
	switch {
	case !d.voice:
	case d.guest:
		return Can{Why: Consulted}
	case d.lead:
		return Can{Why: ConsultOpen}
	case d.c.Phase == Talking, d.c.Phase == Held, d.c.Phase == Conference:
		return first(d.fresh, d.alone(), d.customer(), d.room())
	}
	return absent
}

// transfer is the blind one.
func (d desk) transfer() Can {
	switch {
	case d.guest:
		return Can{Why: Consulted}
	case d.lead:
		return Can{Why: ConsultOpen}
	case d.c.Phase == Talking, d.c.Phase == Held:
		if !d.voice {
			return d.fresh
		}
		return first(d.fresh, d.alone(), d.customer())
	}
	return absent
}

func (d desk) endConsult() Can {
	switch {
	case d.guest:
		return first(when(d.s.Profile != nil && d.s.Profile.EndConsultEnabled, NotAllowed), d.free)
	case !d.lead:
		return absent
	case d.c.waits(OpConsult) && !d.c.Ending:
		return Can{OK: true} // It may be withdrawn while it waits in its queue.
	}
	return d.free
}

// answered says whether the other side of our consult is there. An entry point
// counts as soon as it is asked.
func (d desk) answered(kinds ...PartyKind) Can {
	kind := d.c.Interaction.Participants[d.c.Legs.ConsultPeer].Kind
	return when(d.c.Legs.ConsultJoined || d.c.Legs.ConsultID != "" && slices.Contains(kinds, kind), NotAnswered)
}

// ours refuses what only the agent who consults may do.
func (d desk) ours() Can {
	switch {
	case d.guest:
		return Can{Why: Consulted}
	case !d.lead:
		return absent
	}
	return Can{OK: true}
}

func (d desk) swap() Can {
	conference := d.c.Legs.Agents >= 2
	return first(d.ours(), d.answered(), when(d.c.Legs.Customer || conference, CustomerGone), d.fresh)
}

func (d desk) merge() Can {
	_, known := d.c.Interaction.consulted(d.s.Agent.AgentID)
	return first(d.ours(), d.answered(EntryPoint), when(known, NotAnswered), d.customer(), d.room(), d.fresh)
}

func (d desk) complete() Can {
	_, known := d.c.Interaction.consulted(d.s.Agent.AgentID)
	handsOver := d.c.Legs.Agents >= 2
	return first(d.ours(), when(!handsOver || !d.s.Media.NoHandOver, NotInDesktop), d.answered(EntryPoint, DialNumber),
		when(known, NotAnswered), d.customer(), d.fresh)
}

// leave takes us out of a conference. One who asks somebody else, or whose
// colleague does, has to end that first.
func (d desk) leave() Can {
	switch {
	case d.lead && d.c.Legs.Agents >= 2:
		return Can{Why: ConsultOpen}
	case d.c.Phase != Conference:
		return absent
	}
	return first(d.alone(), d.free)
}

func (d desk) handOver() Can {
	switch {
	case d.lead && d.c.Legs.Agents >= 2:
		return Can{Why: ConsultOpen}
	case d.c.Phase != Conference:
		return absent
	}
	return first(when(!d.foreign(), NotOwner), when(!d.s.Media.NoHandOver, NotInDesktop), d.alone(), d.fresh)
}

func (d desk) drop(p Party) Can {
	if d.c.Phase != Conference || p.Self || !p.Main || p.Kind == Customer {
		return absent
	}
	return first(when(!d.foreign(), NotOwner), d.alone(), d.fresh)
}

func (d desk) wrapUp() (submit, extend Can) {
	if d.c.Phase != WrapUp {
		return absent, absent
	}
	submit, extend = d.free, absent
	if d.free.OK && (d.s.Profile == nil || nameOf(d.s.Profile.WrapUpCodes, d.c.CodeID) == "") {
		submit = Can{Why: NoReasonChosen}
	}
	if !d.s.autoWrapAt(d.c).IsZero() {
		extend = when(d.s.Profile.AutoWrapExtend, NotAllowed)
	}
	return submit, extend
}

func (d desk) editVariable() Can {
	hidden := d.s.Profile != nil && d.s.Profile.HideVariables
	editable := slices.ContainsFunc(d.c.Interaction.Variables, func(x Variable) bool { return x.Editable && !x.Hidden })
	switch {
	case hidden || !editable || !talking(d.c.Phase) && d.c.Phase != WrapUp:
		return absent
	}
	return when(d.s.Media.Variables, NotAllowed)
}

func (d desk) open(portal bool) Can {
	switch {
	case d.c.Matching.Chosen == nil:
		return Can{Why: NoRecord}
	case !portal:
		return Can{Why: NoHost}
	}
	return Can{OK: true}
}
