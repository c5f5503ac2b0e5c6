package models

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
)

// counting answers each request after a second with text that numbers it; the first `broken` requests fail.
type counting struct {
	asked  atomic.Int32
	broken int32
}

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	n := c.asked.Add(1)
	select {
	case <-time.After(time.Second): // of the bubble
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if n <= c.broken {
		resp := respond(r, fmt.Sprintf(`{"error":{"message":"failure %d"}}`, n))
		resp.StatusCode = 500
		return resp, nil
	}
	return respond(r, strings.Replace(openAIOK, "It is (B).", fmt.Sprintf("answer %d", n), 1)), nil
}

func shared(t *testing.T, tr http.RoundTripper, s *Share) *Model {
	return open(t, Config{URL: "http://localhost/v1", Transport: tr, Share: s})
}

// anything reads every body.
func anything([]byte) error { return nil }

func in(scope string, round, sample int) agents.Request {
	req := request(agents.Sampling{Seed: ptr(int64(1))})
	req.Scope, req.Round, req.Sample = scope, round, sample
	return req
}

func TestTheSameAskIsSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tr counting
		var share Share
		var wg sync.WaitGroup
		var bought atomic.Int32
		for range 10 { // as many arms, each with a model of its own
			m := shared(t, &tr, &share)
			wg.Go(func() {
				c, err := m.Complete(t.Context(), in("q/1 draw 0", 0, 0))
				if err != nil || c.Text != "answer 1" || c.Finish != "stop" || c.Usage.PromptTokens != 20 || c.Exchange.Share == "" {
					t.Errorf("%+v %v", c, err)
				}
				if !c.Exchange.Shared {
					bought.Add(1)
				}
				if c.Exchange.Shared != (c.Exchange.Attempts == 0) || c.Exchange.Shared != (c.Exchange.Took == 0) {
					t.Errorf("%+v", c.Exchange)
				}
			})
		}
		wg.Wait()
		if tr.asked.Load() != 1 || bought.Load() != 1 {
			t.Errorf("sent %d times, bought %d times", tr.asked.Load(), bought.Load())
		}
	})
}

func TestOnlyTheSameAskIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tr counting
		var share Share
		m := shared(t, &tr, &share)
		ask := func(m *Model, req agents.Request) string {
			t.Helper()
			c, err := m.Complete(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			return c.Text
		}
		first := ask(m, in("q/1", 0, 0))
		if got := ask(m, in("q/1", 0, 0)); got != first {
			t.Errorf("asked again: %s", got)
		}
		other := func(what string, m *Model, change func(*agents.Request)) {
			t.Helper()
			req := in("q/1", 0, 0)
			change(&req)
			if got := ask(m, req); got == first {
				t.Errorf("shared although another %s", what)
			}
		}
		other("scope", m, func(r *agents.Request) { r.Scope = "q/2" })
		other("round", m, func(r *agents.Request) { r.Round = 1 })
		other("sample", m, func(r *agents.Request) { r.Sample = 1 })
		other("again", m, func(r *agents.Request) { r.Again = 1 })
		other("wish for log-probabilities", m, func(r *agents.Request) { r.Logprobs = true })
		other("seed", m, func(r *agents.Request) { r.Sampling.Seed = ptr(int64(2)) })
		other("limit", m, func(r *agents.Request) { r.Sampling.MaxTokens = 5 })
		other("temperature", m, func(r *agents.Request) { r.Sampling.Temperature = ptr(0.0) })
		other("system prompt", m, func(r *agents.Request) { r.System = "" })
		other("prompt", m, func(r *agents.Request) { r.Messages[2].Text += " " })
		same := func(r *agents.Request) {}
		other("model", open(t, Config{Name: "asked-2", URL: "http://localhost/v1", Transport: &tr, Share: &share}), same)
		other("server", open(t, Config{URL: "http://localhost/v2", Transport: &tr, Share: &share}), same)
		other("no scope", m, func(r *agents.Request) { r.Scope = "" })
		other("no share", open(t, Config{URL: "http://localhost/v1", Transport: &tr}), same)
	})
}

func TestAFailureIsNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := counting{broken: 2}
		var share Share
		m := shared(t, &tr, &share)
		var wg sync.WaitGroup
		var failed, good atomic.Int32
		for range 5 {
			wg.Go(func() {
				c, err := m.Complete(t.Context(), in("q/1", 0, 0))
				if e, ok := errors.AsType[*agents.StatusError](err); ok && e.Status == 500 {
					failed.Add(1)
				} else if err == nil && c.Text == "answer 3" {
					good.Add(1)
				} else {
					t.Errorf("%+v %v", c, err)
				}
			})
		}
		wg.Wait()
		if tr.asked.Load() != 3 || failed.Load() != 2 || good.Load() != 3 {
			t.Errorf("asked %d, failed %d, good %d", tr.asked.Load(), failed.Load(), good.Load())
		}
	})
}

func TestWhatIsNoCompletionIsNotShared(t *testing.T) {
	var asked int
	tr := roundTrip(func(r *http.Request) (*http.Response, error) {
		if asked++; asked == 1 {
			return respond(r, `{"choices":[]}`), nil
		}
		return respond(r, openAIOK), nil
	})
	m := shared(t, tr, &Share{})
	if _, err := m.Complete(t.Context(), in("q/1", 0, 0)); err == nil {
		t.Error("no error")
	}
	if c, err := m.Complete(t.Context(), in("q/1", 0, 0)); err != nil || c.Exchange.Shared {
		t.Errorf("%+v %v", c, err)
	}
}

func TestOneThatGivesUpDoesNotTakeTheOthersWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tr counting
		var share Share
		m := shared(t, &tr, &share)
		first, cancelFirst := context.WithCancel(t.Context())
		third, cancelThird := context.WithCancel(t.Context())
		defer cancelThird()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := m.Complete(first, in("q/1", 0, 0)); !errors.Is(err, context.Canceled) {
				t.Errorf("first: %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if c, err := m.Complete(t.Context(), in("q/1", 0, 0)); err != nil || c.Text != "answer 2" || c.Exchange.Shared {
				t.Errorf("second: %+v %v", c, err)
			}
		})
		synctest.Wait()
		cancelFirst()
		synctest.Wait()
		wg.Go(func() {
			if _, err := m.Complete(third, in("q/1", 0, 0)); !errors.Is(err, context.Canceled) {
				t.Errorf("third: %v", err)
			}
		})
		synctest.Wait()
		cancelThird() // while it waits for the second
		wg.Wait()
		if tr.asked.Load() != 2 {
			t.Errorf("asked %d times", tr.asked.Load())
		}
	})
}

func TestAStoredExchangeIsSharedWithoutAsking(t *testing.T) {
	tr := roundTrip(func(r *http.Request) (*http.Response, error) { return respond(r, openAIOK), nil })
	first, err := shared(t, tr, &Share{}).Complete(t.Context(), in("q/1", 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	var share Share
	share.Put(first.Exchange.Share, first.Exchange.Response)
	share.Put(first.Exchange.Share, []byte("another"))
	silent := roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("asked") })
	again, err := shared(t, silent, &share).Complete(t.Context(), in("q/1", 0, 0))
	if err != nil || !again.Exchange.Shared || !again.Exchange.Cached || again.Exchange.Attempts != 0 || again.Text != first.Text || again.Usage != first.Usage || again.Finish != first.Finish {
		t.Errorf("%+v %v", again, err)
	}
	if string(again.Exchange.Request) != string(first.Exchange.Request) || string(again.Exchange.Response) != string(first.Exchange.Response) {
		t.Errorf("%+v", again.Exchange)
	}
}

func TestAPanicLeavesNobodyWaiting(t *testing.T) {
	var share Share
	func() {
		defer func() { recover() }()
		share.get(t.Context(), "k", anything, func() ([]byte, error) { panic("boom") })
	}()
	if b, from, err := share.get(t.Context(), "k", anything, func() ([]byte, error) { return []byte("x"), nil }); string(b) != "x" || from != (source{}) || err != nil {
		t.Errorf("%s %+v %v", b, from, err)
	}
}

func TestWithoutACacheRoundZeroAloneIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tr counting
		var share Share
		m := shared(t, &tr, &share)
		for round, want := range []int32{1, 3} { // of the requests after two asks in the round
			for range 2 {
				if _, err := m.Complete(t.Context(), in("q/1", round, 0)); err != nil {
					t.Fatal(err)
				}
			}
			if got := tr.asked.Load(); got != want {
				t.Errorf("round %d: %d requests so far, want %d", round, got, want)
			}
		}
	})
}
