package main

import (
	"strconv"
	"strings"

	"deskbridge/pkg/tenant"
)

// settings reads how the portal wants Deskbridge to behave.
func (e *environment) settings(s *tenant.Settings) {
	e.text("DESKBRIDGE_REGION", &s.Region, "")
	e.text("DESKBRIDGE_POP_AT", &s.PopAt, "")
	e.text("DESKBRIDGE_POP_IN", &s.PopIn, "")
	e.text("DESKBRIDGE_LANGUAGE", &s.Language, "")
	e.text("DESKBRIDGE_THEME", &s.Theme, "")
	e.text("DESKBRIDGE_NO_CALLS_PROPERTY", &s.NoCallsProperty, "")
	e.list("DESKBRIDGE_PHONE_PROPERTIES", &s.PhoneProperties, nil)
	e.duration("DESKBRIDGE_MATCH_DEADLINE", &s.MatchDeadline, "3s")
	e.pairs("DESKBRIDGE_VARIABLE_PROPERTIES", &s.VariableProperties, "tier=customer_tier")
	e.pairs("DESKBRIDGE_DISPOSITIONS", &s.DispositionByCode, "Sale=f240bbac-87c9-4f6e-bf70-924b57d47db7")
	if text := strings.TrimSpace(e.getenv("DESKBRIDGE_PANEL_WIDTH")); text != "" {
		var err error
		if s.PanelWidth, err = strconv.Atoi(text); err != nil {
			e.problem("DESKBRIDGE_PANEL_WIDTH", "%q: write a number of pixels", text)
		}
	}
	e.flag("DESKBRIDGE_OWNER_FOLLOWS_TRANSFER", func(on bool) { s.OwnerFollowsTransfer = on })
	e.flag("DESKBRIDGE_LOG_MISSED", func(on bool) { s.SkipMissed = !on })
	for name, one := range map[string]tenant.Settings{
		"DESKBRIDGE_REGION": {Region: s.Region}, "DESKBRIDGE_POP_AT": {PopAt: s.PopAt},
		"DESKBRIDGE_POP_IN": {PopIn: s.PopIn}, "DESKBRIDGE_MATCH_DEADLINE": {MatchDeadline: s.MatchDeadline},
		"DESKBRIDGE_LANGUAGE": {Language: s.Language}, "DESKBRIDGE_THEME": {Theme: s.Theme},
		"DESKBRIDGE_NO_CALLS_PROPERTY":   {NoCallsProperty: s.NoCallsProperty},
		"DESKBRIDGE_PHONE_PROPERTIES":    {PhoneProperties: s.PhoneProperties},
		"DESKBRIDGE_PANEL_WIDTH":         {PanelWidth: s.PanelWidth},
		"DESKBRIDGE_VARIABLE_PROPERTIES": {VariableProperties: s.VariableProperties},
		"DESKBRIDGE_DISPOSITIONS":        {DispositionByCode: s.DispositionByCode},
	} {
		if err := one.Validate(); err != nil {
			e.problem(name, "%s", strings.TrimPrefix(err.Error(), "tenant: "))
		}
	}
}

// flag reads a truth value, where one is given.
func (e *environment) flag(name string, set func(bool)) {
	switch v := e.getenv(name); v {
	case "":
	case "true", "false":
		set(v == "true")
	default:
		e.problem(name, "%q: write true or false", v)
	}
}

// pairs reads name=value pairs such as example, several separated by commas.
// Names and values may hold spaces.
func (e *environment) pairs(name string, into *map[string]string, example string) {
	text := e.getenv(name)
	if strings.TrimSpace(text) == "" {
		return
	}
	pairs := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		left, right, ok := strings.Cut(pair, "=")
		left, right = strings.TrimSpace(left), strings.TrimSpace(right)
		if !ok || left == "" || right == "" {
			e.problem(name, "%q: write %s, several separated by commas", strings.TrimSpace(pair), example)
			return
		}
		pairs[left] = right
	}
	*into = pairs
}
