package moments

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/mat"

	"cheaptalk/agents/simulated"
	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/debate"
)

// Uncertainty is what the figures leave open at a fit.
type Uncertainty struct {
	// Covariance is that of the knobs on their unconstrained scales.
	Covariance *mat.SymDense
	// Singular are the singular values of the Jacobian, the largest first: by how many standard errors of the figures the simulated ones
	// move when the knobs go one standard deviation of what is held beforehand in a direction. Below 1 the figures say less than that.
	Singular []float64
	// Blurred are the directions of singular values below 1, in words.
	Blurred []Blur
}

// Blur is a direction in which the figures hardly tell one value from another.
type Blur struct {
	Knobs []int // that move most in it, the one that moves most first
	Value float64
	Words string
}

// Uncertainty computes it. It simulates two worlds a knob.
func (f *Fit) Uncertainty() (*Uncertainty, error) {
	p := f.Problem
	factor, err := p.factor()
	if err != nil {
		return nil, err
	}
	n, m := len(f.X), len(p.Moments)
	whole := p.jacobian(f.X, factor)
	j := mat.DenseCopyOf(whole.Slice(0, m, 0, n)) // Σ^-½ J

	var h mat.Dense // JᵀΣ⁻¹J + D⁻¹
	h.Mul(whole.T(), whole)
	var bread mat.Dense
	if err := bread.Inverse(&h); err != nil {
		return nil, fmt.Errorf("standard errors: %w", err)
	}
	_, noise := p.Simulate(f.X, f.Profiles)
	s := mat.NewDiagDense(m, noise)
	var white, meat, sum mat.Dense // white = Σ^-½ S Σ^-½
	if err := white.Solve(factor, s); err != nil {
		return nil, fmt.Errorf("standard errors: %w", err)
	}
	var half mat.Dense
	half.CloneFrom(white.T())
	if err := white.Solve(factor, &half); err != nil {
		return nil, fmt.Errorf("standard errors: %w", err)
	}
	meat.Mul(&white, j)
	sum.Mul(j.T(), &meat)
	sum.Add(&sum, &h)
	var left, all mat.Dense
	left.Mul(&bread, &sum)
	all.Mul(&left, &bread)
	u := &Uncertainty{Covariance: mat.NewSymDense(n, nil)}
	for i := range n {
		for k := i; k < n; k++ {
			u.Covariance.SetSym(i, k, (all.At(i, k)+all.At(k, i))/2)
		}
	}
	return u, u.blur(p.Knobs, j)
}

// blur finds the directions in which the figures say little.
func (u *Uncertainty) blur(knobs []Knob, j *mat.Dense) error {
	scaled := mat.DenseCopyOf(j)
	scaled.Apply(func(_, i int, v float64) float64 { return v * knobs[i].SD }, scaled)
	var svd mat.SVD
	if !svd.Factorize(scaled, mat.SVDFullV) {
		return fmt.Errorf("the Jacobian has no singular values")
	}
	u.Singular = svd.Values(nil)
	var v mat.Dense
	svd.VTo(&v)
	for c := range knobs {
		value := 0.0 // with fewer figures than knobs some directions have none
		if c < len(u.Singular) {
			value = u.Singular[c]
		}
		if value >= 1 {
			continue
		}
		var at []int
		for i := range knobs {
			if math.Abs(v.At(i, c)) > 0.4 {
				at = append(at, i)
			}
		}
		slices.SortStableFunc(at, func(a, b int) int {
			switch x, y := math.Abs(v.At(a, c)), math.Abs(v.At(b, c)); {
			case x > y:
				return -1
			case x < y:
				return 1
			}
			return 0
		})
		u.Blurred = append(u.Blurred, Blur{at, value, words(knobs, at)})
	}
	for len(u.Singular) < len(knobs) {
		u.Singular = append(u.Singular, 0)
	}
	return nil
}

// words says in plain words what a direction leaves open.
func words(knobs []Knob, at []int) string {
	var names []string
	for _, i := range at {
		names = append(names, knobs[i].Name)
	}
	switch len(names) {
	case 0:
		return "many parameters at once can change with hardly any effect on the figures"
	case 1:
		return "the figures hardly say what " + names[0] + " is"
	}
	return "the figures cannot tell " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " apart"
}

// SE returns the standard error of a knob on its unconstrained scale.
func (u *Uncertainty) SE(knob int) float64 { return math.Sqrt(u.Covariance.At(knob, knob)) }

// Draw returns n worlds that the figures do not rule out: profiles whose knobs are drawn from the normal distribution around the fit.
func (f *Fit) Draw(u *Uncertainty, n int, seed uint64) ([][]simulated.Profile, error) {
	var c mat.Cholesky
	if !c.Factorize(u.Covariance) {
		return nil, fmt.Errorf("the covariance of the parameters is none")
	}
	var l mat.TriDense
	c.LTo(&l)
	worlds := make([][]simulated.Profile, n)
	for i := range worlds {
		r := debate.NewRand(seed, "world", strconv.Itoa(i))
		z := mat.NewVecDense(len(f.X), nil)
		for k := range f.X {
			z.SetVec(k, r.NormFloat64())
		}
		z.MulVec(&l, z)
		x := make([]float64, len(f.X))
		for k := range x {
			x[k] = f.X[k] + z.AtVec(k)
		}
		worlds[i] = f.Problem.Profiles(x)
	}
	return worlds, nil
}

// Shipped returns the profiles of the problem that come with the program.
func (p *Problem) Shipped() ([]simulated.Profile, error) {
	ps := make([]simulated.Profile, len(p.Base))
	for i := range ps {
		var err error
		if ps[i], err = profiles.ByName(p.Base[i].Name); err != nil {
			return nil, err
		}
	}
	return ps, nil
}
