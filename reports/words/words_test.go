package words_test

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"cheaptalk/reports"
	"cheaptalk/reports/internal/sample"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/words"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func of(t *testing.T, run sample.Run) string {
	t.Helper()
	r, err := reports.Analyze(run.Records(), reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(words.Of(r), "\n") + "\n"
}

func TestWords(t *testing.T) {
	sample.Golden(t, "run.txt", []byte(of(t, sample.Run{})), *update)
	sample.Golden(t, "no-baseline.txt", []byte(of(t, sample.Run{Arms: []string{"independent", "naive"}, Items: 20, Repeats: 3})), *update)
	sample.Golden(t, "self-revision.txt", []byte(of(t, sample.Run{Arms: []string{"self-revision"}})), *update)
	sample.Golden(t, "independent.txt", []byte(of(t, sample.Run{Arms: []string{"independent"}})), *update)
}

// TestTheBestArmIsNamedWithDoubt: it is one of several, and a judge may be behind it.
func TestTheBestArmIsNamedWithDoubt(t *testing.T) {
	rate := func(p float64) stats.Rate { return stats.Rate{K: int(100 * p), N: 100, Value: p} }
	change := stats.Difference{N: 100, B: 20, C: 1, Value: .19, Low: .1, High: .28, Method: stats.Wilson, Design: 1}
	noise := stats.Difference{N: 100, B: 5, C: 6, Value: -.01, Low: -.08, High: .06, Method: stats.Wilson, Design: 1}
	r := &reports.Report{Level: .95, Overall: reports.Section{
		Arms: []reports.Arm{
			{Name: "alone", Independent: true, Before: rate(.6), Cost: reports.Cost{Calls: 3}},
			{Name: "naive", Primary: "plurality", Before: rate(.6), After: rate(.59), Change: noise, Cost: reports.Cost{Calls: 9}},
			{Name: "sure", Primary: "confidence-weighted", Before: rate(.6), After: rate(.79), Change: change, Cost: reports.Cost{Calls: 9}},
		},
		Comparisons: []reports.Comparison{{Arm: "sure", Reference: "naive", Difference: change, Holm: .001}, {Arm: "sure", Reference: "alone", Difference: change, Holm: .2}},
		AllArms:     &stats.Cochran{P: .001},
	}}
	sure := &r.Overall.Arms[2]
	told := func(want ...string) {
		t.Helper()
		got := strings.Join(words.Of(r), " ")
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%q is not in %s", w, got)
			}
		}
	}
	told("Of the 3 arms sure was right most often (79.0 % at 9 calls), more often than naive (Holm p below 0.05).", "To run next: sure beside naive on other questions: the best of 3 arms owes something to chance")
	sure.SameJudge = reports.SameJudge{Arm: "alone", Rate: rate(.8), Talk: noise}
	told("of sure, the judge (confidence-weighted) alone is right 80.0 % over the answers of alone (3 calls), so that talk changed -1.0 points [-8.0, +6.0], which is noise.",
		"To run next: alone with the judge confidence-weighted beside sure")
	r.Overall.Comparisons[0].Holm = .2
	told("no comparison tells it from another (Holm)")
	r.Overall.Comparisons[0].Holm = .001
	sure.Independent, sure.SelfConsistency = true, reports.Baseline{Arm: "sure", Samples: 9, Rate: rate(.79), Gain: noise}
	if got := strings.Join(words.Of(r), " "); strings.Contains(got, "against self-consistency at the same cost") {
		t.Errorf("an arm without talk is held against itself: %s", got)
	}
	r.Overall.AllArms.P = .3
	told("but the arms cannot be told apart (Cochran's Q, p 0.30)")
	if n := len(words.Paragraphs(r)); n != 3 {
		t.Errorf("%d paragraphs", n)
	}
}

// arm makes a report of one debating arm.
func arm(a reports.Arm) *reports.Report {
	return &reports.Report{Level: .95, Overall: reports.Section{Arms: []reports.Arm{a}}}
}

func TestNoiseIsCalledNoise(t *testing.T) {
	a := reports.Arm{Name: "naive", Debates: 160, Questions: 160}
	a.Change = stats.Difference{N: 160, B: 12, C: 16, Value: -.025, Low: -.09, High: .04, P: .57, Method: stats.Wilson, Design: 1}
	a.Decision = reports.Decision{Questions: 160, Needed: 2190, Equivalence: stats.Equivalence{Margin: .02, Low: -.08, High: .03, NotWorse: .5, Same: .5}}
	told := strings.Join(words.Of(arm(a)), " ")
	for _, want := range []string{"not distinguishable from noise at 160 questions", "about 2100 more questions (about 2200 in all) would decide",
		"That it costs 2 points of accuracy or more cannot be ruled out (90 % interval from -8.0)"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not in %s", want, told)
		}
	}
	a.Decision.Equivalence.Low, a.Decision.Equivalence.NotWorse = -.01, .01
	if told := strings.Join(words.Of(arm(a)), " "); !strings.Contains(told, "2 points of accuracy or more is ruled out") {
		t.Error(told)
	}
	a.Change.B, a.Change.C, a.Change.Value, a.Decision.Needed = 14, 14, 0, 0
	a.Decision.Detectable = .091
	if told := strings.Join(words.Of(arm(a)), " "); !strings.Contains(told, "As many answers were lost as won. To run next: more questions, if a change smaller than 9.1 points matters") {
		t.Error(told)
	}
	a.Change = stats.Difference{N: 160, B: 2, C: 30, Value: -.175, Low: -.24, High: -.11, P: 1e-6, Method: stats.Wilson, Design: 1}
	if told := strings.Join(words.Of(arm(a)), " "); strings.Contains(told, "noise") || !strings.Contains(told, "It lost accuracy") || strings.Contains(told, "more questions") {
		t.Error(told)
	}
	a.Change = stats.Difference{N: 4000, B: 70, C: 40, Value: .0075, Low: .002, High: .013, P: .004, Method: stats.Wilson, Design: 1}
	a.Decision.Equivalence = stats.Equivalence{Margin: .02, Low: .003, High: .012, NotWorse: 1e-7, Same: 1e-4}
	if told := strings.Join(words.Of(arm(a)), " "); !strings.Contains(told, "It gained accuracy") || !strings.Contains(told, "It is small: a change by 2 points or more, either way, is ruled out (90 % interval +0.3 to +1.2)") {
		t.Error(told)
	}
}

func TestNothingToSay(t *testing.T) {
	for want, arms := range map[string][]reports.Arm{
		"There are no debates to report on.":                      nil,
		"No debate was finished, 3 failed: nothing was measured.": {{Name: "naive", Failed: 3}},
	} {
		r := &reports.Report{Overall: reports.Section{Arms: arms}}
		if got := words.Of(r); len(got) != 1 || got[0] != want {
			t.Errorf("words %q, want %q", got, want)
		}
	}
}

func TestNumbersAreWrittenPlainly(t *testing.T) {
	for x, want := range map[float64]string{-.0004: "+0.0", .0004: "+0.0", -.025: "-2.5", 1: "+100.0"} {
		if got := words.Points(x); got != want {
			t.Errorf("Points(%v) = %s, want %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{3.2: "about 4", 42: "about 42", 861: "about 870", 23456: "about 24000", 2e6: "more than a million"} {
		if got := words.About(x); got != want {
			t.Errorf("About(%v) = %s, want %s", x, got, want)
		}
	}
}

func TestComparisonsAreSaidWithTheirNoise(t *testing.T) {
	c := reports.Comparison{Arm: "b", Reference: "a"}
	c.Difference = stats.Difference{N: 160, B: 12, C: 16, Value: -.025, Low: -.09, High: .04}
	c.Decision = reports.Decision{Questions: 160, Needed: 2190}
	want := "b against a on 160 cases that both finished: -2.5 points, 95 % interval -9.0 to +4.0, not distinguishable from noise; " +
		"about 2100 more questions would decide whether a difference as large as this is real (power 80 %)."
	if got := words.Compare(&c, .95); got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	c.Difference.High = -.01
	if got := words.Compare(&c, .95); strings.Contains(got, "noise") || strings.Contains(got, "more questions") {
		t.Errorf("said %q", got)
	}
}

func TestNothingIsToBeAskedOfRecordings(t *testing.T) {
	for recorded, want := range map[bool]bool{false: true, true: false} {
		r, err := reports.Analyze(sample.Run{Arms: []string{"naive"}}.Records(), reports.Options{Recorded: recorded})
		if err != nil {
			t.Fatal(err)
		}
		if told := strings.Join(words.Of(r), " "); strings.Contains(told, "To run next") != want {
			t.Errorf("recorded is %v: %s", recorded, told)
		}
	}
}

func TestFewFlipsAreCountedInWords(t *testing.T) {
	for _, test := range []struct {
		k, n int
		want string
	}{
		{0, 0, ""},
		{0, 1, "The one harmful flip (right to wrong) did not happen with both peers holding the same wrong answer."},
		{1, 1, "The one harmful flip (right to wrong) happened with both peers holding the same wrong answer."},
		{2, 3, "2 of the 3 harmful flips (right to wrong) happened with both peers holding the same wrong answer."},
		{5, 20, "25 % of the 20 harmful flips (right to wrong) happened with both peers holding the same wrong answer."},
	} {
		a := reports.Arm{Name: "naive", Debates: 40, Readers: 2}
		a.After.N, a.Change.N = 40, 40
		a.Revisions.Harmful.K = test.n
		a.Influence.Swayed.K, a.Influence.Swayed.N = test.k, test.n
		if test.n > 0 {
			a.Influence.Swayed.Value = float64(test.k) / float64(test.n)
		}
		told := words.Of(&reports.Report{Overall: reports.Section{Questions: 40, Arms: []reports.Arm{a}}})
		i := slices.IndexFunc(told, func(s string) bool { return strings.Contains(s, "harmful flip") })
		if got := strings.Join(told[max(i, 0):i+1], ""); got != test.want {
			t.Errorf("%d of %d: %q, want %q of %q", test.k, test.n, got, test.want, told)
		}
	}
}
