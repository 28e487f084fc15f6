package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/ledger"
)

// callProperties are what Deskbridge adds to a portal's calls: what the ledger
// writes, as HubSpot wants it defined.
var callProperties = propertiesToAdd(ledger.CallProperties)

func propertiesToAdd(written []ledger.Property) []hubspot.Property {
	fields := map[string]string{"string": "text", "number": "number"}
	out := make([]hubspot.Property, len(written))
	for i, p := range written {
		out[i] = hubspot.Property{Name: p.Name, Label: p.Label, Type: p.Type, FieldType: fields[p.Type], Unique: p.Unique}
	}
	return out
}

// ticketProperties are likewise what it adds to tickets.
var ticketProperties = propertiesToAdd(ledger.TicketProperties)

// subscriptions are what HubSpot is asked to tell of.
var subscriptions = []hubspot.Subscription{
	{Type: hubspot.ContactPrivacyDeletion}, {Type: hubspot.ContactMerge}, {Type: hubspot.ContactDeletion},
	{Type: hubspot.ContactAssociationChange}, {Type: hubspot.CompanyMerge},
	{Type: hubspot.ContactPropertyChange, Property: "phone"}, {Type: hubspot.ContactPropertyChange, Property: "mobilephone"},
	{Type: hubspot.ContactPropertyChange, Property: "firstname"}, {Type: hubspot.ContactPropertyChange, Property: "lastname"},
}

// addProperties adds to a portal's calls and tickets what is missing of
// callProperties and ticketProperties and returns the names; with dry it only
// says which those are. A unique property that the portal does not take is left
// out: the ledger then searches. So are those of tickets where tickets are not
// ours to see.
func addProperties(ctx context.Context, crm *hubspot.Client, dry bool) (added []string, err error) {
	if added, err = addTo(ctx, crm, hubspot.Calls, "hs_call_title", callProperties, dry); err != nil {
		return added, err
	}
	ofTickets, err := addTo(ctx, crm, hubspot.Tickets, "subject", ticketProperties, dry)
	if hubspot.IsStatus(err, http.StatusForbidden) {
		err = nil
	}
	for _, name := range ofTickets {
		added = append(added, "tickets:"+name)
	}
	return added, err
}

// addTo adds properties to an object type, in the group of one that it has.
func addTo(ctx context.Context, crm *hubspot.Client, objectType, like string, want []hubspot.Property, dry bool) (added []string, err error) {
	have, err := crm.Properties(ctx, objectType)
	if err != nil {
		return nil, err
	}
	group := ""
	names := make([]string, 0, len(have))
	for _, p := range have {
		names = append(names, p.Name)
		if p.Name == like {
			group = p.Group
		}
	}
	for _, p := range want {
		if slices.Contains(names, p.Name) {
			continue
		}
		p.Group = group
		if !dry {
			_, err := crm.CreateProperty(ctx, objectType, p)
			switch {
			case hubspot.IsStatus(err, http.StatusConflict):
				continue // Another replica, or the ledger, was faster.
			case hubspot.IsStatus(err, http.StatusBadRequest) && p.Unique:
				continue
			case err != nil:
				return added, err
			}
		}
		added = append(added, p.Name)
	}
	return added, nil
}

// runHubSpot is `server hubspot …`.
func runHubSpot(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	name := ""
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "register":
		return runRegister(ctx, args, getenv, stdout)
	case "project":
		return runProject(args, getenv, stdout)
	}
	return fmt.Errorf("unknown command %q: hubspot register or hubspot project DIR", "hubspot "+name)
}

// registration brings HubSpot's idea of the app up to date.
type registration struct {
	cfg Config
	dev *hubspot.Developer
	dry bool
	out io.Writer
}

func runRegister(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	flags := flag.NewFlagSet("hubspot register", flag.ContinueOnError)
	flags.SetOutput(stdout)
	dry := flags.Bool("dry-run", false, "only say what would change")
	desktop := flags.Bool("desktop", false, "show the Agent Desktop, with the widget in it, in the place of the panel")
	testing := flags.Bool("not-ready", false, "keep the app invisible to users")
	custom := flags.Bool("custom-objects", false, "offer the app on custom objects, too; installing it may then ask for another permission")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	cfg, err := readConfig(getenv, Config{})
	if err != nil {
		return err
	}
	dev, err := cfg.developer()
	if err != nil {
		return err
	}
	want := cfg.callingSettings()
	if *desktop {
		if cfg.DesktopURL == "" {
			return errors.New("WEBEX_DESKTOP_URL: missing: the address of the Agent Desktop, or WEBEX_DATACENTER")
		}
		want = cfg.desktopSettings()
	}
	want.IsReady, want.SupportsCustomObjects = !*testing, *custom
	d, closeTools, err := openTools(ctx, &cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer closeTools()
	r := registration{cfg: cfg, dev: dev, dry: *dry, out: stdout}
	err = r.settings(ctx, want)
	if err == nil {
		err = r.addresses(ctx)
	}
	if err == nil {
		err = r.webhooks(ctx)
	}
	if err != nil {
		return err
	}
	return r.properties(ctx, d)
}

// developer is the HubSpot developer account that owns the app.
func (c Config) developer() (*hubspot.Developer, error) {
	var missing []string
	if c.HubSpotAppID == "" {
		missing = append(missing, "HUBSPOT_APP_ID (the app's number in the developer account)")
	}
	if c.Install.DeveloperKey == "" && c.Install.DeveloperToken == "" {
		missing = append(missing, "HUBSPOT_DEVELOPER_KEY (Development > Keys in the developer account)")
	}
	if c.PublicURL == "" {
		missing = append(missing, "DESKBRIDGE_PUBLIC_URL")
	}
	if missing != nil {
		return nil, errors.New("missing: " + strings.Join(missing, ", "))
	}
	dev := &hubspot.Developer{BaseURL: c.HubSpotAPI, AppID: c.HubSpotAppID, APIKey: c.Install.DeveloperKey}
	if c.Install.DeveloperKey == "" {
		dev.Token = func(context.Context) (string, error) { return c.Install.DeveloperToken, nil }
	}
	return dev, nil
}

// callingSettings are how HubSpot is to show the app; override.go says the same
// to one browser.
func (c Config) callingSettings() hubspot.CallingSettings {
	return hubspot.CallingSettings{
		Name: "Deskbridge", URL: c.PublicURL + "/widget", Width: cmp.Or(c.Settings.PanelWidth, 400), Height: 600, IsReady: true,
		SupportsInboundCalling: true, UsesRemote: true,
	}
}

// desktopSettings are the same for the Agent Desktop in HubSpot.
func (c Config) desktopSettings() hubspot.CallingSettings {
	s := c.callingSettings()
	s.URL, s.Width, s.Height = c.PublicURL+deskPath+"/hubspot", max(c.Settings.PanelWidth, deskWidth), deskHeight
	return s
}

// The least that the Agent Desktop is shown with in HubSpot, px. It works at
// 500 and more.
const deskWidth, deskHeight = 560, 700

// say prints one line: what it is about and what became of it.
func (r registration) say(what, did string) { fmt.Fprintf(r.out, "%-22s %s\n", what, did) }

// done is how a change is called.
func (r registration) done(did string) string {
	if r.dry {
		return "would be " + did
	}
	return did
}

func (r registration) settings(ctx context.Context, want hubspot.CallingSettings) error {
	have, err := r.dev.Settings(ctx)
	fresh := hubspot.IsStatus(err, http.StatusNotFound)
	if err != nil && !fresh {
		return err
	}
	differing := differences(have, want)
	did := "as it should be"
	switch {
	case fresh:
		did = r.done("created")
	case len(differing) > 0:
		did = r.done("changed: " + strings.Join(differing, " "))
	}
	if !r.dry {
		if _, err := r.dev.EnsureSettings(ctx, want); err != nil {
			return err
		}
	}
	r.say("calling settings", did)
	return nil
}

// differences names the fields in which two settings differ, as HubSpot spells
// them.
func differences(have, want hubspot.CallingSettings) []string {
	have.CreatedAt, have.UpdatedAt = want.CreatedAt, want.UpdatedAt
	fields := func(s hubspot.CallingSettings) (m map[string]any) {
		b, err := json.Marshal(s)
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		if err != nil {
			panic(err) // Strings, numbers and booleans always encode.
		}
		return m
	}
	a, b := fields(have), fields(want)
	var names []string
	for name, value := range b {
		if !reflect.DeepEqual(a[name], value) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// addresses registers where recordings and the help desk's numbers are asked
// for, where the configuration names such an address.
func (r registration) addresses(ctx context.Context) error {
	if want := r.cfg.Install.RecordingURL; want != "" {
		have, err := r.dev.RecordingURL(ctx)
		if err != nil && !hubspot.IsStatus(err, http.StatusNotFound) {
			return err
		}
		if have != want && !r.dry {
			if err := r.dev.SetRecordingURL(ctx, want); err != nil {
				return err
			}
		}
		r.say("recording address", r.changed(have == want))
	}
	if want := r.cfg.Install.ChannelURL; want != "" {
		have, err := r.dev.Channel(ctx)
		if err != nil && !hubspot.IsStatus(err, http.StatusNotFound) {
			return err
		}
		same := have == hubspot.Channel{URL: want, Ready: true}
		if !same && !r.dry {
			if err := r.dev.SetChannel(ctx, hubspot.Channel{URL: want, Ready: true}); err != nil {
				return err
			}
		}
		r.say("channel connection", r.changed(same))
	}
	return nil
}

func (r registration) changed(same bool) string {
	if same {
		return "as it should be"
	}
	return r.done("set")
}

func (r registration) webhooks(ctx context.Context) error {
	want := hubspot.WebhookSettings{TargetURL: r.cfg.PublicURL + webhookPath, Throttling: hubspot.Throttling{MaxConcurrentRequests: 10}}
	have, err := r.dev.Webhooks(ctx)
	if err != nil && !hubspot.IsStatus(err, http.StatusNotFound) {
		return err
	}
	if have != want && !r.dry {
		if err := r.dev.SetWebhooks(ctx, want); err != nil {
			return err
		}
	}
	r.say("webhooks", r.changed(have == want))
	exist, err := r.dev.Subscriptions(ctx)
	if err != nil && !hubspot.IsStatus(err, http.StatusNotFound) {
		return err
	}
	var added []string
	for _, s := range subscriptions {
		i := slices.IndexFunc(exist, func(o hubspot.Subscription) bool { return o.Type == s.Type && o.Property == s.Property })
		if i >= 0 && exist[i].Active {
			continue
		}
		if !r.dry {
			s.Active = true
			if i >= 0 {
				err = r.dev.Activate(ctx, exist[i].ID)
			} else {
				err = r.dev.Subscribe(ctx, s)
			}
			if err != nil {
				return err
			}
		}
		added = append(added, strings.TrimSuffix(s.Type+":"+s.Property, ":"))
	}
	r.say("subscriptions", cmp.Or(r.list("added", added), "as they should be"))
	return nil
}

// list is what was done to a list; nothing for an empty one.
func (r registration) list(did string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return r.done(did + ": " + strings.Join(names, " "))
}

// properties adds them in every portal that can be reached.
func (r registration) properties(ctx context.Context, d deps) error {
	reachable, err := d.reachable(ctx, r.cfg)
	if err != nil {
		return err
	}
	if len(reachable) == 0 {
		r.say("properties", "no portal is linked yet: linking one adds them")
	}
	var errs []error
	for _, id := range reachable {
		added, err := addProperties(ctx, d.Accounts.client(id), r.dry)
		if err != nil {
			r.say("properties in "+id, "not added")
			errs = append(errs, fmt.Errorf("portal %s: %w", id, err))
			continue
		}
		r.say("properties in "+id, cmp.Or(r.list("added", added), "as they should be"))
	}
	return errors.Join(errs...)
}
