// Package human puts a person at the table: an agent whose replies are typed.
//
// A [Desk] stands between the person and the debate. The agent lays what it is asked on the desk and waits; whoever shows the
// desk to the person (a screen, lines on a terminal) takes the [Prompt] from it and says what the person said. The person is
// an agent like any other: others hear it, it may time out, and what it says is read as any reply is.
//
// # Concurrency
//
// A Desk is safe for concurrent use. It has one prompt on it at a time, because it has one person: experiments with a person hold one
// debate at a time.
package human

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// Desk is where a person is asked. Make it with [NewDesk].
type Desk struct {
	// Timeout is how long the person may take for one turn; then the turn fails. 0 means as long as they like. It is not to be
	// changed once the desk is in use.
	Timeout time.Duration

	prompts chan Prompt
	left    chan struct{} // closed when the person has left
	leave   sync.Once
}

// NewDesk returns a desk with nothing on it.
func NewDesk() *Desk { return &Desk{prompts: make(chan Prompt), left: make(chan struct{})} }

// Leave says that the person will not speak any more: every turn, from the one that waits on, ends with [ErrLeft].
func (d *Desk) Leave() { d.leave.Do(func() { close(d.left) }) }

// Prompts is where prompts are taken from. It is never closed. An agent whose prompt nobody takes waits, until its time is up.
func (d *Desk) Prompts() <-chan Prompt { return d.prompts }

// Prompt is what the person is asked in one turn.
type Prompt struct {
	Agent string // the name of the person in the debate
	Turn  debate.Turn
	Until time.Time // when the turn fails; zero means never

	done  <-chan struct{}
	words chan<- words // has room for one
}

// ErrLeft says that the person has left the table. It wraps debate.ErrStopped: the debate has not happened, and no other begins.
var ErrLeft = fmt.Errorf("the person has left the table: %w", debate.ErrStopped)

// words are what the person said.
type words struct {
	text       string
	confidence debate.Confidence
}

// Say hands in what the person said. The first words count. It never blocks, and does nothing once the turn is over.
func (p Prompt) Say(text string, confidence debate.Confidence) {
	select {
	case p.words <- words{text, confidence}:
	default:
	}
}

// Done is closed when the turn is over: the person has spoken, their time is up, or the debate has ended.
func (p Prompt) Done() <-chan struct{} { return p.done }

// Agent is the person as an agent of one debate.
type Agent struct {
	Label string // its name in the team
	Desk  *Desk
	Rule  debate.Rule // which reading of a reply is the answer
}

var _ debate.Agent = (*Agent)(nil)

// Name returns the label.
func (a *Agent) Name() string { return a.Label }

// Reply waits for what the person says. Nothing at all is a reply from which no answer can be read.
func (a *Agent) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	until := time.Time{}
	waiting, cancel := context.WithCancel(ctx)
	if a.Desk.Timeout > 0 {
		until = time.Now().Add(a.Desk.Timeout)
		waiting, cancel = context.WithDeadlineCause(ctx, until, timeoutError{a.Desk.Timeout})
	}
	defer cancel()
	said := make(chan words, 1)
	select {
	case a.Desk.prompts <- Prompt{Agent: a.Label, Turn: turn, Until: until, done: waiting.Done(), words: said}:
	case <-a.Desk.left:
		return debate.Reply{}, ErrLeft
	case <-waiting.Done():
		return debate.Reply{}, context.Cause(waiting)
	}
	select {
	case w := <-said:
		return a.reply(turn.Question, w), nil
	case <-a.Desk.left:
		return debate.Reply{}, ErrLeft
	case <-waiting.Done():
		return debate.Reply{}, context.Cause(waiting)
	}
}

func (a *Agent) reply(q debate.Question, w words) debate.Reply {
	r := debate.Reply{Text: w.text, Reading: Read(q, w.text), Confidence: w.confidence}
	r.Answer = r.Reading.By(a.Rule)
	if stated := extract.ReadConfidence(w.text); !r.Confidence.Stated {
		r.Confidence = stated
	}
	return r
}

// Read finds the answer in what a person typed. A text that is an answer and nothing else ("c", "1,200") is that answer; any
// other text is read as a reply of a model is. People are not told the form that the strict rule wants, so that what only the
// flexible rule can read counts under both.
func Read(q debate.Question, text string) debate.Reading {
	if q.Kind != debate.Open { // there, every text is an answer
		if whole := extract.Normalize(q, text); whole != "" {
			return debate.Reading{Strict: whole, Flexible: whole}
		}
	}
	r := extract.Read(q, text)
	r.Strict = cmp.Or(r.Strict, r.Flexible)
	return r
}

// timeoutError says that the person did not answer in time.
type timeoutError struct{ after time.Duration }

func (e timeoutError) Error() string { return fmt.Sprintf("no answer in %v", e.after) }

// FailureKind says the same as a model that is too slow, for debate.FailureKind.
func (timeoutError) FailureKind() string { return "timeout" }
