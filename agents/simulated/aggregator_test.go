package simulated

import (
	"math"
	"strconv"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
	"cheaptalk/internal/race"
)

// The means of table 1 of Zhao et al. 2025: majority M, pass@8 O, and the two aggregators.
const (
	meanMajority = 0.4238
	meanOracle   = 0.5470
	meanPrompted = 0.4146
	meanTrained  = 0.4652
)

// TestAggregationReproducesTheTable: in closed form and over many sets of candidates with the M and O of the paper.
func TestAggregationReproducesTheTable(t *testing.T) {
	race.SkipPure(t)
	for _, tt := range []struct {
		name                string
		how                 Aggregation
		published, expected float64
	}{
		{"prompted", Prompted(), meanPrompted, 0.4144},
		{"trained", Trained(), meanTrained, 0.4646},
		{"a vote", Aggregation{}, meanMajority, meanMajority},
		{"oracle", Aggregation{Recover: 1}, meanOracle, meanOracle},
	} {
		t.Run(tt.name, func(t *testing.T) {
			closed := meanMajority*(1-tt.how.Break) + (meanOracle-meanMajority)*tt.how.Recover + (1-meanOracle)*tt.how.Synthesise
			if math.Abs(closed-tt.expected) > 0.0001 || math.Abs(closed-tt.published) > 0.005 {
				t.Errorf("closed form %.4f, want %.4f; published %.4f", closed, tt.expected, tt.published)
			}
			const n = 60000
			right := 0
			for i := range n {
				item := choiceItem("aime/"+strconv.Itoa(i), "C")
				candidates := heard("B", "B", "B", "A") // nobody right
				switch at := (float64(i) + 0.5) / n; {
				case at < meanMajority:
					candidates = heard("C", "B", "C", "C")
				case at < meanOracle:
					candidates = heard("B", "B", "B", "C")
				}
				a := NewAggregator("agg", tt.how, NewPuzzle(item), uint64(i))
				a.Terse = true
				if reply(t, a, debate.Turn{Question: item.Question, Heard: candidates, Brief: debate.Brief{Task: debate.Aggregate}}).Answer == "C" {
					right++
				}
			}
			if got := float64(right) / n; math.Abs(got-tt.expected) > 0.004 || math.Abs(got-tt.published) > 0.005 {
				t.Errorf("simulated %.4f, closed form %.4f, published %.4f", got, tt.expected, tt.published)
			}
		})
	}
}

// TestAggregatorOutcomes: each parameter at its ends, on each kind of candidates.
func TestAggregatorOutcomes(t *testing.T) {
	item := choiceItem("aime/1", "C")
	for _, tt := range []struct {
		name  string
		how   Aggregation
		heard []debate.Message
		want  debate.Answer
	}{
		{"plurality kept", Aggregation{}, heard("C", "C", "A"), "C"},
		{"unanimous wrong kept", Aggregation{Recover: 1}, heard("A", "A"), "A"},
		{"plurality broken", Aggregation{Break: 1}, heard("C", "C", "A"), "A"},
		{"minority missed", Aggregation{}, heard("A", "A", "C"), "A"},
		{"minority recovered", Aggregation{Recover: 1}, heard("A", "A", "C"), "C"},
		{"synthesised", Aggregation{Synthesise: 1}, heard("A", "A", "B"), "C"},
		{"unreadable candidates do not count", Aggregation{}, heard("", "", "C"), "C"},
		{"nothing to aggregate", Aggregation{Recover: 1}, heard("", ""), ""},
		{"synthesised from nothing", Aggregation{Synthesise: 1}, nil, "C"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for seed := range uint64(50) {
				turn := debate.Turn{Question: item.Question, Heard: tt.heard, Brief: debate.Brief{Task: debate.Aggregate}}
				r := reply(t, NewAggregator("agg", tt.how, NewPuzzle(item), seed), turn)
				if r.Answer != tt.want {
					t.Fatalf("answer %q, want %q", r.Answer, tt.want)
				}
				if read := extract.Read(item.Question, r.Text); read != r.Reading || read.Flexible != tt.want {
					t.Fatalf("set %q, read %+v in %q", tt.want, read, r.Text)
				}
			}
		})
	}
	unanimous := NewAggregator("agg", Aggregation{Break: 1}, NewPuzzle(item), 1)
	if r := reply(t, unanimous, debate.Turn{Question: item.Question, Heard: heard("C", "C")}); r.Answer == "C" || r.Answer == "" {
		t.Errorf("breaking a unanimous right slate gives %q, want a wrong answer", r.Answer)
	}
}
