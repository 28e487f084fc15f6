package ui

import (
	"strconv"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// participants is who is on the line in a conference, each with the way to drop
// them where that is allowed.
func participants(c softphone.CallView, e Env) app.UI {
	if c.Phase != softphone.Conference {
		return nothing()
	}
	rows := make([]app.UI, 0, len(c.Parties))
	for n, party := range c.Parties {
		if party.Main {
			rows = append(rows, participant(n, party, c, e))
		}
	}
	return elem("div", "class", "parties-box").Body(
		words("h3", e.t("conference.title", strconv.Itoa(len(rows))), "class", "label", "id", "parties-title"),
		elem("ul", "class", "parties", "aria-labelledby", "parties-title").Body(rows...),
	)
}

func participant(n int, party softphone.PartyView, c softphone.CallView, e Env) app.UI {
	name := partyName(party.Party, c, e)
	detail := e.t("party." + string(party.Kind))
	switch {
	case party.Self:
		detail = e.t("conference.you")
	case !party.Joined:
		detail = e.t("phase.ringing")
	}
	if party.Owner {
		detail += " · " + e.t("conference.owner")
	}
	id := "drop-" + strconv.Itoa(n)
	return elem("li", "class", "party").Body(
		icon(partyIcon(party.Kind)),
		elem("div", "class", "party-text").Body(
			words("div", name, "class", "party-name", "title", name),
			words("div", detail, "class", "party-detail"),
		),
		elem("div", "class", "party-do", "hidden", flag(party.Self || party.CanDrop.Why == softphone.NotHere)).Body(
			button{
				id: id, kind: "plain small", label: e.t("conference.drop"), name: e.t("conference.drop-name", name), can: party.CanDrop,
				do: send{softphone.DropRequested{Key: c.Key, Party: party.ID}}, describe: describedBy(id+"-why", why(party.CanDrop, e)), busy: c.Pending == softphone.OpDrop,
			}.draw(e),
			words("span", why(party.CanDrop, e), "class", "sr", "id", id+"-why", "hidden", flag(why(party.CanDrop, e) == "")),
		),
	)
}

func partyName(party softphone.Party, c softphone.CallView, e Env) string {
	switch {
	case party.Kind == softphone.Customer:
		return who(c, e)
	case party.Name != "":
		return e.name(party.Name)
	case party.Number != "":
		return e.phone(party.Number)
	}
	return e.t("consult.peer")
}

func partyIcon(k softphone.PartyKind) string {
	switch k {
	case softphone.Customer:
		return "person"
	case softphone.DialNumber, softphone.EntryPoint:
		return "call"
	}
	return "agent"
}

// leave is the button that leaves the conference to the others.
func leave(c softphone.CallView, e Env) app.UI {
	return endSlot(button{
		id: "leave", kind: "end-outline wide", icon: "leave", label: e.t("conference.leave"), can: conferenceOnly(c, c.CanLeave),
		do: send{softphone.LeaveRequested{Key: c.Key}}, busy: c.Pending == softphone.OpLeave,
	}, e)
}

// handOver leaves the conference and makes another agent its owner.
func handOver(c softphone.CallView, e Env) app.UI {
	return control{
		id: "hand-over", icon: "hand-over", label: "control.hand-over", can: conferenceOnly(c, c.CanHandOver),
		do: send{softphone.HandOverRequested{Key: c.Key}}, busy: c.Pending == softphone.OpHandOver,
	}.draw(e)
}

// conferenceOnly takes a control away while the agent consults from the
// conference: the way back goes by the end of the consult.
func conferenceOnly(c softphone.CallView, can softphone.Can) softphone.Can {
	if consultOpen(c) {
		return softphone.Can{Why: softphone.NotHere}
	}
	return can
}
