package pace

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

var (
	refused    = &agents.UnreachableError{URL: "http://s", Err: syscall.ECONNREFUSED}
	unreadably = &agents.UnreadableError{URL: "http://s", Err: errors.New("the answer is not JSON")}
)

func TestWaitsDouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := failing(slices.Repeat([]error{status(500)}, 99)...)
		_, err := paced(t, Limits{}, s.complete).Complete(t.Context(), prompt("?"))
		const ms = time.Millisecond
		if want := []time.Duration{0, 500 * ms, 1500 * ms, 3500 * ms, 7500 * ms, 15500 * ms}; !slices.Equal(s.asks, want) {
			t.Errorf("asked at %v, want %v", s.asks, want)
		}
		if e, ok := errors.AsType[*agents.StatusError](err); !ok || e.Status != 500 || err.Error() != "after 6 attempts: "+e.Error() {
			t.Error(err)
		}
	})
	for attempts, want := range map[int]time.Duration{1: baseWait, 7: 32 * time.Second, 8: mostWait, 9: mostWait, 1000: mostWait} {
		if got := backoff(attempts); got != want {
			t.Errorf("after %d attempts: %v, want %v", attempts, got, want)
		}
	}
}

func TestJitterIsDrawnEvenlyFromZero(t *testing.T) {
	const n, bins = 16000, 4
	var count [bins]int
	for range n {
		d := jitter(time.Second)
		if d < 0 || d > time.Second {
			t.Fatal(d)
		}
		count[min(int(d*bins/time.Second), bins-1)]++
	}
	for i, c := range count { // each is binomial with a standard deviation of 55
		if c < n/bins-400 || c > n/bins+400 {
			t.Errorf("%d of %d in quarter %d", c, n, i+1)
		}
	}
}

func TestOnlyWhatPassesIsAskedAgain(t *testing.T) {
	check := func(err error, want int) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			s := failing(slices.Repeat([]error{fmt.Errorf("model: %w", err)}, 99)...)
			_, got := paced(t, Limits{}, s.complete).Complete(t.Context(), prompt("?"))
			if len(s.asks) != want || !errors.Is(got, err) {
				t.Errorf("%v: asked %d times, want %d: %v", err, len(s.asks), want, got)
			}
			if strings.HasPrefix(got.Error(), "after") != (want > 1) {
				t.Error(got)
			}
		})
	}
	for _, code := range []int{408, 409, 429, 500, 502, 503, 504, 520, 529} {
		check(status(code), 6)
	}
	for _, code := range []int{301, 400, 401, 402, 403, 404, 405, 413, 422, 501} {
		check(status(code), 1)
	}
	check(&agents.StatusError{Status: 400, Code: "context_length_exceeded"}, 1)
	check(&agents.StatusError{Status: 500, Message: "the request exceeds the available context size"}, 1)
	check(&agents.StatusError{Status: 429, Code: "insufficient_quota"}, 1)
	check(&agents.StatusError{Status: 200, Code: "overloaded_error"}, 6)
	check(&agents.StatusError{Status: 200, Message: "no provider"}, 3)
	check(&agents.UnreadableError{Err: io.ErrUnexpectedEOF}, 6)
	check(&agents.UnreachableError{Err: syscall.ECONNRESET}, 6)
	check(&agents.UnreachableError{Err: os.NewSyscallError("wsarecv", syscall.Errno(10054))}, 6) // the same on Windows
	check(&agents.UnreachableError{Err: io.EOF}, 6)
	check(refused, 3)
	check(unreadably, 3)
	check(&agents.UnreadableError{Err: errors.New("stream error: INTERNAL_ERROR"), BrokeOff: true}, 6)
	check(&agents.TooLongError{URL: "http://s", Limit: 1 << 20}, 1)
	check(errors.New("no prompts"), 1)
}

func TestRetriesAreCountedAndLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for retries, want := range map[int]int{0: 1, 2: 3, 30: 5} {
			s := failing(unreadably, status(429), status(500), status(503))
			c, err := paced(t, Limits{MaxRetries: &retries}, s.complete).Complete(t.Context(), prompt("?"))
			if want == 5 {
				if err != nil || c.Exchange.Attempts != 5 {
					t.Errorf("%d retries: %+v %v", retries, c.Exchange, err)
				}
			} else if err == nil || len(s.asks) != want {
				t.Errorf("%d retries: asked %d times, %v", retries, len(s.asks), err)
			}
		}
		if c, err := paced(t, Limits{}, failing().complete).Complete(t.Context(), prompt("?")); err != nil || c.Exchange.Attempts != 1 {
			t.Errorf("%+v %v", c, err)
		}
	})
}

func TestRetryAfterIsKeptByAllCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := failing(&agents.StatusError{Status: 429, RetryAfter: 7 * time.Second})
		m := paced(t, Limits{}, s.complete)
		var wg sync.WaitGroup
		call := func() {
			if _, err := m.Complete(t.Context(), prompt("?")); err != nil {
				t.Error(err)
			}
		}
		wg.Go(call)
		synctest.Wait()
		time.Sleep(time.Second)
		wg.Go(call)
		wg.Wait()
		if len(s.asks) != 3 || s.asks[1] != 7*time.Second || s.asks[2] < 7500*time.Millisecond {
			t.Errorf("asked at %v", s.asks)
		}
	})
}

func TestALongerWaitThanTheTimeoutEndsTheCallAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := failing(&agents.StatusError{Status: 429, URL: "http://s", RetryAfter: 2 * time.Hour})
		m := paced(t, Limits{}, s.complete)
		_, err := m.Complete(t.Context(), prompt("?"))
		want := "http://s: 429 Too Many Requests (ask more slowly): it would be asked again after 2h0m1s, and its timeout (10m0s) leaves less"
		if err == nil || err.Error() != want || time.Since(s.from) != 0 {
			t.Errorf("%v after %v", err, time.Since(s.from))
		}
		if _, err := m.Complete(t.Context(), prompt("?")); err != nil || time.Since(s.from) > time.Minute {
			t.Errorf("the next: %v after %v", err, time.Since(s.from))
		}
	})
}

// silent never answers.
func silent(ctx context.Context, _ agents.Request) (agents.Completion, error) {
	<-ctx.Done()
	return agents.Completion{}, fmt.Errorf("the answer broke off: %w", ctx.Err())
}

func TestTimeoutsOfAttemptsAndCalls(t *testing.T) {
	check := func(l Limits, asks int, after time.Duration, want string) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			start, asked := time.Now(), 0
			m := paced(t, l, func(ctx context.Context, req agents.Request) (agents.Completion, error) {
				asked++
				return silent(ctx, req)
			})
			_, err := m.Complete(t.Context(), prompt("?"))
			if !errors.Is(err, ErrTimeout) || errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %q", err, want)
			}
			if took := time.Since(start); asked != asks || took != after {
				t.Errorf("asked %d times in %v, want %d in %v", asked, took, asks, after)
			}
		})
	}
	const s = time.Second
	check(Limits{CallTimeout: 90 * s}, 1, 90*s, `model "func": no answer in time (1m30s): raise its timeout`)
	check(Limits{}, 1, 10*time.Minute, "(10m0s)")
	check(Limits{AttemptTimeout: 10 * s, MaxRetries: ptr(2)}, 3, 31500*time.Millisecond, "after 3 attempts: model \"func\": no answer in time (10s): raise its attempt_timeout")
	check(Limits{AttemptTimeout: 10 * s, CallTimeout: 25 * s}, 3, 25*s, "(3.5s): raise its timeout") // 10 + 0.5 + 10 + 1 + 3.5
	check(Limits{AttemptTimeout: 10 * s, CallTimeout: 21 * s}, 2, 20500*time.Millisecond, "and its timeout (21s) leaves less")
}

func TestTheCallersDeadlineIsTheCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := paced(t, Limits{}, silent).Complete(ctx, prompt("?")); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrTimeout) {
			t.Error(err)
		}
	})
}

func TestWaitingForATurnIsNoPartOfTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{latency: 40 * time.Second}
		m := paced(t, Limits{MaxConnections: 1, CallTimeout: time.Minute}, s.complete)
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				if _, err := m.Complete(t.Context(), prompt(fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

// TestAServerThatIsNotThereIsToldOfSoon counts what twenty calls cost, four at a time: the patience is spent once.
func TestAServerThatIsNotThereIsToldOfSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := failing(slices.Repeat([]error{refused}, 99)...)
		m := paced(t, Limits{}, s.complete)
		for range 5 {
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					if _, err := m.Complete(t.Context(), prompt("?")); !errors.Is(err, syscall.ECONNREFUSED) {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
		if took := time.Since(s.from); took > unreachableFor {
			t.Errorf("took %v", took)
		}
		s.errs = append(make([]error, 0), s.errs[:len(s.asks)]...) // it is there now
		if _, err := m.Complete(t.Context(), prompt("?")); err != nil {
			t.Error(err)
		}
		s.errs = append(s.errs, nil, refused)
		s.errs[len(s.asks)] = refused // and gone for a moment
		s.errs = s.errs[:len(s.asks)+1]
		if c, err := m.Complete(t.Context(), prompt("?")); err != nil || c.Exchange.Attempts != 2 {
			t.Errorf("%+v %v", c.Exchange, err)
		}
	})
}

// A server that refuses is there: when it cannot be reached for a moment after it, that is no reason to give up.
func TestAServerThatRefusesIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := failing(status(429), status(429), status(429), refused)
		if c, err := paced(t, Limits{}, s.complete).Complete(t.Context(), prompt("?")); err != nil || c.Exchange.Attempts != 5 {
			t.Errorf("asked at %v: %v", s.asks, err)
		}
	})
}

// TestAnAccountThatIsUsedUpIsToldOfSoon has a server that refuses all day, as at the end of a limit a day.
func TestAnAccountThatIsUsedUpIsToldOfSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := func(l Limits) (requests int, took time.Duration) {
			s := failing(slices.Repeat([]error{status(429)}, 999)...)
			m := paced(t, l, s.complete)
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					for range 5 {
						if _, err := m.Complete(t.Context(), prompt("?")); err == nil {
							t.Error("no error")
						}
					}
				})
			}
			wg.Wait()
			return len(s.asks), time.Since(s.from)
		}
		if n, took := asked(Limits{}); took > 6*time.Minute {
			t.Errorf("%d requests in %v", n, took)
		}
		if n, _ := asked(Limits{MaxRetries: ptr(5)}); n != 20*6 {
			t.Errorf("%d requests where retries are asked for", n)
		}
	})
}

func TestEachWaitEndsWithTheContext(t *testing.T) {
	slow := func(ctx context.Context, _ agents.Request) (agents.Completion, error) {
		return said(1, 1), sleep(ctx, time.Hour)
	}
	scoped := prompt("?")
	scoped.Scope = "q/1"
	for name, c := range map[string]struct {
		limits Limits
		others int // calls that are on their way before
		req    agents.Request
		model  agents.ModelFunc
	}{
		"twin":       {others: 1, req: scoped, model: slow},
		"queue":      {limits: Limits{MaxConnections: 1}, others: 2, model: slow},
		"connection": {limits: Limits{MaxConnections: 1}, others: 1, model: slow},
		"requests":   {limits: Limits{RequestsPerMinute: 1}, others: 1, model: slow},
		"tokens":     {limits: Limits{TokensPerMinute: 1}, others: 1, model: slow},
		"attempt":    {model: slow},
		"pause": {model: func(context.Context, agents.Request) (agents.Completion, error) {
			return agents.Completion{}, &agents.StatusError{Status: 429, RetryAfter: 5 * time.Minute}
		}},
		"closed": {others: 1, model: func(context.Context, agents.Request) (agents.Completion, error) {
			return agents.Completion{}, &agents.StatusError{Status: 429, RetryAfter: 5 * time.Minute}
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := paced(t, c.limits, c.model)
			all, cancelAll := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			for range c.others {
				wg.Go(func() { m.Complete(all, c.req) })
				synctest.Wait()
			}
			ctx, cancel := context.WithCancel(t.Context())
			var err error
			wg.Go(func() { _, err = m.Complete(ctx, c.req) })
			synctest.Wait()
			if err != nil {
				t.Fatalf("%s: %v before the end", name, err)
			}
			start := time.Now()
			cancel()
			synctest.Wait()
			if !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), `model "func": `) || time.Since(start) != 0 {
				t.Errorf("%s: %v after %v", name, err, time.Since(start))
			}
			cancelAll()
			wg.Wait()
			if g := m.gate; g.inFlight != 0 || g.queue.taken || slices.ContainsFunc(g.queue.waiting, func(l *list.List) bool { return l.Len() != 0 }) || len(m.twins.queues) != 0 {
				t.Errorf("%s: something is left: %+v", name, g)
			}
		})
	}
}

func TestAPanicLeavesNoConnectionTaken(t *testing.T) {
	m := paced(t, Limits{MaxConnections: 1}, func(context.Context, agents.Request) (agents.Completion, error) { panic("boom") })
	req := prompt("?")
	req.Scope = "q/1"
	for range 3 {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			m.Complete(t.Context(), req)
		}()
	}
	if m.gate.inFlight != 0 || len(m.twins.queues) != 0 {
		t.Errorf("%d in flight, %d twins", m.gate.inFlight, len(m.twins.queues))
	}
}

func TestNamePassesThrough(t *testing.T) {
	if got := paced(t, Limits{}, nil).Name(); got != "func" {
		t.Error(got)
	}
}

// TestAnAttemptThatIsMadeAgainIsObserved wants one word for each retry and none for the error that is returned.
func TestAnAttemptThatIsMadeAgainIsObserved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		retries := 2
		var told []string
		m, err := New(agents.ModelFunc(func(context.Context, agents.Request) (agents.Completion, error) {
			return agents.Completion{}, &agents.StatusError{Status: 500, Message: "down"}
		}), Limits{MaxRetries: &retries})
		if err != nil {
			t.Fatal(err)
		}
		m.jitter = func(most time.Duration) time.Duration { return most }
		m.Observe = func(_ context.Context, req agents.Request, attempt int, err error, wait time.Duration) {
			told = append(told, fmt.Sprint(req.Scope, " ", attempt, " ", debate.FailureKind(err), " ", wait))
		}
		if _, err := m.Complete(t.Context(), agents.Request{Scope: "q"}); err == nil {
			t.Error("no error")
		}
		if want := "[q 1 server error 500ms q 2 server error 1s]"; fmt.Sprint(told) != want {
			t.Errorf("told %v, want %s", told, want)
		}
	})
}
