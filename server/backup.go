package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// runBackup copies the SQLite database, also while a server uses it. The copy
// is of one moment.
func runBackup(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	flags := flag.NewFlagSet("backup", flag.ContinueOnError)
	flags.SetOutput(stdout)
	flags.Usage = func() {
		fmt.Fprintln(stdout, "usage: server backup FILE\nCopies the database in DESKBRIDGE_DATA, also while a server uses it.")
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if strings.TrimSpace(getenv("DATABASE_URL")) != "" {
		return errors.New("the database is PostgreSQL: use its own `pg_dump --format=custom --file=FILE \"$DATABASE_URL\"`, " +
			"and `pg_restore --clean --if-exists` while no server runs")
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return errors.New("give the file that the copy is to be written to")
	}
	dir := getenv("DESKBRIDGE_DATA")
	if dir == "" {
		dir = defaultDataDir
	}
	source, target := Config{DataDir: dir}.database(), flags.Arg(0)
	n, err := backup(ctx, source, target)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	fmt.Fprintf(stdout, "%s holds %d records and everything beside them.\n"+
		"The key that seals its tokens (DESKBRIDGE_KEY, or %s) is not in it: keep that elsewhere.\n"+
		"To restore, stop the server, remove %s-wal and %[3]s-shm, put the copy in the place of %[3]s, and start.\n",
		target, n, filepath.Join(dir, "key"), source)
	return nil
}

// backup writes a copy of source to target and says how many records are in it.
// It does not touch a file that is there, and leaves none behind that is not
// whole.
func backup(ctx context.Context, source, target string) (records int, err error) {
	if _, err := os.Stat(source); err != nil {
		return 0, fmt.Errorf("no database: %w", err)
	}
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("%s is there already", target)
	}
	part, err := os.OpenFile(target+".part", os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600) // SQLite writes into an empty file.
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	defer func() {
		if err != nil {
			_ = os.Remove(part.Name())
		}
	}()
	if err := copyDatabase(ctx, source, part.Name()); err != nil {
		return 0, err
	}
	if records, err = checkDatabase(ctx, part.Name()); err != nil {
		return 0, err
	}
	if err := part.Sync(); err != nil {
		return 0, err
	}
	return records, os.Rename(part.Name(), target)
}

func openFile(path, query string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=rw&_pragma=busy_timeout(10000)"+query)
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

func copyDatabase(ctx context.Context, source, target string) (err error) {
	db, err := openFile(source, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, target)
	return err
}

// checkDatabase counts the records of a copy that is sound.
func checkDatabase(ctx context.Context, path string) (records int, err error) {
	db, err := openFile(path, "&_pragma=query_only(1)")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&verdict); err != nil {
		return 0, err
	}
	if verdict != "ok" {
		return 0, fmt.Errorf("the copy is damaged, and so may be the database: %s", verdict)
	}
	return records, db.QueryRowContext(ctx, `SELECT COUNT(*) FROM deskbridge_record`).Scan(&records)
}
