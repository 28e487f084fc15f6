package webexcc

import "encoding/json"

// List is a page of a list: the envelope of the v2 resources.
type List[T any] struct {
	Meta Meta `json:"meta"`
	Data []T  `json:"data"`
}

// Meta says where in the list a page is. Pages count from 0.
type Meta struct {
	OrgID        string  `json:"orgid,omitzero"`
	Page         Number  `json:"page"`
	PageSize     Number  `json:"pageSize"`
	TotalPages   Number  `json:"totalPages"`
	TotalRecords Number  `json:"totalRecords"`
	Links        TextMap `json:"links,omitzero"` // first, last, next, self.
}

// A User is the agent's own record.
type User struct {
	ID                    string `json:"id"`       // Contact centre id, not the agent id.
	CIUserID              string `json:"ciUserId"` // The agent id.
	FirstName             Text   `json:"firstName"`
	LastName              Text   `json:"lastName"`
	Email                 Text   `json:"email"`
	AgentProfileID        Text   `json:"agentProfileId"`
	SiteID                Text   `json:"siteId"`
	SkillProfileID        Text   `json:"skillProfileId,omitzero"`
	MultimediaProfileID   Text   `json:"multimediaProfileId,omitzero"`
	TeamIDs               Texts  `json:"teamIds"`
	DBID                  Text   `json:"dbId,omitzero"`
	DefaultDialledNumber  Text   `json:"defaultDialledNumber,omitzero"` // See DefaultNumber.
	MisspeltDialledNumber Text   `json:"deafultDialledNumber,omitzero"` // What the live API sends.
}

// DefaultNumber returns the agent's default dial number under either spelling.
func (u User) DefaultNumber() string {
	if u.DefaultDialledNumber != "" {
		return string(u.DefaultDialledNumber)
	}
	return string(u.MisspeltDialledNumber)
}

// An Organization is the tenant.
type Organization struct {
	TenantID    Text `json:"tenantId"`
	Timezone    Text `json:"timezone"` // IANA name.
	Environment Text `json:"environment,omitzero"`
}

// OrganizationSetting holds switches of the whole organization.
type OrganizationSetting struct {
	WebRTCEnabled          Bool `json:"webRtcEnabled"`
	MaskSensitiveData      Bool `json:"maskSensitiveData"`
	CampaignManagerEnabled Bool `json:"campaignManagerEnabled"`
}

// TenantConfiguration holds rules of the tenant.
type TenantConfiguration struct {
	OutdialEnabled                  Bool   `json:"outdialEnabled"`
	EndCallEnabled                  Bool   `json:"endCallEnabled"`
	EndConsultEnabled               Bool   `json:"endConsultEnabled"`
	CallVariablesSuppressed         Bool   `json:"callVariablesSuppressed"`
	PrivacyShieldVisible            Bool   `json:"privacyShieldVisible"`
	ForceDefaultDN                  Bool   `json:"forceDefaultDn"`
	TimeoutDesktopInactivityEnabled Bool   `json:"timeoutDesktopInactivityEnabled"`
	TimeoutDesktopInactivityMins    Number `json:"timeoutDesktopInactivityMins"`
	DNDefaultRegex                  Text   `json:"dnDefaultRegex"`
	DNOtherRegex                    Text   `json:"dnOtherRegex"`
	LostConnectionRecoveryTimeout   Number `json:"lostConnectionRecoveryTimeout"` // Milliseconds.
}

// An OrgURL is a named address of an integration.
type OrgURL struct {
	ID              Text            `json:"id"`
	Name            string          `json:"name"` // ACQUEON_API_URL, ACQUEON_CONSOLE_URL, …
	URL             Text            `json:"url"`
	Links           json.RawMessage `json:"links,omitempty"`
	CreatedTime     Millis          `json:"createdTime,omitzero"`
	LastUpdatedTime Millis          `json:"lastUpdatedTime,omitzero"`
}

// AIFeature says which assistants are on.
type AIFeature struct {
	ID                  Text            `json:"id,omitzero"`
	RealtimeTranscripts Switch          `json:"realtimeTranscripts"`
	SuggestedResponses  Switch          `json:"suggestedResponses"`
	GeneratedSummaries  json.RawMessage `json:"generatedSummaries,omitempty"`
	AgentWellbeing      json.RawMessage `json:"agentWellbeing,omitempty"`
	AutoCSAT            json.RawMessage `json:"autoCSAT,omitempty"`
}

// A Switch turns an assistant on for some agents.
type Switch struct {
	Enable             Bool `json:"enable"`
	AgentInclusionType Text `json:"agentInclusionType,omitzero"`
}

// The values of [AuxCode.WorkTypeCode].
const (
	IdleCode   = "IDLE_CODE"
	WrapUpCode = "WRAP_UP_CODE"
)

// The names of system idle codes.
const (
	CodeRona             = "RONA"
	CodeAgentDeclined    = "Agent_Declined"
	CodeAgentUnavailable = "Agent_Unavailable"
	CodeAgentBusy        = "Agent_Busy"
	CodeInvalidNumber    = "Invalid_Number"
	CodeChannelFailure   = "Channel_Failure"
)

// An AuxCode is an idle code or a wrap-up code as the list has it.
type AuxCode struct {
	ID           string `json:"id"`
	Name         Text   `json:"name"`
	Active       Bool   `json:"active"`
	IsSystemCode Bool   `json:"isSystemCode"`
	DefaultCode  Bool   `json:"defaultCode"`
	WorkTypeCode string `json:"workTypeCode"`
	Description  Text   `json:"description,omitzero"`
}

// The values of the access fields of an [AgentProfile].
const (
	AccessAll      = "ALL"
	AccessSpecific = "SPECIFIC"
	AccessNone     = "NONE"
)

// Unrestricted and ProvisionedValue are values of AgentProfile.AgentDNValidation.
// ProvisionedValue obliges the agent to log in with the default number.
const (
	Unrestricted     = "UNRESTRICTED"
	ProvisionedValue = "PROVISIONED_VALUE"
)

// An AgentProfile, also called desktop profile, says what the agent may do.
type AgentProfile struct {
	ID                string `json:"id,omitzero"`
	Name              Text   `json:"name,omitzero"`
	LoginVoiceOptions Texts  `json:"loginVoiceOptions"` // DeviceAgentDN, DeviceExtension, DeviceBrowser.

	AccessIdleCode   Text  `json:"accessIdleCode"`
	IdleCodes        Texts `json:"idleCodes"`
	AccessWrapUpCode Text  `json:"accessWrapUpCode"`
	WrapUpCodes      Texts `json:"wrapUpCodes"`

	AutoWrapUp               Bool   `json:"autoWrapUp"`
	AutoWrapAfterSeconds     Number `json:"autoWrapAfterSeconds"` // Milliseconds, whatever the name says.
	AllowAutoWrapUpExtension Bool   `json:"allowAutoWrapUpExtension"`
	AutoAnswer               Bool   `json:"autoAnswer"`
	LastAgentRouting         Bool   `json:"lastAgentRouting"`

	OutdialEnabled             Bool `json:"outdialEnabled"`
	OutdialEntryPointID        Text `json:"outdialEntryPointId"`
	OutdialANIID               Text `json:"outdialANIId"`
	AgentAvailableAfterOutdial Bool `json:"agentAvailableAfterOutdial"`

	ConsultToQueue     Bool                `json:"consultToQueue"`
	DialPlanEnabled    Bool                `json:"dialPlanEnabled"`
	DialPlans          Texts               `json:"dialPlans"`
	AgentDNValidation  Text                `json:"agentDNValidation"` // Unrestricted or ProvisionedValue.
	AddressBookID      Text                `json:"addressBookId"`
	ViewableStatistics *ViewableStatistics `json:"viewableStatistics,omitempty"`

	InactivityCustomEnabled Bool   `json:"timeoutDesktopInactivityCustomEnabled"`
	InactivityMins          Number `json:"timeoutDesktopInactivityMins"`

	ShowUserDetailsMS         Bool `json:"showUserDetailsMS"`
	StateSynchronizationMS    Bool `json:"stateSynchronizationMS"`
	ShowUserDetailsWebex      Bool `json:"showUserDetailsWebex"`
	StateSynchronizationWebex Bool `json:"stateSynchronizationWebex"`

	AccessQueue      Text `json:"accessQueue,omitzero"`
	AccessEntryPoint Text `json:"accessEntryPoint,omitzero"`
	AccessBuddyTeam  Text `json:"accessBuddyTeam,omitzero"`
}

// ViewableStatistics says which statistics the agent may see.
type ViewableStatistics struct {
	AgentStats Bool `json:"agentStats"`
}

// A Site is where teams are.
type Site struct {
	ID                  string `json:"id"`
	Name                Text   `json:"name"`
	Active              Bool   `json:"active"`
	MultimediaProfileID Text   `json:"multimediaProfileId"`
	SystemDefault       Bool   `json:"systemDefault"`
}

// A Team is a group of agents.
type Team struct {
	ID                  string          `json:"id"`
	Name                Text            `json:"name"`
	TeamType            Text            `json:"teamType"` // AGENT, CAPACITY, …
	TeamStatus          Text            `json:"teamStatus"`
	Active              Bool            `json:"active"`
	SiteID              Text            `json:"siteId"`
	SiteName            Text            `json:"siteName"`
	MultimediaProfileID Text            `json:"multiMediaProfileId,omitzero"`
	UserIDs             Texts           `json:"userIds"`
	RankQueuesForTeam   Bool            `json:"rankQueuesForTeam"`
	QueueRankings       json.RawMessage `json:"queueRankings,omitempty"`
	DBID                Text            `json:"dbId,omitzero"`
	DesktopLayoutID     Text            `json:"desktopLayoutId,omitzero"`
}

// A DialPlan says which numbers may be dialled and how they are rewritten.
type DialPlan struct {
	ID                string `json:"id"`
	Name              Text   `json:"name"`
	RegularExpression Text   `json:"regularExpression"`
	Prefix            Text   `json:"prefix"`
	StrippedChars     Text   `json:"strippedChars"`
	Active            Bool   `json:"active,omitzero"`
}

// A MultimediaProfile says how many contacts of each medium an agent takes.
// Raw is the record: its fields are not documented.
type MultimediaProfile struct {
	ID   string
	Name string
	Raw  json.RawMessage
}

// UnmarshalJSON keeps the record whole.
func (p *MultimediaProfile) UnmarshalJSON(data []byte) error {
	var known struct {
		ID   Text `json:"id"`
		Name Text `json:"name"`
	}
	if err := json.Unmarshal(data, &known); err != nil {
		return err
	}
	*p = MultimediaProfile{string(known.ID), string(known.Name), append(json.RawMessage(nil), data...)}
	return nil
}

// OrgLogin is the newer SDK's organization aggregate: rows 2 to 6 in one.
type OrgLogin struct {
	Organization        Organization        `json:"organization"`
	OrganizationSetting OrganizationSetting `json:"organizationSetting"`
	TenantConfiguration TenantConfiguration `json:"tenantConfiguration"`
	URLMappings         TextMap             `json:"urlMappings"` // By name.
	AIFeature           AIFeature           `json:"aiFeature"`
	MicrosoftConfig     json.RawMessage     `json:"microsoftConfig,omitempty"`
	WebexConfig         json.RawMessage     `json:"webexConfig,omitempty"`
}

// UserLogin is the newer SDK's user aggregate: rows 1 and 8 in one.
type UserLogin struct {
	User         User         `json:"user"`
	AgentProfile AgentProfile `json:"agentProfile"`
}
