package ui

import (
	"strings"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// dtmf is every key of the sheet: what a machine at the other side listens to.
const dtmf = "0123456789*#"

// digitSheet sends tones. What was sent is shown as dots while the recording is
// paused or numbers are hidden: it may be a card number.
func digitSheet(c softphone.CallView, e Env) app.UI {
	shown := e.Local.Digits
	if c.Recording.Paused || e.mask {
		shown = strings.Repeat("•", len(shown))
	}
	note, without := e.t("digits.note"), []string(nil)
	if c.DigitsOnly {
		note, without = e.t("digits.only"), []string{"*", "#"}
	}
	return sheetFrame(e.t("digits.title"), e,
		words("output", shown, "class", "digits-sent", "id", "digits-sent", "aria-label", e.t("digits.sent")),
		keypadGrid(e, func(k string) Intent { return sendDigit{c.Key, k} }, without...),
		words("p", note, "class", "note sheet-note", "id", "digits-note"),
	)
}

// openDigits opens the sheet.
type openDigits struct{}

func (openDigits) apply(p *Panel) {
	p.local.Digits, p.local.KeyAt = "", 0
	p.openSheet(SheetDigits, "keypad", "key-0")
}

// sendDigit is a key of the sheet.
type sendDigit struct {
	Key   softphone.CallKey
	Digit string
}

func (i sendDigit) apply(p *Panel) {
	p.local.Digits += i.Digit
	if n := len(p.local.Digits); n > maxDigits {
		p.local.Digits = p.local.Digits[n-maxDigits:]
	}
	for n, k := range keypad {
		if k.key == i.Digit {
			p.local.KeyAt = n
		}
	}
	p.send(softphone.DigitsRequested{Key: i.Key, Digits: i.Digit})
}

// maxDigits is how many of the digits sent are shown.
const maxDigits = 24

// digitKey is a key of the keyboard: digits are sent wherever the focus is,
// arrows move in the pad.
func digitKey(c softphone.CallView, k Key) Intent {
	if k.Typing {
		return nil
	}
	if len(k.Key) == 1 && strings.Contains(dtmf, k.Key) {
		if c.DigitsOnly && (k.Key == "*" || k.Key == "#") {
			return explain{softphone.NotInDesktop}
		}
		return sendDigit{c.Key, k.Key}
	}
	if at := index(k.Target, "key-"); at >= 0 {
		return keypadMove(at, k.Key)
	}
	return nil
}
