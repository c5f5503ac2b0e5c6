package alone

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/diff/fd"

	"cheaptalk/debate"
	"cheaptalk/internal/twin/difficulty"
	"cheaptalk/internal/twin/steps"
)

func TestGradientOfConsistencyIsThatOfItsLikelihood(t *testing.T) {
	questions := []*replies{
		{right: []int{2, 1}, wrong: []int{0, 1}}, {right: []int{0, 0}, wrong: []int{1, 2}},
		{right: []int{1, 0}, wrong: []int{1, 0}}, {right: []int{1, 2}, wrong: []int{0, 0}},
	}
	s := newSetStage(difficulty.NewGrid(), questions, 2)
	x := []float64{0.3, -0.8}
	got := make([]float64, 2)
	s.logLikelihood(x, got)
	want := fd.Gradient(nil, func(x []float64) float64 { return s.logLikelihood(x, nil) }, x, &fd.Settings{Formula: fd.Central})
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-5 {
			t.Errorf("agent %d: %.7f, central difference %.7f", i, got[i], want[i])
		}
	}
}

// data returns n questions with W wrong ones to give, each answered by two agents: A is right, other letters are wrong.
func data(wrongs int, answers ...string) *steps.Data {
	d := &steps.Data{Agents: []string{"a", "b"}}
	for i, said := range answers {
		d.Questions = append(d.Questions, fmt.Sprint(i))
		d.Debates = append(d.Debates, steps.Talk{Question: i, Set: "s", Wrongs: wrongs, Key: "A"})
		for agent, a := range said {
			d.Alone = append(d.Alone, steps.Answer{Talk: i, Agent: agent, Said: debate.Answer(a)})
		}
	}
	return d
}

// repeat returns each pattern as often as said.
func repeat(counts map[string]int, order ...string) (out []string) {
	for _, pattern := range order {
		for range counts[pattern] {
			out = append(out, pattern)
		}
	}
	return out
}

// Two agents who are right half of the time and agree in 2/3 of the questions: the orthant probability 1/4 + asin(ρ)/(2π) is 1/3 at ρ = 1/2
// (Sheppard 1899).
func TestConsistencyIsTheTetrachoricCorrelation(t *testing.T) {
	stage := Fit(data(1, repeat(map[string]int{"AA": 2000, "BB": 2000, "AB": 1000, "BA": 1000}, "AA", "BB", "AB", "BA")...))
	for agent := range 2 {
		a := stage.Of[agent][0]
		if a.N != 6000 || a.Right != 3000 || a.Accuracy.Value != 0.5 || math.Abs(a.Accuracy.SE-4*math.Sqrt(0.25/6000)) > 1e-3 {
			t.Errorf("agent %d: %+v", agent, a)
		}
		if math.Abs(a.Consistency.Value-0.5) > 0.005 || a.Consistency.Assumed {
			t.Errorf("agent %d: consistency %+v, in closed form ½", agent, a.Consistency)
		}
	}
}

// With three wrong answers to give, two that are given coincide with probability κ² + (1-κ)²/2: .66 at κ = .8.
func TestConcentrationIsHowOftenWrongAnswersCoincide(t *testing.T) {
	stage := Fit(data(3, repeat(map[string]int{"BB": 660, "BC": 340}, "BB", "BC")...))
	if got := stage.Of[0][0].Concentration; math.Abs(got.Value-0.8) > 0.005 || got.Assumed {
		t.Errorf("concentration %+v, in closed form .8", got)
	}
}

func TestWhatOneAnswerAQuestionCannotTellIsAssumed(t *testing.T) {
	stage := Fit(data(3, "A", "B", "A", "C", "A", "A", "B"))
	a := stage.Of[0][0]
	if !a.Consistency.Assumed || !a.Concentration.Assumed || a.Accuracy.Assumed || math.Abs(a.Consistency.Value-0.5) > 0.01 {
		t.Errorf("%+v", a)
	}
	if other := stage.Of[1][0]; other.N != 0 || !other.Accuracy.Assumed {
		t.Errorf("an agent that says nothing: %+v", other)
	}
}
