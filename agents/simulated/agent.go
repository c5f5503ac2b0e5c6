package simulated

import (
	"context"
	"math/rand/v2"
	"strconv"

	"cheaptalk/agents/simulated/phrases"
	"cheaptalk/debate"
)

// Agent is a simulated agent in one debate. It is told the key by whoever makes it; nothing in the room is.
type Agent struct {
	// Terse leaves the replies without text: the answer and the confidence are set, and nothing else changes.
	Terse bool
	// Place is the agent's place in the team, from 0. Agents of one debate that have places of their own do not use the same words; nothing
	// else depends on it.
	Place int

	label  string
	seed   uint64
	mind   Mind
	source rand.PCG  // of the chance in one turn
	chance rand.Rand // draws from source
}

var _ debate.Agent = (*Agent)(nil)

// New returns an agent with that label before the puzzle, of which it knows the key. seed is that of the case; two agents of one debate
// differ by their labels. The profile and the puzzle may be shared and must not change.
func New(label string, p *Profile, z *Puzzle, seed uint64) *Agent {
	a := &Agent{label: label, seed: seed, mind: NewMind(p, z)}
	a.chance = *rand.New(&a.source)
	return a
}

// Name returns the label.
func (a *Agent) Name() string { return a.label }

// Reply answers a turn. It counts one call and no tokens, and fails only when ctx is done.
func (a *Agent) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	if ctx.Err() != nil {
		return debate.Reply{}, context.Cause(ctx)
	}
	debate.Reseed(&a.source, a.seed, a.label, strconv.Itoa(turn.Round))
	l := Roll(&a.chance)
	reply := debate.Reply{Answer: a.mind.Answer(&turn, l), Usage: debate.Usage{Calls: 1}}
	if reply.Answer != "" {
		reply.Reading = debate.Reading{Strict: reply.Answer, Flexible: reply.Answer}
		reply.Confidence = a.mind.sure(reply.Answer, a.mind.now(&turn), l.Noise)
	}
	if !a.Terse {
		reply.Text = phrases.Write(&a.chance, &turn, phrases.Voice{Seed: a.seed, Place: a.Place}, last(turn.Own), reply.Answer, reply.Confidence)
	}
	return reply, nil
}
