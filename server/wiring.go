package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"deskbridge/pkg/tenant"
	"deskbridge/pkg/tokens"
)

// openDeps opens everything that the handlers work with, and returns how to
// close it. It fills in cfg's key where a server on this machine has none.
func openDeps(ctx context.Context, cfg *Config, log *slog.Logger) (deps, func(), error) {
	if cfg.Key == nil {
		key, err := loadKey(cfg.DataDir)
		if err != nil {
			return deps{}, nil, err
		}
		cfg.Key = key
	}
	db, err := openDatabase(ctx, *cfg)
	if err != nil {
		return deps{}, nil, err
	}
	d := deps{Log: log, Now: time.Now, HTTP: &http.Client{Timeout: 15 * time.Second},
		Ledger: standIn{}, Lookup: standIn{}, Contacts: standIn{}, Webex: standIn{}}
	if err := d.open(ctx, *cfg, db); err != nil {
		_ = db.Close()
		return deps{}, nil, err
	}
	return d, func() { _ = db.Close() }, nil
}

// open fills in everything that lives in db.
func (d *deps) open(ctx context.Context, cfg Config, db *sql.DB) error {
	var err error
	if d.SignIns, err = openSignIns(ctx, db, d.Now); err != nil {
		return err
	}
	if d.Tenants, err = tenant.Open(ctx, db); err != nil {
		return err
	}
	portal := tenant.Portal{ID: cfg.Portal, Settings: cfg.Settings}
	if err := d.Tenants.Link(ctx, cfg.OrgID, portal); err != nil {
		return err
	}
	d.Tokens, err = tokens.Open(ctx, tokens.Config{
		DB:      db,
		Keys:    sealingKeys(cfg),
		Refresh: refreshWebex(cfg, d.HTTP),
		Now:     d.Now,
		Logger:  d.Log,
	})
	return err
}

// sealingKeys names each key by a part of its hash, so that stored tokens tell
// which one they were sealed with.
func sealingKeys(cfg Config) []tokens.Key {
	keys := make([]tokens.Key, 0, 1+len(cfg.OldKeys))
	for _, k := range append([][]byte{cfg.Key}, cfg.OldKeys...) {
		sum := sha256.Sum256(k)
		keys = append(keys, tokens.Key{ID: hex.EncodeToString(sum[:4]), Secret: k})
	}
	return keys
}

// refreshWebex gets a new access token at Webex' identity service.
func refreshWebex(cfg Config, client *http.Client) func(context.Context, string, string) (*oauth2.Token, error) {
	return func(ctx context.Context, _, refreshToken string) (*oauth2.Token, error) {
		ctx = context.WithValue(ctx, oauth2.HTTPClient, client)
		return cfg.oauthConfig(cfg.PublicURL).TokenSource(ctx, &oauth2.Token{RefreshToken: refreshToken}).Token()
	}
}
