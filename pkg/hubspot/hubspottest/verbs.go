package hubspottest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"deskbridge/pkg/hubspot"
)

// errNotFound is what every verb returns for an unknown id.
var errNotFound = fmt.Errorf("hubspottest: no such record: %w", fs.ErrNotExist)

// An EngagementRequest is a call that the calling page shall create a record of.
type EngagementRequest struct {
	Direction      string    `json:"direction"` // INBOUND or OUTBOUND
	From           string    `json:"from"`
	To             string    `json:"to"`
	ExternalCallID string    `json:"externalCallId"`
	OwnerID        string    `json:"ownerId"`
	StartedAt      time.Time `json:"startedAt"` // Defaults to now.
}

// CreateEngagement does what HubSpot's page does for createEngagement: it
// creates a call with minimal data and returns its id. Until CompleteCall the
// call is on nobody's timeline. Which properties HubSpot sets exactly is
// invented.
func (s *Server) CreateEngagement(r EngagementRequest) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.StartedAt.IsZero() {
		r.StartedAt = s.cfg.Now()
	}
	props := map[string]string{
		"hs_timestamp": stamp(r.StartedAt), "hs_call_direction": r.Direction,
		"hs_call_from_number": r.From, "hs_call_to_number": r.To,
		"hs_call_source": hubspot.CallSource, "hs_call_app_id": AppID, "hubspot_owner_id": r.OwnerID,
	}
	if s.cfg.CopyExternalID {
		props["hs_call_external_id"] = r.ExternalCallID
	}
	t := s.world.types[hubspot.Calls]
	if problems := s.validate(t, nil, props); len(problems) > 0 {
		return "", errors.New(problems[0].message)
	}
	call := s.add(t, props, fromCalling)
	call.external, call.dangling = r.ExternalCallID, true
	return call.id, nil
}

// A Ref names a record.
type Ref struct {
	ObjectType string `json:"objectType"` // Id or name.
	ID         string `json:"id"`
}

// CompleteCall does what HubSpot's page does for callCompleted: it sets the
// properties, associates the call with the records and so puts it on their
// timelines. The engagement may be one that was created through the API.
func (s *Server) CompleteCall(engagementID string, properties map[string]string, with ...Ref) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.world.types[hubspot.Calls]
	call := s.find(t, engagementID, "")
	if call == nil {
		return errNotFound
	}
	if problems := s.validate(t, call, properties); len(problems) > 0 {
		return errors.New(problems[0].message)
	}
	var others []*record
	for _, ref := range with {
		other := s.world.records[ref.ID]
		if other == nil || !other.archived.IsZero() || other.t.id != typeNamed(ref.ObjectType) {
			return errNotFound
		}
		others = append(others, other)
	}
	s.write(call, properties, fromCalling)
	for _, other := range others {
		s.link(call, other, defaultKind(t.id, other.t.id))
	}
	call.dangling = false
	return nil
}

// GhostCalls counts the calls that were created by CreateEngagement and never
// completed: nobody sees them.
func (s *Server) GhostCalls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.world.order {
		if r.dangling {
			n++
		}
	}
	return n
}

// A CallerMatch is a record that a number belongs to, as HubSpot's calling page
// and the inbound-call endpoint spell it.
type CallerMatch struct {
	CallerIDType      string      `json:"callerIdType"` // CONTACT or COMPANY
	ObjectCoordinates Coordinates `json:"objectCoordinates"`
	FirstName         string      `json:"firstName,omitempty"`
	LastName          string      `json:"lastName,omitempty"`
	Email             string      `json:"email,omitempty"`
	Name              string      `json:"name,omitempty"`
}

// Coordinates name a record with 64-bit numbers.
type Coordinates struct {
	PortalID     json.Number `json:"portalId"`
	ObjectID     json.Number `json:"objectId"`
	ObjectTypeID string      `json:"objectTypeId"`
}

func (m CallerMatch) id() string { return m.ObjectCoordinates.ObjectID.String() }

// MatchCaller finds the contacts and companies with that number, oldest first.
// It sees writes at once and is never nil.
func (s *Server) MatchCaller(number string) []CallerMatch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.match(number)
}

func (s *Server) match(number string) []CallerMatch {
	found := []CallerMatch{}
	want := s.e164(number)
	if want == "" {
		return found
	}
	for _, r := range s.world.order {
		if !r.archived.IsZero() || want != s.e164(r.props["phone"]) && want != s.e164(r.props["mobilephone"]) {
			continue
		}
		m := CallerMatch{ObjectCoordinates: Coordinates{json.Number(s.cfg.PortalID), json.Number(r.id), r.t.id}}
		switch r.t.id {
		case hubspot.Contacts:
			m.CallerIDType = "CONTACT"
			m.FirstName, m.LastName, m.Email = r.props["firstname"], r.props["lastname"], r.props["email"]
		case hubspot.Companies:
			m.CallerIDType, m.Name = "COMPANY", r.props["name"]
		default:
			continue
		}
		found = append(found, m)
	}
	return found
}

// e164 is a number without its writing, empty if it is none.
func (s *Server) e164(number string) string {
	n, err := phonenumbers.Parse(number, s.cfg.Region)
	if err != nil || number == "" {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}

// An Object is a record as pages show it.
type Object struct {
	ObjectType string            `json:"objectType"` // Such as "contacts".
	TypeID     string            `json:"objectTypeId"`
	ID         string            `json:"id"`
	Properties map[string]string `json:"properties"`
	CreatedAt  time.Time         `json:"createdAt"`
	UpdatedAt  time.Time         `json:"updatedAt"`
}

// An Engagement is an activity.
type Engagement struct {
	Object
	Associations []Ref `json:"associations"`    // Contacts first, then companies, deals and tickets.
	Ghost        bool  `json:"ghost,omitempty"` // Created by a calling page, never completed.
}

func (r *record) object() Object {
	props := maps.Clone(r.props)
	maps.DeleteFunc(props, func(_, value string) bool { return value == "" })
	return Object{r.t.plural, r.t.id, r.id, props, r.created, r.updated}
}

// AddObject creates a record; searches find it at once. Required properties
// that are missing get a value: pages fill them in.
func (s *Server) AddObject(objectType string, properties map[string]string) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.world.types[typeNamed(objectType)]
	if t == nil {
		return "", fmt.Errorf("hubspottest: no object type %q: %w", objectType, fs.ErrNotExist)
	}
	props := maps.Clone(properties)
	if props == nil {
		props = map[string]string{}
	}
	for _, name := range t.lacking(props) {
		props[name] = orElse(name == "hs_timestamp", stamp(s.cfg.Now()), "1")
	}
	if problems := s.validate(t, nil, props); len(problems) > 0 {
		return "", errors.New(problems[0].message)
	}
	if s.taken(t, nil, props) != nil {
		return "", errors.New("a contact with this e-mail address exists")
	}
	r := s.add(t, props, fromPage)
	s.indexNow(r)
	return r.id, nil
}

// EditObject changes a record as a person does on a page; searches see it at
// once.
func (s *Server) EditObject(objectType, id string, properties map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.named(objectType, id)
	if err != nil {
		return err
	}
	if problems := s.validate(r.t, r, properties); len(problems) > 0 {
		return errors.New(problems[0].message)
	}
	s.write(r, properties, fromPage)
	s.indexNow(r)
	return nil
}

// DeleteObject moves a record to the recycle bin, as a person does.
func (s *Server) DeleteObject(objectType, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.named(objectType, id)
	if err == nil {
		s.bin(r)
		s.indexNow(r)
	}
	return err
}

// Associate links two records by the default type.
func (s *Server) Associate(a, b Ref) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	from, err := s.named(a.ObjectType, a.ID)
	if err != nil {
		return err
	}
	to, err := s.named(b.ObjectType, b.ID)
	if err != nil {
		return err
	}
	s.link(from, to, defaultKind(from.t.id, to.t.id))
	return nil
}

func (s *Server) named(objectType, id string) (*record, error) {
	r := s.world.records[id]
	if r == nil || r.t.id != typeNamed(objectType) || !r.archived.IsZero() {
		return nil, errNotFound
	}
	return r, nil
}

// Object returns a record.
func (s *Server) Object(objectType, id string) (Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.named(objectType, id)
	if err != nil {
		return Object{}, err
	}
	return r.object(), nil
}

// Objects lists the records of a type whose default properties have every word
// of query, oldest first.
func (s *Server) Objects(objectType, query string) []Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []Object{}
	for _, r := range s.world.order {
		if r.t.id == typeNamed(objectType) && r.archived.IsZero() && fullText(r.t, r.props, query) {
			found = append(found, r.object())
		}
	}
	return found
}

// Associated lists the records of a type that a record is associated with.
func (s *Server) Associated(objectType, id, to string) []Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []Object{}
	r, err := s.named(objectType, id)
	t := s.world.types[typeNamed(to)]
	if err != nil || t == nil {
		return found
	}
	for _, other := range s.others(r, t) {
		found = append(found, other.object())
	}
	return found
}

// Timeline lists the activities that are associated with a record, newest
// first. It is never nil.
func (s *Server) Timeline(objectType, id string) []Engagement {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.activities(func(r *record) bool {
		return len(s.world.links[pair{r.id, id}]) > 0 && s.world.records[id].t.id == typeNamed(objectType)
	})
}

// Engagements lists every activity, newest first. It is never nil.
func (s *Server) Engagements() []Engagement {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.activities(func(*record) bool { return true })
}

func (s *Server) activities(keep func(*record) bool) []Engagement {
	found := []Engagement{}
	others := map[string][]*record{}
	for p := range s.world.links {
		if other := s.world.records[p.to]; other != nil && other.archived.IsZero() {
			others[p.from] = append(others[p.from], other)
		}
	}
	for _, r := range s.world.order {
		if !r.t.engagement() || !r.archived.IsZero() || !keep(r) {
			continue
		}
		e := Engagement{Object: r.object(), Associations: []Ref{}, Ghost: r.dangling}
		for _, other := range others[r.id] {
			e.Associations = append(e.Associations, Ref{other.t.plural, other.id})
		}
		slices.SortFunc(e.Associations, func(a, b Ref) int {
			return cmp.Or(strings.Compare(typeNamed(a.ObjectType), typeNamed(b.ObjectType)), cmp.Compare(number(a.ID), number(b.ID)))
		})
		found = append(found, e)
	}
	slices.SortStableFunc(found, func(a, b Engagement) int {
		if order := strings.Compare(sortable(b), sortable(a)); order != 0 {
			return order
		}
		return strings.Compare(b.ID, a.ID)
	})
	return found
}

// sortable is an activity's time in a form that sorts as text.
func sortable(e Engagement) string {
	t, _ := moment(e.Properties["hs_timestamp"]) // It is valid.
	return t.Format("2006-01-02T15:04:05.000")
}
