package twin

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"cheaptalk/internal/twin/alone"
	"cheaptalk/internal/twin/difficulty"
	"cheaptalk/internal/twin/numeric"
)

// together is the correlation of two estimates from which on the data are said not to tell the parameters apart, and hardly the condition
// number from which on some direction is said to be hardly told.
const (
	together = 0.95
	hardly   = 1e4
)

// spread fills in the estimates at the maximum x. With H the matrix of second derivatives of minus the log posterior, P the precision of
// the prior and J the sum over questions of the outer products of the gradients of their log-likelihoods, the covariance is
//
//	H⁻¹ (G/(G-1) J + P) H⁻¹
//
// (White 1982, Econometrica 50:1, with the question as the unit: revisions of one question are alike). Where the data tell nothing, H = P
// and J = 0, so that the covariance is that of the prior.
func (p *problem) spread(t *Twin, x []float64, grad func(g, x []float64)) error {
	n := len(x)
	h := numeric.Hessian(grad, x)
	var chol mat.Cholesky
	if !chol.Factorize(h) {
		return errors.New("agent " + t.Agent + ": the likelihood has no peak where the search ended")
	}
	var inverse mat.SymDense
	if err := chol.InverseTo(&inverse); err != nil && !errors.As(err, new(mat.Condition)) {
		return fmt.Errorf("agent %s: %w", t.Agent, err)
	}
	each := make([][][]float64, len(p.cases))
	for i := range each {
		each[i] = make([][]float64, len(p.counts[i]))
		for k := range each[i] {
			each[i][k] = make([]float64, n)
		}
	}
	loss := p.negative(x, nil, each)
	clusters := map[int][]float64{}
	for i, step := range p.steps {
		question := p.data.Debates[step.Talk].Question
		if clusters[question] == nil {
			clusters[question] = make([]float64, n)
		}
		floats.Add(clusters[question], each[p.which[i]][step.Outcome()])
	}
	middle := mat.NewDense(n, n, nil)
	for _, c := range slices.Sorted(maps.Keys(clusters)) { // sums in one order have the same last digits
		g := mat.NewVecDense(n, clusters[c])
		middle.RankOne(middle, 1, g, g)
	}
	if k := float64(len(clusters)); k > 1 {
		middle.Scale(k/(k-1), middle)
	}
	for i, s := range p.slots {
		middle.Set(i, i, middle.At(i, i)+1/(s.sd*s.sd))
		loss -= (x[i] - s.mean) * (x[i] - s.mean) / (2 * s.sd * s.sd)
	}
	var half, raw mat.Dense
	half.Mul(&inverse, middle)
	raw.Mul(&half, &inverse)
	t.Covariance = mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			t.Covariance.SetSym(i, j, (raw.At(i, j)+raw.At(j, i))/2)
		}
	}
	t.LogLoss = loss / float64(max(len(p.steps), 1))
	for i, s := range p.slots {
		t.Parameters = append(t.Parameters, Parameter{Parameter: s.Parameter, Value: s.Transform.Value(x[i]),
			SE: math.Sqrt(t.Covariance.At(i, i)), Assumed: math.Sqrt(inverse.At(i, i)) > alone.Untold*s.sd})
	}
	t.identify(p, h, &inverse)
	return nil
}

// identify finds what the data do not tell: parameters, pairs of them, and directions among those that are told.
func (t *Twin) identify(p *problem, h, inverse *mat.SymDense) {
	var told []int
	for i := range t.Parameters {
		if !t.Parameters[i].Assumed {
			told = append(told, i)
		}
	}
	for at, i := range told {
		for _, j := range told[:at] {
			r := inverse.At(i, j) / math.Sqrt(inverse.At(i, i)*inverse.At(j, j))
			if math.Abs(r) > together {
				t.Warnings = append(t.Warnings, fmt.Sprintf("%s and %s cannot be told apart from the data (correlation of the estimates %+.2f): only what they do together is",
					t.Parameters[j].Name, t.Parameters[i].Name, r))
			}
		}
	}
	information := func(i, j int) float64 { // in the data alone
		v := h.At(i, j)
		if i == j {
			v -= 1 / (p.slots[i].sd * p.slots[i].sd)
		}
		return v
	}
	scaled := mat.NewSymDense(max(len(told), 1), nil)
	for a, i := range told {
		for b, j := range told[:a+1] {
			scaled.SetSym(a, b, information(i, j)/math.Sqrt(max(information(i, i)*information(j, j), difficulty.Sliver)))
		}
	}
	var eigen mat.EigenSym
	if len(told) == 0 || !eigen.Factorize(scaled, true) {
		return
	}
	values := eigen.Values(nil) // ascending
	t.Condition = values[len(values)-1] / max(values[0], 1e-12)
	if t.Condition < hardly {
		return
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	var in []string
	for a, i := range told {
		if math.Abs(vectors.At(a, 0)) > 0.3 {
			in = append(in, t.Parameters[i].Name)
		}
	}
	number := "above a million"
	if t.Condition < 1e6 {
		number = fmt.Sprintf("%.0f", t.Condition)
	}
	t.Warnings = append(t.Warnings, fmt.Sprintf("one combination of %s is hardly told by the data (condition number %s): the weak priors choose it",
		strings.Join(in, ", "), number))
}
