package moments

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"cheaptalk/agents/simulated"
)

// line is a problem whose simulation is linear in two knobs: means = A x.
func line(a [][]float64, values []float64) *Problem {
	p := &Problem{Space: Space{Base: []simulated.Profile{simulated.NewProfile("m@test")}}}
	p.Add("m own_weight", 1, 2, p.Places(0, "own_weight")...)
	p.Add("m peer_weight", -1, 0.5, p.Places(0, "peer_weight")...)
	p.Cov = mat.NewSymDense(len(values), nil)
	for i, v := range values {
		p.Moments = append(p.Moments, Moment{"m figure", v, 1, 1})
		p.Cov.SetSym(i, i, 1)
	}
	p.Cov.SetSym(0, 1, 0.5)
	p.Simulate = func(_ []float64, ps []simulated.Profile) (means, variances []float64) {
		x := []float64{ps[0].OwnWeight, ps[0].PeerWeight}
		for _, row := range a {
			means, variances = append(means, row[0]*x[0]+row[1]*x[1]), append(variances, 0.25)
		}
		return means, variances
	}
	return p
}

// TestALinearProblemHasItsClosedForm: the fit is (AᵀΣ⁻¹A + D⁻¹)⁻¹ (AᵀΣ⁻¹m + D⁻¹μ), its covariance that of the package documentation.
func TestALinearProblemHasItsClosedForm(t *testing.T) {
	a := [][]float64{{3, 0}, {1, 2}, {0, 4}}
	values := []float64{5, 2, -3}
	p := line(a, values)
	f, err := p.Fit(t.Context(), Settings{Starts: 2})
	if err != nil {
		t.Fatal(err)
	}
	u, err := f.Uncertainty()
	if err != nil {
		t.Fatal(err)
	}
	am := mat.NewDense(3, 2, slices.Concat(a...))
	d := mat.NewDense(2, 2, []float64{1 / 4.0, 0, 0, 1 / 0.25})
	var w, wa, h, bread, g, x mat.Dense
	if err := w.Inverse(p.Cov); err != nil {
		t.Fatal(err)
	}
	wa.Mul(&w, am)
	h.Mul(am.T(), &wa)
	h.Add(&h, d)
	if err := bread.Inverse(&h); err != nil {
		t.Fatal(err)
	}
	g.Mul(wa.T(), mat.NewDense(3, 1, values))
	g.Add(&g, mat.NewDense(2, 1, []float64{1 / 4.0, -1 / 0.25}))
	x.Mul(&bread, &g)
	var s, meat, cov mat.Dense
	s.Mul(wa.T(), &wa)
	s.Scale(0.25, &s) // S is 0.25 times the identity
	meat.Add(&s, &h)
	cov.Mul(&bread, &meat)
	cov.Mul(mat.DenseCopyOf(&cov), &bread)
	for i := range 2 {
		if math.Abs(f.X[i]-x.At(i, 0)) > 0.02 {
			t.Errorf("knob %d is %.4f, closed form %.4f", i, f.X[i], x.At(i, 0))
		}
		for k := range 2 {
			if got, want := u.Covariance.At(i, k), cov.At(i, k); math.Abs(got-want) > 1e-6 {
				t.Errorf("covariance %d,%d is %.6f, closed form %.6f", i, k, got, want)
			}
		}
	}
	if len(u.Blurred) != 0 {
		t.Errorf("blurred: %v, want none", u.Blurred)
	}
}

// TestWhatTheFiguresCannotTellIsNamed: only the sum of two knobs counts, then only one of them.
func TestWhatTheFiguresCannotTellIsNamed(t *testing.T) {
	for want, a := range map[string][][]float64{
		"the figures cannot tell m own_weight and m peer_weight apart": {{2, 9}, {1, 4.5}, {3, 13.5}},
		"the figures hardly say what m peer_weight is":                 {{2, 0}, {1, 0}, {3, 0}},
	} {
		f, err := line(a, []float64{1, 1, 1}).Fit(t.Context(), Settings{Starts: 1})
		if err != nil {
			t.Fatal(err)
		}
		u, err := f.Uncertainty()
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, b := range u.Blurred {
			words = append(words, b.Words)
		}
		if !slices.Contains(words, want) {
			t.Errorf("blurred %q, want %q", words, want)
		}
	}
}
