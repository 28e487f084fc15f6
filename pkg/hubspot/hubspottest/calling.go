package hubspottest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskbridge/pkg/hubspot"
)

// appSettings are what a calling app has registered.
type appSettings struct {
	calling, recording, channel map[string]any
	webhooks                    *hubspot.WebhookSettings
	subscriptions               []*subscription
	events                      []map[string]any // To be delivered.
}

// developer guards the settings: HubSpot's documents name two ways to
// authenticate, so both work.
func (s *Server) developer(q *ask) *reply {
	if key := q.URL.Query().Get("hapikey"); key != "" {
		if key == s.cfg.DeveloperKey {
			return nil
		}
		a := s.refuse(http.StatusUnauthorized, "INVALID_AUTHENTICATION", "The API key provided is invalid.")
		return &a
	}
	g, refused := s.bearer(q)
	if refused == nil && !g.all && !g.has("developers-read") && !g.has("developers-write") {
		a := s.refuse(http.StatusForbidden, "MISSING_SCOPES", "developers-read or developers-write is required.")
		refused = &a
	}
	return refused
}

func (s *Server) app(q *ask) *appSettings {
	id := q.PathValue("appID")
	if s.world.settings[id] == nil {
		s.world.settings[id] = &appSettings{}
	}
	return s.world.settings[id]
}

// kept serves GET, POST, PATCH and DELETE of a document with known fields.
func (s *Server) kept(q *ask, doc *map[string]any, fields map[string]any, required []string, exists string) reply {
	if q.Method == http.MethodGet || q.Method == http.MethodPatch || q.Method == http.MethodDelete {
		if *doc == nil {
			return s.missing()
		}
	}
	switch q.Method {
	case http.MethodGet:
		return reply{status: http.StatusOK, body: *doc}
	case http.MethodDelete:
		*doc = nil
		return reply{status: http.StatusNoContent}
	}
	var in map[string]any
	if err := q.decode(&in); err != nil {
		return s.badJSON(err)
	}
	next := map[string]any{}
	if q.Method == http.MethodPost {
		if *doc != nil {
			return s.refuse(http.StatusBadRequest, "VALIDATION_ERROR", "Settings already exist for this app.", map[string]any{"subCategory": exists})
		}
		for name, value := range fields {
			if value != nil {
				next[name] = value
			}
		}
		next["createdAt"] = stamp(q.now)
		for _, name := range required {
			if _, ok := in[name]; !ok {
				return s.invalid("%s is required", name)
			}
		}
	} else {
		maps.Copy(next, *doc)
	}
	for name, value := range in {
		if _, ok := fields[name]; ok {
			next[name] = value
		}
	}
	for _, name := range []string{"url", "urlToRetrieveAuthedRecording"} {
		address, given := next[name].(string)
		if given && !secureOrLocal(address) {
			return s.invalid("%s must be an https URL", name)
		}
		if given && name != "url" && !strings.Contains(address, "%s") {
			return s.invalid("%s must contain %%s", name)
		}
	}
	next["updatedAt"] = stamp(q.now)
	*doc = next
	return reply{status: http.StatusOK, body: next}
}

func secureOrLocal(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://localhost") || strings.HasPrefix(address, "http://127.0.0.1")
}

// callingSettings serves {appId}/settings. A POST with the five fields of the
// older guide is enough.
func (s *Server) callingSettings(q *ask) reply {
	return s.kept(q, &s.app(q).calling, map[string]any{
		"name": nil, "url": nil, "width": nil, "height": nil, "isReady": true, "supportsCustomObjects": false,
		"supportsInboundCalling": false, "usesCallingWindow": true, "usesRemote": false,
	}, []string{"name", "url"}, "CallingSettingError.SETTINGS_ALREADY_EXISTS")
}

func (s *Server) recordingSettings(q *ask) reply {
	if q.Method == http.MethodDelete {
		return reply{status: http.StatusMethodNotAllowed, body: page("<html><body><h2>HTTP ERROR 405</h2></body></html>")}
	}
	return s.kept(q, &s.app(q).recording, map[string]any{"urlToRetrieveAuthedRecording": nil},
		[]string{"urlToRetrieveAuthedRecording"}, "CallingSettingError.RECORDING_SETTINGS_ALREADY_EXIST")
}

func (s *Server) channelSettings(q *ask) reply {
	return s.kept(q, &s.app(q).channel, map[string]any{"url": nil, "isReady": nil},
		[]string{"url", "isReady"}, "CallingSettingError.CHANNEL_CONNECTION_SETTINGS_ALREADY_EXIST")
}

// recordingReady would start a transcription; here it only checks the call.
func (s *Server) recordingReady(q *ask) reply {
	var in struct{ EngagementID json.Number }
	if err := q.decode(&in); err != nil {
		return s.badJSON(err)
	}
	if s.find(s.world.types[hubspot.Calls], in.EngagementID.String(), "") == nil {
		return s.missing()
	}
	return reply{status: http.StatusNoContent}
}

var finalStatuses = []string{
	"BUSY", "CALLING_CRM_USER", "CANCELED", "COMPLETED", "CONNECTING", "FAILED", "HOLD", "IN_PROGRESS", "MISSED",
	"NO_ANSWER", "QUEUED", "RINGING", "UNKNOWN",
}

// inboundCall takes a call that never touched a browser: it matches the caller
// and may create the call. That a second request with the same externalCallId
// finds the first one's call is invented, and so are the properties set.
func (s *Server) inboundCall(q *ask) reply {
	type number struct {
		E164Number, PhoneNumberType, Extension string
	}
	var in struct {
		ExternalCallID           *string
		CreateEngagement         *bool
		EngagementProperties     map[string]string
		FinalCallStatus          string
		FromNumber, ToNumber     *number
		PotentialRecipientUserID []json.Number `json:"potentialRecipientUserIds"`
		CallStartedTimestamp     string
		DurationSeconds          json.Number
	}
	if err := q.decode(&in); err != nil {
		return s.badJSON(err)
	}
	if in.ExternalCallID == nil || in.CreateEngagement == nil || in.FromNumber == nil || in.ToNumber == nil ||
		in.EngagementProperties == nil || in.PotentialRecipientUserID == nil || !slices.Contains(finalStatuses, in.FinalCallStatus) {
		return s.invalid("externalCallId, createEngagement, engagementProperties, finalCallStatus, fromNumber, toNumber and potentialRecipientUserIds are required")
	}
	matches := s.match(in.FromNumber.E164Number)
	calls := s.world.types[hubspot.Calls]
	known := slices.ContainsFunc(s.world.order, func(r *record) bool {
		return r.t == calls && r.external == *in.ExternalCallID && r.archived.IsZero()
	})
	if *in.CreateEngagement && !known {
		began := q.now
		if at, ok := moment(in.CallStartedTimestamp); ok {
			began = at
		}
		props := map[string]string{
			"hs_timestamp": stamp(began), "hs_call_direction": hubspot.Inbound,
			"hs_call_from_number": in.FromNumber.E164Number, "hs_call_to_number": in.ToNumber.E164Number,
		}
		if status := calls.property("hs_call_status"); slices.ContainsFunc(status.Options, func(o hubspot.Option) bool { return o.Value == in.FinalCallStatus }) {
			props["hs_call_status"] = in.FinalCallStatus
		} else {
			props["hs_call_status"] = hubspot.CallNoAnswer
		}
		if seconds, err := time.ParseDuration(in.DurationSeconds.String() + "s"); err == nil {
			props["hs_call_duration"] = strconv.FormatInt(seconds.Milliseconds(), 10)
		}
		maps.Copy(props, in.EngagementProperties)
		if problems := s.validate(calls, nil, props); len(problems) > 0 {
			return s.invalidProperties(problems)
		}
		r := s.add(calls, props, fromCalling)
		r.external = *in.ExternalCallID
		for _, m := range matches {
			if other := s.world.records[m.id()]; other != nil {
				s.link(r, other, defaultKind(calls.id, other.t.id))
			}
		}
	}
	return reply{status: http.StatusOK, body: map[string]any{"callerIdMatches": matches}}
}
