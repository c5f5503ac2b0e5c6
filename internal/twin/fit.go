package twin

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"cheaptalk/agents/simulated"
	"cheaptalk/internal/twin/alone"
	"cheaptalk/internal/twin/belief"
	"cheaptalk/internal/twin/steps"
)

// Twin is one agent of a run as the choice model has it.
type Twin struct {
	Agent      string
	Steps      int // revisions that could be read
	Questions  int // that they are about
	Moved      int // of the steps, those that left the own answer
	Replies    int // all replies
	Unreadable alone.Estimate
	Alone      []alone.Agent // by set
	Parameters []Parameter
	// Covariance is that of Parameters on their unconstrained scales.
	Covariance *mat.SymDense
	LogLoss    float64 // mean of -ln P of the choices that it was fitted to
	// Condition is the ratio of the greatest to the least eigenvalue of the information in the data, in units in which each parameter that
	// is told has the same information; large where some direction among them is hardly told.
	Condition float64
	Warnings  []string

	slots []slot
}

// Parameter is a fitted parameter of the revision.
type Parameter struct {
	simulated.Parameter
	Value float64
	SE    float64 // on the unconstrained scale
	// Assumed says that the data tell next to nothing of it: Value is an assumption and SE its spread.
	Assumed bool
}

// Twins are the twins of the agents of a run. They do not change, and may be used by many goroutines.
type Twins struct {
	Twins []*Twin // in the order of steps.Data.Agents; those without a revision are as the weak priors have them
	stage *alone.Stage
}

// passes is how often all twins are fitted: each pass takes what earlier rounds say of a question from the twins of the pass before. After
// the third the estimates no longer move by a tenth of their standard errors.
const passes = 3

// Fit fits a twin of each agent. It fails only when there is nothing to fit.
func Fit(d *steps.Data) (*Twins, error) {
	if len(d.Steps) == 0 {
		return nil, errors.New("no agent revises an answer")
	}
	stage := alone.Fit(d)
	e := belief.NewEvidence(d, stage)
	var twins *Twins
	for range passes {
		var minds *belief.Minds
		if twins != nil {
			minds = twins.minds(e)
		}
		histories := e.Histories(minds)
		next := &Twins{stage: stage}
		for agent, name := range d.Agents {
			p, err := newProblem(d, e, agent, histories)
			if err != nil {
				return nil, err
			}
			t := &Twin{Agent: name, slots: p.slots}
			p.describe(t)
			if err := p.fit(t, twins.of(agent)); err != nil {
				return nil, err
			}
			t.warn(p)
			next.Twins = append(next.Twins, t)
		}
		twins = next
	}
	return twins, nil
}

// of returns the twin of an agent, or nil.
func (ts *Twins) of(agent int) *Twin {
	if ts == nil {
		return nil
	}
	return ts.Twins[agent]
}

// fit finds the parameters of a twin, and how sure they are. It begins where before is, if there is one.
func (p *problem) fit(t, before *Twin) error {
	var last, slope []float64 // searches ask for the value and for the gradient of one point, one after the other
	var value float64
	at := func(x []float64) {
		if !slices.Equal(x, last) {
			last, slope = append(last[:0], x...), make([]float64, len(x))
			value = p.negative(x, slope, nil)
		}
	}
	objective := optimize.Problem{
		Func: func(x []float64) float64 { at(x); return value },
		Grad: func(grad, x []float64) { at(x); copy(grad, slope) },
	}
	var best []float64
	least := math.Inf(1)
	for _, x := range p.starts(before) {
		// A search that ends because the last digits no longer change has arrived as well; what it reached is compared below.
		found, _ := optimize.Minimize(objective, x, &optimize.Settings{GradientThreshold: 1e-3, MajorIterations: 1000}, &optimize.BFGS{})
		if found != nil && found.F < least {
			best, least = found.X, found.F
		}
	}
	if best == nil {
		return errors.New("the likelihood of agent " + t.Agent + " cannot be computed")
	}
	return p.spread(t, best, objective.Grad)
}

// starts returns where searches begin: at the estimates before, or at the means of the weak priors with little and with much redraw, since a
// mixture may have more than one peak.
func (p *problem) starts(before *Twin) [][]float64 {
	if before != nil {
		x := make([]float64, len(p.slots))
		for i := range p.slots {
			x[i] = p.slots[i].Transform.Free(before.Parameters[i].Value)
		}
		return [][]float64{x}
	}
	var out [][]float64
	for _, redraw := range []float64{-3, -1} {
		x := make([]float64, len(p.slots))
		for i, s := range p.slots {
			if x[i] = s.mean; belief.Names()[s.field] == "redraw" {
				x[i] = redraw
			}
		}
		out = append(out, x)
	}
	return out
}
