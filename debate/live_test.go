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

// TestACertaintyIsNoAnswer has ends of replies to word problems.
func TestACertaintyIsNoAnswer(t *testing.T) {
	q := debate.Question{Kind: debate.Number}
	for _, c := range []struct {
		text string
		want debate.Answer
	}{
		{"So the couch is \\(\\boxed{20}\\) feet long.\n\nSince we have confirmed it, the probability of being right is \\(\\boxed{1}\\).", "20"},
		{"Therefore, the total is 20 ounces.\n\nThe confidence level of our answer is 99.9999999999% accurate.", "20"},
		{"that is about 44.44%, and we are 99.99% certain that the answer is correct.", "44.44"},
		{"The final answer is 38 ounces. I am 99.5% confident that this is the correct answer.", "38"},
		{"So there are 12. My confidence in this answer is about 90%.", "12"},
		{"There is a 30% chance of rain.", "30"},
		{"The probability of drawing a red one is 0.5.", "0.5"},
		{"I am 100% sure.", ""},
	} {
		if got := debate.Read(q, c.text).Flexible; got != c.want {
			t.Errorf("%q is read as %q, want %q", c.text, got, c.want)
		}
	}
}
