package heldout

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// level is that of the intervals.
const level = 0.95

// clustered holds the sum and the number of the values of each cluster.
type clustered map[int]*struct{ sum, n float64 }

func (c clustered) add(cluster int, v float64) {
	if c[cluster] == nil {
		c[cluster] = &struct{ sum, n float64 }{}
	}
	c[cluster].sum += v
	c[cluster].n++
}

// interval returns the mean of all values with its interval: the linearised variance of a ratio clustered by question (Cochran 1977,
// Sampling Techniques, chapter 6) and Student's quantile at one degree of freedom less than there are clusters.
func (c clustered) interval() (mean, low, high float64) {
	order := slices.Sorted(maps.Keys(c)) // sums in one order have the same last digits
	var sum, n, squares float64
	for _, q := range order {
		sum, n = sum+c[q].sum, n+c[q].n
	}
	if len(c) < 2 {
		return sum / max(n, 1), math.Inf(-1), math.Inf(1)
	}
	mean = sum / n
	for _, q := range order {
		r := c[q].sum - mean*c[q].n
		squares += r * r
	}
	g := float64(len(c))
	half := distuv.StudentsT{Sigma: 1, Nu: g - 1}.Quantile(0.5+level/2) * math.Sqrt(squares*g/(g-1)) / n
	return mean, mean - half, mean + half
}
