package engine

import (
	"deskbridge/pkg/desktop"
	"deskbridge/pkg/softphone"
)

// Desktop is the contact centre inside the Webex Agent Desktop. It offers
// [Media] as far as the agent's phone is the Desktop itself; wait for
// desktop.Ready before [Engine.Run] asks.
type Desktop struct{ *desktop.Desktop }

// Open begins a stream of the Desktop's events.
func (d Desktop) Open() Notifications { return d.Desktop.Open() }

// Abilities says what the Desktop's phone can do.
func (d Desktop) Abilities() softphone.MediaAbilities {
	return softphone.MediaAbilities(d.Desktop.Abilities())
}

var (
	_ ContactCenter = Desktop{}
	_ Media         = Desktop{}
)
