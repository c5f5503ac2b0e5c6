package protocols

import (
	"cmp"
	"slices"

	"cheaptalk/debate"
)

// Stop says when a debate ends. Every debate ends after its number of rounds.
type Stop uint8

const (
	// FixedRounds holds every round. It is the zero Stop.
	FixedRounds Stop = iota
	// Unanimity also ends the debate as soon as all agents stand by one readable answer, round 0 included.
	Unanimity
)

// Schedule is how long a debate lasts: what the debate protocols have in common.
type Schedule struct {
	// Rounds is the number of debate rounds after round 0. (Du et al. 2023 count round 0 too: their 2 rounds are 1 here;
	// Wynn et al. 2025 do not.) 0 holds round 0 alone.
	Rounds int
	Stop   Stop
}

// over reports whether no further round is to be held.
func (s Schedule) over(t *debate.Transcript) bool {
	last := t.LastRound()
	return last >= s.Rounds || s.Stop == Unanimity && last >= 0 && unanimous(t)
}

// unanimous reports whether every agent stands by the same readable answer.
func unanimous(t *debate.Transcript) bool {
	standing := t.Standing(t.LastRound())
	for _, m := range standing {
		if m.Answer == "" || m.Answer != standing[0].Answer {
			return false
		}
	}
	return len(standing) == len(t.Agents)
}

// next returns the calls of the next round: round 0 alone, and after it everyone under the brief, hearing what hears says.
func (s Schedule) next(t *debate.Transcript, brief debate.Brief, hears func(speaker int) []int) []debate.Call {
	if t.LastRound() < 0 {
		return solve(t)
	}
	if s.over(t) {
		return nil
	}
	calls := make([]debate.Call, len(t.Agents))
	for i := range t.Agents {
		calls[i] = debate.Call{Speaker: i, Hears: hears(i), Brief: brief}
	}
	return calls
}

// solve calls everyone, hearing nobody.
func solve(t *debate.Transcript) []debate.Call {
	calls := make([]debate.Call, len(t.Agents))
	for i := range t.Agents {
		calls[i] = debate.Call{Speaker: i, Brief: debate.Brief{Task: debate.Solve}}
	}
	return calls
}

// others returns what the speaker's peers said in the last round, in team order. A peer that failed in it is not heard.
func others(t *debate.Transcript, speaker int) []int {
	last := t.LastRound()
	heard := make([]int, 0, len(t.Agents)-1)
	for i := len(t.Messages) - 1; i >= 0 && t.Messages[i].Round == last; i-- {
		if m := &t.Messages[i]; m.From != t.Agents[speaker] && m.Failed == "" {
			heard = append(heard, m.Seq)
		}
	}
	slices.Reverse(heard)
	return heard
}

// Independent holds round 0 alone: the agents never hear each other. With more agents it is self-consistency at as many samples
// (Wang et al. 2022, arXiv 2203.11171).
type Independent struct{}

// Name returns "independent".
func (Independent) Name() string { return "independent" }

// Next calls everyone once.
func (Independent) Next(t *debate.Transcript) []debate.Call {
	if t.LastRound() < 0 {
		return solve(t)
	}
	return nil
}

// Naive lets everyone hear everyone else's last reply and give an updated answer
// (Du et al. 2023, arXiv 2305.14325; the protocol of Wynn et al. 2025, arXiv 2509.05396).
type Naive struct{ Schedule }

// Name returns "naive".
func (Naive) Name() string { return "naive" }

// Next calls everyone until the schedule is over.
func (p Naive) Next(t *debate.Transcript) []debate.Call {
	return p.next(t, debate.Brief{Task: debate.Revise}, func(i int) []int { return others(t, i) })
}

// ConfidenceWeighted is [Naive] with each peer's recalibrated confidence beside its reply, the most confident peer first
// (after ReConcile, Chen et al. 2024, arXiv 2309.13007). It is decided by the confidence-weighted vote.
type ConfidenceWeighted struct {
	Schedule
	Calibration debate.Calibration // "" is debate.ReConcile
}

// Name returns "confidence-weighted".
func (ConfidenceWeighted) Name() string { return "confidence-weighted" }

// Next calls everyone until the schedule is over.
func (p ConfidenceWeighted) Next(t *debate.Transcript) []debate.Call {
	calibration := cmp.Or(p.Calibration, debate.ReConcile)
	brief := debate.Brief{Task: debate.Revise, Confidence: calibration}
	return p.next(t, brief, func(i int) []int {
		heard := others(t, i)
		slices.SortStableFunc(heard, func(a, b int) int {
			return cmp.Compare(calibration.Weight(t.Messages[b].Confidence), calibration.Weight(t.Messages[a].Confidence))
		})
		return heard
	})
}

// ConsensusPenalized asks everyone to look for flaws in the others' replies and to keep the own answer unless it is clearly
// shown wrong (after the anti-conformity prompt of Free-MAD, arXiv 2509.11035). It is decided by the trajectory score, which
// penalises changes towards the majority.
type ConsensusPenalized struct{ Schedule }

// Name returns "consensus-penalized".
func (ConsensusPenalized) Name() string { return "consensus-penalized" }

// Next calls everyone until the schedule is over.
func (p ConsensusPenalized) Next(t *debate.Transcript) []debate.Call {
	return p.next(t, debate.Brief{Task: debate.Critique}, func(i int) []int { return others(t, i) })
}

// SelfRevision asks everyone to check the own answer again without hearing anyone: the control arm that separates social
// from spontaneous changes of mind (Hao et al. 2026, arXiv 2606.00820).
type SelfRevision struct{ Schedule }

// Name returns "self-revision".
func (SelfRevision) Name() string { return "self-revision" }

// Next calls everyone until the schedule is over.
func (p SelfRevision) Next(t *debate.Transcript) []debate.Call {
	return p.next(t, debate.Brief{Task: debate.Reflect}, func(int) []int { return nil })
}
