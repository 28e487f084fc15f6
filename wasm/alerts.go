//go:build js && wasm

package main

import (
	"deskbridge/pkg/browser"
	"deskbridge/pkg/ui"
)

// alerts are the browser's ways to catch the agent's ear and eye.
type alerts struct {
	sound *browser.Sound
	notes *browser.Notifications
	title string // The page's own.
}

func newAlerts() *alerts {
	return &alerts{sound: browser.OpenSound(), notes: &browser.Notifications{}, title: browser.Title()}
}

func (a *alerts) Ring(volume int) { _ = a.sound.Ring(volume) } // Blocked says that it is not heard.
func (a *alerts) Quiet()          { a.sound.Quiet() }
func (a *alerts) Blocked() bool   { return a.sound.Blocked() }
func (a *alerts) Withdraw()       { a.notes.Withdraw() }
func (a *alerts) Ask(done func()) { a.notes.Ask(done) }

func (a *alerts) Title(text string) {
	if text == "" {
		text = a.title
	}
	browser.SetTitle(text)
}

func (a *alerts) Notify(title, body string) {
	if !browser.Visible() || !browser.Focused() {
		_ = a.notes.Show(title, body) // The panel shows the call in any case.
	}
}

func (a *alerts) Permission() ui.Permission {
	switch a.notes.State() {
	case browser.NotifyGranted:
		return ui.NotifyAllowed
	case browser.NotifyDenied:
		return ui.NotifyBlocked
	case browser.NotifyDefault:
		return ui.NotifyAsk
	case browser.NotifyFrame:
		return ui.NotifyFrame
	}
	return ui.NotifyNone
}
