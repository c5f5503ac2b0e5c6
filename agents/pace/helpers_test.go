package pace

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// most is a jitter that always waits as long as it may.
func most(d time.Duration) time.Duration { return d }

// paced puts a model without chance around f.
func paced(t testing.TB, l Limits, f agents.ModelFunc) *Model {
	t.Helper()
	m, err := New(f, l)
	if err != nil {
		t.Fatal(err)
	}
	m.jitter = most
	return m
}

func ptr[T any](v T) *T { return &v }

// status is a refusal.
func status(code int) error { return &agents.StatusError{Status: code, URL: "http://s"} }

// said is a completion that took a request.
func said(prompt, completion int) agents.Completion {
	u := debate.Usage{Calls: 1, PromptTokens: prompt, CompletionTokens: completion}
	return agents.Completion{Text: "(A)", Usage: u, Exchange: debate.Exchange{Attempts: 1, Usage: u}}
}

// prompt is a request of that text.
func prompt(text string) agents.Request {
	return agents.Request{Messages: []agents.Message{{Text: text}}}
}

// sleep waits for a time of the bubble, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// script fails with one error after the other and then answers. It notes when it was asked.
type script struct {
	mu   sync.Mutex
	errs []error
	asks []time.Duration // since began
	from time.Time
}

func failing(errs ...error) *script { return &script{errs: errs, from: time.Now()} }

func (s *script) complete(context.Context, agents.Request) (agents.Completion, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asks = append(s.asks, time.Since(s.from))
	if n := len(s.asks); n <= len(s.errs) {
		return agents.Completion{}, s.errs[n-1]
	}
	return said(10, 5), nil
}

// server is a fake that takes some time for each request and refuses some.
type server struct {
	latency time.Duration
	vary    *rand.Rand                // draws the latency from half of it to one and a half; nil keeps it
	refuse  func(now time.Time) error // nil lets everything pass; called under mu

	mu             sync.Mutex
	inFlight, peak int
	taken, refused []time.Time // when requests came
	tokens         int         // of the completions
}

// refusalLatency is how long a refusal takes: limiters answer before any work is done.
const refusalLatency = 50 * time.Millisecond

func (s *server) complete(ctx context.Context, req agents.Request) (agents.Completion, error) {
	latency, refusal := s.arrive()
	defer func() {
		s.mu.Lock()
		s.inFlight--
		s.mu.Unlock()
	}()
	if err := sleep(ctx, latency); err != nil {
		return agents.Completion{}, err
	}
	if refusal != nil {
		return agents.Completion{}, refusal
	}
	c := said(max(100, req.PromptTokens()), 50)
	s.mu.Lock()
	s.tokens += c.Usage.PromptTokens + c.Usage.CompletionTokens
	s.mu.Unlock()
	return c, nil
}

func (s *server) arrive() (latency time.Duration, refusal error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight++
	s.peak = max(s.peak, s.inFlight)
	now := time.Now()
	if s.refuse != nil {
		if refusal = s.refuse(now); refusal != nil {
			s.refused = append(s.refused, now)
			return refusalLatency, refusal
		}
	}
	s.taken = append(s.taken, now)
	if s.vary == nil {
		return s.latency, nil
	}
	return s.latency/2 + time.Duration(s.vary.Float64()*float64(s.latency)), nil
}

// after counts the times that are later than from.
func after(times []time.Time, from time.Time) int {
	n := 0
	for _, t := range times {
		if t.After(from) {
			n++
		}
	}
	return n
}

// crowd asks the model without pause from so many callers for that long. A call that fails before the end is an error.
func crowd(t *testing.T, m agents.Model, callers int, span time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), span)
	defer cancel()
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				if _, err := m.Complete(ctx, prompt(fmt.Sprint(i, n))); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
