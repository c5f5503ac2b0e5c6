package cache

import (
	"database/sql"
	"errors"
	"sync"
	"time"

	"cheaptalk/internal/store/deflate"
	"cheaptalk/internal/store/sqlitefile"
)

const (
	batchLimit = 1024 // puts in one transaction at most
	// commitEvery is how long after a commit the next one is made while several puts share one: what is put meanwhile waits. Ten puts in one
	// commit cost half of what they cost in ten, and a model takes longer than this to answer.
	commitEvery = 30 * time.Millisecond
	usedLimit   = 1000 // uses that are remembered before they are written

	// deflateFrom is the length in bytes from which an answer is compressed: that of those with log probabilities, which shrink to a tenth.
	// Compressing one of 1 KB took 24 µs, more than all else that is done for it, and saved 500 bytes.
	deflateFrom = 4096

	// pragmas are those of the connection that writes. The log grows to 16 MB before it is folded into the file; 4 MB
	// of the file are kept in memory: keys are hashes, so that every entry changes another page of their index.
	pragmas = `PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-4000`
)

var errClosed = errors.New("the cache of completions is closed")

// entry is what is written of a Put.
type entry struct {
	key      key
	response []byte
	created  int64 // unix seconds
	done     chan error
}

// writer owns the one connection that writes, and the goroutine that uses it.
type writer struct {
	db            *sql.DB
	insert, reuse *sql.Stmt
	zip           deflate.Deflater // of the goroutine
	known         *known           // is told of what is committed

	puts    chan entry
	wake    chan struct{} // says that there are many uses to write; one place, for one such message is enough
	closing chan struct{}
	done    chan struct{} // closed when the goroutine has ended

	mu   sync.Mutex
	used map[key]int64 // uses that are not written yet, in unix seconds
}

// startWriter opens the file, makes it a cache when it is empty, and starts the goroutine.
func startWriter(path string, known *known) (_ *writer, err error) {
	db, err := sqlitefile.Connect(path, "rw", patience, "_txlock", "immediate")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	db.SetMaxOpenConns(1)
	w := &writer{
		db: db, known: known, used: map[key]int64{}, zip: deflate.Deflater{From: deflateFrom},
		puts: make(chan entry), wake: make(chan struct{}, 1), closing: make(chan struct{}), done: make(chan struct{}),
	}
	empty, err := check(db) // before anything is changed
	if err != nil {
		return nil, err
	}
	if _, err := db.Exec(pragmas); err != nil {
		return nil, err
	}
	if empty {
		if err := create(db); err != nil {
			return nil, err
		}
	}
	if w.insert, err = db.Prepare(`INSERT OR REPLACE INTO completions(key, created, used, size, body) VALUES(?,?,?,?,?)`); err != nil {
		return nil, err
	}
	if w.reuse, err = db.Prepare(`UPDATE completions SET used=max(used, ?) WHERE key=?`); err != nil {
		return nil, err
	}
	go w.run()
	return w, nil
}

// put has an entry written and waits for its commit.
func (w *writer) put(e entry) error {
	e.done = make(chan error, 1) // the goroutine never waits for a reader
	select {
	case w.puts <- e:
		return <-e.done
	case <-w.closing:
		return errClosed
	}
}

// touch remembers a use.
func (w *writer) touch(k key, at time.Time) {
	w.mu.Lock()
	w.used[k] = at.Unix()
	many := len(w.used) >= usedLimit
	w.mu.Unlock()
	if many {
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

// run commits what waits until the writer is closed.
func (w *writer) run() {
	defer close(w.done)
	var batch []entry
	var last time.Time    // of a commit
	var gap time.Duration // before the next; 0 while puts come one by one
	for {
		batch = batch[:0]
		select {
		case e := <-w.puts:
			time.Sleep(gap - time.Since(last))
			if batch = w.gather(append(batch, e)); len(batch) > 1 {
				gap = commitEvery
			} else {
				gap = 0
			}
		case <-w.wake:
		case <-w.closing:
			w.commit(nil) // A use that is not noted makes an entry look older, no more.
			return
		}
		err := w.commit(batch)
		last = time.Now()
		for i := range batch {
			batch[i].done <- err
			batch[i] = entry{}
		}
	}
}

// gather adds the puts that wait to a batch.
func (w *writer) gather(batch []entry) []entry {
	for len(batch) < batchLimit {
		select {
		case e := <-w.puts:
			batch = append(batch, e)
		default:
			return batch
		}
	}
	return batch
}

// commit writes a batch and the uses that are remembered in one transaction.
func (w *writer) commit(batch []entry) error {
	w.mu.Lock()
	used := w.used
	if len(used) > 0 {
		w.used = map[key]int64{}
	}
	w.mu.Unlock()
	bodies := make([][]byte, len(batch))
	for i, e := range batch {
		bodies[i] = w.zip.Deflate(e.response)
	}
	switch {
	case len(batch) == 0 && len(used) == 0:
		return nil
	case len(batch) == 1 && len(used) == 0: // its statement is its transaction, without two more around it
		row, err := insert(w.insert, batch[0], bodies[0])
		if err == nil {
			w.known.add(batch[0].key, row)
		}
		return err
	}
	tx, err := w.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after the commit
	in := tx.Stmt(w.insert)
	rows := make([]int64, len(batch))
	for i, e := range batch {
		if rows[i], err = insert(in, e, bodies[i]); err != nil {
			return err
		}
	}
	reuse := tx.Stmt(w.reuse)
	for k, at := range used {
		if _, err := reuse.Exec(at, k[:]); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for i, e := range batch {
		w.known.add(e.key, rows[i])
	}
	return nil
}

// insert writes an entry and returns its rowid.
func insert(stmt *sql.Stmt, e entry, body []byte) (int64, error) {
	res, err := stmt.Exec(e.key[:], e.created, e.created, len(body), body)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// close ends the goroutine, which finishes the batch that it has begun, and closes the connection.
func (w *writer) close() error {
	close(w.closing)
	<-w.done
	// Leave one plain file behind, which can be read from a folder that cannot be written. It does not work while others use it,
	// and need not. The SELECT has the connection open the log, which it else deletes only if it has written.
	_, _ = w.db.Exec(`PRAGMA busy_timeout=0; SELECT count(*) FROM completions; PRAGMA journal_mode=DELETE`)
	return w.db.Close()
}
