package predict

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cheaptalk/debate"
)

// Part is one of several parts of the questions of a run, so that agents can be fitted to one and predicted on another. The zero Part is all of them.
type Part struct {
	I, N int // the I-th, from 1, of N
}

// UnmarshalText reads "1/2".
func (p *Part) UnmarshalText(text []byte) error {
	first, second, ok := strings.Cut(string(text), "/")
	i, err := strconv.Atoi(first)
	n, err2 := strconv.Atoi(second)
	if !ok || errors.Join(err, err2) != nil || i < 1 || i > n || n < 2 {
		return fmt.Errorf("%q is no part of the questions; give one like 1/2", text)
	}
	*p = Part{i, n}
	return nil
}

// String is "1/2", and "" of all questions.
func (p Part) String() string {
	if p.N == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", p.I, p.N)
}

// Of returns which questions are of the part, by their IDs. Those of each data set are dealt round the parts in an order that the seed and the IDs alone
// decide, so that parts have as many of each set as can be. A question and its variants are of one part.
func (p Part) Of(ids []string, seed uint64) map[string]bool {
	type question struct {
		set, name string
		luck      uint64
	}
	var all []question
	for _, id := range ids {
		name, _ := debate.Variant(id)
		all = append(all, question{debate.Question{ID: id}.Set(), name, debate.DeriveSeed(seed, "part", name)})
	}
	slices.SortFunc(all, func(a, b question) int {
		return cmp.Or(cmp.Compare(a.set, b.set), cmp.Compare(a.luck, b.luck), cmp.Compare(a.name, b.name))
	})
	all = slices.Compact(all)
	mine := map[string]bool{}
	for at, k := 0, 0; k < len(all); k++ {
		if k > 0 && all[k].set != all[k-1].set {
			at = 0
		}
		mine[all[k].name] = p.N == 0 || at%p.N == p.I-1
		at++
	}
	of := make(map[string]bool, len(ids))
	for _, id := range ids {
		name, _ := debate.Variant(id)
		if mine[name] {
			of[id] = true
		}
	}
	return of
}
