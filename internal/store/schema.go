package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"

	"cheaptalk/internal/store/sqlitefile"
)

var (
	// ErrNotRun: the path is no folder of a run.
	ErrNotRun = errors.New("not the folder of a run")
	// ErrNewer: the run was written by a newer version of the program.
	ErrNewer = errors.New("written by a newer version of cheaptalk; upgrade to read it")
	// ErrNoRecord: the case has no record.
	ErrNoRecord = errors.New("has no record")
)

// Errors of the file, wrapped with its path and with what SQLite said.
var (
	ErrLocked   = sqlitefile.ErrLocked   // another process is writing the run
	ErrFull     = sqlitefile.ErrFull     // the disk is full; every record acknowledged before it is safe
	ErrDisk     = sqlitefile.ErrDisk     // the disk cannot be read or written; every record acknowledged before it is safe
	ErrDamaged  = sqlitefile.ErrDamaged  // the file is not what was written
	ErrReadOnly = sqlitefile.ErrReadOnly // the folder or the file cannot be opened or written
)

//go:embed schema.sql
var schema string

// applicationID marks an SQLite file as a run: "ctlk" in ASCII.
const applicationID = 0x63746c6b

// schemaVersion is the user_version of the files that this program writes. It reads older ones, and makes them of this version when it writes
// them.
//
//	1  the first
//	2  calls has cached and estimated
//	3  debates has bodies
const schemaVersion = 3

// createTables makes a run of an empty file. The marks come with the tables in one transaction: a file that has them is whole.
func createTables(db *sql.DB) error {
	_, err := db.Exec(fmt.Sprintf("BEGIN;\n%s\nPRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT", schema, applicationID, schemaVersion))
	return err
}

// upgrade makes a run of an older version one of schemaVersion, in one transaction. What it holds stays as it was written.
func upgrade(db *sql.DB, version int) error {
	changes := ""
	if version < 2 {
		changes += `ALTER TABLE calls ADD COLUMN cached INTEGER NOT NULL DEFAULT 0; ALTER TABLE calls ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0;`
	}
	if version < 3 {
		changes += `ALTER TABLE debates ADD COLUMN bodies BLOB;`
	}
	if changes == "" {
		return nil
	}
	_, err := db.Exec(fmt.Sprintf(`BEGIN IMMEDIATE; %s PRAGMA user_version=%d; COMMIT`, changes, schemaVersion))
	return err
}

// check returns the version of the run that db is, or an error when this program cannot read it.
func check(ctx context.Context, db *sql.DB) (version int, err error) {
	var app int
	if err := db.QueryRowContext(ctx, `SELECT application_id, user_version FROM pragma_application_id, pragma_user_version`).
		Scan(&app, &version); err != nil {
		return 0, err
	}
	switch {
	case app != applicationID:
		return 0, fmt.Errorf("%w: its run.db is of another program, or its creation was cut short", ErrNotRun)
	case version > schemaVersion:
		return 0, fmt.Errorf("%w (schema %d, this program knows %d)", ErrNewer, version, schemaVersion)
	}
	return version, nil
}
