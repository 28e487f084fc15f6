package callingext

import "encoding/json"

// decodeWidgetMessage reads what a widget sent. It never fails: a payload
// that is missing or malformed leaves fields empty.
func decodeWidgetMessage(r received) WidgetMessage {
	f := parseFields(r.data)
	call, engagement := f.text("externalCallId"), f.id("engagementId")
	switch r.typ {
	case TypeSyncAck:
		return SyncAck{r.all.flag("debugMode"), r.all.text("version"), r.all.text("iFrameUrl"), r.raw}
	case TypeInitialized:
		return decodeInitialized(f, r.data)
	case TypeLoggedIn:
		return LoggedIn{}
	case TypeLoggedOut:
		return LoggedOut{}
	case TypeUserAvailable:
		return Available{}
	case TypeUserUnavailable:
		return Unavailable{}
	case TypeIncomingCall:
		return IncomingCall{call, f.text("fromNumber"), f.text("toNumber"),
			f.number("callStartTime"), f.flag("createEngagement"), r.data}
	case TypeOutgoingCall:
		return OutgoingCall{call, f.text("fromNumber"), f.text("toNumber"), f.text("phoneNumber"),
			f.number("callStartTime"), f.flag("createEngagement"), r.data}
	case TypeCallAnswered:
		return CallAnswered{call, r.data}
	case TypeCallTransferred:
		return CallTransferred{call, r.data}
	case TypeCallEnded:
		return CallEnded{call, engagement, CallEndStatus(f.text("callEndStatus")), r.data}
	case TypeCallCompleted:
		return CallCompleted{call, engagement, f.optionalFlag("hideWidget"), properties(f["engagementProperties"]), r.data}
	case TypeFinalizeEngagement:
		return FinalizeEngagement{call, engagement, r.data}
	case TypePublishToChannel:
		return PublishToChannel{call, engagement, r.data}
	case TypeNavigateToRecord:
		return NavigateToRecord{coordinates(f), engagement, OpenIn(f.text("openIn")), r.data}
	case TypeCallData:
		return CallData{r.data}
	case TypeError:
		return SendError{f.text("message"), f.text("type"), f.object("data")["originalMessage"], r.data}
	case TypeResizeWidget:
		return ResizeWidget{int(f.number("width")), int(f.number("height")), r.data}
	case TypeSetWidgetURL:
		url := f.text("iFrameUrl")
		if url == "" {
			url = r.all.text("iFrameUrl") // Where the SDK's own receiver looks for it.
		}
		return SetWidgetURL{url, r.data}
	}
	return Unknown{r.typ, r.data, r.raw}
}

func decodeInitialized(f fields, raw json.RawMessage) Initialized {
	m := Initialized{
		IsLoggedIn:        f.flag("isLoggedIn"),
		IsAvailable:       f.flag("isAvailable"),
		EngagementID:      f.id("engagementId"),
		PortalID:          f.id("portalId"),
		HostURL:           f.text("hostUrl"),
		IframeLocation:    IframeLocation(f.text("iframeLocation")),
		UsesCallingWindow: f.optionalFlag("usesCallingWindow"),
		Raw:               raw,
	}
	if size := f.object("sizeInfo"); size != nil {
		m.SizeInfo = &SizeInfo{int(size.number("width")), int(size.number("height"))}
	}
	return m
}

func properties(raw json.RawMessage) map[string]string {
	f := parseFields(raw)
	if len(f) == 0 {
		return nil
	}
	p := make(map[string]string, len(f))
	for name, value := range f {
		p[name] = f.text(name)
		if p[name] == "" && string(value) != `""` && string(value) != "null" {
			p[name] = string(value) // true, false, or something nested.
		}
	}
	return p
}
