package webexcc

import (
	"encoding/json"
	"errors"
)

// errNoData is what is wrong with a message that has a type but says nothing.
var errNoData = errors.New("webexcc: message without data")

// Decode reads one message of the socket. It never fails: what it cannot read
// is an [Unknown] with Err, what it cannot name one without.
//
// The concrete event is data.type; the envelope's own type only decides where
// there is none, because Webex is known to vary it.
func Decode(message []byte) Notification {
	var env Envelope
	if err := json.Unmarshal(message, &env); err != nil {
		return Unknown{Err: err, Raw: message}
	}
	if env.Keepalive == "true" {
		return Keepalive{}
	}
	if isNull(env.Data) {
		if env.Type == OuterWelcome {
			return Welcome{Raw: message}
		}
		return Unknown{Outer: env.Type, Err: errNoData, Raw: message}
	}
	var head struct {
		Type      Text `json:"type"`
		EventType Text `json:"eventType"`
		AgentID   Text `json:"agentId"`
		Reason    Text `json:"reason"`
		DN        Text `json:"dn"`
		ID        Text `json:"interactionId"`
	}
	if err := json.Unmarshal(env.Data, &head); err != nil {
		return Unknown{Outer: env.Type, Err: err, Raw: message}
	}
	inner := string(head.Type)
	unknown := Unknown{Outer: env.Type, Type: inner, Raw: message}
	switch inner {
	case AgentStationLoginSuccess, AgentStationLoginFailed:
		return read(env.Data, unknown, func(s Session) Notification { return StationLogin{inner, s, message} })
	case AgentLogoutSuccess, AgentLogoutFailed:
		return read(env.Data, unknown, func(s Session) Notification { return Logout{inner, s, message} })
	case AgentStateChangeSuccess, AgentStateChangeFailed:
		return read(env.Data, unknown, func(s Session) Notification { return AgentStateChange{inner, s, message} })
	case AgentReloginSuccess, AgentReloginFailed:
		return read(env.Data, unknown, func(s Session) Notification { return Relogin{inner, s, message} })
	case BuddyAgentsListed, BuddyAgentsRetrieveFailed:
		return read(env.Data, unknown, func(b BuddyList) Notification { return Buddies{inner, b, message} })
	case AgentMultiLoginClose:
		return MultiLogin{string(head.AgentID), string(head.Reason), message}
	case AgentDNRegistered:
		return DNRegistered{string(head.AgentID), string(head.DN), message}
	}
	switch {
	case env.Type == OuterMultiLogin:
		return MultiLogin{string(head.AgentID), string(head.Reason), message}
	case env.Type == OuterWelcome:
		return Welcome{string(head.AgentID), message}
	case inner == "":
		return unknown
	case env.Type == OuterRoutingMessage, head.EventType == RoutingMessage, head.ID != "", inner == RealTimeTranscription:
		return read(env.Data, unknown, func(t TaskData) Notification { return Task{inner, t, message} })
	}
	return unknown
}

// read decodes data whole or not at all: half an interaction would look like
// one whose participants have left.
func read[T any](data []byte, unknown Unknown, found func(T) Notification) Notification {
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		unknown.Err = err
		return unknown
	}
	return found(v)
}
