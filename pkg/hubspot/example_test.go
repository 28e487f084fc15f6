package hubspot_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
)

func ExampleClient() {
	account := httptest.NewServer(hubspottest.New(hubspottest.Config{}).Handler()) // Or https://api.hubapi.com.
	defer account.Close()
	ctx := context.Background()
	client := &hubspot.Client{
		BaseURL: account.URL,
		Token:   func(context.Context) (string, error) { return hubspottest.Token, nil },
		Limiter: hubspot.NewLimiter(),
	}

	callers, err := client.Search(ctx, hubspot.Contacts, hubspot.SearchRequest{
		Groups: []hubspot.FilterGroup{{Filters: []hubspot.Filter{
			{Property: "phone", Operator: hubspot.Equal, Value: "+14155550100"},
		}}},
		Properties: []string{"firstname"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	maria := callers.Objects[0]
	fmt.Println(maria.Properties["firstname"])

	_, err = client.Create(ctx, hubspot.Calls, hubspot.ObjectInput{
		Properties:   hubspot.Properties{"hs_call_title": "Call from Maria"},
		Associations: []hubspot.Link{{ToID: maria.ID, TypeID: hubspot.CallToContact}},
	})
	var refused *hubspot.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Status, refused.Category, refused.Fields(), refused.Permanent())
	}
	// Output:
	// Maria
	// 400 VALIDATION_ERROR [hs_timestamp] true
}
