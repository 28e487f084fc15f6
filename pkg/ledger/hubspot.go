package ledger

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"deskbridge/pkg/hubspot"
)

// HubSpot is a portal's client as a CRM. Where the client's Token or Refresh
// function cannot get a token until somebody has authorised again, it is to
// wrap ErrNoPortal.
func HubSpot(c *hubspot.Client) CRM { return activities{c, hubspot.Calls} }

// HubSpotTasks is a portal's client as a CRM of tasks.
func HubSpotTasks(c *hubspot.Client) CRM { return activities{c, hubspot.Tasks} }

// HubSpotTickets is a portal's client as a CRM of tickets.
func HubSpotTickets(c *hubspot.Client) CRM { return activities{c, hubspot.Tickets} }

// activities are those of one type.
type activities struct {
	c    *hubspot.Client
	kind string
}

func (h activities) Properties(ctx context.Context) ([]Property, error) {
	found, err := h.c.Properties(ctx, h.kind)
	if err != nil {
		return nil, refusalOf(err)
	}
	out := make([]Property, 0, len(found))
	for _, f := range found {
		p := Property{
			Name: f.Name, Label: f.Label, Group: f.Group, Type: f.Type, Unique: f.Unique,
			ReadOnly: f.Calculated || f.Modification.ReadOnlyValue,
		}
		for _, o := range f.Options {
			p.Options = append(p.Options, o.Value)
		}
		out = append(out, p)
	}
	return out, nil
}

func (h activities) AddProperty(ctx context.Context, p Property) error {
	_, err := h.c.CreateProperty(ctx, h.kind, hubspot.Property{
		Name: p.Name, Label: p.Label, Group: p.Group, Type: "string", FieldType: "text", Unique: p.Unique,
		Description: "Written by Deskbridge. Do not change it.",
	})
	return refusalOf(err)
}

func (h activities) Call(ctx context.Context, id string, properties []string) (Call, error) {
	o, err := h.c.Get(ctx, h.kind, id, hubspot.GetOptions{
		Properties: properties, PropertiesWithHistory: properties,
	})
	if err != nil {
		return Call{}, refusalOf(err)
	}
	out := callOf(*o)
	out.Changes = make(map[string]Change, len(o.History))
	for name, changes := range o.History {
		if len(changes) > 0 {
			out.Changes[name] = Change{Source: changes[0].SourceType, At: changes[0].At}
		}
	}
	return out, nil
}

func (h activities) Find(ctx context.Context, q Query) ([]Call, error) {
	var filters []hubspot.Filter
	properties := []string{"hs_call_external_id", "hs_timestamp"} // One that a type does not have is left out.
	for name, value := range q.Equal {
		filters = append(filters, hubspot.Filter{Property: name, Operator: hubspot.Equal, Value: value})
		properties = append(properties, name)
	}
	for name, word := range q.Word {
		filters = append(filters, hubspot.Filter{Property: name, Operator: hubspot.ContainsToken, Value: word})
	}
	if !q.From.IsZero() && !q.To.IsZero() {
		filters = append(filters, hubspot.Filter{
			Property: "hs_timestamp", Operator: hubspot.Between,
			Value: strconv.FormatInt(q.From.UnixMilli(), 10), HighValue: strconv.FormatInt(q.To.UnixMilli(), 10),
		})
	}
	order := "hs_timestamp"
	if h.kind == hubspot.Tickets {
		order = "createdate"
	}
	found, err := h.c.Search(ctx, h.kind, hubspot.SearchRequest{
		Groups: []hubspot.FilterGroup{{Filters: filters}}, Properties: properties, Limit: 20,
		Sorts: []hubspot.Sort{{Property: order, Direction: "ASCENDING"}},
	})
	if err != nil {
		return nil, refusalOf(err)
	}
	out := make([]Call, 0, len(found.Objects))
	for _, o := range found.Objects {
		out = append(out, callOf(o))
	}
	return out, nil
}

func (h activities) Ghosts(ctx context.Context, appID string, before time.Time, limit int) ([]Call, error) {
	ours := []hubspot.Filter{
		{Property: "hs_call_source", Operator: hubspot.Equal, Value: hubspot.CallSource},
		{Property: "hs_call_app_id", Operator: hubspot.Equal, Value: appID},
		{Property: "hs_timestamp", Operator: hubspot.Less, Value: strconv.FormatInt(before.UnixMilli(), 10)},
	}
	live := hubspot.Filter{Property: "hs_call_status", Operator: hubspot.In, Values: LiveStatuses}
	none := hubspot.Filter{Property: "hs_call_status", Operator: hubspot.NotHasProperty}
	found, err := h.c.Search(ctx, h.kind, hubspot.SearchRequest{
		Groups: []hubspot.FilterGroup{
			{Filters: append(slices.Clone(ours), live)}, {Filters: append(slices.Clone(ours), none)},
		},
		Properties: []string{"hs_timestamp", "hs_call_status"},
		Sorts:      []hubspot.Sort{{Property: "hs_timestamp", Direction: "ASCENDING"}}, Limit: limit,
	})
	if err != nil {
		return nil, refusalOf(err)
	}
	out := make([]Call, len(found.Objects))
	for i, o := range found.Objects {
		out[i] = callOf(o)
	}
	return out, nil
}

func (h activities) Create(ctx context.Context, properties map[string]string) (string, error) {
	o, err := h.c.Create(ctx, h.kind, hubspot.ObjectInput{Properties: properties})
	if err != nil {
		return "", refusalOf(err)
	}
	return o.ID, nil
}

func (h activities) Upsert(ctx context.Context, unique string, properties map[string]string) (string, error) {
	o, err := h.c.Upsert(ctx, h.kind, unique, properties[unique], properties)
	if err != nil {
		return "", refusalOf(err)
	}
	return o.ID, nil
}

func (h activities) Update(ctx context.Context, id string, properties map[string]string) error {
	_, err := h.c.Update(ctx, h.kind, id, properties)
	return refusalOf(err)
}

func (h activities) Archive(ctx context.Context, id string) error {
	return refusalOf(h.c.Archive(ctx, h.kind, id))
}

func (h activities) Link(ctx context.Context, id, objectTypeID, objectID string) error {
	return refusalOf(h.c.AssociateDefault(ctx, h.kind, id, objectTypeID, objectID))
}

func (h activities) Unlink(ctx context.Context, id, objectTypeID, objectID string) error {
	return refusalOf(h.c.Dissociate(ctx, h.kind, id, objectTypeID, objectID))
}

func (h activities) Links(ctx context.Context, id, objectTypeID string) ([]string, error) {
	found, err := h.c.Associations(ctx, h.kind, id, objectTypeID)
	if err != nil {
		return nil, refusalOf(err)
	}
	out := make([]string, len(found))
	for i, a := range found {
		out[i] = a.ToID
	}
	return out, nil
}

func (h activities) Owner(ctx context.Context, email string) (string, error) {
	owner, ok, err := h.c.OwnerByEmail(ctx, email)
	if err != nil || !ok {
		return "", refusalOf(err)
	}
	return owner.ID, nil
}

func callOf(o hubspot.Object) Call {
	c := Call{ID: o.ID, Properties: o.Properties}
	text := o.Properties["hs_timestamp"]
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		c.At = at
	} else if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		c.At = time.UnixMilli(ms)
	}
	return c
}

// refusalOf keeps what the ledger decides by.
func refusalOf(err error) error {
	var e *hubspot.Error
	if !errors.As(err, &e) {
		return err
	}
	out := &Refusal{Status: e.Status, Message: e.Message, RetryAfter: e.Wait(), Cause: err}
	for _, f := range e.Errors {
		out.Fields = append(out.Fields, FieldError{Field: f.Property(), Why: f.Message})
	}
	return out
}
