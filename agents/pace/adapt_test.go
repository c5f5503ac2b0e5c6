package pace

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
)

// bucketServer lets r requests a minute pass, and burst at once. It does not say when to come back.
func bucketServer(r, burst float64) func(time.Time) error {
	level, at := burst, time.Time{}
	return func(now time.Time) error {
		if !at.IsZero() {
			level = min(level+now.Sub(at).Seconds()*r/60, burst)
		}
		if at = now; level < 1 {
			return status(429)
		}
		level--
		return nil
	}
}

// minuteServer lets r requests pass in each minute of the clock and says when the next begins.
func minuteServer(r float64) func(time.Time) error {
	var minute time.Time
	n := 0.0
	return func(now time.Time) error {
		if m := now.Truncate(time.Minute); m != minute {
			minute, n = m, 0
		}
		if n++; n > r {
			return &agents.StatusError{Status: 429, RetryAfter: minute.Add(time.Minute).Sub(now)}
		}
		return nil
	}
}

// TestAdaptsToAServerThatRefuses holds that a limit which nobody has told is found: nine tenths of it are used, fewer than 2 % of the
// requests are refused, and no call fails.
func TestAdaptsToAServerThatRefuses(t *testing.T) {
	const warmUp, span = 2 * time.Minute, 10 * time.Minute
	for _, r := range []float64{600, 1500, 3000} {
		for name, refuse := range map[string]func(time.Time) error{
			"burst of a second": bucketServer(r, r/60),
			"burst of a minute": bucketServer(r, r),
			"whole minutes":     minuteServer(r),
		} {
			t.Run(fmt.Sprintf("%v a minute, %s", r, name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &server{latency: time.Second, vary: rand.New(rand.NewPCG(1, uint64(r))), refuse: refuse}
					m, err := New(agents.ModelFunc(s.complete), Limits{})
					if err != nil {
						t.Fatal(err)
					}
					counted := time.Now().Add(warmUp)
					crowd(t, m, 100, warmUp+span)
					taken, refused := after(s.taken, counted), after(s.refused, counted)
					if got := float64(taken) / span.Minutes(); got < 0.9*r {
						t.Errorf("%.0f requests a minute", got)
					}
					if got := float64(refused) / float64(taken+refused); got >= 0.02 {
						t.Errorf("%.2f %% are refused", 100*got)
					}
				})
			})
		}
	}
}

// TestCreepsUpToASmallLimit has a limit that one attempt at a time exceeds, without a word about when to come back.
func TestCreepsUpToASmallLimit(t *testing.T) {
	for _, r := range []float64{10, 60} {
		synctest.Test(t, func(t *testing.T) {
			s := &server{latency: time.Second, vary: rand.New(rand.NewPCG(1, uint64(r))), refuse: bucketServer(r, 1)}
			counted := time.Now().Add(2 * time.Minute)
			m, err := New(agents.ModelFunc(s.complete), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			crowd(t, m, 20, 12*time.Minute)
			taken, refused := after(s.taken, counted), after(s.refused, counted)
			if got := float64(taken) / 10; got < 0.7*r || float64(refused) > 0.15*float64(taken) {
				t.Errorf("%v a minute: %.1f taken, %d refused of %d", r, got, refused, taken+refused)
			}
		})
	}
}

// TestSporadicRefusalsDoNotStrangle has a server that refuses one request in twenty, whatever the rate.
func TestSporadicRefusalsDoNotStrangle(t *testing.T) {
	for _, retryAfter := range []time.Duration{0, time.Second} {
		synctest.Test(t, func(t *testing.T) {
			chance := rand.New(rand.NewPCG(1, 2))
			s := &server{latency: time.Second, vary: rand.New(rand.NewPCG(1, 1)), refuse: func(time.Time) error {
				if chance.IntN(20) == 0 {
					return &agents.StatusError{Status: 429, RetryAfter: retryAfter}
				}
				return nil
			}}
			m, err := New(agents.ModelFunc(s.complete), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			crowd(t, m, 6, 10*time.Minute)
			if got := len(s.taken) / 10; got < 130 { // 360 without refusals, 60 one at a time
				t.Errorf("asked to wait %v: %d requests a minute", retryAfter, got)
			}
		})
	}
}

func TestAServerThatCopesIsAskedByAsManyAsMayBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct{ limit, want int }{{0, MostConnections}, {3, 3}, {200, 100}} {
			s := &server{latency: time.Second}
			crowd(t, paced(t, Limits{MaxConnections: c.limit}, s.complete), 100, time.Minute)
			if s.peak != c.want {
				t.Errorf("limit %d: %d in flight", c.limit, s.peak)
			}
		}
	})
}

// TestASlowServerIsAskedByFewer has a server that works on one request at a time, so that a full window times out.
func TestASlowServerIsAskedByFewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s server
		one := make(chan struct{}, 1)
		m := paced(t, Limits{AttemptTimeout: 10 * time.Second, MaxRetries: ptr(50), CallTimeout: time.Hour}, func(ctx context.Context, _ agents.Request) (agents.Completion, error) {
			s.arrive()
			select {
			case one <- struct{}{}:
				defer func() { <-one }()
			case <-ctx.Done():
				return agents.Completion{}, ctx.Err()
			}
			return said(1, 1), sleep(ctx, 2*time.Second)
		})
		crowd(t, m, 30, 10*time.Minute)
		if size := m.gate.window.limit(); size > 6 { // five fit into the timeout
			t.Errorf("%d at the same time", size)
		}
	})
}

func TestOneOverloadHalvesOnce(t *testing.T) {
	for _, err := range []error{status(429), status(503), status(529), &agents.StatusError{Status: 200, Code: "overloaded_error"}, context.DeadlineExceeded} {
		synctest.Test(t, func(t *testing.T) {
			m := paced(t, Limits{MaxConnections: 12, MaxRetries: ptr(0), AttemptTimeout: 2 * time.Hour, CallTimeout: 2 * time.Hour}, func(ctx context.Context, _ agents.Request) (agents.Completion, error) {
				if err == context.DeadlineExceeded {
					<-ctx.Done()
				}
				sleep(ctx, time.Hour)
				return agents.Completion{}, err
			})
			together := func(n int) {
				var wg sync.WaitGroup
				for range n {
					wg.Go(func() { m.Complete(t.Context(), prompt("?")) })
				}
				wg.Wait()
			}
			for _, want := range []int{6, 3, 1, 1, 1} {
				together(m.gate.window.limit())
				if got := m.gate.window.limit(); got != want {
					t.Errorf("%v: %d may be in flight, want %d", err, got, want)
				}
			}
		})
	}
}

func TestWindowReturnsFastAndGoesOnSlowly(t *testing.T) {
	w := newWindow(Limits{MaxConnections: 100})
	w.halve(40)
	rounds := func(until float64) (n int) {
		for w.size < until {
			for range w.limit() {
				w.grow()
			}
			n++
		}
		return n
	}
	if w.limit() != 20 {
		t.Errorf("halved to %d", w.limit())
	}
	for _, c := range []struct {
		until       float64
		least, most int
	}{{36, 1, 1}, {44, 50, 75}, {60, 14, 18}, {100, 36, 44}} {
		if n := rounds(c.until); n < c.least || n > c.most {
			t.Errorf("%d rounds to %v, want %d to %d", n, c.until, c.least, c.most)
		}
	}
	if w.grow(); w.size != 100 {
		t.Errorf("grown to %v", w.size)
	}
}

// TestAFastServerThatSaysWhenToComeBackIsSpaced has a server so fast that one attempt at a time exceeds its limit. Each time it is told to
// wait it takes a burst, so that without spacing it would refuse once in each.
func TestAFastServerThatSaysWhenToComeBackIsSpaced(t *testing.T) {
	for _, r := range []float64{60, 600, 3000} {
		synctest.Test(t, func(t *testing.T) {
			refuse := bucketServer(r, r)
			s := &server{latency: 50 * time.Millisecond, vary: rand.New(rand.NewPCG(1, uint64(r))), refuse: func(now time.Time) error {
				if refuse(now) != nil {
					return &agents.StatusError{Status: 429, RetryAfter: time.Second}
				}
				return nil
			}}
			m, err := New(agents.ModelFunc(s.complete), Limits{MaxRetries: ptr(20)})
			if err != nil {
				t.Fatal(err)
			}
			counted := time.Now().Add(2 * time.Minute)
			crowd(t, m, 64, 12*time.Minute)
			taken, refused := after(s.taken, counted), after(s.refused, counted)
			share := float64(refused) / float64(taken+refused)
			most := 0.02
			if r < 600 {
				most = 0.05 // the first few weigh more among few
			}
			if got := float64(taken) / 10; got < 0.9*r || share >= most {
				t.Errorf("%v a minute: %.1f taken, %.2f %% refused", r, got, 100*share)
			}
		})
	}
}
