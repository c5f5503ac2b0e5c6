package cache

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cheaptalk/internal/store/sqlitefile"
)

// What may be wrong with the file of a cache. Errors of this package wrap them, with the path and with what SQLite said.
var (
	// ErrDamaged: the file is not what was written.
	ErrDamaged = errors.New("the cache of completions is damaged: delete the file, or add --no-cache")
	// ErrForeign: the file is of another program.
	ErrForeign = errors.New("this is no cache of completions: name another folder in CHEAPTALK_CACHE, or add --no-cache")
	// ErrNewer: the file was written by a newer version of the program.
	ErrNewer = errors.New("this cache of completions was written by a newer version of cheaptalk: upgrade, name another folder in CHEAPTALK_CACHE, or add --no-cache")
	// ErrReadOnly: the folder or the file cannot be made, opened or written.
	ErrReadOnly = errors.New("the cache of completions cannot be written: check the permissions, name another folder in CHEAPTALK_CACHE, or add --no-cache")
	// ErrFull: the disk is full. What was acknowledged before is safe.
	ErrFull = errors.New("the disk is full: free some space, name another folder in CHEAPTALK_CACHE, or add --no-cache")
	// ErrBusy: another process kept the file locked for longer than a commit takes.
	ErrBusy = errors.New("another process keeps the cache of completions locked: wait for it and try again, or add --no-cache")
)

// explain says what is wrong with the file, and which file.
func (c *Cache) explain(err error) error { return explain(c.path, err) }

func explain(path string, err error) error {
	if err == nil {
		return nil
	}
	what, ok := map[error]error{
		sqlitefile.ErrDamaged:  ErrDamaged,
		sqlitefile.ErrReadOnly: ErrReadOnly,
		sqlitefile.ErrFull:     ErrFull,
		sqlitefile.ErrBusy:     ErrBusy,
	}[sqlitefile.Cause(err)]
	if !ok {
		return fmt.Errorf("%s: %w", path, err)
	}
	return fmt.Errorf("%s: %w: %w", path, what, err)
}

// unwritable explains an error of the operating system about the file or its folder.
func unwritable(path string, err error) error {
	return fmt.Errorf("%s: %w: %w", path, ErrReadOnly, err)
}

// applicationID marks an SQLite file as a cache of completions: "ctlc" in ASCII.
const applicationID = 0x63746c63

// schemaVersion is the user_version of the files that this program writes. There is no older one.
const schemaVersion = 1

// schema is the one table. Times are in seconds since 1970. body comes last because a query that does not ask for it then never touches the pages
// that it overflows to.
//
// Note: I tried it WITHOUT ROWID, and a put took a third longer: then all of an entry, not its key alone, goes to a random place.
const schema = `
CREATE TABLE completions (
	key     BLOB    NOT NULL PRIMARY KEY, -- 32 bytes
	created INTEGER NOT NULL,
	used    INTEGER NOT NULL,             -- the last use, to the day
	size    INTEGER NOT NULL,             -- bytes of body
	body    BLOB    NOT NULL              -- see deflate
)`

// querier is a *sql.DB or a *sql.Tx.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// check finds out whether the file is a cache that this program can read, or is still empty.
func check(db querier) (empty bool, err error) {
	var app, version, tables int
	if err := db.QueryRowContext(context.Background(), `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`).Scan(&app, &version, &tables); err != nil {
		return false, err
	}
	switch {
	case app == 0 && version == 0 && tables == 0:
		return true, nil
	case app != applicationID:
		return false, ErrForeign
	case version > schemaVersion:
		return false, fmt.Errorf("%w (schema %d, this program knows %d)", ErrNewer, version, schemaVersion)
	}
	return false, nil
}

// create makes the table unless another process has just done so. The marks come with it in one transaction: a file that has
// them is whole.
func create(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after the commit
	empty, err := check(tx)
	if err != nil || !empty {
		return err
	}
	if _, err := tx.Exec(fmt.Sprintf("%s; PRAGMA application_id=%d; PRAGMA user_version=%d", schema, applicationID, schemaVersion)); err != nil {
		return err
	}
	return tx.Commit()
}
