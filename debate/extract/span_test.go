package extract

import (
	"strings"
	"testing"

	"cheaptalk/debate"
)

// checkSpan checks that Span finds an answer where Read does, and one that reads as that answer. It returns what stands there.
//
// Unless strict is set it may be the whole reply: what no model writes, such as "\frac{2}2222", is not always found.
func checkSpan(t *testing.T, q debate.Question, text string, rule debate.Rule, strict bool) string {
	t.Helper()
	want := Read(q, text).By(rule)
	start, end, ok := Span(q, text, rule)
	if ok != (want != "") {
		t.Fatalf("%v: read %q, span %t: %q", rule, want, ok, text)
	}
	if !ok {
		return ""
	}
	if start < 0 || start >= end || end > len(text) {
		t.Fatalf("%v: span %d:%d of %d bytes: %q", rule, start, end, len(text), text)
	}
	found := text[start:end]
	from, to := ownWords(text)
	start, end = finder{text: blankConfidence(q, text[from:to])}.trim(0, to-from)
	if got := Normalize(q, blankConfidence(q, found)); got != want && (strict || text[from+start:from+end] != found) {
		t.Errorf("%v: %q stands at %d:%d, which is %q and not %q: %q", rule, found, start, end, got, want, text)
	}
	return found
}

func TestSpanIsTheAnswerAlone(t *testing.T) {
	city := debate.Question{Choices: []string{"London", "Paris", "New York", "vitamin A"}}
	odd := debate.Question{Choices: []string{"x^2 + 1", "10 m/s", "100%", "日本"}}
	number, open := debate.Question{Kind: debate.Number}, debate.Question{Kind: debate.Open}
	for _, c := range []struct {
		q            debate.Question
		text         string
		before, want string // before is the text up to the answer
	}{
		{city, "(A) is wrong. The answer is (B).", "(A) is wrong. The answer is (", "B"},
		{city, "The answer is B, not (A). (B) it is, since B stands.", "The answer is ", "B"},
		{city, "**B**", "**", "B"},
		{city, "the answer is b", "the answer is ", "b"},
		{city, "I think \\boxed{\\text{B}}.\nConfidence: 85%", "I think \\boxed{\\text{", "B"},
		{city, "<think>The answer is B</think>A reason. The answer is B", "<think>The answer is B</think>A reason. The answer is ", "B"},
		{city, "Option (B) is correct: Paris.\n\nOption (A) is incorrect.", "Option (", "B"},
		{city, "It is (B), I think. So, the answer is Paris.", "It is (", "B"},
		{city, "The answer is Paris. Paris is big.", "The answer is ", "Paris"},
		{city, "The answer is **New York**.", "The answer is **", "New York"},
		{city, "It is London or Paris or whatever. Answer: \"vitamin A\"\nConfidence: 0.9", "It is London or Paris or whatever. Answer: \"", "vitamin A"},
		{odd, "The answer is $x^2 + 1$.", "The answer is $", "x^2 + 1"},
		{odd, "The answer is 100%.", "The answer is ", "100%"},
		{odd, "The answer is 日本.", "The answer is ", "日本"},
		{number, "She has 18 - 6 = 12 apples. The answer is 36 - 12 = 24 apples and 3 pears.", "She has 18 - 6 = 12 apples. The answer is 36 - 12 = ", "24"},
		{number, "24 + 0 = 24\n#### 24", "24 + 0 = 24\n#### ", "24"},
		{number, "So \\boxed{\\frac{1}{2}} of it.", "So \\boxed{", "\\frac{1}{2}"},
		{number, "The answer is $1,234,567.50.\nConfidence: 67%", "The answer is $", "1,234,567.50"},
		{number, "The answer is 0.5", "The answer is ", "0.5"},
		{number, "The answer is -7 degrees.", "The answer is ", "-7"},
		{number, "The answer is 1.5 million.", "The answer is ", "1.5 million"},
		{number, "The answer is 3 × 10^{4} m", "The answer is ", "3 × 10^{4"},
		{number, "2 + 2 = <<2+2=4>>4 cats. Then 4 dogs", "2 + 2 = <<2+2=4>>4 cats. Then ", "4"},
		{number, "The answer is 12\\,000", "The answer is ", "12\\,000"},
		{open, "Many think so.\nAnswer: \"San Marino\".\nConfidence: 50%", "Many think so.\nAnswer: \"", "San Marino"},
		{open, "I believe the answer is Zürich! It is big.", "I believe the answer is ", "Zürich"},
		{open, "  **yes**, Confidence: 70%", "  **", "yes"},
		{open, "It is \\boxed{a b}", "It is \\boxed{", "a b"},
	} {
		if got := checkSpan(t, c.q, c.text, debate.Flexible, true); got != c.want {
			t.Errorf("%q in %q, want %q", got, c.text, c.want)
			continue
		}
		if start, _, _ := Span(c.q, c.text, debate.Flexible); start != len(c.before) || !strings.HasPrefix(c.text, c.before) {
			t.Errorf("starts at %d, want %d: %q", start, len(c.before), c.text)
		}
	}
}

func TestSpanFollowsTheRule(t *testing.T) {
	q := debate.Question{Choices: []string{"London", "Paris"}}
	text := "My final choice is B because of (B)"
	if start, _, ok := Span(q, text, debate.Flexible); !ok || start != len("My final choice is ") {
		t.Errorf("flexible: %d", start)
	}
	if start, _, ok := Span(q, text, debate.Strict); !ok || start != len(text)-2 {
		t.Errorf("strict: %d", start)
	}
	if _, _, ok := Span(q, "The answer is B.", debate.Strict); ok {
		t.Error("a span of an answer that Strict does not read")
	}
	for _, text := range []string{"", "no idea", "(A) or (B)", "The answer is (E)"} {
		if _, _, ok := Span(q, text, debate.Flexible); ok {
			t.Errorf("a span in %q", text)
		}
	}
}

func FuzzSpanAgreesWithRead(f *testing.F) {
	for _, text := range []string{"The answer is (B).", "\\boxed{\\frac{1}{2}}", "Answer: Paris\nConfidence: 85%", "**C**", "(X) D", "#### 1,000", "x", "é",
		"the answer is Confidence: 8/10 Paris", "<think>a</think>b", "The answer is 5%. Question: 2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		for _, q := range []debate.Question{{Choices: []string{"Paris", "10", "vitamin A", "the é + 1"}}, {Kind: debate.Number}, {Kind: debate.Open}} {
			for _, rule := range []debate.Rule{debate.Flexible, debate.Strict} {
				checkSpan(t, q, text, rule, false)
			}
		}
	})
}
