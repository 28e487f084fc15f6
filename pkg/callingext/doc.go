// Package callingext speaks HubSpot's calling extensions protocol, version
// 0.9.7, on both sides: [Widget] is a calling app inside HubSpot's iframe,
// [Host] is the page around it, as HubSpot's or an emulator's.
//
// The two sides exchange JSON objects by the browser's postMessage. Here that
// is a [Port]: the browser gives one, [Pipe] gives a pair in memory, so every
// rule of this package runs and is tested without a browser.
//
// A widget waits for the host's SYNC, answers it with one SYNC_ACK, sends
// INITIALIZED at once and then whatever was queued:
//
//	w := callingext.NewWidget(callingext.WidgetConfig{
//		Port:        port,
//		Origin:      "https://phone.example",
//		Hosts:       []string{"https://app.hubspot.com"},
//		Initialized: func(callingext.Synced) callingext.Initialized { return callingext.Initialized{IsLoggedIn: true} },
//	})
//	for {
//		m, err := w.Next(ctx)
//		if err != nil {
//			return err
//		}
//		switch m := m.(type) {
//		case callingext.DialNumber:
//			record, ok := m.Record()
//			...
//		}
//	}
//
// # Trust
//
// HubSpot's own SDK takes SYNC from any window and believes the origin in its
// payload. This package does not: a message counts only if the browser says
// that it came from the peer window and from an allowed origin, and a SYNC
// only if its hostUrl is that same origin. Portal, user and owner ids are
// unsigned: hints, never identity.
//
// # Strict out, tolerant in
//
// Sending checks required fields and returns an [InvalidError]. Receiving
// keeps what can be read: a missing payload or a field of the wrong type
// leaves the zero value, the payload itself stays in Raw. Identical messages
// that arrive twice are delivered twice, as by HubSpot's SDK: two sends of one
// millisecond share an id there, so the id cannot tell a duplicate.
//
// https://developers.hubspot.com/docs/guides/api/crm/extensions/calling-sdk
package callingext
