package models

import (
	"encoding/json"
	"math"

	"cheaptalk/agents"
)

// logprob is a token as OpenAI, llama.cpp, vLLM and Ollama write it.
type logprob struct {
	Token   string   `json:"token"`
	Bytes   []int    `json:"bytes"` // a token need not be whole characters, and then Token is not all of it
	Logprob *float64 `json:"logprob"`

	// Content and Probs are how llama.cpp wrote it until the end of 2024: the token, and the probabilities of the likeliest ones.
	Content string `json:"content"`
	Probs   []struct {
		Token string  `json:"tok_str"`
		Prob  float64 `json:"prob"`
	} `json:"probs"`
}

// token returns the token, by its bytes where the server gives them, and whether it has a log-probability.
func (l logprob) token() (agents.Token, bool) {
	for _, p := range l.Probs {
		if p.Token == l.Content && p.Prob > 0 {
			return agents.Token{Text: l.Content, Logprob: math.Log(p.Prob)}, true
		}
	}
	if l.Logprob == nil {
		return agents.Token{}, false
	}
	t := agents.Token{Text: l.Token, Logprob: *l.Logprob}
	var text []byte
	for _, b := range l.Bytes {
		if b < 0 || b > math.MaxUint8 {
			return t, true
		}
		text = append(text, byte(b))
	}
	if len(text) > 0 {
		t.Text = string(text)
	}
	return t, true
}

// readTokens reads a list of tokens: all of them, or none when one has no log-probability. What is no such list is nil.
func readTokens(raw json.RawMessage) []agents.Token {
	var list []logprob
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	var tokens []agents.Token
	for _, l := range list {
		t, ok := l.token()
		if !ok {
			return nil
		}
		tokens = append(tokens, t)
	}
	return tokens
}

// readLogprobs reads the log-probabilities of a choice: {"content": [...]}, or {"tokens": [...], "token_logprobs": [...]}, which is OpenAI's older
// form and still that of some servers. What has neither form is nil.
func readLogprobs(raw json.RawMessage) []agents.Token {
	var l struct {
		Content  json.RawMessage `json:"content"`
		Tokens   []string        `json:"tokens"`
		Logprobs []*float64      `json:"token_logprobs"`
	}
	if json.Unmarshal(raw, &l) != nil {
		return nil
	}
	if present(l.Content) || len(l.Tokens) != len(l.Logprobs) {
		return readTokens(l.Content)
	}
	var tokens []agents.Token
	for i, text := range l.Tokens {
		if l.Logprobs[i] == nil {
			return nil
		}
		tokens = append(tokens, agents.Token{Text: text, Logprob: *l.Logprobs[i]})
	}
	return tokens
}
