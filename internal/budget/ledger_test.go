package budget

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// says returns a model that answers every request with the same completion.
func says(c agents.Completion) agents.Model {
	return agents.ModelFunc(func(context.Context, agents.Request) (agents.Completion, error) { return c, nil })
}

// prompt returns a request with a prompt of so many tokens, by the estimate, and so many new ones at most.
func prompt(tokens, maxTokens int) agents.Request {
	return agents.Request{
		System: "1234", Messages: []agents.Message{{Text: strings.Repeat("x", 4*(tokens-1))}}, Sampling: agents.Sampling{MaxTokens: maxTokens},
	}
}

// ask asks and wants a completion.
func askModel(t *testing.T, m agents.Model, req agents.Request) {
	t.Helper()
	if _, err := m.Complete(t.Context(), req); err != nil {
		t.Fatal(err)
	}
}

// refused asks and wants to be refused at that limit.
func refused(t *testing.T, m agents.Model, req agents.Request, what string) *LimitError {
	t.Helper()
	_, err := m.Complete(t.Context(), req)
	var limit *LimitError
	if !errors.As(err, &limit) || limit.What != what || !errors.Is(err, debate.ErrStopped) {
		t.Fatalf("got %v, want the %s limit", err, what)
	}
	return limit
}

func usage(prompt, cached, completion int) debate.Usage {
	return debate.Usage{Calls: 1, PromptTokens: prompt, CachedTokens: cached, CompletionTokens: completion}
}

func TestWhatTheServerCountsIsPaid(t *testing.T) {
	l := NewLedger(Limits{})
	cheap := l.Model("cheap", &Price{1, 0.5, 4}, says(agents.Completion{Text: "yes", Usage: usage(100, 40, 10)}))
	free := l.Model("free", nil, says(agents.Completion{Text: "no", Usage: usage(7, 0, 3)}))
	for range 3 {
		askModel(t, cheap, prompt(2, 0))
	}
	askModel(t, free, prompt(2, 0))
	accounts := l.Accounts()
	if want := 3 * (60*1 + 40*0.5 + 10*4) / 1e6; math.Abs(accounts[0].Dollars-want) > 1e-15 || !accounts[0].Priced {
		t.Errorf("paid %v, want %v", accounts[0].Dollars, want)
	}
	if want := (debate.Usage{Calls: 3, PromptTokens: 300, CachedTokens: 120, CompletionTokens: 30}); accounts[0].Usage != want || accounts[0].Entry != "cheap" {
		t.Errorf("got %+v, want %+v", accounts[0], want)
	}
	if a := accounts[1]; a.Priced || a.Dollars != 0 || a.Usage != usage(7, 0, 3) || a.Cost() != "" {
		t.Errorf("without a price: %+v", a)
	}
	total := l.Total()
	if total.Usage.Calls != 4 || total.Usage.PromptTokens != 307 || total.Dollars != accounts[0].Dollars || !total.Priced {
		t.Errorf("in total %+v", total)
	}
	if got := accounts[0].String(); got != "spent $0.0004 · 3 calls · 0 shared · 0 from the cache" {
		t.Errorf("said %s", got)
	}
	if got := accounts[1].String(); got != "no price · 1 call · 0 shared · 0 from the cache" {
		t.Errorf("said %s", got)
	}
}

func TestTokensThatAreNotCountedAreEstimatedAndMarked(t *testing.T) {
	for _, c := range []struct {
		name       string
		completion agents.Completion
		want       debate.Usage
	}{
		{"nothing", agents.Completion{Text: "12345", Thinking: "123"}, debate.Usage{Calls: 1, PromptTokens: 25, CompletionTokens: 2, Estimated: 1}},
		{"no prompt", agents.Completion{Text: "12345", Usage: usage(0, 0, 9)}, debate.Usage{Calls: 1, PromptTokens: 25, CompletionTokens: 9, Estimated: 1}},
		{"no completion", agents.Completion{Text: "12345", Usage: usage(30, 0, 0)}, debate.Usage{Calls: 1, PromptTokens: 30, CompletionTokens: 2, Estimated: 1}},
		{"an empty completion", agents.Completion{Usage: usage(30, 0, 0)}, usage(30, 0, 0)},
		{"estimated before", agents.Completion{Text: "x", Usage: debate.Usage{Calls: 1, PromptTokens: 8, CompletionTokens: 1, Estimated: 1}},
			debate.Usage{Calls: 1, PromptTokens: 8, CompletionTokens: 1, Estimated: 1}},
	} {
		l := NewLedger(Limits{})
		m := l.Model("m", &Price{1, 1, 1}, says(c.completion))
		askModel(t, m, prompt(25, 0))
		if got := l.Total(); got.Usage != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got.Usage, c.want)
		} else if marked := strings.HasPrefix(got.Cost(), "~"); marked != (c.want.Estimated > 0) {
			t.Errorf("%s: written %s", c.name, got.Cost())
		}
	}
}

func TestWhatIsSharedOrCachedIsFree(t *testing.T) {
	l := NewLedger(Limits{Tokens: 100})
	for _, x := range []debate.Exchange{{Shared: true}, {Cached: true}, {Shared: true, Cached: true}} {
		m := l.Model("m", &Price{1, 1, 1}, says(agents.Completion{Text: "x", Usage: usage(50, 0, 50), Exchange: x}))
		for range 10 { // the reservation of each is given back: ten would not fit
			askModel(t, m, prompt(40, 50))
		}
	}
	want := Account{Entry: "m", Priced: true, Shared: 20, Cached: 10}
	if got := l.Accounts()[0]; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestACallThatFailsCountsNothing(t *testing.T) {
	l := NewLedger(Limits{Tokens: 100})
	down := errors.New("down")
	m := l.Model("m", nil, agents.ModelFunc(func(context.Context, agents.Request) (agents.Completion, error) { return agents.Completion{}, down }))
	for range 10 {
		if _, err := m.Complete(t.Context(), prompt(40, 50)); !errors.Is(err, down) {
			t.Fatal(err)
		}
	}
	panics := l.Model("m", nil, agents.ModelFunc(func(context.Context, agents.Request) (agents.Completion, error) { panic("broken") }))
	for range 2 {
		func() {
			defer func() { recover() }()
			panics.Complete(t.Context(), prompt(40, 50))
		}()
	}
	if got := l.Total(); got != (Account{}) {
		t.Errorf("got %+v", got)
	}
	askModel(t, l.Model("m", nil, says(agents.Completion{Usage: usage(40, 0, 50)})), prompt(40, 50))
}

func TestACallThatWouldPassALimitIsRefused(t *testing.T) {
	l := NewLedger(Limits{Tokens: 200})
	m := l.Model("m", nil, says(agents.Completion{Usage: usage(40, 0, 10)}))
	askModel(t, m, prompt(40, 50))
	askModel(t, m, prompt(40, 50))
	askModel(t, m, prompt(40, 60)) // 100 are spent, and 100 more may be
	limit := refused(t, m, prompt(40, 50), "token")
	if want := (LimitError{What: "token", Limit: "200", Spent: "150", Next: "90"}); *limit != want {
		t.Errorf("got %+v, want %+v", *limit, want)
	}
	if want := "the token limit of 200 is reached: 150 spent, and the next call may use 90 (raise --token-limit; a resumed run counts from 0)"; limit.Error() != want {
		t.Errorf("said %s", limit)
	}
	askModel(t, m, prompt(40, 10)) // a smaller one fits
	if got := tokens(l.Total().Usage); got != 200 {
		t.Errorf("%d tokens", got)
	}

	// One call that is larger than everything is refused too, and does not wait for ever.
	l = NewLedger(Limits{Cost: 0.001})
	m = l.Model("m", &Price{10, 10, 10}, says(agents.Completion{Usage: usage(40, 0, 10)}))
	if limit := refused(t, m, prompt(1, 100), "cost"); limit.Next != "$0.0010" || limit.Spent != "$0.0000" {
		t.Errorf("got %+v", limit)
	}
	askModel(t, m, prompt(40, 10))
}

// TestReplyLengthsAreLearned has no max_tokens: the first reservation is the assumption, the next ones the mean so far.
func TestReplyLengthsAreLearned(t *testing.T) {
	l := NewLedger(Limits{Tokens: 10 + AssumedCompletion})
	m := l.Model("m", nil, says(agents.Completion{Usage: usage(10, 0, 20)}))
	refused(t, m, prompt(11, 0), "token")
	for range 10 { // 10 + 20 each, of 310
		askModel(t, m, prompt(10, 0))
	}
	if limit := refused(t, m, prompt(10, 0), "token"); limit.Spent != "300" || limit.Next != "30" {
		t.Errorf("got %+v", limit)
	}
}

// TestNoLimitIsPassedByMoreThanTheErrorOfTheEstimates has 64 callers at once and a server that uses up to some tokens more than
// were reserved for it. What a call waits for and how long it takes depends on its number alone.
func TestNoLimitIsPassedByMoreThanTheErrorOfTheEstimates(t *testing.T) {
	const callers, limit = 64, 10_000
	for _, c := range []struct{ beyond, least, most int }{
		{-90, limit - 100, limit},                 // less than reserved: what is left is too little for another call
		{0, limit - 100, limit},                   //
		{5, limit - 100, limit + callers*5},       // the calls in flight pass the limit
		{1000, limit - 100, limit + callers*1000}, //
	} {
		synctest.Test(t, func(t *testing.T) {
			l := NewLedger(Limits{Tokens: limit, Cost: limit * 1.0 / 1e6})
			var number atomic.Int64
			m := l.Model("m", &Price{1, 1, 1}, agents.ModelFunc(func(context.Context, agents.Request) (agents.Completion, error) {
				time.Sleep(time.Duration(1+number.Add(1)%7) * time.Second)
				return agents.Completion{Usage: usage(40, 0, 60+c.beyond)}, nil
			}))
			var all sync.WaitGroup
			for range callers {
				all.Go(func() {
					for {
						if _, err := m.Complete(t.Context(), prompt(40, 60)); err != nil {
							if !errors.Is(err, debate.ErrStopped) {
								t.Error(err)
							}
							return
						}
					}
				})
			}
			all.Wait()
			got := l.Total()
			if n := tokens(got.Usage); n < c.least || n > c.most || n > limit && c.beyond <= 0 {
				t.Errorf("%d beyond each: %d tokens, want %d to %d", c.beyond, n, c.least, c.most)
			}
			if want := float64(tokens(got.Usage)) / 1e6; math.Abs(got.Dollars-want) > 1e-12 {
				t.Errorf("%d beyond each: %v dollars, want %v", c.beyond, got.Dollars, want)
			}
		})
	}
}

// TestACallWaitsForRoomRatherThanStopTheRun has room for one reservation at a time and for many of the short replies that come.
func TestACallWaitsForRoomRatherThanStopTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLedger(Limits{Tokens: 1000})
		m := l.Model("m", nil, agents.ModelFunc(func(context.Context, agents.Request) (agents.Completion, error) {
			time.Sleep(time.Second)
			return agents.Completion{Usage: usage(10, 0, 10)}, nil
		}))
		start := time.Now()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { askModel(t, m, prompt(10, 600)) })
		}
		all.Wait()
		if took := time.Since(start); took != 20*time.Second {
			t.Errorf("took %v, not one after the other", took)
		}

		// One that waits leaves when it is told to.
		ctx, cancel := context.WithCancel(t.Context())
		all.Go(func() { askModel(t, m, prompt(10, 500)) })
		synctest.Wait()
		all.Go(func() {
			if _, err := m.Complete(ctx, prompt(10, 500)); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
		synctest.Wait()
		cancel()
		all.Wait()
		if got := l.Total().Usage.Calls; got != 21 {
			t.Errorf("%d calls", got)
		}
	})
}

func TestNoCallBeginsAfterTheTimeLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLedger(Limits{Time: time.Minute})
		m := l.Model("m", nil, agents.ModelFunc(func(ctx context.Context, _ agents.Request) (agents.Completion, error) {
			time.Sleep(50 * time.Second)
			return agents.Completion{Usage: usage(1, 0, 1)}, ctx.Err()
		}))
		askModel(t, m, prompt(1, 1))
		askModel(t, m, prompt(1, 1)) // begins at 50 s and may end at 100 s
		limit := refused(t, m, prompt(1, 1), "time")
		if want := "the time limit of 1m0s is reached: 1m40s spent (raise --time-limit; a resumed run counts from 0)"; limit.Error() != want {
			t.Errorf("said %s", limit)
		}
		if got := l.Total().Usage.Calls; got != 2 {
			t.Errorf("%d calls", got)
		}
	})
}

// TestALimitStopsARunResumably runs an experiment into a limit: the debates that were recorded are whole, and the rest can be held.
func TestALimitStopsARunResumably(t *testing.T) {
	x := experiment(t, 10, 2, 1)
	var store memory
	run := func(l *Ledger) error {
		m := l.Model("m", nil, says(agents.Completion{Text: "The answer is (A).", Usage: usage(50, 0, 50)}))
		return x(m).Run(t.Context(), &store, nil)
	}
	// A debate is 2 agents × 2 rounds × 100 tokens.
	l := NewLedger(Limits{Tokens: 2500})
	err := run(l)
	var limit *LimitError
	if !errors.As(err, &limit) || !errors.Is(err, debate.ErrStopped) {
		t.Fatalf("got %v", err)
	}
	if n := len(store.kept); n == 0 || n > 6 || tokens(l.Total().Usage) > 2500 {
		t.Errorf("%d debates recorded, %+v", n, l.Total())
	}
	if err := run(NewLedger(Limits{})); err != nil || len(store.kept) != 10 {
		t.Errorf("resumed: %v, %d debates", err, len(store.kept))
	}
	for c, rec := range store.kept {
		if rec.Failed != "" || len(rec.Transcript.Messages) != 4 {
			t.Errorf("%s: %d messages, %s", c, len(rec.Transcript.Messages), rec.Failed)
		}
	}
}

func TestTimeSpentIsNeverNothing(t *testing.T) {
	for d, want := range map[time.Duration]string{
		90*time.Minute + 300*time.Millisecond: "1h30m0s", 1600 * time.Millisecond: "2s", time.Second: "1s", 312*time.Millisecond + 400*time.Microsecond: "312ms",
		7600 * time.Microsecond: "8ms", 999 * time.Nanosecond: "999ns", 1: "1ns", 0: "0s",
	} {
		if got := roughly(d).String(); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}
