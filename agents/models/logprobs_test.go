package models

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"cheaptalk/agents"
)

// weighs has the short chat completed with log-probabilities and returns the tokens and what was sent.
func weighs(t *testing.T, api API, answer string) ([]agents.Token, map[string]any) {
	t.Helper()
	s := serve(t, answer)
	req := request(agents.Sampling{})
	req.Logprobs = true
	c, err := open(t, Config{API: api, URL: s.URL}).Complete(t.Context(), req)
	if err != nil {
		t.Fatalf("%s %s: %v", api, answer, err)
	}
	return c.Tokens, s.sent(t)
}

func TestLogprobsAreAskedForAndRead(t *testing.T) {
	const two = `[{"token":"(B","bytes":[40,66],"logprob":-0.25,"top_logprobs":[{"token":"x","logprob":-3}]},{"token":")","logprob":0}]`
	want := []agents.Token{{Text: "(B", Logprob: -0.25}, {Text: ")"}}
	for api, answer := range map[API]string{
		OpenAI: strings.Replace(openAIOK, `"finish_reason"`, `"logprobs":{"content":`+two+`,"refusal":null},"finish_reason"`, 1),
		Ollama: strings.Replace(ollamaOK, `"done":true`, `"logprobs":`+two+`,"done":true`, 1),
	} {
		tokens, sent := weighs(t, api, answer)
		if fmt.Sprint(tokens) != fmt.Sprint(want) || sent["logprobs"] != true {
			t.Errorf("%s: %v, sent %v", api, tokens, sent)
		}
		if c, sent := completes(t, api, answer, agents.Sampling{}); c.Tokens != nil || sent["logprobs"] != nil {
			t.Errorf("%s: unasked %v, sent %v", api, c.Tokens, sent)
		}
	}
}

func TestLogprobsAreReadInTheFormsInUse(t *testing.T) {
	check := func(answer string, want ...agents.Token) {
		t.Helper()
		if tokens, _ := weighs(t, OpenAI, answer); fmt.Sprint(tokens) != fmt.Sprint(want) || len(want) == 0 && tokens != nil {
			t.Errorf("%s: %v, want %v", answer, tokens, want)
		}
	}
	choice := func(logprobs string) string {
		return strings.Replace(openAIOK, `"finish_reason"`, `"logprobs":`+logprobs+`,"finish_reason"`, 1)
	}
	top := func(probabilities string) string {
		return strings.Replace(openAIOK, `"usage"`, `"completion_probabilities":`+probabilities+`,"usage"`, 1)
	}
	token := func(text string, logprob float64) agents.Token { return agents.Token{Text: text, Logprob: logprob} }
	check(choice(`{"content":[{"token":"a","logprob":-1}]}`), token("a", -1))
	check(choice(`{"content":[{"token":"\ufffd","bytes":[195],"logprob":-1},{"token":"\ufffd","bytes":[164],"logprob":-2}]}`), token("\xc3", -1), token("\xa4", -2)) // half a letter each
	check(choice(`{"content":[{"token":"a","bytes":null,"logprob":-1},{"token":"b","bytes":[],"logprob":-1},{"token":"c","bytes":[999],"logprob":-1}]}`), token("a", -1), token("b", -1), token("c", -1))
	check(choice(`{"tokens":["a","b"],"token_logprobs":[-1,-2],"text_offset":[0,1]}`), token("a", -1), token("b", -2))
	check(top(`[{"content":"a","probs":[{"tok_str":"b","prob":0.5},{"tok_str":"a","prob":0.25}]}]`), token("a", math.Log(.25)))
	check(top(`[{"token":"a","bytes":[97],"logprob":-1}]`), token("a", -1))
	for _, none := range []string{
		`{}`, `null`, `{"content":null}`, `{"content":[]}`, `[]`, `7`, `{"content":[{"token":"a"}]}`, `{"content":[{"token":"a","logprob":-1},{"token":"b","logprob":null}]}`,
		`{"tokens":["a","b"],"token_logprobs":[-1]}`, `{"tokens":["a"],"token_logprobs":[null]}`, `{"tokens":["a"]}`,
	} {
		check(choice(none))
	}
	check(top(`[{"content":"a","probs":[{"tok_str":"b","prob":1}]}]`)) // the token itself is not among the likeliest
	if tokens, _ := weighs(t, Ollama, strings.Replace(ollamaOK, `"done":true`, `"logprobs":"?","done":true`, 1)); tokens != nil {
		t.Error(tokens)
	}
}

func TestLogprobsOfStreamsAreJoined(t *testing.T) {
	for api, body := range map[API]string{
		OpenAI: `data: {"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-1}]}}]}` + "\n\n" +
			`data: {"choices":[{"index":0,"delta":{"content":"b"},"logprobs":{"content":[{"token":"b","logprob":-2}]}}]}` + "\n\n" +
			`data: {"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}` + "\n\n",
		Ollama: `{"message":{"content":"a"},"logprobs":[{"token":"a","logprob":-1}],"done":false}` + "\n" + `{"message":{"content":"b"},"logprobs":[{"token":"b","logprob":-2}],"done":false}` + "\n" +
			`{"message":{"content":""},"done":true,"done_reason":"stop"}` + "\n",
	} {
		req := request(agents.Sampling{})
		req.Logprobs, req.Say = true, func(string) {}
		c, err := open(t, Config{API: api, URL: "http://localhost", Transport: streaming(api, body)}).Complete(t.Context(), req)
		if err != nil || fmt.Sprint(c.Tokens) != "[{a -1} {b -2}]" || c.Text != "ab" {
			t.Errorf("%s: %+v %v", api, c, err)
		}
	}
}

func TestAnthropicIsNotAskedForLogprobs(t *testing.T) {
	s := serve(t, anthropicOK)
	req := request(agents.Sampling{})
	req.Logprobs = true
	_, err := open(t, Config{API: Anthropic, URL: s.URL}).Complete(t.Context(), req)
	if err == nil || !strings.Contains(err.Error(), "logprob: the anthropic api gives no log-probabilities: use stated or samples") || s.asked() > 0 {
		t.Error(err)
	}
	for _, api := range []API{OpenAI, Ollama} {
		if err := api.Check(agents.Sampling{}, true); err != nil {
			t.Error(err)
		}
	}
}
