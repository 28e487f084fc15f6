package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // The driver "pgx".
	_ "modernc.org/sqlite"             // The driver "sqlite".
)

// openDatabase opens the database that cfg names: PostgreSQL, or a file in the
// data directory.
func openDatabase(ctx context.Context, cfg Config) (*sql.DB, error) {
	driver, source := "pgx", cfg.Database
	if source == "" {
		driver, source = "sqlite", sqliteSource(filepath.Join(cfg.DataDir, "deskbridge.db"))
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if driver == "sqlite" {
		db.SetMaxOpenConns(1) // SQLite has one writer; waiting here is fairer than in its busy loop.
	}
	opening, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	if err := db.PingContext(opening); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// sqliteSource is the data source of an SQLite file that survives a kill and
// waits for other writers.
func sqliteSource(path string) string {
	query := url.Values{
		"_pragma": {"journal_mode(WAL)", "synchronous(NORMAL)", "busy_timeout(10000)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
}
