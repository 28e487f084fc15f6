package webexcctest

import (
	"encoding/json"
	"fmt"
	"strconv"

	"deskbridge/pkg/webexcc"
)

// The ids of the fixture that tests may want to name.
const (
	TeamID         = "3f1a0c52-0000-4000-8000-000000000101"
	SiteID         = "3f1a0c52-0000-4000-8000-000000000102"
	ProfileID      = "3f1a0c52-0000-4000-8000-000000000103"
	MultimediaID   = "3f1a0c52-0000-4000-8000-000000000104"
	EntryPointID   = "3f1a0c52-0000-4000-8000-000000000105" // Of outdials.
	EntryMain      = "3f1a0c52-0000-4000-8000-000000000115" // Main line: ends in QueueBilling.
	EntryReturns   = "3f1a0c52-0000-4000-8000-000000000116" // Returns line: ends in QueueReturns.
	EntryTechnical = "3f1a0c52-0000-4000-8000-000000000117" // Technical line: ends in QueueTechnical.
	OutdialANIID   = "3f1a0c52-0000-4000-8000-000000000106"
	AddressBookID  = "3f1a0c52-0000-4000-8000-000000000107"
	QueueBilling   = "5e0d7b10-0000-4000-8000-000000000001"
	QueueSales     = "5e0d7b10-0000-4000-8000-000000000002"
	QueueChat      = "5e0d7b10-0000-4000-8000-000000000003"
	QueueEmail     = "5e0d7b10-0000-4000-8000-000000000004"
	QueueReturns   = "5e0d7b10-0000-4000-8000-000000000005"
	QueueTechnical = "5e0d7b10-0000-4000-8000-000000000006"
	CodeLunch      = "1d1e0000-0000-4000-8000-000000000001"
	CodeMeeting    = "1d1e0000-0000-4000-8000-000000000002" // Where agents are after login.
	CodeRona       = "1d1e0000-0000-4000-8000-000000000011"
	CodeDeclined   = "1d1e0000-0000-4000-8000-000000000012"
	CodeResolved   = "3a900000-0000-4000-8000-000000000001" // The default wrap-up code.
	CodeFollowUp   = "3a900000-0000-4000-8000-000000000002"
	CodeSale       = "3a900000-0000-4000-8000-000000000003"
	CodeWrong      = "3a900000-0000-4000-8000-000000000004"
	DefaultANI     = "+14085550100"
	OtherANI       = "+14085550101"
	AnnID          = "a0000000-0000-4000-8000-00000000a001"
	BobID          = "a0000000-0000-4000-8000-00000000b002"
	ChoID          = "a0000000-0000-4000-8000-00000000c003"
	DeeID          = "a0000000-0000-4000-8000-00000000d004"
	EveID          = "a0000000-0000-4000-8000-00000000e005"
	DialPlanID     = "plan-us"

	// SupervisorID and SupervisorName are who a supervisor's change of state
	// comes from.
	SupervisorID   = "a0000000-0000-4000-8000-00000000f006"
	SupervisorName = "Sam Supervisor"

	clientCluster  = "PF84"
	teamName       = "Customer care"
	defaultRonaSec = 18
	defaultAgents  = 3
)

// person is what is known about an agent whether logged in or not.
type person struct {
	name, id, userID, first, last, email, extension string
}

func (p person) fullName() string { return p.first + " " + p.last }

// Token returns the access token that is always good for an agent of the
// default organization, such as "ann".
func Token(agent string) string { return fixedToken(agent, OrgID) }

func fixedToken(agent, orgID string) string { return agent + "_" + clientCluster + "_" + orgID }

// fixture is the configuration of the organization.
type fixture struct {
	people      []person
	codes       []webexcc.AuxCode
	queues      []webexcc.Queue
	entryPoints []webexcc.EntryPoint
	lines       []line // Entry points that can be called.
	anis        []webexcc.OutdialANI
	team        webexcc.Team
	site        webexcc.Site
	profile     webexcc.AgentProfile
	org         webexcc.Organization
	setting     webexcc.OrganizationSetting
	tenant      webexcc.TenantConfiguration
	ai          webexcc.AIFeature
	urls        []webexcc.OrgURL
	channels    map[string]int // Contacts at a time, by media type.
}

const (
	yes = webexcc.True
	no  = webexcc.False
)

// extra is the n-th agent, beyond those who have names.
func extra(n int) person {
	name := fmt.Sprintf("agent%d", n)
	return person{
		name, fmt.Sprintf("a0000000-0000-4000-8000-%012d", n), fmt.Sprintf("b0000000-0000-4000-8000-%012d", n),
		"Agent", strconv.Itoa(n), name + "@example.test", strconv.Itoa(1000 + n),
	}
}

func newFixture(orgID string, agents int) fixture {
	f := fixture{
		people: []person{
			{"ann", AnnID, "b0000000-0000-4000-8000-00000000a001", "Ann", "Berger", "ann@example.test", "1001"},
			{"bob", BobID, "b0000000-0000-4000-8000-00000000b002", "Bob", "Castle", "bob@example.test", "1002"},
			{"cho", ChoID, "b0000000-0000-4000-8000-00000000c003", "Cho", "Park", "cho@example.test", "1003"},
			{"dee", DeeID, "b0000000-0000-4000-8000-00000000d004", "Dee", "Okafor", "dee@example.test", "1004"},
			{"eve", EveID, "b0000000-0000-4000-8000-00000000e005", "Eve", "Lindqvist", "eve@example.test", "1005"},
		},
		codes:    auxCodes(),
		org:      webexcc.Organization{TenantID: webexcc.Text(orgID), Timezone: "America/New_York", Environment: "produs1"},
		setting:  webexcc.OrganizationSetting{WebRTCEnabled: no, MaskSensitiveData: no, CampaignManagerEnabled: no},
		ai:       webexcc.AIFeature{ID: "ai-1", RealtimeTranscripts: webexcc.Switch{Enable: no}, SuggestedResponses: webexcc.Switch{Enable: no}},
		urls:     []webexcc.OrgURL{},
		site:     webexcc.Site{ID: SiteID, Name: "Main site", Active: yes, MultimediaProfileID: MultimediaID, SystemDefault: yes},
		channels: map[string]int{"telephony": 1, "chat": 2, "email": 2, "social": 1},
	}
	f.people = f.people[:min(agents, len(f.people))]
	for n := len(f.people) + 1; n <= agents; n++ {
		f.people = append(f.people, extra(n))
	}
	f.tenant = webexcc.TenantConfiguration{
		OutdialEnabled: yes, EndCallEnabled: yes, EndConsultEnabled: yes, CallVariablesSuppressed: no,
		PrivacyShieldVisible: yes, ForceDefaultDN: no, TimeoutDesktopInactivityEnabled: no,
		DNDefaultRegex: `1[0-9]{3}[2-9][0-9]{6}([,]{1,10}[0-9]+){0,1}`, DNOtherRegex: `1[0-9]{3}[2-9][0-9]{6}([,]{1,10}[0-9]+){0,1}`,
		LostConnectionRecoveryTimeout: 50_000,
	}
	f.profile = webexcc.AgentProfile{
		ID: ProfileID, Name: "Desk agents", LoginVoiceOptions: webexcc.Texts{webexcc.DeviceExtension, webexcc.DeviceAgentDN},
		AccessIdleCode: webexcc.AccessSpecific, IdleCodes: webexcc.Texts{CodeLunch, CodeMeeting},
		AccessWrapUpCode: webexcc.AccessAll, WrapUpCodes: webexcc.Texts{},
		AutoWrapUp: no, AutoWrapAfterSeconds: 30_000, AllowAutoWrapUpExtension: yes, AutoAnswer: no, LastAgentRouting: no,
		OutdialEnabled: yes, OutdialEntryPointID: EntryPointID, OutdialANIID: OutdialANIID, AgentAvailableAfterOutdial: no,
		ConsultToQueue: yes, DialPlanEnabled: no, DialPlans: webexcc.Texts{}, AgentDNValidation: webexcc.Unrestricted,
		AddressBookID: AddressBookID, ViewableStatistics: &webexcc.ViewableStatistics{AgentStats: no},
		InactivityCustomEnabled: no, ShowUserDetailsMS: no, StateSynchronizationMS: no, ShowUserDetailsWebex: no, StateSynchronizationWebex: no,
		AccessQueue: webexcc.AccessAll, AccessEntryPoint: webexcc.AccessAll, AccessBuddyTeam: webexcc.AccessAll,
	}
	f.team = webexcc.Team{
		ID: TeamID, Name: teamName, TeamType: "AGENT", TeamStatus: "IN_SERVICE", Active: yes, SiteID: SiteID, SiteName: f.site.Name,
		MultimediaProfileID: MultimediaID, RankQueuesForTeam: no, QueueRankings: json.RawMessage(`[]`), DBID: "t-1",
	}
	for _, p := range f.people {
		f.team.UserIDs = append(f.team.UserIDs, p.userID)
	}
	f.queues = []webexcc.Queue{
		queue(QueueBilling, "Billing", "TELEPHONY"), queue(QueueSales, "Sales", "TELEPHONY"),
		queue(QueueChat, "Support chat", "CHAT"), queue(QueueEmail, "Support e-mail", "EMAIL"),
		queue(QueueReturns, "Returns", "TELEPHONY"), queue(QueueTechnical, "Technical support", "TELEPHONY"),
	}
	f.entryPoints = []webexcc.EntryPoint{
		entryPoint(EntryPointID, "Outdial", "OUTBOUND", orgID),
	}
	for _, l := range []struct{ id, name, number, queue string }{
		{EntryMain, "Main line", "+14085550110", QueueBilling},
		{EntryReturns, "Returns line", "+14085550111", QueueReturns},
		{EntryTechnical, "Technical line", "+14085550112", QueueTechnical},
	} {
		q, _ := f.queueNamed(l.queue)
		f.lines = append(f.lines, line{l.id, l.name, l.number, q})
		f.entryPoints = append(f.entryPoints, entryPoint(l.id, l.name, webexcc.Inbound, orgID))
	}
	f.anis = []webexcc.OutdialANI{
		{ID: "ani-1", Name: "Head office", Number: DefaultANI, DefaultANIEntry: yes},
		{ID: "ani-2", Name: "Sales line", Number: OtherANI, DefaultANIEntry: no},
	}
	return f
}

func auxCodes() []webexcc.AuxCode {
	code := func(id, name, kind string, system, preset webexcc.Bool) webexcc.AuxCode {
		return webexcc.AuxCode{ID: id, Name: webexcc.Text(name), Active: yes, IsSystemCode: system, DefaultCode: preset, WorkTypeCode: kind}
	}
	codes := []webexcc.AuxCode{
		code(CodeLunch, "Lunch", webexcc.IdleCode, no, no),
		code(CodeMeeting, "Meeting", webexcc.IdleCode, no, yes),
		code(CodeResolved, "Resolved", webexcc.WrapUpCode, no, yes),
		code(CodeFollowUp, "Follow-up needed", webexcc.WrapUpCode, no, no),
		code(CodeSale, "Sale", webexcc.WrapUpCode, no, no),
		code(CodeWrong, "Wrong number", webexcc.WrapUpCode, no, no),
		code(CodeRona, webexcc.CodeRona, webexcc.IdleCode, yes, no),
		code(CodeDeclined, webexcc.CodeAgentDeclined, webexcc.IdleCode, yes, no),
	}
	for n, name := range []string{webexcc.CodeAgentUnavailable, webexcc.CodeAgentBusy, webexcc.CodeInvalidNumber, webexcc.CodeChannelFailure} {
		codes = append(codes, code("1d1e0000-0000-4000-8000-00000000001"+string(rune('3'+n)), name, webexcc.IdleCode, yes, no))
	}
	return codes
}

func queue(id, name, channel string) webexcc.Queue {
	return webexcc.Queue{
		ID: id, Name: webexcc.Text(name), QueueType: webexcc.Inbound, ChannelType: webexcc.Text(channel), Active: yes,
		CheckAgentAvailability: no, ServiceLevelThreshold: 60, MaxActiveContacts: 100, MaxTimeInQueue: 3600, Timezone: "America/New_York",
		OutdialCampaignEnabled: no, MonitoringPermitted: no, ParkingPermitted: no, RecordingPermitted: yes, PauseRecordingPermitted: yes,
		RoutingType: "LONGEST_AVAILABLE_AGENT", QueueRoutingType: "TEAM_BASED",
		CallDistributionGroups: json.RawMessage(`[{"agentGroups":[{"teamId":"` + TeamID + `"}],"order":1,"duration":0}]`),
	}
}

func entryPoint(id, name, kind, orgID string) webexcc.EntryPoint {
	return webexcc.EntryPoint{
		ID: id, Name: webexcc.Text(name), EntryPointType: webexcc.Text(kind), ChannelType: "TELEPHONY",
		IsActive: yes, Active: yes, OrgID: webexcc.Text(orgID),
	}
}

// user is an agent's own record.
func (p person) user() webexcc.User {
	return webexcc.User{
		ID: p.userID, CIUserID: p.id, FirstName: webexcc.Text(p.first), LastName: webexcc.Text(p.last), Email: webexcc.Text(p.email),
		AgentProfileID: ProfileID, SiteID: SiteID, MultimediaProfileID: MultimediaID, TeamIDs: webexcc.Texts{TeamID}, DBID: webexcc.Text("u-" + p.name),
		DefaultDialledNumber: webexcc.Text(p.extension), MisspeltDialledNumber: webexcc.Text(p.extension),
	}
}

func (f *fixture) queueNamed(nameOrID string) (webexcc.Queue, bool) {
	for _, q := range f.queues {
		if q.ID == nameOrID || foldEqual(string(q.Name), nameOrID) {
			return q, true
		}
	}
	return webexcc.Queue{}, false
}

// lineNamed finds an entry point by id, name or number.
func (f *fixture) lineNamed(text string) (line, bool) {
	for _, l := range f.lines {
		if l.id == text || l.number == text || foldEqual(l.name, text) {
			return l, true
		}
	}
	return line{}, false
}

func (f *fixture) code(kind, nameOrID string) (webexcc.AuxCode, bool) {
	for _, c := range f.codes {
		if c.WorkTypeCode == kind && (c.ID == nameOrID || foldEqual(string(c.Name), nameOrID)) {
			return c, true
		}
	}
	return webexcc.AuxCode{}, false
}
