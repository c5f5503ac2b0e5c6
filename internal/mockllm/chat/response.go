package chat

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"unicode/utf8"
)

// Completion is a reply on its way out.
type Completion struct {
	*Request
	Text string
	Cut  bool // at the limit of tokens
	None bool // there is no reply in it
}

// Every completion was made at the same time, so that the same request gets the same bytes.
const (
	createdAt = "2025-01-01T00:00:00Z"
	created   = 1735689600
)

type object = map[string]any

// encode writes JSON of texts, numbers, and maps, lists and structs of them, which cannot fail.
func encode(v any) []byte {
	b, _ := json.Marshal(v)
	return b
}

func (c *Completion) id() string { return fmt.Sprintf("mock-%016x", c.Seed) }

// finish returns why the reply ended, in the API's words.
func (c *Completion) finish() string {
	switch {
	case c.API == Anthropic && c.Cut:
		return "max_tokens"
	case c.API == Anthropic:
		return "end_turn"
	case c.Cut:
		return "length"
	}
	return "stop"
}

func (c *Completion) usage() object {
	if c.API == Anthropic {
		return object{"input_tokens": c.PromptTokens(), "output_tokens": Tokens(c.Text)}
	}
	return object{"prompt_tokens": c.PromptTokens(), "completion_tokens": Tokens(c.Text), "total_tokens": c.PromptTokens() + Tokens(c.Text)}
}

// Whole returns the body of a response that is not streamed.
func (c *Completion) Whole() []byte {
	switch c.API {
	case Anthropic:
		content := []object{{"type": "text", "text": c.Text}}
		if c.None {
			content = []object{}
		}
		return encode(c.message(content, c.finish(), c.usage()))
	case Ollama:
		return encode(c.line(c.Text, c.Logprobs(), true))
	}
	choice := object{"index": 0, "message": object{"role": "assistant", "content": c.Text}, "finish_reason": c.finish()}
	if tokens := c.Logprobs(); tokens != nil {
		choice["logprobs"] = object{"content": tokens}
	}
	choices := []object{choice}
	if c.None {
		choices = []object{}
	}
	return encode(object{"id": c.id(), "object": "chat.completion", "created": created, "model": c.Model, "choices": choices, "usage": c.usage()})
}

// message is Anthropic's, at the start of a stream or whole.
func (c *Completion) message(content []object, reason any, usage object) object {
	return object{"id": c.id(), "type": "message", "role": "assistant", "model": c.Model, "content": content,
		"stop_reason": reason, "stop_sequence": nil, "usage": usage}
}

// line is one of Ollama's stream, the last of which alone is a whole response.
func (c *Completion) line(text string, tokens []Logprob, last bool) object {
	o := object{"model": c.Model, "created_at": createdAt, "done": last, "message": object{"role": "assistant", "content": text}}
	if tokens != nil {
		o["logprobs"] = tokens
	}
	if c.None {
		delete(o, "message")
	}
	if last {
		o["done_reason"], o["prompt_eval_count"], o["eval_count"] = c.finish(), c.PromptTokens(), Tokens(c.Text)
	}
	return o
}

// Frames returns the events of a response that is streamed: server-sent events with data alone that end with [DONE] (OpenAI), with names
// (Anthropic), or a JSON object a line (Ollama).
func (c *Completion) Frames() [][]byte {
	var events [][]byte
	add := func(name string, v object) { events = append(events, Frame(c.API, name, encode(v))) }
	parts := split(c.Text)
	tokens := spread(c.Logprobs(), parts)
	if tokens == nil {
		tokens = make([][]Logprob, len(parts))
	}
	switch c.API {
	case Anthropic:
		typed := func(name string, v object) { v["type"] = name; add(name, v) }
		typed("message_start", object{"message": c.message([]object{}, nil, object{"input_tokens": c.PromptTokens(), "output_tokens": 1})})
		if !c.None {
			typed("content_block_start", object{"index": 0, "content_block": object{"type": "text", "text": ""}})
			typed("ping", object{})
			for _, part := range parts {
				typed("content_block_delta", object{"index": 0, "delta": object{"type": "text_delta", "text": part}})
			}
			typed("content_block_stop", object{"index": 0})
		}
		typed("message_delta", object{"delta": object{"stop_reason": c.finish(), "stop_sequence": nil}, "usage": object{"output_tokens": Tokens(c.Text)}})
		typed("message_stop", object{})
	case Ollama:
		for i, part := range parts {
			add("", c.line(part, tokens[i], false))
		}
		add("", c.line("", nil, true))
	default:
		chunk := func(choices []object) object {
			return object{"id": c.id(), "object": "chat.completion.chunk", "created": created, "model": c.Model, "choices": choices}
		}
		delta := func(d object, tokens []Logprob, finish any) {
			choice := object{"index": 0, "delta": d, "finish_reason": finish}
			if tokens != nil {
				choice["logprobs"] = object{"content": tokens}
			}
			if !c.None {
				add("", chunk([]object{choice}))
			}
		}
		delta(object{"role": "assistant", "content": ""}, nil, nil)
		for i, part := range parts {
			delta(object{"content": part}, tokens[i], nil)
		}
		delta(object{}, nil, c.finish())
		if c.Request.usage {
			last := chunk([]object{})
			last["usage"] = c.usage()
			add("", last)
		}
		events = append(events, []byte("data: [DONE]\n\n"))
	}
	return events
}

// Frame writes one event of a stream; only Anthropic's have names.
func Frame(api API, name string, data []byte) []byte {
	switch api {
	case Anthropic:
		return fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, data)
	case Ollama:
		return fmt.Appendf(nil, "%s\n", data)
	}
	return fmt.Appendf(nil, "data: %s\n\n", data)
}

// split cuts a text into at most 32 pieces, of four bytes or more, between characters.
func split(s string) []string {
	var parts []string
	for size := max(4, (len(s)+31)/32); len(s) > size; {
		n := size
		for n < len(s) && !utf8.RuneStart(s[n]) {
			n++
		}
		parts, s = append(parts, s[:n]), s[n:]
	}
	if s != "" {
		parts = append(parts, s)
	}
	return parts
}

// ContentType returns the media type of a completion.
func (r *Request) ContentType() string {
	switch {
	case !r.Stream:
		return "application/json"
	case r.API == Ollama:
		return "application/x-ndjson"
	}
	return "text/event-stream"
}

// Refusal writes the body of a response without a completion. The code is OpenAI's; one that is a number is written as one, as OpenRouter does.
func Refusal(api API, status int, code, message string) []byte {
	kind := "api_error"
	switch status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusMethodNotAllowed:
		kind = "invalid_request_error"
	case http.StatusNotFound:
		kind = "not_found_error"
	case http.StatusTooManyRequests:
		kind = "rate_limit_error"
	case http.StatusServiceUnavailable:
		kind = "overloaded_error"
	}
	switch api {
	case Anthropic:
		return encode(object{"type": "error", "error": object{"type": kind, "message": message}})
	case Ollama:
		return encode(object{"error": message})
	}
	var number any = code
	if n, err := strconv.Atoi(code); err == nil {
		number = n
	}
	return encode(object{"error": object{"message": message, "type": kind, "param": nil, "code": number}})
}

// Models writes the list of models for all APIs at once: each reads its own fields.
func Models(names []string) []byte {
	data, tags := []object{}, []object{}
	for _, name := range names {
		data = append(data, object{"id": name, "object": "model", "type": "model", "display_name": name,
			"created": created, "created_at": createdAt, "owned_by": "mock"})
		tags = append(tags, object{"name": name, "model": name, "modified_at": createdAt, "size": 0, "digest": "", "details": object{"family": "mock"}})
	}
	return encode(object{"object": "list", "data": data, "has_more": false, "models": tags})
}
