package datasets

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"cheaptalk/debate"
)

// Limit is a range of the questions of a data set, counted from 1 with both ends included, as it is written on the command
// line: "20" is the first 20, "10-20" the 10th to the 20th. The zero Limit is all of them.
type Limit struct{ From, To int }

// UnmarshalText reads "20" or "10-20".
func (l *Limit) UnmarshalText(b []byte) error {
	from, to, isRange := strings.Cut(string(b), "-")
	if !isRange {
		from, to = "1", from
	}
	var err, err2 error
	l.From, err = strconv.Atoi(from)
	l.To, err2 = strconv.Atoi(to)
	if err != nil || err2 != nil || l.From < 1 || l.To < l.From {
		*l = Limit{}
		return fmt.Errorf("limit %q is not a number of questions or a range such as 10-20", b)
	}
	return nil
}

// MarshalText writes the limit as UnmarshalText reads it; the zero Limit is "".
func (l Limit) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// String returns "20", "10-20", or "" for the zero Limit.
func (l Limit) String() string {
	switch {
	case l == Limit{}:
		return ""
	case l.From <= 1:
		return strconv.Itoa(l.To)
	}
	return fmt.Sprintf("%d-%d", l.From, l.To)
}

// Selection says which of the questions that were loaded are asked. The zero Selection asks all of them in their order.
type Selection struct {
	IDs []string // question IDs; * and ? stand for any text without a slash ("mmlu/astronomy/*"); nil means all
	// Limit holds for each data set by itself. A limit beyond the end of a set takes what there is.
	Limit Limit
	// Draws is the number of seeded samples. With 0 the Limit takes the questions in the order of their file: "20" is the
	// first 20. With 1 or more it is the size of each sample, drawn without replacement from the whole set; the items of
	// the d-th have Draw d, from 0. A question may be in several draws.
	Draws int
	Seed  uint64 // of the draws
}

// Of returns the chosen items: draw by draw, in each the data sets in the order in which they first appear.
func (s Selection) Of(items []debate.Item) ([]debate.Item, error) {
	items, err := s.named(items)
	if err != nil {
		return nil, err
	}
	var names []string
	sets := map[string][]debate.Item{}
	for _, item := range items {
		name := item.Question.Set()
		if sets[name] == nil {
			names = append(names, name)
		}
		sets[name] = append(sets[name], item)
	}
	var chosen []debate.Item
	for draw := range max(s.Draws, 1) {
		for _, name := range names {
			some, err := s.draw(sets[name], name, draw)
			if err != nil {
				return nil, err
			}
			chosen = append(chosen, some...)
		}
	}
	return chosen, nil
}

// draw returns the items of one set in one draw.
func (s Selection) draw(set []debate.Item, name string, draw int) ([]debate.Item, error) {
	if s.Draws < 0 {
		return nil, fmt.Errorf("%d draws: want 0 or more", s.Draws)
	}
	from, to := max(s.Limit.From, 1), s.Limit.To
	if to == 0 {
		to = len(set)
	}
	switch {
	case s.Draws == 0 && from > len(set):
		return nil, fmt.Errorf("%s has %d questions: limit %s leaves none", name, len(set), s.Limit)
	case s.Draws == 0:
		return set[from-1 : min(to, len(set))], nil
	case from > 1:
		return nil, fmt.Errorf("limit %s is a range: a draw takes a number of questions", s.Limit)
	case s.Draws > 1 && s.Limit == Limit{}:
		return nil, errors.New("draws without a limit would all be the whole set: set a limit")
	case s.Draws > 1 && to >= len(set):
		return nil, fmt.Errorf("%d draws of %d from the %d questions of %s would all be the whole set: set a smaller limit", s.Draws, to, len(set), name)
	}
	some := Sample(set, to, debate.DeriveSeed(s.Seed, "draw", name, strconv.Itoa(draw)))
	for i := range some {
		some[i].Draw = draw
	}
	return some, nil
}

// named returns the items with one of the IDs, in the order of items. An ID that matches nothing is an error.
func (s Selection) named(items []debate.Item) ([]debate.Item, error) {
	if len(s.IDs) == 0 {
		return items, nil
	}
	used := make([]bool, len(s.IDs))
	var some []debate.Item
	for _, item := range items {
		matched := false
		for i, id := range s.IDs {
			ok, err := path.Match(id, item.Question.ID)
			if err != nil {
				return nil, fmt.Errorf("question ID %q: %w", id, err)
			}
			if ok {
				matched, used[i] = true, true
			}
		}
		if matched {
			some = append(some, item)
		}
	}
	if i := slices.Index(used, false); i >= 0 {
		if len(items) == 0 {
			return nil, fmt.Errorf("no question has the ID %q: none was loaded", s.IDs[i])
		}
		for _, item := range items {
			if strings.HasSuffix(item.Question.ID, "/"+s.IDs[i]) {
				return nil, fmt.Errorf("no question has the ID %q: is it %q?", s.IDs[i], item.Question.ID)
			}
		}
		return nil, fmt.Errorf("no question has the ID %q; those loaded go from %q to %q", s.IDs[i], items[0].Question.ID, items[len(items)-1].Question.ID)
	}
	return some, nil
}

// Sample returns n of items, drawn without replacement, in the order drawn; all of them, permuted, when there are no more than
// n. It depends on the items' number, n and seed alone, and a larger n only adds to the end: what was asked of a smaller
// sample stays in the larger one.
func Sample(items []debate.Item, n int, seed uint64) []debate.Item {
	some := slices.Clone(items)
	n = max(0, min(n, len(some)))
	rng := debate.NewRand(seed, "sample")
	for i := range n {
		j := i + rng.IntN(len(some)-i)
		some[i], some[j] = some[j], some[i]
	}
	return some[:n:n]
}
