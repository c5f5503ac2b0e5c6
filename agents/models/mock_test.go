package models

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"cheaptalk/agents"
	"cheaptalk/internal/mockllm"
	mockchat "cheaptalk/internal/mockllm/chat"
)

const mocked = "<think>Let me see.</think>Read step by step, this leaves one choice, and it is the choice that I take.\n(B)\nConfidence: 80%"

// mock starts a server that always replies alike and meets every request with one fault, and returns a model of it.
func mock(t *testing.T, api API, fault mockllm.Fault) *Model {
	t.Helper()
	c := mockllm.Config{Reply: func(mockchat.Request) string { return mocked }, DripPause: time.Millisecond}
	if fault != "" {
		c.Faults = map[mockllm.Fault]float64{fault: 1}
	}
	s, err := mockllm.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	base := s.URL()
	if api != Ollama {
		base += "/v1"
	}
	return open(t, Config{API: api, URL: base})
}

// listens asks for a stream and returns what was said.
func listens(ctx context.Context, m *Model) (c agents.Completion, said string, err error) {
	req := request(agents.Sampling{})
	req.Say = func(s string) { said += s }
	c, err = m.Complete(ctx, req)
	return c, said, err
}

// TestAStreamComesToTheBodyOfOnePiece compares what a server answers in one piece with what its stream comes to, field by field.
func TestAStreamComesToTheBodyOfOnePiece(t *testing.T) {
	for _, api := range apis {
		m := mock(t, api.api, "")
		streamed, said, err := listens(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := m.Complete(t.Context(), request(agents.Sampling{}))
		if err != nil {
			t.Fatal(err)
		}
		var bodies [2]map[string]any
		for i, c := range []agents.Completion{plain, streamed} {
			if err := json.Unmarshal(c.Exchange.Response, &bodies[i]); err != nil {
				t.Fatal(err)
			}
			delete(bodies[i], "id") // the server makes it of the request
		}
		if !reflect.DeepEqual(bodies[0], bodies[1]) {
			t.Errorf("%s: in one piece %v\nstreamed %v", api.api, bodies[0], bodies[1])
		}
		if streamed.Text != plain.Text || streamed.Usage != plain.Usage || streamed.Finish != plain.Finish {
			t.Errorf("%s: %+v and %+v", api.api, plain, streamed)
		}
		if want, _ := agents.SplitThinking(mocked); said != want {
			t.Errorf("%s: said %q, want %q", api.api, said, want)
		}
	}
}

// TestLogprobsComeWholeAndStreamed lays the tokens that a server gives beside the text of its reply.
func TestLogprobsComeWholeAndStreamed(t *testing.T) {
	for _, api := range []API{OpenAI, Ollama} {
		m := mock(t, api, "")
		for _, say := range []func(string){nil, func(string) {}} {
			req := request(agents.Sampling{})
			req.Logprobs, req.Say = true, say
			c, err := m.Complete(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			text := ""
			for _, token := range c.Tokens {
				text += token.Text
				if token.Logprob < math.Log(.5) || token.Logprob > 0 {
					t.Errorf("%s: %+v", api, token)
				}
			}
			if text != mocked {
				t.Errorf("%s, streamed %t: %q", api, say != nil, text)
			}
		}
	}
}

// TestStreamsSurviveEveryFault has a stream meet each fault: it is the whole reply or an error that says what went wrong.
func TestStreamsSurviveEveryFault(t *testing.T) {
	status := func(err error) int {
		if e, ok := errors.AsType[*agents.StatusError](err); ok {
			return e.Status
		}
		return 0
	}
	unreadable := func(err error) bool {
		_, ok := errors.AsType[*agents.UnreadableError](err)
		return ok
	}
	whole, _ := agents.SplitThinking(mocked)
	for _, api := range apis {
		for _, fault := range mockllm.Faults() {
			if fault == mockllm.Hang || fault == mockllm.Huge {
				continue // Hang is below; what Huge would show, TestLongPiecesArriveWhole does
			}
			c, said, err := listens(t.Context(), mock(t, api.api, fault))
			good := false
			switch fault {
			case mockllm.RateLimited:
				good = status(err) == 429
			case mockllm.ServerError:
				good = status(err) == 500
			case mockllm.BadGateway:
				good = status(err) == 502
			case mockllm.Overloaded:
				good = status(err) == 503
			case mockllm.ContextLength:
				good = errors.Is(err, agents.ErrContextLength) && said == ""
			case mockllm.ErrorBody: // OpenAI's names a status, Anthropic's a type
				good = status(err) == map[API]int{OpenAI: 502, Anthropic: 500, Ollama: 200}[api.api]
			case mockllm.Reset:
				_, good = errors.AsType[*agents.UnreachableError](err)
			case mockllm.Cut:
				good = unreadable(err) && errors.Is(err, io.ErrUnexpectedEOF) && said != "" && strings.HasPrefix(whole, said)
			case mockllm.BadJSON:
				good = unreadable(err) && !errors.Is(err, io.ErrUnexpectedEOF)
			case mockllm.Drip:
				good = err == nil && c.Text == mocked && said == whole
			case mockllm.Duplicate:
				good = err == nil && once(c.Text, mocked)
			case mockllm.BadUTF8, mockllm.Controls: // data, for those who print it
				good = err == nil && strings.HasSuffix(c.Text, mocked) && len(c.Text) > len(mocked)
			case mockllm.NoChoices: // Anthropic's has an empty list of blocks and a reason
				good = unreadable(err) || api.api == Anthropic && err == nil && c.Text == ""
			case mockllm.EmptyText:
				good = err == nil && c.Text == "" && said == ""
			}
			if !good {
				t.Errorf("%s %s: %q said, %q in %s, %v", api.api, fault, said, c.Text, c.Exchange.Response, err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if _, _, err := listens(ctx, mock(t, api.api, mockllm.Hang)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", api.api, err)
		}
		cancel()
	}
}

// once reports whether a text is the other with one piece in it twice. The server's pieces are short and it writes neither random characters
// nor the time, so that a piece twice cannot be told from a word twice.
func once(text, other string) bool {
	n := len(text) - len(other)
	for i := 0; i+n <= len(other); i++ {
		if n > 0 && text == other[:i+n]+other[i:] {
			return true
		}
	}
	return false
}
