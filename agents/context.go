package agents

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cheaptalk/debate"
)

// complete asks the model for the turn's reply. While the prompt is longer than the model's context, and the agent may, it leaves out what
// the agent heard longest ago and asks again; unshown holds the Seq of each message left out. It returns the request that was answered.
func (a *LLM) complete(ctx context.Context, turn debate.Turn) (req Request, c Completion, unshown []int, err error) {
	for {
		var shown []*debate.Message
		if req, shown, err = a.request(turn, unshown); err != nil {
			return req, c, nil, err
		}
		if a.Stream {
			req.Say = turn.Say
		}
		c, err = a.Model.Complete(ctx, req)
		if !errors.Is(err, ErrContextLength) {
			return req, c, unshown, err
		}
		if turn.Brief.Task == debate.Aggregate && len(shown) > 0 {
			shown = shown[:len(shown)-1] // who reads all solutions needs one
		}
		switch {
		case len(shown) == 0 && a.DropOldest:
			return req, c, nil, fmt.Errorf("no message is left to leave out: %w", err)
		case len(shown) == 0:
			return req, c, nil, err
		case !a.DropOldest:
			return req, c, nil, fmt.Errorf("%w; or let  context: drop-oldest  leave out what was heard longest ago", err)
		}
		for _, m := range shown[:tooMany(err, req, shown)] {
			unshown = append(unshown, m.Seq)
		}
	}
}

// tooMany returns how many of the messages shown, the oldest first, are to be left out after a refusal: one, or as many as make up the tokens
// that the prompt is too long by, where the server says. Tokens are taken to be of the same length throughout the prompt.
func tooMany(refusal error, req Request, shown []*debate.Message) int {
	e, ok := errors.AsType[*StatusError](refusal)
	if !ok || e.Window <= 0 || e.Prompt <= e.Window {
		return 1
	}
	bytes := len(req.System)
	for _, m := range req.Messages {
		bytes += len(m.Text)
	}
	excess := float64(bytes) * float64(e.Prompt-e.Window) / float64(e.Prompt)
	for i, m := range shown {
		if excess -= float64(len(m.Text)); excess <= 0 {
			return i + 1
		}
	}
	return len(shown)
}

// without returns the messages but those with these numbers.
func without(messages []debate.Message, unshown []int) []debate.Message {
	if len(unshown) == 0 {
		return messages
	}
	return slices.DeleteFunc(slices.Clone(messages), func(m debate.Message) bool { return slices.Contains(unshown, m.Seq) })
}
