package webexcctest

import (
	"fmt"

	"deskbridge/pkg/webexcc"
)

// A ProfileChange changes what the configuration says to an agent. What is nil
// stays as it is. Some of it belongs to the tenant at Webex: here each agent may
// see another tenant.
type ProfileChange struct {
	Agent string `json:"agent,omitempty"` // Defaults to everybody.

	AutoWrapUpSeconds       *int  `json:"autoWrapUpSeconds,omitempty"` // 0 turns it off.
	AutoWrapUpExtension     *bool `json:"autoWrapUpExtension,omitempty"`
	InactivityMinutes       *int  `json:"inactivityMinutes,omitempty"` // 0 turns it off.
	MaskSensitiveData       *bool `json:"maskSensitiveData,omitempty"`
	CallVariablesSuppressed *bool `json:"callVariablesSuppressed,omitempty"`
	PrivacyShieldVisible    *bool `json:"privacyShieldVisible,omitempty"`
	EndCallEnabled          *bool `json:"endCallEnabled,omitempty"`    // The platform obeys too.
	EndConsultEnabled       *bool `json:"endConsultEnabled,omitempty"` // The platform obeys too.
	ConsultToQueue          *bool `json:"consultToQueue,omitempty"`
	OutdialEnabled          *bool `json:"outdialEnabled,omitempty"`
	DialPlanEnabled         *bool `json:"dialPlanEnabled,omitempty"` // With the fixture's plan.
	AddressBook             *bool `json:"addressBook,omitempty"`     // False takes it away.
}

// ChangeProfile changes what an agent's next requests for configuration are
// answered with, until Reset.
func (s *Server) ChangeProfile(c ProfileChange) error {
	for _, n := range []*int{c.AutoWrapUpSeconds, c.InactivityMinutes} {
		if n != nil && *n < 0 {
			return fmt.Errorf("%w: a time is negative", ErrInvalid)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.agents
	if c.Agent != "" {
		a := s.findAgent(c.Agent)
		if a == nil {
			return fmt.Errorf("%w: agent %q", ErrUnknown, c.Agent)
		}
		list = []*agent{a}
	}
	for _, a := range list {
		a.reconfigure(c)
	}
	return nil
}

func (a *agent) reconfigure(c ProfileChange) {
	p, t := &a.profile, &a.tenant
	if c.AutoWrapUpSeconds != nil {
		p.AutoWrapUp = webexcc.BoolOf(*c.AutoWrapUpSeconds > 0)
		p.AutoWrapAfterSeconds = webexcc.Number(*c.AutoWrapUpSeconds) * 1000 // Milliseconds, whatever the name says.
	}
	if c.InactivityMinutes != nil {
		p.InactivityCustomEnabled = webexcc.BoolOf(*c.InactivityMinutes > 0)
		p.InactivityMins = webexcc.Number(*c.InactivityMinutes)
	}
	for _, change := range []struct {
		to    *bool
		field *webexcc.Bool
	}{
		{c.AutoWrapUpExtension, &p.AllowAutoWrapUpExtension},
		{c.MaskSensitiveData, &a.setting.MaskSensitiveData},
		{c.CallVariablesSuppressed, &t.CallVariablesSuppressed},
		{c.PrivacyShieldVisible, &t.PrivacyShieldVisible},
		{c.EndCallEnabled, &t.EndCallEnabled},
		{c.EndConsultEnabled, &t.EndConsultEnabled},
		{c.ConsultToQueue, &p.ConsultToQueue},
		{c.OutdialEnabled, &p.OutdialEnabled},
		{c.DialPlanEnabled, &p.DialPlanEnabled},
	} {
		if change.to != nil {
			*change.field = webexcc.BoolOf(*change.to)
		}
	}
	if p.DialPlanEnabled.Is() {
		p.DialPlans = webexcc.Texts{DialPlanID}
	}
	if c.AddressBook != nil {
		p.AddressBookID = ""
		if *c.AddressBook {
			p.AddressBookID = AddressBookID
		}
	}
}

// employ returns a person with the fixture's profile and no session.
func (s *Server) employ(p person) *agent {
	return &agent{person: p, profile: s.fix.profile, setting: s.fix.setting, tenant: s.fix.tenant}
}
