package reports

import (
	"cmp"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"cheaptalk/debate"
	"cheaptalk/reports/compact"
	"cheaptalk/reports/failures"
	"cheaptalk/reports/measure"
	"cheaptalk/reports/sources"
)

// Options says how to analyse. The zero Options are good.
type Options struct {
	Name  string  // of the run, for titles
	Level float64 // of every interval, in (0,1); 0 means 0.95
	// Arms orders the arms; those that it does not name follow, sorted. Names that are not in the records are ignored.
	Arms []string
	// Reference names the arm that all others are compared with; "" takes the references that Section.Comparisons names.
	Reference string
	// Margin is the difference in accuracy that does not matter, in (0,1), for the question whether debate is no worse; 0 means 0.02.
	Margin float64
	// Recorded says that the debates are recordings: nothing more can be asked of their agents.
	Recorded bool
}

// margin is the margin where Options do not say.
const margin = 0.02

// Analyze reads the records once, to their end, and returns what they show. Records may come in any order, and without texts.
// It fails on an error of the stream, on a record that contradicts itself and on two records of one case.
func Analyze(records iter.Seq2[*debate.Record, error], opts Options) (*Report, error) {
	if opts.Level = cmp.Or(opts.Level, 0.95); !(opts.Level > 0 && opts.Level < 1) {
		return nil, fmt.Errorf("confidence level %v is not between 0 and 1", opts.Level)
	}
	if opts.Margin = cmp.Or(opts.Margin, margin); !(opts.Margin > 0 && opts.Margin < 1) {
		return nil, fmt.Errorf("margin %v is not between 0 and 1", opts.Margin)
	}
	var failed failures.Tally
	var sure sources.Tally
	run, err := compact.Collect(func(yield func(*debate.Record, error) bool) {
		for rec, err := range records {
			if err == nil {
				failed.Add(rec)
				sure.Add(rec)
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

	r := &Report{Name: opts.Name, Level: opts.Level, Recorded: opts.Recorded, Failures: failed.Kinds()}
	for _, a := range run.Arms {
		r.Simulated = r.Simulated || a.Simulated
		r.Sources = append(r.Sources, sure.Fares(a.Name, opts.Level)...)
	}
	parts := []part{{arms: run.Arms}}
	if sets := setsOf(run); len(sets) > 1 {
		parts = append(parts, sets...)
	}
	sections := analyze(parts, opts)
	r.Overall, r.Sets = sections[0], sections[1:]
	r.annotate()
	return r, nil
}

// measure returns the part of the options that an arm is measured by.
func (o Options) measure() measure.Options { return measure.Options{Level: o.Level, Margin: o.Margin} }

// analyze makes a section of each part. Arms are analysed side by side, on as many processors as there are; what comes out does not depend on that.
func analyze(parts []part, opts Options) []Section {
	sections := make([]Section, len(parts))
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range parts {
		s := &sections[i]
		s.Set, s.Arms = parts[i].set, make([]Arm, len(parts[i].arms))
		for j, a := range parts[i].arms {
			work.Go(func() error {
				s.Arms[j] = measure.Rows(a, opts.measure())
				return nil
			})
		}
	}
	work.Wait() // no function of it returns an error
	for i := range parts {
		work.Go(func() error {
			sections[i].together(parts[i].arms, opts)
			return nil
		})
	}
	work.Wait()
	return sections
}

// part is some of the rows of a run: those of one data set, or all.
type part struct {
	set  string
	arms []*compact.Arm
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

// setsOf returns the part of each data set, sorted by name, without the arms that have no row of it.
func setsOf(run *compact.Run) []part {
	numbers := map[string]int{}
	of := make([]int, len(run.Items)) // the number of the set of each item
	var names []string
	for i, id := range run.Items {
		name := setOf(id)
		if _, ok := numbers[name]; !ok {
			numbers[name] = len(names)
			names = append(names, name)
		}
		of[i] = numbers[name]
	}
	parts := make([]part, len(names))
	for i, name := range names {
		parts[i].set = name
		for _, a := range run.Arms {
			only := *a
			if only.Rows = rowsOf(a.Rows, of, i); len(only.Rows) > 0 {
				parts[i].arms = append(parts[i].arms, &only)
			}
		}
	}
	slices.SortFunc(parts, func(x, y part) int { return strings.Compare(x.set, y.set) })
	return parts
}

// rowsOf returns the rows of one set, without copying them where they are neighbours, as they mostly are.
func rowsOf(rows []compact.Row, of []int, set int) []compact.Row {
	first, last, n := -1, -1, 0
	for i := range rows {
		if of[rows[i].Item] == set {
			if n++; first < 0 {
				first = i
			}
			last = i
		}
	}
	if n == 0 {
		return nil
	}
	if n == last-first+1 {
		return rows[first : last+1]
	}
	some := make([]compact.Row, 0, n)
	for i := range rows {
		if of[rows[i].Item] == set {
			some = append(some, rows[i])
		}
	}
	return some
}
