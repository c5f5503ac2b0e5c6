package resample

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// signFlipLimit is the total of absolute differences up to which SignFlip enumerates; above, the normal
// approximation is good to more digits than are ever printed.
const signFlipLimit = 3000

// SignFlip returns the two-sided p values, exact and mid-p, of the randomisation test that, under no difference, each cluster's difference could
// as well have had the other sign (Fisher 1935, The Design of Experiments, section 21, with the question as the unit). The difference is the first of the
// sums of a cluster. It is exact where the absolute differences sum to at most 3000, and the normal approximation
// ΣD/√ΣD² beyond. With differences of -1, 0 and 1 alone it is McNemar's test.
func (c *Clusters) SignFlip() (exact, mid float64) {
	var sizes []int
	total, sum := 0, 0
	squares := 0.0
	for _, k := range c.kinds {
		d := int(k.sums[0])
		sum += d * k.count
		total += max(d, -d) * k.count
		squares += float64(d) * float64(d) * float64(k.count)
	}
	if total == 0 {
		return 1, 1
	}
	observed := max(sum, -sum)
	if total > signFlipLimit {
		p := 2 * distuv.UnitNormal.Survival(float64(observed)/math.Sqrt(squares))
		return p, p
	}
	for _, k := range c.kinds {
		if d := int(k.sums[0]); d != 0 {
			sizes = slices.AppendSeq(sizes, repeat(max(d, -d), k.count))
		}
	}
	slices.Sort(sizes)
	prob := make([]float64, total+1) // prob[s]: the clusters that kept their sign to the first treatment sum to s
	prob[0] = 1
	reach := 0
	for _, size := range sizes {
		for s := reach; s >= 0; s-- {
			half := prob[s] / 2
			prob[s] = half
			prob[s+size] += half
		}
		reach += size
	}
	tail := 0.0
	at := (total + observed) / 2 // 2s - total >= observed; both have the parity of total
	for s := at; s <= total; s++ {
		tail += prob[s]
	}
	if observed == 0 {
		return 1, 1 - prob[at]
	}
	exact = min(2*tail, 1)
	return exact, max(exact-prob[at], 0)
}

// repeat yields x so many times.
func repeat(x, times int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for range times {
			if !yield(x) {
				return
			}
		}
	}
}
