package lookup

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A DialPlan is one row of Webex' dial plans.
type DialPlan struct {
	Expression string // A regular expression that finds a match anywhere in the number.
	Prefix     string // Put before a number that does not match without it.
	Strip      string // Characters that are taken out first.
}

// ErrNotAllowed says that no dial plan lets a number through.
var ErrNotAllowed = errors.New("lookup: no dial plan allows the number")

// Dial returns the number as the first plan that allows it has it dialled.
// Each plan gets each of the forms in turn and treats it as Webex documents:
// take out its stripped characters, match; if that fails, put its prefix
// before it and match again. As in Cisco's own client the expression is not
// anchored unless it says so itself.
//
// It returns [ErrNotAllowed] when none matches, and another error when none
// matches but some expression is not one of Go's: the number may be allowed.
//
// https://portal.cjp.cisco.com/ccone-help-new/g_dial-plans.html
func Dial(plans []DialPlan, forms ...string) (string, error) {
	unreadable := error(nil)
	for _, form := range forms {
		for _, p := range plans {
			expression, err := regexp.Compile(p.Expression)
			if err != nil {
				unreadable = fmt.Errorf("lookup: dial plan: %w", err)
				continue
			}
			stripped := strings.Map(func(r rune) rune {
				if strings.ContainsRune(p.Strip, r) {
					return -1
				}
				return r
			}, form)
			for _, number := range []string{stripped, p.Prefix + stripped} {
				if stripped != "" && expression.MatchString(number) {
					return number, nil
				}
			}
		}
	}
	if unreadable != nil {
		return "", unreadable
	}
	return "", ErrNotAllowed
}
