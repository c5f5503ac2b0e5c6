package answers

import (
	"math"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/internal/sample"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/social"
)

// What leaves the uprights and what reaches them is what stands in them.
func TestFlowsFillTheUprights(t *testing.T) {
	r, err := reports.Analyze(sample.Run{Items: 30, Arms: []string{"naive", "confidence"}}.Records(), reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Overall.Arms {
		a := &r.Overall.Arms[i]
		ribbons, uprights, _ := alluvium(a, halfUpright)
		out, in := make([]float64, len(a.Rounds)), make([]float64, len(a.Rounds))
		for _, b := range ribbons {
			out[int(b.X0)] += b.Left[1] - b.Left[0]
			in[int(b.X1)] += b.Right[1] - b.Right[0]
			if b.Left[0] < -1e-9 || b.Right[0] < -1e-9 || b.Left[1] > 100+1e-9 || b.Right[1] > 100+1e-9 {
				t.Errorf("a flow leaves the plot: %+v", b)
			}
		}
		for round := range a.Rounds {
			if round > 0 && math.Abs(in[round]-100) > 1e-9 || round < len(a.Rounds)-1 && math.Abs(out[round]-100) > 1e-9 {
				t.Errorf("%s: %v %% reach round %d, %v %% leave it", a.Name, in[round], round, out[round])
			}
		}
		if len(uprights) != 3*len(a.Rounds) {
			t.Errorf("%d uprights", len(uprights))
		}
	}
}

// Ten answers: of six right ones one becomes wrong and two are not asked; of three wrong ones one is corrected, one moves, one stays; one stays unreadable.
func TestFlowsByHand(t *testing.T) {
	var m debate.Matrix
	m.N[debate.Correct] = [3]int{debate.Correct: 3, debate.Incorrect: 1}
	m.N[debate.Incorrect] = [3]int{debate.Correct: 1, debate.Incorrect: 2}
	m.N[debate.Unreadable] = [3]int{debate.Unreadable: 1}
	m.Moved = 1
	before := [3]int{debate.Correct: 6, debate.Incorrect: 3, debate.Unreadable: 1}
	after := [3]int{debate.Correct: 6, debate.Incorrect: 3, debate.Unreadable: 1}
	got := map[debate.Fate]float64{}
	for _, b := range between(before, after, m, 1, 10) {
		for _, f := range debate.Fates {
			if b.Color == paler(paint.Fate(f)) {
				got[f] += b.Left[1] - b.Left[0]
			}
		}
	}
	for f, want := range map[debate.Fate]float64{debate.HeldRight: 50, debate.Corrupted: 10, debate.Corrected: 10, debate.StuckWrong: 10, debate.MovedWrong: 10, debate.Unread: 10} {
		if math.Abs(got[f]-want) > 1e-9 {
			t.Errorf("%v: %v %%, want %v", f, got[f], want)
		}
	}
}

func TestStrongestTurnsFirst(t *testing.T) {
	got := turns([]social.Sway{{From: "a", To: "b", Met: 9, Adopted: 6, Harmful: 1, Beneficial: 3}, {From: "b", To: "a", Met: 4}, {From: "b", To: "c", Harmful: 2}})
	want := []turn{{"a", "b", 3, false}, {"b", "c", 2, true}, {"a", "b", 1, true}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("arrow %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}
