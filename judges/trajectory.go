package judges

import (
	"context"

	"cheaptalk/debate"
)

// Weights of the trajectory score, from the code of the freemad package; the paper's own weights are not verified.
const (
	firstAnswer = 20.0
	takenOld    = 25.0
	givenNew    = 30.0
	keptAnswer  = 20.0
)

// DefaultPenalty is the consensus penalty where none is set.
const DefaultPenalty = 0.5

// Trajectory scores every answer over the whole debate instead of counting the last ones (Free-MAD, arXiv 2509.11035; weights
// and decay as in the code of its unofficial implementation freemad, without its optional division by the number of contributors).
//
// With f = 1/(round+1), an agent's first answer earns 20f, an answer that it keeps 20f, and a change takes 25f from the old answer
// and gives 30f to the new one. The consensus penalty p is ours: a change to the answer that a strict majority of the peers heard
// held earns (1-p)30f, and an answer kept against a strict majority that held one other answer earns (1+p)20f.
// With p = 0 it is freemad's score. An unreadable reply neither earns nor takes: the agent's answer before it still stands.
type Trajectory struct {
	Ties
	Penalty float64 // p, in [0,1]; 0 is no penalty
}

// Name returns [NameTrajectory].
func (Trajectory) Name() string { return NameTrajectory }

// Decide takes the answer with the highest score.
func (j Trajectory) Decide(_ context.Context, t *debate.Transcript, _ func(string)) (debate.Verdict, error) {
	return j.verdict(j.scores(t), t.Messages), nil
}

// scores returns the score of every answer given in the debate.
func (j Trajectory) scores(t *debate.Transcript) map[debate.Answer]float64 {
	scores := map[debate.Answer]float64{}
	last := make(map[string]debate.Answer, len(t.Agents))
	for i := range t.Messages {
		m := &t.Messages[i]
		if m.Answer == "" {
			continue
		}
		f := 1 / float64(m.Round+1)
		old, spoke := last[m.From]
		last[m.From] = m.Answer
		majority := heardMajority(t, m)
		switch {
		case !spoke:
			scores[m.Answer] += firstAnswer * f
		case old != m.Answer:
			scores[old] -= takenOld * f
			earned := givenNew * f
			if m.Answer == majority {
				earned *= 1 - j.Penalty
			}
			scores[m.Answer] += earned
		default:
			earned := keptAnswer * f
			if majority != "" && majority != m.Answer {
				earned *= 1 + j.Penalty
			}
			scores[m.Answer] += earned
		}
	}
	return scores
}

// heardMajority returns the answer that more than half of the peers held whose messages m's speaker had read, or "".
func heardMajority(t *debate.Transcript, m *debate.Message) debate.Answer {
	var candidate debate.Answer // the one that a majority holds, if there is one (Boyer and Moore 1991)
	lead, peers := 0, 0
	shown := m.Shown()
	for _, seq := range shown {
		heard := &t.Messages[seq]
		if heard.From == m.From {
			continue
		}
		peers++
		switch {
		case lead == 0:
			candidate, lead = heard.Answer, 1
		case heard.Answer == candidate:
			lead++
		default:
			lead--
		}
	}
	votes := 0
	for _, seq := range shown {
		if heard := &t.Messages[seq]; heard.From != m.From && heard.Answer == candidate {
			votes++
		}
	}
	if 2*votes > peers {
		return candidate
	}
	return ""
}
