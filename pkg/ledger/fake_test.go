package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"deskbridge/pkg/ledger"
)

// crm is a portal that fails as it is told to. Its calls are found by a search
// only after Lag.
type crm struct {
	unique bool // May hold unique properties.
	closed bool // Properties can neither be read nor added.
	missed bool // The status has an option for missed calls.
	lag    time.Duration

	// fault is asked before an operation takes effect and after it.
	fault func(op string, after bool) error

	mu      sync.Mutex
	next    int64
	calls   map[string]*call
	asked   map[string]int
	extra   []ledger.Property
	owners  map[string]string
	applied int // Writes that took effect.
}

type call struct {
	ledger.Call
	Archived bool
	Links    map[string]bool
	Made     time.Time
}

func newCRM() *crm {
	return &crm{
		next: 17591596434, calls: map[string]*call{}, asked: map[string]int{},
		owners: map[string]string{"ann@example.com": "4242"},
	}
}

// do runs an operation between its two chances to fail.
func (c *crm) do(op string, effect func() error) error {
	c.mu.Lock()
	c.asked[op]++
	fault := c.fault
	c.mu.Unlock()
	if fault != nil {
		if err := fault(op, false); err != nil {
			return err
		}
	}
	c.mu.Lock()
	err := effect()
	c.mu.Unlock()
	if err == nil && fault != nil {
		return fault(op, true)
	}
	return err
}

func (c *crm) Properties(context.Context) (out []ledger.Property, err error) {
	err = c.do("properties", func() error {
		if c.closed {
			return &ledger.Refusal{Status: 403, Message: "no"}
		}
		status := ledger.Property{Name: "hs_call_status", Options: []string{"BUSY", "CANCELED", "COMPLETED", "FAILED", "NO_ANSWER"}}
		if c.missed {
			status.Options = append(status.Options, "missed")
		}
		out = append([]ledger.Property{status, {Name: "hs_call_callee_object_type"}}, c.extra...)
		return nil
	})
	return out, err
}

func (c *crm) AddProperty(_ context.Context, p ledger.Property) error {
	return c.do("add-property", func() error {
		if p.Unique && !c.unique {
			return &ledger.Refusal{Status: 400, Message: "no unique properties here"}
		}
		c.extra = append(c.extra, p)
		return nil
	})
}

func (c *crm) Call(_ context.Context, id string, _ []string) (out ledger.Call, err error) {
	err = c.do("call", func() error {
		found, ok := c.calls[id]
		if !ok || found.Archived {
			return &ledger.Refusal{Status: 404, Message: "no such call"}
		}
		out = ledger.Call{ID: id, Properties: maps.Clone(found.Properties), Changes: maps.Clone(found.Changes)}
		return nil
	})
	return out, err
}

func (c *crm) Find(_ context.Context, q ledger.Query) (out []ledger.Call, err error) {
	err = c.do("find", func() error {
		for _, id := range slices.Sorted(maps.Keys(c.calls)) {
			found := c.calls[id]
			hit := !found.Archived && time.Since(found.Made) >= c.lag
			for name, value := range q.Equal {
				hit = hit && found.Properties[name] == value
			}
			for name, word := range q.Word {
				hit = hit && slices.Contains(strings.FieldsFunc(found.Properties[name], func(r rune) bool { return strings.ContainsRune(" <>", r) }), word)
			}
			if at, err := strconv.ParseInt(found.Properties["hs_timestamp"], 10, 64); !q.From.IsZero() {
				hit = hit && err == nil && at >= q.From.UnixMilli() && at <= q.To.UnixMilli()
			}
			if hit {
				out = append(out, ledger.Call{ID: id, Properties: maps.Clone(found.Properties)})
			}
		}
		return nil
	})
	return out, err
}

func (c *crm) Ghosts(_ context.Context, appID string, before time.Time, limit int) (out []ledger.Call, err error) {
	err = c.do("ghosts", func() error {
		for _, id := range slices.Sorted(maps.Keys(c.calls)) {
			found := c.calls[id]
			p := found.Properties
			ms, _ := strconv.ParseInt(p["hs_timestamp"], 10, 64)
			at := time.UnixMilli(ms)
			live := p["hs_call_status"] == "" || slices.Contains(ledger.LiveStatuses, p["hs_call_status"])
			if found.Archived || !live || p["hs_call_app_id"] != appID || !at.Before(before) || len(out) == limit {
				continue
			}
			out = append(out, ledger.Call{ID: id, Properties: maps.Clone(p), At: at})
		}
		return nil
	})
	return out, err
}

func (c *crm) Create(_ context.Context, properties map[string]string) (id string, err error) {
	err = c.do("create", func() error {
		id = c.make(properties, "INTEGRATION")
		c.applied++
		return nil
	})
	return id, err
}

func (c *crm) Upsert(_ context.Context, unique string, properties map[string]string) (id string, err error) {
	err = c.do("upsert", func() error {
		c.applied++
		for _, found := range c.calls {
			if !found.Archived && found.Properties[unique] == properties[unique] {
				id = found.ID
				c.set(found, properties, "INTEGRATION")
				return nil
			}
		}
		id = c.make(properties, "INTEGRATION")
		return nil
	})
	return id, err
}

func (c *crm) Update(_ context.Context, id string, properties map[string]string) error {
	return c.do("update", func() error {
		found, ok := c.calls[id]
		if !ok || found.Archived {
			return &ledger.Refusal{Status: 404, Message: "no such call"}
		}
		c.applied++
		c.set(found, properties, "INTEGRATION")
		return nil
	})
}

func (c *crm) Archive(_ context.Context, id string) error {
	return c.do("archive", func() error {
		if found, ok := c.calls[id]; ok {
			found.Archived = true
		}
		return nil
	})
}

// relink is a person making or removing an association.
func (c *crm) relink(id, ref string, there bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if delete(c.calls[id].Links, ref); there {
		c.calls[id].Links[ref] = true
	}
}

func (c *crm) Link(_ context.Context, id, typeID, objectID string) error {
	op := "link"
	if typeID != "0-1" {
		op = "link " + typeID
	}
	return c.do(op, func() error {
		c.calls[id].Links[typeID+"/"+objectID] = true
		return nil
	})
}

func (c *crm) Unlink(_ context.Context, id, typeID, objectID string) error {
	return c.do("unlink", func() error {
		delete(c.calls[id].Links, typeID+"/"+objectID)
		return nil
	})
}

func (c *crm) Links(_ context.Context, id, typeID string) (ids []string, err error) {
	err = c.do("links", func() error {
		for ref := range c.calls[id].Links {
			if to, ok := strings.CutPrefix(ref, typeID+"/"); ok {
				ids = append(ids, to)
			}
		}
		return nil
	})
	return ids, err
}

func (c *crm) Owner(_ context.Context, email string) (id string, err error) {
	err = c.do("owner", func() error { id = c.owners[email]; return nil })
	return id, err
}

func (c *crm) make(properties map[string]string, source string) string {
	c.next++
	made := &call{Links: map[string]bool{}, Made: time.Now()}
	made.ID = strconv.FormatInt(c.next, 10)
	made.Properties, made.Changes = map[string]string{}, map[string]ledger.Change{}
	c.set(made, properties, source)
	c.calls[made.ID] = made
	return made.ID
}

func (c *crm) set(to *call, properties map[string]string, source string) {
	for name, value := range properties {
		to.Properties[name] = value
		to.Changes[name] = ledger.Change{Source: source, At: time.Now()}
	}
}

// hostMakes is HubSpot's page creating an engagement by itself.
func (c *crm) hostMakes(properties map[string]string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.make(properties, "CALLING")
}

// edit is a person changing a call in HubSpot.
func (c *crm) edit(id, name, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(c.calls[id], map[string]string{name: value}, "CRM_UI")
}

func (c *crm) fail(fault func(op string, after bool) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault = fault
}

// live are the calls that are not archived.
func (c *crm) live() []call {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []call
	for _, id := range slices.Sorted(maps.Keys(c.calls)) {
		if found := c.calls[id]; !found.Archived {
			snapshot := *found
			snapshot.Properties, snapshot.Links = maps.Clone(found.Properties), maps.Clone(found.Links)
			out = append(out, snapshot)
		}
	}
	return out
}

func (c *crm) count(op string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked[op]
}

// once lets the first matching chance fail.
func once(op string, after bool, err error) func(string, bool) error {
	var mu sync.Mutex
	done := false
	return func(gotOp string, gotAfter bool) error {
		mu.Lock()
		defer mu.Unlock()
		if done || gotOp != op || gotAfter != after {
			return nil
		}
		done = true
		return err
	}
}

var errReset = errors.New("connection reset by peer")

func refusal(status int) error {
	return &ledger.Refusal{Status: status, Message: fmt.Sprint("refused with ", status), RetryAfter: time.Millisecond}
}
