package heldout

import (
	"iter"
	"math"

	"cheaptalk/internal/twin/steps"
)

// Names of the baselines.
const (
	NeverChange  = "never change"
	CopyMajority = "copy the majority"
	Martingale   = "martingale"
	Spontaneous  = "spontaneous only"
	ByAgreement  = "constant rate by agreeing peers"
)

// predictor returns the probability of each answer on the table of a step and, last, of all others together; these sum to 1.
type predictor func(*steps.Step) []float64

// baseline is a rule that knows nothing of who is right. fit estimates its constants from the choices in d.
type baseline struct {
	name string
	fit  func(d *steps.Data) predictor
}

// baselines returns the rules that a twin has to beat. Their constants are fitted to the same choices as the twin.
func baselines() []baseline {
	return []baseline{
		{NeverChange, neverChange}, {CopyMajority, copyMajority}, {Martingale, martingale}, {Spontaneous, spontaneous}, {ByAgreement, byAgreement},
	}
}

// choices yields the steps whose reply can be read.
func choices(d *steps.Data) iter.Seq[*steps.Step] {
	return func(yield func(*steps.Step) bool) {
		for i := range d.Steps {
			if s := &d.Steps[i]; s.Chosen != steps.Unread && !yield(s) {
				return
			}
		}
	}
}

// rate is a share k/n, half a unit inwards so that nothing is impossible.
type rate struct{ k, n float64 }

func (r *rate) add(hit bool) {
	r.n++
	if hit {
		r.k++
	}
}

func (r rate) value() float64 { return (r.k + 0.5) / (r.n + 1) }

// shared returns probabilities: the part miss is shared evenly by the outcomes that are possible and that favoured, one an outcome, weighs 0,
// the rest by the favoured ones in proportion to their weights. With no outcome of one sort the other has all.
func shared(d *steps.Data, s *steps.Step, miss float64, favoured []float64) []float64 {
	sum, others := 0.0, 0.0
	possible := func(k int) bool { return k < len(s.Table) || d.Room(s) }
	for k, w := range favoured {
		sum += w
		if w == 0 && possible(k) {
			others++
		}
	}
	if sum == 0 {
		miss = 1
	} else if others == 0 {
		miss = 0
	}
	out := make([]float64, len(favoured))
	for k, w := range favoured {
		switch {
		case w > 0:
			out[k] = (1 - miss) * w / sum
		case possible(k):
			out[k] = miss / others
		}
	}
	return out
}

// neverChange keeps the own answer, but for slips.
func neverChange(d *steps.Data) predictor {
	var slips rate
	for s := range choices(d) {
		slips.add(s.Chosen != 0)
	}
	return func(s *steps.Step) []float64 {
		favoured := make([]float64, len(s.Table)+1)
		favoured[0] = 1
		return shared(d, s, slips.value(), favoured)
	}
}

// majority marks the answers that most of the messages heard hold, or the own one where none was heard.
func majority(s *steps.Step) []float64 {
	favoured := make([]float64, len(s.Table)+1)
	most := 0
	for _, o := range s.Table {
		most = max(most, o.Heard)
	}
	if most == 0 {
		favoured[0] = 1
		return favoured
	}
	for k, o := range s.Table {
		if o.Heard == most {
			favoured[k] = 1
		}
	}
	return favoured
}

// copyMajority takes an answer that most of those heard hold, ties alike, but for slips.
func copyMajority(d *steps.Data) predictor {
	var slips rate
	for s := range choices(d) {
		slips.add(majority(s)[s.Outcome()] == 0)
	}
	return func(s *steps.Step) []float64 { return shared(d, s, slips.value(), majority(s)) }
}

// martingale takes an answer with a probability in proportion to how many hold it, the agent and those heard, so that on average
// nothing changes (Choi et al. 2025, arXiv 2508.17536), but for new answers.
func martingale(d *steps.Data) predictor {
	var fresh rate
	for s := range choices(d) {
		if d.Room(s) {
			fresh.add(s.Chosen == steps.New)
		}
	}
	return func(s *steps.Step) []float64 {
		favoured := make([]float64, len(s.Table)+1)
		favoured[0] = 1
		for k, o := range s.Table {
			favoured[k] += float64(o.Heard)
		}
		return shared(d, s, fresh.value(), favoured)
	}
}

// spontaneous changes at one rate whatever is heard, to the answers of round 0 in proportion to how often they were given; each other answer
// on the table, and all that are not on it together, count as given a times more.
func spontaneous(d *steps.Data) predictor {
	var moves rate
	for s := range choices(d) {
		moves.add(s.Chosen != 0)
	}
	at := func(a float64) predictor {
		return func(s *steps.Step) []float64 {
			weights := make([]float64, len(s.Table)+1)
			for _, first := range d.Debates[s.Talk].First {
				if k := s.Find(first.Said); k >= 0 {
					weights[k]++
				} else if first.Said != "" {
					weights[len(s.Table)]++
				}
			}
			for k := range weights {
				weights[k] += a
			}
			return leaving(d, s, moves.value(), weights)
		}
	}
	return at(best(d, at))
}

// byAgreement changes at a rate that depends on how many of those heard agree with the agent, to what the others heard hold in proportion to
// how many do; all answers that are not on the table together count as heard a times.
func byAgreement(d *steps.Data) predictor {
	var all rate
	moves := map[int]*rate{}
	for s := range choices(d) {
		if moves[s.Agreeing()] == nil {
			moves[s.Agreeing()] = &rate{}
		}
		all.add(s.Chosen != 0)
		moves[s.Agreeing()].add(s.Chosen != 0)
	}
	at := func(a float64) predictor {
		return func(s *steps.Step) []float64 {
			move, ok := moves[s.Agreeing()]
			if !ok {
				move = &all
			}
			weights := make([]float64, len(s.Table)+1)
			for k, o := range s.Table {
				weights[k] = float64(o.Heard)
			}
			weights[len(s.Table)] = a
			return leaving(d, s, move.value(), weights)
		}
	}
	return at(best(d, at))
}

// leaving returns probabilities: the own answer is left with the probability move, for the others in proportion to their weights.
func leaving(d *steps.Data, s *steps.Step, move float64, weights []float64) []float64 {
	if weights[0] = 0; !d.Room(s) {
		weights[len(s.Table)] = 0
	}
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		move, sum = 0, 1
	}
	for k := range weights {
		weights[k] *= move / sum
	}
	weights[0] = 1 - move
	return weights
}

// best returns the constant between .01 and 100, of 41 in equal ratios, under which the choices in d are most probable.
func best(d *steps.Data, at func(a float64) predictor) float64 {
	least, found := math.Inf(1), 1.0
	for i := range 41 {
		a := math.Pow(10, float64(i-20)/10)
		p, loss := at(a), 0.0
		for s := range choices(d) {
			loss -= math.Log(max(p(s)[s.Outcome()], floor))
		}
		if loss < least {
			least, found = loss, a
		}
	}
	return found
}

// floor is the least probability that a choice is scored with: a rule that calls impossible what happens does not lose everything at once.
const floor = 1e-6
