package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/internal/store/compact"
	"cheaptalk/internal/store/deflate"
)

// Has reports whether the case has a record that is not marked Again. When the file cannot be read it says no; the Put that
// follows will tell why.
func (r *Run) Has(c debate.Case) bool {
	if r.recorded.has(c) {
		return true
	}
	var one int
	return r.find.QueryRow(c.Item, c.Draw, c.Repeat, c.Arm).Scan(&one) == nil
}

// Put writes the record in one transaction and returns after its commit; see the package comment for what that survives.
// A record of the same case is replaced, its calls included. rec is not changed and not kept.
func (r *Run) Put(rec *debate.Record) error {
	if r.writer == nil {
		return r.notWritable()
	}
	if err := r.inserts.put(r.writer, rec, r.meta.Compact); err != nil {
		r.inserts.forgetAll() // ids of a transaction that was rolled back are nobody's
		return r.explain(err)
	}
	if rec.Again {
		r.recorded.forget(rec.Case)
	}
	return nil
}

// inserts are the prepared statements of Put and what it remembers. It belongs to the goroutine of Put.
type inserts struct {
	debate, forget, call, blob, find *sql.Stmt

	known map[[sha256.Size]byte]int64 // blobs that are in the file, at most knownLimit
	all   bool                        // known has every blob that is in the file
	zip   deflate.Deflater
}

// compressFrom is the length in bytes from which texts are compressed: below it the time is worth more than the room.
const compressFrom = 1000

// knownLimit bounds the memory of inserts.known, about 50 bytes an entry. What is forgotten is looked up in the file.
const knownLimit = 100_000

func (s *inserts) prepare(db *sql.DB) error {
	s.known = make(map[[sha256.Size]byte]int64)
	s.zip.From = compressFrom
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&s.debate, `INSERT OR REPLACE INTO debates(item, draw, repeat, arm, key, answer, failed, undecided, again, simulated, tied,
			rounds, corrected, corrupted, question, shape, body) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`},
		{&s.forget, `DELETE FROM calls WHERE item=? AND draw=? AND repeat=? AND arm=?`},
		{&s.call, `INSERT INTO calls(item, draw, repeat, arm, seq, n, model, served, url, finish, attempts, shared, cached, share_key,
			took_ns, calls, prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens, estimated, request, response)
			VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`},
		{&s.blob, `INSERT INTO blobs(sum, body) VALUES(?,?)`},
		{&s.find, `SELECT id FROM blobs WHERE sum=?`},
	} {
		var err error
		if *p.stmt, err = db.Prepare(p.text); err != nil {
			return err
		}
	}
	return nil
}

func (s *inserts) put(db *sql.DB, rec *debate.Record, small bool) error {
	// A compact record whose question and shape are known is one row: its statement is its transaction, at half the cost of two
	// more statements around it. A blob that is in the file without its record does no harm.
	var tx *sql.Tx
	if !small {
		var err error
		if tx, err = db.Begin(); err != nil {
			return err
		}
		defer tx.Rollback() // does nothing after the commit
	}

	var question, shape sql.NullInt64
	var body []byte
	var err error
	if rec.Transcript != nil {
		text, err := json.Marshal(rec.Transcript.Question)
		if err != nil {
			return fmt.Errorf("question: %w", err)
		}
		if question, err = s.intern(tx, text); err != nil {
			return err
		}
	}
	if small {
		var common []byte
		if common, body, err = compact.Pack(rec); err != nil {
			return err
		}
		if shape, err = s.intern(tx, common); err != nil {
			return err
		}
	} else {
		text, err := json.Marshal(strip(rec))
		if err != nil {
			return fmt.Errorf("record: %w", err)
		}
		body = s.zip.Deflate(text)
	}
	d := digest(rec)
	c := rec.Case
	if _, err := within(tx, s.debate).Exec(c.Item, c.Draw, c.Repeat, c.Arm, string(d.Key), string(d.Answer), d.Failed, d.Undecided,
		d.Again, d.Simulated, d.Tied, d.Rounds, d.Corrected, d.Corrupted, question, shape, body); err != nil {
		return err
	}
	if tx == nil {
		return nil
	}
	if err := s.calls(tx, rec); err != nil {
		return err
	}
	return tx.Commit()
}

// within returns the statement as part of the transaction; nil is no transaction.
func within(tx *sql.Tx, stmt *sql.Stmt) *sql.Stmt {
	if tx == nil {
		return stmt
	}
	return tx.Stmt(stmt)
}

// calls replaces the model calls of the case.
func (s *inserts) calls(tx *sql.Tx, rec *debate.Record) error {
	c := rec.Case
	if _, err := tx.Stmt(s.forget).Exec(c.Item, c.Draw, c.Repeat, c.Arm); err != nil {
		return err
	}
	for seq, m := range replies(rec) {
		for n, x := range m.Exchanges {
			request, err := s.intern(tx, x.Request)
			if err != nil {
				return err
			}
			response, err := s.intern(tx, x.Response)
			if err != nil {
				return err
			}
			if _, err := tx.Stmt(s.call).Exec(c.Item, c.Draw, c.Repeat, c.Arm, seq, n, x.Model, x.Served, x.URL, x.Finish,
				x.Attempts, x.Shared, x.Cached, x.Share, int64(x.Took), x.Usage.Calls, x.Usage.PromptTokens, x.Usage.CachedTokens,
				x.Usage.CompletionTokens, x.Usage.ReasoningTokens, x.Usage.Estimated, request, response); err != nil {
				return err
			}
		}
	}
	return nil
}

// intern returns the id of the blob with that content, which it inserts when it is new. Nil content has no id.
func (s *inserts) intern(tx *sql.Tx, content []byte) (sql.NullInt64, error) {
	if content == nil {
		return sql.NullInt64{}, nil
	}
	sum := sha256.Sum256(content)
	if id, ok := s.known[sum]; ok {
		return sql.NullInt64{Int64: id, Valid: true}, nil
	}
	var id int64
	err := sql.ErrNoRows
	if !s.all {
		err = within(tx, s.find).QueryRow(sum[:]).Scan(&id)
	}
	if errors.Is(err, sql.ErrNoRows) {
		var res sql.Result
		if res, err = within(tx, s.blob).Exec(sum[:], s.zip.Deflate(content)); err == nil {
			id, err = res.LastInsertId()
		}
	}
	if err != nil {
		return sql.NullInt64{}, err
	}
	if len(s.known) >= knownLimit {
		s.forgetAll()
	}
	s.known[sum] = id
	return sql.NullInt64{Int64: id, Valid: true}, nil
}

// forgetAll forgets which blobs are in the file.
func (s *inserts) forgetAll() {
	clear(s.known)
	s.all = false
}

// replies yields every reply of the record that may have calls, with the seq that its calls are stored under.
func replies(rec *debate.Record) func(yield func(int, *debate.Message) bool) {
	return func(yield func(int, *debate.Message) bool) {
		if rec.Transcript != nil {
			for i := range rec.Transcript.Messages {
				if !yield(i, &rec.Transcript.Messages[i]) {
					return
				}
			}
		}
		for i := range rec.Verdicts {
			if rec.Verdicts[i].Reply != nil && !yield(-1-i, rec.Verdicts[i].Reply) {
				return
			}
		}
	}
}

// strip returns a copy of the record without the question and the calls, which are stored elsewhere.
func strip(rec *debate.Record) *debate.Record {
	bare := *rec
	if rec.Transcript != nil {
		t := *rec.Transcript
		t.Question = debate.Question{}
		t.Messages = slices.Clone(t.Messages)
		bare.Transcript = &t
	}
	bare.Verdicts = slices.Clone(rec.Verdicts)
	for i, v := range bare.Verdicts {
		if v.Reply != nil {
			reply := *v.Reply
			bare.Verdicts[i].Reply = &reply
		}
	}
	for _, m := range replies(&bare) {
		m.Exchanges = nil
	}
	return &bare
}
