package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// server is an OpenAI-compatible server of language models. What it answers depends on what it is asked alone, by how:
//
//	ok       an answer
//	closed   is not there
//	long     the prompt is longer than the context
//	echo     the request's headers, in an error for one question of two
//	control  an answer with control sequences of terminals in it
//	fail=X   an error when the prompt holds X, or else an answer
//	hang     nothing, for as long as the client waits
type server struct {
	*httptest.Server

	mu    sync.Mutex
	how   string
	asks  int
	onAsk func(n int) // see tell; nil tells nobody
}

func newServer(how string) *server {
	s := &server{how: how}
	s.Server = httptest.NewServer(s)
	return s
}

// count returns how often the server was asked.
func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asks
}

// tell has f told the number of each request, from 1.
func (s *server) tell(f func(n int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onAsk = f
}

// heal has the server answer everything from now on.
func (s *server) heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.how = "ok"
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	s.asks++
	if s.onAsk != nil {
		s.onAsk(s.asks)
	}
	how := s.how
	s.mu.Unlock()
	h := fnv.New32a()
	h.Write(body)
	n := h.Sum32()
	text := fmt.Sprintf("Let me see.\n\n(%c) is right, or \\boxed{%d}.\n\nConfidence: 80%%", 'A'+n%4, n%10)
	fail, _ := strings.CutPrefix(how, "fail=")
	switch {
	case how == "hang":
		<-r.Context().Done()
		return
	case how == "long":
		refuse(w, http.StatusBadRequest, "context_length_exceeded", "This model's maximum context length is 10 tokens.")
		return
	case how == "echo" && n%2 == 0:
		refuse(w, http.StatusUnauthorized, "invalid_api_key", "Incorrect API key provided: "+r.Header.Get("Authorization"))
		return
	case how == "echo":
		text = "You sent " + r.Header.Get("Authorization") + ".\n\n" + text
	case how == "control":
		text = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \u009b2J\r" + text
	case fail != how && strings.Contains(string(body), fail):
		refuse(w, http.StatusInternalServerError, "overloaded", "Out of memory.")
		return
	}
	json.NewEncoder(w).Encode(map[string]any{
		"model":   "served",
		"choices": []any{map[string]any{"message": map[string]any{"role": "assistant", "content": text}, "finish_reason": "stop"}},
		"usage":   map[string]any{"prompt_tokens": 10, "completion_tokens": 5},
	})
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"code": code, "message": message}})
}
