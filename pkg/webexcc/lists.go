package webexcc

import "encoding/json"

// A Queue is a contact service queue.
type Queue struct {
	ID                      string          `json:"id"`
	Name                    Text            `json:"name"`
	Description             Text            `json:"description,omitzero"`
	QueueType               Text            `json:"queueType"`   // INBOUND, OUTBOUND.
	ChannelType             Text            `json:"channelType"` // TELEPHONY, EMAIL, CHAT, SOCIAL_CHANNEL, …
	Active                  Bool            `json:"active"`
	CheckAgentAvailability  Bool            `json:"checkAgentAvailability"`
	ServiceLevelThreshold   Number          `json:"serviceLevelThreshold"` // Seconds.
	MaxActiveContacts       Number          `json:"maxActiveContacts"`
	MaxTimeInQueue          Number          `json:"maxTimeInQueue"` // Seconds.
	DefaultMusicMediaFileID Text            `json:"defaultMusicInQueueMediaFileId,omitzero"`
	Timezone                Text            `json:"timezone,omitzero"`
	OutdialCampaignEnabled  Bool            `json:"outdialCampaignEnabled"`
	MonitoringPermitted     Bool            `json:"monitoringPermitted"`
	ParkingPermitted        Bool            `json:"parkingPermitted"`
	RecordingPermitted      Bool            `json:"recordingPermitted"`
	PauseRecordingPermitted Bool            `json:"pauseRecordingPermitted"`
	RoutingType             Text            `json:"routingType"`                      // LONGEST_AVAILABLE_AGENT, SKILLS_BASED, …
	QueueRoutingType        Text            `json:"queueRoutingType"`                 // TEAM_BASED, SKILL_BASED, AGENT_BASED.
	CallDistributionGroups  json.RawMessage `json:"callDistributionGroups,omitempty"` // [{agentGroups: [{teamId}], order, duration}].
}

// An EntryPoint is where contacts come in, or where an outdial starts.
type EntryPoint struct {
	ID             string          `json:"id"`
	Name           Text            `json:"name"`
	Description    Text            `json:"description,omitzero"`
	Type           Text            `json:"type,omitzero"`           // The SDK's name.
	EntryPointType Text            `json:"entryPointType,omitzero"` // Live records: INBOUND, OUTBOUND.
	ChannelType    Text            `json:"channelType,omitzero"`    // Live records: TELEPHONY, …
	IsActive       Bool            `json:"isActive,omitzero"`       // The SDK's name.
	Active         Bool            `json:"active,omitzero"`         // Live records.
	OrgID          Text            `json:"orgId,omitzero"`
	CreatedAt      Millis          `json:"createdAt,omitzero"`
	UpdatedAt      Millis          `json:"updatedAt,omitzero"`
	Settings       json.RawMessage `json:"settings,omitempty"`
}

// An AddressBookEntry is a number that agents may call.
type AddressBookEntry struct {
	ID              string `json:"id"`
	OrganizationID  Text   `json:"organizationId,omitzero"`
	Version         Number `json:"version"`
	Name            Text   `json:"name"`
	Number          Text   `json:"number"`
	CreatedTime     Millis `json:"createdTime,omitzero"`
	LastUpdatedTime Millis `json:"lastUpdatedTime,omitzero"`
}

// An OutdialANI is a caller id that an outdial may show.
type OutdialANI struct {
	ID              string          `json:"id"`
	Name            Text            `json:"name"`
	Number          Text            `json:"number"`
	DefaultANIEntry Bool            `json:"defaultANIEntry,omitzero"` // Live records.
	Links           json.RawMessage `json:"links,omitempty"`
	CreatedTime     Millis          `json:"createdTime,omitzero"`
	LastUpdatedTime Millis          `json:"lastUpdatedTime,omitzero"`
}
