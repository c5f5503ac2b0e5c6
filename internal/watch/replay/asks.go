package replay

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/reports/compact"
	"cheaptalk/tui"
)

// answer does what the person asked for.
func (r *Replay) answer(ctx context.Context, ask tui.Ask) {
	r.note = ""
	switch a := ask.(type) {
	case tui.Open:
		r.open(ctx, a.Case, 0)
	case tui.Move:
		if r.place.rec != nil {
			r.open(ctx, r.place.rec.Case, a.By)
		}
	case tui.Choose:
		r.choose(ctx, a.Filter)
		if a.Follow && r.place.rec != nil {
			r.follow(ctx, r.place.rec.Case)
		}
	case tui.List:
		r.page(ctx, a.From)
	case tui.Seek:
		if r.place.rec != nil {
			r.place.seek(max(a.Round, -1))
		}
	case tui.Play:
		r.speed = min(max(a.Speed, 0), 16)
		if r.speed > 0 && r.place.rec != nil && r.place.at == r.place.end() {
			r.place.at = 0
		}
	case tui.Harmful:
		r.harmful(ctx)
	case tui.Compare:
		r.compare(ctx)
	}
}

// pause is how many turns the end of a debate is shown before the next one is played.
const pause = 3

// play takes one turn.
func (r *Replay) play(ctx context.Context) {
	switch {
	case r.place.rec == nil:
	case r.place.at < r.place.end():
		r.place.at++
		r.waits = pause
	case r.waits > 0:
		r.waits--
	case !r.jobs["open"].running:
		r.waits = pause
		r.open(ctx, r.place.rec.Case, 1)
	}
}

// open puts a debate on the screen: c itself, or the one under the filter that is by debates after it. The zero case is the first.
func (r *Replay) open(ctx context.Context, c debate.Case, by int) {
	filter := r.list.filter
	r.start(ctx, "open", func(reading context.Context, tell func(func())) error {
		if by != 0 || c == (debate.Case{}) {
			d, err := r.neighbour(reading, filter, c, by < 0)
			if errors.Is(err, errNone) {
				tell(func() {
					r.ready = true
					switch {
					case by > 0:
						r.speed, r.note = 0, "this is the last debate"+under(filter)
					case by < 0:
						r.note = "this is the first debate" + under(filter)
					}
				})
				return nil
			}
			if err != nil {
				return err
			}
			c = d.Case
		}
		rec, err := r.read(reading, c)
		if err != nil {
			return err
		}
		tell(func() { r.put(ctx, rec) })
		return nil
	})
}

// follow opens the debate under the filter that is nearest to a case: the case itself or one after it, else one before.
func (r *Replay) follow(ctx context.Context, c debate.Case) {
	filter := r.list.filter
	r.start(ctx, "open", func(reading context.Context, tell func(func())) error {
		before, err := r.neighbour(reading, filter, c, true)
		if err != nil && !errors.Is(err, errNone) {
			return err
		}
		d, err := r.neighbour(reading, filter, before.Case, false)
		switch {
		case errors.Is(err, errNone) && before.Case == (debate.Case{}):
			return nil // there is none
		case errors.Is(err, errNone):
			d = before
		case err != nil:
			return err
		}
		if d.Case == c {
			return nil
		}
		rec, err := r.read(reading, d.Case)
		if err != nil {
			return err
		}
		tell(func() { r.put(ctx, rec) })
		return nil
	})
}

// under names a filter in a sentence.
func under(f tui.Filter) string {
	if f == (tui.Filter{}) {
		return ""
	}
	return " that matches " + f.String()
}

// put puts a record on the screen: as it ended, or its beginning while it plays.
func (r *Replay) put(ctx context.Context, rec *debate.Record) {
	first := r.place.rec == nil
	r.place = place{rec: rec}
	if first {
		r.speed = r.o.Speed
	}
	if r.speed == 0 {
		r.place.at = r.place.end()
	}
	r.trouble, r.ready = "", true
	if r.beside != nil {
		r.besideFrom(ctx, r.armIndex(r.beside.Case.Arm))
	}
}

// read returns a record that the screen can rely on.
func (r *Replay) read(ctx context.Context, c debate.Case) (*debate.Record, error) {
	rec, err := r.run.Record(ctx, c)
	if err != nil {
		return nil, err
	}
	if rec.Transcript == nil {
		rec.Transcript = &debate.Transcript{Question: debate.Question{ID: c.Item}}
	}
	if err := compact.Check(rec.Transcript); err != nil {
		return nil, fmt.Errorf("%s: %w", c, err)
	}
	return rec, nil
}

// harmful goes to the next harmful flip: in this debate, or in the next one under the filter that has one.
func (r *Replay) harmful(ctx context.Context) {
	r.speed = 0
	if r.place.rec == nil {
		return
	}
	if round, ok := r.place.harmful(r.place.round()); ok {
		r.place.seek(round)
		return
	}
	from, filter := r.place.rec.Case, r.list.filter
	filter.Outcome = "harmful"
	r.start(ctx, "open", func(reading context.Context, tell func(func())) error {
		d, err := r.neighbour(reading, filter, from, false)
		if errors.Is(err, errNone) {
			tell(func() { r.note = "no harmful flip after this one" + under(r.list.filter) })
			return nil
		}
		if err != nil {
			return err
		}
		rec, err := r.read(reading, d.Case)
		if err != nil {
			return err
		}
		tell(func() {
			r.put(ctx, rec)
			if round, ok := r.place.harmful(-1); ok {
				r.place.seek(round)
			}
		})
		return nil
	})
}

// compare puts the same question under the next arm beside the debate, and after the last arm nothing.
func (r *Replay) compare(ctx context.Context) {
	if r.place.rec == nil {
		return
	}
	next := 0
	if r.beside != nil {
		next = 1 + r.armIndex(r.beside.Case.Arm)
	}
	r.besideFrom(ctx, next)
}

// armIndex returns the index of an arm in the order of the experiment, or -1.
func (r *Replay) armIndex(name string) int {
	return slices.IndexFunc(r.arms, func(a tui.Arm) bool { return a.Name == name })
}

// besideFrom puts the same question beside the debate under the first arm from the index on that has it.
func (r *Replay) besideFrom(ctx context.Context, index int) {
	c := r.place.rec.Case
	var names []string
	for _, a := range r.arms[min(max(index, 0), len(r.arms)):] {
		if a.Name != c.Arm {
			names = append(names, a.Name)
		}
	}
	r.start(ctx, "beside", func(ctx context.Context, tell func(func())) error {
		for _, name := range names {
			c.Arm = name
			rec, err := r.read(ctx, c)
			if errors.Is(err, store.ErrNoRecord) {
				continue
			}
			if err != nil {
				return err
			}
			tell(func() { r.beside, r.parted = rec, parted(r.place.rec.Transcript, rec.Transcript) })
			return nil
		}
		tell(func() {
			if r.beside == nil {
				r.note = "no other arm has held a debate of this question"
			}
			r.beside = nil
		})
		return nil
	})
}
