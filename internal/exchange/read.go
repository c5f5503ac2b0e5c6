package exchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

	"cheaptalk/debate"
	"cheaptalk/internal/exchange/tables"
)

// Batches yields the records of the files, up to n at a time. It ends after the first error.
func (f *Files) Batches(n int) iter.Seq2[[]*debate.Record, error] {
	return func(yield func([]*debate.Record, error) bool) {
		var batch []*debate.Record
		for rec, err := range f.Records() {
			if err != nil {
				yield(nil, err)
				return
			}
			if batch = append(batch, rec); len(batch) < n {
				continue
			}
			if !yield(batch, nil) {
				return
			}
			batch = nil
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

// Records reads the records of f.Whole, or makes them of f.Tables. It may be called again. What no debate could have made is an error, and
// so is a case that is there twice. Columns that follow from others (outcome, corrected, ...), and the rows of the table transitions
// where it is given, are compared with what they follow from. The error, which names the file, the line and the field, is the last that is
// yielded.
func (f *Files) Records() iter.Seq2[*debate.Record, error] {
	return func(yield func(*debate.Record, error) bool) {
		seen := map[[16]byte]bool{} // the beginning of the SHA-256 of each case
		err := f.records(func(rec *debate.Record) error {
			if err := check(rec); err != nil {
				return err
			}
			name, err := json.Marshal(rec.Case)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(name)
			if key := [16]byte(sum[:16]); seen[key] {
				return fmt.Errorf("the debate %s is there twice; take one out", rec.Case)
			} else {
				seen[key] = true
			}
			if !yield(rec, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && err != errStop {
			yield(nil, err)
		}
	}
}

// errStop says that the caller wants no more records.
var errStop = errors.New("enough")

// records calls fn with every record, and places its errors but errStop.
func (f *Files) records(fn func(*debate.Record) error) error {
	for _, path := range f.Whole {
		if err := readWhole(path, fn); err != nil {
			return err
		}
	}
	if len(f.Tables) > 0 {
		return f.join(fn)
	}
	return nil
}

// readWhole reads whole records, one a line.
func readWhole(path string, fn func(*debate.Record) error) error {
	in, err := open(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer in.Close()
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
		last := err == io.EOF
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			err := whole(line, fn)
			if err == errStop {
				return err
			}
			if err != nil {
				return fmt.Errorf("%s:%d: %w", path, n, err)
			}
		}
		if last {
			return nil
		}
	}
}

// whole reads one whole record.
func whole(line []byte, fn func(*debate.Record) error) error {
	if !utf8.Valid(line) {
		return errors.New("not UTF-8; save the file as UTF-8 text")
	}
	rec := &debate.Record{}
	if err := tables.Decode(line, rec); err != nil {
		if at := (*json.SyntaxError)(nil); errors.As(err, &at) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("not one whole JSON object (%w); the line is cut short or not a record", err)
		}
		return fmt.Errorf("%w; write it as cheaptalk export does", err)
	}
	return fn(rec)
}

// join makes records of rows. The messages of a debate follow one another, and the debates have one order in all tables.
func (f *Files) join(fn func(*debate.Record) error) error {
	messages, stop := pull[tables.Message](f.Tables[Tables[1]], Tables[0])
	defer stop()
	transitions, stop := pull[tables.Transition](f.Tables[Tables[2]], Tables[0])
	defer stop()
	path := f.Tables[Tables[0]]
	for row, err := range readTable[tables.Record](path) {
		if err != nil {
			return err
		}
		at := fmt.Sprintf("%s:%d", path, row.Line)
		said, err := messages.of(row.Row.Case, func(m tables.Message) tables.Case { return m.Case })
		if err != nil {
			return err
		}
		if messages.full && len(said) == 0 && row.Row.Rounds != nil {
			return fmt.Errorf("%s: its messages do not come next in %s, line %d; sort both by item, draw, repeat and arm", at, messages.path, messages.row.Line)
		}
		rec, err := row.Row.Debate(rows(said))
		if err == nil {
			err = fn(rec)
		}
		if err == errStop {
			return err
		}
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		changed, err := transitions.of(row.Row.Case, func(t tables.Transition) tables.Case { return t.Case })
		if err != nil {
			return err
		}
		if err := f.compare(rec, row, said, changed); err != nil {
			return err
		}
	}
	return errors.Join(messages.end(), transitions.end())
}

// compare finds a cell that does not follow from the record that was made of the rows.
func (f *Files) compare(rec *debate.Record, row tables.Placed[tables.Record], said []tables.Placed[tables.Message],
	changed []tables.Placed[tables.Transition]) error {
	wantRow, wantSaid, wantChanged, err := tables.Of(rec)
	if err != nil {
		return err
	}
	if err := same(f.Tables[Tables[0]], []tables.Placed[tables.Record]{row}, []tables.Record{wantRow}); err != nil {
		return err
	}
	if err := same(f.Tables[Tables[1]], said, wantSaid); err != nil {
		return err
	}
	path := f.Tables[Tables[2]]
	if path == "" {
		return nil
	}
	if len(changed) != len(wantChanged) {
		return fmt.Errorf("%s: %d transitions of the debate %s, whose messages have %d; leave the table out, it follows from messages",
			path, len(changed), rec.Case, len(wantChanged))
	}
	return same(path, changed, wantChanged)
}

// same compares rows with what they should be, one by one.
func same[T tables.Row](path string, got []tables.Placed[T], want []T) error {
	for i, row := range got {
		if column, is, follows := tables.Differs(row.Row, want[i]); column != "" {
			return fmt.Errorf("%s:%d: %s is %q, but from the other columns and tables follows %q; change these, or put it right",
				path, row.Line, column, is, follows)
		}
	}
	return nil
}

// rows returns the rows without their places.
func rows[T tables.Row](placed []tables.Placed[T]) []T {
	out := make([]T, len(placed))
	for i, p := range placed {
		out[i] = p.Row
	}
	return out
}

// puller reads a table one debate at a time.
type puller[T tables.Row] struct {
	path string
	with string // the table whose order it must have
	next func() (tables.Placed[T], error, bool)

	row  tables.Placed[T] // that was read and not used
	full bool             // there is one
}

// pull opens a table; path "" is one without rows.
func pull[T tables.Row](path, with string) (*puller[T], func()) {
	next, stop := iter.Pull2(readTable[T](path))
	return &puller[T]{path: path, with: with, next: next}, stop
}

// of returns the rows of the debate, which are the next ones.
func (p *puller[T]) of(c tables.Case, caseOf func(T) tables.Case) ([]tables.Placed[T], error) {
	var list []tables.Placed[T]
	for {
		if err := p.fill(); err != nil {
			return nil, err
		}
		if !p.full || caseOf(p.row.Row) != c {
			return list, nil
		}
		list, p.full = append(list, p.row), false
	}
}

func (p *puller[T]) fill() error {
	if p.full {
		return nil
	}
	row, err, ok := p.next()
	if err != nil {
		return err
	}
	p.row, p.full = row, ok
	return nil
}

// end returns an error when rows are left that no debate has taken.
func (p *puller[T]) end() error {
	if err := p.fill(); err != nil || !p.full {
		return err
	}
	return fmt.Errorf("%s:%d: a row of a debate that the table %s does not have, or has elsewhere; sort both by item, draw, repeat and arm",
		p.path, p.row.Line, p.with)
}

// readTable reads a table from a file in whatever format; path "" is one without rows. Errors name the file.
func readTable[T tables.Row](path string) iter.Seq2[tables.Placed[T], error] {
	return func(yield func(tables.Placed[T], error) bool) {
		if path == "" {
			return
		}
		in, err := open(path)
		if err != nil {
			yield(tables.Placed[T]{}, fmt.Errorf("%s: %w", path, err))
			return
		}
		defer in.Close()
		list := tables.ReadCSV[T](in)
		if start, _ := in.Peek(4); string(start) == "PAR1" {
			info, err := in.file.Stat()
			if err != nil {
				yield(tables.Placed[T]{}, fmt.Errorf("%s: %w", path, err))
				return
			}
			list = tables.ReadParquet[T](in.file, info.Size())
		}
		for row, err := range list {
			switch {
			case err != nil && row.Line > 0:
				err = fmt.Errorf("%s:%d: %w", path, row.Line, err)
			case err != nil:
				err = fmt.Errorf("%s: %w", path, err)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
