package agents

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// LLM is an agent that is a language model. It keeps nothing between turns but the prompt of its question: its memory is laid out again from
// each [debate.Turn]. It serves one debate.
type LLM struct {
	Label   string // its name in the team; "" is the model's name
	Model   Model
	Prompts *Prompts
	System  string // the system prompt; "" is that of Prompts
	// Memory is how many of its own last replies the agent remembers, each with what it had heard before it. The question
	// is always remembered. 1 is its last reply alone; 0 is all of them, as in Du et al. (2023) and Wynn et al. (2025).
	Memory   int
	Examples []Example // worked questions shown before the first
	Sampling Sampling
	Rule     debate.Rule // which reading of a reply is the answer
	// Scope and Sample become those of every [Request].
	Scope  string
	Sample int
	Stream bool // replies are streamed to Turn.Say

	// Confidence names the sources of confidence that are measured beside the stated one, which costs nothing. The first is the
	// Confidence of a reply, which is not stated where that source says nothing; empty means Stated. All are kept in Reply.Sources.
	Confidence []ConfidenceSource
	Samples    int // further samples a reply for the source Samples; 0 means DefaultSamples

	// DropOldest leaves out what was heard longest ago while a prompt is longer than the model's context: messages of the earliest turn
	// first, in the order in which they were shown. The question and the agent's own replies stay. Without it such a turn fails.
	DropOldest bool

	solve string // the prompt of the question alone, once there is one: it opens the chat of every turn
}

// Example is a worked question for few-shot prompts. Its answer is shown in the form that the prompts ask for, after the solution.
// It states no confidence, so as to suggest none.
type Example struct {
	Question debate.Question
	Solution string // the reasoning; may be ""
	Answer   debate.Answer
}

var _ debate.Agent = (*LLM)(nil)

// Name returns the label, or the model's name.
func (a *LLM) Name() string {
	if a.Label == "" {
		return a.Model.Name()
	}
	return a.Label
}

// Reply asks the model for a reply, again while its prompt is to be cut (see DropOldest), and then for the further samples if Confidence
// names them. An empty completion is a reply from which no answer can be read. A further sample that fails is left out, but when ctx ended or
// the run was stopped there is no reply.
func (a *LLM) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	req, c, unshown, err := a.complete(ctx, turn)
	if err != nil {
		return debate.Reply{}, err
	}
	text, thinking := SplitThinking(c.Text)
	if c.Thinking != "" && thinking != "" {
		thinking = "\n\n" + thinking
	}
	r := debate.Reply{
		Text: text, Thinking: c.Thinking + thinking, Reading: extract.Read(turn.Question, text), Unshown: unshown,
		CutOff: cutOff(c.Finish), Usage: c.Usage, Exchanges: []debate.Exchange{c.Exchange},
	}
	r.Answer = r.Reading.By(a.Rule)
	if err := a.measure(ctx, turn.Question, req, c, &r); err != nil {
		return debate.Reply{}, err
	}
	return r, nil
}

// cutOff reports whether a completion with that finish reason ended at a limit on tokens: "length" of OpenAI and Ollama,
// "max_tokens" and "model_context_window_exceeded" of Anthropic, "model_length" of Mistral.
func cutOff(finish string) bool {
	return slices.Contains([]string{"length", "max_tokens", "model_context_window_exceeded", "model_length"}, finish)
}

// request lays the turn out as a chat: the examples, the question, then for each remembered reply what the agent was
// asked and what it said, and at last what it is asked now. Messages whose Seq is in unshown are left out; shown holds those of others that
// are not, in the order in which the chat has them.
func (a *LLM) request(turn debate.Turn, unshown []int) (req Request, shown []*debate.Message, err error) {
	if a.Prompts == nil {
		return Request{}, nil, errors.New("no prompts: see agents.LoadPrompts")
	}
	req = Request{System: a.System, Sampling: a.Sampling, Scope: a.Scope, Round: turn.Round, Sample: a.Sample,
		Logprobs: slices.Contains(a.Confidence, Logprob)}
	if req.System == "" {
		req.System = a.Prompts.system
	}
	for _, ex := range a.Examples {
		prompt, err := a.Prompts.render(ex.Question, debate.Brief{}, nil)
		if err != nil {
			return Request{}, nil, err
		}
		req.Messages = append(req.Messages, Message{User, prompt}, Message{Assistant, ex.worked()})
	}

	c := chat{prompts: a.Prompts, question: turn.Question, solve: &a.solve, unshown: unshown, seen: make(map[int]*debate.Message), number: make(map[string]int)}
	c.see(turn)
	own, forgot := turn.Own, 0
	if a.Memory > 0 && len(own) > a.Memory {
		forgot = len(own) - a.Memory
	}
	for i, m := range own[forgot:] {
		brief, heard := m.Brief, c.messages(m.Heard)
		if i == 0 && forgot > 0 { // what led to it is forgotten, the question is not
			brief, heard = debate.Brief{Task: debate.Solve}, nil
		}
		if err := c.ask(brief, heard); err != nil {
			return Request{}, nil, err
		}
		c.answer(m.Text)
	}
	if err := c.ask(turn.Brief, turn.Heard); err != nil {
		return Request{}, nil, err
	}
	req.Messages = append(req.Messages, c.out...)
	return req, c.shown, nil
}

// worked returns the answer to an example.
func (ex Example) worked() string {
	answer := fmt.Sprintf(`\boxed{%s}`, ex.Answer)
	if ex.Question.Kind == debate.Choice {
		answer = fmt.Sprintf("(%s)", ex.Answer)
	}
	if ex.Solution == "" {
		return answer
	}
	return ex.Solution + "\n\n" + answer
}

// chat is a conversation about one question in the making.
type chat struct {
	prompts  *Prompts
	question debate.Question
	solve    *string                 // the prompt of the question alone, or "" before there is one
	seen     map[int]*debate.Message // every message ever shown to the agent, by its Seq
	number   map[string]int          // of each peer, in the order in which the agent first heard them
	unshown  []int                   // the Seq of each message to leave out
	shown    []*debate.Message       // of others, each once, in the order in which out has them
	out      []Message
}

func (c *chat) see(turn debate.Turn) {
	for _, heard := range append(slices.Clone(turn.Earlier), turn.Heard) {
		for i := range heard {
			m := &heard[i]
			c.seen[m.Seq] = m
			if c.number[m.From] == 0 {
				c.number[m.From] = len(c.number) + 1
			}
		}
	}
}

// messages returns the messages with these numbers, as far as the agent has been shown them.
func (c *chat) messages(seqs []int) []debate.Message {
	var found []debate.Message
	for _, seq := range seqs {
		if m, ok := c.seen[seq]; ok {
			found = append(found, *m)
		}
	}
	return found
}

// ask adds what the agent is asked. A chat that opens with anything but the question, because the agent's first turn failed,
// is given the question too.
func (c *chat) ask(brief debate.Brief, heard []debate.Message) error {
	heard = without(heard, c.unshown)
	for i := range heard {
		m := &heard[i]
		if !slices.ContainsFunc(c.shown, func(s *debate.Message) bool { return s.Seq == m.Seq }) {
			c.shown = append(c.shown, m)
		}
	}
	peers := hear(c.question, heard, brief, func(from string) int { return c.number[from] })
	prompt, err := c.render(brief, peers)
	if err != nil {
		return err
	}
	if len(c.out) == 0 && brief.Task != debate.Solve && brief.Task != debate.Aggregate {
		question, err := c.render(debate.Brief{}, nil)
		if err != nil {
			return err
		}
		prompt = question + "\n\n" + prompt
	}
	c.out = append(c.out, Message{User, prompt})
	return nil
}

// render returns what the agent is asked. The prompt of the question alone, which opens every chat, is rendered once.
func (c *chat) render(brief debate.Brief, peers []peer) (string, error) {
	alone := brief == debate.Brief{} && len(peers) == 0
	if alone && *c.solve != "" {
		return *c.solve, nil
	}
	prompt, err := c.prompts.render(c.question, brief, peers)
	if alone && err == nil {
		*c.solve = prompt
	}
	return prompt, err
}

func (c *chat) answer(text string) {
	if text == "" {
		text = emptyReply
	}
	c.out = append(c.out, Message{Assistant, text})
}
