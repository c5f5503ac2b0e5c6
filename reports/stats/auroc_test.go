package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// answer is an answer of a question.
type answer struct {
	question   string
	confidence float64
	right      bool
}

func ranking(answers ...answer) *Ranking {
	r := &Ranking{}
	for _, a := range answers {
		r.Add(a.question, a.confidence, a.right)
	}
	return r
}

// TestAUROCWithoutClustersIsDeLongs has one answer a question. By hand: right answers at .9, .8, .4 and wrong ones at .7, .3 win 5 of 6 pairs; placements 1, 1, 1/2
// and 2/3, 1 have the variances 1/12 and 1/18 (DeLong, DeLong and Clarke-Pearson 1988), so that of the area is 1/36 + 1/36.
func TestAUROCWithoutClustersIsDeLongs(t *testing.T) {
	area := ranking(answer{"a", .9, true}, answer{"b", .8, true}, answer{"c", .4, true}, answer{"d", .7, false}, answer{"e", .3, false}).AUROC(.95)
	if area.Right != 3 || area.Wrong != 2 || math.Abs(area.Value-5./6) > 1e-12 {
		t.Errorf("area %+v", area)
	}
	half := student(.95, 2) * math.Sqrt(1./18) / (5. / 36)
	for _, end := range []struct{ got, logit float64 }{{area.Low, math.Log(5) - half}, {area.High, math.Log(5) + half}} {
		if want := 1 / (1 + math.Exp(-end.logit)); math.Abs(end.got-want) > 1e-12 {
			t.Errorf("end %v, want %v", end.got, want)
		}
	}
}

// TestAUROCOfRepeatedAnswers gives every answer of a question four times, which tells nothing new.
func TestAUROCOfRepeatedAnswers(t *testing.T) {
	once, often := &Ranking{}, &Ranking{}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 40 {
		question := fmt.Sprint(i)
		for range 1 + i%3 {
			confidence, right := rng.Float64(), rng.Float64() < .4
			once.Add(question, confidence, right)
			for range 4 {
				often.Add(question, confidence, right)
			}
		}
	}
	a, b := once.AUROC(.95), often.AUROC(.95)
	if b.Right != 4*a.Right || math.Abs(a.Value-b.Value) > 1e-12 || math.Abs(a.Low-b.Low) > 1e-12 || math.Abs(a.High-b.High) > 1e-12 {
		t.Errorf("once %+v, four times %+v", a, b)
	}
}

func TestAUROCAtItsEdges(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answers []answer
		want    Area
		known   bool
	}{
		{"nothing", nil, Area{}, false},
		{"right answers alone", []answer{{"a", .5, true}, {"b", .6, true}}, Area{Right: 2}, false},
		{"ties count half", []answer{{"a", 1, true}, {"a", 1, false}}, Area{Right: 1, Wrong: 1, Value: .5, High: 1}, true},
		{"always as sure", []answer{{"a", .9, true}, {"b", .9, true}, {"c", .9, false}, {"d", .9, false}}, Area{Right: 2, Wrong: 2, Value: .5, High: 1}, true},
		{"questions that cancel out", []answer{{"a", .9, true}, {"a", .85, false}, {"b", .2, true}, {"b", .1, false}}, Area{Right: 2, Wrong: 2, Value: .75, High: 1}, true},
		{"told apart", []answer{{"a", .9, true}, {"b", .8, true}, {"c", .1, false}, {"d", .2, false}}, Area{Right: 2, Wrong: 2, Value: 1, High: 1}, true},
		{"the wrong way round", []answer{{"a", .1, true}, {"b", .2, true}, {"c", .9, false}, {"d", .8, false}}, Area{Right: 2, Wrong: 2, High: 1}, true},
	} {
		if got := ranking(tt.answers...).AUROC(.95); got != tt.want || got.Known() != tt.known {
			t.Errorf("%s: %+v, known %v", tt.name, got, got.Known())
		}
	}
}

// TestTheIntervalOfAnAUROCCovers draws 50 questions of three answers that have half of their luck in common. Right answers have a confidence of normal(0.8), wrong ones of
// normal(0), so that the area is Φ(0.8/√2) = 0.7142, and so have the intervals to hold it 95 % of the time, as far as 600 draws can tell.
func TestTheIntervalOfAnAUROCCovers(t *testing.T) {
	const draws, truth = 600, 0.714196
	rng := rand.New(rand.NewPCG(3, 4))
	covered := 0
	for range draws {
		r := &Ranking{}
		for q := range 50 {
			easy, luck := rng.NormFloat64(), rng.NormFloat64()
			for range 3 {
				right := easy+rng.NormFloat64() > 0
				x := (luck + rng.NormFloat64()) / math.Sqrt2
				if right {
					x += 0.8
				}
				r.Add(fmt.Sprint(q), 1/(1+math.Exp(-x)), right)
			}
		}
		if area := r.AUROC(.95); area.Low <= truth && truth <= area.High {
			covered++
		}
	}
	if share := float64(covered) / draws; share < .925 || share > .98 {
		t.Errorf("%.1f %% of the intervals hold the area", 100*share)
	}
}
