package extract

import (
	"encoding/json"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/race"
)

func TestReadOpen(t *testing.T) {
	for _, tt := range []struct {
		text             string
		strict, flexible debate.Answer
	}{
		{"Some thoughts.\nAnswer: The  Seine.", "the seine", "the seine"},
		{"Some thoughts.\n**Final answer:** \"Seine\"", "seine", "seine"},
		{"Some thoughts.\nAnswer:\nSeine", "seine", "seine"},
		{"Answer: Seine\nI am sure.", "", "seine"},
		{`\boxed{\text{Seine}}`, `\text{seine}`, `\text{seine}`},
		{"It is a river. So the answer is no. Really.", "", "no"},
		{"the answer to that is 3.5 km", "", "3.5 km"},
		{"the answer is yes. Later: the answer is no", "", "no"},
		{"Seine", "", "seine"},
		{"one\ntwo", "", ""},
		{"I don't know.", "", ""},
		{"Answer: I do not know", "", ""},
		{"", "", ""},
	} {
		got := Read(debate.Question{Kind: debate.Open}, tt.text)
		if want := (debate.Reading{Strict: tt.strict, Flexible: tt.flexible}); got != want {
			t.Errorf("Read(%q) = %+v, want %+v", tt.text, got, want)
		}
	}
}

func TestNormalizeOpen(t *testing.T) {
	for in, want := range map[string]debate.Answer{
		"  The\tSeine \n": "the seine",
		`"Seine".`:        "seine",
		"“Seine!”":        "seine",
		"**Seine**":       "seine",
		"3.5 km":          "3.5 km",
		"...":             "",
		"":                "",
	} {
		if got := Normalize(debate.Question{Kind: debate.Open}, in); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestUnknownKindHasNoAnswer(t *testing.T) {
	q := debate.Question{Kind: 99, Choices: cities.Choices}
	if r, a := Read(q, "(A)"), Normalize(q, "A"); r != (debate.Reading{}) || a != "" {
		t.Errorf("got %+v and %q, want nothing", r, a)
	}
}

func TestOnlyTheSpeakersOwnWordsAreRead(t *testing.T) {
	number := debate.Question{Kind: debate.Number}
	for _, tt := range []struct {
		name string
		q    debate.Question
		text string
		want debate.Answer
	}{
		{"thinking", cities, "<think>The answer is (A).</think>The answer is (B).", "B"},
		{"thinking without a beginning", cities, "The answer is (A).</think>The answer is (B).", "B"},
		{"cut off while thinking", cities, "<think>The answer is (A).", ""},
		{"next question", cities, "The answer is (B).\n\nQuestion:\nWhich river?\nAnswer: (C)", "B"},
		{"next question of a pattern", number, "The answer is 18.\n\nQ: How many in 3 days?", "18"},
		{"own question first", cities, "Question: which?\nThe answer is (B).\n\nQuestion: and now?\nThe answer is (C).", "B"},
		{"leaked template", cities, "The answer is (B).\n<|user|>\nThe answer is (C).", "B"},
		{"confidence", number, "The answer is 18.\nConfidence: 85%", "18"},
		{"confidence behind a last number", number, "He has 18.\nConfidence: 85%", "18"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Read(tt.q, tt.text).Flexible; got != tt.want {
				t.Errorf("Read(%q).Flexible = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
	if got := Read(cities, "Because.\n(B)\nConfidence: 85%").Strict; got != "B" {
		t.Errorf("strict before a confidence = %q, want B", got)
	}
}

func TestReadConfidence(t *testing.T) {
	for _, tt := range []struct {
		text string
		want debate.Confidence
	}{
		{"The answer is (B).\nConfidence: 85%", debate.Sure(.85)},
		{"Confidence: 0.85", debate.Sure(.85)},
		{"confidence level: 85 %", debate.Sure(.85)},
		{"**Confidence:** 85/100", debate.Sure(.85)},
		{"**Confidence**: 85%", debate.Sure(.85)},
		{"**Confidence: 85%**", debate.Sure(.85)},
		{"Confidence: 8/10", debate.Sure(.8)},
		{"Confidence: 8 out of 10", debate.Sure(.8)},
		{"Confidence (0-100): 85", debate.Sure(.85)},
		{"My confidence score = 85 percent.", debate.Sure(.85)},
		{`{"confidence": 0.85}`, debate.Sure(.85)},
		{"Confidence: .85", debate.Sure(.85)},
		{"Confidence: 85", debate.Sure(.85)},
		{"Confidence: 1", debate.Sure(1)},
		{"Confidence: 1%", debate.Sure(.01)},
		{"Confidence: 2", debate.Sure(.02)},
		{"Confidence: 100%", debate.Sure(1)},
		{"Confidence: 0", debate.Sure(0)},
		{"Confidence: 0%.", debate.Sure(0)},
		{`Confidence: \boxed{0.9}`, debate.Sure(.9)},
		{`Confidence: \boxed{90\%}`, debate.Sure(.9)},
		{`Confidence: $90\%$`, debate.Sure(.9)},
		{`Confidence: \(0.9\)`, debate.Sure(.9)},
		{"Confidence：85％", debate.Sure(.85)},
		{`The answer is (B), confidence \boxed{90\%}`, debate.Sure(.9)},
		{"Confidence: 60%\nOn reflection:\nConfidence: 90%", debate.Sure(.9)},

		{"The final answer is \\boxed{18}. I am 99.5% confident in it.", debate.Sure(.995)},
		{"I'm 100\\% sure of that.", debate.Sure(1)},
		{"The confidence is 85%.", debate.Sure(.85)},
		{"My confidence in this answer is about 90 percent.", debate.Sure(.9)},
		{"The confidence level of our answer is 75% accurate.", debate.Sure(.75)},
		{"The probability of being right is \\(\\boxed{1}\\).", debate.Sure(1)},
		{"The probability that my answer is correct is 0.7", debate.Sure(.7)},
		{"I am confident in my answer at 99%.", debate.Sure(.99)},
		{"How sure of the answer is confident: 94%", debate.Sure(.94)},
		{"I am 60% sure. No: I am 80% certain.", debate.Sure(.8)},
		{"I am 60% sure.\nConfidence: 90%", debate.Sure(.9)},

		{"The final answer is:\n\n\\boxed{180}\n\n\\boxed{90%}", debate.Sure(.9)},
		{"So \\(\\boxed{180}\\)\n\\(\\boxed{99.5\\%}\\)\n", debate.Sure(.995)},

		{"", debate.Confidence{}},
		{"That is \\boxed{25}\n\\boxed{25%}", debate.Confidence{}},
		{"That is \\boxed{0.25}\n\\boxed{25%}", debate.Confidence{}},
		{"That is \\boxed{180}\n\\boxed{120%}", debate.Confidence{}},
		{"That is \\boxed{90%}\n", debate.Confidence{}},
		{"It was \\boxed{180} and rose by\n\\boxed{20%} in all.", debate.Confidence{}},
		{"There is a 30% chance of rain, surely.", debate.Confidence{}},
		{"I am 120% sure.", debate.Confidence{}},
		{"Agent 1 (confidence 80%) is right.", debate.Confidence{}},
		{"A 95% confidence interval is wider.", debate.Confidence{}},
		{"At the 95% confidence level it is not.", debate.Confidence{}},
		{"A confidence interval of 95% is wider.", debate.Confidence{}},
		{"The probability of drawing a red one is 0.5.", debate.Confidence{}},
		{"I am confident.", debate.Confidence{}},
		{"Confidence:", debate.Confidence{}},
		{"Confidence: high", debate.Confidence{}},
		{"Confidence: 150%", debate.Confidence{}},
		{"Confidence: 11/10", debate.Confidence{}},
		{"Confidence: 0/0", debate.Confidence{}},
		{"Confidence: -5%", debate.Confidence{}},
		{"Confidence: 80-90%", debate.Confidence{}},
		{"Confidence: 80%\nConfidence: high", debate.Confidence{}},
	} {
		if got := ReadConfidence(tt.text); got != tt.want {
			t.Errorf("ReadConfidence(%q) = %+v, want %+v", tt.text, got, tt.want)
		}
	}
}

func TestHideConfidence(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"The answer is (B).\nConfidence: 85%", "The answer is (B)."},
		{"The answer is (B).\n\n**Confidence level:** 8/10\nThe Seine.", "The answer is (B).\n\nThe Seine."},
		{"- Confidence: 0.85\n(B)", "(B)"},
		{"(B), with confidence: 85%, as the Seine is there.", "(B), with  as the Seine is there."},
		{"CONFIDENCE = 85 percent", ""},
		{"Confidence: 60%\nOn reflection:\nConfidence: 90%", "On reflection:"},
		{"So\n\\boxed{180}\n\n\\boxed{90%}", "So\n\\boxed{180}"},
		{"So\n\\boxed{25}\n\\boxed{25%}", "So\n\\boxed{25}\n\\boxed{25%}"},
		{"I am 95% confident that it is (B).", "I am confident that it is (B)."},
		{"(B). My confidence in this is about 90 percent.", "(B). My confidence in this is about …."},
		{`(B). The probability of being right is \(\boxed{0.7}\).`, `(B). The probability of being right is ….`},
		{"A 95% confidence interval is wider.", "A 95% confidence interval is wider."},
		{"Confidence：85％", ""},
		{"I am quite sure, and confident.", "I am quite sure, and confident."},
		{"Overconfidence: 85% of drivers", "Overconfidence: 85% of drivers"},
		{"Confidence intervals are (B).", "Confidence intervals are (B)."},
		{"  (B)\n", "(B)"},
		{"", ""},
	} {
		got := HideConfidence(cities, tt.text)
		if got != tt.want {
			t.Errorf("HideConfidence(%q) = %q, want %q", tt.text, got, tt.want)
		}
		if c := ReadConfidence(got); c.Stated {
			t.Errorf("HideConfidence(%q) still states %v", tt.text, c)
		}
	}
	text := "We are 90% confident that they spend it."
	if got := HideConfidence(debate.Question{Choices: []string{text}}, "(A) "+text); got != "(A) "+text {
		t.Errorf("of a choice's own words is left %q", got)
	}
}

func TestRuleIsWrittenByName(t *testing.T) {
	for rule, name := range map[debate.Rule]string{debate.Flexible: `"flexible"`, debate.Strict: `"strict"`} {
		b, err := json.Marshal(rule)
		if err != nil || string(b) != name {
			t.Errorf("Marshal(%v) = %s, %v", rule, b, err)
		}
		var got debate.Rule
		if err := json.Unmarshal(b, &got); err != nil || got != rule {
			t.Errorf("Unmarshal(%s) = %v, %v", b, got, err)
		}
	}
	var r debate.Rule
	if err := r.UnmarshalText([]byte("lax")); err == nil || !strings.Contains(err.Error(), `"lax"`) {
		t.Errorf("UnmarshalText(lax) = %v, want an error that names it", err)
	}
	reading := debate.Reading{Strict: "A", Flexible: "B"}
	if reading.By(debate.Strict) != "A" || reading.By(debate.Flexible) != "B" {
		t.Errorf("By confuses the rules: %q %q", reading.By(debate.Strict), reading.By(debate.Flexible))
	}
}

// A long reply made of what the patterns look for takes a second; with a pattern that looks back or ahead without
// bounds it takes minutes.
func TestReadIsLinear(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	if testing.Short() {
		t.Skip("reads long replies")
	}
	for _, piece := range []string{
		"answer ", "answer is ", "answer: ", "(A) ", "(A) or ", "\\boxed{", "#### ", "A\n", "A. Rome\n", "1 ", "1,", "9", "= ",
		"\\frac", "\\text{", "<<", "**", "confidence: ", "i would ", "Q: ", "\n", " ", "option A ", "{", "\\", "-", "is not ",
		"\\boxed ", "\\fbox", "<answer>", "not 1 ", "1 or ", "½", "１", "95% confident ", "confident ", "(A), ",
	} {
		text := strings.Repeat(piece, 1<<16/len(piece))
		for _, q := range []debate.Question{cities, {Kind: debate.Number}, {Kind: debate.Open}} {
			Read(q, text)
			Normalize(q, text)
		}
		ReadConfidence(text)
		HideConfidence(cities, text)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"The answer is (C). A is wrong.", "**C**", `\boxed{\frac{1}{2}}`, "#### 1,450,000", "A: 18", "12 3/5 x 10^3 million",
		"Confidence: 85%", "<think>(A)</think>", "Paris", "(A) or (B)", "1e999999999", "4:30", "\xff(A)", "Answer: I",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, q := range []debate.Question{cities, {Kind: debate.Number}, {Kind: debate.Open}, {Choices: []string{"A", "", "12", "(A)", "İ"}}} {
			r := Read(q, text)
			for _, a := range []debate.Answer{r.Strict, r.Flexible} {
				if a == "" {
					continue
				}
				if again := Normalize(q, string(a)); again != a {
					t.Errorf("Read(%q) = %q, whose normal form is %q", text, a, again)
				}
				if q.Kind == debate.Choice && q.ChoiceIndex(a) < 0 {
					t.Errorf("Read(%q) = %q, which is no choice", text, a)
				}
			}
		}
		if c := ReadConfidence(text); c.Stated && !(c.Value >= 0 && c.Value <= 1) {
			t.Errorf("ReadConfidence(%q) = %v", text, c.Value)
		}
	})
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"C", "(c)", "Option B. Paris", "$1,800.50", `12\frac{3}{5}`, "1e100", "2/6", "\"Seine\".", "İ", "1 000", "-0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, q := range []debate.Question{cities, {Kind: debate.Number}, {Kind: debate.Open}, {Choices: []string{"A", "", "12", "(A)", "İ"}}} {
			a := Normalize(q, s)
			if again := Normalize(q, string(a)); again != a {
				t.Errorf("%v: Normalize(%q) = %q, whose normal form is %q", q.Kind, s, a, again)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	reason := strings.Repeat("The train leaves at 5:30 and covers 12 * 15 = 180 miles, so option (A) is less likely than (B). ", 20)
	for _, q := range []debate.Question{cities, {Kind: debate.Number}, {Kind: debate.Open}} {
		text := reason + "\nTherefore, the answer is (B) 180.\nConfidence: 85%"
		b.Run(q.Kind.String(), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Read(q, text)
			}
		})
	}
}
