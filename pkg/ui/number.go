package ui

import "deskbridge/pkg/softphone"

// of makes the environment obey the view: whether customers' numbers are hidden
// but for their last two digits (the profile's maskSensitiveData), and which
// settings are the administrator's.
func (e Env) of(v softphone.View) Env {
	e.mask = v.Profile != nil && v.Profile.MaskSensitive
	e.Local.Prefs = e.Local.Prefs.under(v.Settings)
	return e
}

// phone is somebody's number for reading.
func (e Env) phone(number string) string {
	if e.mask && number != "" {
		return masked(number)
	}
	return Phone(number)
}

// exact is the number as it is dialled, for tooltips.
func (e Env) exact(number string) string {
	if e.mask && number != "" {
		return masked(number)
	}
	return number
}

// callNumber is the number of a call's other side, as the tenant's region
// writes it where the server said so.
func callNumber(c softphone.CallView, e Env) string {
	if c.Display != "" && !e.mask {
		return c.Display
	}
	return e.phone(c.Number)
}

// name hides what is called a name and is a number: Webex has no better one
// for many callers.
func (e Env) name(name string) string {
	if digits := trimPlus(name); len(digits) >= 4 && allDigits(digits) {
		return e.phone(name)
	}
	return name
}
