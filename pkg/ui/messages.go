package ui

import (
	_ "embed" // The catalogues are texts inside the program.
	"strings"
	"sync"
)

var (
	//go:embed messages/en.txt
	textEN string
	//go:embed messages/de.txt
	textDE string
	//go:embed messages/es.txt
	textES string
	//go:embed messages/fr.txt
	textFR string
	//go:embed messages/ja.txt
	textJA string
	//go:embed messages/pt.txt
	textPT string
)

// A catalogue is one language. It stays a text until its first message is
// wanted: the program carries many languages and speaks one.
type catalogue struct {
	tag  string  // As in the lang attribute.
	name string  // In the language itself.
	text *string // Nil makes the messages from English.

	once     sync.Once
	messages map[string]string
}

// english is the first language, and the one that others fall back to.
var english = &catalogue{tag: "en", name: "English", text: &textEN}

// catalogues are the languages, in the order in which they are offered.
var catalogues = []*catalogue{
	english,
	{tag: "de", name: "Deutsch", text: &textDE},
	{tag: "es", name: "Español", text: &textES},
	{tag: "fr", name: "Français", text: &textFR},
	{tag: "pt", name: "Português", text: &textPT},
	{tag: "ja", name: "日本語", text: &textJA},
	{tag: pseudoTag, name: "[Ƥšéûðö]"},
}

// all are the messages by id. The map must not be changed.
func (c *catalogue) all() map[string]string {
	c.once.Do(func() {
		if c.text != nil {
			c.messages = parseMessages(*c.text)
			return
		}
		c.messages = map[string]string{}
		for id, text := range english.all() {
			c.messages[id] = pseudo(text)
		}
	})
	return c.messages
}

// parseMessages reads lines of the form "id = text". Empty lines and those
// that begin with # say nothing.
func parseMessages(text string) map[string]string {
	out := make(map[string]string, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		id, message, _ := strings.Cut(line, "=")
		out[strings.TrimSpace(id)] = strings.Trim(message, " ") // Other spaces are a text's own.
	}
	return out
}

// lookUp is the catalogue for a language of the browser's, such as en for
// en-GB, and English for one that is not there.
func lookUp(lang string) *catalogue {
	base, _, _ := strings.Cut(lang, "-")
	found := english
	for _, c := range catalogues {
		if strings.EqualFold(c.tag, lang) {
			return c
		}
		if strings.EqualFold(c.tag, base) {
			found = c
		}
	}
	return found
}

// Language is the catalogue's language for a browser's, such as "en" for
// "en-GB", and English for one that is not there.
func Language(lang string) string { return lookUp(lang).tag }

// Preferred is the first of a person's languages that the catalogue has, most
// preferred first, and English if it has none.
func Preferred(langs []string) string {
	for _, lang := range langs {
		if c := lookUp(lang); c != english || strings.HasPrefix(strings.ToLower(lang), "en") {
			return c.tag
		}
	}
	return english.tag
}

// T is the message with that id in that language, with its arguments in place
// of {0}, {1} and so on. A language or message that is missing falls back to
// English, and an id without any text to itself, so that nothing is ever blank.
func T(lang, id string, args ...string) string {
	text, ok := lookUp(lang).all()[id]
	if !ok {
		if text, ok = english.all()[id]; !ok {
			return id
		}
	}
	return fillIn(text, args)
}

// fillIn puts arguments into a text, once: what an argument contains is never
// taken for a place of the next.
func fillIn(text string, args []string) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		text = after
		if len(text) > 1 && text[1] == '}' {
			if n := int(text[0]) - '0'; n >= 0 && n < len(args) {
				b.WriteString(args[n])
				text = text[2:]
				continue
			}
		}
		b.WriteByte('{')
	}
}

// has says whether the catalogue knows a message.
func has(id string) bool {
	_, ok := english.all()[id]
	return ok
}

// pseudoTag is the language that nobody speaks: English with accents, a third
// longer and in brackets, in which cut, glued or forgotten texts are seen.
const pseudoTag = "en-XA"

const (
	plainLetters    = "AaBbCcDdEeGgHhIiKkLlNnOoPpRrSsTtUuYyZz"
	accentedLetters = "ÅåƁƀÇçÐðÉéĜĝĤĥÎîĶķĻļÑñÖöÞþŔŕŠšŢţÛûÝýŽž"
)

// pseudo is a message of that language. Places of arguments stay, and so does
// what has no letters.
func pseudo(text string) string {
	if text == "" {
		return ""
	}
	accented := []rune(accentedLetters)
	var b strings.Builder
	b.WriteByte('[')
	letters := 0
	for _, r := range text {
		if n := strings.IndexRune(plainLetters, r); n >= 0 {
			r = accented[n]
		}
		b.WriteRune(r)
		letters++
	}
	b.WriteString(strings.Repeat("·", (letters*35+99)/100))
	b.WriteByte(']')
	return b.String()
}

// RefusedNotice is what the Agent Desktop's notification centre says of a record
// that HubSpot refused.
func RefusedNotice(lang string) string { return T(lang, "desk.needs-you") }

// ShortcutNotice is what it says of a key that another widget has, too.
func ShortcutNotice(lang string) string { return T(lang, "desk.shortcut-taken") }
