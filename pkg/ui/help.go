package ui

import (
	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// help lists the shortcuts, those that nobody can change included.
func help(e Env) app.UI {
	rows := make([]app.UI, 0, len(defaultKeys)+3)
	for _, d := range defaultKeys {
		if chord := e.shortcut(string(d.action)); chord != "" {
			rows = append(rows, helpRow(e.t("act."+string(d.action)), keyWords(chord, e)))
		}
	}
	rows = append(rows,
		helpRow(e.t("help.calls"), keyWords("Control+Alt+1", e)+" … 9"),
		helpRow(e.t("help.zones"), "F6, "+keyWords("Shift+F6", e)),
		helpRow(e.t("help.close"), e.t("key.esc")),
	)
	return elem("div", "class", "page").Body(
		pageHead(e.t("help.title"), e),
		words("p", e.t("help.focus"), "class", "note"),
		elem("dl", "class", "help").Body(rows...),
		words("p", e.t("help.shift"), "class", "note"),
		button{id: "change-keys", kind: "link", label: e.t("help.change"), can: yes, do: openPage{TabSettings}}.draw(e),
	)
}

func helpRow(name, keys string) app.UI {
	return elem("div", "class", "help-row").Body(words("dt", name), elem("dd").Body(words("kbd", keys, "class", "keys")))
}

// pageHead is the title of a page over the stage, with the way back while the
// dock belongs to a call.
func pageHead(title string, e Env) app.UI {
	return elem("div", "class", "page-head").Body(
		words("h2", title, "class", "title"),
		button{id: "page-close", kind: "icon-btn", icon: "close", name: e.t("settings.close", title), can: yes, do: closePage{}}.draw(e),
	)
}

// onPage says whether a page is shown that is neither phone nor history.
func onPage(v softphone.View, l Local) bool {
	return (l.Tab == TabSettings || l.Tab == TabHelp) && canOpenPage(v).OK
}

// canOpenPage says whether there is a panel to show a page in.
func canOpenPage(v softphone.View) softphone.Can {
	if v.Screen == "" || v.Screen == softphone.ScreenBoot {
		return softphone.Can{Why: softphone.NotHere}
	}
	return yes
}

func page(v softphone.View, e Env) app.UI {
	if e.Local.Tab == TabHelp {
		return help(e)
	}
	return settings(v, e)
}

// pageDock is the way back where no call needs the dock.
func pageDock(e Env) app.UI {
	return elem("div", "class", "dock-stack").Body(
		button{id: "done", kind: "primary wide", label: e.t("settings.done"), can: yes, do: closePage{}}.draw(e),
	)
}

// openPage shows settings or help; again closes it.
type openPage struct{ Tab Tab }

func (i openPage) apply(p *Panel) {
	l := &p.local
	if l.Tab == i.Tab {
		closePage{}.apply(p)
		return
	}
	if l.Tab != TabSettings && l.Tab != TabHelp {
		l.Back = l.Tab
	}
	l.Tab, l.MenuOpen, l.Binding = i.Tab, false, ""
	if p.Alerts != nil {
		l.Notify = p.Alerts.Permission()
	}
	p.focus = "stage"
}

// closePage goes back to where the page was opened.
type closePage struct{}

func (closePage) apply(p *Panel) {
	p.local.Tab, p.local.Back, p.local.Binding = p.local.Back, TabPhone, ""
	p.focus = "settings"
}
