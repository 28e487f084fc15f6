package callingext

// decodeHostMessage reads what a host sent. It never fails: a payload that is
// missing or malformed leaves fields empty.
func decodeHostMessage(r received) HostMessage {
	f := parseFields(r.data)
	engagement, call := f.id("engagementId"), f.text("externalCallId")
	failure := Failure{Message: failureMessage(f)}
	switch r.typ {
	case TypeDialNumber:
		return decodeDialNumber(f, r)
	case TypeCreateEngagementSucceeded:
		return CreateEngagementSucceeded{engagement, r.data}
	case TypeCreateEngagementFailed:
		return CreateEngagementFailed{failure, r.data}
	case TypeEngagementCreated:
		return EngagementCreated{engagement, r.data}
	case TypeUpdateEngagementSucceeded:
		return UpdateEngagementSucceeded{engagement, r.data}
	case TypeUpdateEngagementFailed:
		return UpdateEngagementFailed{failure, r.data}
	case TypeCallerIDMatchSucceeded:
		return CallerIDMatchSucceeded{matches(f), r.data}
	case TypeCallerIDMatchFailed:
		return CallerIDMatchFailed{failure, r.data}
	case TypeNavigateToRecordFailed:
		return NavigateToRecordFailed{engagement, coordinates(f), r.data}
	case TypeFinalizeEngagementSucceeded:
		return FinalizeEngagementSucceeded{engagement, call, r.data}
	case TypeFinalizeEngagementFailed:
		return FinalizeEngagementFailed{engagement, call, r.data}
	case TypePublishToChannelSucceeded:
		return PublishToChannelSucceeded{engagement, call, r.data}
	case TypePublishToChannelFailed:
		return PublishToChannelFailed{engagement, call, r.data}
	case TypeVisibilityChanged:
		return VisibilityChanged{f.flag("isMinimized"), f.flag("isHidden"), r.data}
	case TypeSetCallState:
		return SetCallState{r.data}
	case TypeEndCall:
		return EndCall{r.data}
	case TypeInitiateCallIDSucceeded:
		return InitiateCallIDSucceeded{r.data}
	case TypeInitiateCallIDFailed:
		return InitiateCallIDFailed{r.data}
	case TypeSetWidgetURLFailed:
		return SetWidgetURLFailed{r.data}
	}
	return Unknown{r.typ, r.data, r.raw}
}

func decodeSynced(r received) Synced {
	f := r.all
	return Synced{
		PortalID:          f.id("portalId"),
		UserID:            f.id("userId"),
		OwnerID:           f.id("ownerId"),
		EngagementID:      f.id("engagementId"),
		IframeLocation:    IframeLocation(f.text("iframeLocation")),
		UsesCallingWindow: f.flag("usesCallingWindow"),
		HostURL:           f.text("hostUrl"),
		Raw:               r.raw,
	}
}

func decodeDialNumber(f fields, r received) DialNumber {
	m := DialNumber{
		PhoneNumber:          f.text("phoneNumber"),
		PhoneNumberDuplicate: f.text("phone_number"),
		OwnerID:              f.id("ownerId"),
		SubjectID:            f.id("subjectId"),
		ObjectID:             f.id("objectId"),
		ObjectType:           f.text("objectType"),
		PortalID:             f.id("portalId"),
		CountryCode:          f.text("countryCode"),
		StartTimestamp:       f.number("startTimestamp"),
		ToPhoneNumberSrc:     f.text("toPhoneNumberSrc"),
		ThreadID:             f.id("threadId"),
		Raw:                  r.data,
	}
	if m.PhoneNumber == "" {
		m.PhoneNumber = m.PhoneNumberDuplicate
	}
	if c := f.object("calleeInfo"); c != nil {
		m.CalleeInfo = &Callee{c.id("calleeId"), c.text("calleeObjectTypeId")}
	}
	return m
}

func coordinates(f fields) ObjectCoordinates {
	c := f.object("objectCoordinates")
	return ObjectCoordinates{c.id("portalId"), c.id("objectId"), c.text("objectTypeId")}
}

func matches(f fields) []CallerIDMatch {
	var found []CallerIDMatch
	for _, raw := range f.list("callerIdMatches") {
		m := parseFields(raw)
		if m == nil {
			continue
		}
		found = append(found, CallerIDMatch{
			CallerIDType:      CallerIDType(m.text("callerIdType")),
			ObjectCoordinates: coordinates(m),
			FirstName:         m.text("firstName"),
			LastName:          m.text("lastName"),
			Email:             m.text("email"),
			Name:              m.text("name"),
		})
	}
	return found
}

// failureMessage reads error {message}; a bare string or message is taken too.
func failureMessage(f fields) string {
	if s := f.object("error").text("message"); s != "" {
		return s
	}
	if s := f.text("error"); s != "" {
		return s
	}
	return f.text("message")
}
