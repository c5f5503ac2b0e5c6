package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/store/machine"
	"cheaptalk/internal/store/sqlitefile"
)

const (
	runFile  = "run.db"
	lockFile = "run.lock"

	stamp = "2006-01-02-1504" // layout of the time in a folder's name
)

// patience is how long a statement waits for another connection: commits take milliseconds, so a longer wait is a fault.
const patience = 10 * time.Second

// Run is one run on disk, open for writing ([Create], [Open]) or for reading ([OpenReadOnly]). Close it.
type Run struct {
	dir     string
	readers *sql.DB

	// The rest is nil in a run that is open for reading.
	lock     *sqlitefile.Lock
	writer   *sql.DB // one connection
	inserts  inserts // owned by the goroutine of Put
	recorded recorded

	mu   sync.Mutex // guards meta
	meta Meta
}

var _ debate.Batcher = (*Run)(nil)

// Create makes the folder root/NAME-2026-11-23-1802, with "-2" and so on behind it when it is taken, and an empty run in it,
// open for writing. The folder's name has name in it with everything but letters, digits, '.', '_' and '-' replaced, and
// the time in the time zone of meta.Created. The state of the run is Running.
func Create(root, name string, meta Meta) (_ *Run, err error) {
	if meta.Created.IsZero() {
		meta.Created = time.Now()
	}
	meta.Name, meta.State, meta.PID, meta.Resumed = name, Running, os.Getpid(), nil
	dir, err := makeFolder(root, sanitize(name)+meta.Created.Format("-"+stamp))
	if err != nil {
		return nil, fmt.Errorf("create run: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("create run: %w", err), os.RemoveAll(dir))
		}
	}()
	r := &Run{dir: dir, meta: meta}
	if r.lock, err = sqlitefile.Acquire(filepath.Join(dir, lockFile)); err != nil {
		return nil, err
	}
	if err := r.connectWriter("rwc", func(db *sql.DB) error {
		if err := createTables(db); err != nil {
			return err
		}
		return writeMeta(db, meta)
	}); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.inserts.all = true // there is none yet
	return r, nil
}

// makeFolder makes the first of root/name, root/name-2, ... that is not there yet.
func makeFolder(root, name string) (string, error) {
	if err := os.MkdirAll(root, 0o777); err != nil {
		return "", err
	}
	for i := 1; ; i++ {
		dir := filepath.Join(root, name)
		if i > 1 {
			dir += fmt.Sprintf("-%d", i)
		}
		if err := os.Mkdir(dir, 0o777); !errors.Is(err, fs.ErrExist) {
			return dir, err
		}
	}
}

// sanitize makes a name that is a fine part of a folder's name everywhere.
func sanitize(name string) string {
	safe := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '_':
			return c
		}
		return '-'
	}, name)
	for strings.Contains(safe, "--") {
		safe = strings.ReplaceAll(safe, "--", "-")
	}
	const longest = 80 // bytes; far below every limit, with the time and the files inside
	if safe = strings.Trim(safe, "-."); len(safe) > longest {
		safe = strings.Trim(safe[:longest], "-.")
	}
	if safe == "" {
		return "run"
	}
	return safe
}

// Open opens the run in the folder for writing, to resume it: its state is Running and Meta.Resumed has one entry more.
// A second writer gets an error that wraps [ErrLocked].
func Open(dir string) (*Run, error) {
	if err := IsRun(dir); err != nil {
		return nil, err
	}
	r := &Run{dir: dir}
	var err error
	if r.lock, err = sqlitefile.Acquire(filepath.Join(dir, lockFile)); err != nil {
		return nil, err
	}
	err = r.connectWriter("rw", func(db *sql.DB) error {
		version, err := check(context.Background(), db)
		if err != nil {
			return err
		}
		if r.meta, err = readMeta(context.Background(), db); err != nil {
			return err
		}
		return upgrade(db, version)
	})
	if err == nil {
		err = r.explain(r.recorded.load(r.readers))
	}
	if err == nil {
		err = r.Update(func(m *Meta) {
			here := machine.Describe()
			m.State, m.PID = Running, os.Getpid()
			m.Resumed = append(m.Resumed, Session{Started: time.Now(), Version: here.Version, Commit: here.Commit, GoVersion: here.GoVersion})
		})
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// OpenReadOnly opens the run in the folder for reading, also while another process is writing it. Put and Update fail.
func OpenReadOnly(dir string) (*Run, error) {
	if err := IsRun(dir); err != nil {
		return nil, err
	}
	r := &Run{dir: dir}
	err := r.connectReaders()
	if err == nil {
		r.meta, err = readMeta(context.Background(), r.readers)
	}
	if err != nil {
		return nil, errors.Join(r.explain(err), r.Close())
	}
	if r.meta.State == Running && !sqlitefile.Held(context.Background(), filepath.Join(dir, lockFile)) {
		r.meta.State = Interrupted
	}
	return r, nil
}

// IsRun returns an error that wraps [ErrNotRun] when the folder has no run in it.
func IsRun(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, runFile)); err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return err
		}
		return fmt.Errorf("%s: %w: it has no %s", dir, ErrNotRun, runFile)
	}
	return nil
}

// connectWriter opens the connection that writes, has first look at the file before anything is changed in it,
// and then opens the connections that read.
func (r *Run) connectWriter(mode string, first func(*sql.DB) error) error {
	db, err := sqlitefile.Connect(r.file(), mode, patience)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	r.writer = db
	if err := first(db); err != nil {
		return r.explain(err)
	}
	synchronous := "FULL"
	if r.meta.Simulated {
		synchronous = "NORMAL"
	}
	// cache_size is in KiB when negative: records come about in the order of their keys, so that few pages are changed again.
	if _, err := db.Exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=` + synchronous + `; PRAGMA cache_size=-2000`); err != nil {
		return r.explain(err)
	}
	if err := r.inserts.prepare(db); err != nil {
		return r.explain(err)
	}
	if err := r.connectReaders(); err != nil {
		return r.explain(err)
	}
	return nil
}

func (r *Run) connectReaders() (err error) {
	if r.readers, err = sqlitefile.Connect(r.file(), "ro", patience); err != nil {
		return err
	}
	_, err = check(context.Background(), r.readers)
	return err
}

// Close closes the run and lets others write it. A run whose state is still Running is from then on Interrupted.
func (r *Run) Close() error {
	var errs []error
	if r.readers != nil {
		errs = append(errs, r.readers.Close())
	}
	if r.writer != nil {
		if r.readers != nil { // else the file was refused, and is not ours to change
			// Leave one plain file behind, which can be read from a folder that cannot be written. It does not work while others
			// read, and need not.
			_, _ = r.writer.Exec(`PRAGMA busy_timeout=100; PRAGMA journal_mode=DELETE`)
		}
		errs = append(errs, r.writer.Close())
	}
	if r.lock != nil {
		r.lock.Release()
	}
	return errors.Join(errs...)
}

// Dir returns the folder of the run.
func (r *Run) Dir() string { return r.dir }

func (r *Run) file() string { return filepath.Join(r.dir, runFile) }

// explain says in words what SQLite said in codes, and of which file.
func (r *Run) explain(err error) error { return sqlitefile.Explain(r.file(), err) }

func (r *Run) notWritable() error {
	return fmt.Errorf("%s: the run was opened for reading alone", r.dir)
}
