// Package ui is the agent panel: go-app components that draw a
// [softphone.View] and answer with [softphone.Event] values. It decides
// nothing about calls: what a control may do stands in the view's Can fields.
//
// [Panel] is the component to mount. It owns what is local to the person at
// the keyboard (the number typed so far, an open menu, the text of the notes
// until it is sent) and ticks its timers once a second. [Screen] draws the
// whole panel from values alone, so that tests and a storybook can show any
// state natively.
//
// What an agent searches (queues, the address book, contacts, what a number is)
// is asked of a [Directory] in the background and kept in [Found]: the newest
// question of each [Slot] wins. A [Sheet] covers the stage and never the dock,
// so the call can be ended from everywhere by one press.
//
// Edges of go-app v10 that shaped the code:
//
//   - Children are matched by position, so a part whose meaning changes with
//     the screen is wrapped in keyed, which remounts it; zones and controls
//     that must keep the focus keep their position and are hidden instead.
//   - Event handlers are compared by code pointer, so a closure over new data
//     would never replace an old one. Every handler therefore carries an
//     [Intent], a value, and is scoped by it (see Env.on).
//   - An input that a person typed into is not changed by an attribute; the
//     panel sets such values itself after drawing (dom.go).
//   - Inline styles would break the content security policy: classes only.
package ui
