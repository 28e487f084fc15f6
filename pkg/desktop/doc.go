// Package desktop is the Webex Agent Desktop as a contact centre: the calls and
// events of Cisco's @wxcc-desktop/sdk (2.0.15) as JSON texts over a [Pipe]. At
// the other end a thin bridge of JavaScript runs the SDK inside the Desktop's
// custom element; it decides nothing.
//
// # Protocol, version 1
//
// A message is one JSON object. Each side ignores members it does not know.
//
// The bridge introduces itself as soon as the element is in the page, and again
// with inited true when the SDK's init has resolved. A hello replaces the one
// before, and with it every call that waits and everything that was listened to:
//
//	{"v":1,"hello":{"sdk":"2.0.15","inited":true,"framed":false,"mode":"panel",
//	                "props":{"agentId":"…","darkMode":true}}}
//
// props are the element's properties as the layout names them, $STORE values
// resolved ([Properties] lists those that are understood), and clientLocale, the
// SDK's own. framed says that window.self is not window.top. mode is panel, page,
// header or headless. When properties change, those that did are sent, null for one that
// is gone:
//
//	{"props":{"darkMode":false}}
//
// A call names a module and a member of the SDK, one of [Calls]; the bridge
// refuses any other. If the member is a function the bridge calls it with args,
// else its value is the answer. Maps are answered as objects, undefined as null:
//
//	{"id":7,"call":"agentContact.hold","args":[{"interactionId":"…"}]}
//	{"id":7,"ok":{…}}
//	{"id":7,"error":{"id":"Service.aqm.contact.hold","reason":"…","reasonCode":1001,"trackingId":"…"}}
//
// reason, reasonCode and trackingId of an error are those of the rejection's
// details or of the message (details.data) in them. A call without an id gets no
// answer, and the bridge does not await its promise: some of the SDK's
// notifications never settle.
//
// What is to be listened to is named in the same way, one of [Events]:
//
//	{"listen":["agentContact.eAgentOfferContact","shortcutKey.listenKeyPress"]}
//	{"event":"agentContact.eAgentOfferContact","data":{…}}
//
// The bridge hands a function to addEventListener(name), or, where the name
// itself begins with "listen", to that method. data is the listener's first
// argument. Listeners must not throw into the Desktop. An event that the SDK
// sends before it settles a promise is passed on before the answer.
//
// The element in the header is a button, with the panel in a popover below it.
// The app opens and closes that one, at any time; elements that are always to be
// seen ignore it. In a frame of its own, as the Desktop's isolated shell gives
// it, the element cannot draw beyond the frame:
//
//	{"show":true}
//
// When the element leaves the page the bridge says so; a new hello follows when
// it is back:
//
//	{"bye":true}
//
// # Finding each other
//
// The app's frame, once it listens, posts {"deskbridge":"port?"} to its parent.
// The element answers its own frame at its own origin, and nobody else, with
// {"deskbridge":"port","v":1} and a MessagePort, which is the pipe. A frame that
// asks again, as after a reload, gets a new port and a new hello.
package desktop
