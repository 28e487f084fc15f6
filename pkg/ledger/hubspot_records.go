package ledger

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"deskbridge/pkg/hubspot"
)

// HubSpotRecords reads a portal's records through its client.
func HubSpotRecords(c *hubspot.Client) Records { return records{c} }

type records struct{ c *hubspot.Client }

// contactToPrimaryCompany is HubSpot's type of the association of a contact
// with its own company; those of other records have the label only.
const contactToPrimaryCompany = 1

func (r records) Associated(ctx context.Context, objectTypeID, objectID, toTypeID string) ([]Associate, error) {
	found, err := r.c.Associations(ctx, objectTypeID, objectID, toTypeID)
	if err != nil {
		return nil, refusalOf(err)
	}
	out := make([]Associate, len(found))
	for i, f := range found {
		out[i] = Associate{ID: f.ToID, Primary: toTypeID == hubspot.Companies && slices.ContainsFunc(f.Types, primary)}
	}
	return out, nil
}

func primary(t hubspot.AssociationType) bool {
	return t.Category == hubspot.HubSpotDefined && (t.TypeID == contactToPrimaryCompany || strings.EqualFold(t.Label, "Primary"))
}

func (r records) Items(ctx context.Context, objectTypeID string, ids []string) ([]Item, error) {
	stage, properties := "dealstage", []string{"dealstage", "hs_is_closed"}
	if objectTypeID == hubspot.Tickets {
		stage, properties = "hs_pipeline_stage", []string{"hs_pipeline_stage"}
	}
	found, err := r.c.BatchRead(ctx, objectTypeID, ids, hubspot.BatchReadOptions{Properties: properties})
	if err != nil {
		return nil, refusalOf(err)
	}
	out := make([]Item, len(found.Objects))
	for i, o := range found.Objects {
		out[i] = Item{
			ID: o.ID, Stage: o.Properties[stage], Closed: o.Properties["hs_is_closed"] == "true", At: o.CreatedAt,
		}
	}
	return out, nil
}

func (r records) ClosedStages(ctx context.Context, objectTypeID string) (map[string]bool, error) {
	pipelines, err := r.c.Pipelines(ctx, objectTypeID)
	if err != nil {
		return nil, refusalOf(err)
	}
	closed := map[string]bool{}
	for _, p := range pipelines {
		for _, s := range p.Stages {
			if s.Closed() {
				closed[s.ID] = true
			}
		}
	}
	return closed, nil
}

func (r records) FirstStage(ctx context.Context, objectTypeID string) (pipeline, stage string, err error) {
	pipelines, err := r.c.Pipelines(ctx, objectTypeID)
	if err != nil {
		return "", "", refusalOf(err)
	}
	slices.SortStableFunc(pipelines, func(a, b hubspot.Pipeline) int { return cmp.Compare(a.Order, b.Order) })
	// The one that every account begins with is the default one: "0" of tickets,
	// "default" of deals. It may have been deleted.
	for _, std := range []bool{true, false} {
		for _, p := range pipelines {
			if std != (p.ID == "0" || p.ID == "default") {
				continue
			}
			stages := slices.SortedStableFunc(slices.Values(p.Stages), func(a, b hubspot.Stage) int { return cmp.Compare(a.Order, b.Order) })
			for _, s := range stages {
				if !s.Closed() {
					return p.ID, s.ID, nil
				}
			}
		}
	}
	return "", "", errors.New("ledger: no pipeline with an open stage")
}
