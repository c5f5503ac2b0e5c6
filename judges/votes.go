package judges

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cheaptalk/debate"
)

// Names of the judges, as verdicts carry them.
const (
	NamePlurality  = "plurality"
	NameRound0     = "round-0 vote"
	NameConfidence = "confidence-weighted"
	NameTrajectory = "trajectory"
	NameAggLM      = "AggLM"
)

// TieRule says what is decided when two answers or more share the greatest weight.
type TieRule uint8

const (
	// Seeded chooses by the seed of the case, each tied answer with the same chance. It is the zero TieRule.
	Seeded TieRule = iota
	// First takes the tied answer that comes first in team order (the code of Du et al. 2023, most_frequent).
	First
	// Abstain decides nothing: the verdict has no answer.
	Abstain
)

// Ties breaks ties. The zero value breaks them by seed 0.
type Ties struct {
	Rule TieRule
	Seed uint64 // of the case: the same for every judge and arm
}

// verdict decides a tally. standing is in team order and says which answer came first.
func (r Ties) verdict(tally map[debate.Answer]float64, standing []debate.Message) debate.Verdict {
	leaders := debate.Leaders(tally)
	v := debate.Verdict{Tally: tally, Tied: len(leaders) > 1, Why: describe(tally)}
	switch {
	case len(leaders) == 0:
	case len(leaders) == 1 || r.Rule == Seeded:
		v.Answer = debate.BreakTie(leaders, r.Seed)
	case r.Rule == First:
		for _, m := range standing {
			if slices.Contains(leaders, m.Answer) {
				v.Answer = m.Answer
				break
			}
		}
	}
	return v
}

// describe writes a tally for a person: "B 2, C 1", the heaviest first.
func describe(tally map[debate.Answer]float64) string {
	if len(tally) == 0 {
		return "no readable answer"
	}
	answers := slices.SortedFunc(maps.Keys(tally), func(a, b debate.Answer) int {
		return cmp.Or(cmp.Compare(tally[b], tally[a]), cmp.Compare(a, b))
	})
	var s strings.Builder
	for i, a := range answers {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(string(a))
		s.WriteByte(' ')
		s.WriteString(strconv.FormatFloat(round(tally[a]), 'f', -1, 64))
	}
	return s.String()
}

// round rounds to three decimals, for display.
func round(x float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', 3, 64), 64)
	return r
}

// Plurality is the majority vote over the answers by which the agents stand at the end.
type Plurality struct{ Ties }

// Name returns [NamePlurality].
func (Plurality) Name() string { return NamePlurality }

// Decide counts one vote an agent.
func (j Plurality) Decide(_ context.Context, t *debate.Transcript, _ func(string)) (debate.Verdict, error) {
	standing := t.Standing(t.LastRound())
	return j.verdict(debate.Tally(standing, nil), standing), nil
}

// Round0 is the majority vote over the independent answers, as if nobody had debated.
type Round0 struct{ Ties }

// Name returns [NameRound0].
func (Round0) Name() string { return NameRound0 }

// Decide counts one vote an agent.
func (j Round0) Decide(_ context.Context, t *debate.Transcript, _ func(string)) (debate.Verdict, error) {
	standing := t.Standing(0)
	return j.verdict(debate.Tally(standing, nil), standing), nil
}

// ConfidenceWeighted is the vote over the final answers in which each weighs its speaker's recalibrated confidence
// (ReConcile, Chen et al. 2024, arXiv 2309.13007, without the 1e-5 that its code adds for the first voter of an answer).
// An unstated confidence weighs [debate.UnstatedWeight].
type ConfidenceWeighted struct {
	Ties
	Calibration debate.Calibration // "" is debate.ReConcile
}

// Name returns [NameConfidence].
func (ConfidenceWeighted) Name() string { return NameConfidence }

// Decide adds up the weights.
func (j ConfidenceWeighted) Decide(_ context.Context, t *debate.Transcript, _ func(string)) (debate.Verdict, error) {
	calibration := cmp.Or(j.Calibration, debate.ReConcile)
	standing := t.Standing(t.LastRound())
	tally := debate.Tally(standing, func(m debate.Message) float64 { return calibration.Weight(m.Confidence) })
	return j.verdict(tally, standing), nil
}
