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
	return math.Ceil(needed(float64(d.B+d.C)/float64(d.N), d.Value, d.Design, level)), true
}

// Detectable returns the smallest difference that a two-sided McNemar test at level 1-level finds with probability [Power], given as many pairs and as many
// discordant ones as were seen: [PairsNeeded] solved for the difference. It is at most the discordant share, which is all that a difference can be; ok is
// false where even that would be missed.
func Detectable(d Difference, level float64) (difference float64, ok bool) {
	if d.B+d.C == 0 {
		return 0, false
	}
	discordant := float64(d.B+d.C) / float64(d.N)
	if needed(discordant, discordant, d.Design, level) > float64(d.N) {
		return 0, false
	}
	low, high := 0.0, discordant
	for range 50 {
		if middle := (low + high) / 2; middle > 0 && needed(discordant, middle, d.Design, level) <= float64(d.N) {
			high = middle
		} else {
			low = middle
		}
	}
	return high, true
}

// needed is Connor's formula, not rounded.
func needed(discordant, difference, design, level float64) float64 {
	za, zb := normal(level), distuv.UnitNormal.Quantile(Power)
	root := za*math.Sqrt(discordant) + zb*math.Sqrt(max(discordant-difference*difference, 0))
	return max(design, 1) * root * root / (difference * difference)
}
