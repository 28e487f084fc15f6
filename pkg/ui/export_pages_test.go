package ui

import "deskbridge/pkg/softphone"

// What the tests of settings, keys and alerts need to see of the inside.

// The intents of settings, help and palette.
var (
	SetTheme     = func(t Theme) Intent { return setTheme{t} }
	SetPopIn     = func(to string) Intent { return setPopIn{to} }
	SetRing      = func(on bool) Intent { return setRing{on} }
	SetLetters   = func(on bool) Intent { return setLetters{on} }
	SetDesktop   = func(on bool) Intent { return setDesktop{on} }
	TestRing     = func() Intent { return testRing{} }
	SoundOn      = func() Intent { return soundOn{} }
	OpenPage     = func(t Tab) Intent { return openPage{t} }
	ClosePage    = func() Intent { return closePage{} }
	AskKeys      = func(a Action) Intent { return askKeys{a} }
	ResetKeys    = func() Intent { return resetKeys{} }
	ClosePalette = func() Intent { return closePalette{} }

	ToggleCard      = func() Intent { return toggleCard{} }
	OpenMend        = func(k softphone.CallKey) Intent { return openMend{k} }
	SendMend        = func() Intent { return sendMend{} }
	DiscardMend     = func() Intent { return discardMend{} }
	OpenMendRecords = func() Intent { return openMendRecords{} }
	ToggleMendTask  = func() Intent { return toggleMendTask{} }
)

// Chord is how a key is named.
func Chord(k Key) string { return chordOf(k) }

// Bindable is what speaks against a chord.
func (m Keymap) Bindable(a Action, chord string) (string, Action) { return m.bindable(a, chord) }

// DefaultKeys are the actions with their chords.
func DefaultKeys() map[Action]string {
	out := map[Action]string{}
	for _, d := range defaultKeys {
		out[d.action] = d.chord
	}
	return out
}

// Passes says whether a key goes on in the browser after its intent.
func Passes(i Intent, k Key) bool { return passes(i, k) }

// Days is a date in words.
var Days = day
