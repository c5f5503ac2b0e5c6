package twin

import (
	"cheaptalk/internal/twin/belief"
	"cheaptalk/internal/twin/steps"
)

// Predictor says with which probabilities twins choose. It belongs to one goroutine.
type Predictor struct {
	minds     *belief.Minds
	histories map[*steps.Step]belief.History
}

// Predictor returns a predictor of the steps of d: those that the twins were fitted to, or others of the same agents, as [steps.Data.Subset]
// has them. Of d it uses for each step what was said in earlier rounds of its debate, and the key, and nothing else.
func (ts *Twins) Predictor(d *steps.Data) *Predictor {
	e := belief.NewEvidence(d, ts.stage)
	p := &Predictor{minds: ts.minds(e), histories: make(map[*steps.Step]belief.History, len(d.Steps))}
	for i, h := range e.Histories(p.minds) {
		p.histories[&d.Steps[i]] = h
	}
	return p
}

// minds returns the twins as minds before the debates of the evidence.
func (ts *Twins) minds(e *belief.Evidence) *belief.Minds {
	of := make([][]belief.Coefficients, len(ts.Twins))
	for agent, t := range ts.Twins {
		of[agent] = make([]belief.Coefficients, len(ts.stage.Sets))
		for i := range t.Parameters {
			for set := range of[agent] {
				if s := t.slots[i]; s.set < 0 || s.set == set {
					*of[agent][set].Fields()[s.field] = t.Parameters[i].Value
				}
			}
		}
	}
	return belief.NewMinds(e, of)
}

// Probabilities returns the probability of each answer on the table and, last, of all others together, given that the reply can be read.
// step points into the steps of the data that the predictor was made for.
func (p *Predictor) Probabilities(step *steps.Step) []float64 {
	return p.minds.Probabilities(step, p.histories[step])
}
