package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// ErrLocked: another process has the lock.
var ErrLocked = errors.New("another process is writing this run; wait for it or stop it")

// Lock is the right to write: an exclusive transaction on an empty file of its own, so that readers of other files are not kept out.
// Note: SQLite does the locking, rather than flock, because it does it on every system without cgo, and because the
// operating system releases it with the process, however that dies.
type Lock struct {
	db *sql.DB
	tx *sql.Tx
}

// Acquire takes the lock or returns an error that wraps [ErrLocked]. The file is made when it is not there, and stays.
func Acquire(file string) (*Lock, error) {
	// The wait outlasts a reader that is looking whether the lock is held.
	db, err := Connect(file, "rwc", 300*time.Millisecond, "_txlock", "exclusive")
	if err != nil {
		return nil, err
	}
	tx, err := db.Begin()
	if err != nil {
		db.Close()
		if Cause(err) == ErrBusy {
			return nil, fmt.Errorf("%s: %w", filepath.Dir(file), ErrLocked)
		}
		return nil, Explain(file, err)
	}
	return &Lock{db, tx}, nil
}

// Release gives the lock back.
func (l *Lock) Release() {
	l.tx.Rollback() // nothing was written, so nothing can be lost
	l.db.Close()
}

// Held reports whether a process has the lock. It takes a shared lock for an instant, which Acquire waits for.
func Held(ctx context.Context, file string) bool {
	if _, err := os.Stat(file); err != nil {
		return false
	}
	db, err := Connect(file, "ro", 0)
	if err != nil {
		return false
	}
	defer db.Close()
	var n int
	return Cause(db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&n)) == ErrBusy
}
