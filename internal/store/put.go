package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/internal/store/compact"
	"cheaptalk/internal/store/deflate"
)

// Has reports whether the case has a record that is not marked Again. Of a run that is open for writing it says so from when Put returns, an instant
// after the record can be read. Of a run that is open for reading alone, which others may write, it asks the file; when that cannot be read it says no.
func (r *Run) Has(c debate.Case) bool {
	if r.writer != nil {
		return r.recorded.has(c)
	}
	var one int
	return r.readers.QueryRow(`SELECT 1 FROM debates WHERE item=? AND draw=? AND repeat=? AND arm=? AND again=0`,
		c.Item, c.Draw, c.Repeat, c.Arm).Scan(&one) == nil
}

// Put writes the record in one transaction and returns after its commit; see the package comment for what that survives.
// A record of the same case is replaced, its calls included. rec is not changed and not kept.
func (r *Run) Put(rec *debate.Record) error { return r.PutAll([]*debate.Record{rec}) }

// PutAll is Put of several records in one transaction: all of them are written, or none.
func (r *Run) PutAll(recs []*debate.Record) error {
	if r.writer == nil {
		return r.notWritable()
	}
	if err := r.inserts.put(r.writer, recs, r.Meta().Compact); err != nil {
		r.inserts.forgetAll() // ids of a transaction that was rolled back are nobody's
		return r.explain(err)
	}
	r.recorded.note(recs)
	return nil
}

// fillAtOnce is the number of records that Fill asks for at a time.
const fillAtOnce = 64

// Fill puts records that are given in batches, of at most so many each, one transaction a batch. It returns how many it has put, and the first error:
// one of the batches, that of ctx, or one of writing.
func (r *Run) Fill(ctx context.Context, batches func(most int) iter.Seq2[[]*debate.Record, error]) (n int, err error) {
	for batch, err := range batches(fillAtOnce) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = r.PutAll(batch)
		}
		if err != nil {
			return n, err
		}
		n += len(batch)
	}
	return n, nil
}

// inserts are the prepared statements of Put and what it remembers. It belongs to the goroutine of Put.
type inserts struct {
	statements

	known map[[sha256.Size]byte]int64 // blobs that are in the file, at most knownLimit
	all   bool                        // known has every blob that is in the file
	zip   deflate.Deflater
	text  []byte // of bodies; to be used again
}

type statements struct {
	debate, forget, call, blob, find *sql.Stmt
}

// within returns the statements as part of the transaction; nil is no transaction.
func (s statements) within(tx *sql.Tx) statements {
	if tx == nil {
		return s
	}
	return statements{debate: tx.Stmt(s.debate), forget: tx.Stmt(s.forget), call: tx.Stmt(s.call), blob: tx.Stmt(s.blob), find: tx.Stmt(s.find)}
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
			rounds, corrected, corrupted, question, shape, body, bodies) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`},
		{&s.forget, `DELETE FROM calls WHERE item=? AND draw=? AND repeat=? AND arm=?`},
		{&s.call, `INSERT INTO calls(item, draw, repeat, arm, seq, n, model, served, url, finish, attempts, shared, cached, share_key,
			took_ns, calls, prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens, estimated)
			VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,'',?,?,?,?,?,?,?)`},
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

func (s *inserts) put(db *sql.DB, recs []*debate.Record, small bool) error {
	// A compact record whose question and shape are known is one row: its statement is its transaction, at half the cost of two
	// more statements around it. A blob that is in the file without its record does no harm.
	var tx *sql.Tx
	if !small || len(recs) > 1 {
		var err error
		if tx, err = db.Begin(); err != nil {
			return err
		}
		defer tx.Rollback() // does nothing after the commit
	}
	in := s.within(tx)
	for _, rec := range recs {
		if err := s.record(in, rec, small); err != nil {
			return err
		}
	}
	if tx == nil {
		return nil
	}
	return tx.Commit()
}

// record writes one record with its calls.
func (s *inserts) record(in statements, rec *debate.Record, small bool) error {
	var question, shape sql.NullInt64
	var body, bodies []byte
	var err error
	if rec.Transcript != nil {
		text, err := json.Marshal(rec.Transcript.Question)
		if err != nil {
			return fmt.Errorf("question: %w", err)
		}
		if question, err = s.intern(in, text); err != nil {
			return err
		}
	}
	if small {
		var common []byte
		if common, body, err = compact.Pack(rec); err != nil {
			return err
		}
		if shape, err = s.intern(in, common); err != nil {
			return err
		}
	} else {
		text, err := json.Marshal(strip(rec))
		if err != nil {
			return fmt.Errorf("record: %w", err)
		}
		body = s.zip.Deflate(text)
		if bodies, err = s.calls(in, rec); err != nil {
			return err
		}
	}
	d := digest(rec)
	c := rec.Case
	_, err = in.debate.Exec(c.Item, c.Draw, c.Repeat, c.Arm, string(d.Key), string(d.Answer), d.Failed, d.Undecided,
		d.Again, d.Simulated, d.Tied, d.Rounds, d.Corrected, d.Corrupted, question, shape, body, bodies)
	return err
}

// calls replaces the model calls of the case, and returns their bodies as they are stored, nil when there are none.
func (s *inserts) calls(in statements, rec *debate.Record) ([]byte, error) {
	c := rec.Case
	if _, err := in.forget.Exec(c.Item, c.Draw, c.Repeat, c.Arm); err != nil {
		return nil, err
	}
	s.text = s.text[:0]
	for seq, m := range replies(rec) {
		for n := range m.Exchanges {
			x := &m.Exchanges[n]
			if _, err := in.call.Exec(c.Item, c.Draw, c.Repeat, c.Arm, seq, n, x.Model, x.Served, x.URL, x.Finish,
				x.Attempts, x.Shared, x.Cached, int64(x.Took), x.Usage.Calls, x.Usage.PromptTokens, x.Usage.CachedTokens,
				x.Usage.CompletionTokens, x.Usage.ReasoningTokens, x.Usage.Estimated); err != nil {
				return nil, err
			}
			s.text = appendBodies(s.text, x)
		}
	}
	if len(s.text) == 0 {
		return nil, nil
	}
	return s.zip.Deflate(s.text), nil
}

// intern returns the id of the blob with that content, which it inserts when it is new. Nil content has no id.
func (s *inserts) intern(in statements, content []byte) (sql.NullInt64, error) {
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
		err = in.find.QueryRow(sum[:]).Scan(&id)
	}
	if errors.Is(err, sql.ErrNoRows) {
		var res sql.Result
		if res, err = in.blob.Exec(sum[:], s.zip.Deflate(content)); err == nil {
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
