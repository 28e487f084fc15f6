package webexcc

// The outer types of the envelope.
const (
	OuterWelcome          = "Welcome"
	OuterStationLogin     = "StationLogin"
	OuterLogout           = "Logout"
	OuterAgentStateChange = "AgentStateChange"
	OuterReloginSuccess   = "AgentReloginSuccess"
	OuterReloginFailed    = "AgentReloginFailed"
	OuterBuddyAgents      = "BuddyAgents"
	OuterRoutingMessage   = "RoutingMessage"
	OuterMultiLogin       = "AGENT_MULTI_LOGIN"
)

// The values of data.eventType.
const (
	AgentDesktopMessage = "AgentDesktopMessage" // Agent events.
	RoutingMessage      = "RoutingMessage"      // Task events.
)

// The inner types (data.type) of agent events.
const (
	AgentStationLoginSuccess   = "AgentStationLoginSuccess"
	AgentStationLoginFailed    = "AgentStationLoginFailed"
	AgentLogoutSuccess         = "AgentLogoutSuccess"
	AgentLogoutFailed          = "AgentLogoutFailed"
	AgentStateChangeSuccess    = "AgentStateChangeSuccess"
	AgentStateChangeFailed     = "AgentStateChangeFailed"
	AgentReloginSuccess        = "AgentReloginSuccess"
	AgentReloginFailed         = "AgentReloginFailed"
	BuddyAgentsListed          = "BuddyAgents"
	BuddyAgentsRetrieveFailed  = "BuddyAgentsRetrieveFailed"
	AgentMultiLoginClose       = "AgentMultiLoginCloseSession"
	AgentDNRegistered          = "AgentDNRegistered"
	AgentChannelReloginSuccess = "AgentChannelReloginSuccess" // Second-generation agent API.
	AgentChannelStateChanged   = "AgentChannelStateChanged"   // Second-generation agent API.
)

// The inner types of task events: offer and connection.
const (
	AgentContactReserved          = "AgentContactReserved"
	AgentOfferContact             = "AgentOfferContact"
	AgentContactAssigned          = "AgentContactAssigned"
	AgentOfferContactRona         = "AgentOfferContactRona"
	AgentContactAssignFailed      = "AgentContactAssignFailed"
	AgentInviteFailed             = "AgentInviteFailed"
	AgentContact                  = "AgentContact" // Snapshot after a reload.
	AgentOutboundFailed           = "AgentOutboundFailed"
	AgentOfferCampaignReservation = "AgentOfferCampaignReservation"
	AgentAddCampaignReserved      = "AgentAddCampaignReserved"
	CampaignContactUpdated        = "CampaignContactUpdated"
	CampaignPreviewAcceptFailed   = "CampaignPreviewAcceptFailed"
	CampaignPreviewSkipFailed     = "CampaignPreviewSkipFailed"
	CampaignPreviewRemoveFailed   = "CampaignPreviewRemoveFailed"
)

// Hold and recording.
const (
	AgentContactHeld             = "AgentContactHeld"
	AgentContactHoldFailed       = "AgentContactHoldFailed"
	AgentContactUnheld           = "AgentContactUnheld"
	AgentContactUnHoldFailed     = "AgentContactUnHoldFailed" // Capital H, unlike its success.
	ContactRecordingStarted      = "ContactRecordingStarted"
	ContactRecordingPaused       = "ContactRecordingPaused"
	ContactRecordingPauseFailed  = "ContactRecordingPauseFailed"
	ContactRecordingResumed      = "ContactRecordingResumed"
	ContactRecordingResumeFailed = "ContactRecordingResumeFailed"
)

// Consult.
const (
	AgentConsultCreated        = "AgentConsultCreated"
	AgentOfferConsult          = "AgentOfferConsult"
	AgentConsulting            = "AgentConsulting"
	AgentConsultFailed         = "AgentConsultFailed"
	AgentConsultEnded          = "AgentConsultEnded"
	AgentConsultEndFailed      = "AgentConsultEndFailed"
	AgentCtqFailed             = "AgentCtqFailed"
	AgentCtqCancelled          = "AgentCtqCancelled"
	AgentCtqCancelFailed       = "AgentCtqCancelFailed"
	ConsultedParticipantMoving = "ConsultedParticipantMoving"
)

// Conference.
const (
	AgentConsultConferencing        = "AgentConsultConferencing"
	AgentConsultConferenced         = "AgentConsultConferenced"
	AgentConsultConferenceFailed    = "AgentConsultConferenceFailed"
	AgentConsultConferenceEnded     = "AgentConsultConferenceEnded"
	AgentConsultConferenceEndFailed = "AgentConsultConferenceEndFailed"
	ParticipantJoinedConference     = "ParticipantJoinedConference"
	ParticipantLeftConference       = "ParticipantLeftConference"
	ParticipantLeftConferenceFailed = "ParticipantLeftConferenceFailed"
	ParticipantDropConferenceFailed = "ParticipantDropConferenceFailed"
	ParticipantPostCallActivity     = "ParticipantPostCallActivity"
	AgentConferenceTransferred      = "AgentConferenceTransferred"
	AgentConferenceTransferFailed   = "AgentConferenceTransferFailed"
)

// Transfer.
const (
	AgentBlindTransferred      = "AgentBlindTransferred"
	AgentBlindTransferFailed   = "AgentBlindTransferFailed"
	AgentVteamTransferred      = "AgentVteamTransferred"
	AgentVteamTransferFailed   = "AgentVteamTransferFailed"
	AgentConsultTransferring   = "AgentConsultTransferring"
	AgentConsultTransferred    = "AgentConsultTransferred"
	AgentConsultTransferFailed = "AgentConsultTransferFailed"
	AgentContactUnassigned     = "AgentContactUnassigned"
	ContactOwnerChanged        = "ContactOwnerChanged"
	ContactMerged              = "ContactMerged"
)

// End, wrap-up and changes of data.
const (
	AgentWrapup            = "AgentWrapup"
	AgentWrappedUp         = "AgentWrappedUp"
	AgentWrapupFailed      = "AgentWrapupFailed"
	AgentContactEndFailed  = "AgentContactEndFailed"
	ContactEnded           = "ContactEnded"
	ContactUpdated         = "ContactUpdated"
	ContactUpdateFailed    = "ContactUpdateFailed"
	AgentContactAniUpdated = "AgentContactAniUpdated"
	AgentMediaForkUpdate   = "AgentMediaForkUpdate"
	ContactCallbackFailed  = "ContactCallbackFailed"
)

// The AI assistant.
const (
	RealTimeTranscription        = "REAL_TIME_TRANSCRIPTION"
	SuggestedResponse            = "SUGGESTED_RESPONSE"
	SuggestedResponseAcknowledge = "SUGGESTED_RESPONSE_ACKNOWLEDGE"
	MidCallSummary               = "MID_CALL_SUMMARY"
	PostCallSummary              = "POST_CALL_SUMMARY"
	WellnessBreak                = "WellnessBreak"
)
