package difficulty

import (
	"math"
	"testing"
)

// The mean of p(d; 0) is the accuracy whatever ρ; that of p² for two copies with ρ = ½ and accuracy ½ is the orthant probability
// 1/4 + asin(ρ)/(2π) = 1/3 (Sheppard 1899).
func TestIntegralsHaveTheirClosedForms(t *testing.T) {
	g := NewGrid()
	for _, rho := range []float64{0, 0.3, 0.85, 0.99, 1} {
		for _, accuracy := range []float64{0.05, 0.5, 0.93} {
			p, _ := g.Known(AbilityOf(accuracy, rho), 0)
			mean := 0.0
			for i, w := range g.weight {
				mean += w * p[i]
			}
			tolerance := 1e-6
			if rho > 0.99 {
				tolerance = 0.01 // a step between two nodes
			}
			if math.Abs(mean-accuracy) > tolerance {
				t.Errorf("ρ = %v: the mean of p is %.8f, the accuracy %v", rho, mean, accuracy)
			}
		}
	}
	p, _ := g.Known(AbilityOf(0.5, 0.5), 0)
	right, wrong := p.Logs()
	_, l := g.Posterior([]Curve{right}, []Curve{wrong}, []int{2}, []int{0})
	if got := math.Exp(l); math.Abs(got-1.0/3) > 1e-6 {
		t.Errorf("two copies are right together with probability %.8f, in closed form 1/3", got)
	}
}

func TestDerivativesAreThoseOfTheCurve(t *testing.T) {
	g := NewGrid()
	const h = 1e-5
	a := AbilityOf(0.7, 0.6)
	_, byLoss := g.Known(a, 0.2)
	byRho := g.ByConsistency(a)
	up, _ := g.Known(a, 0.2+h)
	down, _ := g.Known(a, 0.2-h)
	more, _ := g.Known(AbilityOf(0.7, 0.6+h), 0)
	less, _ := g.Known(AbilityOf(0.7, 0.6-h), 0)
	for i := range nodes {
		if d := (up[i] - down[i]) / (2 * h); math.Abs(d-byLoss[i]) > 1e-5 {
			t.Errorf("node %d: by δ %.7f, central difference %.7f", i, byLoss[i], d)
		}
		if d := (more[i] - less[i]) / (2 * h); math.Abs(d-byRho[i]) > 1e-5 {
			t.Errorf("node %d: by ρ %.7f, central difference %.7f", i, byRho[i], d)
		}
	}
}

func TestPartsOfADistributionWeighTheSame(t *testing.T) {
	g := NewGrid()
	weight := Curve(g.weight)
	var sums [8]float64
	mean := 0.0
	for _, c := range Cut(&weight, len(sums)) {
		sums[c.Part] += c.Weight
		mean += c.Weight * g.at[c.Node] / float64(len(sums))
	}
	for part, sum := range sums {
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("part %d has the weight %.12f", part, sum)
		}
	}
	if math.Abs(mean) > 1e-9 {
		t.Errorf("the parts' mean is %v", mean)
	}
}
