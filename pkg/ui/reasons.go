package ui

import (
	"slices"
	"strconv"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

const (
	radioLimit     = 7 // More reasons than that are searched by typing.
	suggestedLimit = 3
)

// choosable are the codes that people may choose.
func choosable(codes []softphone.Code) []softphone.Code {
	out := make([]softphone.Code, 0, len(codes))
	for _, code := range codes {
		if !code.System {
			out = append(out, code)
		}
	}
	return out
}

// suggested are the codes that the agent has used most in calls like this one,
// the same queue counting double, then the profile's order with the default
// first.
func suggested(codes []softphone.Code, c softphone.CallView, history []softphone.Record) []softphone.Code {
	uses := map[string]int{}
	for _, r := range history {
		if r.CodeID != "" && r.Key != c.Key {
			uses[r.CodeID]++
			if r.Queue == c.Queue {
				uses[r.CodeID]++
			}
		}
	}
	weight := func(x softphone.Code) int {
		w := 2 * uses[x.ID]
		if x.Default {
			w++
		}
		return w
	}
	out := slices.Clone(codes)
	slices.SortStableFunc(out, func(a, b softphone.Code) int { return weight(b) - weight(a) })
	return out[:min(suggestedLimit, len(out))]
}

// offered are the codes on screen: all when they are few, else those that have
// the typed text, or without one the suggested ones and the chosen one.
func offered(c softphone.CallView, v softphone.View, l Local) (codes []softphone.Code, rest int) {
	codes = choosable(c.Codes)
	if len(codes) <= radioLimit {
		return codes, 0
	}
	if l.Reason == "" {
		few := suggested(codes, c, v.History)
		if !slices.ContainsFunc(few, func(x softphone.Code) bool { return x.ID == c.CodeID }) {
			for _, x := range codes {
				if x.ID == c.CodeID {
					few = append(few, x)
				}
			}
		}
		return few, len(codes) - len(few)
	}
	var found []softphone.Code
	for _, x := range codes {
		if contains(x.Name, l.Reason) {
			found = append(found, x)
		}
	}
	shown := found[:min(radioLimit, len(found))]
	return shown, len(found) - len(shown)
}

func reasonID(n int) string { return "reason-" + strconv.Itoa(n) }

// firstReason is where the focus goes to choose a reason.
func firstReason(c softphone.CallView) string {
	codes := choosable(c.Codes)
	switch {
	case len(codes) == 0:
		return "submit"
	case len(codes) > radioLimit:
		return string(fieldReason)
	}
	for n, code := range codes {
		if code.ID == c.CodeID {
			return reasonID(n)
		}
	}
	return reasonID(0)
}

func reasons(c softphone.CallView, v softphone.View, e Env) app.UI {
	all := choosable(c.Codes)
	if len(all) == 0 {
		return words("p", e.t("wrap-up.no-codes"), "class", "note")
	}
	codes, rest := offered(c, v, e.Local)
	missing := e.Local.Tried && c.CanWrapUp.Why == softphone.NoReasonChosen
	describe := ""
	if missing {
		describe = "reason-note"
	}
	rows := make([]app.UI, 0, len(codes)+4)
	rows = append(rows, words("legend", e.t("wrap-up.reason"), "class", "label"))
	if len(all) > radioLimit {
		rows = append(rows, reasonFind(len(all), len(codes), rest, describe, e))
	}
	for n, code := range codes {
		rows = append(rows, elem("label", "class", "choice choice-reason").Body(
			input("type", "radio", "name", "reason", "id", reasonID(n), "value", code.ID, "checked", flag(code.ID == c.CodeID)).OnChange(e.on(chooseReason{c.Key, code.ID})),
			words("span", code.Name, "class", "choice-name", "title", code.Name),
		))
	}
	rows = append(rows, elem("p", "class", "field-error", "id", "reason-note", "hidden", flag(!missing)).Body(
		icon("notice-error"), words("span", e.t("why.no-reason-chosen"))))
	set := elem("fieldset", "class", "choices reasons", "role", "radiogroup", "aria-required", "true", "aria-describedby", describe)
	if missing {
		set = set.Attr("aria-invalid", "true")
	}
	return key("reasons "+e.Local.Reason, func() app.UI { return set.Body(rows...) })
}

// reasonFind narrows a long list down by typing; Enter takes the first.
func reasonFind(all, shown, rest int, describe string, e Env) app.UI {
	note := e.t("wrap-up.suggested", strconv.Itoa(all))
	switch {
	case e.Local.Reason != "" && shown == 0:
		note = e.t("find.none")
	case e.Local.Reason != "" && rest > 0:
		note = e.t("wrap-up.more-reasons", strconv.Itoa(rest))
	case e.Local.Reason != "":
		note = countOf(shown, shown, false, e)
	}
	return elem("div", "class", "reason-find").Body(
		words("label", e.t("wrap-up.find"), "class", "sr", "for", string(fieldReason)),
		input("class", "field", "id", string(fieldReason), "type", "text", "autocomplete", "off", "placeholder", e.t("wrap-up.find"), "value", e.Local.Reason,
			"aria-describedby", orElse(describe, "reason-count")).OnInput(e.input(fieldReason)),
		words("p", note, "class", "field-note", "id", "reason-count", "role", "status"),
	)
}

// chooseReason is a reason.
type chooseReason struct {
	Key softphone.CallKey
	ID  string
}

func (i chooseReason) apply(p *Panel) {
	p.send(softphone.WrapUpChosen{Key: i.Key, CodeID: i.ID})
}

// reasonKey is a key in the field that narrows the reasons down.
func reasonKey(v softphone.View, l Local, k Key) Intent {
	if v.Call == nil || k.Target != string(fieldReason) {
		return nil
	}
	codes, _ := offered(*v.Call, v, l)
	switch {
	case k.Key == "Enter" && !k.Ctrl && !k.Meta && l.Reason != "" && len(codes) > 0:
		return chooseReason{v.Call.Key, codes[0].ID}
	case k.Key == "ArrowDown" && len(codes) > 0:
		return focusOn{reasonID(0)}
	}
	return nil
}
