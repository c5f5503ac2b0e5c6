package reports

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/reports/compact"
	"cheaptalk/reports/failures"
	"cheaptalk/reports/stats"
)

// Options says how to analyse. The zero Options are good.
type Options struct {
	Name  string  // of the run, for titles
	Level float64 // of every interval, in (0,1); 0 means 0.95
	// Arms orders the arms; those that it does not name follow, sorted. Names that are not in the records are ignored.
	Arms []string
	// Reference names the arm that all others are compared with; "" takes the references that Section.Comparisons names.
	Reference string
}

// Analyze reads the records once, to their end, and returns what they show. Records may come in any order, and without texts.
// It fails on an error of the stream, on a record that contradicts itself and on two records of one case.
func Analyze(records iter.Seq2[*debate.Record, error], opts Options) (*Report, error) {
	if opts.Level = cmp.Or(opts.Level, 0.95); !(opts.Level > 0 && opts.Level < 1) {
		return nil, fmt.Errorf("confidence level %v is not between 0 and 1", opts.Level)
	}
	var failed failures.Tally
	run, err := compact.Collect(func(yield func(*debate.Record, error) bool) {
		for rec, err := range records {
			if err == nil {
				failed.Add(rec)
			}
			if !yield(rec, err) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	if opts.Reference != "" && !slices.ContainsFunc(run.Arms, func(a *compact.Arm) bool { return a.Name == opts.Reference }) {
		return nil, fmt.Errorf("no record of the arm %q that all others were to be compared with", opts.Reference)
	}
	position := func(a *compact.Arm) int {
		if i := slices.Index(opts.Arms, a.Name); i >= 0 {
			return i
		}
		return len(opts.Arms)
	}
	slices.SortStableFunc(run.Arms, func(a, b *compact.Arm) int { return cmp.Compare(position(a), position(b)) })

	r := &Report{Name: opts.Name, Level: opts.Level, Failures: failed.Kinds()}
	for _, a := range run.Arms {
		r.Simulated = r.Simulated || a.Simulated
	}
	r.Overall = section(run.Arms, opts)
	if sets := setsOf(run); len(sets) > 1 {
		for _, set := range sets {
			s := section(only(run, set), opts)
			s.Set = set
			r.Sets = append(r.Sets, s)
		}
	}
	return r, nil
}

// setOf returns the data set of an item, with the variant of its question behind it ("dylan@3-agents"), and "other" where the ID
// names none.
func setOf(id string) string {
	if !strings.Contains(id, "/") {
		return "other"
	}
	set := debate.Question{ID: id}.Set()
	if _, variant := debate.Variant(id); variant != "" {
		set += "@" + variant
	}
	return set
}

// setsOf returns the names of the data sets, sorted.
func setsOf(run *compact.Run) []string {
	var sets []string
	for _, id := range run.Items {
		if set := setOf(id); len(sets) == 0 || sets[len(sets)-1] != set {
			sets = append(sets, set)
		}
	}
	slices.Sort(sets)
	return slices.Compact(sets)
}

// only returns the arms with their rows of one data set, without those that have none.
func only(run *compact.Run, set string) []*compact.Arm {
	var arms []*compact.Arm
	for _, a := range run.Arms {
		part := *a
		part.Rows = nil
		for _, r := range a.Rows {
			if setOf(run.Items[r.Item]) == set {
				part.Rows = append(part.Rows, r)
			}
		}
		if len(part.Rows) > 0 {
			arms = append(arms, &part)
		}
	}
	return arms
}

// section analyses some of the rows.
func section(arms []*compact.Arm, opts Options) Section {
	var s Section
	asked := make(map[int32]bool)
	for _, a := range arms {
		for _, r := range a.Rows {
			asked[r.Question] = true
		}
		s.Arms = append(s.Arms, analyzeArm(a, opts.Level))
	}
	s.Questions = len(asked)
	for i := range s.Arms {
		baseline(&s.Arms[i], arms[i], arms, opts.Level)
	}
	for _, reference := range references(arms, opts.Reference) {
		s.Comparisons = append(s.Comparisons, compareAll(arms, reference, opts.Level)...)
	}
	return s
}

// references chooses what the arms are compared with.
func references(arms []*compact.Arm, named string) []*compact.Arm {
	var independent, naive *compact.Arm
	for _, a := range arms {
		switch {
		case named != "" && a.Name == named:
			return []*compact.Arm{a}
		case a.Independent():
			if independent == nil || a.Team() < independent.Team() {
				independent = a
			}
		case a.Name == "naive":
			naive = a
		}
	}
	var refs []*compact.Arm
	for _, a := range []*compact.Arm{independent, naive} {
		if a != nil && named == "" {
			refs = append(refs, a)
		}
	}
	if refs == nil && named == "" && len(arms) > 1 {
		return arms[:1]
	}
	return refs
}

// compareAll compares every other arm with the reference. Under a debating reference, independent arms are left out.
func compareAll(arms []*compact.Arm, reference *compact.Arm, level float64) []Comparison {
	var out []Comparison
	var p []float64
	for _, a := range arms {
		if a == reference || a.Independent() && !reference.Independent() {
			continue
		}
		var pool pairPool
		compact.Both(a, reference, func(x, y *compact.Row) {
			first, ok1 := a.Group(x)
			second, ok2 := reference.Group(y)
			if ok1 && ok2 {
				pool.add(first == x.Key, second == y.Key)
			}
		}, pool.flush)
		d := pool.sum.Difference(level)
		if d.N == 0 {
			continue
		}
		out = append(out, Comparison{Reference: reference.Name, Arm: a.Name, Difference: d})
		p = append(p, d.P)
	}
	for i, adjusted := range stats.Holm(p) {
		out[i].Holm = adjusted
	}
	return out
}

// baseline fills in self-consistency at an equal number of calls, from the smallest independent arm of the same agents that has
// enough replies.
func baseline(out *Arm, a *compact.Arm, arms []*compact.Arm, level float64) {
	samples := int(math.Ceil(out.Cost.Calls - 1e-9))
	var from *compact.Arm
	for _, b := range arms {
		if b.Independent() && sameAgents(a, b) && b.Samples() >= samples && (from == nil || b.Team() < from.Team()) {
			from = b
		}
	}
	if samples == 0 || from == nil {
		return
	}
	var votes pool
	var pairs pairPool
	compact.Both(a, from, func(x, y *compact.Row) {
		vote, _ := compact.Plurality(from.Replies(y, samples))
		votes.add(vote == y.Key)
		if after, ok := a.Group(x); ok {
			pairs.add(after == x.Key, vote == y.Key)
		}
	}, func() { votes.flush(); pairs.flush() })
	out.SelfConsistency = Baseline{Arm: from.Name, Samples: samples, Rate: votes.sum.Rate(level), Gain: pairs.sum.Difference(level)}
}

// sameAgents reports whether two arms asked the same agents, however many copies of each: "llama#2" is a copy of "llama".
func sameAgents(a, b *compact.Arm) bool {
	return maps.Equal(originals(a), originals(b))
}

func originals(a *compact.Arm) map[string]bool {
	names := make(map[string]bool, len(a.Agents))
	for _, name := range a.Agents {
		original, _, _ := strings.Cut(name, "#")
		names[original] = true
	}
	return names
}
