package twin

import (
	"math"
	"slices"
	"strings"

	"cheaptalk/agents/simulated"
	"cheaptalk/internal/twin/belief"
	"cheaptalk/internal/twin/difficulty"
	"cheaptalk/internal/twin/steps"
)

// slot is one unknown of a problem: where its value goes, and its weak prior.
type slot struct {
	simulated.Parameter
	field    int // index in belief.Coefficients.Fields
	set      int // index of the data set; -1 for all
	mean, sd float64
}

// problem is the likelihood of the revisions of one agent.
type problem struct {
	data     *steps.Data
	evidence *belief.Evidence
	agent    int
	steps    []*steps.Step // that can be read
	which    []int         // the situation of each
	cases    []belief.Situation
	counts   [][]float64 // by situation: how often each outcome was chosen
	used     []int       // the posteriors that some situation uses
	slots    []slot
	choice   belief.Choice
}

// newProblem returns the problem of an agent; histories are those of the steps of the data.
func newProblem(d *steps.Data, e *belief.Evidence, agent int, histories []belief.History) (*problem, error) {
	p := &problem{data: d, evidence: e, agent: agent}
	sets := map[int]bool{}
	at := map[string]int{}
	for i := range d.Steps {
		step := &d.Steps[i]
		if step.Agent != agent || step.Chosen == steps.Unread {
			continue
		}
		s := e.Situation(step, histories[i])
		name := s.Name()
		which, ok := at[name]
		if !ok {
			which = len(p.cases)
			at[name] = which
			p.cases, p.counts = append(p.cases, s), append(p.counts, make([]float64, s.Outcomes()))
			sets[s.Set] = true
			if !slices.Contains(p.used, s.Pattern) {
				p.used = append(p.used, s.Pattern)
			}
		}
		p.steps, p.which = append(p.steps, step), append(p.which, which)
		p.counts[which][step.Outcome()]++
	}
	for field, name := range belief.Names() {
		if !strings.HasPrefix(name, ".") {
			if err := p.slot(name, field, -1); err != nil {
				return nil, err
			}
		}
	}
	for set, prefix := range e.Sets {
		for field, name := range belief.Names() {
			if strings.HasPrefix(name, ".") && sets[set] {
				if err := p.slot(prefix+name, field, set); err != nil {
					return nil, err
				}
			}
		}
	}
	return p, nil
}

func (p *problem) slot(name string, field, set int) error {
	par, err := simulated.Lookup(name)
	if err != nil {
		return err
	}
	mean, sd := weak(belief.Names()[field])
	p.slots = append(p.slots, slot{Parameter: par, field: field, set: set, mean: mean, sd: sd})
	return nil
}

// values returns the coefficients of each set at a point of the unconstrained space.
func (p *problem) values(x []float64) []belief.Coefficients {
	out := make([]belief.Coefficients, len(p.evidence.Sets))
	for i := range p.slots {
		s := &p.slots[i]
		v := s.Transform.Value(x[i])
		for set := range out {
			if s.set < 0 || s.set == set {
				*out[set].Fields()[s.field] = v
			}
		}
	}
	return out
}

// negative returns minus the logarithm of the likelihood and of the prior at x, and sets grad, which may be nil, to its gradient. each,
// which may be nil, is set to the gradients of ln P by situation and outcome.
func (p *problem) negative(x, grad []float64, each [][][]float64) float64 {
	at := p.values(x)
	loss := make([]float64, len(at))
	for set := range at {
		loss[set] = at[set].Loss
	}
	known, slope := p.evidence.Known(p.agent, p.used, loss)
	if grad == nil && each == nil {
		slope = nil
	}
	slopes := make([]float64, len(x)) // of the values by x
	for i := range p.slots {
		slopes[i] = p.slots[i].Transform.Slope(p.slots[i].Transform.Value(x[i]))
	}
	clear(grad)
	sum := 0.0
	for i := range p.cases {
		s := &p.cases[i]
		chances := p.choice.Probabilities(s, &at[s.Set], known[s.Pattern], slope[s.Pattern])
		for k, n := range p.counts[i] {
			if n == 0 {
				continue
			}
			chance := max(chances[k], difficulty.Sliver)
			sum -= n * math.Log(chance)
			if slope == nil {
				continue
			}
			fields := p.choice.Gradient[k].Fields()
			for j := range p.slots {
				if set := p.slots[j].set; set >= 0 && set != s.Set {
					continue
				}
				g := *fields[p.slots[j].field] * slopes[j] / chance
				if grad != nil {
					grad[j] -= n * g
				}
				if each != nil {
					each[i][k][j] = g
				}
			}
		}
	}
	for i, s := range p.slots {
		dev := (x[i] - s.mean) / s.sd
		sum += dev * dev / 2
		if grad != nil {
			grad[i] += dev / s.sd
		}
	}
	return sum
}

// weak returns the mean and the standard deviation of the weak normal prior of a parameter, by its name in [belief.Names], on its unconstrained
// scale. They keep a parameter that the data do not tell at an assumption with a stated spread; where a hundred choices tell it they
// do not matter.
func weak(name string) (mean, sd float64) {
	switch name {
	case "own_weight":
		return 1, 3
	case "peer_weight":
		return 0, 2
	case "prior_weight":
		return -1, 1.5
	case "new_answer":
		return -1, 2
	case "redraw":
		return -2, 1.5
	case "confidence_weight":
		return 0, 1.5
	case "critique_own":
		return 1, 1
	case ".loss":
		return 0, 0.5
	}
	return 0, 1 // first_weight, critique_discount, .pull
}
