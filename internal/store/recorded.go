package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"sync"

	"cheaptalk/debate"
)

// failures is the condition that the outcome of a debate is [Failed].
const failures = `(failed <> '' OR undecided <> '')`

// Retry marks every debate whose outcome is [Failed] as Again, durably, so that Has denies it, and returns how many they are.
// It is to be called before the first Put.
func (r *Run) Retry() (int, error) {
	if r.writer == nil {
		return 0, r.notWritable()
	}
	res, err := r.writer.Exec(`UPDATE debates SET again=1 WHERE again=0 AND ` + failures)
	if err != nil {
		return 0, r.explain(err)
	}
	n, err := res.RowsAffected()
	if err == nil {
		err = r.recorded.load(r.readers)
	}
	return int(n), r.explain(err)
}

// recorded is the set of the cases that have a record which stands: whether a case has one is asked once for each debate, and a look into the
// file takes longer than all else that is done to begin one. It is safe for concurrent use; the zero recorded is empty.
type recorded struct {
	mu    sync.RWMutex
	cases map[name]struct{} // about 25 bytes each
}

// name is the beginning of the SHA-256 of a case: 128 bits, so that two of a billion cases have the same with a probability of about 10^-21.
type name [16]byte

func nameOf(c debate.Case) name {
	b := make([]byte, 0, 128)
	b = binary.AppendVarint(b, int64(c.Draw))
	b = binary.AppendVarint(b, int64(c.Repeat))
	b = binary.AppendUvarint(b, uint64(len(c.Arm)))
	b = append(append(b, c.Arm...), c.Item...)
	sum := sha256.Sum256(b)
	return name(sum[:])
}

// load reads the set from the file.
func (s *recorded) load(db *sql.DB) error {
	rows, err := db.QueryContext(context.Background(), `SELECT item, draw, repeat, arm FROM debates WHERE again=0`)
	if err != nil {
		return err
	}
	defer rows.Close()
	cases := make(map[name]struct{})
	for rows.Next() {
		var c debate.Case
		if err := rows.Scan(&c.Item, &c.Draw, &c.Repeat, &c.Arm); err != nil {
			return err
		}
		cases[nameOf(c)] = struct{}{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cases = cases
	return rows.Err()
}

func (s *recorded) has(c debate.Case) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.cases) == 0 {
		return false
	}
	_, ok := s.cases[nameOf(c)]
	return ok
}

// note follows records that were written.
func (s *recorded) note(recs []*debate.Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cases == nil {
		s.cases = make(map[name]struct{})
	}
	for _, rec := range recs {
		if rec.Again {
			delete(s.cases, nameOf(rec.Case))
		} else {
			s.cases[nameOf(rec.Case)] = struct{}{}
		}
	}
}
