package simulated

import (
	"math"
	"testing"

	"cheaptalk/debate"
)

// TestUnanimityActsOnTheRedrawWhereAllAgree: an agent that holds on to a right answer but for its redraw s leaves it with s(1-A), and with
// logistic(logit s + η)(1-A) where it hears some answer and every one is its own; 4,000 seeds, three standard errors.
func TestUnanimityActsOnTheRedrawWhereAllAgree(t *testing.T) {
	item := choiceItem("csqa/3", "D")
	const s, eta, a = 0.3, 1.2, 0.4
	p := Profile{Choice: Ability{Accuracy: a}, OwnWeight: 50, Redraw: s, Unanimity: eta}
	agreed := Logit.Value(Logit.Free(s) + eta)
	for _, c := range []struct {
		name  string
		task  debate.Task
		own   debate.Answer
		heard []debate.Message
		want  float64 // redraws
	}{
		{"all agree", debate.Revise, "D", heard("D", "D"), agreed},
		{"all who can be read agree", debate.Revise, "D", heard("", "D"), agreed},
		{"one disagrees", debate.Revise, "D", heard("D", "D", "A"), s},
		{"nobody can be read", debate.Revise, "D", heard("", ""), s},
		{"nobody is heard", debate.Revise, "D", nil, s},
		{"all agree under a critical brief", debate.Critique, "D", heard("D"), agreed},
		{"reflection", debate.Reflect, "D", heard("D"), s},
	} {
		turn := debate.Turn{Round: 1, Brief: debate.Brief{Task: c.task}, Own: own(c.own), Heard: c.heard}
		got, want := 1-chance(t, p, item, turn, c.own), c.want*(1-a)
		if se := math.Sqrt(want * (1 - want) / 4000); math.Abs(got-want) > 3*se {
			t.Errorf("%s: left with %.3f, want %.3f ± %.3f", c.name, got, want, se)
		}
	}
}
