package callingext_test

import (
	"context"
	"fmt"

	"deskbridge/pkg/callingext"
)

// A calling app: it tells HubSpot that the user is logged in and takes a
// dial request. The port would be the browser's; here it is a pipe to a host.
func Example_widget() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	hubspot, port := callingext.Pipe("https://app.hubspot.com", "https://phone.example")
	go dialFromHubSpot(ctx, hubspot)

	w := callingext.NewWidget(callingext.WidgetConfig{
		Port:   port,
		Origin: "https://phone.example",
		Hosts:  []string{"https://app.hubspot.com", "https://*.hubspot.com"},
		Initialized: func(callingext.Synced) callingext.Initialized {
			return callingext.Initialized{IsLoggedIn: true}
		},
	})
	_ = w.Send(callingext.Available{}) // Waits for the handshake.
	for {
		m, err := w.Next(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		switch m := m.(type) {
		case callingext.Synced:
			fmt.Println("portal", m.PortalID)
		case callingext.DialNumber:
			record, _ := m.Record()
			fmt.Println("dial", m.PhoneNumber, "of contact", record.ObjectID)
			err := w.Send(callingext.OutgoingCall{ToNumber: m.PhoneNumber})
			fmt.Println(err)
			return
		}
	}
	// Output:
	// portal 42
	// dial +15550100 of contact 51
	// callingext: OUTGOING_CALL_STARTED: externalCallId: missing
}

func dialFromHubSpot(ctx context.Context, port callingext.Port) {
	h := callingext.NewHost(callingext.HostConfig{
		Port:         port,
		WidgetOrigin: "https://phone.example",
		Sync:         callingext.SyncInfo{HostURL: "https://app.hubspot.com", PortalID: "42"},
	})
	go func() { _ = h.Run(ctx) }()
	if _, err := h.Next(ctx); err != nil { // SYNC_ACK
		return
	}
	_ = h.Send(callingext.DialNumber{
		PhoneNumber: "+15550100",
		CalleeInfo:  &callingext.Callee{CalleeID: "51", CalleeObjectTypeID: callingext.Contact},
	})
}

// A page that plays HubSpot: it creates an engagement for the call that the
// app in its iframe announces.
func Example_host() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	port, phone := callingext.Pipe("https://crm.example", "https://phone.example")
	go callFromPhone(ctx, phone)

	h := callingext.NewHost(callingext.HostConfig{
		Port:         port,
		WidgetOrigin: "https://phone.example",
		Sync:         callingext.SyncInfo{HostURL: "https://crm.example", PortalID: "42", IframeLocation: callingext.InRemote},
	})
	go func() { _ = h.Run(ctx) }() // At the iframe's load event.
	for {
		m, err := h.Next(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(m.Kind())
		if call, ok := m.(callingext.IncomingCall); ok {
			fmt.Println("from", call.FromNumber)
			_ = h.Send(callingext.CreateEngagementSucceeded{EngagementID: "9001"})
			return
		}
	}
	// Output:
	// SYNC_ACK
	// INITIALIZED
	// INCOMING_CALL
	// from +15550100
}

func callFromPhone(ctx context.Context, port callingext.Port) {
	w := callingext.NewWidget(callingext.WidgetConfig{
		Port: port, Origin: "https://phone.example", Hosts: []string{"https://crm.example"},
	})
	_ = w.Send(callingext.IncomingCall{ExternalCallID: "c1", FromNumber: "+15550100", ToNumber: "+15550199", CreateEngagement: true})
	for {
		if _, err := w.Next(ctx); err != nil {
			return
		}
	}
}
