package models

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"cheaptalk/agents"
)

// Completions as each API writes them.
const (
	openAIOK = `{"id":"1","object":"chat.completion","created":1,"model":"served-1","choices":[{"index":0,"message":{"role":"assistant",` +
		`"content":"It is (B)."},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,` +
		`"prompt_tokens_details":{"cached_tokens":16},"completion_tokens_details":{"reasoning_tokens":4}}}`
	anthropicOK = `{"id":"1","type":"message","role":"assistant","model":"served-1","content":[{"type":"text","text":"It is (B)."}],` +
		`"stop_reason":"end_turn","usage":{"input_tokens":4,"cache_read_input_tokens":10,"cache_creation_input_tokens":6,"output_tokens":9}}`
	ollamaOK = `{"model":"served-1","created_at":"2025-01-01T00:00:00Z","message":{"role":"assistant","content":"It is (B)."},` +
		`"done":true,"done_reason":"stop","prompt_eval_count":20,"eval_count":9}`
)

// apis lists the APIs with a good answer of each.
var apis = []struct {
	api API
	ok  string
}{{OpenAI, openAIOK}, {Anthropic, anthropicOK}, {Ollama, ollamaOK}}

// server answers every request alike and keeps the last one.
type server struct {
	*httptest.Server
	status int // 0 is 200
	answer string
	retry  string // Retry-After

	mu     sync.Mutex
	bodies [][]byte
	header http.Header
	path   string
}

// serve starts a server that answers with that body.
func serve(t testing.TB, answer string) *server {
	t.Helper()
	s := &server{answer: answer, status: http.StatusOK}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.bodies, s.header, s.path = append(s.bodies, body), r.Header, r.URL.Path
		s.mu.Unlock()
		if s.retry != "" {
			w.Header().Set("Retry-After", s.retry)
		}
		w.WriteHeader(s.status)
		io.WriteString(w, s.answer)
	}))
	t.Cleanup(s.Close)
	return s
}

// sent returns the fields of the last request.
func (s *server) sent(t testing.TB) map[string]any {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var fields map[string]any
	if len(s.bodies) == 0 {
		t.Fatal("nothing was sent")
	}
	if err := json.Unmarshal(s.bodies[len(s.bodies)-1], &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}

// asked returns how often the server was asked.
func (s *server) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.bodies)
}

func open(t testing.TB, c Config) *Model {
	t.Helper()
	if c.Name == "" {
		c.Name = "asked-1"
	}
	if c.Transport == nil {
		tr := NewTransport()
		t.Cleanup(tr.CloseIdleConnections)
		c.Transport = tr
	}
	m, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// request is a short chat.
func request(s agents.Sampling) agents.Request {
	return agents.Request{System: "be brief", Messages: []agents.Message{
		{Role: agents.User, Text: "sky?"}, {Role: agents.Assistant, Text: "blue"}, {Role: agents.User, Text: "why?"},
	}, Sampling: s}
}

// completes has the short chat completed and returns what was sent.
func completes(t testing.TB, api API, answer string, sampling agents.Sampling) (agents.Completion, map[string]any) {
	t.Helper()
	s := serve(t, answer)
	c, err := open(t, Config{API: api, URL: s.URL, Key: "sk-planted-0123456789"}).Complete(t.Context(), request(sampling))
	if err != nil {
		t.Fatal(err)
	}
	return c, s.sent(t)
}

// fails completes the short chat against a server that answers so, and returns the error.
func fails(t testing.TB, api API, status int, answer string) error {
	t.Helper()
	s := serve(t, answer)
	s.status = status
	c, err := open(t, Config{API: api, URL: s.URL}).Complete(t.Context(), request(agents.Sampling{}))
	if err == nil {
		t.Fatalf("%s: %d %.80s: no error but %+v", api, status, answer, c)
	}
	return err
}

// fields returns the names of the fields, sorted.
func fieldsOf(m map[string]any) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func ptr[T any](v T) *T { return &v }

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// respond is a response with that body.
func respond(r *http.Request, body string) *http.Response {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewBufferString(body)), Request: r}
}
