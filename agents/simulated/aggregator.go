package simulated

import (
	"context"
	"strconv"

	"cheaptalk/agents/simulated/phrases"
	"cheaptalk/debate"
)

// Aggregation holds the parameters of a simulated aggregator, each a probability in [0,1]. With M the accuracy of the plurality
// of the candidates and O the probability that some candidate is right, the aggregator's accuracy is
//
//	M (1 - Break) + (O - M) Recover + (1 - O) Synthesise
//
// The zero Aggregation is right exactly when the plurality is.
type Aggregation struct {
	Break      float64 // b: of losing the right answer when the plurality holds it
	Recover    float64 // r: of finding it when only a minority holds it
	Synthesise float64 // s: of finding it when no candidate holds it
}

// Prompted returns the aggregation that matches the untrained model with the AggLM prompt in table 1 of Zhao et al. 2025 ("The
// Majority is not always right"): with the means M = .4238 and O = .5470 its accuracy is .4144; the paper has .4146.
//
// The paper does not identify b, r and s: one equation, three unknowns. They are one choice of many that fit.
func Prompted() Aggregation { return Aggregation{Break: 0.06, Recover: 0.13} }

// Trained returns an aggregation that matches AggLM-1.7B, trained by reinforcement, in the same table: .4646 against .4652.
// It is not identified either.
func Trained() Aggregation { return Aggregation{Break: 0.02, Recover: 0.40} }

// Aggregator is a simulated agent that hears the candidates and speaks last, under the brief [debate.Aggregate].
// It tells a right candidate from a wrong one by the key that its maker gave it.
type Aggregator struct {
	// Terse leaves the reply without text.
	Terse bool

	label  string
	seed   uint64
	how    Aggregation
	puzzle *Puzzle
}

var _ debate.Agent = (*Aggregator)(nil)

// NewAggregator returns an aggregator with that label before the puzzle. seed is that of the case.
func NewAggregator(label string, how Aggregation, z *Puzzle, seed uint64) *Aggregator {
	return &Aggregator{label: label, seed: seed, how: how, puzzle: z}
}

// Name returns the label.
func (a *Aggregator) Name() string { return a.label }

// Reply aggregates what it hears, one message a candidate; unreadable candidates do not count, and a tied plurality is decided
// by the seed. If it heard no answer and does not synthesise one, its reply is unreadable. It states no confidence.
func (a *Aggregator) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	if ctx.Err() != nil {
		return debate.Reply{}, context.Cause(ctx)
	}
	r := debate.NewRand(a.seed, a.label, strconv.Itoa(turn.Round))
	answer := a.decide(turn.Heard, r.Float64())
	reply := debate.Reply{Answer: answer, Reading: debate.Reading{Strict: answer, Flexible: answer}, Usage: debate.Usage{Calls: 1}}
	if !a.Terse {
		reply.Text = phrases.Write(r, &turn, phrases.Voice{Seed: a.seed}, "", answer, debate.Confidence{})
	}
	return reply, nil
}

// decide returns the aggregated answer; u in [0,1) decides.
func (a *Aggregator) decide(heard []debate.Message, u float64) debate.Answer {
	tally := debate.Tally(heard, nil)
	plurality, key := debate.BreakTie(debate.Leaders(tally), a.seed), a.puzzle.Key
	switch {
	case plurality == key && u < a.how.Break:
		delete(tally, key)
		if second := debate.BreakTie(debate.Leaders(tally), a.seed); second != "" {
			return second
		}
		if a.puzzle.tempting != "" {
			return a.puzzle.tempting
		}
	case plurality == key:
	case tally[key] > 0 && u < a.how.Recover, tally[key] == 0 && u < a.how.Synthesise:
		return key
	}
	return plurality
}
