package models

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"cheaptalk/agents"
)

// BenchmarkCall is the cost of one call beside the network: a transport that answers at once, a prompt of 1.2 KB and an answer of 1 KB.
// raw is the least that a client could do: the same JSON out, the same fields in.
func BenchmarkCall(b *testing.B) {
	answer := strings.Replace(openAIOK, "It is (B).", strings.Repeat("because of this. ", 60), 1)
	tr := roundTrip(func(r *http.Request) (*http.Response, error) {
		io.Copy(io.Discard, r.Body)
		return respond(r, answer), nil
	})
	prompt := strings.Repeat("why is the sky ", 80)
	b.Run("langchaingo", func(b *testing.B) {
		m := open(b, Config{URL: "http://localhost/v1", Transport: tr})
		req := agents.Request{System: "be brief", Messages: []agents.Message{{Text: prompt}},
			Sampling: agents.Sampling{Temperature: ptr(0.7), MaxTokens: 100}}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := m.Complete(b.Context(), req); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("raw", func(b *testing.B) {
		type message struct {
			Role    string `json:"role"`
			Content string `json:"content"`
		}
		type request struct {
			Model       string    `json:"model"`
			Messages    []message `json:"messages"`
			Temperature float64   `json:"temperature"`
			MaxTokens   int       `json:"max_tokens"`
		}
		b.ReportAllocs()
		for b.Loop() {
			body, err := json.Marshal(request{"asked-1", []message{{"system", "be brief"}, {"user", prompt}}, 0.7, 100})
			if err != nil {
				b.Fatal(err)
			}
			req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "http://localhost/v1/chat/completions", bytes.NewReader(body))
			if err != nil {
				b.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			resp, err := tr.RoundTrip(req)
			if err != nil {
				b.Fatal(err)
			}
			got, err := io.ReadAll(resp.Body)
			if err != nil {
				b.Fatal(err)
			}
			if a, err := readOpenAI(got); err != nil || a.text == "" {
				b.Fatal(err)
			}
		}
	})
}
