package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/tmc/langchaingo/llms"

	"cheaptalk/agents"
)

// langchaingo lays a request out, with a stand-in for every text in it; the wire writes the texts in. So they go through nothing that could
// change them, and are read once: langchaingo would read a prompt three times over to make JSON of it, and the wire once more.

// chat writes a request in langchaingo's words, a system prompt under a role.
func chat(req agents.Request, system llms.ChatMessageType) []llms.MessageContent {
	msgs := make([]llms.MessageContent, 0, 1+len(req.Messages))
	add := func(role llms.ChatMessageType) {
		msgs = append(msgs, llms.TextParts(role, textMark+strconv.Itoa(len(msgs))))
	}
	if req.System != "" {
		add(system)
	}
	for _, m := range req.Messages {
		if m.Role == agents.Assistant {
			add(llms.ChatMessageTypeAI)
		} else {
			add(llms.ChatMessageTypeHuman)
		}
	}
	return msgs
}

// textMark begins the stand-in for a text; the text's number among those of the request follows.
const textMark = standIn + " text "

// texts returns the texts of a request as JSON, by the numbers of their stand-ins.
func texts(req agents.Request) [][]byte {
	list := make([][]byte, 0, 1+len(req.Messages))
	add := func(text string) {
		b, _ := json.Marshal(text) // a text always can be
		list = append(list, b)
	}
	if req.System != "" {
		add(req.System)
	}
	for _, m := range req.Messages {
		add(m.Text)
	}
	return list
}

// body is the body of a request in the making, a JSON object: the fields that langchaingo has made, in which texts have stand-ins, and those
// that the wire has set.
type body struct {
	made, own map[string]json.RawMessage
	texts     [][]byte
}

func newBody(made []byte, texts [][]byte) (*body, error) {
	b := &body{texts: texts, own: map[string]json.RawMessage{}}
	if err := json.Unmarshal(made, &b.made); err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	return b, nil
}

// putSystem gives the first message, which langchaingo has made a user's, the role of a system prompt.
func (b *body) putSystem() {
	b.made["messages"] = bytes.Replace(b.made["messages"], []byte(`"role":"user"`), []byte(`"role":"system"`), 1)
}

// set sets fields, and deletes those whose value is nil.
func (b *body) set(fields map[string]any) error {
	for name, value := range fields {
		delete(b.made, name)
		delete(b.own, name)
		if value == nil {
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		b.own[name] = text
	}
	return nil
}

// bytes returns the object, its fields sorted by name. The values are JSON already: json.Marshal would read them all once more.
func (b *body) bytes() []byte {
	size := len("{}")
	for _, fields := range []map[string]json.RawMessage{b.made, b.own} {
		for name, value := range fields {
			size += len(name) + len(value) + len(`"":,`)
		}
	}
	for _, text := range b.texts {
		size += len(text)
	}
	out := append(make([]byte, 0, size), '{')
	names := slices.AppendSeq(make([]string, 0, len(b.made)+len(b.own)), maps.Keys(b.made))
	names = slices.AppendSeq(names, maps.Keys(b.own))
	slices.Sort(names)
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(strconv.AppendQuote(out, name), ':')
		if value, ok := b.own[name]; ok {
			out = append(out, value...)
		} else {
			out = fill(out, b.made[name], b.texts)
		}
	}
	return append(out, '}')
}

// fill appends JSON with the texts in the places of their stand-ins.
func fill(out, value []byte, texts [][]byte) []byte {
	const mark = `"` + textMark
	for {
		before, after, found := bytes.Cut(value, []byte(mark))
		out = append(out, before...)
		if !found {
			return out
		}
		number, rest, _ := bytes.Cut(after, []byte(`"`))
		if i, err := strconv.Atoi(string(number)); err == nil && i < len(texts) {
			out = append(out, texts[i]...)
		}
		value = rest
	}
}

// shareKey is the name of an ask: two of the same name may share an answer. It covers the body and so every parameter in it, but
// for whether it is streamed.
func shareKey(base string, body []byte, ask string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %s %d\n", base, ask, len(body))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}
