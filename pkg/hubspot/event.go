package hubspot

import (
	"encoding/json"
	"fmt"
	"time"
)

// The events that a calling app wants. Uninstalled is not among the documented
// subscriptions: HubSpot tells of it in its webhooks journal only, so the name
// is inferred; a refresh token that is refused says the same.
const (
	ContactPropertyChange    = "contact.propertyChange"
	ContactMerge             = "contact.merge"
	ContactDeletion          = "contact.deletion"
	ContactPrivacyDeletion   = "contact.privacyDeletion"
	ContactAssociationChange = "contact.associationChange"
	CompanyMerge             = "company.merge"
	Uninstalled              = "app.uninstall"
)

// An Event is one change that HubSpot tells of. Fields that its type does not
// have are empty. Events come more than once and in any order.
//
// https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
type Event struct {
	ID         string // Not unique, says HubSpot.
	Type       string // Such as [ContactMerge].
	PortalID   string
	AppID      string
	Subscribed string // Id of the subscription.
	ObjectID   string
	OccurredAt time.Time
	Attempt    int // From 0.

	Property, Value string // Of a property change.

	Primary string   // Of a merge: which record won.
	Merged  []string // Of a merge: which are gone.
	New     string   // Of a merge: the record that is there now, if neither of them.

	From, To    string // Of an association.
	Association string // Such as CONTACT_TO_COMPANY.
	Removed     bool
}

// UnmarshalJSON decodes HubSpot's form. The type is under one of two names.
func (e *Event) UnmarshalJSON(b []byte) error {
	var w struct {
		EventID            id     `json:"eventId"`
		SubscriptionType   string `json:"subscriptionType"`
		EventType          string `json:"eventType"`
		PortalID           id     `json:"portalId"`
		AppID              id     `json:"appId"`
		SubscriptionID     id     `json:"subscriptionId"`
		ObjectID           id     `json:"objectId"`
		OccurredAt         int64  `json:"occurredAt"`
		AttemptNumber      int    `json:"attemptNumber"`
		PropertyName       string `json:"propertyName"`
		PropertyValue      id     `json:"propertyValue"`
		PrimaryObjectID    id     `json:"primaryObjectId"`
		MergedObjectIDs    []id   `json:"mergedObjectIds"`
		NewObjectID        id     `json:"newObjectId"`
		FromObjectID       id     `json:"fromObjectId"`
		ToObjectID         id     `json:"toObjectId"`
		AssociationType    string `json:"associationType"`
		AssociationRemoved bool   `json:"associationRemoved"`
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*e = Event{
		ID: string(w.EventID), Type: w.SubscriptionType, PortalID: string(w.PortalID), AppID: string(w.AppID),
		Subscribed: string(w.SubscriptionID), ObjectID: string(w.ObjectID), OccurredAt: time.UnixMilli(w.OccurredAt), Attempt: w.AttemptNumber,
		Property: w.PropertyName, Value: string(w.PropertyValue),
		Primary: string(w.PrimaryObjectID), New: string(w.NewObjectID),
		From: string(w.FromObjectID), To: string(w.ToObjectID), Association: w.AssociationType, Removed: w.AssociationRemoved,
	}
	if e.Type == "" {
		e.Type = w.EventType
	}
	for _, m := range w.MergedObjectIDs {
		e.Merged = append(e.Merged, string(m))
	}
	return nil
}

// Events decodes the body of a webhook: a list of up to a hundred.
func Events(body []byte) ([]Event, error) {
	var list []Event
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("hubspot: events: %w", err)
	}
	return list, nil
}
