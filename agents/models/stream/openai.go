package stream

import (
	"encoding/json"
	"errors"
	"strings"
)

// OpenAI is the format of chat completions, of OpenAI and of compatible servers.
func OpenAI() Format {
	return Format{begin: func() completion {
		return &openAI{top: fields{}, choice: fields{}, lists: lists{}, logprobs: lists{}}
	}}
}

// openAI puts together the first choice of a completion.
type openAI struct {
	top, choice fields
	lists       lists // of the body: llama.cpp's completion_probabilities
	logprobs    lists // of the choice
	role        string
	content     []*part
	thoughts    [len(thoughtFields)]strings.Builder
	refusal     strings.Builder
	finished    bool
}

// thoughtFields hold thinking: DeepSeek's and llama.cpp's, and OpenRouter's and vLLM's.
var thoughtFields = [...]string{"reasoning_content", "reasoning"}

// part is a piece of content of one kind. The content of all but Mistral is one text.
type part struct {
	kind string // "text" or "thinking"
	text strings.Builder
}

func (o *openAI) add(data []byte, say func(string)) (bool, error) {
	top, err := parse(data)
	if err != nil {
		return false, err
	}
	const probabilities = "completion_probabilities"
	var choices []fields
	if err := json.Unmarshal(top["choices"], &choices); err != nil && present(top["choices"]) {
		return false, err
	}
	if !o.finished {
		o.lists.take(fields{probabilities: top[probabilities]})
	}
	o.top.take(top, "choices", "object", "obfuscation", probabilities)
	for _, choice := range choices {
		if index := string(choice["index"]); !o.finished && (index == "0" || index == "" || index == "null") {
			if err := o.addChoice(choice, say); err != nil {
				return false, err
			}
		}
	}
	return false, nil // the usage comes after the finish reason
}

func (o *openAI) addChoice(choice fields, say func(string)) error {
	delta := choice.object("delta")
	if role := delta.text("role"); role != "" {
		o.role = role
	}
	if err := o.addContent(delta["content"], say); err != nil {
		return err
	}
	for i, name := range thoughtFields {
		o.thoughts[i].WriteString(delta.text(name))
	}
	if refusal := delta.text("refusal"); refusal != "" {
		o.refusal.WriteString(refusal)
		if len(o.content) == 0 {
			say(refusal)
		}
	}
	o.logprobs.take(choice.object("logprobs"))
	o.choice.take(choice, "index", "delta", "message", "logprobs")
	o.finished = choice.text("finish_reason") != "" || present(choice["error"])
	return nil
}

// addContent adds a text, or a list of parts.
func (o *openAI) addContent(raw json.RawMessage, say func(string)) error {
	if !present(raw) {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		o.grow("text", text)
		say(text)
		return nil
	}
	var parts []struct {
		Text     string `json:"text"`
		Thinking []struct {
			Text string `json:"text"`
		} `json:"thinking"`
	}
	if json.Unmarshal(raw, &parts) != nil {
		return errors.New("content that is neither text nor parts")
	}
	for _, p := range parts {
		for _, t := range p.Thinking {
			o.grow("thinking", t.Text)
		}
		if p.Text != "" {
			o.grow("text", p.Text)
			say(p.Text)
		}
	}
	return nil
}

// grow adds to the last part, or a new one of another kind.
func (o *openAI) grow(kind, text string) {
	if n := len(o.content); n == 0 || o.content[n-1].kind != kind {
		o.content = append(o.content, &part{kind: kind})
	}
	o.content[len(o.content)-1].text.WriteString(text)
}

func (o *openAI) body() any {
	if !o.finished {
		return nil
	}
	message := map[string]any{"role": "assistant", "content": o.message()}
	if o.role != "" {
		message["role"] = o.role
	}
	for i, name := range thoughtFields {
		if o.thoughts[i].Len() > 0 {
			message[name] = o.thoughts[i].String()
		}
	}
	if o.refusal.Len() > 0 {
		message["refusal"] = o.refusal.String()
	}
	choice := map[string]any{"index": 0, "message": message}
	for name, value := range o.choice {
		choice[name] = value
	}
	if len(o.logprobs) > 0 {
		choice["logprobs"] = o.logprobs
	}
	body := map[string]any{"object": "chat.completion", "choices": []any{choice}}
	for name, value := range o.top {
		body[name] = value
	}
	for name, list := range o.lists {
		body[name] = list
	}
	return body
}

// message returns the content: a text, null beside a refusal, or a list of parts.
func (o *openAI) message() any {
	switch {
	case len(o.content) == 0 && o.refusal.Len() > 0:
		return nil
	case len(o.content) == 0:
		return ""
	case len(o.content) == 1 && o.content[0].kind == "text":
		return o.content[0].text.String()
	}
	var list []any
	for _, p := range o.content {
		text := map[string]any{"type": "text", "text": p.text.String()}
		if p.kind == "thinking" {
			list = append(list, map[string]any{"type": "thinking", "thinking": []any{text}})
		} else {
			list = append(list, text)
		}
	}
	return list
}
