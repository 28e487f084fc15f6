package callingext

import "encoding/json"

// ObjectCoordinates name a record of a portal.
type ObjectCoordinates struct {
	PortalID     ID     `json:"portalId"`
	ObjectID     ID     `json:"objectId"`
	ObjectTypeID string `json:"objectTypeId"` // Such as [Contact].
}

// A RecordRef names a record within the portal.
type RecordRef struct {
	ObjectTypeID string // Such as [Contact].
	ObjectID     ID
}

// DialNumber asks to call a number. HubSpot sends it only to a widget that is
// logged in, sometimes twice for one click (same number and StartTimestamp).
type DialNumber struct {
	PhoneNumber          string `json:"phoneNumber"` // Required. Not normalised; maybe without country code.
	PhoneNumberDuplicate string `json:"phone_number,omitempty"`
	OwnerID              ID     `json:"ownerId,omitempty"`
	SubjectID            ID     `json:"subjectId,omitempty"`
	// ObjectID and ObjectType are often wrong or missing; see Record.
	ObjectID         ID      `json:"objectId,omitempty"`
	ObjectType       string  `json:"objectType,omitempty"` // CONTACT, COMPANY; TICKET has been seen.
	PortalID         ID      `json:"portalId,omitempty"`
	CountryCode      string  `json:"countryCode,omitempty"` // ISO, such as "US".
	CalleeInfo       *Callee `json:"calleeInfo,omitempty"`
	StartTimestamp   int64   `json:"startTimestamp,omitempty"`   // Milliseconds since 1970.
	ToPhoneNumberSrc string  `json:"toPhoneNumberSrc,omitempty"` // Property that the number came from.
	ThreadID         ID      `json:"threadId,omitempty"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// Callee is the record that a number belongs to.
type Callee struct {
	CalleeID           ID     `json:"calleeId,omitempty"`
	CalleeObjectTypeID string `json:"calleeObjectTypeId,omitempty"`
}

// Record returns the record that is being called: calleeInfo, else objectId
// with objectType when both are plausible. False: HubSpot did not say; look
// the number up. ObjectID may be the record on the screen rather than the one
// called, HubSpot does not always distinguish.
func (m DialNumber) Record() (RecordRef, bool) {
	if c := m.CalleeInfo; c != nil {
		if t := objectTypeID(c.CalleeObjectTypeID); t != "" && plausible(c.CalleeID) {
			return RecordRef{t, c.CalleeID}, true
		}
	}
	if t := objectTypeID(m.ObjectType); t != "" && plausible(m.ObjectID) {
		return RecordRef{t, m.ObjectID}, true
	}
	return RecordRef{}, false
}

func plausible(id ID) bool {
	_, ok := id.Int64()
	return ok
}

// objectTypeID returns the id of a type that HubSpot gives as "0-1" or as
// "CONTACT"; empty if it is neither.
func objectTypeID(t string) string {
	switch t {
	case "CONTACT":
		return Contact
	case "COMPANY":
		return Company
	case "DEAL":
		return Deal
	case "TICKET":
		return Ticket
	}
	if len(t) < 3 || t[1] != '-' || (t[0] != '0' && t[0] != '2') {
		return "" // "0-" are HubSpot's own objects, "2-" a portal's.
	}
	if !plausible(ID(t[2:])) {
		return ""
	}
	return t
}

// Kind returns DIAL_NUMBER.
func (DialNumber) Kind() MessageType { return TypeDialNumber }

// Validate wants the number.
func (m DialNumber) Validate() error {
	c := check{typ: m.Kind()}
	c.required(m.PhoneNumber, "phoneNumber")
	return c.err
}

func (m DialNumber) payload() any { return m }
func (DialNumber) hostMessage()   {}

// CallerIDMatchSucceeded answers [IncomingCall] with the records that carry
// the caller's number; there may be none.
type CallerIDMatchSucceeded struct {
	CallerIDMatches []CallerIDMatch `json:"callerIdMatches"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// A CallerIDType is the kind of a match.
type CallerIDType string

// The two kinds.
const (
	MatchContact CallerIDType = "CONTACT"
	MatchCompany CallerIDType = "COMPANY"
)

// A CallerIDMatch is a record with the caller's number. A contact has first
// name, last name and e-mail, a company a name; each may be empty.
type CallerIDMatch struct {
	CallerIDType      CallerIDType      `json:"callerIdType"`
	ObjectCoordinates ObjectCoordinates `json:"objectCoordinates"`
	FirstName         string            `json:"firstName,omitempty"`
	LastName          string            `json:"lastName,omitempty"`
	Email             string            `json:"email,omitempty"`
	Name              string            `json:"name,omitempty"`
}

// CallerIDMatchFailed answers [IncomingCall]: HubSpot could not search.
type CallerIDMatchFailed struct {
	Error Failure `json:"error"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// Kind returns CALLER_ID_MATCH_SUCCEEDED.
func (CallerIDMatchSucceeded) Kind() MessageType { return TypeCallerIDMatchSucceeded }

// Kind returns CALLER_ID_MATCH_FAILED.
func (CallerIDMatchFailed) Kind() MessageType { return TypeCallerIDMatchFailed }

// Validate wants an id in every match.
func (m CallerIDMatchSucceeded) Validate() error {
	c := check{typ: m.Kind()}
	for _, match := range m.CallerIDMatches {
		c.required(string(match.ObjectCoordinates.ObjectID), "objectCoordinates.objectId")
	}
	return c.err
}

// Validate returns nil.
func (CallerIDMatchFailed) Validate() error { return nil }

func (m CallerIDMatchSucceeded) payload() any {
	if m.CallerIDMatches == nil {
		m.CallerIDMatches = []CallerIDMatch{} // HubSpot sends [], never null.
	}
	return m
}
func (m CallerIDMatchFailed) payload() any  { return m }
func (CallerIDMatchSucceeded) hostMessage() {}
func (CallerIDMatchFailed) hostMessage()    {}
