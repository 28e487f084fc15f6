package ui

import (
	"strconv"

	"deskbridge/pkg/softphone"
)

// A field names an input of the panel.
type field string

// The inputs, by element id.
const (
	fieldDial    field = "dial"
	fieldANI     field = "ani"
	fieldStation field = "number"
	fieldTeam    field = "team"
	fieldNotes   field = "notes"
	fieldTitle   field = "title"
	fieldFirst   field = "first-name"
	fieldLast    field = "last-name"
	fieldReason  field = "reason"
	fieldLang    field = "language"
	fieldVolume  field = "volume"
	fieldPalette field = "palette"
	fieldFind    field = "find" // The search field of a sheet.

	fieldVariable field = "variable"
	fieldTask     field = "task-subject"
	fieldDue      field = "task-due"

	fieldMendNotes  field = "mend-notes"
	fieldMendReason field = "mend-reason"
	fieldMendTask   field = "mend-task"
	fieldMendDue    field = "mend-due"
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
		p.editDial(i.Text)
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
	case fieldLang:
		setLang{i.Text}.apply(p)
	case fieldVolume:
		if n, err := strconv.Atoi(i.Text); err == nil {
			setVolume{n}.apply(p)
		}
	case fieldPalette:
		l.Palette.Text, l.Palette.At = i.Text, 0
	case fieldTeam:
		l.Station.TeamID = i.Text
	case fieldNotes:
		p.editNotes(i.Text)
	case fieldTitle:
		p.editTitle(i.Text)
	case fieldFirst:
		l.Contact.First = i.Text
	case fieldLast:
		l.Contact.Last = i.Text
	case fieldReason:
		l.Reason = i.Text
	case fieldFind:
		p.editFind(i.Text)
	case fieldVariable:
		l.Variable.Text = i.Text
	case fieldTask:
		p.editFollowUp(func(f *softphone.FollowUp) { f.Subject = i.Text })
	case fieldDue:
		p.setDue(i.Text)
	case fieldMendNotes:
		p.editMend(func(m *Mend) { m.Notes = i.Text })
	case fieldMendReason:
		p.editMend(func(m *Mend) { m.CodeID = i.Text })
	case fieldMendTask:
		p.editMendTask(func(f *softphone.FollowUp) { f.Subject = i.Text })
	case fieldMendDue:
		p.setMendDue(i.Text)
	}
}

// fieldKey is a key in one of the inputs that understand more than text.
func fieldKey(v softphone.View, l Local, k Key) Intent {
	switch field(k.Target) {
	case fieldDial:
		return dialKey(v, l, k)
	case fieldReason:
		return reasonKey(v, l, k)
	case fieldVariable:
		if k.Key == "Enter" && v.Call != nil {
			return saveVariable{v.Call.Key}
		}
	}
	return nil
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
