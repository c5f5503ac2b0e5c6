// Package cache keeps the completions of language models beyond a run, so that what was paid for once is not asked again.
//
// A [Cache] is one SQLite file that any number of goroutines and processes use at the same time. It maps keys, which whoever asks the models
// makes of everything that an answer depends on, to the bodies of answers. It does not know what is in either. Only answers are put into it; errors
// are never kept.
//
// # Durability
//
// [Cache.Put] returns after the commit of its transaction; one goroutine gathers the puts that wait and commits them together. Commits are
// made with synchronous=NORMAL: what was acknowledged survives the death of the process. A power cut may lose the last
// of it, never damage the file; it costs asking those models again.
//
// # Age
//
// An entry remembers when it was made and when it was last used, to the day: [Cache.Get] writes nothing by itself, and
// a day's first use of an entry is noted with a later commit or on Close. [Cache.Prune] drops by both.
package cache

import (
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"cheaptalk/internal/store/deflate"
	"cheaptalk/internal/store/sqlitefile"
)

// patience is how long a statement waits for another process: commits take milliseconds, pruning some seconds.
const patience = 20 * time.Second

// busyPause is how long Open waits before it tries a file again that others are opening or closing.
const busyPause = 10 * time.Millisecond

// usedEvery is how exactly the last use of an entry is known.
const usedEvery = 24 * time.Hour

// keySize is the length of a key in bytes: that of a SHA-256.
const keySize = 32

type key [keySize]byte

// Cache is a file of completions. It is safe for concurrent use. Close it.
type Cache struct {
	path     string
	now      func() time.Time
	readers  *sql.DB
	find     *sql.Stmt
	known    known
	zips     sync.Pool // of *deflate.Inflater
	writer   *writer   // nil when the file can be read alone
	readOnly error     // why the writer is nil
}

// File returns the path of the user's cache: completions.db in the folder that the environment variable CHEAPTALK_CACHE
// names, else in cheaptalk in the user's cache directory.
func File() (string, error) {
	dir := os.Getenv("CHEAPTALK_CACHE")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no place for the cache of completions: %w\n  name a folder in CHEAPTALK_CACHE, or add --no-cache", err)
		}
		dir = filepath.Join(cache, "cheaptalk")
	}
	return filepath.Join(dir, "completions.db"), nil
}

// Open opens the cache in a file, which is made, with its folder, when it is not there. Nobody but the user may read
// what is made. A file that can be read but not written is opened too: then every Put fails.
// Errors name the file and what to do about it; [ErrDamaged] and the others around it say what they may wrap.
func Open(path string) (*Cache, error) {
	c := &Cache{path: path, now: time.Now}
	c.zips.New = func() any { return new(deflate.Inflater) }
	err := c.open()
	if err == nil {
		return c, nil
	}
	if errors.Is(err, ErrReadOnly) && readable(path) {
		c.readOnly = err
		if err = c.connectReaders(); err == nil {
			return c, nil
		}
	}
	return nil, errors.Join(err, c.Close())
}

func (c *Cache) open() error {
	if err := os.MkdirAll(filepath.Dir(c.path), 0o700); err != nil {
		return unwritable(c.path, err)
	}
	// SQLite gives the files that it puts beside this one the same permissions.
	f, err := os.OpenFile(c.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return unwritable(c.path, err)
	}
	if err := f.Close(); err != nil {
		return unwritable(c.path, err)
	}
	// SQLite does not wait, however long its timeout, for another process that changes how the file is kept: when it opens or closes it.
	for until := time.Now().Add(patience); ; time.Sleep(busyPause) {
		if c.writer, err = startWriter(c.path, &c.known); err == nil {
			return c.connectReaders()
		}
		if err = c.explain(err); !errors.Is(err, ErrBusy) || time.Now().After(until) {
			return err
		}
	}
}

// readable reports whether the path is that of a file that can be read.
func readable(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

// connectReaders opens the connections of Get. The file is whole by now, or refused.
func (c *Cache) connectReaders() (err error) {
	if c.readers, err = sqlitefile.Connect(c.path, "ro", patience); err != nil {
		return c.explain(err)
	}
	n := min(runtime.GOMAXPROCS(0), 8) // a read is computing: more at a time are no faster
	c.readers.SetMaxOpenConns(n)
	c.readers.SetMaxIdleConns(n)
	if _, err := check(c.readers); err != nil {
		return c.explain(err)
	}
	c.find, err = c.readers.Prepare(`SELECT used, body FROM completions WHERE key=?`)
	return c.explain(err)
}

// Get returns the answer that was put under the key last, and whether there is one. What another process puts is found a tenth of a second later
// at the latest.
func (c *Cache) Get(hexKey string) (response []byte, ok bool, err error) {
	k, err := parseKey(hexKey)
	if err != nil {
		return nil, false, err
	}
	if may, err := c.known.may(k, c.readers); err != nil || !may {
		return nil, false, c.explain(err)
	}
	var used int64
	var body []byte
	if err := c.find.QueryRow(k[:]).Scan(&used, &body); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return nil, false, nil
		}
		return nil, false, c.explain(err)
	}
	zip := c.zips.Get().(*deflate.Inflater)
	defer c.zips.Put(zip)
	if response, err = zip.Inflate(body); err != nil {
		return nil, false, fmt.Errorf("%s: %w: entry %s: %w", c.path, ErrDamaged, hexKey, err)
	}
	if now := c.now(); c.writer != nil && now.Sub(time.Unix(used, 0)) >= usedEvery {
		c.writer.touch(k, now)
	}
	return response, true, nil
}

// Responses yields every answer, in no order. It ends after the first error. Puts may go on meanwhile; what they put is not among
// the answers.
func (c *Cache) Responses() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		rows, err := c.readers.Query(`SELECT body FROM completions`)
		if err != nil {
			yield(nil, c.explain(err))
			return
		}
		defer rows.Close()
		var zip deflate.Inflater
		for rows.Next() {
			var body sql.RawBytes
			err := rows.Scan(&body)
			var response []byte
			if err == nil {
				response, err = zip.Inflate(body)
			}
			if !yield(response, c.explain(err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, c.explain(err))
		}
	}
}

// Put keeps an answer, in place of an earlier one under the same key. When it returns without an error, the answer survives the death of the
// process, and Get finds it.
func (c *Cache) Put(hexKey string, response []byte) error {
	k, err := parseKey(hexKey)
	if err != nil {
		return err
	}
	if c.writer == nil {
		return c.readOnly
	}
	return c.explain(c.writer.put(entry{key: k, response: response, created: c.now().Unix()}))
}

// Close notes what was used and closes the file. A Put that waits either is done or fails; no method is called after Close.
func (c *Cache) Close() error {
	var errs []error
	if c.readers != nil {
		errs = append(errs, c.readers.Close())
	}
	if c.writer != nil {
		errs = append(errs, c.writer.close())
	}
	return errors.Join(errs...)
}

// parseKey reads a key, of 64 hexadecimal digits.
func parseKey(hexKey string) (k key, err error) {
	if len(hexKey) != 2*keySize {
		return k, fmt.Errorf("cache: a key has %d hexadecimal digits, not %d characters", 2*keySize, len(hexKey))
	}
	_, err = hex.Decode(k[:], []byte(hexKey))
	if err != nil {
		return k, fmt.Errorf("cache: key: %w", err)
	}
	return k, nil
}
