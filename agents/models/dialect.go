package models

import (
	"errors"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"cheaptalk/agents"
	"cheaptalk/agents/models/stream"
)

// dialect is what differs between two APIs.
type dialect struct {
	url      string // of the API itself
	variable string // where its key is by custom; "" when it needs none
	header   string // that holds the key
	scheme   string // before the key in the header
	// client makes langchaingo's client. It is given stand-ins for the key, the name of the model and the texts: the wire has the real ones.
	client func(base string, w *wire) (llms.Model, error)
	// noSystem says that langchaingo is given a system prompt as the first message of a user, and that the wire puts its role right.
	noSystem bool
	// fields are the top-level fields of a request in which langchaingo is overruled; nil deletes one.
	fields func(model, host string, req agents.Request) map[string]any
	// whole and streamed are the fields of a request whose completion is to come in one piece, and in many.
	whole, streamed map[string]any
	stream          stream.Format
	// read reads the body of a completion: JSON without an error object at its top.
	read func(body []byte) (answer, error)
}

func dialectOf(api API) (dialect, bool) {
	switch api {
	case OpenAI:
		return openAI(), true
	case Anthropic:
		return anthropicMessages(), true
	case Ollama:
		return ollamaChat(), true
	}
	return dialect{}, false
}

// standIn is what langchaingo is told in place of a key and of a model's name, and how a stand-in for a text begins.
const standIn = "stand-in"

// What a completion must have.
var (
	errNoChoices = errors.New("it holds no reply")
	errNoFinish  = errors.New("it gives no finish reason")
)

// optional returns the value of a parameter, or nil when it is unset.
func optional[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// nonzero returns the value of a parameter, or nil when it is the zero value, which is unset.
func nonzero[T comparable](v T) any {
	if v == *new(T) {
		return nil
	}
	return v
}

// list returns the list, or nil when it is empty.
func list(s []string) any {
	if len(s) == 0 {
		return nil
	}
	return s
}

// paragraphs joins what is more than white space by blank lines.
func paragraphs(pieces []string) string {
	var kept []string
	for _, p := range pieces {
		if strings.TrimSpace(p) != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n\n")
}
