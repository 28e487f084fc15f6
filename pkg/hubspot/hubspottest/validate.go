package hubspottest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Rule is what an admin demands of a property. Since 2026-09 rules apply to
// the API too; the code of their complaint is invented.
type Rule struct {
	ObjectType string // Id or name.
	Property   string
	Required   bool // On creation.
	MinLength  int
	MaxLength  int            // 0 is no limit.
	Pattern    *regexp.Regexp // Nil is anything.
	Message    string         // Defaults to one that names the property.
}

// SetRules replaces the admin's rules.
func (s *Server) SetRules(rules ...Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Rules = slices.Clone(rules)
}

// maxText is HubSpot's limit of a property's value.
const maxText = 65_536

// validate says what is wrong with values to write. Messages are HubSpot's in
// meaning, not always in wording.
func (s *Server) validate(t *objectType, r *record, props map[string]string) []problem {
	var found []problem
	for _, name := range slices.Sorted(maps.Keys(props)) {
		p, value := t.property(name), props[name]
		if p == nil {
			found = append(found, problem{name, "PROPERTY_DOESNT_EXIST", fmt.Sprintf("Property %q does not exist", name)})
			continue
		}
		if p.readOnly {
			found = append(found, problem{name, "READ_ONLY_VALUE", fmt.Sprintf("%q is a read only property; its value cannot be set.", name)})
			continue
		}
		if code, message := s.wrong(t, p, value); code != "" {
			found = append(found, problem{name, code, message})
			continue
		}
		if p.Unique && value != "" && name != "email" {
			if other := s.find(t, value, name); other != nil && other != r {
				found = append(found, problem{name, "CONFLICTING_UNIQUE_VALUE",
					fmt.Sprintf("Cannot set %q to %q. %s already has that value.", name, value, other.id)})
			}
		}
	}
	return append(found, s.broken(t, r, props)...)
}

// wrong is about one value.
func (s *Server) wrong(t *objectType, p *property, value string) (code, message string) {
	if value == "" {
		if slices.Contains(t.required, p.Name) {
			return "REQUIRED_FIELD", p.Name + " is required"
		}
		return "", ""
	}
	switch p.Type {
	case "number":
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return "INVALID_LONG", fmt.Sprintf("%s was not a valid number.", value)
		}
	case "bool":
		if value != "true" && value != "false" {
			return "INVALID_OPTION", fmt.Sprintf("%s was not one of the allowed options: [true, false]", value)
		}
	case "datetime", "date":
		if _, ok := moment(value); !ok {
			return "INVALID_DATE", fmt.Sprintf("%s was not a valid date.", value)
		}
	case "enumeration":
		if p.takesOwner() {
			if !slices.ContainsFunc(s.world.owners, func(o owner) bool { return o.id == value && !o.archived }) {
				return "INVALID_OWNER_ID", fmt.Sprintf("Owner %s does not exist", value)
			}
			break
		}
		var allowed []string
		for _, o := range p.Options {
			if o.Value == value {
				return "", ""
			}
			allowed = append(allowed, o.Value)
		}
		return "INVALID_OPTION", fmt.Sprintf("%s was not one of the allowed options: [%s]", value, strings.Join(allowed, ", "))
	}
	if utf8.RuneCountInString(value) > maxText {
		return "PROPERTY_VALUE_TOO_LONG", fmt.Sprintf("The value is too long: the limit is %d characters.", maxText)
	}
	if p.Name == "email" {
		local, domain, ok := strings.Cut(value, "@")
		if !ok || local == "" || !strings.Contains(domain, ".") || strings.ContainsAny(value, " ,;") {
			return "INVALID_EMAIL", fmt.Sprintf("Email address %s is invalid", value)
		}
	}
	return "", ""
}

// broken are the admin's rules that the values break.
func (s *Server) broken(t *objectType, r *record, props map[string]string) []problem {
	var found []problem
	for _, rule := range s.cfg.Rules {
		if typeNamed(rule.ObjectType) != t.id {
			continue
		}
		value, given := props[rule.Property]
		size := utf8.RuneCountInString(value)
		switch {
		case rule.Required && r == nil && value == "":
		case !given || value == "":
			continue
		case size < rule.MinLength || rule.MaxLength > 0 && size > rule.MaxLength:
		case rule.Pattern != nil && !rule.Pattern.MatchString(value):
		default:
			continue
		}
		message := orElse(rule.Message == "", rule.Property+" does not meet your account's validation rules", rule.Message)
		found = append(found, problem{rule.Property, "PROPERTY_VALIDATION_RULE_FAILED", message})
	}
	return found
}

// lacking are the required properties that a record to create has not.
func (t *objectType) lacking(props map[string]string) []string {
	var names []string
	for _, name := range t.required {
		if props[name] == "" {
			names = append(names, name)
		}
	}
	return names
}
