package ledger

import (
	"context"
	"fmt"
	"time"
)

// CRM is the part of a portal's HubSpot API that the ledger uses, for one type
// of activity: calls (0-48) or tasks (0-27). A refusal is a *Refusal; any other
// error leaves open whether the request had an effect. HubSpot and HubSpotTasks
// make one from a client of package hubspot.
type CRM interface {
	// Properties lists the type's properties.
	Properties(ctx context.Context) ([]Property, error)
	// AddProperty creates a single-line text property of the type.
	AddProperty(ctx context.Context, p Property) error

	// Call reads an activity with the newest change of each of the properties.
	Call(ctx context.Context, id string, properties []string) (Call, error)
	// Find searches activities; the index lags behind by seconds.
	Find(ctx context.Context, q Query) ([]Call, error)
	// Ghosts lists calls of the app from before a time whose status is one of
	// LiveStatuses or none, the oldest first.
	Ghosts(ctx context.Context, appID string, before time.Time, limit int) ([]Call, error)

	Create(ctx context.Context, properties map[string]string) (id string, err error)
	// Upsert creates or updates the activity whose property unique has the value
	// that is among the properties.
	Upsert(ctx context.Context, unique string, properties map[string]string) (id string, err error)
	Update(ctx context.Context, id string, properties map[string]string) error
	Archive(ctx context.Context, id string) error

	// Link associates the activity with a record by the default label.
	Link(ctx context.Context, id, objectTypeID, objectID string) error
	Unlink(ctx context.Context, id, objectTypeID, objectID string) error
	// Links lists the ids of the records of that type that the activity is
	// associated with, by whomever.
	Links(ctx context.Context, id, objectTypeID string) ([]string, error)

	// Owner returns the owner's id for an e-mail address, empty if there is none.
	Owner(ctx context.Context, email string) (string, error)
}

// A Property of calls or tasks.
type Property struct {
	Name     string
	Label    string
	Group    string
	Type     string   // HubSpot's: string, number, bool, enumeration, date, datetime.
	Unique   bool     // hasUniqueValue
	ReadOnly bool     // HubSpot itself sets it.
	Options  []string // Values of an enumeration.
}

// A Call is an activity in HubSpot.
type Call struct {
	ID         string
	Properties map[string]string
	Changes    map[string]Change // Newest change by property, where asked for.
	At         time.Time         // hs_timestamp, where it is among the properties.
}

// A Change says who set a property's present value.
type Change struct {
	Source string // HubSpot's sourceType: CRM_UI, INTEGRATION, …
	At     time.Time
}

// A Query finds activities for which all of it holds.
type Query struct {
	Equal    map[string]string // Property and value.
	Word     map[string]string // Property and a word of its text.
	From, To time.Time         // Of hs_timestamp; zero is open.
}

// A Refusal says that HubSpot answered and did not do it.
type Refusal struct {
	Status     int
	Message    string        // HubSpot's sentence.
	Fields     []FieldError  // What is wrong, for validation errors.
	RetryAfter time.Duration // HubSpot's wish, zero if none.
	Cause      error         // What the client said, for the log.
}

// A FieldError is one complaint of a validation error.
type FieldError struct {
	Field string // A property's name, empty if HubSpot did not say.
	Why   string
}

// Error leaves out HubSpot's sentence, which may quote the customer's data.
func (e *Refusal) Error() string {
	if e.Cause != nil {
		return e.Cause.Error()
	}
	return fmt.Sprintf("hubspot: %d", e.Status)
}

func (e *Refusal) Unwrap() error { return e.Cause }
