package main

import (
	"testing"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// TestRescoreReadsAnswersAndConfidences reads replies whose stored answer and confidence are not those of their texts.
func TestRescoreReadsAnswersAndConfidences(t *testing.T) {
	q := debate.Question{ID: "q/1", Kind: debate.Choice, Choices: []string{"one", "two", "three"}}
	const text = "It is two.\n\n(B)\n\nConfidence: 80%"
	stored, used := debate.Sure(.5), debate.Usage{Calls: 1, PromptTokens: 9, CompletionTokens: 9}
	for _, tt := range []struct {
		name            string
		reply           debate.Reply
		source          agents.ConfidenceSource
		answer          debate.Answer
		counts, stated  debate.Confidence
		changed, unsure int
	}{
		{"a model", debate.Reply{Text: text, Answer: "A", Confidence: stored, Usage: used}, agents.Stated, "B", debate.Sure(.8), debate.Sure(.8), 1, 1},
		{"its confidence is measured otherwise", debate.Reply{Text: text, Answer: "B", Confidence: stored, Usage: used}, agents.Samples, "B", stored, debate.Sure(.8), 0, 0},
		{"it states none any more", debate.Reply{Text: "(B)", Answer: "B", Confidence: stored, Usage: used}, agents.Stated, "B", debate.Confidence{}, debate.Confidence{}, 0, 1},
		{"no model", debate.Reply{Text: text, Answer: "A", Confidence: stored, Usage: debate.Usage{Calls: 1}}, agents.Stated, "B", stored, debate.Confidence{}, 1, 0},
		{"no text", debate.Reply{Answer: "A", Confidence: stored, Usage: used}, agents.Stated, "A", stored, debate.Confidence{}, 0, 0},
	} {
		sc := scorer{rule: debate.Flexible}
		m := debate.Message{Reply: tt.reply}
		sc.read(q, &m, tt.source)
		if m.Answer != tt.answer || m.Confidence != tt.counts || m.Sources.Stated != tt.stated {
			t.Errorf("%s: answer %q, confidence %v, stated %v", tt.name, m.Answer, m.Confidence, m.Sources.Stated)
		}
		if sc.replies != 1 || sc.changed != tt.changed || sc.unsure != tt.unsure {
			t.Errorf("%s: %d replies, %d changed, %d with another confidence", tt.name, sc.replies, sc.changed, sc.unsure)
		}
	}
}
