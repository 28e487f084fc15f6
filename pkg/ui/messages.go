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
	text, ok := catalogue[lang][id]
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

// has says whether the catalogue knows a message.
func has(id string) bool {
	_, ok := english[id]
	return ok
}
