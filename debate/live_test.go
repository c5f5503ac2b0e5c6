package debate_test

import (
	"testing"

	"cheaptalk/debate"
)

// TestReadsWhatSmallModelsWrite has replies of small models to the prompts of the set cheaptalk, cut to what matters.
func TestReadsWhatSmallModelsWrite(t *testing.T) {
	q := debate.Question{Choices: []string{"library", "health department", "mail box", "drawer", "bookstore"}}
	for text, want := range map[string]debate.Answer{
		"(X) E\nConfidence: 80%":                "E",
		"(X) D The unemployment rate is":        "D",
		"X: Library\nConfidence: 95%":           "A",
		"X) E\nJustification: it is where they": "E",
		"(X)\nConfidence: 80%":                  "",
		"Answer: X\nReasoning: The scenario":    "",
		"I can tell that (X) is its letter.":    "",
		"Answer: (C)\nConfidence: 92%\n\nExplanation: Let's analyze each option:\n\nA) Library - people read there.\n\nB) Health dep": "C",
		"Let's go through every choice:\n\nA) Library - people read there.\n\nB) Health dep":                                          "",
	} {
		if got := debate.Read(q, text).Flexible; got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
	many := debate.Question{}
	for i := range 26 {
		many.Choices = append(many.Choices, string(debate.Letter(i))+" word")
	}
	if got := debate.Read(many, "(X) because of the D").Flexible; got != "X" {
		t.Errorf("where X is a choice it is read as %q", got)
	}
}
