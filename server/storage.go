package main

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"deskbridge/pkg/backend"
)

// errStorage is what clients are told while the database cannot be used. They
// keep what they have and send it again.
var errStorage = &backend.Error{
	Status: http.StatusServiceUnavailable, Code: backend.CodeBackendDown, RetryAfterMs: 2000,
	Message: "The Deskbridge server cannot store anything right now. Nothing is lost: the panel keeps the record and sends it again by itself.",
}

// isStorage says whether the database is away, locked, full or read-only: not
// what was asked is at fault, and the same request may succeed later.
func isStorage(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff { // The rest tells more of the same.
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
			sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOTADB:
			return true
		}
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && len(pg.Code) == 5 {
		// https://www.postgresql.org/docs/current/errcodes-appendix.html
		switch pg.Code[:2] {
		case "08", "25", "40", "53", "55", "57", "58", "XX":
			return true
		}
		return false
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
