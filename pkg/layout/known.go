package layout

import "strings"

// What the Desktop knows. Sources: help.webex.com ng08gqeb, the layouts of
// Cisco's connectors, and the types of @wxcc-desktop/sdk.

// storePaths may follow $STORE. What ends with * has anything below it.
var storePaths = words(`
app app.darkMode app.userModel* app.datacenter app.featureFlags* app.featuresFlags* app.language app.theme app.title app.logo app.locale app.viewMode
auth.accessToken auth.refreshToken
agent agent.agentId agent.agentName agent.agentEmailId agent.orgId agent.enterpriseId agent.profileType agent.siteId
agent.teamId agent.teamName agent.dnNumber agent.deviceType agent.loginVoiceOptions agent.usesOtherDN
agent.subStatus agent.subStatusChangeTimestamp agent.idleStatusTimestamp agent.changedByName agent.idleCodes* agent.wrapUpData*
agent.outDialEp agent.outDialAni* agent.isOutboundEnabledForTenant agent.isOutboundEnabledForAgent agent.isAdhocDialingEnabled
agent.isAgentAvailableAfterOutdial agent.isEndCallEnabled agent.isEndConsultEnabled agent.allowConsultToQueue
agent.isCampaignManagementEnabled agent.isMonitoringEnabled agent.isMidCallMonitoringEnabled agent.isRecordingManagementEnabled
agent.isTimeoutDesktopInactivityEnabled agent.mediaPermission agent.userSelectedRole agent.agentPhoto agent.channels*
agent.tenantTimezone agent.analyzerInteractionFilter agent.tpwConfigs* agent.selectedTeamList* agent.selectedQueueList* agent.selectedChannelList*
agent.managedTeams* agent.managedQueues* agent.isManagedTeamsError agent.isManagedTeamLoading agent.isManagedQueuesError agent.isManagedQueueLoading
agent.acqueonAgentId agent.lcmUrl agent.getAcqueonTeamId agent.campaignManagerAdditionalInfo*
agentContact agentContact.taskMap* agentContact.taskSelected* agentContact.selectedTaskId agentContact.interactionIds*
agentContact.lastCompletedTask* agentContact.chatConferenceData* agentContact.isActiveCall agentContact.getCallGuideProps*
page.getDefaultPageTitle session.screenpop.screenPopSelector envVaribles.serviceUrls* generalNotifications.list* public.selectedTask*`)

// storeNames are the same without *.
var storeNames = words(strings.ReplaceAll(strings.Join(storePaths, " "), "*", ""))

// storeRoots are the stores of which not all is documented.
var storeRoots = words(`agent agentContact app auth dynamic layout routing session envVaribles generalNotifications browserNotifications
shortcutKeys common alertBanner page navigation interactionControl feedback interactions agentPerformance coachingInsights
evaluationManager selectedInteraction tasks aiSummary agentStore queueStatsStore scheduledCallback public topicAnalytics`)

// builtIn are the Desktop's own components.
var builtIn = words(`agentx-webex agentx-outdial agentx-notification agentx-state-selector agentx-preview-campaign acqueon-preview-campaign
agentx-wc-iframe dynamic-area page-title md-tabs md-tab md-tab-panel md-icon md-tooltip md-label md-button md-badge md-input md-loading md-modal
agentx-wc-screen-pop agentx-wc-more-actions-widget agentx-wc-cloudcherry-widget analyzer-widget agentx-wc-team-performance-widget
agentx-wc-queue-filter agentx-wc-channel-filter agentx-wc-team-filter agentx-more-actions-wrapper agentx-wc-goto-analyzer
agentx-wc-notes-header-widget agentx-wc-menu-notification acqueon-call-guide`)

// headerParts are those of them that stand in a header.
var headerParts = words(`agentx-webex agentx-outdial agentx-notification agentx-state-selector agentx-preview-campaign acqueon-preview-campaign`)

// html are elements that layouts use.
var html = words(`a article aside b br button code div em fieldset footer form h1 h2 h3 h4 h5 h6 header hr i iframe img input label legend li
main nav ol option p pre section select slot small span strong style sub summary sup table tbody td textarea tfoot th thead tr u ul video`)

// visibilities are conditions that Cisco's components set.
var visibilities = words(`IVR_TRANSCRIPT WXM_JOURNEY WXM_METRICS SCREEN_POP CALL_GUIDE`)

// reserved may not be in a route: the Desktop's own files are there.
var reserved = words(`images fonts css build_info help app i18n icons images-mfe-wc sounds`)

func words(s string) []string { return strings.Fields(s) }

// knownStore says whether a path is documented.
func knownStore(path string) bool {
	for _, p := range storePaths {
		if base, open := strings.CutSuffix(p, "*"); path == base || open && (strings.HasPrefix(path, base+".") || strings.HasPrefix(path, base+"[")) {
			return true
		}
	}
	return false
}
