package stats

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Holm returns p values adjusted for being several, in the order given (Holm 1979, Scandinavian Journal of Statistics 6:65):
// the i-th smallest of m times m-i+1, made monotone, at most 1. An adjusted value below α may be called significant at α.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	adjusted := make([]float64, len(p))
	running := 0.0
	for rank, i := range order {
		running = max(running, min(p[i]*float64(len(p)-rank), 1))
		adjusted[i] = running
	}
	return adjusted
}

// Power is the probability that [PairsNeeded] asks for.
const Power = 0.8

// PairsNeeded returns how many pairs a two-sided McNemar test at level 1-level would need to find, with probability
// [Power], a difference as large as the observed one with as many discordant pairs
// (Connor 1987, Biometrics 43:207), times the design effect. ok is false where the observed difference is 0: no number would do.
func PairsNeeded(d Difference, level float64) (pairs float64, ok bool) {
	if d.N == 0 || d.B == d.C {
		return 0, false
	}
	discordant := float64(d.B+d.C) / float64(d.N)
	za, zb := normal(level), distuv.UnitNormal.Quantile(Power)
	root := za*math.Sqrt(discordant) + zb*math.Sqrt(max(discordant-d.Value*d.Value, 0))
	return math.Ceil(d.Design * root * root / (d.Value * d.Value)), true
}
