package predict

import (
	"context"
	"slices"

	"cheaptalk/debate"
)

// room is the room of package debate without its actors: one goroutine asks one agent after the other. Its memory serves one debate after another, so that
// nothing of a transcript may be kept. It belongs to one goroutine.
type room struct {
	team       []debate.Agent // under the labels of the transcript
	transcript debate.Transcript
	own        [][]debate.Message
	earlier    [][][]debate.Message
	heard      []debate.Message // all that is heard in a debate
}

func newRoom(labels []string) *room {
	n := len(labels)
	return &room{
		team: make([]debate.Agent, n), transcript: debate.Transcript{Agents: labels},
		own: make([][]debate.Message, n), earlier: make([][][]debate.Message, n),
	}
}

// talk holds a debate of the team. Nobody hears a message of the round in which it was said, because calls name messages of earlier rounds alone.
func (r *room) talk(ctx context.Context, q debate.Question, p debate.Protocol) error {
	t := &r.transcript
	t.Question, t.Messages, r.heard = q, t.Messages[:0], r.heard[:0]
	for i := range r.team {
		r.own[i], r.earlier[i] = r.own[i][:0], r.earlier[i][:0]
	}
	for round := 0; ; round++ {
		calls := p.Next(t)
		if len(calls) == 0 {
			return nil
		}
		for i := range calls {
			c := &calls[i]
			r.heard = slices.Grow(r.heard, len(c.Hears)) // where it moves, those who hold what was heard before keep the old place
			first := len(r.heard)
			for _, seq := range c.Hears {
				r.heard = append(r.heard, t.Messages[seq])
			}
			heard, own := r.heard[first:], r.own[c.Speaker]
			reply, err := r.team[c.Speaker].Reply(ctx, debate.Turn{
				Question: q, Round: round, Brief: c.Brief, Own: own, Heard: heard, Earlier: r.earlier[c.Speaker],
			})
			if err != nil {
				return err
			}
			if len(heard) > 0 {
				r.earlier[c.Speaker] = append(r.earlier[c.Speaker], heard)
			}
			m := debate.Message{Seq: len(t.Messages), Round: round, From: t.Agents[c.Speaker], Brief: c.Brief, Heard: c.Hears, Reply: reply}
			t.Messages, r.own[c.Speaker] = append(t.Messages, m), append(own, m)
		}
	}
}
