package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // The driver "pgx".
	_ "modernc.org/sqlite"             // The driver "sqlite".

	"deskbridge/pkg/tenant"
	"deskbridge/pkg/tokens"
)

// openTools opens what a command beside the server needs: the database with
// tenants and tokens, and HubSpot's clients. It touches neither the ledger nor
// the configured link: the server may be running on the same database. Where
// there is no database yet, there is an empty one in memory.
func openTools(ctx context.Context, cfg *Config, log *slog.Logger) (deps, func(), error) {
	if cfg.Key == nil {
		key, err := loadKey(cfg.DataDir)
		if errors.Is(err, fs.ErrNotExist) {
			key = make([]byte, keySize) // There is no directory: nothing is sealed.
		} else if err != nil {
			return deps{}, nil, err
		}
		cfg.Key = key
	}
	db, err := openBeside(cfg.database())
	if err != nil {
		return deps{}, nil, fmt.Errorf("database: %w", err)
	}
	d := deps{Log: log, Now: time.Now, HTTP: &http.Client{Timeout: 15 * time.Second}}
	d.Accounts = newPortals(*cfg, &d)
	closeAll := func() { _ = db.Close() } // There is nobody to tell.
	if d.SignIns, err = openSignIns(ctx, db, d.Now); err == nil {
		if d.Installs, err = openInstalls(ctx, db, d.Now); err == nil {
			if d.Tenants, err = tenant.Open(ctx, db); err == nil {
				d.Tokens, err = tokens.Open(ctx, tokens.Config{DB: db, Keys: sealingKeys(*cfg), Refresh: refresh(*cfg, d.HTTP), Now: d.Now, Logger: log})
			}
		}
	}
	if err != nil {
		closeAll()
		return deps{}, nil, fmt.Errorf("database: %w", err)
	}
	return d, closeAll, nil
}

// openBeside opens a database that another process may have open.
func openBeside(address string) (*sql.DB, error) {
	if strings.HasPrefix(address, "postgres") {
		return sql.Open("pgx", address)
	}
	name := "file:" + (&url.URL{Path: address}).EscapedPath() + "?_pragma=busy_timeout(10000)&_txlock=immediate"
	if _, err := os.Stat(address); errors.Is(err, fs.ErrNotExist) {
		name = ":memory:"
	}
	db, err := sql.Open("sqlite", name)
	if err == nil {
		db.SetMaxOpenConns(1)
		db.SetConnMaxIdleTime(0)
	}
	return db, err
}

// reachable are the portals that can be asked: linked ones, and the configured
// one if its token is configured, too.
func (d deps) reachable(ctx context.Context, cfg Config) ([]string, error) {
	links, err := d.Tenants.Connections(ctx, "")
	if err != nil {
		return nil, err
	}
	var ids []string
	if cfg.static(cfg.Portal) {
		ids = append(ids, cfg.Portal)
	}
	for _, l := range links {
		if !slices.Contains(ids, l.PortalID) {
			ids = append(ids, l.PortalID)
		}
	}
	return ids, nil
}
