// Package softphone decides everything an agent's phone does. It is one pure
// function, [Step]: a state, the time and an event go in; a new state and
// orders to the outside come out. No I/O, no clock, no goroutine.
//
// A driver (pkg/engine) keeps the state, feeds events in the order they
// happen, and carries out the commands: one ordered lane per [Lane], each
// command with a deadline, refusals fed back as [CommandFailed]. What a person
// sees is [State.View]; what a person does is an event.
//
// One call has at most one consult, which is a leg of it and no call of its
// own; each agent's part in a contact is a call with a key and a record of its
// own. What only the name of a notification says is put into the interaction
// (byname.go) before it is derived (derive.go); what may be done is one matrix
// (controls.go).
//
// Webex sends the whole interaction with every task notification, so the phase
// of a call, its legs and flags are derived from it by one function; the name
// of the notification only clears what is pending and says what HubSpot must
// be told.
package softphone
