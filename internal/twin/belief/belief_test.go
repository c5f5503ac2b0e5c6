package belief

import (
	"math"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/twin/alone"
	"cheaptalk/internal/twin/difficulty"
	"cheaptalk/internal/twin/steps"
)

// stage returns two agents who are right with probability .6 whatever the difficulty, with κ = .5.
func stage() *alone.Stage {
	s := &alone.Stage{Grid: difficulty.NewGrid(), Sets: []string{"s"}}
	for range 2 {
		s.Of = append(s.Of, []alone.Agent{{Set: "s", Accuracy: alone.Estimate{Value: 0.6}, Concentration: alone.Estimate{Value: 0.5}}})
	}
	return s
}

// one returns the data of one debate: agent 0 said B, agent 1 the key A; then agent 0 heard agent 1 and chose as given.
func one(chosen int, said debate.Answer) *steps.Data {
	return &steps.Data{Agents: []string{"a", "b"}, Questions: []string{"s/1"},
		Debates: []steps.Talk{{Set: "s", Wrongs: 3, Key: "A", First: []steps.Answer{{Agent: 0, Said: "B"}, {Agent: 1, Said: "A"}}}},
		Steps: []steps.Step{{Round: 1, Task: debate.Revise, Peers: 1, Chosen: chosen, Said: said,
			Table: []steps.Option{{Answer: "B", Past: 1}, {Answer: "A", Heard: 1, First: true}}}}}
}

// Every number by hand. An agent of consistency 0 knows the answer with probability .6 whatever the difficulty. With κ = .5 and three wrong answers
// B, said once, is the tempting one with the odds .5·2/.5 = 2 against 1 and 1, that is with probability ½; b(B) is then .4·.5, else .4·.25.
func TestLikelihoodByHand(t *testing.T) {
	d := one(1, "A")
	e := NewEvidence(d, stage())
	s := e.Situation(&d.Steps[0], e.Histories(nil)[0])
	x := Coefficients{Own: 1, Peer: 0.5, First: 0.1, Pull: 0.2, Prior: 1, Novelty: 0.3, Redraw: 0.1}
	known, _ := e.Known(0, []int{s.Pattern}, []float64{0})
	var c Choice
	got := c.Probabilities(&s, &x, known[s.Pattern], nil)
	var want [3]float64
	for _, b := range []float64{0.2, 0.1} {
		key, own, other := 0.6*math.Exp(0.8), b*math.E, 0.3*(0.4-b)
		sum := key + own + other
		want[0] += (0.1*b + 0.9*own/sum) / 2
		want[1] += (0.1*0.6 + 0.9*key/sum) / 2
		want[2] += (0.1*(0.4-b) + 0.9*other/sum) / 2
	}
	for k := range want {
		if math.Abs(got[k]-want[k]) > 1e-6 {
			t.Errorf("P(%d) = %.8f, by hand %.8f", k, got[k], want[k])
		}
	}
}

// Bayes' rule by hand: the agent of the test above, which always draws anew, answers C, which was not on the table, in round 1. It does with
// probability .4·.5 where C tempts and .4·.25 where not.
func TestLaterRoundsLearnFromEarlierOnes(t *testing.T) {
	d := one(steps.New, "C")
	d.Steps = append(d.Steps, steps.Step{Round: 2, Task: debate.Revise, Table: []steps.Option{{Answer: "C"}}, Chosen: 0, Said: "C"})
	e := NewEvidence(d, stage())
	minds := NewMinds(e, [][]Coefficients{{{Redraw: 1}}, {{}}}) // P(C) = b(C)
	w := e.begin(d.Steps)
	w.learn(minds, &d.Steps[0], w.seen(&d.Steps[0]))
	h := w.seen(&d.Steps[1])
	tempting := 0.0
	for _, v := range h[:parts] {
		tempting += v
	}
	// Before: B ½, C ¼, D ¼; the likelihoods are in the ratio 1 : 2 : 1.
	if want := 0.25 * 2 / (0.5 + 0.25*2 + 0.25); math.Abs(tempting-want) > 1e-6 {
		t.Errorf("C tempts with probability %.6f, by hand %.6f", tempting, want)
	}
}
