package belief

import "cheaptalk/internal/twin/steps"

// Minds say with which probabilities agents of known coefficients choose. They belong to one goroutine.
type Minds struct {
	of       [][]Coefficients // by agent and set
	evidence *Evidence
	known    map[[2]int][]float64
	choice   Choice
}

// NewMinds returns the minds of agents before the debates of the evidence; of holds their coefficients by agent and set.
func NewMinds(e *Evidence, of [][]Coefficients) *Minds {
	return &Minds{of: of, evidence: e, known: map[[2]int][]float64{}}
}

// prepare returns the coefficients of an agent in a situation, and p(d; δ) in the parts of the difficulty.
func (m *Minds) prepare(agent int, s *Situation) (*Coefficients, []float64) {
	x := &m.of[agent][s.Set]
	name := [2]int{agent, s.Pattern}
	known, ok := m.known[name]
	if !ok {
		loss := make([]float64, len(m.evidence.Sets))
		loss[s.Set] = x.Loss
		all, _ := m.evidence.Known(agent, []int{s.Pattern}, loss)
		known = all[s.Pattern]
		m.known[name] = known
	}
	return x, known
}

// Probabilities returns the probability of each answer on the table of a step with that history and, last, of all others together, given that
// the reply can be read.
func (m *Minds) Probabilities(step *steps.Step, h History) []float64 {
	s := m.evidence.Situation(step, h)
	x, known := m.prepare(step.Agent, &s)
	out := make([]float64, len(step.Table)+1)
	copy(out, m.choice.Probabilities(&s, x, known, nil))
	return out
}
