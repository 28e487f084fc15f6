package ui

// A field names an input of the panel.
type field string

// The inputs, by element id.
const (
	fieldDial    field = "dial"
	fieldANI     field = "ani"
	fieldStation field = "number"
	fieldTeam    field = "team"
	fieldNotes   field = "notes"
	fieldFirst   field = "first-name"
	fieldLast    field = "last-name"
	fieldReason  field = "reason"
)

// typed is a person changing an input.
type typed struct {
	Field field
	Text  string
}

func (i typed) apply(p *Panel) {
	l := &p.local
	switch i.Field {
	case fieldDial:
		number, letters := dialable(i.Text)
		p.setNumber(number)
		l.NumberBad = letters
		if number != i.Text {
			p.put(fieldDial, number)
		}
	case fieldANI:
		l.ANI = i.Text
	case fieldStation:
		number, _ := dialable(i.Text)
		if number != i.Text && allDigits(trimPlus(number)) && len(number) > 3 && len(i.Text) > len(number)+1 {
			p.put(fieldStation, number) // A pasted number loses its format.
		} else {
			number = i.Text
		}
		f := stationForm(p.view.Profile, p.local)
		f.Number, f.Touched = number, true
		l.Station = f
	case fieldTeam:
		l.Station.TeamID = i.Text
	case fieldNotes:
		p.editNotes(i.Text)
	case fieldFirst:
		l.Contact.First = i.Text
	case fieldLast:
		l.Contact.Last = i.Text
	case fieldReason:
		p.chooseReason(i.Text)
	}
}

func trimPlus(s string) string {
	if s != "" && s[0] == '+' {
		return s[1:]
	}
	return s
}

// put writes a value into an input after the next drawing: an attribute would
// not change what a person typed.
func (p *Panel) put(f field, value string) {
	if p.force == nil {
		p.force = map[string]string{}
	}
	p.force[string(f)] = value
}
