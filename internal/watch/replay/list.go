package replay

import (
	"context"
	"errors"
	"iter"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/reports/compact"
	"cheaptalk/tui"
)

const (
	window = 256  // lines of the list in a snapshot
	stride = 1000 // debates between two marks
)

// errNone says that no debate is there under the filter.
var errNone = errors.New("no such debate")

// list is a window on the debates under a filter, in the order of the store.
type list struct {
	filter   tui.Filter
	lines    []tui.Line
	from     int // of the first line
	matching int // as far as they are counted
	// marks[i] is the last of the first (i+1)*stride debates under the filter: where a page in the middle is looked for.
	marks []debate.Case
}

// filter returns the part of a filter that the store can answer. What is left is Agent.
func filter(f tui.Filter) store.Filter {
	return store.Filter{Arm: f.Arm, Set: f.Data, Harmful: f.Outcome == "harmful", Helpful: f.Outcome == "beneficial",
		Ties: f.Outcome == "tied", Failures: f.Outcome == "failed"}
}

// search yields the debates under a filter, from after a case on or backward from it. A filter that names an agent has to read
// every record on its way, which takes time but no memory.
func (r *Replay) search(ctx context.Context, f tui.Filter, after debate.Case, backward bool) iter.Seq2[store.Digest, error] {
	by := filter(f)
	by.After, by.Backward = after, backward
	return func(yield func(store.Digest, error) bool) {
		for d, err := range r.run.Cases(ctx, by) {
			if err == nil && f.Agent != "" {
				var ok bool
				if ok, err = r.takesPart(ctx, d.Case, f); err == nil && !ok {
					continue
				}
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// takesPart reports whether the filter's agent flipped in a debate as the filter's outcome says, or else is in its team.
func (r *Replay) takesPart(ctx context.Context, c debate.Case, f tui.Filter) (bool, error) {
	rec, err := r.run.Record(ctx, c)
	if err != nil || rec.Transcript == nil || compact.Check(rec.Transcript) != nil {
		return false, err
	}
	i := rec.Transcript.Speaker(f.Agent)
	var fate debate.Fate
	switch f.Outcome {
	case "harmful":
		fate = debate.Corrupted
	case "beneficial":
		fate = debate.Corrected
	default:
		return i >= 0, nil
	}
	return slices.ContainsFunc(debate.Transitions(rec.Transcript, rec.Key), func(tr debate.Transition) bool {
		return tr.Agent == i && tr.Fate() == fate
	}), nil
}

// neighbour returns the debate under the filter that follows a case, or goes before it, or errNone.
func (r *Replay) neighbour(ctx context.Context, f tui.Filter, c debate.Case, backward bool) (store.Digest, error) {
	for d, err := range r.search(ctx, f, c, backward) {
		return d, err
	}
	return store.Digest{}, errNone
}

// choose sets the filter, shows the first page and counts what is under it.
func (r *Replay) choose(ctx context.Context, f tui.Filter) {
	r.list = list{filter: f}
	r.page(ctx, 0)
	r.count(ctx)
}

// page shows the window of the list that begins at an index.
func (r *Replay) page(ctx context.Context, from int) {
	f, after, skip := r.list.filter, debate.Case{}, min(max(from, 0), max(r.list.matching-1, 0))
	from = skip
	if mark := min(skip/stride, len(r.list.marks)); mark > 0 {
		after, skip = r.list.marks[mark-1], skip-mark*stride
	}
	r.start(ctx, "page", func(ctx context.Context, tell func(func())) error {
		lines := make([]tui.Line, 0, window)
		for d, err := range r.search(ctx, f, after, false) {
			if err != nil {
				return err
			}
			if skip > 0 {
				skip--
				continue
			}
			if lines = append(lines, line(d)); len(lines) == window {
				break
			}
		}
		tell(func() {
			r.list.lines, r.list.from = lines, from
			r.list.matching = max(r.list.matching, from+len(lines))
		})
		return nil
	})
}

func line(d store.Digest) tui.Line {
	out := d.Outcome()
	return tui.Line{Case: d.Case, Over: true, Failed: out == store.Failed, Tied: d.Tied, Right: out == store.Right && d.Key != "",
		Known: d.Key != "", Harmful: d.Corrupted, Helpful: d.Corrected}
}

// count counts what is under the filter, and marks the way.
func (r *Replay) count(ctx context.Context) {
	f := r.list.filter
	r.start(ctx, "count", func(ctx context.Context, tell func(func())) error {
		total := 0
		for after := (debate.Case{}); ; {
			c, n, err := r.stride(ctx, f, after)
			if err != nil {
				return err
			}
			total += n
			soFar := total // the loop of Run may be behind
			tell(func() {
				r.list.matching = max(r.list.matching, soFar)
				if n == stride {
					r.list.marks = append(r.list.marks, c)
				}
			})
			if n < stride {
				return nil
			}
			after = c
		}
	})
}

// stride returns the debate that comes stride debates after a case under the filter, or how many there are left.
func (r *Replay) stride(ctx context.Context, f tui.Filter, after debate.Case) (c debate.Case, n int, err error) {
	if f.Agent == "" {
		by := filter(f)
		by.After = after
		return r.run.Step(ctx, by, stride)
	}
	for d, err := range r.search(ctx, f, after, false) {
		if err != nil {
			return debate.Case{}, 0, err
		}
		if n++; n == stride {
			return d.Case, n, nil
		}
	}
	return debate.Case{}, n, nil
}
