package hubspot

import (
	"context"
	"net/http"
)

// A Property is the definition of a property of an object type.
type Property struct {
	Name        string   `json:"name"`
	Label       string   `json:"label"`
	Type        string   `json:"type"`      // string, number, bool, enumeration, date, datetime
	FieldType   string   `json:"fieldType"` // text, textarea, select, number, date, phonenumber, …
	Group       string   `json:"groupName"` // Must exist: take it from a property like it.
	Description string   `json:"description,omitempty"`
	Unique      bool     `json:"hasUniqueValue,omitempty"` // At most 10 a type; cannot be changed later.
	Hidden      bool     `json:"hidden,omitempty"`
	Calculated  bool     `json:"calculated,omitempty"` // Read only.
	Options     []Option `json:"options,omitempty"`    // Read only.

	Modification Modification `json:"modificationMetadata,omitzero"` // Read only.
}

// An Option is a value that an enumeration may have.
type Option struct {
	Label  string `json:"label"`
	Value  string `json:"value"`
	Hidden bool   `json:"hidden"`
}

// Modification says what may be changed of a property.
type Modification struct {
	ReadOnlyValue bool `json:"readOnlyValue"`
}

// Properties lists the properties of an object type.
func (c *Client) Properties(ctx context.Context, objectType string) ([]Property, error) {
	var answer struct {
		Results []Property `json:"results"`
	}
	err := c.do(ctx, call{
		op: "properties of " + objectType, method: http.MethodGet,
		path: "/crm/properties/" + join([]string{c.version(), objectType}),
	}, &answer)
	return answer.Results, err
}

// Property reads one definition; a name that does not exist is a 404.
func (c *Client) Property(ctx context.Context, objectType, name string) (*Property, error) {
	var found Property
	err := c.do(ctx, call{
		op: "property of " + objectType, method: http.MethodGet,
		path: "/crm/properties/" + join([]string{c.version(), objectType, name}),
	}, &found)
	if err != nil {
		return nil, err
	}
	return &found, nil
}

// CreateProperty adds a property to an object type. Name, Label, Type,
// FieldType and Group are required. A name that exists is a 409.
func (c *Client) CreateProperty(ctx context.Context, objectType string, p Property) (*Property, error) {
	var made Property
	err := c.do(ctx, call{
		op: "create property of " + objectType, method: http.MethodPost,
		path: "/crm/properties/" + join([]string{c.version(), objectType}), body: p,
	}, &made)
	if err != nil {
		return nil, err
	}
	return &made, nil
}
