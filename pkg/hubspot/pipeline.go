package hubspot

import (
	"context"
	"net/http"
)

// A Pipeline is a row of stages that deals or tickets go through.
type Pipeline struct {
	ID     string  `json:"id"`
	Label  string  `json:"label"`
	Order  int     `json:"displayOrder"`
	Stages []Stage `json:"stages"`
}

// A Stage is one of a pipeline's. Its id is what dealstage and
// hs_pipeline_stage hold.
type Stage struct {
	ID       string     `json:"id"`
	Label    string     `json:"label"`
	Order    int        `json:"displayOrder"`
	Metadata Properties `json:"metadata"` // isClosed and probability of deals, ticketState (OPEN, CLOSED) of tickets.
}

// Closed says whether what is in that stage is over.
func (s Stage) Closed() bool {
	return s.Metadata["isClosed"] == "true" || s.Metadata["ticketState"] == "CLOSED"
}

// Pipelines lists the pipelines of an object type with their stages.
//
// https://developers.hubspot.com/docs/api-reference/latest/crm/pipelines/guide
func (c *Client) Pipelines(ctx context.Context, objectType string) ([]Pipeline, error) {
	var answer struct {
		Results []Pipeline `json:"results"`
	}
	err := c.do(ctx, call{
		op: "pipelines of " + objectType, method: http.MethodGet,
		path: "/crm/pipelines/" + join([]string{c.version(), objectType}),
	}, &answer)
	return answer.Results, err
}
