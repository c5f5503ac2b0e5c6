package extract

import (
	"strings"
	"testing"

	"cheaptalk/debate"
)

func TestNormalizeNumber(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want debate.Answer
	}{
		{"18", "18"},
		{"18.00", "18"},
		{"18.", "18"},
		{"$18", "18"},
		{"-$18", "-18"},
		{"$-18", "-18"},
		{`\$1{,}000`, "1000"},
		{"1,800", "1800"},
		{"1,450,000", "1450000"},
		{"1 000", "1000"},
		{"1 000 000.5", "1000000.5"},
		{"1\u202f000", "1000"},
		{`10\,000`, "10000"},
		{"-0.50", "-0.5"},
		{"−5", "-5"},
		{"- 5", "-5"},
		{"+5", "5"},
		{".5", "0.5"},
		{"007", "7"},
		{"-0", "0"},
		{"5%", "5"},
		{`5\%`, "5"},
		{"18 dollars", "18"},
		{`5 \text{ apples}`, "5"},
		{`12 \text{ cm}^2`, "12"},
		{"25°", "25"},
		{"1/2", "0.5"},
		{"2/6", "1/3"},
		{"-1/3", "-1/3"},
		{`\frac{1}{2}`, "0.5"},
		{`\dfrac{1}{9}`, "1/9"},
		{`-\frac{40}{153}`, "-40/153"},
		{`\frac12`, "0.5"},
		{`12\frac{3}{5}`, "12.6"},
		{"1 1/2", "1.5"},
		{"1e3", "1000"},
		{"1.5E-3", "0.0015"},
		{`3 \times 10^{4}`, "30000"},
		{"3 x 10^-2", "0.03"},
		{"1.8 million", "1800000"},
		{"１８", "18"},
		{"2½", "2.5"},
		{"⅓", "1/3"},
		{"3×10⁴", "30000"},
		{"1.5×10⁻³", "0.0015"},
		{"5 m²", "5"},
		{"~18", "18"},
		{"50~km", "50"},
		{"50€", "50"},
		{"₹18", "18"},
		{"-½", "-0.5"},
		{`\displaystyle 18`, "18"},
		{"x = 5", "5"},
		{`\approx 5.2`, "5.2"},
		{"(18)", "18"},
		{"**18**", "18"},
		{"10.833333333333332", "10.833333333333332"}, // nothing is rounded

		{"", ""},
		{"twelve", ""},
		{"1,80", ""},
		{"1,2", ""},
		{"2, 3", ""},
		{"18 or 20", ""},
		{"4:30", ""},
		{"3rd", ""},
		{"4t", ""},
		{"4a-2", ""},
		{`7\pi`, ""},
		{`2\sqrt{3}`, ""},
		{"2^5", ""},
		{"1/0", ""},
		{"1.2.3", ""},
		{"5/4/2021", ""},
		{"3/2 1/2", ""},
		{"5²", ""},
		{"1.234,56", ""}, // the thousands of other countries
		{"1.234.567", ""},
		{"1'234'567", ""},
		{"1_000", ""},
		{"1e999999999", ""},
		{"1e-999999999", ""},
		{"1e99999999999999999999", ""},
		{strings.Repeat("9", 101), ""},
		{"1/" + strings.Repeat("7", 101), ""},
	} {
		got := Normalize(debate.Question{Kind: debate.Number}, tt.in)
		if got != tt.want {
			t.Errorf("Normalize(%q) = %q, want %q", tt.in, got, tt.want)
		}
		if again := Normalize(debate.Question{Kind: debate.Number}, string(got)); again != got {
			t.Errorf("Normalize(%q) = %q, not itself", got, again)
		}
	}
}

func TestReadNumber(t *testing.T) {
	for _, tt := range []struct {
		name, text       string
		strict, flexible debate.Answer
	}{
		// The forms that the prompts ask for.
		{"box", `So she makes \boxed{18} dollars, in 3 days.`, "18", "18"},
		{"last box", `\boxed{17} is wrong: \boxed{18}`, "18", "18"},
		{"nested box", `\boxed{\frac{1}{2}}`, "0.5", "0.5"},
		{"box with unit", `\boxed{5 \text{ apples}}`, "5", "5"},
		{"box with variable", `\boxed{x = 5}`, "5", "5"},
		{"spaced box", `So \boxed {18} in 3 days`, "18", "18"},
		{"box of old LaTeX", `\boxed{\bf 18}`, "18", "18"},
		{"box of a confidence", `So \boxed{18}, confidence \boxed{90\%}`, "18", "18"},
		{"box of a confidence behind it", "So\n\\boxed{180}\n\n\\boxed{100%}", "180", "180"},
		{"box that says it again in percent", "So\n\\boxed{0.25}\n\\boxed{25\\%}", "25", "25"},
		{"box that rises", "It was \\boxed{180} and rose by \\boxed{20%} in all.", "20", "20"},
		{"open box", `the answer is \boxed{18`, "18", "18"},
		{"box without a number", `There are 3, so \boxed{7\pi}`, "", ""},
		{"box with two numbers", `\boxed{3, 4}`, "", ""},
		{"box with a time", `\boxed{4:30}`, "", ""},
		{"gsm8k", "She makes 9 * 2 = $<<9*2=18>>18.\n#### 18", "18", "18"},
		{"gsm8k with commas", "#### 1,450,000", "1450000", "1450000"},
		{"last hashes", "#### 17\n#### 18", "18", "18"},
		{"heading", "#### Step 1: count\nThe answer is 18.", "", "18"},

		// Statements.
		{"answer is", "The answer is $18.00.", "", "18"},
		{"last line", "3 days.\nA: 18", "", "18"},
		{"answer colon", "**Answer:** 18 apples in 3 bags", "", "18"},
		{"answer on the next line", "Answer:\n18", "", "18"},
		{"equation", "The answer is 36 - 12 = 24 apples in 3 bags.", "", "24"},
		{"question number", "The answer to question 2 is 18.", "", "18"},
		{"decimals before the verb", "The answer to 2.16 / 0.06 is 36.", "", "36"},
		{"fraction", "the answer is 1/3", "", "1/3"},
		{"millions", "The answer is $1.8 million.", "", "1800000"},
		{"last statement", "The answer is 17. Checking 3 times: the answer is 18.", "", "18"},
		{"statement before numbers", "The answer is 18. I checked it 3 times.", "", "18"},
		{"time", "He has 3 hours, so the answer is 4:30.", "", ""},
		{"minus in words", "The answer is minus 18.", "", "-18"},
		{"negative in words", "The answer is negative 1/2.", "", "-0.5"},
		{"denied", "The answer is not 18.", "", ""},
		{"denied after a box", `\boxed{20} it is. The answer is not 18.`, "20", "20"},
		{"not this but that", "The answer is not 18 but 20.", "", "20"},
		{"this and not that", "The answer is 20, not 18.", "", "20"},
		{"undecided", "The answer is 18 or 20.", "", ""},
		{"undecided between", "The answer is between 18 and 20.", "", ""},
		{"a range", "The answer is 18-20.", "", ""},
		{"a range in words", "The answer is 18 to 20.", "", ""},
		{"an uncertainty", "The answer is 18 ± 2.", "", ""},
		{"a date", "The answer is 2021-05-05.", "", ""},
		{"a root", "The answer is √18.", "", ""},
		{"a multiple of a root", "The answer is 3√2.", "", ""},
		{"a root in LaTeX", `The answer is $2\sqrt{3}$.`, "", ""},
		{"a root in code", "The answer is sqrt(18).", "", ""},
		{"a root worked out", `The answer is $\sqrt{16} = 4$.`, "", "4"},
		{"a box behind a full stop", `The answer is 18. \text{Done}.`, "", "18"},
		{"a period", `The answer is $0.\overline{3}$.`, "", ""},
		{"a peer's answer and mine", "Agent 2's answer is 20, but mine is 18.", "", "18"},
		{"a peer's answer behind a statement", "The answer is 18. The other agent's answer is 20, which is wrong.", "", "18"},
		{"a peer's answer behind a box", `\boxed{18} it is. Agent 1's answer is 20, I see.`, "18", "18"},
		{"a peer's answer and nothing else", "I agree that Agent 1's answer is 18.", "", "18"},
		{"the same twice", "The answer is 1/2 or 0.5.", "", "0.5"},
		{"a percentage and its part", "The answer is 25% or 0.25.", "", "25"},
		{"a part and its percentage", "The answer is 0.25 or 25%.", "", "0.25"},
		{"a part and its percentage without a statement", "So it is 1 - 3/4 = 0.25 or 25%.", "", "0.25"},
		{"spaced thousands", "The answer is 1 234 567.", "", "1234567"},
		{"thousands of other countries", "The answer is 1.234,56.", "", ""},
		{"thousands of Switzerland", "The answer is 1'234'567.", "", ""},
		{"thousands of programmers", "The answer is 1_000_000.", "", ""},
		{"vulgar fraction", "The answer is 2½.", "", "2.5"},
		{"raised digits", "The answer is 1.5×10³.", "", "1500"},
		{"a raised power", "The answer is 5².", "", ""},
		{"full width", "答案：１８", "", "18"},
		{"answer in tags", "He has 3.\n<answer>18</answer> after 2 days", "", "18"},
		{"nothing stated", "The answer is below. He has 18.", "", "18"},

		// Nothing stated.
		{"last number", "He had 20 and gave 2 away. He has 18 left.", "", "18"},
		{"equals", "So he made 2 * 9 = 18 dollars in 3 days.", "", "18"},
		{"equals dollars", "= 18 dollars", "", "18"},
		{"subtraction", "He has 20-2=18", "", "18"},
		{"difference without result", "He has 20-2", "", "2"},
		{"negative", "The balance = -5", "", "-5"},
		{"unit at once", "He runs 48g.", "", "48"},
		{"skips a time", "He has 18 apples at 5:30 p.m.", "", "18"},
		{"skips an ordinal", "He has 18 on the 3rd day.", "", "18"},
		{"skips words and powers", "18 molecules of CO2 in x^2 units", "", "18"},
		{"skips the number of an item", "He has 18.\n2. ", "", "18"},
		{"calculator marks", "18 eggs <<3+4=7>> remain", "", "18"},
		{"the last one denied", "He has 18 left, not 20.", "", "18"},
		{"the only one denied", "It isn't 20.", "", ""},
		{"no number", "I cannot answer this.", "", ""},
		{"loop", "5" + strings.Repeat("18", 5000), "", ""},
		{"empty", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Read(debate.Question{Kind: debate.Number}, tt.text)
			if want := (debate.Reading{Strict: tt.strict, Flexible: tt.flexible}); got != want {
				t.Errorf("Read(%.80q) = %+v, want %+v", tt.text, got, want)
			}
		})
	}
}
