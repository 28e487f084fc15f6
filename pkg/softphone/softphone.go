// Package softphone decides everything an agent's phone does. It is one pure
// function, [Step]: a state, the time and an event go in; a new state and
// orders to the outside come out. No I/O, no clock, no goroutine.
//
// A driver (pkg/engine) keeps the state, feeds events in the order they
// happen, and carries out the commands: one ordered lane per [Lane], each
// command with a deadline, refusals fed back as [CommandFailed]. What a person
// sees is [State.View]; what a person does is an event.
//
// Webex sends the whole interaction with every task notification, so the phase
// of a call, its legs and flags are derived from it by one function; the name
// of the notification only clears what is pending and says what HubSpot must
// be told.
package softphone
