package desktop

import (
	"maps"
	"slices"
	"strings"
	"time"

	"deskbridge/pkg/webexcc"
)

// SDK is the version of @wxcc-desktop/sdk that the names are from.
const SDK = "2.0.15"

// The SDK's members that are used. Where there are two generations of a method
// this is the newer.
const (
	callAccept            = "agentContact.acceptV2"
	callConsultAccept     = "agentContact.consultAccept"
	callEnd               = "agentContact.endV2"
	callWrapUp            = "agentContact.wrapupV2"
	callHold              = "agentContact.hold"
	callUnhold            = "agentContact.unHold"
	callPauseRecording    = "agentContact.pauseRecordingV2"
	callResumeRecording   = "agentContact.resumeRecordingV2"
	callConsult           = "agentContact.consultV2"
	callConsultEnd        = "agentContact.consultEndV2"
	callConference        = "agentContact.consultConferenceV2"
	callExitConference    = "agentContact.exitConference"
	callDropParticipant   = "agentContact.dropConferenceParticipant"
	callConsultTransfer   = "agentContact.consultTransferV2"
	callBlindTransfer     = "agentContact.blindTransferV2"
	callQueueTransfer     = "agentContact.vteamTransferV2"
	callBuddies           = "agentContact.buddyAgentsV2"
	callSendDTMF          = "agentContact.sendDtmf"
	callLatestData        = "agentStateInfo.latestData" // Not a function.
	callStateChange       = "agentStateInfo.stateChange"
	callOutdial           = "dialer.startOutdial"
	callUpdateVariables   = "dialer.updateCadVariables"
	callPreviewAccept     = "dialer.previewCampaignAccept"
	callPreviewSkip       = "dialer.previewCampaignSkip"
	callPreviewRemove     = "dialer.removePreviewContact"
	callToken             = "actions.getToken"
	callTaskMap           = "actions.getTaskMap"
	callAnswerWebRTC      = "actions.acceptWebRtcCall"
	callDeclineWebRTC     = "actions.declineWebRtcCall"
	callMuteWebRTC        = "actions.toggleMuteUnmuteWebRtcCall" // There is no way to ask which.
	callNotifySilently    = "actions.fireGeneralSilentNotification"
	callNotifyBriefly     = "actions.fireGeneralAutoDismissNotification"
	callNotifyUntilSeen   = "actions.fireGeneralAcknowledgeNotification"
	callLogout            = "logout.desktopLogout"
	callRegisterCRM       = "config.registerCrmConnector"
	callRegisterShortcuts = "shortcutKey.register"
	callForgetShortcuts   = "shortcutKey.unregisterKeys"
	eventKeyPress         = "shortcutKey.listenKeyPress"
	eventKeyConflict      = "shortcutKey.listenKeyConflict"
	eventConflictResolved = "shortcutKey.listenConflictResolved"
	eventStateUpdated     = "agentStateInfo.updated"
	eventChannelState     = "agentStateInfo.eAgentChannelStateChanged"
	eventChannelRelogin   = "agentStateInfo.eAgentChannelReloginSuccess"
	eventLoggedOut        = "logout.eAgentLogoutSuccess"
	prefixContact         = "agentContact."
	prefixDialer          = "dialer."
	usualLimit            = 20 * time.Second // The SDK's own.
	previewLimit          = 80 * time.Second // The SDK's own.
	initLimit             = 30 * time.Second
	takenAfter            = 3 * time.Second // See Desktop.patient.
	tracked               = 64              // Messages whose tracking ids are remembered.
	reportLimit           = 64              // Kinds of bad payloads that are reported.
	crmPlatform, crmMaker = "HubSpot", "Deskbridge"
	defaultElement        = "deskbridge-widget"
	protocolVersion       = 1
)

// Calls returns the names that a bridge may be asked to call, sorted.
func Calls() []string {
	list := []string{
		callAccept, callConsultAccept, callEnd, callWrapUp, callHold, callUnhold, callPauseRecording, callResumeRecording,
		callConsult, callConsultEnd, callConference, callExitConference, callDropParticipant, callConsultTransfer, callBlindTransfer,
		callQueueTransfer, callBuddies, callSendDTMF, callLatestData, callStateChange, callOutdial, callUpdateVariables,
		callPreviewAccept, callPreviewSkip, callPreviewRemove, callToken, callTaskMap, callAnswerWebRTC, callDeclineWebRTC,
		callMuteWebRTC, callNotifySilently, callNotifyBriefly, callNotifyUntilSeen, callLogout, callRegisterCRM,
		callRegisterShortcuts, callForgetShortcuts,
	}
	slices.Sort(list)
	return list
}

// Events returns the names that a bridge may be asked to listen to, sorted.
func Events() []string {
	list := []string{
		eventKeyPress, eventKeyConflict, eventConflictResolved, eventStateUpdated, eventChannelState, eventChannelRelogin, eventLoggedOut,
	}
	list = slices.AppendSeq(list, maps.Keys(contactEvents))
	slices.Sort(list)
	return list
}

// ContactEvent returns what webexcc calls the notification that the Desktop
// announces by this event, such as AgentOfferContact for
// agentContact.eAgentOfferContact; empty where there is none.
func ContactEvent(event string) string { return contactEvents[event] }

// contactEvents are the events about a contact. The event's name says more
// surely what happened than the type in the message does: not all of those are
// documented. Left out are eAgentContactCleanup, which carries no contact and
// follows events that do, and those of supervisors.
var contactEvents = map[string]string{
	prefixContact + "eAgentContact":                    webexcc.AgentContact,
	prefixContact + "eAgentContactReserved":            webexcc.AgentContactReserved,
	prefixContact + "eAgentOfferContact":               webexcc.AgentOfferContact,
	prefixContact + "eAgentOfferContactRona":           webexcc.AgentOfferContactRona,
	prefixContact + "eAgentContactAssigned":            webexcc.AgentContactAssigned,
	prefixContact + "eAgentContactAssignFailed":        webexcc.AgentContactAssignFailed,
	prefixContact + "eAgentInviteFailed":               webexcc.AgentInviteFailed,
	prefixContact + "eAgentContactHeld":                webexcc.AgentContactHeld,
	prefixContact + "eAgentContactUnHeld":              webexcc.AgentContactUnheld,
	prefixContact + "eCallRecordingStarted":            webexcc.ContactRecordingStarted,
	prefixContact + "ePauseRecording":                  webexcc.ContactRecordingPaused,
	prefixContact + "eResumeRecording":                 webexcc.ContactRecordingResumed,
	prefixContact + "eAgentOfferConsult":               webexcc.AgentOfferConsult,
	prefixContact + "eAgentConsultCreated":             webexcc.AgentConsultCreated,
	prefixContact + "eAgentConsulting":                 webexcc.AgentConsulting,
	prefixContact + "eAgentConsultEnded":               webexcc.AgentConsultEnded,
	prefixContact + "eAgentConsultFailed":              webexcc.AgentConsultFailed,
	prefixContact + "eAgentConsultEndFailed":           webexcc.AgentConsultEndFailed,
	prefixContact + "eAgentCtqCancelled":               webexcc.AgentCtqCancelled,
	prefixContact + "eAgentCtqFailed":                  webexcc.AgentCtqFailed,
	prefixContact + "eAgentCtqCancelFailed":            webexcc.AgentCtqCancelFailed,
	prefixContact + "eAgentConsultConferenced":         webexcc.AgentConsultConferenced,
	prefixContact + "eAgentConsultConferencing":        webexcc.AgentConsultConferencing,
	prefixContact + "eAgentConsultConferenceEnded":     webexcc.AgentConsultConferenceEnded,
	prefixContact + "eAgentConsultConferenceEndFailed": webexcc.AgentConsultConferenceEndFailed,
	prefixContact + "eParticipantJoinedConference":     webexcc.ParticipantJoinedConference,
	prefixContact + "eParticipantLeftConference":       webexcc.ParticipantLeftConference,
	prefixContact + "eParticipantPostCallActivity":     webexcc.ParticipantPostCallActivity,
	prefixContact + "eConsultedParticipantMoving":      webexcc.ConsultedParticipantMoving,
	prefixContact + "eAgentConsultTransferring":        webexcc.AgentConsultTransferring,
	prefixContact + "eConsultTransfer":                 webexcc.AgentConsultTransferred,
	prefixContact + "eAgentConsultTransferFailed":      webexcc.AgentConsultTransferFailed,
	prefixContact + "eAgentConferenceTransferred":      webexcc.AgentConferenceTransferred,
	prefixContact + "eAgentblindTransferred":           webexcc.AgentBlindTransferred,
	prefixContact + "eAgentvteamTransfer":              webexcc.AgentVteamTransferred,
	prefixContact + "eContactOwnerChanged":             webexcc.ContactOwnerChanged,
	prefixContact + "eContactMerged":                   webexcc.ContactMerged,
	prefixContact + "eAgentContactAniUpdated":          webexcc.AgentContactAniUpdated,
	prefixContact + "eAgentContactEnded":               webexcc.ContactEnded,
	prefixContact + "eAgentWrapup":                     webexcc.AgentWrapup,
	prefixContact + "eAgentContactWrappedUp":           webexcc.AgentWrappedUp,
	prefixContact + "eContactCallbackFailed":           webexcc.ContactCallbackFailed,
	prefixContact + "eAgentOfferCampaignReserved":      webexcc.AgentOfferCampaignReservation,
	prefixContact + "eAgentAddCampaignReserved":        webexcc.AgentAddCampaignReserved,
	prefixContact + "eAgentCampaignContactUpdated":     webexcc.CampaignContactUpdated,
	prefixContact + "eAgentMediaForkUpdate":            webexcc.AgentMediaForkUpdate,
	prefixDialer + "eOutdialFailed":                    webexcc.AgentOutboundFailed,
	prefixDialer + "eContactUpdated":                   webexcc.ContactUpdated,
	prefixDialer + "eCampaignPreviewAcceptFailed":      webexcc.CampaignPreviewAcceptFailed,
	prefixDialer + "eCampaignPreviewSkipFailed":        webexcc.CampaignPreviewSkipFailed,
	prefixDialer + "eCampaignPreviewRemoveFailed":      webexcc.CampaignPreviewRemoveFailed,
}

// bearsNews says whether the answer to a call is a notification.
func bearsNews(call string) bool {
	module, _, _ := strings.Cut(call, ".")
	return (module == "agentContact" || module == "dialer" || module == "agentStateInfo" || module == "logout") && call != callLatestData
}

func limitOf(call string, usual time.Duration) time.Duration {
	switch call {
	case callPreviewAccept, callPreviewSkip, callPreviewRemove:
		return previewLimit
	}
	return usual
}
