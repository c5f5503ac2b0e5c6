package models

import (
	"encoding/json"
	"net/http"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/ollama"

	"cheaptalk/agents"
	"cheaptalk/agents/models/stream"
	"cheaptalk/debate"
)

func ollamaChat() dialect {
	return dialect{
		url: "http://localhost:11434", header: "Authorization", scheme: "Bearer ",
		client: func(base string, w *wire) (llms.Model, error) {
			return ollama.New(ollama.WithModel(standIn), ollama.WithServerURL(base), ollama.WithHTTPClient(&http.Client{Transport: w}))
		},
		fields:   ollamaFields,
		whole:    map[string]any{"stream": false}, // it streams unless told otherwise
		streamed: map[string]any{"stream": true},
		stream:   stream.Ollama(),
		read:     readOllama,
	}
}

func ollamaFields(model, _ string, req agents.Request) map[string]any {
	s := req.Sampling
	options := map[string]any{}
	for name, value := range map[string]any{
		"temperature": optional(s.Temperature),
		"top_p":       optional(s.TopP),
		"seed":        optional(s.Seed),
		"num_predict": nonzero(s.MaxTokens),
		"stop":        list(s.Stop),
	} {
		if value != nil {
			options[name] = value
		}
	}
	fields := map[string]any{
		"model":    model,
		"options":  options,
		"format":   nil,
		"think":    nonzero(s.Effort),
		"logprobs": nonzero(req.Logprobs),
		// A prompt that is too long is an error, not a shorter prompt, and a full context ends the reply.
		"truncate": false,
		"shift":    false,
	}
	if s.Effort == "true" || s.Effort == "false" { // models that think or do not, without degrees
		fields["think"] = s.Effort == "true"
	}
	return fields
}

func readOllama(body []byte) (answer, error) {
	var r struct {
		Model   string `json:"model"`
		Message *struct {
			Content  string `json:"content"`
			Thinking string `json:"thinking"`
		} `json:"message"`
		Logprobs   json.RawMessage `json:"logprobs"`
		Done       bool            `json:"done"`
		Finish     string          `json:"done_reason"`
		Prompt     int             `json:"prompt_eval_count"`
		Completion int             `json:"eval_count"`
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return answer{}, err
	}
	if r.Message == nil {
		return answer{}, errNoChoices
	}
	if !r.Done || r.Finish == "" {
		return answer{}, errNoFinish
	}
	return answer{
		text: r.Message.Content, thinking: r.Message.Thinking, served: r.Model, finish: r.Finish,
		tokens: readTokens(r.Logprobs),
		usage:  debate.Usage{PromptTokens: r.Prompt, CompletionTokens: r.Completion},
	}, nil
}
