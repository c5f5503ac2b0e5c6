package agents

import (
	"context"

	"cheaptalk/debate"
)

// Model completes a chat: a language model behind a server, or a fake of one. It is safe for concurrent use.
// models.Model is the real one, pace.Model one that retries; [ModelFunc] makes a fake of a function.
type Model interface {
	// Name is the model's name, as the server knows it.
	Name() string
	// Complete asks for one completion. One that ended at its token limit or that is empty is a completion too;
	// an error means that there is none. errors.Is(err, ctx.Err()) holds when ctx ended the call.
	Complete(ctx context.Context, req Request) (Completion, error)
}

// Request is one ask: a chat and how to sample its continuation.
type Request struct {
	System   string    // the system prompt; "" sends none
	Messages []Message // user and assistant in turns, the last one the user's
	Sampling Sampling

	// Scope, Round and Sample tell apart asks that are the same word for word. They are never sent. Asks that agree in
	// everything, these three included, may share one completion.

	// Scope names the question, the draw and the repeat. With "" nothing is shared.
	Scope string
	// Round is the round of the debate, so that an agent that is asked the same again may answer differently.
	Round int
	// Sample numbers the agents of one debate that ask the same model for the same.
	Sample int
	// Again numbers the further asks of one agent in one turn, from 1; 0 is the reply itself.
	Again int

	// Logprobs asks for the log-probabilities of the completion's tokens. It is part of what is asked.
	Logprobs bool
	// Say, when it is not nil, is given the text as it is made, for display: the completion is streamed. It is called from the
	// goroutine of Complete alone, and says nothing of hidden thinking. Whether it is streamed does not change what is asked.
	Say func(delta string)
	// Received, when it is not nil, is called once, from the goroutine of Complete, when a completion has come whole from the server, with what
	// it cost: what is still to be done with it needs no connection. It is not called for a completion that is shared.
	Received func(debate.Usage)
}

// PromptTokens estimates the tokens of the prompt; see [EstimateTokens]. The frame that a server puts around messages is not in it.
func (r Request) PromptTokens() int {
	n := len(r.System)
	for _, m := range r.Messages {
		n += len(m.Text)
	}
	return EstimateTokens(n)
}

// EstimateTokens estimates how many tokens a text of so many bytes has: one for every four, a rule of thumb that is about right for
// English and too low for most other languages. What a server counted goes before it.
func EstimateTokens(bytes int) int { return (bytes + 3) / 4 }

// Message is one turn of a chat.
type Message struct {
	Role Role
	Text string
}

// Role is who speaks in a chat. The zero Role is the user.
type Role uint8

const (
	User Role = iota
	Assistant
)

// Sampling is how a completion is drawn. What is unset is not sent, so that the server's own default holds;
// what is set is sent or refused, never dropped.
type Sampling struct {
	Temperature *float64 `json:"temperature,omitempty" yaml:"temperature,omitempty"`
	TopP        *float64 `json:"top_p,omitempty" yaml:"top_p,omitempty"`
	Seed        *int64   `json:"seed,omitempty" yaml:"seed,omitempty"`             // best effort: few servers repeat themselves exactly
	MaxTokens   int      `json:"max_tokens,omitempty" yaml:"max_tokens,omitempty"` // of the completion, thinking included; 0 is unset
	Stop        []string `json:"stop,omitempty" yaml:"stop,omitempty"`
	// Effort is the reasoning effort, in the server's own words: "low", "medium", "high" ...
	Effort string `json:"reasoning_effort,omitempty" yaml:"reasoning_effort,omitempty"`
}

// Completion is what a model answered.
type Completion struct {
	Text     string
	Thinking string // reasoning that the server returned apart from the text
	Finish   string // why it ended, in the server's words: "stop", "length", "end_turn" ...
	Usage    debate.Usage
	Exchange debate.Exchange
	// Tokens are the tokens of the completion with their log-probabilities, in order, when they were asked for and the server gave
	// them. Joined they are the text as the server saw it.
	Tokens []Token
}

// Token is one token of a completion.
type Token struct {
	Text    string
	Logprob float64 // natural logarithm of its probability
}

// ModelFunc is a Model made of a function, for tests.
type ModelFunc func(ctx context.Context, req Request) (Completion, error)

// Name returns "func".
func (ModelFunc) Name() string { return "func" }

// Complete calls the function.
func (f ModelFunc) Complete(ctx context.Context, req Request) (Completion, error) { return f(ctx, req) }

var _ Model = ModelFunc(nil)
