package hubspottest

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"deskbridge/pkg/hubspot"
)

// Where changes come from, as propertiesWithHistory says.
const (
	fromAPI     = "INTEGRATION"
	fromPage    = "CRM_UI"
	fromCalling = "CALLING" // Invented: what HubSpot's calling pages write as.
	derived     = "CALCULATED"
)

// record is a CRM record or an activity.
type record struct {
	id       string
	t        *objectType
	props    map[string]string
	history  map[string][]change // Newest first.
	created  time.Time
	updated  time.Time
	archived time.Time // Zero if it is not.

	external  string // The calling app's id, if a calling page created it.
	dangling  bool   // A calling page created it and has not completed it.
	snapshots []snapshot

	shown       bool     // The API has shown who changed what since a person did.
	overwritten []string // What [Activity] lists.
	blind       []string
}

type change struct {
	value, source string
	at            time.Time
}

// snapshot is what the search's index knows from a moment on.
type snapshot struct {
	from     time.Time
	props    map[string]string
	archived bool
}

// indexed is what the search sees of a record now; ok is false if nothing.
func (r *record) indexed(now time.Time) (props map[string]string, ok bool) {
	for len(r.snapshots) > 1 && !r.snapshots[1].from.After(now) {
		r.snapshots = r.snapshots[1:]
	}
	if len(r.snapshots) == 0 || r.snapshots[0].from.After(now) || r.snapshots[0].archived {
		return nil, false
	}
	return r.snapshots[0].props, true
}

// add creates a record from valid properties.
func (s *Server) add(t *objectType, props map[string]string, source string) *record {
	now := s.cfg.Now()
	r := &record{id: s.newID(), t: t, props: map[string]string{}, history: map[string][]change{}, created: now}
	s.world.records[r.id] = r
	s.world.order = append(s.world.order, r)
	props = maps.Clone(props)
	if props == nil {
		props = map[string]string{}
	}
	props["hs_object_id"] = r.id
	created := "createdate"
	if t.engagement() {
		created = "hs_createdate"
	}
	props[created] = stamp(now)
	s.write(r, props, source)
	return r
}

// write sets valid properties and what follows from them, and lets the search
// know later.
func (s *Server) write(r *record, props map[string]string, source string) {
	now := s.cfg.Now()
	r.updated = now
	r.shown = r.shown && source != fromPage
	put := func(name, value, source string) {
		old, had := r.props[name]
		if had && old == value || !had && value == "" {
			return
		}
		r.suspect(name, source)
		r.props[name] = value
		r.history[name] = slices.Insert(r.history[name], 0, change{value, source, now})
	}
	for _, name := range slices.Sorted(maps.Keys(props)) {
		put(name, normal(r.t.property(name), props[name]), source)
	}
	for _, kind := range [][2]string{{"phone", "phone"}, {"mobile", "mobilephone"}} {
		if r.t.id != hubspot.Contacts {
			break
		}
		for name, value := range s.phoneProperties(kind[0], r.props[kind[1]]) {
			put(name, value, derived)
		}
	}
	if stage := r.props["dealstage"]; stage != "" {
		put("hs_is_closed", closedStage(r.t.id, stage), derived)
	}
	modified := "hs_lastmodifieddate"
	if r.t.id == hubspot.Contacts {
		modified = "lastmodifieddate"
	}
	r.props[modified] = stamp(now)
	s.remember(r)
	s.changed(r, now.Add(s.cfg.IndexDelay))
}

// changed tells the search's index what a record is like now.
func (s *Server) changed(r *record, visible time.Time) {
	s.revision++
	r.indexed(s.cfg.Now()) // Drops what nobody can see any more.
	r.snapshots = append(r.snapshots, snapshot{visible, maps.Clone(r.props), !r.archived.IsZero()})
}

// indexNow lets the search see a record at once.
func (s *Server) indexNow(r *record) {
	r.snapshots = nil
	s.changed(r, s.cfg.Now())
}

// bin moves a record to the recycle bin.
func (s *Server) bin(r *record) {
	if r.archived.IsZero() {
		r.archived = s.cfg.Now()
		r.dangling = false
		s.changed(r, r.archived.Add(s.cfg.IndexDelay))
	}
}

// find returns the live record with that id, or whose unique property has that
// value.
func (s *Server) find(t *objectType, id, idProperty string) *record {
	if idProperty == "" || idProperty == "hs_object_id" {
		if r := s.world.records[id]; r != nil && r.t == t && r.archived.IsZero() {
			return r
		}
		return nil
	}
	r := s.world.unique[holding{t.id, idProperty, strings.ToLower(id)}]
	if r == nil || !r.archived.IsZero() || !strings.EqualFold(r.props[idProperty], id) || s.world.records[r.id] != r {
		return nil
	}
	return r
}

// holding is a unique property's value.
type holding struct{ typeID, property, value string }

// remember lets find know what unique values a live record has. What it had
// before stays in the index: find looks again.
func (s *Server) remember(r *record) {
	if !r.archived.IsZero() {
		return
	}
	if s.world.unique == nil {
		s.world.unique = map[holding]*record{}
	}
	for _, p := range r.t.properties {
		if value := r.props[p.Name]; p.Unique && value != "" {
			s.world.unique[holding{r.t.id, p.Name, strings.ToLower(value)}] = r
		}
	}
}

// stamp is HubSpot's form of a time: no fraction if it is zero.
func stamp(t time.Time) string {
	t = t.UTC().Truncate(time.Millisecond)
	if t.Nanosecond() == 0 {
		return t.Format("2006-01-02T15:04:05Z")
	}
	return t.Format("2006-01-02T15:04:05.000Z")
}

// moment reads ms since 1970 or ISO 8601.
func moment(value string) (time.Time, bool) {
	if ms, err := strconv.ParseInt(value, 10, 64); err == nil {
		return time.UnixMilli(ms).UTC(), true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02"} {
		if t, err := time.Parse(layout, value); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// normal is how HubSpot keeps a valid value.
func normal(p *property, value string) string {
	if p == nil || value == "" {
		return value
	}
	switch {
	case p.Type == "datetime":
		if t, ok := moment(value); ok {
			return stamp(t)
		}
	case p.Name == "email":
		return strings.ToLower(strings.TrimSpace(value))
	}
	return value
}

// phoneProperties are what HubSpot derives from a contact's number. The
// searchable value has neither country code nor leading zeros; a number that
// cannot be parsed leaves its digits. The international forms are inferred.
func (s *Server) phoneProperties(kind, number string) map[string]string {
	search, shown := "hs_searchable_calculated_", "hs_calculated_"
	out := map[string]string{
		search + kind + "_number": "", search + "international_" + kind + "_number": "",
		shown + kind + "_number": "", shown + kind + "_number_country_code": "",
		shown + kind + "_number_area_code": "", shown + kind + "_number_region_code": "",
	}
	if number == "" {
		return out
	}
	n, err := phonenumbers.Parse(number, s.cfg.Region)
	if err != nil {
		out[search+kind+"_number"] = strings.TrimLeft(digits(number), "0")
		return out
	}
	national := phonenumbers.GetNationalSignificantNumber(n)
	international := phonenumbers.Format(n, phonenumbers.E164)
	out[search+kind+"_number"] = strings.TrimLeft(national, "0")
	out[search+"international_"+kind+"_number"] = digits(international)
	out[shown+kind+"_number"] = international
	out[shown+kind+"_number_country_code"] = phonenumbers.GetRegionCodeForNumber(n)
	if size := phonenumbers.GetLengthOfGeographicalAreaCode(n); size > 0 {
		out[shown+kind+"_number_area_code"] = national[:size]
	}
	return out
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// takesOwner says whether the values are owner ids.
func (p *property) takesOwner() bool { return p.Name == "hubspot_owner_id" }
