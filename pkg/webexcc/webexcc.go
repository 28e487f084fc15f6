// Package webexcc speaks the agent API of Webex Contact Center: the REST
// commands and configuration of one agent, and the stream of notifications
// that answer them.
//
// A command that returns nil was taken by Webex, nothing more: what became of
// it arrives as a [Notification] with the same interaction id. The package
// keeps no call state; whoever reads the stream does.
//
//   - [Client] sends session, task and configuration requests.
//   - [Stream] subscribes, keeps the socket alive, reconnects and reloads.
//   - notification.go, interaction.go, session.go and config.go are the
//     vocabulary, used by the client, by the emulator in webexcctest and by
//     whoever gets the same events another way.
//
// It runs natively and in the browser. HTTP goes through a [Doer] and the
// socket through a [Socket], so that neither needs to be a real one.
//
// The wire protocol is the one of Cisco's own SDK:
// https://github.com/webex/webex-js-sdk/tree/master/packages/@webex/contact-center
package webexcc
