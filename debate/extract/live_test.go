package extract_test

import (
	"testing"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
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
		if got := extract.Read(q, text).Flexible; got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
	many := debate.Question{}
	for i := range 26 {
		many.Choices = append(many.Choices, string(debate.Letter(i))+" word")
	}
	if got := extract.Read(many, "(X) because of the D").Flexible; got != "X" {
		t.Errorf("where X is a choice it is read as %q", got)
	}
}

// TestReadsTheTextOfAChoiceInASentence has replies that name their choice by its text, or by its letter in a sentence of the question's.
func TestReadsTheTextOfAChoiceInASentence(t *testing.T) {
	organs := debate.Question{Choices: []string{"Brain", "Skeleton", "Stomach", "Nose"}}
	cities := debate.Question{Choices: []string{"Abuja, Nigeria", "Paris, France", "London, United Kingdom", "Cairo, Egypt"}}
	skills := debate.Question{Choices: []string{"Baseline assessment", "Portfolio assessment", "Short-answer unit assessment", "Teacher-created assessment"}}
	sure := debate.Question{Choices: []string{"90% of them spend it.", "We are 90% confident that they spend it."}}
	for _, c := range []struct {
		q    debate.Question
		text string
		want debate.Answer
	}{
		{organs, `The answer to the question "What part of the human body does a gastroenterologist examine?" is a stomach.`, "C"},
		{organs, `The answer to the question "What does it examine?" is the stomach. This is because it does.`, "C"},
		{organs, `The answer to the question "What does it examine?" is (C), I think.`, "C"},
		{organs, `The answer to "Why?" The stomach is examined.`, ""},
		{organs, "The answer is a stomachache.", ""},
		{cities, "The updated answer is (Cairo, Egypt).\n\nConfidence: 100%", "D"},
		{cities, "I see that the correct answer is indeed (Cairo, Egypt), as it is the only one.", "D"},
		{cities, "The answer is (Cairo).", ""},
		{cities, "The answer is not (Cairo, Egypt).", ""},
		{skills, "The most effective way is (B) Portfolio assessment.\n\nUnit assessments (C) and teacher-created ones (D) help too.", "B"},
		{skills, "Agent 1's answer is (B) Portfolio assessment. Unit assessments (C) help too.", ""},
		{skills, "The ways are (B) Portfolio assessment and (D) Teacher-created assessment, and (A) is none.", ""},
		{skills, "The closest one is (B) Portfolio assessment, which is not correct, and (C) is worse.", ""},
		{skills, "One way is (B) a portfolio, another is (C) a test.", ""},
		{sure, "The best interpretation is: B) We are 90% confident that they spend it.", "B"},
	} {
		if got := extract.Read(c.q, c.text).Flexible; got != c.want {
			t.Errorf("%q is read as %q, want %q", c.text, got, c.want)
		}
	}
}

// TestAListStatesNothing has replies that list the choices where an answer is announced, or are cut off behind a letter of the list.
func TestAListStatesNothing(t *testing.T) {
	q := debate.Question{Choices: []string{"bank", "rack", "bed", "newsstand"}}
	for text, want := range map[string]debate.Answer{
		"Here is the answer, edited as needed:\n\nA) bank\nB) rack\nC) bed\nD) newsstand":                              "",
		"B) rack\n\nThe other options are incorrect for the correct answer:\nA) Bank: for money.\nB) Rack: to display": "B",
		"The correct answer is:\n\nA) bank\n\nB) rack is for display.":                                                 "A",
		"The correct answer is:\nC) bed\nA) bank is for money.":                                                        "C",
		"The others are not as likely:\nA) bank: it is for money.\nB":                                                  "",
		"A: not sure\nC: bed\nB: rack\nC":                                                                              "",
		"A) bank: it is for money.\nB) rack: it is for display.\n\nD":                                                  "D",
		"A) bank: it is for money.\n(B)":                                                                               "B",
		"A) bank: it is for money.\nB\nThat is my answer.":                                                             "B",
	} {
		if got := extract.Read(q, text).Flexible; got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
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
		{"I am confident that the answer is 25%.", "25"},
		{"With confidence, the answer is 25%.", "25"},
		{"The answer is 18 for a 95% confidence interval.", "18"},
	} {
		if got := extract.Read(q, c.text).Flexible; got != c.want {
			t.Errorf("%q is read as %q, want %q", c.text, got, c.want)
		}
	}
}
