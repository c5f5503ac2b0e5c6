package simulated

import (
	"fmt"
	"strings"

	"cheaptalk/debate"
)

// Profile holds the parameters of a simulated agent. The package documentation has the equations.
// The zero Profile is never right, listens to nobody and never changes its answer.
type Profile struct {
	Name string // the model it imitates

	// Abilities are by data set, the part of a question's ID before the first slash: "csqa", "mmlu", "gsm8k".
	Abilities map[string]Ability
	Choice    Ability // on choice questions of any other set
	Number    Ability // on number questions of any other set, and on open questions

	OwnWeight        float64 // w_own: log-odds in favour of the own previous answer
	PeerWeight       float64 // w_peer: log-odds that one peer adds to its answer
	ConfidenceWeight float64 // ω in [0,1]: how far a shown confidence scales PeerWeight; 0 ignores it
	Redraw           float64 // s in [0,1]: probability of answering anew in a later round, whatever was heard

	Overconfidence float64 // o in [0,1]: the part of the way to certainty that stated confidence is too high
	Insight        float64 // γ in [0,1]: how far stated confidence tells its right answers from its wrong ones
	Jitter         float64 // σ: standard deviation of stated confidence, as a probability

	Unreadable float64 // u in [0,1): probability that no answer can be read from a reply
}

// Ability is how well an agent does on one kind of task.
type Ability struct {
	// Accuracy is A in [0,1): the probability that an answer given alone is right. Unreadable replies are not right.
	Accuracy float64
	// Consistency is ρ in [0,1): how far the question's difficulty decides who is right. 0 makes every answer a new toss,
	// near 1 all copies are right or wrong together.
	Consistency float64
	// Concentration is κ in [0,1]: the share of wrong answers that fall on the question's most tempting one.
	Concentration float64
	// Loss is δ, in standard deviations of difficulty: what being asked again costs.
	Loss float64
	// Pull is v, in log-odds: how much better than a wrong answer the right one argues for itself.
	Pull float64
}

// ability returns the ability that applies to the question.
func (p *Profile) ability(q debate.Question) Ability {
	if a, ok := p.Abilities[q.Set()]; ok {
		return a
	}
	if q.Kind == debate.Choice {
		return p.Choice
	}
	return p.Number
}

// ByName returns the preset of that name.
func ByName(name string) (Profile, error) {
	var names []string
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Profile{}, fmt.Errorf("no simulated model %q; there are %s", name, strings.Join(names, ", "))
}
