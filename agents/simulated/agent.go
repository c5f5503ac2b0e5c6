package simulated

import (
	"context"
	"strconv"

	"cheaptalk/debate"
)

// Agent is a simulated agent in one debate. It is told the key by whoever makes it; nothing in the room is.
type Agent struct {
	// Terse leaves the replies without text: the answer and the confidence are set, and nothing else changes.
	Terse bool

	label string
	seed  uint64
	mind  mind
}

var _ debate.Agent = (*Agent)(nil)

// New returns an agent with that label before the item. seed is that of the case; two agents of one debate differ by their labels.
func New(label string, p Profile, item debate.Item, seed uint64) *Agent {
	return &Agent{label: label, seed: seed, mind: newMind(&p, newPuzzle(item))}
}

// Name returns the label.
func (a *Agent) Name() string { return a.label }

// Reply answers a turn. It counts one call and no tokens, and fails only when ctx is done.
func (a *Agent) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	if ctx.Err() != nil {
		return debate.Reply{}, context.Cause(ctx)
	}
	r := debate.NewRand(a.seed, a.label, strconv.Itoa(turn.Round))
	l := roll(r)
	reply := debate.Reply{Usage: debate.Usage{Calls: 1}}
	var own debate.Answer
	if n := len(turn.Own); n > 0 {
		own = turn.Own[n-1].Answer
	}
	if l.lost >= a.mind.Unreadable {
		reply.Answer = a.mind.answer(&turn, own, l)
	}
	if reply.Answer != "" {
		reply.Reading = debate.Reading{Strict: reply.Answer, Flexible: reply.Answer}
		reply.Confidence = a.mind.sure(reply.Answer, a.mind.now(&turn), l.noise)
	}
	if !a.Terse {
		reply.Text = words(r, &turn, own, reply.Answer, reply.Confidence)
	}
	return reply, nil
}
