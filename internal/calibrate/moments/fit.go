package moments

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/gonum/mat"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
)

// Moment is a published figure that a fit is held against, in percent.
type Moment struct {
	Name  string
	Value float64
	SE    float64 // as published, or that of a rate of so many questions
	Trust float64 // the standard error that it has in the fit: see [Settings]
}

// Problem is what is fitted to what.
type Problem struct {
	Moments []Moment
	Space
	Cov *mat.SymDense // of the moments
	// Simulate returns the moments in a world, and the variances of their simulation. x is where the profiles come from.
	Simulate func(x []float64, ps []simulated.Profile) (means, variances []float64)
}

// Settings are those of a fit. The zero Settings has the defaults.
type Settings struct {
	Starts  int // points that the search begins at; default 8
	Debates int // that each row of a table is simulated with; default 6000
	Steps   int // that a search takes at most; default 20
	Seed    uint64
	// Tell is told what the fit does; nil tells nobody.
	Tell func(line string)
}

// WithDefaults fills in the defaults.
func (s Settings) WithDefaults() Settings {
	if s.Starts < 1 {
		s.Starts = 8
	}
	if s.Debates < 1 {
		s.Debates = 6000
	}
	if s.Steps < 1 {
		s.Steps = 20
	}
	if s.Tell == nil {
		s.Tell = func(string) {}
	}
	return s
}

// Fit is a minimum.
type Fit struct {
	Problem  *Problem
	X        []float64 // of the knobs, on their unconstrained scales
	Profiles []simulated.Profile
	Means    []float64 // the moments in the simulation
	Loss     float64   // L of the package documentation
	Data     float64   // its first term: the squared residuals
	Losses   []float64 // of the searches, in the order of their starts
}

// residuals returns a vector whose square is L: whitened residuals of the moments, then of the knobs.
func (p *Problem) residuals(x []float64, factor *mat.TriDense) (rs, means []float64) {
	means, _ = p.Simulate(x, p.Profiles(x))
	d := mat.NewVecDense(len(means), nil)
	for i, m := range means {
		d.SetVec(i, m-p.Moments[i].Value)
	}
	var white mat.VecDense
	if err := white.SolveVec(factor, d); err != nil && math.IsInf(mat.Norm(&white, 2), 0) {
		white.CloneFromVec(d) // not reached: factor is of a positive definite matrix
	}
	rs = append(rs, white.RawVector().Data...)
	for i, k := range p.Knobs {
		rs = append(rs, (x[i]-k.Mean)/k.SD)
	}
	return rs, means
}

// factor returns the lower Cholesky factor of the covariance of the moments.
func (p *Problem) factor() (*mat.TriDense, error) {
	if p.err != nil {
		return nil, p.err
	}
	var c mat.Cholesky
	if !c.Factorize(p.Cov) {
		return nil, fmt.Errorf("the covariance of the figures is none")
	}
	var l mat.TriDense
	c.LTo(&l)
	return &l, nil
}

// step is how far a knob is moved to see what it does: wide enough for the simulated votes to be many that change.
func (k Knob) step() float64 { return 0.25 * min(k.SD, 1) }

// jacobian returns the derivatives of the residuals at x, by central differences.
func (p *Problem) jacobian(x []float64, factor *mat.TriDense) *mat.Dense {
	j := mat.NewDense(len(p.Moments)+len(x), len(x), nil)
	y := append([]float64(nil), x...)
	for i, k := range p.Knobs {
		h := k.step()
		y[i] = x[i] + h
		up, _ := p.residuals(y, factor)
		y[i] = x[i] - h
		down, _ := p.residuals(y, factor)
		y[i] = x[i]
		for r := range up {
			j.Set(r, i, (up[r]-down[r])/(2*h))
		}
	}
	return j
}

// Fit minimises L from several points and returns the lowest minimum: the first start is at the knobs' own, the others are drawn
// around it from the seed. The same settings give the same fit. It stops early with the error of ctx.
//
// L is a sum of squares, so the search is that of Levenberg (1944) and Marquardt (1963): Gauss-Newton steps, damped until L falls.
func (p *Problem) Fit(ctx context.Context, s Settings) (*Fit, error) {
	s = s.WithDefaults()
	factor, err := p.factor()
	if err != nil {
		return nil, err
	}
	var best *Fit
	var losses []float64
	for start := range s.Starts {
		x := make([]float64, len(p.Knobs))
		r := debate.NewRand(s.Seed, "start", strconv.Itoa(start))
		for i, k := range p.Knobs {
			x[i] = k.Start
			if start > 0 {
				x[i] += 0.7 * min(k.SD, 2) * r.NormFloat64()
			}
		}
		f, err := p.search(ctx, x, factor, s)
		if err != nil {
			return nil, err
		}
		s.Tell(fmt.Sprintf("start %d of %d: loss %.1f", start+1, s.Starts, f.Loss))
		losses = append(losses, f.Loss)
		if best == nil || f.Loss < best.Loss {
			best = f
		}
	}
	best.Losses = losses
	return best, nil
}

// From minimises L from the values that the profiles have.
func (p *Problem) From(ctx context.Context, ps []simulated.Profile, s Settings) (*Fit, error) {
	factor, err := p.factor()
	if err != nil {
		return nil, err
	}
	return p.search(ctx, p.Point(ps), factor, s.WithDefaults())
}

// At returns the profiles as a fit that was not searched for.
func (p *Problem) At(ps []simulated.Profile) (*Fit, error) {
	factor, err := p.factor()
	if err != nil {
		return nil, err
	}
	f := p.at(p.Point(ps), factor)
	for i := range ps { // the values themselves, not what is left of them after two transforms
		f.Profiles[i] = ps[i].Clone()
		if p.Finish != nil {
			p.Finish(&f.Profiles[i])
		}
	}
	return f, nil
}

func (p *Problem) at(x []float64, factor *mat.TriDense) *Fit {
	rs, means := p.residuals(x, factor)
	f := &Fit{Problem: p, X: x, Profiles: p.Profiles(x), Means: means, Data: squares(rs[:len(means)])}
	f.Loss = f.Data + squares(rs[len(means):])
	return f
}

func squares(rs []float64) (sum float64) {
	for _, r := range rs {
		sum += r * r
	}
	return sum
}

// The damping of the search and when it is over.
const (
	firstDamping = 0.1
	leastDamping = 1e-4
	raise, lower = 4, 5 // the damping, when a step fails and when it succeeds
	dampings     = 8    // that are tried before a point counts as a minimum
	enough       = 0.01 // a step that lowers L by less is the last one
)

// search walks down from x.
func (p *Problem) search(ctx context.Context, x []float64, factor *mat.TriDense, s Settings) (*Fit, error) {
	rs, _ := p.residuals(x, factor)
	loss, damping := squares(rs), firstDamping
	for range s.Steps {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		j := p.jacobian(x, factor)
		var h mat.Dense
		h.Mul(j.T(), j)
		var slope mat.VecDense
		slope.MulVec(j.T(), mat.NewVecDense(len(rs), rs))
		before := loss
		for range dampings {
			y, err := damped(&h, &slope, x, damping)
			if err == nil {
				if ry, _ := p.residuals(y, factor); squares(ry) < loss {
					x, rs, loss = y, ry, squares(ry)
					damping = max(damping/lower, leastDamping)
					break
				}
			}
			damping *= raise
		}
		if before-loss < enough {
			break
		}
	}
	return p.at(x, factor), nil
}

// damped returns x less the step (H + damping diag H)⁻¹ slope.
func damped(h *mat.Dense, slope *mat.VecDense, x []float64, damping float64) ([]float64, error) {
	var a mat.Dense
	a.CloneFrom(h)
	for i := range x {
		a.Set(i, i, a.At(i, i)*(1+damping))
	}
	var d mat.VecDense
	if err := d.SolveVec(&a, slope); err != nil {
		return nil, err
	}
	y := make([]float64, len(x))
	for i := range y {
		y[i] = x[i] - d.AtVec(i)
	}
	return y, nil
}
