package debate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// The room: one actor goroutine an agent, an inbox channel each, and one channel back.
//
// The room makes and closes every channel. The goroutine of Run writes the inboxes and reads said until every call of the
// round has answered: that is the round barrier. Nobody hears a message of the round in which it was said, because turns are
// made from the transcript before the first call of the round goes out and replies join it after the last one came in.

// request is one turn on its way to an actor.
type request struct {
	ctx  context.Context // of the round
	call int             // index in the calls of the round
	turn Turn
}

// said is what comes back: a delta (done is false) or the end of a turn.
type said struct {
	call  int
	delta string
	done  bool
	reply Reply
	err   error
}

// act serves turns from the inbox until it is closed.
func act(a Agent, inbox <-chan request, out chan<- said) {
	for req := range inbox {
		req.turn.Say = func(delta string) {
			select {
			case out <- said{call: req.call, delta: delta}:
			case <-req.ctx.Done():
			}
		}
		reply, err := reply(req.ctx, a, req.turn)
		out <- said{call: req.call, done: true, reply: reply, err: err} // Run reads until every call is done
	}
}

// reply asks the agent and turns a panic of it into an error.
func reply(ctx context.Context, a Agent, turn Turn) (r Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return a.Reply(ctx, turn)
}

// talk opens the room, holds round after round and closes the room.
func (d *Debate) talk(ctx context.Context, t *Transcript, emit func(Event)) error {
	out := make(chan said) // unbuffered: an actor runs no further than what has been taken from it
	inboxes := make([]chan request, len(d.Team))
	var actors sync.WaitGroup
	for i, a := range d.Team {
		inboxes[i] = make(chan request, 1) // one turn a round, so that sending never waits
		actors.Go(func() { act(a, inboxes[i], out) })
	}
	defer func() {
		for _, inbox := range inboxes {
			close(inbox)
		}
		go func() { // outlives talk by nothing: the loop below ends when out is closed
			actors.Wait()
			close(out)
		}()
		for range out { // empty, unless emit panicked while actors were speaking
		}
	}()

	earlier := make([][][]Message, len(d.Team))
	for round := 0; ; round++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		calls := d.Protocol.Next(t)
		if len(calls) == 0 {
			if round == 0 {
				return fmt.Errorf("debate: protocol %s calls nobody", d.Protocol.Name())
			}
			return nil
		}
		if err := checkCalls(t, calls); err != nil {
			return fmt.Errorf("protocol %s: round %d: %w", d.Protocol.Name(), round, err)
		}
		emit(RoundStarted{Round: round, Calls: calls})
		if err := d.round(ctx, t, round, calls, inboxes, out, earlier, emit); err != nil {
			return err
		}
	}
}

// round sends the calls out, waits for all of them, and appends the replies in the order of the calls.
// A turn that fails does not stop the others: what they were asked is paid for.
func (d *Debate) round(ctx context.Context, t *Transcript, round int, calls []Call, inboxes []chan request,
	out <-chan said, earlier [][][]Message, emit func(Event)) error {
	for i, c := range calls {
		heard := make([]Message, 0, len(c.Hears))
		for _, seq := range c.Hears {
			heard = append(heard, t.Messages[seq])
		}
		inboxes[c.Speaker] <- request{ctx: ctx, call: i, turn: Turn{
			Question: t.Question, Round: round, Brief: c.Brief,
			Own: t.Own(t.Agents[c.Speaker]), Heard: heard, Earlier: slices.Clip(earlier[c.Speaker]),
		}}
		if len(heard) > 0 {
			earlier[c.Speaker] = append(earlier[c.Speaker], heard)
		}
	}

	ends := make([]said, len(calls))
	next := 0 // the first call that has not joined the transcript
	for waiting := len(calls); waiting > 0; {
		s := <-out
		if !s.done {
			emit(Saying{Speaker: t.Agents[calls[s.call].Speaker], Round: round, Delta: s.delta})
			continue
		}
		waiting--
		ends[s.call] = s
		for ; next < len(calls) && ends[next].done; next++ {
			m := Message{Seq: len(t.Messages), Round: round, From: t.Agents[calls[next].Speaker],
				Brief: calls[next].Brief, Heard: calls[next].Hears}
			if err := ends[next].err; err != nil {
				m.Failed, m.FailureKind = err.Error(), FailureKind(err)
			} else {
				m.Reply = ends[next].reply
			}
			t.Messages = append(t.Messages, m)
			emit(Said{Message: m})
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return d.failure(t, round, calls, ends)
}

// failure says whether the turns of a round that failed end the debate: under FailDebate one is enough, under Abstain all must.
// One that may not be asked any more always does.
func (d *Debate) failure(t *Transcript, round int, calls []Call, ends []said) error {
	var errs []error
	for i, end := range ends {
		if end.err != nil {
			errs = append(errs, fmt.Errorf("round %d: agent %s: %w", round, t.Agents[calls[i].Speaker], end.err))
		}
	}
	if i := slices.IndexFunc(errs, func(err error) bool { return errors.Is(err, ErrStopped) }); i >= 0 {
		return errs[i]
	}
	if len(errs) == 0 || d.OnFailure == Abstain && len(errs) < len(calls) {
		return nil
	}
	return errs[0]
}

// checkCalls finds what a protocol may not ask for.
func checkCalls(t *Transcript, calls []Call) error {
	asked := make(map[int]bool, len(calls))
	for _, c := range calls {
		if c.Speaker < 0 || c.Speaker >= len(t.Agents) {
			return fmt.Errorf("calls speaker %d of %d", c.Speaker, len(t.Agents))
		}
		if asked[c.Speaker] {
			return fmt.Errorf("calls agent %s twice", t.Agents[c.Speaker])
		}
		asked[c.Speaker] = true
		for _, seq := range c.Hears {
			if seq < 0 || seq >= len(t.Messages) {
				return fmt.Errorf("lets agent %s hear message %d of %d", t.Agents[c.Speaker], seq, len(t.Messages))
			}
		}
	}
	return nil
}
