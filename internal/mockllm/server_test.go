package mockllm_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/ollama"
	"github.com/tmc/langchaingo/llms/openai"

	"cheaptalk/internal/mockllm"
	"cheaptalk/internal/mockllm/chat"
)

func testServer(t *testing.T, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// ask asks each of the bodies in that order, all at once or in turn, and returns the responses by body.
func askAll(t *testing.T, s *mockllm.Server, bodies []string, together bool) map[string][]string {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	got := map[string][]string{}
	one := func(body string) {
		r := post(t.Context(), s.URL()+"/v1/chat/completions", body)
		mu.Lock()
		defer mu.Unlock()
		got[body] = append(got[body], fmt.Sprintf("%d %s", r.status, r.body))
	}
	for _, body := range bodies {
		if together {
			all.Go(func() { one(body) })
		} else {
			one(body)
		}
	}
	all.Wait()
	for _, each := range got { // of the same body, the order of arrival is not that of the answers
		slices.Sort(each)
	}
	return got
}

// Same seed, same bytes: replies and faults do not depend on who asks first, nor on another server.
func TestOrderDoesNotMatter(t *testing.T) {
	var bodies []string
	for i := range 40 {
		b := body(fmt.Sprint("m", i%3), fmt.Sprintf("%s %d", question, i), false)
		bodies = append(bodies, b, b, b)
	}
	config := mockllm.Config{Seed: 7, Faults: map[mockllm.Fault]float64{mockllm.ServerError: .3, mockllm.RateLimited: .2, mockllm.EmptyText: .1}}
	want := askAll(t, start(t, config), bodies, false)
	slices.Reverse(bodies)
	if got := askAll(t, start(t, config), bodies, true); !reflect.DeepEqual(got, want) {
		t.Errorf("in another order:\n%v\n%v", got, want)
	}
	config.Seed = 8
	if got := askAll(t, start(t, config), bodies, false); reflect.DeepEqual(got, want) {
		t.Error("another seed makes no difference")
	}
	retried := 0 // with success
	for _, each := range want {
		if strings.HasPrefix(each[0], "200") && !strings.HasPrefix(each[2], "200") {
			retried++
		}
	}
	if retried == 0 {
		t.Error("no retry succeeded where another try failed")
	}
}

func TestTheModelIsPartOfTheRequest(t *testing.T) {
	s := start(t, mockllm.Config{})
	answers := map[string]bool{}
	for i := range 20 {
		r := post(t.Context(), s.URL()+"/v1/chat/completions", body(fmt.Sprint("m", i), question, false))
		answers[r.body[strings.Index(r.body, `"content"`):strings.Index(r.body, `"role"`)]] = true
	}
	if len(answers) < 3 {
		t.Errorf("20 models give %d answers", len(answers))
	}
}

func TestRepliesAreScripted(t *testing.T) {
	s := start(t, mockllm.Config{Replies: []string{"one", "two"}})
	for i, want := range []string{"one", "two", "one"} {
		c, err := complete(t.Context(), t, apis[i].as, s.URL()+apis[i].base)
		if err != nil || c.Text != want || c.Usage.CompletionTokens != 1 || c.Usage.PromptTokens != chat.Tokens(question) {
			t.Errorf("%d: %q %+v %v", i, c.Text, c.Usage, err)
		}
	}
	s = start(t, mockllm.Config{Reply: func(r chat.Request) string {
		return fmt.Sprint(r.API, r.Model, r.Seen, r.Messages[0].Text == question)
	}})
	for i := range 2 {
		if c, err := complete(t.Context(), t, "anthropic", s.URL()+"/v1"); err != nil || c.Text != fmt.Sprint("anthropic", "m", i, true) {
			t.Errorf("%q %v", c.Text, err)
		}
	}
}

func TestALimitOfTokensCutsTheReply(t *testing.T) {
	s := start(t, mockllm.Config{Replies: []string{"12345678901234567890"}})
	for _, a := range apis {
		b := strings.Replace(body("m", question, false), `"max_tokens":100`, `"max_tokens":2,"options":{"num_predict":2}`, 1)
		r := post(t.Context(), s.URL()+a.path, b)
		reason := map[chat.API]string{chat.OpenAI: `"finish_reason":"length"`, chat.Anthropic: `"stop_reason":"max_tokens"`, chat.Ollama: `"done_reason":"length"`}[a.api]
		if !strings.Contains(r.body, `"12345678"`) || !strings.Contains(r.body, reason) {
			t.Errorf("%s: %s", a.api, r.body)
		}
	}
}

// langchaingo's clients are the second opinion on the streams: they were written against the real servers.
func TestStreamsAreReadByOtherClients(t *testing.T) {
	const said = "Blue light scatters more – much more.\nSo it is\n\n(B)\n"
	s := start(t, mockllm.Config{Replies: []string{said}})
	open := map[chat.API]func() (llms.Model, error){
		chat.OpenAI: func() (llms.Model, error) {
			return openai.New(openai.WithToken("none"), openai.WithModel("m"), openai.WithBaseURL(s.URL()+"/v1"))
		},
		chat.Anthropic: func() (llms.Model, error) {
			return anthropic.New(anthropic.WithToken("none"), anthropic.WithModel("m"), anthropic.WithBaseURL(s.URL()+"/v1"))
		},
		chat.Ollama: func() (llms.Model, error) { return ollama.New(ollama.WithModel("m"), ollama.WithServerURL(s.URL())) },
	}
	for _, a := range apis {
		m, err := open[a.api]()
		if err != nil {
			t.Fatal(err)
		}
		var streamed strings.Builder
		chunks := 0
		got, err := m.GenerateContent(t.Context(), []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, question)},
			llms.WithMaxTokens(100), llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error {
				streamed.Write(chunk)
				chunks++
				return nil
			}))
		if err != nil || len(got.Choices) != 1 || got.Choices[0].Content != said || streamed.String() != said || chunks < 5 {
			t.Errorf("%s: %v, %d chunks, %q", a.api, err, chunks, streamed.String())
		}
	}
}

// The order of Anthropic's events and the ends of all streams, as their documentation has them.
func TestStreamsHaveTheirEvents(t *testing.T) {
	s := start(t, mockllm.Config{Replies: []string{"12345678"}})
	for _, a := range apis {
		b := strings.Replace(body("m", question, true), "{", `{"stream_options":{"include_usage":true},`, 1)
		r := post(t.Context(), s.URL()+a.path, b)
		var names []string
		var last map[string]any
		for lines := bufio.NewScanner(strings.NewReader(r.body)); lines.Scan(); {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				names = append(names, name)
			}
			if text := strings.TrimPrefix(lines.Text(), "data: "); strings.HasPrefix(text, "{") {
				last = nil
				if err := json.Unmarshal([]byte(text), &last); err != nil {
					t.Fatalf("%s: %q: %v", a.api, text, err)
				}
				if kind := last["type"]; a.api == chat.Anthropic && kind != names[len(names)-1] {
					t.Errorf("event %s has type %v", names[len(names)-1], kind)
				}
			}
		}
		prompt := float64(chat.Tokens(question))
		switch a.api {
		case chat.OpenAI:
			usage := map[string]any{"prompt_tokens": prompt, "completion_tokens": 2., "total_tokens": prompt + 2}
			if !strings.HasSuffix(r.body, "}\n\ndata: [DONE]\n\n") || !reflect.DeepEqual(last["usage"], usage) || r.header.Get("Content-Type") != "text/event-stream" {
				t.Errorf("%s: %v\n%s", a.api, r.header, r.body)
			}
		case chat.Anthropic:
			want := "message_start content_block_start ping content_block_delta content_block_delta content_block_stop message_delta message_stop"
			if got := strings.Join(names, " "); got != want || r.header.Get("Content-Type") != "text/event-stream" {
				t.Errorf("%s: %s", a.api, got)
			}
		case chat.Ollama:
			if last["done"] != true || last["done_reason"] != "stop" || last["eval_count"] != 2. || last["prompt_eval_count"] != prompt || r.header.Get("Content-Type") != "application/x-ndjson" {
				t.Errorf("%s: %v\n%s", a.api, r.header, r.body)
			}
		}
	}
}

func TestWhatIsCounted(t *testing.T) {
	s := start(t, mockllm.Config{Replies: []string{"four"}, Models: []string{"x", "y"}})
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	for _, b := range []string{body("a", "hi", false), body("a", "hi", false), body("b", "hi", false), `{"model":"a"}`, "{"} {
		postBy(t.Context(), transport, s.URL()+"/v1/chat/completions", b)
	}
	postBy(t.Context(), transport, s.URL()+"/nothing", "")
	resp, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, s.URL()+"/v1/messages", nil))
	if err != nil || resp.StatusCode != http.StatusMethodNotAllowed {
		t.Fatal(resp, err)
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	want := mockllm.Stats{
		Requests: 7, Models: map[string]int{"a": 2, "b": 1}, Statuses: map[int]int{200: 3, 400: 2, 404: 1, 405: 1}, Faults: map[mockllm.Fault]int{},
		Distinct: 2, Repeated: 1, PeakInFlight: 1, Connections: 1, PromptTokens: 3, CompletionTokens: 3,
	}
	if got := s.Stats(); !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
	get := func(path string, into any) {
		t.Helper()
		resp, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, s.URL()+path, nil))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
	}
	var stats mockllm.Stats
	if get("/mock/stats", &stats); !reflect.DeepEqual(stats, want) {
		t.Errorf("/mock/stats: %+v", stats)
	}
	var lists struct {
		Data   []struct{ ID string }
		Models []struct{ Name string }
	}
	if get("/v1/models", &lists); len(lists.Data) != 2 || lists.Data[1].ID != "y" {
		t.Errorf("/v1/models: %+v", lists)
	}
	if get("/api/tags", &lists); len(lists.Models) != 2 || lists.Models[0].Name != "x" {
		t.Errorf("/api/tags: %+v", lists)
	}
	for _, line := range []string{"requests      7, 1 of them repeated\n", `  model "a": 2`, "  status 404: 1\n", "tokens        3 in prompts, 3 in replies\n"} {
		if !strings.Contains(stats.String(), line) {
			t.Errorf("%q is not in\n%s", line, stats)
		}
	}
}

func TestConfigsThatMakeNoSense(t *testing.T) {
	for want, c := range map[string]mockllm.Config{
		"capacity is -1":                          {Capacity: -1},
		"queue is -2":                             {Queue: -2},
		"a queue needs a capacity":                {Queue: 1},
		"requests per minute is -1":               {RequestsPerMinute: -1},
		"tokens per minute is -5":                 {TokensPerMinute: -5},
		`fault "teapot" is none of 429`:           {Faults: map[mockllm.Fault]float64{"teapot": .1}},
		"fault hang: rate 2 is not in [0,1]":      {Faults: map[mockllm.Fault]float64{"hang": 2}},
		"sum to 1.5":                              {Faults: map[mockllm.Fault]float64{"hang": .75, "429": .75}},
		`"0.0.0.0:0" is not an address of this`:   {Address: "0.0.0.0:0"},
		`":0" is not an address of this`:          {Address: ":0"},
		`"192.0.2.1:0" is not an address of this`: {Address: "192.0.2.1:0"},
		`"example.org:0" is not an address of`:    {Address: "example.org:0"},
		`"8099" is not of the form`:               {Address: "8099"},
	} {
		if s, err := mockllm.Start(c); err == nil {
			s.Close()
			t.Errorf("%+v starts, want %q", c, want)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if len(wire) != len(mockllm.Faults()) || len(slices.Collect(maps.Keys(seen))) != len(wire) {
		t.Error("a fault is not tested")
	}
}

// BenchmarkHandler is what the server itself costs a request, without a network.
func BenchmarkHandler(b *testing.B) {
	h, err := mockllm.New(mockllm.Config{})
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat(question, 15) // 1 KB
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/v1/chat/completions", strings.NewReader(body("m", text+fmt.Sprint(i), false))))
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
