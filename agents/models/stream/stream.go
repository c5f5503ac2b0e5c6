package stream

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"slices"
	"strings"
)

// Format is how an API streams: the result of [OpenAI], [Anthropic] or [Ollama].
type Format struct {
	lines bool // JSON objects one after the other; otherwise server-sent events
	begin func() completion
}

// event is one piece of a stream.
type event struct {
	name string // of a server-sent event; mostly ""
	data []byte
}

// done is the data of the event after the last.
const done = "[DONE]"

// whole reports whether the data is not cut off.
func (e event) whole() bool { return string(e.data) == done || json.Valid(e.data) }

// empty reports whether there is no data but white space.
func (e event) empty() bool { return len(bytes.TrimSpace(e.data)) == 0 }

// completion puts pieces together. Pieces may come twice and in any order.
type completion interface {
	// add takes the data of an event, says the text in it, and reports whether it is the last.
	add(data []byte, say func(string)) (last bool, err error)
	// body returns the body of the whole, or nil when it has no finish reason.
	body() any
}

// Is reports whether a body is a stream of the format, by its media type and else by its beginning, for which it waits: servers that
// do not stream answer with a body in one piece, and proxies with a page. It consumes white space at the beginning.
func (f Format) Is(contentType string, body *bufio.Reader) bool {
	media, _, _ := mime.ParseMediaType(contentType) // "" when it cannot be read
	starts := []string{"data:", "event:", "id:", "retry:", "error:", ":"}
	if f.lines {
		starts = []string{"{"}
	}
	switch {
	case media == "text/event-stream", media == "application/x-ndjson":
		return true
	case media == "application/json" && f.lines: // what has one object has a beginning like that of many
		return false
	}
	for {
		first, err := body.Peek(1)
		if err != nil {
			return false
		}
		if strings.Contains(" \t\r\n", string(first)) {
			_, _ = body.Discard(1) // it is buffered
			continue
		}
		return slices.ContainsFunc(starts, func(start string) bool {
			if first[0] != start[0] {
				return false
			}
			b, _ := body.Peek(len(start)) // fewer bytes are no beginning
			return string(b) == start
		})
	}
}

// Read reads a stream to its end and returns the body that the API would have answered with in one piece. It gives each piece of the
// text to say, from the goroutine that called it. Of what comes after the last event nothing is read.
func (f Format) Read(r io.Reader, say func(string)) ([]byte, error) {
	c := f.begin()
	var before []byte
	n := 0
	events := serverSent
	if f.lines {
		events = values
	}
	for e, err := range events(r) {
		if err != nil {
			return nil, fmt.Errorf("after %d events: %w", n, err)
		}
		if n++; string(e.data) == done {
			break
		}
		if body := failure(e); body != nil {
			return body, nil
		}
		if bytes.Equal(e.data, before) && once(e.data) {
			continue
		}
		before = e.data
		last, err := c.add(e.data, say)
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", n, err)
		}
		if last {
			break
		}
	}
	body := c.body()
	if body == nil {
		return nil, fmt.Errorf("after %d events, without a finish reason: %w", n, io.ErrUnexpectedEOF)
	}
	return json.Marshal(body)
}

// failure returns the body that says what went wrong when an event says so, or nil.
func failure(e event) []byte {
	var top struct {
		Error  json.RawMessage `json:"error"`
		Object string          `json:"object"` // vLLM
	}
	err := json.Unmarshal(e.data, &top)
	switch {
	case err == nil && (present(top.Error) || top.Object == "error"):
		return e.data
	case e.name != "error":
		return nil
	}
	var said any = string(e.data)
	if err == nil {
		said = json.RawMessage(e.data)
	}
	body, _ := json.Marshal(map[string]any{"error": said}) // a text or valid JSON, which cannot fail
	return body
}

// leastRandom is how many random characters are taken to be told apart: two events of the same text have the same with a probability
// of 62 to the power of minus that.
const leastRandom = 6

// once reports whether an event holds what its server does not say twice.
func once(data []byte) bool {
	var nonce struct {
		Obfuscation string `json:"obfuscation"`
		Created     string `json:"created_at"`
	}
	if json.Unmarshal(data, &nonce) != nil {
		return false
	}
	_, fraction, _ := strings.Cut(nonce.Created, ".")
	digits := len(fraction) - len(strings.TrimLeft(fraction, "0123456789"))
	return len(nonce.Obfuscation) >= leastRandom || digits > 3
}

// fields are those of a JSON object.
type fields map[string]json.RawMessage

// parse reads a JSON object.
func parse(data []byte) (fields, error) {
	var f fields
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	if f == nil {
		return nil, errors.New("null where an object should be")
	}
	return f, nil
}

// object returns a field that is an object, or nil.
func (f fields) object(name string) fields {
	var o fields
	_ = json.Unmarshal(f[name], &o) // anything else leaves it nil
	return o
}

// text returns a field that is a text, or "".
func (f fields) text(name string) string {
	var s string
	_ = json.Unmarshal(f[name], &s) // anything else leaves it empty
	return s
}

// take sets the fields of an object that say something, but for those named.
func (f fields) take(from fields, but ...string) {
	for name, value := range from {
		if present(value) {
			f[name] = value
		}
	}
	for _, name := range but {
		delete(f, name)
	}
}

// present reports whether a field is there and says something.
func present(raw json.RawMessage) bool {
	switch string(raw) {
	case "", "null", `""`, "{}", "[]":
		return false
	}
	return true
}

// lists are arrays of a JSON object that come in pieces.
type lists map[string][]json.RawMessage

// take appends the pieces of the arrays in an object. What is no array is not taken.
func (l lists) take(from fields) {
	for name, raw := range from {
		var piece []json.RawMessage
		if json.Unmarshal(raw, &piece) == nil && len(piece) > 0 {
			l[name] = append(l[name], piece...)
		}
	}
}
