package pace

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

func TestLimitsAreChecked(t *testing.T) {
	check := func(want string, l Limits) {
		t.Helper()
		if _, err := New(agents.ModelFunc(nil), l); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", l, err, want)
		}
	}
	check("requests_per_minute: -1", Limits{RequestsPerMinute: -1})
	check("tokens_per_minute: -2", Limits{TokensPerMinute: -2})
	check("max_connections: -3", Limits{MaxConnections: -3})
	check("max_retries: -4", Limits{MaxRetries: ptr(-4)})
	check("timeout: -1s", Limits{CallTimeout: -time.Second})
	check("attempt_timeout: -1s", Limits{AttemptTimeout: -time.Second})
	check("attempt_timeout: 11m0s is longer", Limits{AttemptTimeout: 11 * time.Minute})
	if err := (Limits{}).Check(); err != nil {
		t.Error(err)
	}
}

// busiest returns the most requests in any span of that length.
func busiest(times []time.Time, span time.Duration) int {
	most, from := 0, 0
	for i, t := range times {
		for !times[from].After(t.Add(-span)) {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

// TestRequestsAMinuteAreUsedAndKept asks three models at once, each with a limit of its own. A span may hold the request at both of
// its ends.
func TestRequestsAMinuteAreUsedAndKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const span = 10 * time.Minute
		var wg sync.WaitGroup
		for _, r := range []int{7, 60, 1200} {
			wg.Go(func() {
				s := &server{latency: 2 * time.Second}
				crowd(t, paced(t, Limits{RequestsPerMinute: r}, s.complete), 60, span)
				if n, all := len(s.taken), r*int(span.Minutes()); n < all*95/100 || n > all+1 {
					t.Errorf("%d a minute: %d in ten", r, n)
				}
				if n := busiest(s.taken, time.Minute); n > r+1 {
					t.Errorf("%d a minute: %d in one", r, n)
				}
				if n, share := busiest(s.taken, time.Second), max(1, r/60); n > share+1 {
					t.Errorf("%d a minute: %d in a second", r, n)
				}
			})
		}
		wg.Wait()
	})
}

// TestTokensAMinuteAreUsedAndKept asks with estimates that are far too high, a third of the truth, and made of what came before.
func TestTokensAMinuteAreUsedAndKept(t *testing.T) {
	for name, change := range map[string]func(*agents.Request){
		"limit too high":       func(r *agents.Request) { r.Sampling.MaxTokens = 4000 },
		"limit too low":        func(r *agents.Request) { r.Sampling.MaxTokens = 50 },
		"no limit":             func(r *agents.Request) {},
		"longer than a minute": func(r *agents.Request) { r.System = strings.Repeat("word", 40000) },
	} {
		synctest.Test(t, func(t *testing.T) {
			const limit, minutes = 30000, 60
			s := &server{latency: 2 * time.Second}
			m := paced(t, Limits{TokensPerMinute: limit}, s.complete)
			crowd(t, modelWith{m, change}, 40, minutes*time.Minute)
			if s.tokens < limit*minutes*95/100 || s.tokens > limit*minutes+40100 {
				t.Errorf("%s: %d tokens in an hour", name, s.tokens)
			}
		})
	}
}

// modelWith changes each request.
type modelWith struct {
	agents.Model
	change func(*agents.Request)
}

func (m modelWith) Complete(ctx context.Context, req agents.Request) (agents.Completion, error) {
	m.change(&req)
	return m.Model.Complete(ctx, req)
}

func TestRefusalsCostNoTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := failing(status(500), status(500), status(500))
		m := paced(t, Limits{TokensPerMinute: 60}, s.complete)
		req := prompt(strings.Repeat("word", 40)) // and a completion of 20: a minute's tokens
		req.Sampling.MaxTokens = 20
		if _, err := m.Complete(t.Context(), req); err != nil || time.Since(s.from) != 3500*time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(s.from))
		}
	})
}

func TestWhatIsSharedCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		m := paced(t, Limits{RequestsPerMinute: 1, TokensPerMinute: 100}, func(context.Context, agents.Request) (agents.Completion, error) {
			c := said(1000, 1000)
			c.Exchange.Shared, c.Exchange.Attempts = true, 0
			return c, nil
		})
		for range 100 {
			if c, err := m.Complete(t.Context(), prompt("?")); err != nil || c.Exchange.Attempts != 0 {
				t.Fatalf("%+v %v", c, err)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("took %v", took)
		}
	})
}

func TestFirstComeFirstServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		m := paced(t, Limits{MaxConnections: 1, RequestsPerMinute: 600}, func(ctx context.Context, req agents.Request) (agents.Completion, error) {
			order = append(order, req.Messages[0].Text) // one at a time
			return said(1, 1), sleep(ctx, time.Second)
		})
		var wg sync.WaitGroup
		impatient, cancel := context.WithCancel(t.Context())
		for i := range 20 {
			ctx := t.Context()
			if i == 7 {
				ctx = impatient
			}
			wg.Go(func() { m.Complete(ctx, prompt(string(rune('a'+i)))) })
			synctest.Wait()
		}
		cancel()
		wg.Wait()
		if got := strings.Join(order, ""); got != "abcdefgijklmnopqrst" {
			t.Errorf("served %s", got)
		}
	})
}

func TestLaterRoundsGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		m := paced(t, Limits{MaxConnections: 1}, func(ctx context.Context, req agents.Request) (agents.Completion, error) {
			order = append(order, fmt.Sprint(req.Round)) // one at a time
			return said(1, 1), sleep(ctx, time.Second)
		})
		var wg sync.WaitGroup
		for _, round := range []int{0, 0, 0, 2, 1, 0, 3, 2} { // the first goes, the second is at the head of the queue when the others come
			wg.Go(func() {
				req := prompt("x")
				req.Round = round
				m.Complete(t.Context(), req)
			})
			synctest.Wait()
		}
		wg.Wait()
		if got := strings.Join(order, " "); got != "0 0 3 2 2 1 0 0" {
			t.Errorf("rounds in the order %s", got)
		}
	})
}

func TestWhatIsReceivedNeedsNoConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := paced(t, Limits{MaxConnections: 1, TokensPerMinute: 600}, func(ctx context.Context, req agents.Request) (agents.Completion, error) {
			err := sleep(ctx, time.Second)
			req.Received(debate.Usage{PromptTokens: 4, CompletionTokens: 6})
			return said(4, 6), errors.Join(err, sleep(ctx, time.Minute)) // to keep it
		})
		start := time.Now()
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if _, err := m.Complete(t.Context(), prompt("x")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(start); took < 63*time.Second || took > 66*time.Second {
			t.Errorf("three calls of a second took %v", took)
		}
		if g := m.gate; g.inFlight != 0 || g.completions != 3 || g.completed != 18 {
			t.Errorf("%d in flight, %d completions of %d tokens", g.inFlight, g.completions, g.completed)
		}
	})
}
