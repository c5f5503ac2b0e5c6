package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"

	"cheaptalk/debate"
)

// Digest is what lists show of a record. It is read without the record.
type Digest struct {
	Case      debate.Case
	Key       debate.Answer
	Answer    debate.Answer // of the primary judge; "" when it decided nothing
	Failed    string        // the error that ended the debate
	Undecided string        // the error of the primary judge
	Again     bool          // see debate.Record.Again
	Simulated bool
	Tied      bool // by the verdict of the primary judge
	Rounds    int  // debate rounds after round 0; -1 when there was no round at all
	Corrected int  // transitions from incorrect to correct; see debate.Transitions
	Corrupted int  // transitions from correct to incorrect
}

// Outcome is what became of a debate, by its primary judge.
type Outcome string

// The four outcomes.
const (
	Right      Outcome = "right"
	Wrong      Outcome = "wrong"
	Unreadable Outcome = "unreadable" // the group has no answer
	Failed     Outcome = "failed"     // the debate failed, or its judge did: neither right nor wrong
)

// Outcome returns what became of the debate.
func (d Digest) Outcome() Outcome {
	if d.Failed != "" || d.Undecided != "" {
		return Failed
	}
	switch debate.Grade(d.Answer, d.Key) {
	case debate.Correct:
		return Right
	case debate.Incorrect:
		return Wrong
	}
	return Unreadable
}

// digest returns the digest of a record.
func digest(rec *debate.Record) Digest {
	d := Digest{Case: rec.Case, Key: rec.Key, Failed: rec.Failed, Again: rec.Again, Simulated: rec.Simulated, Rounds: -1}
	if len(rec.Verdicts) > 0 {
		v := rec.Verdicts[0]
		d.Answer, d.Tied, d.Undecided = v.Answer, v.Tied, v.Failed
	}
	if rec.Transcript == nil {
		return d
	}
	d.Rounds = rec.Transcript.LastRound()
	for _, tr := range debate.Transitions(rec.Transcript, rec.Key) {
		switch tr.Fate() {
		case debate.Corrected:
			d.Corrected++
		case debate.Corrupted:
			d.Corrupted++
		}
	}
	return d
}

// digestColumns are the columns that scanDigest reads.
const digestColumns = `item, draw, repeat, arm, key, answer, failed, undecided, again, simulated, tied, rounds, corrected, corrupted`

// scanDigest reads the digest columns of a row and whatever columns follow them.
func scanDigest(rows *sql.Rows, more ...any) (Digest, error) {
	var d Digest
	err := rows.Scan(append([]any{&d.Case.Item, &d.Case.Draw, &d.Case.Repeat, &d.Case.Arm, &d.Key, &d.Answer, &d.Failed, &d.Undecided,
		&d.Again, &d.Simulated, &d.Tied, &d.Rounds, &d.Corrected, &d.Corrupted}, more...)...)
	return d, err
}

// Filter chooses debates. The zero Filter chooses all; conditions add up.
type Filter struct {
	Arm      string
	Item     string // the ID of a question
	Set      string // a data set: the part of the ID before the first slash
	Flips    bool   // some answer was corrected or corrupted
	Helpful  bool   // some answer was corrected
	Harmful  bool   // some answer was corrupted
	Ties     bool   // the primary judge's verdict was a tie
	Failures bool   // the outcome is Failed
	Unread   bool   // the outcome is Unreadable
	Search   string // the ID of the question holds it, whatever the case of its ASCII letters
	// After leaves out the debates up to and including this case, in the order of [Run.Cases]: the next page of a list.
	After debate.Case
	// Backward turns the order round: the page before After, its last debate first. Without After there is none.
	Backward bool
}

// where returns the conditions of the filter but After, each with " AND " before it, and their arguments.
func (f Filter) where() (where string, args []any) {
	if f.Arm != "" {
		where, args = where+" AND arm = ?", append(args, f.Arm)
	}
	if f.Item != "" {
		where, args = where+" AND item = ?", append(args, f.Item)
	}
	if f.Set != "" {
		where, args = where+" AND item >= ? AND item < ?", append(args, f.Set+"/", f.Set+"0") // "0" follows "/"
	}
	if f.Search != "" {
		where, args = where+" AND instr(lower(item), lower(?)) > 0", append(args, f.Search)
	}
	for _, c := range []struct {
		asked bool
		what  string
	}{
		{f.Flips, "(corrected > 0 OR corrupted > 0)"}, {f.Helpful, "corrected > 0"}, {f.Harmful, "corrupted > 0"},
		{f.Ties, "tied"}, {f.Failures, failures}, {f.Unread, "NOT " + failures + " AND answer = ''"},
	} {
		if c.asked {
			where += " AND " + c.what
		}
	}
	return where, args
}

// Cases yields the digests of the debates that the filter chooses, sorted by item, draw, repeat and arm, or backward.
// It ends after the first error.
func (r *Run) Cases(ctx context.Context, f Filter) iter.Seq2[Digest, error] {
	where, args := f.where()
	return paged(ctx, r, digestColumns, where, args, f.After, f.Backward,
		func(rows *sql.Rows) (Digest, error) { return scanDigest(rows) },
		func(d Digest) debate.Case { return d.Case })
}

// Step returns the case that comes n debates after f.After among those that the filter chooses, and n. Where there are fewer,
// it returns how many there are. It reads no record, and holds one connection while it goes over the n. Backward does not count.
func (r *Run) Step(ctx context.Context, f Filter, n int) (c debate.Case, steps int, err error) {
	where, args := f.where()
	rest := ` FROM debates WHERE (item, draw, repeat, arm) > (?, ?, ?, ?)` + where + ` ORDER BY item, draw, repeat, arm`
	args = append([]any{f.After.Item, f.After.Draw, f.After.Repeat, f.After.Arm}, args...)
	err = r.readers.QueryRowContext(ctx, `SELECT item, draw, repeat, arm`+rest+` LIMIT 1 OFFSET ?`, append(args, n-1)...).
		Scan(&c.Item, &c.Draw, &c.Repeat, &c.Arm)
	if !errors.Is(err, sql.ErrNoRows) {
		return c, n, r.explain(err)
	}
	err = r.readers.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1`+rest+` LIMIT ?)`, append(args, n)...).Scan(&steps)
	return debate.Case{}, steps, r.explain(err)
}

// pageSize is the number of rows that an iterator reads at once and holds in memory.
const pageSize = 128

// paged yields the rows of debates after a case, sorted by it, in pages: no connection is held and no transaction is open while
// the caller works, so that a slow reader never keeps the writer from folding its log into the file.
func paged[T any](ctx context.Context, r *Run, columns, where string, args []any, after debate.Case, backward bool,
	scan func(*sql.Rows) (T, error), name func(T) debate.Case) iter.Seq2[T, error] {
	query := `SELECT ` + columns + ` FROM debates WHERE (item, draw, repeat, arm) > (?, ?, ?, ?)` + where +
		` ORDER BY item, draw, repeat, arm LIMIT ?`
	if backward {
		query = `SELECT ` + columns + ` FROM debates WHERE (item, draw, repeat, arm) < (?, ?, ?, ?)` + where +
			` ORDER BY item DESC, draw DESC, repeat DESC, arm DESC LIMIT ?`
	}
	return func(yield func(T, error) bool) {
		page := make([]T, 0, pageSize)
		for at := after; ; {
			page = page[:0]
			all := append([]any{at.Item, at.Draw, at.Repeat, at.Arm}, args...)
			rows, err := r.readers.QueryContext(ctx, query, append(all, pageSize)...)
			if err == nil {
				for err == nil && rows.Next() {
					var row T
					if row, err = scan(rows); err == nil {
						page = append(page, row)
					}
				}
				if err == nil {
					err = rows.Err()
				}
				rows.Close()
			}
			for _, row := range page {
				if !yield(row, nil) {
					return
				}
			}
			if err != nil {
				var none T
				yield(none, r.explain(err))
				return
			}
			if len(page) < pageSize {
				return
			}
			at = name(page[len(page)-1])
		}
	}
}
