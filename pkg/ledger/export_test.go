package ledger

import "deskbridge/pkg/backend"

// Ability is what a portal's calls can hold, for the tests of the mapping.
type Ability = ability

// NewAbility makes one.
func NewAbility(unique bool, missed string, dispositions []string, names ...string) *Ability {
	a := &ability{names: map[string]Property{}, unique: unique, missed: missed, dispositions: dispositions}
	for _, n := range names {
		a.names[n] = Property{Name: n, Type: "string"}
	}
	return a
}

// WithProperties adds properties to what a portal's calls can hold.
func (a *Ability) WithProperties(properties ...Property) *Ability {
	for _, p := range properties {
		a.names[p.Name] = p
	}
	return a
}

// MapProperties is the mapping of a record to a call.
func MapProperties(r backend.Record, p Portal, orgID, ownerID string, s Settings, a *Ability) map[string]string {
	return properties(r, p, orgID, ownerID, s, a)
}

// Clip cuts HTML.
func Clip(s string, n int) string { return clip(s, n) }
