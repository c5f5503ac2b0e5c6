package extract

import (
	"strings"
	"testing"

	"cheaptalk/debate"
)

var cities = debate.Question{ID: "test/cities", Choices: []string{"Rome", "Paris", "Berlin", "All of the above"}}

func TestReadChoice(t *testing.T) {
	ten := debate.Question{Choices: strings.Split("one two three four five six seven eight nine ten", " ")}
	for _, tt := range []struct {
		name             string
		q                debate.Question
		text             string
		strict, flexible debate.Answer
	}{
		// The form that the prompts ask for.
		{"bracket at the end", cities, "Because of the Seine.\n\n(B)", "B", "B"},
		{"bracket and text at the end", cities, "Therefore, the answer is (B) Paris.", "B", "B"},
		{"bracket in a last sentence", cities, "That is best explained by the Seine (B).", "B", "B"},
		{"bracket before more text", cities, "The answer is (B). It lies on the Seine.", "", "B"},
		{"argument of a function at the end", cities, "The answer is (B), as P(A) = P(C).", "", "B"},
		{"second of two at the end", cities, "It might be (A) or (B).", "", ""},
		{"last of several at the end", cities, "Rome (A), Paris, and (C).", "", ""},
		{"the worse at the end", cities, "Rivers speak for (B) rather than (A).", "", "B"},
		{"denied at the end", cities, "It is neither (A) nor (B).", "", ""},
		{"the placeholder of the prompt", cities, "I cannot answer in the form (X).", "", ""},
		{"beyond the choices at the end", cities, "None of these fits. (E)", "", ""},

		// Statements.
		{"answer is", cities, "The answer is (C), I think.", "", "C"},
		{"answer colon", cities, "Answer: C", "", "C"},
		{"answer colon and text", cities, "Final answer: B. Paris", "", "B"},
		{"answer on the next line", cities, "The correct answer is:\n\nC. Berlin\n\nIt is on the Spree.", "", "C"},
		{"answer to a question", cities, "The answer to the question which is not a capital is option B.", "", "B"},
		{"bold", cities, "Let me think.\n\nSo it must be **C** for sure.", "", "C"},
		{"bold statement", cities, "**Answer:** **(C)** because", "", "C"},
		{"italics", cities, "the answer is *C*.", "", "C"},
		{"only the letter", cities, "C", "", "C"},
		{"only the letter with a point", cities, " C.\n", "", "C"},
		{"only a small letter in brackets", cities, "(c)", "", "C"},
		{"a line of its own", cities, "Let us see.\nC\nThat was easy.", "", "C"},
		{"a last line with the text", cities, "Berlin is on the Spree.\nC) Berlin", "", "C"},
		{"box", cities, `Therefore \boxed{C}.`, "", "C"},
		{"box with text", cities, `$\boxed{\text{C}}$`, "", "C"},
		{"box with letter and text", cities, `$\boxed{\textbf{(C) } Berlin}$`, "C", "C"},
		{"spaced box", cities, `Therefore \boxed {C}, not A.`, "", "C"},
		{"letter with its text in brackets", cities, "Answer: B (Paris)", "", "B"},
		{"letter with a remark in brackets", cities, "The answer is C (see above).", "", "C"},
		{"single quotes", cities, "The answer is 'C'", "", "C"},
		{"curly single quotes", cities, "The answer is ‘C’.", "", "C"},
		{"a dictionary", cities, "{'answer': 'C'}", "", "C"},
		{"blank that does not break", cities, "Answer:\u00a0C", "", "C"},
		{"a mark at the beginning", cities, "\ufeffC", "", "C"},
		{"only the letter in quotes", cities, "“C”", "", "C"},
		{"only the letter, sure", cities, "C!", "", "C"},
		{"full-width brackets", cities, "The answer is （C）.", "", "C"},
		{"full-width letter and colon", cities, "Answer：Ｃ", "", "C"},
		{"answer in tags", cities, "A or B?\n<answer>C</answer>", "", "C"},
		{"first person", cities, "I would go with option C here, as A is too old.", "", "C"},
		{"changed answer", cities, "I am changing my answer from (A) to (C) after reading the others.", "", "C"},
		{"letter first", cities, "(C). A is wrong.", "", "C"},
		{"letter first with its text", cities, "C. Berlin\n\nIt lies on the Spree.", "", "C"},
		{"text in place of the letter", cities, "So the answer is Berlin.", "", "C"},
		{"text alone", cities, "berlin.", "", "C"},
		{"text that begins with a filler", debate.Question{Choices: []string{"the most", "the least"}}, "The answer is the most.", "", "A"},
		{"dollars", debate.Question{Choices: []string{"$18", "$19"}}, "The answer is $19.", "", "B"},
		{"ten choices", ten, "The answer is (J).", "J", "J"},

		// What is no statement.
		{"article", cities, "A reason is that rivers matter.", "", ""},
		{"article after the verb", cities, "The answer is A matter of taste.", "", ""},
		{"pronoun", ten, "I think that I cannot say.", "", ""},
		{"pronoun after the verb", ten, "The answer is I do not know.", "", ""},
		{"first letter of a word", cities, "The answer is Brussels.", "", ""},
		{"The", cities, "The.", "", ""},
		{"refusal", cities, "As a doctor I do not know. I cannot answer this question.", "", ""},
		{"refusal that lists the letters", cities, "I cannot choose any of (A), (B), (C), or (D).", "", ""},
		{"denied", cities, "The answer is not (A).", "", ""},
		{"cannot be", cities, "The answer cannot be (A).", "", ""},
		{"refuted", cities, "(A) is incorrect.", "", ""},
		{"no brackets of its own", cities, "The algorithm is O(C).", "", ""},
		{"list of the choices", cities, "A. Rome\nB. Paris\nC. Berlin\nD. All of the above", "", ""},
		{"empty", cities, "", "", ""},
		{"no choices", debate.Question{}, "The answer is (A).", "", ""},

		// Which of several counts.
		{"another letter in the reason", cities, "The answer is B because vitamin C is low.", "", "B"},
		{"the last statement", cities, "The answer is (A). Wait, no. The answer is (B).", "B", "B"},
		{"statement before a mention", cities, "Answer: (B)\n\nOption (A) is tempting too.", "", "B"},
		{"not this but that", cities, "The answer is not A, it is B.", "", "B"},
		{"undecided", cities, "The answer is (A). On second thought, the answer is (A) or (B).", "", ""},
		{"undecided from the start", cities, "(A), (B)", "", ""},
		{"undecided with texts", cities, "The answer is (A) Rome and (B) Paris.", "", ""},
		{"beyond the choices", cities, "The answer is (A)? No: the answer is (E) none of the above.", "", ""},
		{"another clause about another letter", cities, "The answer is (B) and (A) is wrong.", "", "B"},
		{"roman numerals behind the letter", ten, "The correct answer is (D), I, II and IV.", "", "D"},
		{"a peer's answer", cities, "Agent 1's answer is (A). My answer is (B). Agent 2's answer is (C) though.", "", "B"},
		{"scores of peers", cities, "The correct answer is (B).\n\nAgent solution 1: A) Rome. Score 3.", "", "B"},

		// Less than a statement.
		{"verdict", cities, "(A) is too old, (C) too new, so option (B) is the best choice.", "", "B"},
		{"the only letter mentioned", cities, "On the Seine lies (B) and it always did.", "", "B"},
		{"the only letter not denied", cities, "(A) is wrong. (B) it must be then, since (C) is wrong too.", "", "B"},
		{"the only letter mentioned with its text", cities, "The city on the Seine is B. Paris. It is old.", "", "B"},
		{"several mentioned", cities, "The Tiber (A), the Seine (B) and the Spree.", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Read(tt.q, tt.text)
			if want := (debate.Reading{Strict: tt.strict, Flexible: tt.flexible}); got != want {
				t.Errorf("Read(%q) = %+v, want %+v", tt.text, got, want)
			}
		})
	}
}

// The patterns of other debate frameworks were tried on these replies: each was misread there.
func TestReadsWhatOthersMisread(t *testing.T) {
	number := debate.Question{Kind: debate.Number}
	for _, tt := range []struct {
		q    debate.Question
		text string
		want debate.Answer
	}{
		{cities, "Final Solution: The answer is B", "B"}, // read as T
		{cities, "Final Solution: b", "B"},               // not read
		{cities, "**B**", "B"},                           // not read
		{cities, "The correct answer is B.", "B"},        // not read
		{cities, "The answer is B because vitamin C is low.", "B"},
		{cities, "(C). A is wrong.", "C"},
		{cities, "{final answer: B. Paris}", "B"},
		{cities, "{Final Answer: (B)}", "B"},
		{number, "{final answer: 1,234}", "1234"},
		{number, "{final answer: $72}", "72"},
		{number, "{Final answer: 72}", "72"},
		{number, "I cannot solve this.", ""}, // counted as correct
		{number, "The answer is -5.", "-5"},  // sign dropped
		{number, "The answer is 18.00", "18"},
	} {
		if got := Read(tt.q, tt.text).Flexible; got != tt.want {
			t.Errorf("Read(%q).Flexible = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestChoicesBeyondZHaveNoLetter(t *testing.T) {
	q := debate.Question{Choices: strings.Split(strings.Repeat("x ", 26)+"last", " ")}
	if r, a := Read(q, "The answer is last."), Normalize(q, "last"); r != (debate.Reading{}) || a != "" {
		t.Errorf("the 27th choice was read as %+v and %q", r, a)
	}
	if got := Normalize(q, "z"); got != "Z" {
		t.Errorf("the 26th choice was read as %q, want Z", got)
	}
}

func TestNormalizeChoice(t *testing.T) {
	letters := debate.Question{Choices: []string{"C", "A", "B"}}
	for _, tt := range []struct {
		q    debate.Question
		in   string
		want debate.Answer
	}{
		{cities, "C", "C"},
		{cities, " c ", "C"},
		{cities, "(C)", "C"},
		{cities, "C.", "C"},
		{cities, "**C**", "C"},
		{cities, "Option C", "C"},
		{cities, "C) Berlin", "C"},
		{cities, "C. Paris", ""},
		{cities, "Paris", "B"},
		{cities, "PARIS.", "B"},
		{cities, "E", ""},
		{cities, "The", ""},
		{cities, "I", ""},
		{cities, "", ""},
		{cities, "1", ""},
		{letters, "A", "A"}, // the letter before the text
		{debate.Question{Choices: []string{"same", "same"}}, "same", ""},
		{debate.Question{Choices: []string{"same", "same"}}, "B", "B"},
		{debate.Question{Choices: []string{"$18", "$19"}}, "$19", "B"},
		{debate.Question{}, "A", ""},
	} {
		if got := Normalize(tt.q, tt.in); got != tt.want {
			t.Errorf("Normalize(%q, %q) = %q, want %q", tt.q.Choices, tt.in, got, tt.want)
		}
	}
}
