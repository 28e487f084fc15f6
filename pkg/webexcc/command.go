package webexcc

// The values of [Outdial.OutboundType].
const (
	OutboundOutdial     = "OUTDIAL"
	OutboundCallback    = "CALLBACK"
	OutboundExecuteFlow = "EXECUTE_FLOW"
)

// An Outdial places a call. Direction, MediaType and OutboundType default to
// a plain telephone call.
type Outdial struct {
	Destination  string            `json:"destination"`      // At most 36 characters.
	Origin       string            `json:"origin,omitempty"` // The caller id to show; one of the OutdialANIs.
	EntryPointID string            `json:"entryPointId"`     // AgentProfile.OutdialEntryPointID.
	Direction    string            `json:"direction"`        // OUTBOUND.
	Attributes   map[string]string `json:"attributes"`       // At most 30; come back as call-associated data.
	MediaType    string            `json:"mediaType"`        // telephony.
	OutboundType string            `json:"outboundType"`     // See OutboundOutdial.
}

// A WrapUp closes an interaction. Both fields are required.
type WrapUp struct {
	AuxCodeID string `json:"auxCodeId"`
	Reason    string `json:"wrapUpReason"` // The code's name.
}

// The values of Destination.Type.
const (
	ToAgent      = "agent"
	ToQueue      = "queue"
	ToDialNumber = "dialNumber"
	ToEntryPoint = "entryPoint"

	// ToEntryPointNumber is how Cisco's newer widgets spell ToEntryPoint in a
	// transfer.
	ToEntryPointNumber = "entrypointDialNumber"
)

// The values of TaskData.DestinationType: notifications spell differently from
// commands. An entry point is known under three names.
const (
	DestAgent      = "Agent"
	DestQueue      = "Queue"
	DestDN         = "DN"
	DestEPDN       = "EPDN"
	DestEpDn       = "EP-DN"
	DestEntryPoint = "ENTRYPOINT"
)

// A Destination is whom to consult or to transfer to.
type Destination struct {
	To   string `json:"to"` // Agent id, queue id, dial string or entry-point id, as Type says.
	Type string `json:"destinationType"`
}

// A Consultation asks somebody while the customer waits.
type Consultation struct {
	Destination
	HoldParticipants bool `json:"holdParticipants"` // Else customer and colleagues can hear each other meanwhile.
}

// A Merger joins a consult with its main call. AgentID is one's own.
type Merger struct {
	AgentID string `json:"agentId"`
	Destination
}
