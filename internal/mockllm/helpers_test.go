package mockllm_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"cheaptalk/agents"
	"cheaptalk/agents/models"
	"cheaptalk/internal/mockllm"
	"cheaptalk/internal/mockllm/chat"
)

// apis are the three APIs, as the server and as its client know them.
var apis = []struct {
	api  chat.API
	as   models.API
	path string // of a chat
	base string // of the client's URL
}{
	{chat.OpenAI, models.OpenAI, "/v1/chat/completions", "/v1"},
	{chat.Anthropic, models.Anthropic, "/v1/messages", "/v1"},
	{chat.Ollama, models.Ollama, "/api/chat", ""},
}

// question is what the tests ask.
const question = "Why is the sky blue? A) paint B) scattering. Answer in the form (X)."

// body is a request that all three APIs take.
func body(model, text string, stream bool) string {
	return fmt.Sprintf(`{"model":%q,"max_tokens":100,"stream":%t,"messages":[{"role":"user","content":%q}]}`, model, stream, text)
}

func start(t testing.TB, c mockllm.Config) *mockllm.Server {
	t.Helper()
	s, err := mockllm.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// response is what a client got: err is that of the connection or of reading the body.
type response struct {
	status int
	header http.Header
	body   string
	err    error
}

// post sends one request on a connection that it shares with no other.
func post(ctx context.Context, url, body string) response {
	transport := &http.Transport{DisableKeepAlives: true}
	return postBy(ctx, transport, url, body)
}

func postBy(ctx context.Context, by http.RoundTripper, url, body string) response {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return response{err: err}
	}
	resp, err := by.RoundTrip(req)
	if err != nil {
		return response{err: err}
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return response{resp.StatusCode, resp.Header, string(got), err}
}

// complete asks by way of agents/models.
func complete(ctx context.Context, t testing.TB, api models.API, url string) (agents.Completion, error) {
	t.Helper()
	transport := models.NewTransport()
	defer transport.CloseIdleConnections()
	m, err := models.Open(models.Config{Name: "m", API: api, URL: url, Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	return m.Complete(ctx, agents.Request{Messages: []agents.Message{{Role: agents.User, Text: question}}})
}
