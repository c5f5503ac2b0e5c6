package alone

import "math"

// Tally counts k of n.
type Tally struct{ K, N int }

// Ratio returns Σk/Σn with the standard error of a ratio clustered by the keys (Cochran 1977, Sampling Techniques, chapter 6), on the logit
// scale, never below that of independent units. A ratio of 0 or 1 is taken half a unit inwards; without data it is one half, assumed.
func Ratio(clusters map[int]*Tally) Estimate {
	var k, n, squares float64
	for _, c := range clusters {
		k, n = k+float64(c.K), n+float64(c.N)
	}
	p := (k + 0.5) / (n + 1)
	if k > 0 && k < n {
		p = k / n
	}
	var kk, kn, nn float64 // whole numbers, so that the order of the sum does not matter
	for _, c := range clusters {
		kk, kn, nn = kk+float64(c.K*c.K), kn+float64(c.K*c.N), nn+float64(c.N*c.N)
	}
	squares = kk - 2*p*kn + p*p*nn
	variance := (n + 1) * p * (1 - p)
	if g := float64(len(clusters)); g > 1 {
		variance = max(squares*g/(g-1), variance)
	}
	return Estimate{Value: p, SE: math.Sqrt(variance) / ((n + 1) * p * (1 - p)), Assumed: n == 0}
}

// Logit returns ln p/(1-p).
func Logit(p float64) float64 { return math.Log(p) - math.Log1p(-p) }

// Logistic returns the inverse of Logit.
func Logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
