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
// The goroutine of Run writes the inboxes and reads said until every call of the round has answered: that is the round barrier.
// Nobody hears a message of the round in which it was said, because turns are made from the transcript before the first call of
// the round goes out and replies join it after the last one came in.

// crew is the actors of a room. They serve one debate after the other, an actor one agent for the length of a debate: to start them anew for
// each costs more than what a simulated agent does. The zero crew has nobody. It belongs to one goroutine, which closes it.
type crew struct {
	inboxes []chan *request
	out     chan said
	actors  sync.WaitGroup

	// Memory of one debate that serves the next, because the turns of simulated agents would be most of what the collector has to do.
	requests []request // of the round; no actor has one between rounds
	seats    []seat    // of the team
	paper    []Message // what is heard is copied onto it
}

// seat is what an agent has said and heard so far.
type seat struct {
	own     []Message   // without failed turns
	earlier [][]Message // what it heard in each turn in which it heard something
}

// request is one call on its way to an actor and back. The room owns it but while the actor serves it.
type request struct {
	ctx   context.Context // of the round
	call  int             // index in the calls of the round
	agent Agent
	turn  Turn

	// The actor fills these in before it says that it is done.
	reply Reply
	err   error

	done bool // the room has been told
}

// said is what comes back: a delta (done is false) or the end of a turn.
type said struct {
	call  int
	delta string
	done  bool
}

// hire makes sure that there are n actors, and forgets the debate before.
func (c *crew) hire(n int) {
	c.seats = slices.Grow(c.seats[:0], n)[:n]
	for i := range c.seats {
		s := &c.seats[i]
		if s.own == nil {
			s.own = make([]Message, 0, usualRounds)
		}
		s.own, s.earlier = s.own[:0], s.earlier[:0]
	}
	c.paper = c.paper[:0]
	if c.out == nil {
		c.out = make(chan said) // unbuffered: an actor runs no further than what has been taken from it
	}
	for len(c.inboxes) < n {
		inbox := make(chan *request, 1) // one turn a round, so that sending never waits
		c.inboxes = append(c.inboxes, inbox)
		c.actors.Go(func() { act(inbox, c.out) })
	}
}

// sheet returns an empty slice with room for n messages that nothing else is written to until the debate is over.
func (c *crew) sheet(n int) []Message {
	at := len(c.paper)
	if at+n > cap(c.paper) { // what is on the old paper stays there
		c.paper, at = make([]Message, 0, max(n*len(c.seats)*(usualRounds-1), 2*cap(c.paper))), 0
	}
	c.paper = c.paper[:at+n]
	return c.paper[at : at : at+n]
}

// close sends the actors home and waits until they are gone.
func (c *crew) close() {
	for _, inbox := range c.inboxes {
		close(inbox)
	}
	c.actors.Wait()
}

// act serves turns from the inbox until it is closed.
func act(inbox <-chan *request, out chan<- said) {
	var req *request
	say := func(delta string) { // of the turn that is being served: Turn.Say is not called after Reply has returned
		select {
		case out <- said{call: req.call, delta: delta}:
		case <-req.ctx.Done():
		}
	}
	for req = range inbox {
		req.turn.Say = say
		req.reply, req.err = reply(req.ctx, req.agent, req.turn)
		out <- said{call: req.call, done: true} // hold reads until every call is done
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

// talk holds round after round until the protocol calls nobody.
func (d *Debate) talk(ctx context.Context, t *Transcript, crew *crew, emit func(Event)) error {
	crew.hire(len(d.Team))
	r := rounds{crew: crew, debate: d, transcript: t, emit: emit}
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
		if emit != nil {
			emit(RoundStarted{Round: round, Calls: calls})
		}
		if err := r.hold(ctx, round, calls); err != nil {
			return err
		}
	}
}

// rounds holds what the rounds of a debate have in common. It belongs to the goroutine of Run.
type rounds struct {
	*crew
	debate     *Debate
	transcript *Transcript
	emit       func(Event) // may be nil
}

// hold sends the calls out, waits for all of them, and appends the replies in the order of the calls.
// A turn that fails does not stop the others: what they were asked is paid for.
func (r *rounds) hold(ctx context.Context, round int, calls []Call) error {
	t := r.transcript
	r.requests = slices.Grow(r.requests[:0], len(calls))[:len(calls)]
	waiting := 0
	defer func() { // nothing to do, unless emit panicked while actors were speaking
		for waiting > 0 {
			if s := <-r.out; s.done {
				waiting--
			}
		}
	}()
	for i := range calls {
		c := &calls[i]
		heard := r.sheet(len(c.Hears))
		for _, seq := range c.Hears {
			heard = append(heard, t.Messages[seq])
		}
		s := &r.seats[c.Speaker]
		r.requests[i] = request{ctx: ctx, call: i, agent: r.debate.Team[c.Speaker], turn: Turn{
			Question: t.Question, Round: round, Brief: c.Brief, Own: slices.Clip(s.own), Heard: heard, Earlier: slices.Clip(s.earlier),
		}}
		if len(heard) > 0 {
			s.earlier = append(s.earlier, heard)
		}
		r.inboxes[c.Speaker] <- &r.requests[i]
		waiting++
	}

	next := 0 // the first call that has not joined the transcript
	for waiting > 0 {
		s := <-r.out
		if !s.done {
			if r.emit != nil {
				r.emit(Saying{Speaker: t.Agents[calls[s.call].Speaker], Round: round, Delta: s.delta})
			}
			continue
		}
		waiting--
		r.requests[s.call].done = true
		for ; next < len(calls) && r.requests[next].done; next++ {
			r.join(round, &calls[next], &r.requests[next])
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return r.failure(round, calls)
}

// join appends what came of a call to the transcript.
func (r *rounds) join(round int, c *Call, req *request) {
	t := r.transcript
	t.Messages = append(t.Messages, Message{Seq: len(t.Messages), Round: round, From: t.Agents[c.Speaker], Brief: c.Brief, Heard: c.Hears})
	m := &t.Messages[len(t.Messages)-1]
	if req.err != nil {
		m.Failed, m.FailureKind = req.err.Error(), FailureKind(req.err)
	} else {
		m.Reply = req.reply
		r.seats[c.Speaker].own = append(r.seats[c.Speaker].own, *m)
	}
	if r.emit != nil {
		r.emit(Said{Message: *m})
	}
}

// failure says whether the turns of a round that failed end the debate: under FailDebate one is enough, under Abstain all must.
// One that may not be asked any more always does.
func (r *rounds) failure(round int, calls []Call) error {
	var errs []error
	for i := range r.requests {
		if err := r.requests[i].err; err != nil {
			errs = append(errs, fmt.Errorf("round %d: agent %s: %w", round, r.transcript.Agents[calls[i].Speaker], err))
		}
	}
	if i := slices.IndexFunc(errs, func(err error) bool { return errors.Is(err, ErrStopped) }); i >= 0 {
		return errs[i]
	}
	if len(errs) == 0 || r.debate.OnFailure == Abstain && len(errs) < len(calls) {
		return nil
	}
	return errs[0]
}

// checkCalls finds what a protocol may not ask for.
func checkCalls(t *Transcript, calls []Call) error {
	for i := range calls {
		c := &calls[i]
		if c.Speaker < 0 || c.Speaker >= len(t.Agents) {
			return fmt.Errorf("calls speaker %d of %d", c.Speaker, len(t.Agents))
		}
		for j := range i {
			if calls[j].Speaker == c.Speaker {
				return fmt.Errorf("calls agent %s twice", t.Agents[c.Speaker])
			}
		}
		for _, seq := range c.Hears {
			if seq < 0 || seq >= len(t.Messages) {
				return fmt.Errorf("lets agent %s hear message %d of %d", t.Agents[c.Speaker], seq, len(t.Messages))
			}
		}
	}
	return nil
}
