package simulated

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cheaptalk/debate"
)

// Profile holds the parameters of a simulated agent. The package documentation has the equations, [Parameters] a table of them.
// The zero Profile is never right, listens to nobody and never changes its answer; [NewProfile] is the one to start from.
type Profile struct {
	Name string // the model it imitates and, after "@", what its parameters rest on: "mistral-7b@wynn2025"

	// Abilities are by data set, the part of a question's ID before the first slash: "csqa", "mmlu", "gsm8k".
	Abilities map[string]Ability
	Choice    Ability // on choice questions of any other set
	Number    Ability // on number questions of any other set, and on open questions

	OwnWeight        float64 // w_own: log-odds in favour of the own previous answer
	PeerWeight       float64 // w_peer: log-odds that one peer adds to its answer
	FirstWeight      float64 // w_first: log-odds in favour of the answer that was heard first in the turn
	ConfidenceWeight float64 // ω in [0,1]: how far a shown confidence scales PeerWeight; 0 ignores it
	Anonymity        float64 // α in [0,1]: how little the own answer is told from a peer's; at 1 it weighs PeerWeight

	PriorWeight float64 // π >= 0: weight of the log belief among the reasons for an answer; 0 forgets the belief once answers are on the table
	PriorMass   float64 // m: how many answers heard or said the belief is worth; 0 means infinitely many, so that none is remembered
	NewAnswer   float64 // ν >= 0: odds in favour of an answer that is not on the table; 0 never gives one, 1 is neutral
	Redraw      float64 // s in [0,1]: probability of answering anew in a later round, whatever was heard
	Unanimity   float64 // η: log-odds that it adds to a redraw when every answer heard in the turn is the own one

	CritiqueOwn      float64 // log-odds that a critical brief adds to OwnWeight
	CritiqueDiscount float64 // in [0,1]: the part of PeerWeight that a critical brief takes away

	Overconfidence float64 // o in [0,1]: the part of the way to certainty that stated confidence is too high
	Insight        float64 // γ in [0,1]: how far stated confidence tells its right answers from its wrong ones
	Jitter         float64 // σ: standard deviation of stated confidence, as a probability

	Unreadable float64 // u in [0,1): probability that no answer can be read from a reply
}

// Ability is how well an agent does on one kind of task.
type Ability struct {
	// Accuracy is A in [0,1]: the probability that an answer given alone is right. Unreadable replies are not right.
	Accuracy float64
	// Consistency is ρ in [0,1]: how far the question's difficulty decides who is right. 0 makes every answer a new toss,
	// near 1 all copies are right or wrong together.
	Consistency float64
	// Spread is τ >= 0, in logits of Consistency: how much questions differ in how well they discriminate. 0 makes them all alike.
	Spread float64
	// Concentration is κ in [0,1]: the share of wrong answers that fall on the question's most tempting one.
	Concentration float64
	// Loss is δ, in standard deviations of difficulty: what being asked again costs.
	Loss float64
	// Pull is v, in log-odds: how much better than a wrong answer the right one argues for itself.
	Pull float64
}

// NewProfile returns a profile with the sizes of a critical brief that are assumed where nothing is known, and nothing else. No
// published figure gives them.
func NewProfile(name string) Profile {
	return Profile{Name: name, CritiqueOwn: 1, CritiqueDiscount: 0.5}
}

// Clone returns a copy that shares nothing with p.
func (p Profile) Clone() Profile {
	p.Abilities = maps.Clone(p.Abilities)
	return p
}

// Check returns an error that names the first parameter out of its range.
func (p *Profile) Check() error {
	for _, par := range Parameters(p) {
		if err := par.Check(par.Get(p)); err != nil {
			return err
		}
	}
	for _, set := range p.abilities() {
		if a := p.abilityOf(set); a.Accuracy > 1-p.Unreadable+1e-9 {
			return fmt.Errorf("%s.accuracy %v and unreadable %v are more than 1 together: an unreadable reply is not right", set, a.Accuracy, p.Unreadable)
		}
	}
	return nil
}

// Names of the abilities that hold for any data set that has none of its own.
const (
	anyChoice = "choice"
	anyNumber = "number"
)

// abilities names the abilities of a profile: those of data sets in order, then the two for all others.
func (p *Profile) abilities() []string {
	return append(slices.Sorted(maps.Keys(p.Abilities)), anyChoice, anyNumber)
}

// abilityOf returns the ability of that name.
func (p *Profile) abilityOf(name string) Ability {
	switch name {
	case anyChoice:
		return p.Choice
	case anyNumber:
		return p.Number
	}
	return p.Abilities[name]
}

// setAbility replaces the ability of that name, or adds it.
func (p *Profile) setAbility(name string, a Ability) {
	switch name {
	case anyChoice:
		p.Choice = a
	case anyNumber:
		p.Number = a
	default:
		if p.Abilities == nil {
			p.Abilities = map[string]Ability{}
		}
		p.Abilities[name] = a
	}
}

// For returns the ability that applies to the question.
func (p *Profile) For(q debate.Question) Ability {
	if a, ok := p.Abilities[q.Set()]; ok {
		return a
	}
	if q.Kind == debate.Choice {
		return p.Choice
	}
	return p.Number
}

// Model returns the name without what follows "@".
func (p *Profile) Model() string {
	model, _, _ := strings.Cut(p.Name, "@")
	return model
}
