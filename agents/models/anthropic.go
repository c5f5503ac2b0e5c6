package models

import (
	"encoding/json"
	"strings"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"

	"cheaptalk/agents"
	"cheaptalk/agents/models/stream"
	"cheaptalk/debate"
)

// anthropicMaxTokens is sent when no limit is set, because the API demands one.
const anthropicMaxTokens = 4096

func anthropicMessages() dialect {
	return dialect{
		url: "https://api.anthropic.com/v1", variable: "ANTHROPIC_API_KEY", header: "X-Api-Key",
		client: func(base string, w *wire) (llms.Model, error) {
			return anthropic.New(anthropic.WithToken(standIn), anthropic.WithModel(standIn), anthropic.WithBaseURL(base),
				anthropic.WithHTTPClient(w))
		},
		fields: func(model, _ string, req agents.Request) map[string]any {
			s := req.Sampling
			limit := s.MaxTokens
			if limit == 0 {
				limit = anthropicMaxTokens
			}
			return map[string]any{
				"model":          model,
				"temperature":    optional(s.Temperature),
				"top_p":          optional(s.TopP),
				"max_tokens":     limit,
				"stop_sequences": list(s.Stop),
			}
		},
		streamed: map[string]any{"stream": true},
		stream:   stream.Anthropic(),
		read:     readAnthropic,
	}
}

func readAnthropic(body []byte) (answer, error) {
	var r struct {
		Model   string `json:"model"`
		Content []struct {
			Text     string `json:"text"`     // of a text block
			Thinking string `json:"thinking"` // of a thinking block; a redacted one has neither
		} `json:"content"`
		Finish string `json:"stop_reason"`
		Usage  struct {
			Input   int `json:"input_tokens"` // without those read from and written to the cache
			Output  int `json:"output_tokens"`
			Read    int `json:"cache_read_input_tokens"`
			Written int `json:"cache_creation_input_tokens"`
		} `json:"usage"`
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return answer{}, err
	}
	if r.Content == nil {
		return answer{}, errNoChoices
	}
	if r.Finish == "" {
		return answer{}, errNoFinish
	}
	var said strings.Builder
	var thought []string
	for _, block := range r.Content {
		said.WriteString(block.Text)
		thought = append(thought, block.Thinking)
	}
	return answer{
		text: said.String(), thinking: paragraphs(thought), served: r.Model, finish: r.Finish,
		usage: debate.Usage{
			PromptTokens: r.Usage.Input + r.Usage.Read + r.Usage.Written, CachedTokens: r.Usage.Read,
			CompletionTokens: r.Usage.Output,
		},
	}, nil
}
