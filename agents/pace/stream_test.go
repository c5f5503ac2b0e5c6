package pace

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
	"cheaptalk/agents/models"
	"cheaptalk/debate"
	"cheaptalk/internal/mockllm"
	"cheaptalk/internal/mockllm/chat"
)

// TestADisplayIsToldOfAnotherAttempt has attempts say something, or nothing, before they fail.
func TestADisplayIsToldOfAnotherAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		check := func(want string, attempts ...string) {
			t.Helper()
			n := 0
			m := paced(t, Limits{}, func(_ context.Context, req agents.Request) (agents.Completion, error) {
				for piece := range strings.FieldsSeq(attempts[n]) {
					req.Say(piece)
				}
				if n++; n < len(attempts) {
					return agents.Completion{}, status(500)
				}
				return said(1, 1), nil
			})
			req := prompt("?")
			var heard []string
			req.Say = func(s string) { heard = append(heard, s) }
			if _, err := m.Complete(t.Context(), req); err != nil || strings.Join(heard, "|") != want {
				t.Errorf("%q: heard %q, %v, want %q", attempts, heard, err, want)
			}
		}
		check("a|b", "a b")
		check("a|b|\n[asked again]\n|a|c", "a b", "a c")
		check("a|\n[asked again]\n|b|\n[asked again]\n|c", "a", "b", "c")
		check("b", "", "b")
		check("a|\n[asked again]\n|b", "a", "", "b")
		check("a", "a", "")
	})
}

func TestWhoHearsNothingIsNotSpokenTo(t *testing.T) {
	m := paced(t, Limits{}, func(_ context.Context, req agents.Request) (agents.Completion, error) {
		if req.Say != nil {
			t.Error("a stream is asked for")
		}
		return said(1, 1), nil
	})
	if _, err := m.Complete(t.Context(), prompt("?")); err != nil {
		t.Error(err)
	}
}

// A completion of an earlier run costs neither a request nor tokens of a limit.
func TestACachedCompletionIsNoAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := paced(t, Limits{RequestsPerMinute: 1, TokensPerMinute: 10}, func(context.Context, agents.Request) (agents.Completion, error) {
			c := said(1000, 1000)
			c.Exchange = debate.Exchange{Cached: true}
			return c, nil
		})
		for range 100 {
			if c, err := m.Complete(t.Context(), prompt("?")); err != nil || c.Exchange.Attempts != 0 {
				t.Fatalf("%+v %v", c.Exchange, err)
			}
		}
	})
}

// TestBrokenStreamsAreAskedForAgain streams from a server that cuts, breaks and fails half of its answers.
func TestBrokenStreamsAreAskedForAgain(t *testing.T) {
	const reply = "This takes a while to say, and may well be cut before it is over. (A)"
	s, err := mockllm.Start(mockllm.Config{Seed: 7, Reply: func(chat.Request) string { return reply }, Faults: map[mockllm.Fault]float64{
		mockllm.Cut: .25, mockllm.ErrorBody: .15, mockllm.BadJSON: .1,
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, api := range []models.API{models.OpenAI, models.Anthropic, models.Ollama} {
		base := s.URL()
		if api != models.Ollama {
			base += "/v1"
		}
		opened, err := models.Open(models.Config{Name: "m", API: api, URL: base})
		if err != nil {
			t.Fatal(err)
		}
		m, err := New(opened, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		m.jitter = func(most time.Duration) time.Duration { return 0 }
		again := 0
		for i := range 20 {
			req := prompt(fmt.Sprint("question ", i))
			heard := ""
			req.Say = func(s string) { heard += s }
			c, err := m.Complete(t.Context(), req)
			if errors.As(err, new(*agents.StatusError)) || errors.As(err, new(*agents.UnreadableError)) {
				continue // what is no completion is asked for three times at most
			}
			if err != nil {
				t.Fatal(err)
			}
			parts := strings.Split(heard, askedAgain)
			again += len(parts) - 1
			if c.Text != reply || parts[len(parts)-1] != reply || len(parts) > c.Exchange.Attempts {
				t.Errorf("%s: %q after %d attempts, heard %q", api, c.Text, c.Exchange.Attempts, heard)
			}
			for _, half := range parts[:len(parts)-1] {
				if half == "" || !strings.HasPrefix(reply, half) {
					t.Errorf("%s: heard %q", api, half)
				}
			}
		}
		if again == 0 {
			t.Errorf("%s: no stream was asked for again", api)
		}
	}
}
