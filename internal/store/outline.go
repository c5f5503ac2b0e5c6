package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"sync"

	"cheaptalk/debate"
	"cheaptalk/internal/store/compact"
)

// outlineColumns are the columns of an outline.
const outlineColumns = `item, draw, repeat, arm, key, failed, again, simulated, shape, body`

func scanOutline(rows *sql.Rows) (stored, error) {
	var s stored
	d := &s.digest
	err := rows.Scan(&d.Case.Item, &d.Case.Draw, &d.Case.Repeat, &d.Case.Arm, &d.Key, &d.Failed, &d.Again, &d.Simulated, &s.shape, &s.body)
	return s, err
}

// Outlines yields every record as counting needs it, in the order of [Run.Records]: without model calls, of the question the ID alone, and from a compact
// run without tallies. The record and what it points to are valid until the next one is asked for, when their memory is used again, and must not be changed.
// The next records are read while the last ones are looked at. It ends after the first error.
func (r *Run) Outlines(ctx context.Context) iter.Seq2[*debate.Record, error] {
	return func(yield func(*debate.Record, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		batches := make(chan []stored, 2) // so many are read ahead
		var failed error                  // of reading; set before batches is closed
		var reading sync.WaitGroup
		reading.Go(func() {
			defer close(batches)
			failed = r.readOutlines(ctx, batches)
		})
		defer reading.Wait()
		defer cancel()
		d := outliner{decoder: decoder{run: r}}
		for batch := range batches {
			for i := range batch {
				rec, err := d.outline(ctx, &batch[i])
				if !yield(rec, err) || err != nil {
					return
				}
			}
		}
		if failed != nil {
			yield(nil, failed)
		}
	}
}

// readOutlines sends the stored records in batches until they end, ctx is done or an error, which it returns.
func (r *Run) readOutlines(ctx context.Context, batches chan<- []stored) error {
	const size = 256
	batch := make([]stored, 0, size)
	send := func() error {
		select {
		case batches <- batch:
			batch = make([]stored, 0, size)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for s, err := range paged(ctx, r, outlineColumns, "", nil, debate.Case{}, false, scanOutline, func(s stored) debate.Case { return s.digest.Case }) {
		if err != nil {
			return err
		}
		if batch = append(batch, s); len(batch) == size {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

// outliner turns stored records into outlines, all in the same memory.
type outliner struct {
	decoder
	rec    debate.Record
	unpack compact.Unpacker
}

func (d *outliner) outline(ctx context.Context, s *stored) (*debate.Record, error) {
	rec := &d.rec
	*rec = debate.Record{}
	if err := d.fill(ctx, s, rec); err != nil {
		return nil, fmt.Errorf("record of %s: %w", s.digest.Case, d.run.explain(err))
	}
	rec.Case, rec.Key, rec.Failed = s.digest.Case, s.digest.Key, s.digest.Failed
	rec.Again, rec.Simulated = s.digest.Again, s.digest.Simulated
	if rec.Transcript != nil {
		rec.Transcript.Question = debate.Question{ID: s.digest.Case.Item}
	}
	return rec, nil
}

// fill decodes the body.
func (d *outliner) fill(ctx context.Context, s *stored, rec *debate.Record) error {
	if s.shape.Valid {
		shape, err := d.shape(ctx, s.shape.Int64)
		if err != nil {
			return err
		}
		if err := d.unpack.Unpack(shape, s.body, rec); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return nil
	}
	text, err := d.zip.Inflate(s.body)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err := json.Unmarshal(text, rec); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}
