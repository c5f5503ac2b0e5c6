package words_test

import (
	"flag"
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

// arm makes a report of one debating arm.
func arm(a reports.Arm) *reports.Report {
	return &reports.Report{Level: .95, Overall: reports.Section{Arms: []reports.Arm{a}}}
}

func TestNoiseIsCalledNoise(t *testing.T) {
	a := reports.Arm{Name: "naive", Debates: 160, Questions: 160}
	a.Change = stats.Difference{N: 160, B: 12, C: 16, Value: -.025, Low: -.09, High: .04, P: .57, Method: stats.Wilson, Design: 1}
	told := strings.Join(words.Of(arm(a)), " ")
	if !strings.Contains(told, "not distinguishable from noise at 160 questions") || !strings.Contains(told, "about 2200 questions would settle it") {
		t.Error(told)
	}
	a.Change.Design = 2 // every pair counts half
	if told := strings.Join(words.Of(arm(a)), " "); !strings.Contains(told, "about 4400 questions") {
		t.Error(told)
	}
	a.Change.B, a.Change.C, a.Change.Value = 14, 14, 0
	if told := strings.Join(words.Of(arm(a)), " "); !strings.Contains(told, "as many answers were lost as won") {
		t.Error(told)
	}
	a.Change = stats.Difference{N: 160, B: 2, C: 30, Value: -.175, Low: -.24, High: -.11, P: 1e-6, Method: stats.Wilson, Design: 1}
	if told := strings.Join(words.Of(arm(a)), " "); strings.Contains(told, "noise") || !strings.Contains(told, "It lost accuracy") {
		t.Error(told)
	}
}

func TestNothingToSay(t *testing.T) {
	for want, arms := range map[string][]reports.Arm{
		"There are no debates to report on.":             nil,
		"All of 3 debates failed: nothing was measured.": {{Name: "naive", Failed: 3}},
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
