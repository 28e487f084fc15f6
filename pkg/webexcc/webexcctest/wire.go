package webexcctest

import (
	"bytes"
	"encoding/json"

	"deskbridge/pkg/webexcc"
)

// wordy are the booleans of a participant that are sent as words. Some arrive
// so from the real service, which ones is not documented: these are invented,
// and Cisco's own SDK reads none of them.
var wordy = []string{"isOffered", "isWrappedUp", "isInPredial"}

// taskOnWire spells a task event as Webex does, who is less strict than our
// types are.
func taskOnWire(d webexcc.TaskData) any {
	loose := fields(d)
	interaction, _ := loose["interaction"].(map[string]any)
	participants, _ := interaction["participants"].(map[string]any)
	for _, p := range participants {
		participant, _ := p.(map[string]any)
		for _, name := range wordy {
			switch participant[name] {
			case true:
				participant[name] = "true"
			case false:
				participant[name] = "false"
			}
		}
	}
	return loose
}

// stateOnWire spells a change of state as Webex does: who made it is null, not
// absent, when it was the agent.
func stateOnWire(d webexcc.Session) any {
	loose := fields(d)
	for name, absent := range map[string]any{"changedBy": nil, "changedById": nil, "changedByName": nil, "lastStateChangeReason": ""} {
		if _, ok := loose[name]; !ok && loose != nil {
			loose[name] = absent
		}
	}
	return loose
}

// fields returns v as a JSON object. Our types always encode as one.
func fields(v any) map[string]any {
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var object map[string]any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // Times and codes stay as they are.
	if decoder.Decode(&object) != nil {
		return nil
	}
	return object
}
