package debate

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
)

// Agent is anything that answers when it is its turn: a language model, a simulated one, a recording, a person.
// It is called by the one goroutine that owns it for the length of a debate, so it may keep state without locks.
type Agent interface {
	// Name is unique in the team and does not change.
	Name() string
	// Reply answers one turn. A reply from which no answer can be read is a Reply, not an error;
	// an error means that there is no reply (see [Failure]). Reply must return soon after ctx is done.
	Reply(ctx context.Context, turn Turn) (Reply, error)
}

// Turn is what an agent is given when it is asked to speak. Its slices are the agent's to read, not to change, until the debate is over.
type Turn struct {
	Question Question
	Round    int       // 0 is the independent answer; debate rounds count from 1
	Brief    Brief     // what it is asked to do
	Own      []Message // its own earlier replies, oldest first; failed turns are left out
	Heard    []Message // what it may read of others, in the order in which it is to be shown
	// Earlier holds, oldest first, what it heard in its earlier turns, for agents with a longer memory.
	Earlier [][]Message
	// Say streams the reply as it is made, for display only. It is never nil. It may be called from the goroutine
	// of Reply alone and not after Reply has returned.
	Say func(delta string)
}

// Task is what a speaker is asked to do.
type Task uint8

const (
	// Solve: answer the question alone.
	Solve Task = iota
	// Revise: read the others and give an updated answer (Du et al. 2023, arXiv 2305.14325).
	Revise
	// Critique: look for flaws in the others' answers and keep the own one unless it is clearly shown wrong
	// (after the anti-conformity prompt of Free-MAD, arXiv 2509.11035).
	Critique
	// Reflect: check the own answer again, having heard nobody.
	Reflect
	// Aggregate: read all solutions and write the final one (AggLM, figure 2 of Zhao et al. 2025).
	Aggregate
)

var taskNames = [...]string{"solve", "revise", "critique", "reflect", "aggregate"}

// String returns the task in lower case, "revise" for example.
func (t Task) String() string {
	if int(t) < len(taskNames) {
		return taskNames[t]
	}
	return fmt.Sprintf("task(%d)", uint8(t))
}

// MarshalText writes the task's name.
func (t Task) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads a task's name.
func (t *Task) UnmarshalText(b []byte) error {
	for i, name := range taskNames {
		if name == string(b) {
			*t = Task(i)
			return nil
		}
	}
	return fmt.Errorf("task %q is not one of %v", b, taskNames)
}

// Brief is what a speaker is asked to do and what it sees of its peers beside their texts.
type Brief struct {
	Task Task `json:"task"`
	// Confidence says how the peers' confidence is shown to the speaker; the zero value hides it.
	Confidence Calibration `json:"confidence,omitempty"`
}

// Usage counts what a reply cost. Tokens are as the server counted them; simulated and recorded agents count none.
type Usage struct {
	Calls            int `json:"calls,omitempty"` // replies asked of a model, simulated or not
	PromptTokens     int `json:"prompt_tokens,omitempty"`
	CachedTokens     int `json:"cached_tokens,omitempty"` // the part of PromptTokens that the server had cached
	CompletionTokens int `json:"completion_tokens,omitempty"`
	ReasoningTokens  int `json:"reasoning_tokens,omitempty"` // the part of CompletionTokens that was hidden thinking
	// Estimated counts the calls whose tokens the server did not count: those of their texts are estimated.
	Estimated int `json:"estimated,omitempty"`
}

// Add returns the sum of two usages.
func (u Usage) Add(v Usage) Usage {
	return Usage{
		Calls:            u.Calls + v.Calls,
		PromptTokens:     u.PromptTokens + v.PromptTokens,
		CachedTokens:     u.CachedTokens + v.CachedTokens,
		CompletionTokens: u.CompletionTokens + v.CompletionTokens,
		ReasoningTokens:  u.ReasoningTokens + v.ReasoningTokens,
		Estimated:        u.Estimated + v.Estimated,
	}
}

// Reply is what an agent said in one turn.
type Reply struct {
	Text string `json:"text,omitempty"`
	// Thinking is reasoning that the model marked as hidden. It is stored, never heard by peers, never read for the answer.
	Thinking   string     `json:"thinking,omitempty"`
	Answer     Answer     `json:"answer,omitempty"`    // the one that counts, under the reading rule in force
	Reading    Reading    `json:"reading,omitzero"`    // what each rule read from Text
	Confidence Confidence `json:"confidence,omitzero"` // the one that counts and that peers may be shown
	// Sources holds every confidence that was measured, side by side; Confidence is one of them.
	Sources Sources `json:"confidence_sources,omitzero"`
	// Unshown holds the Seq of each message that the speaker should have been shown and was not, because the prompt was longer than the
	// model's context: of Message.Heard and of what it had heard in earlier turns.
	Unshown   []int      `json:"unshown,omitempty"`
	CutOff    bool       `json:"cut_off,omitempty"` // the reply ended at the token limit; it is still a reply
	Usage     Usage      `json:"usage,omitzero"`
	Exchanges []Exchange `json:"exchanges,omitempty"` // the model calls behind it, in order
}

// Reading is what the two reading rules found in one text; package extract reads.
type Reading struct {
	Strict   Answer `json:"strict,omitempty"`
	Flexible Answer `json:"flexible,omitempty"`
}

// Exchange is one call to a model as it went over the wire. It never holds a key: headers are not part of it.
type Exchange struct {
	Model    string          `json:"model"`               // as asked
	Served   string          `json:"served,omitempty"`    // as the server names the one that answered
	URL      string          `json:"url,omitempty"`       // base URL, without user, query and fragment
	Request  json.RawMessage `json:"request,omitempty"`   // the body sent: the exact rendered prompt and every parameter
	Response json.RawMessage `json:"response,omitempty"`  // the body received
	Finish   string          `json:"finish,omitempty"`    // "stop", "length", ... as the server said
	Usage    Usage           `json:"usage,omitzero"`      // of this call alone
	Took     time.Duration   `json:"took_ns,omitempty"`   // from sending to the last byte of the attempt that succeeded
	Attempts int             `json:"attempts,omitempty"`  // how often it was sent; 0 when it was shared
	Shared   bool            `json:"shared,omitempty"`    // the completion was asked for by another arm of this run
	Cached   bool            `json:"cached,omitempty"`    // the completion is one that an earlier run, or this one before it was resumed, has paid for
	Share    string          `json:"share_key,omitempty"` // what must coincide for a completion to be shared
}

// Message is a reply in its place in a debate.
type Message struct {
	Seq   int    `json:"seq"`   // its index in Transcript.Messages
	Round int    `json:"round"` // 0 is the independent answer
	From  string `json:"from"`
	Brief Brief  `json:"brief"`
	// Heard holds the Seq of each message that was shown to the speaker, in that order. Who read what is the treatment.
	Heard []int `json:"heard,omitempty"`
	Reply
	// Failed holds the error of an agent that abstained because its turn failed; then the Reply is zero.
	// A failed turn is no answer: it is not heard, not counted, not wrong.
	Failed string `json:"failed,omitempty"`
	// FailureKind sorts Failed; see [FailureKind].
	FailureKind string `json:"failure_kind,omitempty"`
}

// Shown returns the Seq of each message that the speaker was in fact shown in this turn: Heard without Unshown.
func (m Message) Shown() []int {
	if len(m.Unshown) == 0 {
		return m.Heard
	}
	return slices.DeleteFunc(slices.Clone(m.Heard), func(seq int) bool { return slices.Contains(m.Unshown, seq) })
}

// Sources are confidences in one reply from different sources. Those that were not measured are not stated.
type Sources struct {
	Stated  Confidence `json:"stated,omitzero"`  // in the text of the reply
	Logprob Confidence `json:"logprob,omitzero"` // the mean probability that the model gave to the tokens of the answer
	Samples Confidence `json:"samples,omitzero"` // the share of further samples of the same turn that gave the same answer
}

// Confidence is a speaker's stated probability of being right. The zero Confidence is "not stated", which differs from a stated 0.
type Confidence struct {
	Value  float64 // in [0,1]; meaningless unless Stated
	Stated bool
}

// Sure returns a stated confidence, clamped to [0,1]. NaN gives "not stated".
func Sure(p float64) Confidence {
	if math.IsNaN(p) {
		return Confidence{}
	}
	return Confidence{Value: min(max(p, 0), 1), Stated: true}
}

// IsZero reports whether no confidence was stated.
func (c Confidence) IsZero() bool { return !c.Stated }

// String returns the confidence as ".85" or "1.00", and "–" when none was stated.
func (c Confidence) String() string {
	if !c.Stated {
		return "–"
	}
	s := fmt.Sprintf("%.2f", c.Value)
	if s[0] == '0' {
		return s[1:]
	}
	return s
}

// MarshalJSON writes a number, or null when no confidence was stated.
func (c Confidence) MarshalJSON() ([]byte, error) {
	if !c.Stated {
		return []byte("null"), nil
	}
	return json.Marshal(c.Value)
}

// UnmarshalJSON reads a number in [0,1] or null.
func (c *Confidence) UnmarshalJSON(b []byte) error {
	var p *float64
	if err := json.Unmarshal(b, &p); err != nil {
		return fmt.Errorf("confidence: %w", err)
	}
	*c = Confidence{}
	if p != nil {
		if *p < 0 || *p > 1 {
			return fmt.Errorf("confidence %v is not between 0 and 1", *p)
		}
		*c = Sure(*p)
	}
	return nil
}

// Calibration maps a stated confidence to the weight that others should give it.
// The zero Calibration means that confidence is not shown.
type Calibration string

const (
	// AsStated takes the stated confidence as the weight.
	AsStated Calibration = "stated"
	// ReConcile is the step function of ReConcile (Chen et al. 2024, arXiv 2309.13007; utils.trans_confidence in its code):
	// c <= 0.6 -> 0.1, 0.6 < c < 0.8 -> 0.3, 0.8 <= c < 0.9 -> 0.5, 0.9 <= c < 1 -> 0.8, c = 1 -> 1.
	ReConcile Calibration = "reconcile"
)

// UnstatedWeight is the weight of an answer whose speaker stated no confidence: the least that [ReConcile] gives.
const UnstatedWeight = 0.1

// Weight returns the weight of a confidence in [0,1]. An unstated one weighs [UnstatedWeight] under every calibration.
func (c Calibration) Weight(conf Confidence) float64 {
	if !conf.Stated {
		return UnstatedWeight
	}
	if c != ReConcile {
		return conf.Value
	}
	switch v := conf.Value; {
	case v <= 0.6:
		return 0.1
	case v < 0.8:
		return 0.3
	case v < 0.9:
		return 0.5
	case v < 1:
		return 0.8
	}
	return 1
}
