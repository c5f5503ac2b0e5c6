package agents

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
)

// small is a model that refuses prompts of more than limit bytes. It says by how much if says is set.
type small struct {
	limit int
	says  bool
	asked []Request
}

func (*small) Name() string { return "small" }

func (m *small) Complete(_ context.Context, req Request) (Completion, error) {
	m.asked = append(m.asked, req)
	n := len(req.System)
	for _, msg := range req.Messages {
		n += len(msg.Text)
	}
	if n <= m.limit {
		return Completion{Text: "(B)", Usage: debate.Usage{Calls: 1}}, nil
	}
	e := &StatusError{Status: 400, Code: "context_length_exceeded"}
	if m.says {
		e.Prompt, e.Window = n, m.limit
	}
	return Completion{}, fmt.Errorf("refused: %w", e)
}

// long is round2 with peers that say much. Their messages are 1, 2, 4 and 5.
func long() debate.Turn {
	turn := round2()
	for _, heard := range append(turn.Earlier, turn.Heard) {
		for i := range heard {
			heard[i].Text += strings.Repeat(" blah", 200)
		}
	}
	return turn
}

func TestWhatWasHeardLongestAgoIsLeftOut(t *testing.T) {
	for _, c := range []struct {
		name    string
		limit   int
		says    bool
		memory  int
		unshown []int
		asks    int
	}{
		{"it fits", 1 << 20, false, 0, nil, 1},
		{"one too many", 4800, false, 0, []int{1}, 2},
		{"a turn too many", 3700, false, 0, []int{1, 2}, 3},
		{"a turn too many, and the server says so", 3700, true, 0, []int{1, 2}, 2},
		{"all but the last", 2700, false, 0, []int{1, 2, 4}, 4},
		{"none fits", 1600, true, 0, []int{1, 2, 4, 5}, 2},
		{"what is not remembered is not left out", 2700, false, 1, []int{4}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := small{limit: c.limit, says: c.says}
			a := LLM{Label: "me", Model: &m, Prompts: mustPrompts(t, CheapTalk), Memory: c.memory, DropOldest: true}
			r, err := a.Reply(t.Context(), long())
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(r.Unshown, c.unshown) || len(m.asked) != c.asks {
				t.Errorf("unshown %v, want %v; %d asks, want %d", r.Unshown, c.unshown, len(m.asked), c.asks)
			}
			text := show(m.asked[len(m.asked)-1])
			for _, kept := range []string{sky.Text, "mine 1 (B)"} {
				if !strings.Contains(text, kept) {
					t.Errorf("%q is left out", kept)
				}
			}
			for seq, said := range map[int]string{4: "llama 1 (B)", 5: "mistral 1 (C)"} {
				if strings.Contains(text, said) == slices.Contains(c.unshown, seq) {
					t.Errorf("message %d, %q: unshown is %v", seq, said, r.Unshown)
				}
			}
			if r.Usage.Calls != 1 || len(r.Exchanges) != 1 {
				t.Errorf("%d calls, %d exchanges", r.Usage.Calls, len(r.Exchanges))
			}
		})
	}
}

func TestALongPromptIsRefusedUnlessItMayBeCut(t *testing.T) {
	check := func(a LLM, turn debate.Turn, limit, asks int, says string) {
		t.Helper()
		m := small{limit: limit}
		a.Label, a.Model, a.Prompts = "me", &m, mustPrompts(t, CheapTalk)
		_, err := a.Reply(t.Context(), turn)
		if !errors.Is(err, ErrContextLength) || len(m.asked) != asks || !strings.Contains(err.Error(), says) {
			t.Errorf("%d asks, want %d: %v", len(m.asked), asks, err)
		}
	}
	check(LLM{}, long(), 3700, 1, "context: drop-oldest")
	check(LLM{}, debate.Turn{Question: sky}, 10, 1, "refused")
	check(LLM{DropOldest: true}, debate.Turn{Question: sky}, 10, 1, "no message is left to leave out")
	check(LLM{DropOldest: true}, long(), 10, 5, "no message is left to leave out")
	solutions := debate.Turn{Question: sky, Brief: debate.Brief{Task: debate.Aggregate}, Heard: long().Heard}
	check(LLM{DropOldest: true}, solutions, 10, 2, "no message is left to leave out")
}

func TestSamplesAreOfTheRequestThatFits(t *testing.T) {
	m := small{limit: 3700}
	a := LLM{Label: "me", Model: &m, Prompts: mustPrompts(t, CheapTalk), DropOldest: true, Confidence: []ConfidenceSource{Samples}, Samples: 1}
	r, err := a.Reply(t.Context(), long())
	if err != nil || r.Sources.Samples != debate.Sure(1) || len(m.asked) != 4 || show(m.asked[3]) != show(m.asked[2]) {
		t.Errorf("%+v, %d asks, %v", r.Sources, len(m.asked), err)
	}
}

func TestAMessageHeardTwiceIsLeftOutTwice(t *testing.T) {
	turn := long()
	turn.Heard = append(slices.Clone(turn.Earlier[0]), turn.Heard...)
	m := small{limit: 3700}
	a := LLM{Label: "me", Model: &m, Prompts: mustPrompts(t, CheapTalk), DropOldest: true}
	r, err := a.Reply(t.Context(), turn)
	if err != nil || !slices.Equal(r.Unshown, []int{1, 2}) {
		t.Errorf("unshown %v, %v", r.Unshown, err)
	}
}
