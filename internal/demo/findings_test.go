package demo_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports/stats"
)

// trouble is something that replies do, in the words of docs/FINDINGS.md.
type trouble struct {
	name string
	is   func(t *debate.Transcript, m *debate.Message) bool
	of   func(t *debate.Transcript, m *debate.Message) bool // the replies that it is a share of; nil is all
}

var troubles = []trouble{
	{"cut off at 160 new tokens", func(_ *debate.Transcript, m *debate.Message) bool { return m.CutOff }, nil},
	{"no answer can be read", func(_ *debate.Transcript, m *debate.Message) bool { return m.Answer == "" }, nil},
	{"has 80 bytes of a reply that it heard, and not of its own or the question", func(t *debate.Transcript, m *debate.Message) bool {
		own := t.Question.Text
		for _, before := range t.Messages[:m.Seq] {
			if before.From == m.From {
				own += "\n" + before.Text
			}
		}
		return slices.ContainsFunc(m.Heard, func(seq int) bool { return copies(m.Text, t.Messages[seq].Text, own) })
	}, heard},
	{"is the agent's reply before, word for word", func(t *debate.Transcript, m *debate.Message) bool {
		before := slices.IndexFunc(t.Messages, func(b debate.Message) bool { return b.From == m.From && b.Round == m.Round-1 })
		return before >= 0 && strings.TrimSpace(t.Messages[before].Text) == strings.TrimSpace(m.Text)
	}, later},
	{"says words of the instructions", func(_ *debate.Transcript, m *debate.Message) bool {
		return slices.ContainsFunc(instructions, func(s string) bool { return strings.Contains(m.Text, s) })
	}, nil},
	{"takes (A), of the readable answers to choices", func(_ *debate.Transcript, m *debate.Message) bool { return m.Answer == "A" }, func(t *debate.Transcript, m *debate.Message) bool {
		return t.Question.Kind == debate.Choice && m.Answer != ""
	}},
}

func heard(_ *debate.Transcript, m *debate.Message) bool { return len(m.Heard) > 0 }
func later(_ *debate.Transcript, m *debate.Message) bool { return m.Round > 0 }

// instructions are of the prompts, and of the worked examples in the system prompt.
var instructions = []string{"additional advice", "the answers of other agents to the same question", "go through your reasoning", "Look for flaws in their reasoning",
	"give an updated answer", "in two or three sentences", "End your response with two lines", "lant needs daylight", "window sill", "cellar", "Danube"}

// copies reports whether a text has 80 bytes together that are in the one heard, and not in what was its own before.
func copies(text, heard, own string) bool {
	const most = 80
	for i := 0; i+most <= len(text); i++ {
		if part := text[i : i+most]; strings.Contains(heard, part) && !strings.Contains(own, part) {
			return true
		}
	}
	return false
}

// TestTheFindingsCountWhatBroke holds the table of what broke in docs/FINDINGS.md against the recording.
func TestTheFindingsCountWhatBroke(t *testing.T) {
	arms := []string{"independent", "naive", "self-revision", "confidence-weighted", "consensus-penalized"}
	counts := map[string]map[string]*stats.Proportion{} // by trouble and arm
	for _, what := range troubles {
		counts[what.name] = map[string]*stats.Proportion{}
		for _, arm := range arms {
			counts[what.name][arm] = &stats.Proportion{}
		}
	}
	for _, rec := range records(t) {
		for _, what := range troubles {
			p := counts[what.name][rec.Case.Arm]
			if p == nil {
				continue
			}
			k, n := 0, 0
			for i := range rec.Transcript.Messages {
				m := &rec.Transcript.Messages[i]
				if m.Round == 0 && rec.Case.Arm != "independent" {
					continue // those of independent
				}
				if what.of != nil && !what.of(rec.Transcript, m) {
					continue
				}
				n++
				if what.is(rec.Transcript, m) {
					k++
				}
			}
			p.Add(k, n)
		}
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "FINDINGS.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range troubles {
		line := "| " + what.name + " |"
		for _, arm := range arms {
			r := counts[what.name][arm].Rate(.95)
			if r.N == 0 {
				line += " – |"
				continue
			}
			line += fmt.Sprintf(" %.1f [%.1f, %.1f] |", 100*r.Value, 100*r.Low, 100*r.High)
		}
		if !strings.Contains(string(text), line+"\n") {
			t.Errorf("docs/FINDINGS.md has no line\n%s", line)
		}
	}
}
