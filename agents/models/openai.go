package models

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/openai"

	"cheaptalk/agents"
	"cheaptalk/agents/models/stream"
	"cheaptalk/debate"
)

// openAIHost is the one server that has renamed max_tokens; compatible servers ignore the new name.
const openAIHost = "api.openai.com"

// firstModel is the stand-in for a model's name here. langchaingo holds names against patterns, each compiled anew for every
// call, until one fits: this fits the first. What goes with that pattern is that system messages are taken apart, so it is given none.
const firstModel = "o1"

func openAI() dialect {
	return dialect{
		url: "https://" + openAIHost + "/v1", variable: "OPENAI_API_KEY",
		header: "Authorization", scheme: "Bearer ",
		client: func(base string, w *wire) (llms.Model, error) {
			return openai.New(openai.WithToken(standIn), openai.WithModel(firstModel), openai.WithBaseURL(base),
				openai.WithOrganization(""), openai.WithHTTPClient(w))
		},
		noSystem: true,
		fields:   openAIFields,
		streamed: map[string]any{"stream": true, "stream_options": map[string]bool{"include_usage": true}},
		stream:   stream.OpenAI(),
		read:     readOpenAI,
	}
}

func openAIFields(model, host string, req agents.Request) map[string]any {
	s := req.Sampling
	limit, other := "max_tokens", "max_completion_tokens"
	if host == openAIHost {
		limit, other = other, limit
	}
	return map[string]any{
		"model":            model,
		"temperature":      optional(s.Temperature),
		"top_p":            optional(s.TopP),
		"seed":             optional(s.Seed),
		limit:              nonzero(s.MaxTokens),
		other:              nil,
		"stop":             list(s.Stop),
		"reasoning_effort": nonzero(s.Effort),
		"logprobs":         nonzero(req.Logprobs),
	}
}

func readOpenAI(body []byte) (answer, error) {
	var r struct {
		Model   string `json:"model"`
		Choices []struct {
			Message *struct {
				Content          any    `json:"content"`
				Refusal          string `json:"refusal"`
				ReasoningContent any    `json:"reasoning_content"` // DeepSeek, llama.cpp
				Reasoning        any    `json:"reasoning"`         // OpenRouter, vLLM
			} `json:"message"`
			Logprobs json.RawMessage `json:"logprobs"`
			Finish   string          `json:"finish_reason"`
			Error    json.RawMessage `json:"error"` // OpenRouter
		} `json:"choices"`
		Probabilities json.RawMessage `json:"completion_probabilities"` // llama.cpp until the end of 2024
		Usage         struct {
			Prompt     int `json:"prompt_tokens"`
			Completion int `json:"completion_tokens"`
			Total      int `json:"total_tokens"`
			Hit        int `json:"prompt_cache_hit_tokens"` // DeepSeek
			PromptOf   struct {
				Cached int `json:"cached_tokens"`
			} `json:"prompt_tokens_details"`
			CompletionOf struct {
				Reasoning int `json:"reasoning_tokens"`
			} `json:"completion_tokens_details"`
		} `json:"usage"`
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return answer{}, err
	}
	if len(r.Choices) == 0 {
		return answer{}, errNoChoices
	}
	c := r.Choices[0]
	switch {
	case present(c.Error):
		return answer{}, newErrorObject(c.Error)
	case c.Message == nil:
		return answer{}, errNoChoices
	case c.Finish == "":
		return answer{}, errNoFinish
	case c.Finish == "error":
		return answer{}, errors.New("its finish reason is an error")
	}
	a := answer{served: r.Model, finish: c.Finish, tokens: readLogprobs(c.Logprobs), usage: debate.Usage{
		PromptTokens: r.Usage.Prompt, CachedTokens: max(r.Usage.PromptOf.Cached, r.Usage.Hit),
		CompletionTokens: r.Usage.Completion, ReasoningTokens: r.Usage.CompletionOf.Reasoning,
	}}
	if u := &a.usage; u.PromptTokens > 0 && r.Usage.Total > u.PromptTokens+u.CompletionTokens {
		// xAI and Gemini count hidden thinking in the total alone. It is paid as output.
		u.ReasoningTokens = max(u.ReasoningTokens, r.Usage.Total-u.PromptTokens-u.CompletionTokens)
		u.CompletionTokens = r.Usage.Total - u.PromptTokens
	}
	if a.tokens == nil {
		a.tokens = readTokens(r.Probabilities)
	}
	var err error
	if a.text, a.thinking, err = readContent(c.Message.Content); err != nil {
		return answer{}, err
	}
	if a.text == "" {
		a.text = c.Message.Refusal
	}
	for _, thought := range []any{c.Message.ReasoningContent, c.Message.Reasoning} {
		if text, ok := thought.(string); ok && text != "" {
			a.thinking = paragraphs([]string{a.thinking, text})
			break // a server that gives both says the same twice
		}
	}
	return a, nil
}

// readContent reads the content of a message: a text, null, or a list of parts (Mistral), some of which may be thinking.
func readContent(content any) (text, thinking string, err error) {
	switch content := content.(type) {
	case nil:
		return "", "", nil
	case string:
		return content, "", nil
	}
	type part struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	var parts []struct {
		part
		Thinking []part `json:"thinking"`
	}
	raw, err := json.Marshal(content)
	if err == nil {
		err = json.Unmarshal(raw, &parts)
	}
	if err != nil {
		return "", "", err
	}
	var said strings.Builder
	var thought []string
	for _, p := range parts {
		said.WriteString(p.Text)
		for _, t := range p.Thinking {
			thought = append(thought, t.Text)
		}
	}
	return said.String(), paragraphs(thought), nil
}
