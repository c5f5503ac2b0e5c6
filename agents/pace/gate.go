package pace

import (
	"context"
	"sync"
	"time"
)

// gate decides when an attempt may go. It is safe for concurrent use.
type gate struct {
	queue   queue         // its head alone looks at the rest
	changed chan struct{} // tells the head to look again; has room for one, which is enough for one reader

	mu       sync.Mutex
	window   window
	inFlight int
	tempo    tempo
	requests bucket // at the rate of tempo
	tokens   bucket
	closed   time.Time // the server asked not to be asked before
	// spaced says that whoever is at the head of the queue had to wait for requests, and waited that it had to wait for anything.
	spaced, waited bool
	// unreached and refusing are when the first of the failures came since which the server could not be reached, and did nothing but refuse
	// where it was; zero when it answers.
	unreached, refusing time.Time
	// completions and completed are the number of completions and of their tokens: their mean is what the next is expected to be.
	completions, completed int
}

func newGate(l Limits) *gate {
	return &gate{
		changed: make(chan struct{}, 1), window: newWindow(l),
		tempo: newTempo(l.RequestsPerMinute), requests: perMinute(l.RequestsPerMinute), tokens: perMinute(l.TokensPerMinute),
	}
}

// ticket is the right to one attempt.
type ticket struct {
	epoch  int     // of the window
	spaced bool    // it had to wait for requests
	tokens float64 // that were taken for it
}

// outcome is what became of an attempt.
type outcome struct {
	kind       kind
	shared     bool          // another call's completion, or an earlier run's; nothing was sent
	prompt     int           // tokens that the server counted
	completion int           // likewise; both 0 when it does not say
	closed     time.Duration // how long the server asks to be left alone
}

// firstCompletion is the expected length of a completion, in tokens, before there is one and when no limit is set.
const firstCompletion = 256

// enter waits for the right to one attempt, before those of a lower rank. A prompt of so many tokens is sent, and at most so many are
// completed; 0 is no limit. Whoever enters must leave.
func (g *gate) enter(ctx context.Context, rank, prompt, maxTokens int) (ticket, error) {
	if err := g.queue.enter(ctx, rank); err != nil {
		return ticket{}, err
	}
	defer g.queue.leave()
	for ctx.Err() == nil {
		t, wait, ok := g.try(prompt, maxTokens)
		if ok {
			return t, nil
		}
		g.sleep(ctx, wait)
	}
	return ticket{}, ctx.Err()
}

// try takes a ticket, or returns how long there will be none: 0 when only an attempt that ends can tell.
func (g *gate) try(prompt, maxTokens int) (t ticket, wait time.Duration, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	requests := g.requests.wait(now)
	g.spaced = g.spaced || requests > 0
	wait = max(g.closed.Sub(now), requests, g.tokens.wait(now))
	if wait > 0 || g.inFlight >= g.window.limit() {
		g.waited = true
		return ticket{}, max(wait, 0), false
	}
	expected := maxTokens
	switch {
	case expected > 0:
	case g.completions > 0:
		expected = g.completed / g.completions
	default:
		expected = firstCompletion
	}
	t = ticket{epoch: g.window.epoch, spaced: g.spaced, tokens: float64(prompt + expected)}
	g.tempo.send(now, g.inFlight == 0 && !g.waited)
	g.requests.use(now, 1)
	g.tokens.use(now, t.tokens)
	g.inFlight++
	g.spaced, g.waited = false, false
	return t, 0, true
}

// sleep waits for that long, 0 being for ever, or until something changes or ctx ends.
func (g *gate) sleep(ctx context.Context, wait time.Duration) {
	var over <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
	case <-g.changed:
	case <-ctx.Done():
	}
}

// leave gives a ticket back and learns from what became of the attempt.
func (g *gate) leave(t ticket, o outcome) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if until := now.Add(o.closed); o.closed > 0 && until.After(g.closed) {
		g.closed = until
	}
	g.learn(t, o, now)
	g.inFlight--
	if o.shared {
		g.requests.use(now, -1)
	}
	g.tokens.use(now, o.used(t)-t.tokens)
	select {
	case g.changed <- struct{}{}:
	default: // the head has been told already
	}
}

// learn adapts to what became of an attempt. What was in flight when the window was last halved says nothing new. The lock is held.
func (g *gate) learn(t ticket, o outcome, now time.Time) {
	if o.shared {
		return
	}
	full := g.inFlight >= g.window.limit()
	if t.epoch == g.window.epoch {
		switch o.kind {
		case success:
			if full {
				g.window.grow()
			}
			g.tempo.succeed(t.spaced)
		case overload:
			if told := o.closed > 0; g.inFlight == 1 || told {
				g.tempo.refuse(now, told)
			}
			g.window.halve(g.inFlight)
		case timeout:
			g.window.halve(g.inFlight)
		}
		g.requests.set(now, g.tempo.rate)
	}
	switch o.kind {
	case unreachable:
		g.unreached = first(g.unreached, now)
	case overload: // it was reached
		g.unreached, g.refusing = time.Time{}, first(g.refusing, now)
	case timeout, abandoned: // they say nothing about it
	default:
		g.unreached, g.refusing = time.Time{}, time.Time{}
	}
	if o.kind == success && o.completion > 0 {
		g.completions++
		g.completed += o.completion
	}
}

// used returns how many tokens an attempt cost.
func (o outcome) used(t ticket) float64 {
	switch {
	case o.kind == timeout || o.kind == abandoned: // the server may have worked as long as was expected
		return t.tokens
	case o.kind != success || o.shared:
		return 0
	case o.prompt+o.completion == 0: // the server does not say
		return t.tokens
	}
	return float64(o.prompt + o.completion)
}

// first returns since, or now when it is zero.
func first(since, now time.Time) time.Time {
	if since.IsZero() {
		return now
	}
	return since
}

// trouble returns for how long the server could not be reached, and for how long it did nothing but refuse; 0 when it answers.
func (g *gate) trouble() (unreached, refusing time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	return now.Sub(first(g.unreached, now)), now.Sub(first(g.refusing, now))
}
