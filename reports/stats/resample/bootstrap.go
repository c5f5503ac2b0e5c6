package resample

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is a bootstrap interval. The zero Interval says that there is none.
type Interval struct {
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Draws int     `json:"draws"` // how many resamples it rests on
}

// Draws is how many resamples a bootstrap takes.
const Draws = 2000

// BCa returns the bias-corrected and accelerated bootstrap interval of a statistic of the summed clusters (Efron 1987, Journal of the
// American Statistical Association 82:171; Efron and Tibshirani 1993, An Introduction to the Bootstrap, equations 14.9 to 14.15).
// Whole clusters are drawn with replacement (Davison and Hinkley 1997, Bootstrap Methods and their Application, section 3.8), the acceleration is that
// of the jackknife over clusters. ok of statistic is false where it has no value; such resamples are drawn again, at most once each.
//
// The interval is that of the seed: the same clusters and the same seed give the same interval. There is none, the zero Interval, with fewer than two
// clusters, or where every cluster left out leaves the statistic as it is: a bootstrap would then say that nothing can vary.
func (c *Clusters) BCa(statistic func(sums []float64) (value float64, ok bool), level float64, seed uint64) Interval {
	if c.n < 2 {
		return Interval{}
	}
	kinds := slices.SortedFunc(slices.Values(c.kinds), func(a, b kind) int { return strings.Compare(a.key, b.key) })
	total := c.Total()
	observed, ok := statistic(total)
	if !ok {
		return Interval{}
	}
	acceleration, ok := jackknife(kinds, total, statistic)
	if !ok {
		return Interval{}
	}
	values := c.resample(kinds, statistic, rand.NewPCG(seed, seed^0x9e3779b97f4a7c15))
	if len(values) == 0 {
		return Interval{}
	}
	slices.Sort(values)
	below := 0.0
	for _, v := range values {
		switch {
		case v < observed:
			below++
		case v == observed:
			below += 0.5
		}
	}
	share := below / float64(len(values))
	least := 1 / (2 * float64(len(values)))
	bias := distuv.UnitNormal.Quantile(min(max(share, least), 1-least))
	end := func(z float64) float64 {
		shifted := bias + z
		if denominator := 1 - acceleration*shifted; denominator > 0 {
			shifted = bias + shifted/denominator
		} else {
			shifted = math.Copysign(math.Inf(1), z)
		}
		at := distuv.UnitNormal.CDF(shifted) * float64(len(values)+1)
		return values[min(max(int(math.Round(at))-1, 0), len(values)-1)]
	}
	z := distuv.UnitNormal.Quantile(0.5 + level/2)
	return Interval{Low: end(-z), High: end(z), Draws: len(values)}
}

// jackknife returns the acceleration, and whether leaving out some cluster changes the statistic.
func jackknife(kinds []kind, total []float64, statistic func([]float64) (float64, bool)) (acceleration float64, ok bool) {
	left := make([]float64, len(total))
	values := make([]float64, len(kinds))
	n, mean := 0.0, 0.0
	for at, k := range kinds {
		for i := range total {
			left[i] = total[i] - k.sums[i]
		}
		v, defined := statistic(left)
		if !defined {
			v = math.NaN()
		} else {
			n += float64(k.count)
			mean += float64(k.count) * v
		}
		values[at] = v
	}
	if n == 0 {
		return 0, false
	}
	mean /= n
	squares, cubes := 0.0, 0.0
	for at, v := range values {
		if d := mean - v; !math.IsNaN(d) {
			squares += float64(kinds[at].count) * d * d
			cubes += float64(kinds[at].count) * d * d * d
		}
	}
	if squares < 1e-24 {
		return 0, false
	}
	return cubes / (6 * math.Pow(squares, 1.5)), true
}

// resample returns the statistic of [Draws] resamples. To draw n clusters is to draw how many of each kind: a multinomial, drawn as binomials one kind after
// another where kinds are few, and cluster by cluster where they are not.
func (c *Clusters) resample(kinds []kind, statistic func([]float64) (float64, bool), src rand.Source) []float64 {
	var owner []int // the kind of each cluster
	rng := rand.New(src)
	if c.n <= 8*len(kinds) {
		for at, k := range kinds {
			for range k.count {
				owner = append(owner, at)
			}
		}
	}
	values := make([]float64, 0, Draws)
	sums, times := make([]float64, len(kinds[0].sums)), make([]float64, len(kinds))
	for try := 0; len(values) < Draws && try < 2*Draws; try++ {
		clear(sums)
		clear(times)
		if owner != nil {
			for range c.n {
				times[owner[rng.IntN(c.n)]]++
			}
		} else {
			left, of := float64(c.n), float64(c.n)
			for at, k := range kinds {
				if p := float64(k.count) / of; p >= 1 {
					times[at] = left
				} else if left > 0 {
					times[at] = distuv.Binomial{N: left, P: p, Src: src}.Rand()
				}
				left -= times[at]
				of -= float64(k.count)
			}
		}
		for at, t := range times {
			if t > 0 {
				for i, s := range kinds[at].sums {
					sums[i] += t * s
				}
			}
		}
		if v, ok := statistic(sums); ok {
			values = append(values, v)
		}
	}
	return values
}
