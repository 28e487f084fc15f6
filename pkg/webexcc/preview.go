package webexcc

import (
	"context"

	"deskbridge/pkg/fetch"
)

// AcceptPreview dials the contact of a preview campaign, named by the
// campaign's name. Answer, within 80 s: AgentContactAssigned with this id as
// ReservationInteractionID, or ContactEnded; or CampaignPreviewAcceptFailed,
// which names the campaign and not the interaction.
func (c *Client) AcceptPreview(ctx context.Context, campaign, id string) error {
	return c.preview(ctx, "accept preview", campaign, id, "accept")
}

// SkipPreview passes the contact on. Answer: CampaignContactUpdated or
// ContactEnded; or CampaignPreviewSkipFailed.
func (c *Client) SkipPreview(ctx context.Context, campaign, id string) error {
	return c.preview(ctx, "skip preview", campaign, id, "skip")
}

// RemovePreview takes the contact out of the campaign. Answer:
// CampaignContactUpdated or ContactEnded; or CampaignPreviewRemoveFailed.
func (c *Client) RemovePreview(ctx context.Context, campaign, id string) error {
	return c.preview(ctx, "remove preview", campaign, id, "remove")
}

func (c *Client) preview(ctx context.Context, op, campaign, id, what string) error {
	if err := checkIDs(op, campaign, id); err != nil {
		return err
	}
	return c.command(ctx, op, fetch.POST, joinPath("v1", "dialer", "campaign", campaign, "preview-task", id, what), empty{})
}
