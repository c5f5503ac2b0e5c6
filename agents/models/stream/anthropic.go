package stream

import (
	"encoding/json"
	"strings"
)

// Anthropic is the format of messages.
func Anthropic() Format {
	return Format{begin: func() completion {
		return &anthropic{top: fields{}, usage: fields{}, byIndex: map[int]*block{}}
	}}
}

// anthropic puts together a message.
type anthropic struct {
	top, usage fields
	blocks     []*block // in the order in which they began
	byIndex    map[int]*block
}

// block is one of the content.
type block struct {
	fields                    fields
	text, thinking, signature strings.Builder
}

func (a *anthropic) add(data []byte, say func(string)) (last bool, err error) {
	var e struct {
		Type    string `json:"type"`
		Message fields `json:"message"`
		Index   int    `json:"index"`
		Block   fields `json:"content_block"`
		Delta   fields `json:"delta"`
		Usage   fields `json:"usage"`
	}
	if err := json.Unmarshal(data, &e); err != nil {
		return false, err
	}
	ended := present(a.top["stop_reason"])
	switch e.Type {
	case "message_start":
		if len(a.top) == 0 {
			a.usage.take(e.Message.object("usage"))
			a.top.take(e.Message, "content", "usage")
		}
	case "content_block_start":
		if _, begun := a.byIndex[e.Index]; !begun && !ended {
			a.open(e.Index, e.Block, say)
		}
	case "content_block_delta":
		if !ended {
			a.grow(e.Index, e.Delta, say)
		}
	case "message_delta":
		a.top.take(e.Delta)
		a.usage.take(e.Usage)
	case "message_stop":
		return true, nil
	}
	return false, nil // pings too, and what the API may add
}

// open begins a block with what it is given at once.
func (a *anthropic) open(index int, given fields, say func(string)) *block {
	b := &block{fields: fields{"type": json.RawMessage(`"text"`)}}
	b.fields.take(given, "text", "thinking", "signature")
	a.blocks, a.byIndex[index] = append(a.blocks, b), b
	a.grow(index, given, say)
	return b
}

// grow adds the texts of a delta to a block. A delta without a beginning is one of a text.
func (a *anthropic) grow(index int, delta fields, say func(string)) {
	b := a.byIndex[index]
	if b == nil {
		b = a.open(index, nil, say)
	}
	if text := delta.text("text"); text != "" {
		b.text.WriteString(text)
		say(text)
	}
	b.thinking.WriteString(delta.text("thinking"))
	b.signature.WriteString(delta.text("signature"))
}

func (a *anthropic) body() any {
	if !present(a.top["stop_reason"]) {
		return nil
	}
	content := []any{} // not null when it is empty
	for _, b := range a.blocks {
		block := map[string]any{}
		for name, value := range b.fields {
			block[name] = value
		}
		switch b.fields.text("type") {
		case "text":
			block["text"] = b.text.String()
		case "thinking":
			block["thinking"], block["signature"] = b.thinking.String(), b.signature.String()
		}
		content = append(content, block)
	}
	body := map[string]any{"content": content, "stop_sequence": nil}
	if len(a.usage) > 0 {
		body["usage"] = a.usage
	}
	for name, value := range a.top {
		body[name] = value
	}
	return body
}
