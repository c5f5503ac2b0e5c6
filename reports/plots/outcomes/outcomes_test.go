package outcomes

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cheaptalk/reports"
	"cheaptalk/reports/stats"
)

// arm makes an arm that was right so often for so many calls.
func arm(name string, agents int, calls, right float64) *reports.Arm {
	return &reports.Arm{Name: name, Agents: agents, Cost: reports.Cost{Calls: calls}, After: stats.Rate{N: 100, Value: right}}
}

func TestUndominated(t *testing.T) {
	calls := func(a *reports.Arm) float64 { return a.Cost.Calls }
	arms := []*reports.Arm{arm("dear", 3, 9, .8), arm("worse", 3, 9, .7), arm("cheap", 3, 1, .5), arm("beaten", 3, 5, .5), arm("middle", 3, 3, .6), arm("twin", 3, 3, .6)}
	if got := undominated(arms, calls); !slices.Equal(got, []int{2, 4, 5, 0}) {
		t.Error(got)
	}
}

func TestFamilies(t *testing.T) {
	r := &reports.Report{}
	for _, a := range []struct {
		name string
		n    int
	}{{"naive-5", 5}, {"vote", 3}, {"naive-3", 3}, {"vote@9", 9}, {"3 llama", 3}, {"1 llama", 1}, {"penalized 3", 3}, {"varied", 4}} {
		r.Overall.Arms = append(r.Overall.Arms, *arm(a.name, a.n, 1, .5))
	}
	// One arm that had teams of several sizes on variants of a set.
	for set, n := range map[string]int{"x@2-agents": 2, "x@4-agents": 4} {
		r.Sets = append(r.Sets, reports.Section{Set: set, Arms: []reports.Arm{*arm("varied", n, 1, .5)}})
	}
	r.Sets = append(r.Sets, reports.Section{Set: "y", Arms: []reports.Arm{*arm("varied", 3, 1, .5)}})
	var got []string
	for _, f := range families(r) {
		line := f.name + ":"
		for _, a := range f.arms {
			line += fmt.Sprint(" ", a.Agents)
		}
		got = append(got, line)
	}
	if want := "naive: 3 5|vote: 3 9|llama: 1 3|penalized 3: 3|varied, x: 2 4"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1.0k", 9949: "9.9k", 9950: "10k", 999499: "999k", 999500: "1M"} {
		if got := short(n); got != want {
			t.Errorf("short(%d) = %q, want %q", n, got, want)
		}
	}
	for d, want := range map[float64]string{.0123: "+1.2", -.0123: "\u22121.2", 0: "0.0", -.0001: "0.0"} {
		if got := points(d); got != want {
			t.Errorf("points(%v) = %q, want %q", d, got, want)
		}
	}
	for v, want := range map[float64]string{9: "9", 9.04: "9", 9.46: "9.5", 1284.4: "1284"} {
		if got := amount(v); got != want {
			t.Errorf("amount(%v) = %q, want %q", v, got, want)
		}
	}
	for high, want := range map[float64]string{10.4: "0 2 4 6 8 10", 0.9: "0 0.2 0.4 0.6 0.8", 11300: "0 2000 4000 6000 8000 10000", 40.3: "0 10 20 30 40"} {
		var got []string
		for _, tick := range amounts(high) {
			got = append(got, tick.Label)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("amounts(%v) = %q, want %q", high, got, want)
		}
	}
}

// The sign of a difference is that of its interval, and noise is grey.
func TestDifferences(t *testing.T) {
	s := &reports.Section{Arms: []reports.Arm{*arm("vote", 3, 3, .5), *arm("naive", 3, 9, .6)}}
	s.Arms[0].Independent, s.Arms[0].Change.N = true, 100
	s.Arms[1].Change = stats.Difference{N: 100, Value: .1, Low: .05, High: .15}
	s.Comparisons = []reports.Comparison{{Reference: "vote", Arm: "naive", Difference: stats.Difference{N: 100, Value: .1, Low: -.05, High: .25}}}
	var got []string
	for _, l := range differences(s) {
		got = append(got, l.name)
	}
	if want := "against its own vote before the debate|naive|against vote|naive"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", got, want)
	}
}
