// Package sqlitefile opens SQLite files, says in words what went wrong with them, and lets one process at a time own a folder.
package sqlitefile

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What may be wrong with a file; see [Explain].
var (
	// ErrFull: the disk is full. Every transaction that was committed before it is safe.
	ErrFull = errors.New("the disk is full; what was recorded is safe: free some space and resume")
	// ErrDisk: the disk refused to be read or written, for another reason than that it is full. Every transaction that was committed before it is safe.
	ErrDisk = errors.New("the disk cannot be read or written; what was recorded is safe: check its quota, its limits and its connection, and resume")
	// ErrDamaged: the file is not what was written.
	ErrDamaged = errors.New("the file is damaged; restore it from a copy")
	// ErrReadOnly: the folder or the file cannot be written, or not be opened at all.
	ErrReadOnly = errors.New("it cannot be opened or written: check its permissions, or copy the folder to a place where you may write")
	// ErrBusy: another connection had it locked for longer than the wait of [Connect].
	ErrBusy = errors.New("another process keeps the file locked; wait for it and try again")
)

// Connect opens an SQLite file. mode is that of SQLite's URIs: "ro", "rw" or "rwc" (create). wait is how long a statement
// waits for a lock of another connection.
func Connect(file, mode string, wait time.Duration, more ...string) (*sql.DB, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	path := filepath.ToSlash(abs)
	if !strings.HasPrefix(path, "/") { // C:/runs
		path = "/" + path
	}
	query := url.Values{"mode": {mode}, "_error_rc": {"1"}, "_pragma": {fmt.Sprintf("busy_timeout(%d)", wait.Milliseconds())}}
	for i := 0; i+1 < len(more); i += 2 {
		query.Add(more[i], more[i+1])
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}
	return sql.Open("sqlite", u.String())
}

// Explain says in words what SQLite said in codes, and where.
func Explain(file string, err error) error {
	if err == nil {
		return nil
	}
	if what := Cause(err); what != nil {
		return fmt.Errorf("%s: %w: %w", file, what, err)
	}
	return fmt.Errorf("%s: %w", file, err)
}

// Cause returns which of the errors of this package it is that SQLite reports in err, or nil when it is none of them.
func Cause(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Code() & 0xff { // the primary code; the rest is detail
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_IOERR:
		return ErrDisk
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged
	case sqlite3.SQLITE_BUSY:
		return ErrBusy
	}
	return nil
}
