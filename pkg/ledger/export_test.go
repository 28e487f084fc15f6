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
	return mapping{rec: r, agent: Agent{OrgID: orgID}, portal: p, settings: s, able: a, ownerID: ownerID}.properties()
}

// Clip cuts HTML.
func Clip(s string, n int) string { return clip(s, n) }

// PrivacyQueries are how the rows of a person are found.
var PrivacyQueries = []string{ofRef, ofNumber}

// MapFor is MapProperties for an agent, with the time after a transfer in ms.
func MapFor(a Agent, r backend.Record, s Settings, able *Ability, after int64) map[string]string {
	return mapping{rec: r, agent: a, settings: s, able: able, after: after}.properties()
}

// Excluded says whether a number is one that is not logged.
func Excluded(number string, list []string, region string) bool {
	return excluded(number, list, region)
}
