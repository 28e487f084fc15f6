package ui

import (
	"strconv"
	"strings"
)

// catalogue holds the languages: a further one is a further map. A message is
// an id with a text; {0}, {1} … stand for arguments.
var catalogue = map[string]map[string]string{
	"en": english,
}

// T is the message with that id in that language, with its arguments in place.
// A language or message that is missing falls back to English, and an id
// without any text to itself, so that nothing is ever blank.
func T(lang, id string, args ...string) string {
	text, ok := catalogue[Language(lang)][id]
	if !ok {
		if text, ok = english[id]; !ok {
			return id
		}
	}
	for i, arg := range args {
		text = strings.ReplaceAll(text, "{"+strconv.Itoa(i)+"}", arg)
	}
	return text
}

// Language is the catalogue's language for a browser's, such as "en" for
// "en-GB", and English for one that is not there.
func Language(lang string) string {
	if _, ok := catalogue[lang]; ok {
		return lang
	}
	base, _, _ := strings.Cut(lang, "-")
	if _, ok := catalogue[base]; ok {
		return base
	}
	return "en"
}

// has says whether the catalogue knows a message.
func has(id string) bool {
	_, ok := english[id]
	return ok
}
