package main

import (
	"context"

	"deskbridge/pkg/hubspot/hubspottest"
)

// emulatedCRM shows the HubSpot emulator to the sandbox's CRM page.
type emulatedCRM struct{ *hubspottest.Server }

func (c emulatedCRM) Find(_ context.Context, objectType, query string, limit int) ([]crmObject, int, error) {
	all := c.Objects(objectType, query)
	return crmObjects(all[:min(limit, len(all))]), len(all), nil
}

func (c emulatedCRM) Get(_ context.Context, objectType, id string) (crmObject, error) {
	o, err := c.Object(objectType, id)
	return crmObject{Type: o.ObjectType, ID: o.ID, Properties: o.Properties}, err
}

func (c emulatedCRM) Associated(_ context.Context, objectType, id, to string) ([]crmObject, error) {
	return crmObjects(c.Server.Associated(objectType, id, to)), nil
}

func (c emulatedCRM) Owner(_ context.Context, id string) string {
	for _, o := range c.Owners() {
		if o.ID == id {
			return o.FirstName + " " + o.LastName
		}
	}
	return ""
}

func (c emulatedCRM) MatchCaller(_ context.Context, number string) ([]crmObject, error) {
	types := map[string]string{"0-1": "contacts", "0-2": "companies"}
	var out []crmObject
	for _, m := range c.Server.MatchCaller(number) {
		o, err := c.Object(types[m.ObjectCoordinates.ObjectTypeID], m.ObjectCoordinates.ObjectID.String())
		if err != nil {
			return nil, err
		}
		out = append(out, crmObject{Type: o.ObjectType, ID: o.ID, Properties: o.Properties})
	}
	return out, nil
}

func (c emulatedCRM) CreateEngagement(_ context.Context, call crmCall) (string, error) {
	return c.Server.CreateEngagement(hubspottest.EngagementRequest{
		Direction: call.Direction, From: call.FromNumber, To: call.ToNumber,
		ExternalCallID: call.ExternalCallID, OwnerID: call.OwnerID, StartedAt: call.StartedAt,
	})
}

func (c emulatedCRM) CompleteCall(_ context.Context, id string, properties map[string]string, record *crmRef) error {
	var with []hubspottest.Ref
	if record != nil {
		with = append(with, hubspottest.Ref{ObjectType: record.Type, ID: record.ID})
	}
	return c.Server.CompleteCall(id, properties, with...)
}

func crmObjects(in []hubspottest.Object) []crmObject {
	out := make([]crmObject, 0, len(in))
	for _, o := range in {
		out = append(out, crmObject{Type: o.ObjectType, ID: o.ID, Properties: o.Properties})
	}
	return out
}
