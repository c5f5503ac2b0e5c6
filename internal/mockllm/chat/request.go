package chat

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// API is the form of a request and of its response.
type API string

const (
	OpenAI    API = "openai"    // POST .../chat/completions
	Anthropic API = "anthropic" // POST .../messages
	Ollama    API = "ollama"    // POST .../api/chat
)

// Request is what was asked.
type Request struct {
	API       API
	Model     string
	System    string    // Anthropic's system prompt; the other APIs have it among the messages
	Messages  []Message // at least one
	MaxTokens int       // of the reply; 0 is no limit
	Stream    bool
	Body      []byte // as it was sent; not to be changed

	// A server adds these to what it parsed.

	Seed uint64 // made of the server's seed, the API and the body
	Seen int    // how many requests with this body were admitted before

	usage    bool // a stream of OpenAI's ends with the usage
	logprobs bool // the reply has the probabilities of its tokens
}

// Message is one turn of a chat.
type Message struct{ Role, Text string }

// text is a message's content: a string, null, or a list of parts, of which those with a text count.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	if raw[0] != '[' {
		return json.Unmarshal(raw, (*string)(t))
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	var all []string
	for _, p := range parts {
		all = append(all, p.Text)
	}
	*t = text(strings.Join(all, "\n"))
	return nil
}

// Parse reads the body of a request. What none of the APIs would take is an error; parameters that make no difference are not read.
func Parse(api API, body []byte) (Request, error) {
	var in struct {
		Model    string `json:"model"`
		System   text   `json:"system"`
		Messages []struct {
			Role    string `json:"role"`
			Content text   `json:"content"`
		} `json:"messages"`
		Stream        *bool `json:"stream"`
		MaxTokens     int   `json:"max_tokens"`
		MaxCompletion int   `json:"max_completion_tokens"`
		Logprobs      bool  `json:"logprobs"`
		StreamOptions struct {
			Usage bool `json:"include_usage"`
		} `json:"stream_options"`
		Options struct {
			NumPredict int `json:"num_predict"`
		} `json:"options"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return Request{}, fmt.Errorf("the body is not a chat request: %w", err)
	}
	r := Request{API: api, Model: in.Model, Body: body, usage: in.StreamOptions.Usage, logprobs: in.Logprobs && api != Anthropic}
	switch api {
	case OpenAI:
		r.MaxTokens = cmp.Or(in.MaxCompletion, in.MaxTokens)
	case Anthropic:
		r.System, r.MaxTokens = string(in.System), in.MaxTokens
		if in.MaxTokens == 0 {
			return Request{}, errors.New("max_tokens is missing")
		}
	case Ollama:
		r.MaxTokens = max(in.Options.NumPredict, 0) // below 0 is without end
	}
	r.Stream = api == Ollama // which streams unless told otherwise
	if in.Stream != nil {
		r.Stream = *in.Stream
	}
	for i, m := range in.Messages {
		if m.Role == "" {
			return Request{}, fmt.Errorf("messages[%d] has no role", i)
		}
		r.Messages = append(r.Messages, Message{m.Role, string(m.Content)})
	}
	switch {
	case r.Model == "":
		return Request{}, errors.New("model is missing")
	case len(r.Messages) == 0:
		return Request{}, errors.New("messages are missing")
	case r.MaxTokens < 0:
		return Request{}, fmt.Errorf("max_tokens %d is negative", r.MaxTokens)
	}
	return r, nil
}

// PromptTokens counts the tokens of a prompt.
func (r *Request) PromptTokens() int {
	n := Tokens(r.System)
	for _, m := range r.Messages {
		n += Tokens(m.Text)
	}
	return n
}

// charsPerToken is the usual rule of thumb for English.
const charsPerToken = 4

// Tokens counts the tokens of a text: its characters divided by four, rounded up.
func Tokens(s string) int { return (utf8.RuneCountInString(s) + charsPerToken - 1) / charsPerToken }

// Cut cuts a text to so many tokens and says whether there was something to cut off. 0 is no limit.
func Cut(s string, most int) (string, bool) {
	if most == 0 || most > len(s) {
		return s, false
	}
	n := 0
	for i := range s {
		if n == most*charsPerToken {
			return s[:i], true
		}
		n++
	}
	return s, false
}
