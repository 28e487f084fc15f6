package desktop

import (
	"context"
	"strings"

	"deskbridge/pkg/webexcc"
)

// Abilities says which of Answer, Decline, Mute, SendDigits and UpdateVariable
// work, and what the SDK has not. The first four need a call whose sound is in the Desktop.
type Abilities struct {
	Answer, Decline, Mute, Digits bool
	Variables                     bool

	DigitsOnly bool // SendDigits takes no * and no #.
	NoHandOver bool // There is no TransferConference.
}

// Abilities follows the phone that the agent is logged in at, so it is to be
// asked when the SDK is initialised: see [Desktop.Ready].
func (d *Desktop) Abilities() Abilities {
	web := d.webRTC()
	return Abilities{Answer: web, Decline: web, Mute: web, Digits: web, Variables: true, DigitsOnly: true, NoHandOver: true}
}

func (d *Desktop) webRTC() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.EqualFold(d.props.text(PropDeviceType), webexcc.DeviceBrowser)
}

// Answer takes the call that rings in the Desktop; there is one at a time.
func (d *Desktop) Answer(ctx context.Context, _ string) error {
	return d.web(ctx, callAnswerWebRTC)
}

// Decline turns the call away that rings in the Desktop.
func (d *Desktop) Decline(ctx context.Context, _ string) error {
	return d.web(ctx, callDeclineWebRTC)
}

func (d *Desktop) web(ctx context.Context, call string) error {
	if !d.webRTC() {
		return ErrNotOffered
	}
	return d.command(ctx, call)
}

// Mute turns the microphone off or on. The SDK can only change it over, so this
// goes by what the Desktop last said or was last asked.
func (d *Desktop) Mute(ctx context.Context, id string, on bool) error {
	d.mu.Lock()
	same := d.muted[id] == on
	d.mu.Unlock()
	if same {
		return nil
	}
	if err := d.web(ctx, callMuteWebRTC); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.muted[id] = on
	return nil
}

// SendDigits sends tones. The SDK makes a number of what it is given, so * and
// # are refused with [ErrNotOffered] before any tone is sent.
func (d *Desktop) SendDigits(ctx context.Context, _, digits string) error {
	if !d.webRTC() || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return ErrNotOffered
	}
	for _, digit := range digits {
		if err := d.command(ctx, callSendDTMF, string(digit)); err != nil {
			return err
		}
	}
	return nil
}

// UpdateVariable changes a call variable that is not secure; ContactUpdated
// brings the contact as it is then.
func (d *Desktop) UpdateVariable(ctx context.Context, id, name, value string) error {
	if id == "" || name == "" {
		return invalid("update variable", "interaction and name are required")
	}
	type attributes struct {
		Attributes map[string]string `json:"attributes"`
	}
	return d.command(ctx, callUpdateVariables, struct {
		ID         string     `json:"interactionId"`
		Data       attributes `json:"data"`
		SecureCAD  []string   `json:"secureCad"`
		KeyID      *string    `json:"keyId"`
		KeyVersion *int       `json:"keyVersion"`
	}{ID: id, Data: attributes{map[string]string{name: value}}, SecureCAD: []string{}})
}
