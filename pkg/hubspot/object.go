package hubspot

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Properties are an object's values by property name. HubSpot's null is "".
type Properties map[string]string

// UnmarshalJSON takes numbers and truth values as the text they are.
func (p *Properties) UnmarshalJSON(b []byte) error {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	*p = make(Properties, len(m))
	for name, raw := range m {
		(*p)[name] = text(raw)
	}
	return nil
}

// text is a JSON scalar as a string: exact for numbers of any size.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// id decodes ids, which are strings here and numbers there.
type id string

func (i *id) UnmarshalJSON(b []byte) error {
	*i = id(text(b))
	return nil
}

// An Object is a CRM record or an activity.
type Object struct {
	ID           string
	Properties   Properties             // Those asked for, else the type's default ones.
	History      map[string][]Change    // Newest first, where asked for.
	Associations map[string][]Associate // By the plural name of the type, where asked for.
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Archived     bool
	URL          string // Where people see it; not in every version.
	New          bool   // An upsert created it.
	TraceID      string // The input's, in a batch.
}

// A Change is one value that a property has or had.
type Change struct {
	Value      string
	At         time.Time
	SourceType string // CRM_UI, INTEGRATION, API, CALCULATED, …
	SourceID   string
	UserID     string // Who, if a person.
}

// An Associate is the other end of an association.
type Associate struct {
	ID   string
	Type string // Such as "call_to_contact".
}

// UnmarshalJSON decodes HubSpot's form.
func (o *Object) UnmarshalJSON(b []byte) error {
	var w struct {
		ID         id         `json:"id"`
		Properties Properties `json:"properties"`
		History    map[string][]struct {
			Value           json.RawMessage `json:"value"`
			Timestamp       time.Time       `json:"timestamp"`
			SourceType      string          `json:"sourceType"`
			SourceID        id              `json:"sourceId"`
			UpdatedByUserID id              `json:"updatedByUserId"`
		} `json:"propertiesWithHistory"`
		Associations map[string]struct {
			Results []struct {
				ID   id     `json:"id"`
				Type string `json:"type"`
			} `json:"results"`
		} `json:"associations"`
		CreatedAt time.Time `json:"createdAt"`
		UpdatedAt time.Time `json:"updatedAt"`
		Archived  bool      `json:"archived"`
		URL       string    `json:"url"`
		New       bool      `json:"new"`
		TraceID   string    `json:"objectWriteTraceId"`
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*o = Object{
		ID: string(w.ID), Properties: w.Properties, CreatedAt: w.CreatedAt, UpdatedAt: w.UpdatedAt,
		Archived: w.Archived, URL: w.URL, New: w.New, TraceID: w.TraceID,
	}
	if len(w.History) > 0 {
		o.History = make(map[string][]Change, len(w.History))
	}
	for name, changes := range w.History {
		for _, c := range changes {
			o.History[name] = append(o.History[name], Change{
				text(c.Value), c.Timestamp, c.SourceType, string(c.SourceID), string(c.UpdatedByUserID),
			})
		}
	}
	if len(w.Associations) > 0 {
		o.Associations = make(map[string][]Associate, len(w.Associations))
	}
	for name, list := range w.Associations {
		for _, a := range list.Results {
			o.Associations[name] = append(o.Associations[name], Associate{string(a.ID), a.Type})
		}
	}
	return nil
}

// An ObjectInput is a record to create.
type ObjectInput struct {
	Properties   Properties
	Associations []Link
}

// A Link is an association to make with a labelled or default type.
type Link struct {
	ToID     string
	Category string // Defaults to [HubSpotDefined].
	TypeID   int    // Such as [CallToContact].
}

type linkType struct {
	Category string `json:"associationCategory"`
	TypeID   int    `json:"associationTypeId"`
}

// MarshalJSON encodes HubSpot's form; the list of associations is never absent.
func (in ObjectInput) MarshalJSON() ([]byte, error) {
	type to struct {
		ID string `json:"id"`
	}
	type association struct {
		To    to         `json:"to"`
		Types []linkType `json:"types"`
	}
	w := struct {
		Properties   Properties    `json:"properties"`
		Associations []association `json:"associations"`
	}{in.Properties, []association{}}
	if w.Properties == nil {
		w.Properties = Properties{}
	}
	for _, l := range in.Associations {
		w.Associations = append(w.Associations, association{to{l.ToID}, []linkType{l.linkType()}})
	}
	return json.Marshal(w)
}

func (l Link) linkType() linkType {
	if l.Category == "" {
		l.Category = HubSpotDefined
	}
	return linkType{l.Category, l.TypeID}
}

// Create creates a record. It is not idempotent: after an error that is no
// [*Error] the record may exist. Activities need hs_timestamp. A contact whose
// e-mail address exists is a 409 with [Error.ExistingID].
func (c *Client) Create(ctx context.Context, objectType string, in ObjectInput) (*Object, error) {
	return c.object(ctx, call{op: "create " + objectType, method: http.MethodPost, path: c.objectPath(objectType), body: in})
}

// GetOptions says what to read of a record.
type GetOptions struct {
	Properties            []string // Defaults to a few that depend on the type.
	PropertiesWithHistory []string
	Associations          []string // Object types.
	IDProperty            string   // The unique property whose value the id is.
	Archived              bool     // Look in the recycle bin.
}

// Get reads a record; a 404 means that there is none, or none any more.
func (c *Client) Get(ctx context.Context, objectType, id string, o GetOptions) (*Object, error) {
	q := url.Values{}
	for name, list := range map[string][]string{
		"properties": o.Properties, "propertiesWithHistory": o.PropertiesWithHistory, "associations": o.Associations,
	} {
		if len(list) > 0 {
			q.Set(name, strings.Join(list, ","))
		}
	}
	if o.IDProperty != "" {
		q.Set("idProperty", o.IDProperty)
	}
	if o.Archived {
		q.Set("archived", "true")
	}
	return c.object(ctx, call{op: "get " + objectType, method: http.MethodGet, path: c.objectPath(objectType, id), query: q})
}

// Update sets properties; an empty value clears one.
func (c *Client) Update(ctx context.Context, objectType, id string, properties Properties) (*Object, error) {
	return c.object(ctx, call{
		op: "update " + objectType, method: http.MethodPatch, path: c.objectPath(objectType, id),
		body: map[string]Properties{"properties": properties},
	})
}

// Archive moves a record to the recycle bin. Archiving it again is no error.
func (c *Client) Archive(ctx context.Context, objectType, id string) error {
	return c.do(ctx, call{op: "archive " + objectType, method: http.MethodDelete, path: c.objectPath(objectType, id)}, nil)
}

func (c *Client) object(ctx context.Context, k call) (*Object, error) {
	var o Object
	if err := c.do(ctx, k, &o); err != nil {
		return nil, err
	}
	return &o, nil
}
