package stream

import (
	"encoding/json"
	"strings"
)

// Ollama is the format of its chat.
func Ollama() Format {
	return Format{lines: true, begin: func() completion {
		return &ollama{top: fields{}, lists: lists{}}
	}}
}

// ollama puts together a chat response: the last object, with the texts and the log-probabilities of all.
type ollama struct {
	top            fields
	lists          lists // the log-probabilities
	answered       bool  // there was a message
	role           string
	text, thinking strings.Builder
}

func (o *ollama) add(data []byte, say func(string)) (last bool, err error) {
	top, err := parse(data)
	if err != nil {
		return false, err
	}
	o.lists.take(fields{"logprobs": top["logprobs"]})
	o.top.take(top, "message", "logprobs")
	if message := top.object("message"); message != nil {
		o.answered = true
		if role := message.text("role"); role != "" {
			o.role = role
		}
		o.thinking.WriteString(message.text("thinking"))
		if text := message.text("content"); text != "" {
			o.text.WriteString(text)
			say(text)
		}
	}
	return o.done(), nil
}

// done reports whether the last object was there. It is the one with the reason.
func (o *ollama) done() bool {
	var done bool
	_ = json.Unmarshal(o.top["done"], &done) // anything else is no end
	return done
}

func (o *ollama) body() any {
	if !o.done() {
		return nil
	}
	body := map[string]any{}
	for name, value := range o.top {
		body[name] = value
	}
	for name, list := range o.lists {
		body[name] = list
	}
	if o.answered {
		message := map[string]any{"role": "assistant", "content": o.text.String()}
		if o.role != "" {
			message["role"] = o.role
		}
		if o.thinking.Len() > 0 {
			message["thinking"] = o.thinking.String()
		}
		body["message"] = message
	}
	return body
}
