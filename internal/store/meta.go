package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cheaptalk/internal/store/machine"
)

// State says how far a run has come.
type State string

const (
	Running     State = "running"     // a process is writing it
	Finished    State = "finished"    // every planned debate has a record, or its owner said so
	Interrupted State = "interrupted" // it is not finished and nobody is writing it; it can be resumed
)

// Meta is what a run says of itself. It holds no environment variable and, if the caller of Create has redacted Command
// and Spec, no secret.
type Meta struct {
	Name            string    `json:"name"`            // as given, before it became part of a folder's name
	Named           bool      `json:"named,omitempty"` // the name is the experiment's own, of its file or of its author, and tells it from others
	Created         time.Time `json:"created"`         // Create fills it when it is zero
	Spec            string    `json:"spec,omitempty"`
	Command         []string  `json:"command,omitempty"` // the command line, secrets redacted by the caller
	machine.Machine           // where the run was created; see [machine.Describe]
	Seed            uint64    `json:"seed"`
	// Compact drops the texts of the records; see the package comment. It cannot be changed later.
	Compact bool `json:"compact,omitempty"`
	// Simulated says that every agent of the run is simulated, so that a lost record costs nothing. It cannot be changed later.
	Simulated bool  `json:"simulated,omitempty"`
	Planned   int   `json:"planned"`       // debates of the whole experiment
	State     State `json:"state"`         // see [Run.Meta]
	PID       int   `json:"pid,omitempty"` // of the process that writes the run, or did so last; Create and Open fill it
	// ForkedFrom is the folder of the unfinished run of the same experiment that this one was begun in place of, or "".
	ForkedFrom string `json:"forked_from,omitempty"`
	// Imported names the files that the records were read from. A run that has some was not held here, and nobody can be asked in it.
	Imported []string `json:"imported,omitempty"`
	// Resumed has one entry each time that the run was opened again for writing. Another Version or Commit there says that the
	// records are not all of one program.
	Resumed []Session `json:"resumed,omitempty"`
}

// Session is one time that a run was opened for writing after its creation.
type Session struct {
	Started   time.Time `json:"started"`
	Version   string    `json:"version,omitempty"`
	Commit    string    `json:"commit,omitempty"`
	GoVersion string    `json:"go_version,omitempty"`
}

// Meta returns what the run says of itself; its slices and maps are not to be changed. In a run that is open for reading, State is as it was when it was opened.
func (r *Run) Meta() Meta {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.meta
}

// Update changes what the run says of itself, durably: the number planned, or the state when all is done.
// change must not keep the pointer. Changes of Compact and Simulated are ignored.
func (r *Run) Update(change func(*Meta)) error {
	if r.writer == nil {
		return r.notWritable()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	meta := r.meta
	change(&meta)
	meta.Compact, meta.Simulated = r.meta.Compact, r.meta.Simulated
	if err := writeMeta(r.writer, meta); err != nil {
		return r.explain(err)
	}
	r.meta = meta
	return nil
}

func writeMeta(db *sql.DB, meta Meta) error {
	body, err := json.Marshal(meta)
	if err != nil {
		return fmt.Errorf("meta: %w", err)
	}
	_, err = db.Exec(`INSERT OR REPLACE INTO meta(one, body) VALUES(1, ?)`, string(body))
	return err
}

func readMeta(ctx context.Context, db *sql.DB) (Meta, error) {
	var body string
	err := db.QueryRowContext(ctx, `SELECT body FROM meta`).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return Meta{}, fmt.Errorf("%w: it does not say what it is", ErrDamaged)
	}
	if err != nil {
		return Meta{}, err
	}
	var meta Meta
	if err := json.Unmarshal([]byte(body), &meta); err != nil {
		return Meta{}, fmt.Errorf("%w: meta: %w", ErrDamaged, err)
	}
	return meta, nil
}
