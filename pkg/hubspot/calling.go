package hubspot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// A Developer manages the calling extension of an app. HubSpot's own pages
// contradict each other about the authentication: a developer API key in the
// query, or an OAuth token with developers-read and developers-write. The key
// is used if both are set.
//
// https://developers.hubspot.com/docs/api-reference/crm-calling-extensions-v3/guide
type Developer struct {
	BaseURL string // Defaults to [DefaultBaseURL].
	Version string // Defaults to [Version].
	AppID   string // Required.

	APIKey string // The developer account's hapikey.
	Token  func(ctx context.Context) (string, error)

	HTTP   *http.Client // Defaults to one that gives up after 30 s.
	Logger *slog.Logger // Defaults to silence.
}

// CallingSettings describe the calling app to HubSpot.
type CallingSettings struct {
	Name                   string `json:"name"` // In the "call from" list.
	URL                    string `json:"url"`  // Of the iframe. It must not redirect to another origin.
	Width                  int    `json:"width"`
	Height                 int    `json:"height"`
	IsReady                bool   `json:"isReady"` // Users see it.
	SupportsCustomObjects  bool   `json:"supportsCustomObjects"`
	SupportsInboundCalling bool   `json:"supportsInboundCalling"`
	UsesCallingWindow      bool   `json:"usesCallingWindow"`
	UsesRemote             bool   `json:"usesRemote"`

	CreatedAt time.Time `json:"createdAt,omitzero"` // Read only.
	UpdatedAt time.Time `json:"updatedAt,omitzero"` // Read only.
}

// A CallingChange changes the settings that are not nil.
type CallingChange struct {
	Name                   *string `json:"name,omitempty"`
	URL                    *string `json:"url,omitempty"`
	Width                  *int    `json:"width,omitempty"`
	Height                 *int    `json:"height,omitempty"`
	IsReady                *bool   `json:"isReady,omitempty"`
	SupportsCustomObjects  *bool   `json:"supportsCustomObjects,omitempty"`
	SupportsInboundCalling *bool   `json:"supportsInboundCalling,omitempty"`
	UsesCallingWindow      *bool   `json:"usesCallingWindow,omitempty"`
	UsesRemote             *bool   `json:"usesRemote,omitempty"`
}

// Settings reads the settings; a 404 means that there are none yet.
func (d *Developer) Settings(ctx context.Context) (CallingSettings, error) {
	var s CallingSettings
	return s, d.do(ctx, "calling settings", http.MethodGet, "settings", nil, &s)
}

// CreateSettings creates the settings. Where some exist HubSpot refuses.
func (d *Developer) CreateSettings(ctx context.Context, s CallingSettings) (CallingSettings, error) {
	var made CallingSettings
	return made, d.do(ctx, "create calling settings", http.MethodPost, "settings", s, &made)
}

// ChangeSettings changes some of the settings; a 404 means that there are none.
func (d *Developer) ChangeSettings(ctx context.Context, c CallingChange) (CallingSettings, error) {
	var s CallingSettings
	return s, d.do(ctx, "change calling settings", http.MethodPatch, "settings", c, &s)
}

// DeleteSettings takes the calling app away from every account that has it.
func (d *Developer) DeleteSettings(ctx context.Context) error {
	return d.do(ctx, "delete calling settings", http.MethodDelete, "settings", nil, nil)
}

// EnsureSettings makes the settings be want, creating them or changing what
// differs, and says whether it had to. It may be repeated.
func (d *Developer) EnsureSettings(ctx context.Context, want CallingSettings) (changed bool, err error) {
	have, err := d.Settings(ctx)
	var refused *Error
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		_, err = d.CreateSettings(ctx, want)
		return err == nil, err
	}
	if err != nil {
		return false, err
	}
	change, differs := difference(have, want)
	if !differs {
		return false, nil
	}
	_, err = d.ChangeSettings(ctx, change)
	return err == nil, err
}

func difference(have, want CallingSettings) (CallingChange, bool) {
	c := CallingChange{
		Name: differing(have.Name, want.Name), URL: differing(have.URL, want.URL),
		Width: differing(have.Width, want.Width), Height: differing(have.Height, want.Height),
		IsReady:                differing(have.IsReady, want.IsReady),
		SupportsCustomObjects:  differing(have.SupportsCustomObjects, want.SupportsCustomObjects),
		SupportsInboundCalling: differing(have.SupportsInboundCalling, want.SupportsInboundCalling),
		UsesCallingWindow:      differing(have.UsesCallingWindow, want.UsesCallingWindow),
		UsesRemote:             differing(have.UsesRemote, want.UsesRemote),
	}
	return c, c != CallingChange{}
}

func differing[T comparable](have, want T) *T {
	if have == want {
		return nil
	}
	return &want
}

type recording struct {
	URL string `json:"urlToRetrieveAuthedRecording"`
}

// RecordingURL reads where HubSpot asks for recordings; a 404 means nowhere.
func (d *Developer) RecordingURL(ctx context.Context) (string, error) {
	var r recording
	return r.URL, d.do(ctx, "recording settings", http.MethodGet, "settings/recording", nil, &r)
}

// SetRecordingURL says where HubSpot asks for recordings: an https URL with
// "%s" in the place of the call's hs_call_external_id. It may be repeated.
func (d *Developer) SetRecordingURL(ctx context.Context, address string) error {
	err := d.do(ctx, "change recording settings", http.MethodPatch, "settings/recording", recording{address}, nil)
	var refused *Error
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		err = d.do(ctx, "create recording settings", http.MethodPost, "settings/recording", recording{address}, nil)
	}
	return err
}

func (d *Developer) do(ctx context.Context, op, method, path string, body, out any) error {
	return d.send(ctx, op, method, "/crm/extensions/calling/"+join([]string{orVersion(d.Version), d.AppID})+"/"+path, body, out)
}

// send asks with whichever authentication there is. Path is escaped and below
// the base URL.
func (d *Developer) send(ctx context.Context, op, method, path string, body, out any) error {
	k := call{op: op, method: method, path: path, body: body}
	authorization := ""
	switch {
	case d.AppID == "":
		return fmt.Errorf("hubspot: %s: the app id is missing", op)
	case d.APIKey != "":
		k.query = url.Values{"hapikey": {d.APIKey}}
	case d.Token != nil:
		token, err := d.Token(ctx)
		if err != nil {
			return fmt.Errorf("hubspot: %s: token: %w", op, err)
		}
		authorization = "Bearer " + token
	default:
		return fmt.Errorf("hubspot: %s: neither API key nor token", op)
	}
	return transport{d.BaseURL, d.HTTP, d.Logger}.send(ctx, k, authorization, out)
}
