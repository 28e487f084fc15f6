package stories

import (
	"fmt"
	"time"

	"deskbridge/pkg/softphone"
)

// busy is the state in which input to paint is measured: Maria's call with
// everything allowed, nine further interactions, 150 colleagues and a long
// history.
func busy() []Story {
	v := Talking(noted, func(c *softphone.CallView) {
		c.Option = softphone.Browser
		c.CanMute, c.CanKeypad, c.CanConsult, c.CanTransfer = ok(), ok(), ok(), ok()
	})
	kinds := []softphone.Channel{softphone.Chat, softphone.Email, softphone.Social}
	for n := range 9 {
		c := call(softphone.Talking)
		c.Key, c.Channel = softphone.CallKey(fmt.Sprintf("i%d:ann:1", n+2)), kinds[n%len(kinds)]
		c.Name, c.AnsweredAt = fmt.Sprintf("Customer %d", n+2), ago(time.Duration(n+1)*time.Minute)
		v.Calls = append(v.Calls, c)
	}
	for n := range 150 {
		state := []string{"Available", "Idle", "Lunch"}[n%3]
		v.Buddies = append(v.Buddies, softphone.Buddy{
			ID: fmt.Sprintf("agent-%d", n), Name: fmt.Sprintf("Agent %03d Meyer", n), Team: "t1", State: state, Available: state == "Available",
		})
	}
	v.BuddiesAt = ago(time.Second)
	for n := range 8 {
		for _, r := range records() {
			r.Key = softphone.CallKey(fmt.Sprintf("%s.%d", r.Key, n))
			r.StartedAt, r.EndedAt = r.StartedAt.AddDate(0, 0, -n), r.EndedAt.AddDate(0, 0, -n)
			v.History = append(v.History, r)
		}
	}
	return []Story{{Name: "busy", Note: "Ten interactions at once: what `make bench` presses in.", View: v, Local: saved()}}
}
