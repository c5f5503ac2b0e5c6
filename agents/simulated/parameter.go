package simulated

import (
	"fmt"
	"math"
	"strings"
)

// Parameter is one number of a profile. The table of them, [Parameters], is what fitting code moves, what profile files hold and
// what docs/MODEL.md explains.
type Parameter struct {
	// Name is what profile files call it: "own_weight", or "SET.accuracy" for that of an ability, where SET is a data set,
	// "choice" or "number".
	Name      string
	Symbol    string // in the equations: "w_own"
	Meaning   string
	Unit      string
	Min, Max  float64 // of its range, both included; infinite where there is no bound
	Transform Transform
	// Default is the value of a profile that does not say.
	Default float64

	ability string                          // the name of the ability that it belongs to; "" for the profile itself
	field   func(*Profile) *float64         // nil for a parameter of an ability
	part    func(ability *Ability) *float64 // nil for a parameter of the profile itself
}

// Transform maps the range of a parameter to all real numbers, where fits and covariances live.
type Transform uint8

const (
	Identity Transform = iota // for a parameter without bounds
	Log                       // for one that is at least 0
	Logit                     // for one in [0,1]
)

// String returns "identity", "log" or "logit".
func (t Transform) String() string { return [...]string{"identity", "log", "logit"}[t] }

// Free returns the unconstrained value of v. It is infinite at an end of the range.
func (t Transform) Free(v float64) float64 {
	switch t {
	case Log:
		return math.Log(v)
	case Logit:
		return math.Log(v) - math.Log1p(-v)
	}
	return v
}

// Value returns the value whose unconstrained value is x.
func (t Transform) Value(x float64) float64 {
	switch t {
	case Log:
		return math.Exp(x)
	case Logit:
		return 1 / (1 + math.Exp(-x))
	}
	return x
}

// Slope returns the derivative of Value by x at the value v. By the delta method, a standard error on the unconstrained scale times Slope is
// that of the value.
func (t Transform) Slope(v float64) float64 {
	switch t {
	case Log:
		return v
	case Logit:
		return v * (1 - v)
	}
	return 1
}

var inf = math.Inf(1)

// ofProfile are the parameters that a profile has once.
var ofProfile = []Parameter{
	{Name: "own_weight", Symbol: "w_own", Meaning: "weight of the own previous answer", Unit: "log-odds", Min: -inf, Max: inf,
		field: func(p *Profile) *float64 { return &p.OwnWeight }},
	{Name: "peer_weight", Symbol: "w_peer", Meaning: "weight that one peer adds to its answer", Unit: "log-odds", Min: -inf, Max: inf,
		field: func(p *Profile) *float64 { return &p.PeerWeight }},
	{Name: "first_weight", Symbol: "w_first", Meaning: "weight of the answer heard first", Unit: "log-odds", Min: -inf, Max: inf,
		field: func(p *Profile) *float64 { return &p.FirstWeight }},
	{Name: "confidence_weight", Symbol: "ω", Meaning: "how far shown confidence scales a peer's weight", Unit: "share", Max: 1, Transform: Logit,
		field: func(p *Profile) *float64 { return &p.ConfidenceWeight }},
	{Name: "anonymity", Symbol: "α", Meaning: "how little the own answer is told from a peer's", Unit: "share", Max: 1, Transform: Logit,
		field: func(p *Profile) *float64 { return &p.Anonymity }},
	{Name: "prior_weight", Symbol: "π", Meaning: "weight of the log belief", Unit: "factor", Max: inf, Transform: Log,
		field: func(p *Profile) *float64 { return &p.PriorWeight }},
	{Name: "prior_mass", Symbol: "m", Meaning: "answers that the belief is worth; 0 is infinitely many", Unit: "answers", Max: inf, Transform: Log,
		field: func(p *Profile) *float64 { return &p.PriorMass }},
	{Name: "new_answer", Symbol: "ν", Meaning: "odds in favour of an answer that is not on the table; 0 is never", Unit: "odds", Max: inf, Transform: Log,
		field: func(p *Profile) *float64 { return &p.NewAnswer }},
	{Name: "redraw", Symbol: "s", Meaning: "probability of answering anew whatever was heard", Unit: "probability", Max: 1, Transform: Logit,
		field: func(p *Profile) *float64 { return &p.Redraw }},
	{Name: "unanimity", Symbol: "η", Meaning: "what it adds to the odds of a redraw when all who were heard agree", Unit: "log-odds", Min: -inf, Max: inf,
		field: func(p *Profile) *float64 { return &p.Unanimity }},
	{Name: "critique_own", Symbol: "c_own", Meaning: "what a critical brief adds to the own weight", Unit: "log-odds", Min: -inf, Max: inf, Default: 1,
		field: func(p *Profile) *float64 { return &p.CritiqueOwn }},
	{Name: "critique_discount", Symbol: "c_peer", Meaning: "the part of the peer weight that a critical brief takes away", Unit: "share", Max: 1,
		Transform: Logit, Default: 0.5, field: func(p *Profile) *float64 { return &p.CritiqueDiscount }},
	{Name: "overconfidence", Symbol: "o", Meaning: "part of the way to certainty that stated confidence is too high", Unit: "share", Max: 1, Transform: Logit,
		field: func(p *Profile) *float64 { return &p.Overconfidence }},
	{Name: "insight", Symbol: "γ", Meaning: "how far stated confidence tells right answers from wrong ones", Unit: "share", Max: 1, Transform: Logit,
		field: func(p *Profile) *float64 { return &p.Insight }},
	{Name: "jitter", Symbol: "σ", Meaning: "standard deviation of stated confidence", Unit: "probability", Max: inf, Transform: Log,
		field: func(p *Profile) *float64 { return &p.Jitter }},
	{Name: "unreadable", Symbol: "u", Meaning: "probability that no answer can be read from a reply", Unit: "probability", Max: 1, Transform: Logit,
		field: func(p *Profile) *float64 { return &p.Unreadable }},
}

// ofAbility are the parameters that a profile has once a data set or kind of question.
var ofAbility = []Parameter{
	{Name: "accuracy", Symbol: "A", Meaning: "probability that an answer given alone is right", Unit: "probability", Max: 1, Transform: Logit,
		part: func(a *Ability) *float64 { return &a.Accuracy }},
	{Name: "consistency", Symbol: "ρ", Meaning: "how far the question's difficulty decides who is right", Unit: "correlation", Max: 1, Transform: Logit,
		part: func(a *Ability) *float64 { return &a.Consistency }},
	{Name: "spread", Symbol: "τ", Meaning: "spread of the questions' discrimination", Unit: "logits of ρ", Max: inf, Transform: Log,
		part: func(a *Ability) *float64 { return &a.Spread }},
	{Name: "concentration", Symbol: "κ", Meaning: "share of wrong answers that fall on the most tempting one", Unit: "share", Max: 1, Transform: Logit,
		part: func(a *Ability) *float64 { return &a.Concentration }},
	{Name: "loss", Symbol: "δ", Meaning: "what being asked again costs", Unit: "s.d. of difficulty", Min: -inf, Max: inf,
		part: func(a *Ability) *float64 { return &a.Loss }},
	{Name: "pull", Symbol: "v", Meaning: "how much better the right answer argues", Unit: "log-odds", Min: -inf, Max: inf,
		part: func(a *Ability) *float64 { return &a.Pull }},
}

// Parameters returns the parameters of a profile: its own, then those of each of its abilities, data sets in order.
func Parameters(p *Profile) []Parameter {
	table := append([]Parameter(nil), ofProfile...)
	for _, name := range p.abilities() {
		for _, par := range ofAbility {
			table = append(table, par.in(name))
		}
	}
	return table
}

// Lookup returns the parameter of that name; "SET.accuracy" is one for every SET.
func Lookup(name string) (Parameter, error) {
	set, rest := "", name
	table := ofProfile
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		set, rest, table = name[:i], name[i+1:], ofAbility
	}
	for _, par := range table {
		if par.Name == rest {
			if set != "" {
				par = par.in(set)
			}
			return par, nil
		}
	}
	var names []string
	for _, par := range ofProfile {
		names = append(names, par.Name)
	}
	for _, par := range ofAbility {
		names = append(names, "SET."+par.Name)
	}
	return Parameter{}, fmt.Errorf("there is no parameter %q; there are %s", name, strings.Join(names, ", "))
}

// in returns the parameter of that ability.
func (par Parameter) in(ability string) Parameter {
	par.Name, par.ability = ability+"."+par.Name, ability
	return par
}

// Get returns the value that the parameter has in p: 0 where p has no such ability.
func (par Parameter) Get(p *Profile) float64 {
	if par.field != nil {
		return *par.field(p)
	}
	a := p.abilityOf(par.ability)
	return *par.part(&a)
}

// Set gives the parameter a value in p, and p the ability that it belongs to. It does not check the value. Profiles that are copies of one
// another share their Abilities: see [Profile.Clone].
func (par Parameter) Set(p *Profile, v float64) {
	if par.field != nil {
		*par.field(p) = v
		return
	}
	a := p.abilityOf(par.ability)
	*par.part(&a) = v
	p.setAbility(par.ability, a)
}

// Check returns an error when v is out of the range.
func (par Parameter) Check(v float64) error {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return fmt.Errorf("%s is %v, which is no number", par.Name, v)
	case v < par.Min || v > par.Max:
		return fmt.Errorf("%s is %v, out of its range", par.Name, v)
	}
	return nil
}

// Range says the range in words.
func (par Parameter) Range() string {
	switch {
	case !math.IsInf(par.Max, 0):
		return fmt.Sprintf("a number between %v and %v", par.Min, par.Max)
	case !math.IsInf(par.Min, 0):
		return fmt.Sprintf("a number of %v or more", par.Min)
	}
	return "any number"
}
