package mockllm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"cheaptalk/agents"
	"cheaptalk/internal/mockllm"
	"cheaptalk/internal/mockllm/chat"
)

// faulty is a server on which every request meets the fault.
type faulty struct {
	*mockllm.Server
	hung chan struct{} // has room for the one request that is under way
}

// huge is the size of a huge reply here, in bytes: what is big enough to come in many pieces and small enough for the race detector.
const huge = 1 << 20

func always(t *testing.T, fault mockllm.Fault) faulty {
	f := faulty{hung: make(chan struct{}, 1)}
	f.Server = start(t, mockllm.Config{
		Faults: map[mockllm.Fault]float64{fault: 1}, Replies: []string{"It scatters, they say. (B)"}, DripPause: time.Microsecond, HugeBytes: huge,
		Latency: func(*rand.Rand) time.Duration {
			if fault == mockllm.Hang {
				f.hung <- struct{}{}
			}
			return 0
		},
	})
	return f
}

// patience ends when a request hangs, as that of a client does sooner or later.
func (f faulty) patience(t *testing.T) context.Context {
	ctx, giveUp := context.WithCancel(t.Context())
	go func() {
		select {
		case <-f.hung:
			giveUp()
		case <-ctx.Done():
		}
	}()
	return ctx
}

// wire says what of a fault is seen on the wire, of a whole reply and of a streamed one.
var wire = map[mockllm.Fault]func(r response, api chat.API, stream bool) bool{
	mockllm.RateLimited: func(r response, _ chat.API, _ bool) bool {
		return r.status == 429 && r.header.Get("Retry-After") == "1" && strings.Contains(r.body, "Rate limit")
	},
	mockllm.ServerError: func(r response, _ chat.API, _ bool) bool { return r.status == 500 && json.Valid([]byte(r.body)) },
	mockllm.BadGateway: func(r response, _ chat.API, _ bool) bool {
		return r.status == 502 && r.header.Get("Content-Type") == "text/html" && strings.HasPrefix(r.body, "<html>")
	},
	mockllm.Overloaded: func(r response, _ chat.API, _ bool) bool {
		return r.status == 503 && r.header.Get("Retry-After") == "1"
	},
	mockllm.ContextLength: func(r response, _ chat.API, _ bool) bool {
		return r.status == 400 && (strings.Contains(r.body, "context length") || strings.Contains(r.body, "prompt is too long"))
	},
	mockllm.ErrorBody: func(r response, api chat.API, stream bool) bool {
		begun := strings.Contains(r.body, "It") // of the reply, before the error
		return r.status == 200 && r.err == nil && strings.Contains(r.body, `"error":`) && begun == stream
	},
	mockllm.Hang: func(r response, _ chat.API, _ bool) bool {
		return errors.Is(r.err, context.Canceled) && r.status == 0
	},
	mockllm.Reset: func(r response, _ chat.API, _ bool) bool {
		return errors.Is(r.err, syscall.ECONNRESET) && r.status == 0
	},
	mockllm.Cut: func(r response, _ chat.API, stream bool) bool {
		return r.status == 200 && errors.Is(r.err, io.ErrUnexpectedEOF) && len(r.body) > 20 && (r.header.Get("Content-Length") == "") == stream
	},
	mockllm.Drip: func(r response, _ chat.API, stream bool) bool { return whole(r) },
	mockllm.Duplicate: func(r response, api chat.API, stream bool) bool {
		if !stream {
			return whole(r)
		}
		events := strings.Split(strings.TrimSpace(r.body), map[bool]string{true: "\n", false: "\n\n"}[api == chat.Ollama])
		for i := 1; i < len(events); i++ {
			if events[i] == events[i-1] {
				return r.status == 200
			}
		}
		return false
	},
	mockllm.BadJSON: func(r response, api chat.API, stream bool) bool {
		if !stream {
			return r.status == 200 && r.err == nil && !json.Valid([]byte(r.body))
		}
		bad := 0
		for line := range strings.Lines(r.body) {
			line = strings.TrimSpace(strings.TrimPrefix(line, "data: "))
			if line != "" && line != "[DONE]" && !strings.HasPrefix(line, "event: ") && !json.Valid([]byte(line)) {
				bad++
			}
		}
		return bad == 1
	},
	mockllm.BadUTF8: func(r response, _ chat.API, _ bool) bool { return r.err == nil && !utf8.ValidString(r.body) },
	mockllm.NoChoices: func(r response, api chat.API, stream bool) bool {
		return r.status == 200 && !strings.Contains(r.body, "It") && !strings.Contains(r.body, `"text":`) && (api == chat.Anthropic || !strings.Contains(r.body, `"message":{`))
	},
	mockllm.EmptyText: func(r response, _ chat.API, stream bool) bool {
		return r.status == 200 && (stream || strings.Contains(r.body, `:""`)) && !strings.Contains(r.body, "It")
	},
	mockllm.Controls: func(r response, _ chat.API, _ bool) bool {
		return r.status == 200 && strings.Contains(r.body, `\u001b[2J`) && utf8.ValidString(r.body)
	},
	mockllm.Huge: func(r response, _ chat.API, _ bool) bool {
		return r.status == 200 && r.err == nil && len(r.body) > huge
	},
}

func whole(r response) bool {
	return r.status == 200 && r.err == nil && strings.Contains(r.body, `"model":"m"`) && len(r.body) > 100
}

func TestEveryFaultIsSeenOnTheWire(t *testing.T) {
	for _, fault := range mockllm.Faults() {
		t.Run(string(fault), func(t *testing.T) {
			s := always(t, fault)
			for _, a := range apis {
				for _, stream := range []bool{false, true} {
					r := post(s.patience(t), s.URL()+a.path, body("m", question, stream))
					if !wire[fault](r, a.api, stream) {
						t.Errorf("%s stream %t: %d %v\n%.2000s", a.api, stream, r.status, r.err, r.body)
					}
				}
			}
			met := 6
			if fault == mockllm.Duplicate {
				met = 3 // the streams
			}
			if got := s.Stats().Faults[fault]; got != met {
				t.Errorf("%d met the fault, want %d", got, met)
			}
		})
	}
}

// seen says what of a fault the user of agents/models sees: a text, or words of the error.
var seen = map[mockllm.Fault]string{
	mockllm.RateLimited:   "429 Too Many Requests: Rate limit reached: mock fault (ask more slowly)",
	mockllm.ServerError:   "500 Internal Server Error: Internal server error: mock fault",
	mockllm.BadGateway:    "502 Bad Gateway: <html> <head><title>502 Bad Gateway</title>",
	mockllm.Overloaded:    "503 Service Unavailable: Overloaded: mock fault",
	mockllm.ContextLength: "(use a shorter memory, or give the server a longer context)",
	mockllm.ErrorBody:     "Provider returned error: mock fault",
	mockllm.Hang:          "context canceled",
	mockllm.Reset:         "connection reset by peer",
	mockllm.Cut:           "the answer broke off after",
	mockllm.BadJSON:       "the answer is not JSON",
	mockllm.NoChoices:     "not a completion: it holds no reply",
	mockllm.Drip:          "It scatters, they say. (B)",
	mockllm.Duplicate:     "It scatters, they say. (B)",
	mockllm.EmptyText:     "",
	mockllm.BadUTF8:       "\ufffd\ufffd\ufffd\ufffdIt scatters, they say. (B)",
	mockllm.Controls:      "\x1b[2J\x1b[H\x1b]0;owned\a\x1b[31;5m\x1b[?25l\a\u009b1m\x1b]8;;http://127.0.0.1/\x1b\\It scatters, they say. (B)",
	mockllm.Huge:          "It has to be said again. It has",
}

func TestEveryFaultIsSeenThroughModels(t *testing.T) {
	for _, fault := range mockllm.Faults() {
		t.Run(string(fault), func(t *testing.T) {
			want, ok := seen[fault]
			if !ok {
				t.Fatal("the table does not have it")
			}
			s := always(t, fault)
			for _, a := range apis {
				c, err := complete(s.patience(t), t, a.as, s.URL()+a.base)
				var status *agents.StatusError
				errors.As(err, &status)
				switch fault {
				case mockllm.Drip, mockllm.Duplicate, mockllm.EmptyText, mockllm.BadUTF8, mockllm.Controls:
					if err != nil || c.Text != want || c.Finish == "" {
						t.Errorf("%s: %q %q %v", a.api, c.Text, c.Finish, err)
					}
					continue
				case mockllm.Huge:
					if err != nil || len(c.Text) < huge || !strings.HasPrefix(c.Text, want) {
						t.Errorf("%s: %d bytes, %v", a.api, len(c.Text), err)
					}
					continue
				case mockllm.NoChoices:
					if a.api == chat.Anthropic { // whose completions may have no content
						if err != nil || c.Text != "" {
							t.Errorf("%s: %q %v", a.api, c.Text, err)
						}
						continue
					}
				case mockllm.RateLimited, mockllm.Overloaded:
					if status == nil || status.RetryAfter != time.Second {
						t.Errorf("%s: %+v", a.api, status)
					}
				case mockllm.ContextLength:
					if !errors.Is(err, agents.ErrContextLength) {
						t.Errorf("%s: %v", a.api, err)
					}
				case mockllm.ErrorBody: // OpenRouter's says which status it would be, Anthropic's of which type it is
					if want := map[chat.API]int{chat.OpenAI: 502, chat.Anthropic: 500, chat.Ollama: 200}[a.api]; status == nil || status.Status != want {
						t.Errorf("%s: %+v", a.api, status)
					}
				}
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v\nwant %q in it", a.api, err, want)
				}
			}
		})
	}
}

// TestAPromptLongerThanTheContextIsRefused takes a context that the question just fits into, and one that it does not.
func TestAPromptLongerThanTheContextIsRefused(t *testing.T) {
	for _, a := range apis {
		n := chat.Tokens(question)
		if _, err := complete(t.Context(), t, a.as, start(t, mockllm.Config{Context: n}).URL()+a.base); err != nil {
			t.Errorf("%s: %v", a.api, err)
		}
		_, err := complete(t.Context(), t, a.as, start(t, mockllm.Config{Context: n - 1}).URL()+a.base)
		numbers := map[chat.API]string{chat.OpenAI: fmt.Sprintf("length is %d tokens, but the messages have %d", n-1, n), chat.Anthropic: fmt.Sprintf("%d tokens > %d", n, n-1)}
		if !errors.Is(err, agents.ErrContextLength) || !strings.Contains(err.Error(), numbers[a.api]) {
			t.Errorf("%s: %v", a.api, err)
		}
	}
	if _, err := mockllm.New(mockllm.Config{Context: -1}); err == nil {
		t.Error("a context of -1 is taken")
	}
}

// An RST needs a connection that can be hijacked; a recorder's request is aborted instead.
func TestAHandlerGoesIntoOtherServers(t *testing.T) {
	h, err := mockllm.New(mockllm.Config{Replies: []string{"(A)"}})
	if err != nil {
		t.Fatal(err)
	}
	s := testServer(t, h)
	r := post(t.Context(), s+"/v1/chat/completions", body("m", question, false))
	if r.status != 200 || !strings.Contains(r.body, `"content":"(A)"`) || h.Stats().Requests != 1 {
		t.Errorf("%d %s %v", r.status, r.body, r.err)
	}
	h, err = mockllm.New(mockllm.Config{Faults: map[mockllm.Fault]float64{mockllm.Reset: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if r := post(t.Context(), testServer(t, h)+"/v1/chat/completions", body("m", question, false)); !errors.Is(r.err, syscall.ECONNRESET) {
		t.Error(r.err)
	}
}

func TestAHugeReplyIsFiftyMegabytes(t *testing.T) {
	s := start(t, mockllm.Config{Faults: map[mockllm.Fault]float64{mockllm.Huge: 1}})
	r := post(t.Context(), s.URL()+"/v1/chat/completions", body("m", question, false))
	if r.status != 200 || r.err != nil || len(r.body) < 50<<20 {
		t.Errorf("%d %v, %d bytes", r.status, r.err, len(r.body))
	}
}
