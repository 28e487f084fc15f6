package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/ledger"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/tokens"
)

// closeFor is how long jobs at HubSpot may take to end when the server does.
const closeFor = 20 * time.Second

// openDeps opens everything that the handlers work with and starts writing to
// HubSpot; the returned function ends that and closes the database. It fills in
// cfg's key where a server on this machine has none.
func openDeps(ctx context.Context, cfg *Config, log *slog.Logger) (deps, func(), error) {
	if cfg.Key == nil {
		key, err := loadKey(cfg.DataDir)
		if err != nil {
			return deps{}, nil, err
		}
		cfg.Key = key
	}
	d := deps{Log: log, Now: time.Now, layouts: &notices{}, HTTP: &http.Client{Timeout: 15 * time.Second}}
	measured, err := newMetrics(cfg.Version, cfg.MetricsAddr != "")
	if err != nil {
		return deps{}, nil, err
	}
	d.Metrics = measured
	accounts := newPortals(*cfg, &d)
	books, err := ledger.Open(ctx, ledger.Config{
		DatabaseURL: cfg.database(),
		Portal:      accounts.portal,
		Settings:    accounts.settings,
		Places:      accounts.places,
		Observe:     d.Metrics.attempted,
		Logger:      log,

		FinalizeAfter:  cfg.Finalize,
		IndexWait:      cfg.IndexWait,
		EngagementWait: cfg.EngagementWait,
	})
	if err != nil {
		return deps{}, nil, err
	}
	closeBooks := func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeFor)
		defer cancel()
		if err := books.Close(closing); err != nil {
			log.Error("ledger not closed", "error", err)
		}
	}
	// Replicas that start together may get into each other's way while they
	// make the tables; every step may be repeated.
	for range 3 {
		if err = d.open(ctx, *cfg, books.DB()); err == nil || ctx.Err() != nil {
			break
		}
	}
	if err == nil {
		err = accounts.seed(ctx)
	}
	if err == nil {
		d.Ledger, d.Lookup, d.Contacts, d.People = recordBook{books, d.Now}, accounts, accounts, accounts
		source := webexSource{cfg: *cfg, deps: d}
		d.Webex, d.Lists = source, source
		d.caches = newCaches(source, d.Now)
		d.Accounts, d.Books, d.Cards, d.History = accounts, books, accounts, books
		d.Ready = &readiness{health: books.Health}
		err = d.Metrics.watch(books, d.SignIns.count, d.Now)
	}
	if err == nil {
		closeBooks = d.keepHouse(context.WithoutCancel(ctx), *cfg, closeBooks) // Ends before the ledger.
		err = books.Start(context.WithoutCancel(ctx))                          // Ends with closeBooks.
	}
	if err == nil {
		// What waited for an admin may go on: the configuration may be theirs.
		_, err = books.Resume(ctx, cfg.OrgID)
	}
	if err != nil {
		closeBooks()
		return deps{}, nil, err
	}
	return d, closeBooks, nil
}

// forget empties every cache: what it was taken from has changed.
func (d deps) forget() {
	if accounts, ok := d.Lookup.(*portals); ok {
		accounts.forget("")
		accounts.cards.names.Forget("")
	}
	if d.caches != nil {
		d.caches.forget()
	}
}

// reset forgets every record, the portal's changed settings and what is in
// caches, for the sandbox: the configured settings count again. Sessions stay.
func (d deps) reset(ctx context.Context, cfg Config) error {
	if err := d.Tenants.Discard(ctx, cfg.OrgID, cfg.Portal); err != nil {
		return err
	}
	if err := d.Tenants.Link(ctx, cfg.OrgID, tenant.Portal{ID: cfg.Portal, Settings: cfg.Settings}); err != nil {
		return err
	}
	d.forget()
	if book, ok := d.Ledger.(recordBook); ok {
		return book.ledger.Reset(ctx)
	}
	return nil
}

// database is what the ledger opens, and everybody keeps their tables in.
func (c Config) database() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.DataDir, "deskbridge.db")
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
	if d.Installs, err = openInstalls(ctx, db, d.Now); err != nil {
		return err
	}
	portal := tenant.Portal{ID: cfg.Portal, Settings: cfg.Settings}
	if portal.ID != "" {
		if err := d.Tenants.Link(ctx, cfg.OrgID, portal); err != nil {
			return err
		}
	}
	d.Tokens, err = tokens.Open(ctx, tokens.Config{
		DB:      db,
		Keys:    sealingKeys(cfg),
		Refresh: d.Metrics.counting(refresh(cfg, d.HTTP)),
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

// refresh gets a new access token where the id belongs.
func refresh(cfg Config, client *http.Client) refresher {
	webex := cfg.oauthConfig(cfg.PublicURL)
	app := &hubspot.OAuth{BaseURL: cfg.HubSpotAPI, ClientID: cfg.HubSpotClientID, ClientSecret: cfg.HubSpotClientSecret, HTTP: client}
	return func(ctx context.Context, id, refreshToken string) (*oauth2.Token, error) {
		if strings.HasPrefix(id, hubspotID("")) {
			grant, err := app.Refresh(ctx, refreshToken)
			return grant.Token, err
		}
		ctx = context.WithValue(ctx, oauth2.HTTPClient, client)
		return webex.TokenSource(ctx, &oauth2.Token{RefreshToken: refreshToken}).Token()
	}
}
