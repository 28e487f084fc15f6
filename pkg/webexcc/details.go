package webexcc

// CallProcessingDetails is what the platform noted about a contact: names to
// strings, booleans and numbers included. Null values are left out.
type CallProcessingDetails map[string]string

// The details that Deskbridge and the emulator use. Webex sends many more.
const (
	DetailQMgrName            = "QMgrName"
	DetailQueueID             = "QueueId"
	DetailVirtualTeamName     = "virtualTeamName"
	DetailTenantID            = "tenantId"
	DetailEntryPointID        = "EP_ID"
	DetailANI                 = "ani"
	DetailDisplayANI          = "displayAni"
	DetailDNIS                = "dnis"
	DetailCustomerName        = "customerName"
	DetailCustomerNumber      = "customerNumber"
	DetailRonaTimeout         = "ronaTimeout" // Seconds.
	DetailSelfServiced        = "taskToBeSelfServiced"
	DetailReason              = "reason"
	DetailReasonCode          = "reasonCode"
	DetailPauseResumeEnabled  = "pauseResumeEnabled"
	DetailPauseDuration       = "pauseDuration" // Seconds.
	DetailIsPaused            = "isPaused"      // Older than DetailRecordInProgress.
	DetailRecordInProgress    = "recordInProgress"
	DetailRecordingStarted    = "recordingStarted" // Ever.
	DetailCtqInProgress       = "ctqInProgress"
	DetailConsultJoined       = "consultDestinationAgentJoined"
	DetailConsultName         = "consultDestinationAgentName"
	DetailRelationshipType    = "relationshipType"
	DetailParentInteractionID = "parentInteractionId"
	DetailChildInteractionID  = "childInteractionId"
	DetailParentANI           = "parent_ANI"  // Of a child leg: the customer's number.
	DetailParentDNIS          = "parent_DNIS" // What the customer called.
	DetailParentAgentDN       = "parent_Agent_DN"
	DetailParentAgentName     = "parent_Agent_Name"
	DetailParentAgentTeam     = "parent_Agent_TeamName"
	DetailIsConferencing      = "isConferencing"
	DetailHasCustomerLeft     = "hasCustomerLeft"
	DetailOutdialAgentID      = "outdialAgentId"
	DetailBlindTransfer       = "BLIND_TRANSFER_IN_PROGRESS"
	DetailCampaignID          = "campaignId"
	DetailCampaignType        = "campaignType"
)

// RelationshipConsult is the DetailRelationshipType of a child leg: see
// [Interaction.Parent].
const RelationshipConsult = "consult"

// UnmarshalJSON accepts any JSON value.
func (d *CallProcessingDetails) UnmarshalJSON(data []byte) error {
	return (*TextMap)(d).UnmarshalJSON(data)
}

// Bool returns a detail as a boolean.
func (d CallProcessingDetails) Bool(name string) Bool { return parseBool(d[name]) }

// Int returns a detail as a number, 0 when it is none.
func (d CallProcessingDetails) Int(name string) int64 { return parseInt(d[name]) }
