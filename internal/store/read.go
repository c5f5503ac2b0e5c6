package store

import (
	"context"
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

// stored is a record as it is in the file.
type stored struct {
	digest          Digest
	question, shape sql.NullInt64
	body            []byte
}

const storedColumns = digestColumns + `, question, shape, body`

func scanStored(rows *sql.Rows) (stored, error) {
	var s stored
	var err error
	s.digest, err = scanDigest(rows, &s.question, &s.shape, &s.body)
	return s, err
}

// Records yields every record without its model calls, sorted by item, draw, repeat and arm; those marked Again are among
// them. Memory does not grow with their number. It ends after the first error.
func (r *Run) Records(ctx context.Context) iter.Seq2[*debate.Record, error] {
	return func(yield func(*debate.Record, error) bool) {
		d := decoder{run: r}
		for s, err := range paged(ctx, r, storedColumns, "", nil, debate.Case{}, false, scanStored, func(s stored) debate.Case { return s.digest.Case }) {
			if err != nil {
				yield(nil, err)
				return
			}
			rec, err := d.decode(ctx, s)
			if !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

// Record returns the record of the case without its model calls, or an error that wraps [ErrNoRecord].
func (r *Run) Record(ctx context.Context, c debate.Case) (*debate.Record, error) {
	rows, err := r.readers.QueryContext(ctx, `SELECT `+storedColumns+` FROM debates WHERE item=? AND draw=? AND repeat=? AND arm=?`,
		c.Item, c.Draw, c.Repeat, c.Arm)
	if err != nil {
		return nil, r.explain(err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return nil, r.explain(err)
		}
		return nil, fmt.Errorf("%s: %s %w", r.dir, c, ErrNoRecord)
	}
	s, err := scanStored(rows)
	if err != nil {
		return nil, r.explain(err)
	}
	return (&decoder{run: r}).decode(ctx, s)
}

// Count returns how many debates are done, those that failed included, and how many of these failed: their outcome is
// [Failed]. Records marked Again are in neither number: they are still to be debated.
func (r *Run) Count(ctx context.Context) (done, failed int, err error) {
	err = r.readers.QueryRowContext(ctx, `SELECT count(*), count(CASE WHEN `+failures+` THEN 1 END) FROM debates WHERE again=0`).Scan(&done, &failed)
	return done, failed, r.explain(err)
}

// decoder turns stored records into records. It remembers what records have in common, and belongs to one iteration.
type decoder struct {
	run      *Run
	lastID   int64 // of question; 0 before the first
	question debate.Question
	shapes   map[int64]*compact.Shape // at most shapesLimit
	zip      deflate.Inflater
}

// shapesLimit bounds the memory of decoder.shapes, about 1 KB each.
const shapesLimit = 4096

func (d *decoder) decode(ctx context.Context, s stored) (*debate.Record, error) {
	rec, err := d.record(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("record of %s: %w", s.digest.Case, d.run.explain(err))
	}
	return rec, nil
}

func (d *decoder) record(ctx context.Context, s stored) (*debate.Record, error) {
	rec := &debate.Record{}
	if s.shape.Valid {
		shape, err := d.shape(ctx, s.shape.Int64)
		if err != nil {
			return nil, err
		}
		if err := shape.Unpack(s.body, rec); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	} else {
		text, err := d.zip.Inflate(s.body)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if err := json.Unmarshal(text, rec); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	rec.Case, rec.Key, rec.Failed = s.digest.Case, s.digest.Key, s.digest.Failed
	rec.Again, rec.Simulated = s.digest.Again, s.digest.Simulated
	if rec.Transcript == nil || !s.question.Valid {
		return rec, nil
	}
	if s.question.Int64 != d.lastID {
		text, err := d.blob(ctx, s.question.Int64)
		if err != nil {
			return nil, err
		}
		d.question = debate.Question{}
		if err := json.Unmarshal(text, &d.question); err != nil {
			return nil, fmt.Errorf("%w: question: %w", ErrDamaged, err)
		}
		d.lastID = s.question.Int64
	}
	rec.Transcript.Question = d.question
	rec.Transcript.Question.Choices = slices.Clone(d.question.Choices) // the record is the caller's to change
	return rec, nil
}

func (d *decoder) shape(ctx context.Context, id int64) (*compact.Shape, error) {
	if s, ok := d.shapes[id]; ok {
		return s, nil
	}
	text, err := d.blob(ctx, id)
	if err != nil {
		return nil, err
	}
	s, err := compact.ReadShape(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if d.shapes == nil || len(d.shapes) >= shapesLimit {
		d.shapes = map[int64]*compact.Shape{}
	}
	d.shapes[id] = s
	return s, nil
}

// blob returns the content of a blob.
func (d *decoder) blob(ctx context.Context, id int64) ([]byte, error) {
	var body []byte
	if err := d.run.readers.QueryRowContext(ctx, `SELECT body FROM blobs WHERE id=?`, id).Scan(&body); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("%w: blob %d is missing", ErrDamaged, id)
		}
		return nil, err
	}
	text, err := d.zip.Inflate(body)
	if err != nil {
		return nil, fmt.Errorf("%w: blob %d: %w", ErrDamaged, id, err)
	}
	return text, nil
}
