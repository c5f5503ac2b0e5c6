package cache

import (
	"cmp"
	"database/sql"
	"encoding/binary"
	"sync"
	"time"
)

const (
	// lookEvery is how often it is looked for what other processes have put.
	lookEvery = 100 * time.Millisecond
	// knownLimit is the most entries of which the keys are held in memory, by default: about 20 bytes each. Of larger files each is looked for in the file.
	knownLimit = 200_000
)

// known are the keys that are in the file. Most asks of a run are new: to find that out in the file takes longer than all else that is done
// before they are sent. It is safe for concurrent use.
type known struct {
	mu     sync.Mutex
	begins map[uint64]struct{} // of the keys: that two have the same costs one of them a look into the file
	last   int64               // the rowid up to which it has all
	at     time.Time           // when that was
	many   bool                // there are too many
	most   int                 // that are not; 0 means knownLimit
}

func (k key) begin() uint64 { return binary.BigEndian.Uint64(k[:]) }

// may reports whether a key may be in the file. An entry of another process may be missed for lookEvery.
func (n *known) may(k key, db *sql.DB) (bool, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.many {
		return true, nil
	}
	if n.at.IsZero() || time.Since(n.at) >= lookEvery {
		if err := n.look(db); err != nil {
			return true, err
		}
		if n.many {
			return true, nil
		}
	}
	_, ok := n.begins[k.begin()]
	return ok, nil
}

// add says that a put of this process is in the file.
func (n *known) add(k key, rowid int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.begins != nil {
		n.begins[k.begin()] = struct{}{}
	}
	if rowid == n.last+1 { // else others have put something before it, which is still to be looked for
		n.last = rowid
	}
}

// look adds what has come since it looked last. The lock is held.
func (n *known) look(db *sql.DB) error {
	var last int64
	if err := db.QueryRow(`SELECT coalesce(max(rowid), 0) FROM completions`).Scan(&last); err != nil {
		return err
	}
	query, args := `SELECT key FROM completions WHERE rowid > ?`, []any{n.last}
	switch {
	case n.begins == nil || last < n.last: // the first time, or the newest were deleted, and their numbers may be given again
		n.begins = map[uint64]struct{}{}
		query, args = `SELECT key FROM completions`, nil // of the index alone
	case last == n.last:
		n.at = time.Now()
		return nil
	}
	rows, err := db.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text sql.RawBytes
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if len(text) == keySize {
			n.begins[key(text).begin()] = struct{}{}
		}
		if len(n.begins) > cmp.Or(n.most, knownLimit) {
			n.many, n.begins = true, nil
			return nil
		}
	}
	if err := rows.Err(); err != nil {
		return err // some are missing: the next look is for them too
	}
	n.last, n.at = last, time.Now()
	return nil
}
