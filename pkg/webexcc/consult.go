package webexcc

import "context"

// Consult asks somebody while the customer waits. Answer: AgentConsultCreated
// and later AgentConsulting, or AgentConsultFailed; for a queue AgentCtqFailed
// or AgentCtqCancelled, after as long as the queue takes. Whoever answers at an
// entry point gets an interaction of his or her own: see [Interaction.Parent].
func (c *Client) Consult(ctx context.Context, id string, to Consultation) error {
	return c.sendTo(ctx, "consult", id, to.Destination, to, "consult")
}

// AcceptConsult joins a consult that was offered. Answer: AgentConsulting or
// AgentContactAssignFailed.
func (c *Client) AcceptConsult(ctx context.Context, id string) error {
	return c.task(ctx, "accept consult", id, empty{}, "consult", "accept")
}

// EndConsult ends a consult; queueID is that of a consult to a queue nobody has
// answered yet, else empty. Answer: AgentConsultEnded,
// AgentConsultConferenceEnded or ContactEnded depending on the leg, or
// AgentConsultEndFailed; with a queue AgentCtqCancelled or AgentCtqCancelFailed.
func (c *Client) EndConsult(ctx context.Context, id, queueID string) error {
	body := struct {
		QueueID string `json:"queueId,omitempty"`
	}{queueID}
	return c.task(ctx, "end consult", id, body, "consult", "end")
}

// CancelConsultToQueue is the older form of EndConsult with a queue. Answer:
// AgentCtqCancelled or AgentCtqCancelFailed.
func (c *Client) CancelConsultToQueue(ctx context.Context, id, agentID, queueID string) error {
	const op = "cancel consult to queue"
	if err := checkIDs(op, agentID, queueID); err != nil {
		return err
	}
	body := struct {
		AgentID string `json:"agentId"`
		QueueID string `json:"queueId"`
	}{agentID, queueID}
	return c.task(ctx, op, id, body, "cancelCtq")
}

// Transfer hands the contact over without asking. Answer: AgentBlindTransferred
// (or, to a queue, AgentVteamTransferred), then AgentContactUnassigned or
// AgentWrapup; or AgentBlindTransferFailed, AgentVteamTransferFailed.
func (c *Client) Transfer(ctx context.Context, id string, to Destination) error {
	return c.sendTo(ctx, "transfer", id, to, to, "transfer")
}

// ConsultTransfer hands the contact over to the one who was consulted. Answer:
// AgentConsultTransferring, AgentConsultTransferred, then AgentWrapup; or
// AgentConsultTransferFailed.
func (c *Client) ConsultTransfer(ctx context.Context, id string, to Destination) error {
	return c.sendTo(ctx, "consult transfer", id, to, to, "consult", "transfer")
}

// Conference joins consult and main call. Answer: AgentConsultConferencing,
// AgentConsultConferenced; or AgentConsultConferenceFailed. The agent behind an
// entry point gets ContactMerged first.
func (c *Client) Conference(ctx context.Context, id string, m Merger) error {
	return c.sendTo(ctx, "conference", id, m.Destination, m, "consult", "conference")
}

// ExitConference leaves the others talking. Answer: ParticipantLeftConference
// or ParticipantLeftConferenceFailed.
func (c *Client) ExitConference(ctx context.Context, id string) error {
	return c.task(ctx, "exit conference", id, empty{}, "conference", "exit")
}

// TransferConference leaves and hands the ownership over. Answer:
// ParticipantLeftConference or AgentConferenceTransferFailed.
func (c *Client) TransferConference(ctx context.Context, id string) error {
	return c.task(ctx, "transfer conference", id, empty{}, "conference", "transfer")
}

// DropParticipant removes somebody from the conference. Answer:
// ParticipantLeftConference or ParticipantDropConferenceFailed.
func (c *Client) DropParticipant(ctx context.Context, id, participantID string) error {
	return c.task(ctx, "drop participant", id, empty{}, "conference", "participants", participantID, "drop")
}

func (c *Client) sendTo(ctx context.Context, op, id string, to Destination, body any, path ...string) error {
	if to.To == "" || to.Type == "" {
		return invalid(op, "the destination is missing")
	}
	return c.task(ctx, op, id, body, path...)
}
