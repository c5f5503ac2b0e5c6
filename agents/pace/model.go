package pace

import (
	"context"
	"fmt"
	"hash/maphash"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// ErrTimeout says that a model did not answer in time.
var ErrTimeout error = timeoutError{}

type timeoutError struct{}

func (timeoutError) Error() string { return "no answer in time" }

// FailureKind sorts it, for debate.FailureKind.
func (timeoutError) FailureKind() string { return "timeout" }

// Model is a model that is asked within limits and again after failures that pass. It is safe for concurrent use.
//
// What a call will use of the tokens a minute is estimated: a token for every four bytes of the prompt, and as many more as the request
// allows, or else the mean of the completions so far. The server's own count replaces the estimate when it comes.
type Model struct {
	// Observe, when it is not nil, is told of each attempt that failed and is made again: of which call, the how manyth, from 1, why, and
	// how long is waited before the next. It is called by the goroutine of Complete with its context, and is to be set before the first call.
	Observe func(ctx context.Context, req agents.Request, attempt int, err error, wait time.Duration)

	inner  agents.Model
	limits Limits
	gate   *gate
	twins  twins
	seed   maphash.Seed // of the keys of twins
	jitter func(most time.Duration) time.Duration
}

var _ agents.Model = (*Model)(nil)

// New returns the model under the limits, or what is wrong with them.
func New(m agents.Model, l Limits) (*Model, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	return &Model{inner: m, limits: l, gate: newGate(l), seed: maphash.MakeSeed(), jitter: jitter}, nil
}

// Name returns the model's name.
func (m *Model) Name() string { return m.inner.Name() }

// Complete asks the model, again where that may help, and returns its completion or the error of the last attempt. The number of
// attempts is in the completion's Exchange, unless another call or an earlier run made it. What is said of a streamed completion in an attempt that
// fails is followed by "[asked again]" on a line of its own.
func (m *Model) Complete(ctx context.Context, req agents.Request) (agents.Completion, error) {
	if req.Scope != "" {
		leave, err := m.twins.enter(ctx, key(m.seed, req))
		if err != nil {
			return agents.Completion{}, fmt.Errorf("model %q: %w", m.Name(), err)
		}
		defer leave()
	}
	heard := speech{say: req.Say}
	if req.Say != nil {
		req.Say = heard.hear
	}
	left := m.limits.timeout()
	for attempts := 1; ; attempts++ {
		c, k, took, err := m.attempt(ctx, req, left)
		switch {
		case k == abandoned:
			return agents.Completion{}, err
		case err == nil:
			if !c.Exchange.Shared && !c.Exchange.Cached {
				c.Exchange.Attempts = attempts
			}
			return c, nil
		}
		heard.failed()
		left -= took
		wait, final := m.next(k, err, attempts, left)
		if final != nil {
			return agents.Completion{}, final
		}
		if m.Observe != nil {
			m.Observe(ctx, req, attempts, err, wait)
		}
		left -= wait
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return agents.Completion{}, fmt.Errorf("model %q: %w", m.Name(), ctx.Err())
		}
	}
}

// speech passes on what is said in the attempts of one call. What a failed one has said cannot be taken back, so the next one begins with
// a line that says so.
type speech struct {
	say         func(string)
	some, stale bool // something was said; it was in an attempt that failed
}

// askedAgain stands between what two attempts say.
const askedAgain = "\n[asked again]\n"

func (s *speech) hear(delta string) {
	if s.stale {
		s.say(askedAgain)
	}
	s.some, s.stale = true, false
	s.say(delta)
}

// failed says that the attempt that was heard is over.
func (s *speech) failed() { s.stale = s.some }

// attempt asks once, within the time that is left, and says what came of it and how long it took once it had its turn.
func (m *Model) attempt(ctx context.Context, req agents.Request, left time.Duration) (c agents.Completion, k kind, took time.Duration, err error) {
	t, err := m.gate.enter(ctx, max(req.Round, 0), req.PromptTokens(), req.Sampling.MaxTokens)
	if err != nil {
		return c, abandoned, 0, fmt.Errorf("model %q: %w", m.Name(), err)
	}
	o, inFlight := outcome{kind: abandoned}, true
	leave := func(o outcome) {
		if inFlight {
			inFlight = false
			m.gate.leave(t, o)
		}
	}
	defer func() { leave(o) }() // also after a panic of the model
	req.Received = func(u debate.Usage) {
		leave(outcome{kind: success, prompt: u.PromptTokens, completion: u.CompletionTokens})
	}

	limit, field := left, "timeout"
	if a := m.limits.AttemptTimeout; a > 0 && a < left {
		limit, field = a, "attempt_timeout"
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	start := time.Now()
	c, err = m.inner.Complete(limited, req)
	took = time.Since(start)
	switch {
	case err == nil:
		o = outcome{kind: success, shared: c.Exchange.Shared || c.Exchange.Cached, prompt: c.Usage.PromptTokens, completion: c.Usage.CompletionTokens}
	case ctx.Err() != nil:
		err = fmt.Errorf("model %q: %w", m.Name(), ctx.Err())
	case limited.Err() != nil:
		o.kind = timeout
		err = fmt.Errorf("model %q: %w (%v): raise its %s, or ask fewer at a time with workers", m.Name(), ErrTimeout, limit, field)
	default:
		o.kind = kindOf(err)
		if wait := retryAfter(err); wait < m.limits.timeout() { // for longer nobody waits
			o.closed = wait
		}
	}
	return c, o.kind, took, err
}
