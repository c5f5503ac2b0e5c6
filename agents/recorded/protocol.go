package recorded

import (
	"slices"

	"cheaptalk/debate"
)

// Protocol repeats recorded debates: it asks in each round whom the recording has in it, in that order, and lets them hear whom they
// heard then. Agents of the recording that are not in the team are left out, of the calls and of what is heard; agents of the team
// that are not in the recording are never called. The debate ends where the recording does, or with the first round
// in which it has nobody of the team.
type Protocol struct{ Recording *Recording }

var _ debate.Protocol = Protocol{}

// Name returns "recorded".
func (Protocol) Name() string { return "recorded" }

// Next returns the calls of the round after the last one of t. It returns none for a question that is not in the recording.
// The brief is [debate.Solve] in round 0, after that [debate.Revise], or [debate.Reflect] for those who heard nobody.
func (p Protocol) Next(t *debate.Transcript) []debate.Call {
	said := p.Recording.talks[t.Question.ID]
	round := t.LastRound() + 1
	if round >= len(said) {
		return nil
	}
	var calls []debate.Call
	for _, u := range said[round] {
		speaker := t.Speaker(u.Agent)
		if speaker < 0 {
			continue
		}
		call := debate.Call{Speaker: speaker}
		if round > 0 {
			call.Hears = hears(t, u, round)
			call.Brief.Task = debate.Revise
			if len(call.Hears) == 0 {
				call.Brief.Task = debate.Reflect
			}
		}
		calls = append(calls, call)
	}
	return calls
}

// hears returns the messages that the speaker of u was shown before it spoke in a round after round 0.
func hears(t *debate.Transcript, u utterance, round int) []int {
	var seqs []int
	standing := t.Standing(round - 1)
	if u.Heard == nil {
		for _, m := range standing {
			if m.Round == round-1 && m.From != u.Agent {
				seqs = append(seqs, m.Seq)
			}
		}
		return seqs
	}
	for _, name := range u.Heard {
		i := slices.IndexFunc(standing, func(m debate.Message) bool { return m.From == name })
		if i >= 0 {
			seqs = append(seqs, standing[i].Seq)
		}
	}
	return seqs
}
