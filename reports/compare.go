package reports

import (
	"maps"
	"math"
	"slices"
	"strings"

	"cheaptalk/reports/compact"
	"cheaptalk/reports/gather"
	"cheaptalk/reports/measure"
	"cheaptalk/reports/social"
	"cheaptalk/reports/stats"
)

// together fills in what needs several arms.
func (s *Section) together(arms []*compact.Arm, opts Options) {
	asked := make(map[int32]bool)
	for i, a := range arms {
		for _, r := range a.Rows {
			asked[r.Question] = true
		}
		baseline(&s.Arms[i], a, arms, opts.Level)
		sameJudge(&s.Arms[i], a, arms, opts.Level)
		if control := controlOf(a, arms); control != nil {
			if apart := social.Compare(a, control, opts.Level); apart.Changed.N > 0 {
				s.Arms[i].Apart = apart
			}
		}
	}
	s.Questions = len(asked)
	for i, reference := range references(arms, opts.Reference) {
		s.Comparisons = append(s.Comparisons, compareAll(arms, reference, i == 0, opts)...)
	}
	p := make([]float64, len(s.Comparisons))
	for i := range s.Comparisons {
		p[i] = s.Comparisons[i].Difference.P
	}
	for i, adjusted := range stats.Holm(p) {
		s.Comparisons[i].Holm = adjusted
	}
	s.AllArms = cochran(arms, s.Comparisons)
}

// controlOf returns the arm that tells spontaneous changes of an arm from social ones: the first in which the same agents revise and hear nobody.
func controlOf(a *compact.Arm, arms []*compact.Arm) *compact.Arm {
	if a.Silent() {
		return nil
	}
	for _, b := range arms {
		if b != a && b.Silent() && b.Rounds() > 1 && sameAgents(a, b) {
			return b
		}
	}
	return nil
}

// cochran tests that all arms have one accuracy, on the cases that all of them finished. Without several arms, or where they never differ, it is nil.
func cochran(arms []*compact.Arm, comparisons []Comparison) *stats.Cochran {
	if len(arms) < 3 { // two are compared by McNemar's test
		return nil
	}
	var blocks stats.Blocks
	at, right := make([]int, len(arms)), make([]bool, len(arms))
	for i := range arms[0].Rows {
		r := &arms[0].Rows[i]
		all := true
		for j, a := range arms {
			for at[j] < len(a.Rows) && compact.Compare(&a.Rows[at[j]], r) < 0 {
				at[j]++
			}
			if at[j] == len(a.Rows) || compact.Compare(&a.Rows[at[j]], r) != 0 || !a.Rows[at[j]].Decided {
				all = false
				break
			}
			right[j] = a.Rows[at[j]].Group == a.Rows[at[j]].Key
		}
		if all {
			blocks.Add(right)
		}
	}
	design := 0.0
	for i := range comparisons {
		design += comparisons[i].Difference.Design / float64(len(comparisons))
	}
	if c, ok := blocks.Test(design); ok {
		return &c
	}
	return nil
}

// references chooses what the arms are compared with: the smallest independent arm, naive debate, and the largest independent arm, which is
// self-consistency at the cost of a debate where there is one.
func references(arms []*compact.Arm, named string) []*compact.Arm {
	var independent, naive, most *compact.Arm
	for _, a := range arms {
		switch {
		case named != "" && a.Name == named:
			return []*compact.Arm{a}
		case a.Independent():
			if independent == nil || a.Team() < independent.Team() {
				independent = a
			}
			if most == nil || a.Team() > most.Team() {
				most = a
			}
		case a.Name == "naive":
			naive = a
		}
	}
	if most == independent {
		most = nil
	}
	var refs []*compact.Arm
	for _, a := range []*compact.Arm{independent, naive, most} {
		if a != nil && named == "" {
			refs = append(refs, a)
		}
	}
	if refs == nil && named == "" && len(arms) > 1 {
		return arms[:1]
	}
	return refs
}

// compareAll compares every other arm with the reference. Under a reference that Options did not name, independent arms are left out, but under
// the first.
func compareAll(arms []*compact.Arm, reference *compact.Arm, first bool, opts Options) []Comparison {
	var out []Comparison
	for _, a := range arms {
		if a == reference || a.Independent() && !first {
			continue
		}
		var pairs gather.Pair
		compact.Both(a, reference, func(x, y *compact.Row) {
			if x.Decided && y.Decided {
				pairs.Add(x.Group == x.Key, y.Group == y.Key)
			}
		}, pairs.Flush)
		if d := pairs.Paired().Difference(opts.Level); d.N > 0 {
			out = append(out, Comparison{Reference: reference.Name, Arm: a.Name, Difference: d, Decision: measure.Decide(pairs.Paired(), opts.measure(), reference.Name, a.Name)})
		}
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
	var votes gather.Rate
	var pairs gather.Pair
	var d compact.Debate
	compact.Both(a, from, func(x, y *compact.Row) {
		from.Open(y, &d)
		vote, _ := compact.Plurality(d.Replies(samples))
		votes.Add(vote == y.Key)
		if x.Decided {
			pairs.Add(x.Group == x.Key, vote == y.Key)
		}
	}, func() { votes.Flush(); pairs.Flush() })
	out.SelfConsistency = Baseline{Arm: from.Name, Samples: samples, Rate: votes.Rate(level), Gain: pairs.Paired().Difference(level)}
}

// sameJudge fills in what the arm's judge decides without talk, from the first independent arm that tells.
func sameJudge(out *Arm, a *compact.Arm, arms []*compact.Arm, level float64) {
	if a.Independent() || out.Primary == "" {
		return
	}
	for _, b := range arms {
		judge := slices.Index(b.Judges, out.Primary)
		if judge < 0 || !b.Independent() || b.Team() != a.Team() || !sameAgents(a, b) {
			continue
		}
		var alone gather.Rate
		var pairs gather.Pair
		var d compact.Debate
		otherwise := false // than the vote
		compact.Both(a, b, func(x, y *compact.Row) {
			b.Open(y, &d)
			at := slices.IndexFunc(d.Verdicts, func(v compact.Decision) bool { return int(v.Judge) == judge && !v.Failed })
			if at < 0 || !x.Decided {
				return
			}
			answer := d.Verdicts[at].Answer
			otherwise = otherwise || answer != d.VoteBefore().Answer
			alone.Add(answer == y.Key)
			pairs.Add(x.Group == x.Key, answer == y.Key)
		}, func() { alone.Flush(); pairs.Flush() })
		if out.SameJudge.Arm = b.Name; otherwise {
			out.SameJudge.Rate, out.SameJudge.Talk = alone.Rate(level), pairs.Paired().Difference(level)
		}
		return
	}
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
