//go:build js && wasm

package main

import (
	"encoding/json"
	"strings"
	"time"

	"deskbridge/pkg/browser"
	"deskbridge/pkg/callingext"
)

// A dial is a press on a phone number.
type dial struct {
	Record record
	Phone  phone
	Faulty bool // As HubSpot has been seen sending it: objectId 0 and no objectType.
	Twice  bool // As HubSpot has been seen sending it: two messages for one press.
}

// press is what HubSpot does when a number is clicked: it opens the panel, and
// asks the app, if somebody is logged in to it.
func (c *crm) press(d dial) {
	c.show(true)
	if c.conn == nil || !c.conn.ready {
		if c.conn != nil && c.conn.failed {
			c.reloadFrame()
		}
		c.pendingDial = &d // INITIALIZED sends it.
		return
	}
	c.send(d)
}

func (c *crm) send(d dial) {
	c.pendingDial = nil
	if !c.conn.loggedIn {
		c.warnPerson("Log in to " + c.ext().Name + " to make calls. Use the calling panel at the bottom of the page, then press the number again.")
		return
	}
	c.dialled = &d
	message := c.dialMessage(d, time.Now().UnixMilli())
	c.say(message)
	if d.Twice {
		c.say(message)
	}
}

func (c *crm) dialMessage(d dial, at int64) callingext.HostMessage {
	callee := callingext.ID(d.Record.ID)
	// As HubSpot does, objectId names the record on the screen; only calleeInfo
	// always names the one that is called.
	shown := d.Record
	if c.at.ID != "" && c.page.ID == c.at.ID {
		shown = c.page.record
	}
	id := callingext.ID(shown.ID)
	m := callingext.DialNumber{
		PhoneNumber: d.Phone.Number, PhoneNumberDuplicate: d.Phone.Number,
		OwnerID: callingext.ID(c.cfg.OwnerID), PortalID: callingext.ID(c.cfg.PortalID),
		SubjectID: id, ObjectID: id, ObjectType: objectTypeName(shown.Type),
		CountryCode:    d.Phone.Country,
		CalleeInfo:     &callingext.Callee{CalleeID: callee, CalleeObjectTypeID: d.Record.TypeID},
		StartTimestamp: at, ToPhoneNumberSrc: d.Phone.Property,
	}
	if !d.Faulty {
		return m
	}
	// Typed fields refuse such ids.
	body, err := json.Marshal(map[string]any{
		"phoneNumber": m.PhoneNumber, "phone_number": m.PhoneNumber, "ownerId": m.OwnerID, "portalId": m.PortalID,
		"subjectId": 0, "objectId": 0, "countryCode": m.CountryCode, "calleeInfo": m.CalleeInfo,
		"startTimestamp": at, "toPhoneNumberSrc": m.ToPhoneNumberSrc,
	})
	if err != nil {
		return m
	}
	return callingext.Unknown{Type: callingext.TypeDialNumber, Data: body}
}

// objectTypeName is what HubSpot calls a type in DIAL_NUMBER.
func objectTypeName(objectType string) string {
	switch objectType {
	case "companies":
		return "COMPANY"
	case "contacts":
		return "CONTACT"
	}
	return strings.ToUpper(strings.TrimSuffix(objectType, "s"))
}

// digits is a number without its punctuation.
func digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, number)
}

// dialledFrom is the record whose number an outgoing call goes to.
func (c *crm) dialledFrom(number string) *recordRef {
	d := c.dialled
	if d == nil || number == "" {
		return nil
	}
	a, b := digits(d.Phone.Number), digits(number)
	if !strings.HasSuffix(a, b) && !strings.HasSuffix(b, a) {
		return nil
	}
	return &recordRef{d.Record.Type, d.Record.ID}
}

// endCall asks the widget to hang up. What HubSpot sends with it is unknown.
func (c *crm) endCall() { c.say(callingext.EndCall{}) }

func reloadPage() { browser.Reload() }
