package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
)

// TestPagesAreThoseOfASortedList holds pages in every order, both ways and under filters, against the whole list sorted in memory.
func TestPagesAreThoseOfASortedList(t *testing.T) {
	r, err := Create(t.TempDir(), "exp", Meta{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for item := range 20 {
		for _, arm := range []string{"naive", "alone"} {
			rec := sample(debate.Case{Arm: arm, Item: fmt.Sprintf("Set/q%02d", item)})
			if item%7 == 3 {
				rec.Failed = "no reply"
			}
			if item%5 == 1 {
				rec.Verdicts[0].Answer = ""
			}
			if err := r.Put(rec); err != nil {
				t.Fatal(err)
			}
		}
	}
	var all []Digest
	for d, err := range r.Cases(t.Context(), Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	rank := map[Outcome]int{Failed: 0, Unreadable: 1, Wrong: 2, Right: 3}
	orders := map[Order]func(a, b Digest) int{
		ByArm:       func(a, b Digest) int { return strings.Compare(a.Case.Arm, b.Case.Arm) },
		ByOutcome:   func(a, b Digest) int { return rank[a.Outcome()] - rank[b.Outcome()] },
		ByCorrected: func(a, b Digest) int { return a.Corrected - b.Corrected },
		ByCorrupted: func(a, b Digest) int { return a.Corrupted - b.Corrupted },
		ByRounds:    func(a, b Digest) int { return a.Rounds - b.Rounds },
	}
	filters := []struct {
		f    Filter
		keep func(Digest) bool
	}{
		{Filter{}, func(Digest) bool { return true }},
		{Filter{Unread: true}, func(d Digest) bool { return d.Outcome() == Unreadable }},
		{Filter{Search: "ET/Q1"}, func(d Digest) bool { return strings.HasPrefix(d.Case.Item, "Set/q1") }},
		{Filter{Search: "%"}, func(Digest) bool { return false }},
		{Filter{Arm: "naive", Harmful: true}, func(d Digest) bool { return d.Case.Arm == "naive" && d.Corrupted > 0 }},
	}
	for _, c := range filters {
		kept := slices.DeleteFunc(slices.Clone(all), func(d Digest) bool { return !c.keep(d) })
		if n, err := r.Matching(t.Context(), c.f); err != nil || n != len(kept) {
			t.Errorf("%+v: %d match, want %d: %v", c.f, n, len(kept), err)
		}
		for _, order := range []Order{ByCase, ByArm, ByOutcome, ByCorrected, ByCorrupted, ByRounds} {
			for _, down := range []bool{false, true} {
				want := slices.Clone(kept)
				switch compare := orders[order]; {
				case compare != nil && down:
					slices.SortStableFunc(want, func(a, b Digest) int { return compare(b, a) })
				case compare != nil:
					slices.SortStableFunc(want, compare)
				case down:
					slices.Reverse(want)
				}
				var got []Digest
				for {
					page, err := r.Page(t.Context(), c.f, order, down, len(got), 7)
					if err != nil {
						t.Fatal(err)
					}
					if got = append(got, page...); len(page) < 7 {
						break
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%+v by %q, down %v: not the list sorted in memory", c.f, order, down)
				}
			}
		}
	}
}
