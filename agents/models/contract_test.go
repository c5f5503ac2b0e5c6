package models

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// Each test is named for something that langchaingo v0.1.14 loses, changes or makes up, and that does not happen here.

var everything = agents.Sampling{Temperature: ptr(0.7), TopP: ptr(0.9), Seed: ptr(int64(7)), MaxTokens: 12, Stop: []string{"END"}}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	if string(g) != string(w) {
		t.Errorf("%s is %s, want %s", what, g, w)
	}
}

func TestOpenAISendsAllThatIsSet(t *testing.T) {
	s := everything
	s.Effort = "low"
	_, sent := completes(t, OpenAI, openAIOK, s)
	same(t, "request", sent, map[string]any{
		"model": "asked-1", "temperature": 0.7, "top_p": 0.9, "seed": 7, "max_tokens": 12, "stop": []string{"END"}, "reasoning_effort": "low",
		"messages": []map[string]string{
			{"role": "system", "content": "be brief"}, {"role": "user", "content": "sky?"},
			{"role": "assistant", "content": "blue"}, {"role": "user", "content": "why?"},
		},
	})
}

func TestAnthropicSendsAllThatIsSet(t *testing.T) {
	s := everything
	s.Seed = nil
	_, sent := completes(t, Anthropic, anthropicOK, s)
	text := func(s string) []map[string]string { return []map[string]string{{"type": "text", "text": s}} }
	same(t, "request", sent, map[string]any{
		"model": "asked-1", "temperature": 0.7, "top_p": 0.9, "max_tokens": 12, "stop_sequences": []string{"END"}, "system": "be brief",
		"messages": []map[string]any{
			{"role": "user", "content": text("sky?")}, {"role": "assistant", "content": text("blue")}, {"role": "user", "content": text("why?")},
		},
	})
}

func TestOllamaSendsAllThatIsSet(t *testing.T) {
	s := everything
	s.Effort = "low"
	_, sent := completes(t, Ollama, ollamaOK, s)
	same(t, "request", sent, map[string]any{
		"model": "asked-1", "stream": false, "think": "low", "truncate": false, "shift": false,
		"options": map[string]any{"temperature": 0.7, "top_p": 0.9, "seed": 7, "num_predict": 12, "stop": []string{"END"}},
		"messages": []map[string]string{
			{"role": "system", "content": "be brief"}, {"role": "user", "content": "sky?"},
			{"role": "assistant", "content": "blue"}, {"role": "user", "content": "why?"},
		},
	})
}

// Unset, langchaingo sends temperature 0 to all three.
func TestNothingUnsetIsSent(t *testing.T) {
	for _, api := range apis {
		_, sent := completes(t, api.api, api.ok, agents.Sampling{})
		want := map[API][]string{
			OpenAI:    {"messages", "model"},
			Anthropic: {"max_tokens", "messages", "model", "system"}, // the API demands max_tokens
			Ollama:    {"messages", "model", "options", "shift", "stream", "truncate"},
		}[api.api]
		if got := fieldsOf(sent); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", api.api, got, want)
		}
		if options, ok := sent["options"].(map[string]any); ok && len(options) > 0 {
			t.Errorf("%s: options %v", api.api, options)
		}
	}
}

func TestZeroIsSentWhenItIsSet(t *testing.T) {
	zero := agents.Sampling{Temperature: ptr(0.0), TopP: ptr(0.0), Seed: ptr(int64(0))}
	_, sent := completes(t, OpenAI, openAIOK, zero)
	for _, name := range []string{"temperature", "top_p", "seed"} {
		same(t, name, sent[name], 0)
	}
	_, sent = completes(t, Ollama, ollamaOK, zero)
	same(t, "options", sent["options"], map[string]int{"temperature": 0, "top_p": 0, "seed": 0})
	zero.Seed = nil
	_, sent = completes(t, Anthropic, anthropicOK, zero)
	same(t, "temperature", sent["temperature"], 0)
	same(t, "top_p", sent["top_p"], 0)
}

// langchaingo drops the temperature of some models and moves the system prompt of others, by their names.
func TestRequestsDoNotDependOnTheModelsName(t *testing.T) {
	for _, name := range []string{"gpt-4o-mini", "gpt-5", "o1", "o1-mini", "o3", "o3-mini", "o4-mini", "claude-3-7-sonnet", "deepseek-r1"} {
		for _, api := range apis {
			s := serve(t, api.ok)
			sampling := everything
			if api.api == Anthropic {
				sampling.Seed = nil
			}
			c, err := open(t, Config{Name: name, API: api.api, URL: s.URL}).Complete(t.Context(), request(sampling))
			if err != nil {
				t.Fatal(err)
			}
			sent := s.sent(t)
			same(t, name, sent["model"], name)
			if c.Exchange.Model != name {
				t.Errorf("exchange says %q", c.Exchange.Model)
			}
			delete(sent, "model")
			_, plain := completes(t, api.api, api.ok, sampling)
			delete(plain, "model")
			if !reflect.DeepEqual(sent, plain) {
				t.Errorf("%s %s: %v, want %v", api.api, name, sent, plain)
			}
		}
	}
}

// Compatible servers ignore max_completion_tokens; OpenAI's own newer models refuse max_tokens.
func TestMaxTokensHasTheNameThatTheServerKnows(t *testing.T) {
	for url, want := range map[string]string{
		"": "max_completion_tokens", "https://api.openai.com/v1/": "max_completion_tokens",
		"http://localhost:11434/v1": "max_tokens", "https://openrouter.ai/api/v1": "max_tokens",
	} {
		var sent map[string]any
		tr := roundTrip(func(r *http.Request) (*http.Response, error) {
			b, _ := io.ReadAll(r.Body)
			json.Unmarshal(b, &sent)
			return respond(r, openAIOK), nil
		})
		m := open(t, Config{URL: url, Key: "sk-x", Transport: tr})
		if _, err := m.Complete(t.Context(), request(agents.Sampling{MaxTokens: 12})); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"max_tokens", "max_completion_tokens"} {
			if _, has := sent[name]; has != (name == want) {
				t.Errorf("%q: sent %v, want %s", url, sent, want)
			}
		}
	}
}

func TestWhatAnthropicCannotTakeIsRefusedAndNotDropped(t *testing.T) {
	s := serve(t, anthropicOK)
	m := open(t, Config{API: Anthropic, URL: s.URL})
	for want, sampling := range map[string]agents.Sampling{"seed": {Seed: ptr(int64(1))}, "reasoning_effort": {Effort: "low"}, "max_tokens": {MaxTokens: -1}} {
		if _, err := m.Complete(t.Context(), request(sampling)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if s.asked() > 0 {
		t.Error("the server was asked")
	}
}

func TestOllamaThinkIsATruthOrADegree(t *testing.T) {
	for effort, want := range map[string]any{"true": true, "false": false, "high": "high"} {
		_, sent := completes(t, Ollama, ollamaOK, agents.Sampling{Effort: effort})
		same(t, "think", sent["think"], want)
	}
}

// xAI and Gemini leave hidden thinking out of the completion's tokens and count it in the total. DeepSeek has a field of its own for cached ones.
func TestUsageIsReadAsTheProvidersGiveIt(t *testing.T) {
	check := func(usage string, want debate.Usage) {
		t.Helper()
		c, _ := completes(t, OpenAI, strings.Replace(openAIOK, openAIOK[strings.Index(openAIOK, `"usage":`):], `"usage":`+usage+`}`, 1), agents.Sampling{})
		if want.Calls = 1; c.Usage != want {
			t.Errorf("%s: %+v, want %+v", usage, c.Usage, want)
		}
	}
	check(`{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"completion_tokens_details":{"reasoning_tokens":94}}`,
		debate.Usage{PromptTokens: 32, CompletionTokens: 103, ReasoningTokens: 94})
	check(`{"prompt_tokens":21,"completion_tokens":0,"total_tokens":81}`, debate.Usage{PromptTokens: 21, CompletionTokens: 60, ReasoningTokens: 60})
	check(`{"prompt_tokens":21,"completion_tokens":70,"total_tokens":91,"completion_tokens_details":{"reasoning_tokens":60}}`,
		debate.Usage{PromptTokens: 21, CompletionTokens: 70, ReasoningTokens: 60})
	check(`{"prompt_tokens":21,"completion_tokens":7,"total_tokens":28,"prompt_cache_hit_tokens":16,"prompt_cache_miss_tokens":5}`,
		debate.Usage{PromptTokens: 21, CachedTokens: 16, CompletionTokens: 7})
	check(`{"prompt_tokens":21,"completion_tokens":7,"total_tokens":0}`, debate.Usage{PromptTokens: 21, CompletionTokens: 7})
	check(`{"completion_tokens":7,"total_tokens":90}`, debate.Usage{CompletionTokens: 7})
}

// langchaingo returns no served model for any, no finish reason for Ollama, and counts Anthropic's tokens once a block.
func TestExchangeHoldsServedModelFinishUsageAndBodies(t *testing.T) {
	want := map[API]debate.Usage{
		OpenAI:    {Calls: 1, PromptTokens: 20, CachedTokens: 16, CompletionTokens: 9, ReasoningTokens: 4},
		Anthropic: {Calls: 1, PromptTokens: 20, CachedTokens: 10, CompletionTokens: 9},
		Ollama:    {Calls: 1, PromptTokens: 20, CompletionTokens: 9},
	}
	for _, api := range apis {
		s := serve(t, api.ok)
		c, err := open(t, Config{API: api.api, URL: s.URL + "/"}).Complete(t.Context(), request(agents.Sampling{}))
		if err != nil {
			t.Fatal(err)
		}
		x := c.Exchange
		finish := "stop"
		if api.api == Anthropic {
			finish = "end_turn"
		}
		if c.Text != "It is (B)." || c.Finish != finish || x.Finish != finish || x.Model != "asked-1" || x.Served != "served-1" || x.URL != s.URL {
			t.Errorf("%s: %+v", api.api, c)
		}
		if c.Usage != want[api.api] || x.Usage != c.Usage {
			t.Errorf("%s: usage %+v, want %+v", api.api, c.Usage, want[api.api])
		}
		if string(x.Response) != api.ok || string(x.Request) != string(s.bodies[0]) || x.Attempts != 1 || x.Shared || x.Share != "" || x.Took <= 0 {
			t.Errorf("%s: %+v", api.api, x)
		}
	}
}

func TestThinkingIsNotText(t *testing.T) {
	check := func(api API, answer, text, thinking string) {
		t.Helper()
		c, _ := completes(t, api, answer, agents.Sampling{})
		if c.Text != text || c.Thinking != thinking {
			t.Errorf("%s: text %q, thinking %q; want %q, %q", api, c.Text, c.Thinking, text, thinking)
		}
	}
	openAI := func(message string) string {
		return `{"choices":[{"message":` + message + `,"finish_reason":"stop"}]}`
	}
	check(OpenAI, openAI(`{"content":"b","reasoning_content":"a"}`), "b", "a")
	check(OpenAI, openAI(`{"content":"b","reasoning":"a"}`), "b", "a")
	check(OpenAI, openAI(`{"content":"b","reasoning":"a","reasoning_content":"a"}`), "b", "a")
	check(OpenAI, openAI(`{"content":[{"type":"thinking","thinking":[{"type":"text","text":"a"}]},{"type":"text","text":"b"},{"type":"text","text":"c"}]}`), "bc", "a")
	check(OpenAI, openAI(`{"content":null,"reasoning_content":"a"}`), "", "a")
	check(OpenAI, openAI(`{"content":null,"refusal":"I will not."}`), "I will not.", "")
	check(Anthropic, `{"content":[{"type":"thinking","thinking":"a","signature":"x"},{"type":"text","text":"b"},{"type":"text","text":"c"}],"stop_reason":"end_turn"}`, "bc", "a")
	// langchaingo fails on this one.
	check(Anthropic, `{"content":[{"type":"redacted_thinking","data":"x"},{"type":"text","text":"b"}],"stop_reason":"end_turn"}`, "b", "")
	check(Ollama, `{"message":{"content":"b","thinking":"a"},"done":true,"done_reason":"stop"}`, "b", "a")
}

func TestEmptyTextIsACompletion(t *testing.T) {
	for api, answer := range map[API]string{
		OpenAI:    `{"choices":[{"message":{"role":"assistant","content":""},"finish_reason":"stop"}]}`,
		Anthropic: `{"content":[],"stop_reason":"end_turn"}`,
		Ollama:    `{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}`,
	} {
		if c, _ := completes(t, api, answer, agents.Sampling{}); c.Text != "" || c.Finish == "" {
			t.Errorf("%s: %+v", api, c)
		}
	}
}

func TestALimitIsAFinishReasonAndNoError(t *testing.T) {
	for api, answer := range map[API]string{
		OpenAI:    strings.Replace(openAIOK, `"stop"`, `"length"`, 1),
		Anthropic: strings.Replace(anthropicOK, `end_turn`, `max_tokens`, 1),
		Ollama:    strings.Replace(ollamaOK, `"stop"`, `"length"`, 1),
	} {
		if c, _ := completes(t, api, answer, agents.Sampling{}); c.Finish != "length" && c.Finish != "max_tokens" || c.Text != "It is (B)." {
			t.Errorf("%s: %+v", api, c)
		}
	}
}

// langchaingo's reader of Ollama's lines ends, without an error, at 512,000 bytes.
func TestLongAnswersArriveWhole(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for _, api := range apis {
		c, _ := completes(t, api.api, strings.Replace(api.ok, "It is (B).", long, 1), agents.Sampling{})
		if c.Text != long {
			t.Errorf("%s: %d bytes", api.api, len(c.Text))
		}
	}
}

// Some servers write more than the API says, or break lines in their JSON: langchaingo refuses a fractional time and a list.
func TestUnusualBodiesAreRead(t *testing.T) {
	c, _ := completes(t, OpenAI, strings.Replace(openAIOK, `"created":1`, `"created":1732400000.5,"error":null,"x":[]`, 1), agents.Sampling{})
	if c.Text != "It is (B)." {
		t.Errorf("%+v", c)
	}
	c, _ = completes(t, Ollama, strings.ReplaceAll(ollamaOK, ",", ",\n"), agents.Sampling{})
	if c.Text != "It is (B)." || c.Finish != "stop" {
		t.Errorf("%+v", c)
	}
}

func TestEnvironmentHasNoInfluence(t *testing.T) {
	for _, name := range []string{"OPENAI_MODEL", "OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_ORGANIZATION", "OPENAI_API_KEY", "OLLAMA_HOST", "ANTHROPIC_API_KEY"} {
		t.Setenv(name, "http://from-the-environment:1")
	}
	for _, api := range apis {
		s := serve(t, api.ok)
		for _, key := range []string{"", "sk-own-key"} {
			if _, err := open(t, Config{API: api.api, URL: s.URL, Key: key}).Complete(t.Context(), request(agents.Sampling{})); err != nil {
				t.Fatal(err)
			}
			if all := fmt.Sprint(s.header, s.sent(t)); strings.Contains(all, "environment") || strings.Contains(all, standIn) {
				t.Errorf("%s: %s", api.api, all)
			}
		}
	}
	for api, variable := range map[API]string{OpenAI: "OPENAI_API_KEY", Anthropic: "ANTHROPIC_API_KEY"} {
		if _, err := Open(Config{Name: "m", API: api}); err == nil || !strings.Contains(err.Error(), "set "+variable) {
			t.Errorf("%s: %v", api, err)
		}
	}
}

func TestKeyGoesIntoTheHeaderOfTheAPIAlone(t *testing.T) {
	for _, api := range apis {
		s := serve(t, api.ok)
		for _, key := range []string{"", "sk-own-key\n"} {
			if _, err := open(t, Config{API: api.api, URL: s.URL, Key: key}).Complete(t.Context(), request(agents.Sampling{})); err != nil {
				t.Fatal(err)
			}
			bearer, xKey := "", ""
			if key != "" {
				if bearer = "Bearer sk-own-key"; api.api == Anthropic {
					bearer, xKey = "", "sk-own-key"
				}
			}
			if s.header.Get("User-Agent") != "cheaptalk" || s.header.Get("Authorization") != bearer || s.header.Get("X-Api-Key") != xKey {
				t.Errorf("%s: %v", api.api, s.header)
			}
		}
	}
}

func TestPaths(t *testing.T) {
	for _, api := range apis {
		s := serve(t, api.ok)
		if _, err := open(t, Config{API: api.api, URL: s.URL + "/base/"}).Complete(t.Context(), request(agents.Sampling{})); err != nil {
			t.Fatal(err)
		}
		want := map[API]string{OpenAI: "/base/chat/completions", Anthropic: "/base/messages", Ollama: "/base/api/chat"}[api.api]
		if s.path != want {
			t.Errorf("%s: %s, want %s", api.api, s.path, want)
		}
	}
}
