package pace

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
	"cheaptalk/agents/models"
)

// wire is the far end of a real model's connection. It refuses the first requests with that header and answers the others after a second.
type wire struct {
	mu         sync.Mutex
	refuse     int
	retryAfter func(now time.Time) string
	asked      []time.Time
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.asked = append(w.asked, time.Now())
	n := len(w.asked)
	w.mu.Unlock()
	answer := func(status int, body string) *http.Response {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewBufferString(body)), Request: r}
	}
	if n <= w.refuse {
		resp := answer(429, `{"error":{"message":"slow down"}}`)
		resp.Header.Set("Retry-After", w.retryAfter(time.Now()))
		return resp, nil
	}
	if err := sleep(r.Context(), time.Second); err != nil {
		return nil, err
	}
	return answer(200, fmt.Sprintf(`{"choices":[{"message":{"content":"answer %d"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}`, n)), nil
}

// TestArmsShareWhatIsAskedAgain has five arms ask the same at once: one of them asks and asks again, the others wait and pay nothing.
func TestArmsShareWhatIsAskedAgain(t *testing.T) {
	for form, retryAfter := range map[string]func(time.Time) string{
		"seconds": func(time.Time) string { return "7" },
		"date":    func(now time.Time) string { return now.Add(7 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{refuse: 2, retryAfter: retryAfter}
			opened, err := models.Open(models.Config{Name: "m", URL: "http://localhost/v1", Transport: w, Share: &models.Share{}})
			if err != nil {
				t.Fatal(err)
			}
			m, err := New(opened, Limits{MaxConnections: 2})
			if err != nil {
				t.Fatal(err)
			}
			req := prompt("?")
			req.Scope = "q/1"
			var wg sync.WaitGroup
			attempts := make([]int, 5)
			for i := range attempts {
				wg.Go(func() {
					c, err := m.Complete(t.Context(), req)
					if err != nil || c.Text != "answer 3" || c.Exchange.Shared != (c.Exchange.Attempts == 0) {
						t.Errorf("%+v %v", c, err)
					}
					attempts[i] = c.Exchange.Attempts
				})
				synctest.Wait()
			}
			wg.Wait()
			if fmt.Sprint(attempts) != "[3 0 0 0 0]" || len(w.asked) != 3 {
				t.Errorf("%s: attempts %v, %d requests", form, attempts, len(w.asked))
			}
			for i, least := range []time.Duration{6 * time.Second, 6 * time.Second} { // a date has no fractions
				if wait := w.asked[i+1].Sub(w.asked[i]); wait < least {
					t.Errorf("%s: asked again after %v", form, wait)
				}
			}
		})
	}
}

func TestTwinsTakeNoConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{latency: time.Minute}
		m := paced(t, Limits{MaxConnections: 2}, s.complete)
		var wg sync.WaitGroup
		ask := func(change func(*agents.Request)) {
			req := prompt("?")
			req.Scope = "q/1"
			change(&req)
			wg.Go(func() {
				if _, err := m.Complete(t.Context(), req); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		for range 4 {
			ask(func(*agents.Request) {})
		}
		ask(func(r *agents.Request) { r.Sample = 1 })
		s.mu.Lock()
		inFlight := s.inFlight
		s.mu.Unlock()
		if inFlight != 2 {
			t.Errorf("%d in flight", inFlight)
		}
		wg.Wait()
	})
}

func TestOnlyTheSameAskIsATwin(t *testing.T) {
	m := paced(t, Limits{}, nil)
	ask := agents.Request{System: "be brief", Scope: "q/1", Messages: []agents.Message{{Text: "sky?"}, {Role: agents.Assistant, Text: "blue"}}}
	same := key(m.seed, ask)
	for what, change := range map[string]func(*agents.Request){
		"scope":  func(r *agents.Request) { r.Scope = "q/2" },
		"round":  func(r *agents.Request) { r.Round = 1 },
		"sample": func(r *agents.Request) { r.Sample = 1 },
		"again":  func(r *agents.Request) { r.Again = 1 },
		"wish":   func(r *agents.Request) { r.Logprobs = true },
		"system": func(r *agents.Request) { r.System = "" },
		"text": func(r *agents.Request) {
			r.Messages = []agents.Message{{Text: "sky"}, {Role: agents.Assistant, Text: "?blue"}}
		},
		"role": func(r *agents.Request) { r.Messages = []agents.Message{{Text: "sky?"}, {Text: "blue"}} },
	} {
		other := ask
		if change(&other); key(m.seed, other) == same {
			t.Errorf("another %s is a twin", what)
		}
	}
	if key(m.seed, ask) != same {
		t.Error("the same ask is none")
	}
}
