package predict

import (
	"math"
	"math/bits"

	"gonum.org/v1/gonum/stat/distuv"

	"cheaptalk/reports/stats"
)

// Level is that of every interval.
const Level = 0.95

// Estimate is a predicted rate in [0,1], or a difference of two in [-1,1], with its interval. The zero Estimate is of nothing: there was no case of it.
type Estimate struct {
	N     int     `json:"-" yaml:"-"` // simulated units behind Value
	Value float64 `json:"value" yaml:"value"`
	Low   float64 `json:"low" yaml:"low"`
	High  float64 `json:"high" yaml:"high"`
}

// IsZero reports whether there is no estimate.
func (e Estimate) IsZero() bool { return e.N == 0 && e.Value == 0 && e.Low == 0 && e.High == 0 }

// component is a normal distribution: what one draw says.
type component struct{ mean, sd float64 }

// twoSided is the normal quantile of Level.
func twoSided() float64 { return distuv.UnitNormal.Quantile(0.5 + Level/2) }

// rate makes the estimate of a rate from its proportions by draw, the one at the profiles' own parameters first.
func rate(draws []*stats.Proportion) Estimate {
	var value stats.Rate
	var mixture []component
	for i, p := range draws {
		r := p.Rate(Level)
		if i == 0 {
			value = r
		}
		if r.N > 0 && (i > 0 || len(draws) == 1) {
			mixture = append(mixture, component{r.Value, (r.High - r.Low) / (2 * twoSided())})
		}
	}
	if value.N == 0 || len(mixture) == 0 {
		return Estimate{}
	}
	return estimate(value.Value, value.N, mixture, 0, 1)
}

// difference makes the estimate of a paired difference, first minus second, from the answers that were right by draw.
func difference(first, second []bitset, n int) (Estimate, stats.Difference) {
	var at stats.Difference
	var mixture []component
	for i := range first {
		b, c := first[i].without(second[i]), second[i].without(first[i])
		d := stats.Difference{N: n, B: b, C: c, Value: float64(b-c) / float64(n), Design: 1}
		if i == 0 {
			at = d
		}
		if i > 0 || len(first) == 1 {
			mixture = append(mixture, component{d.Value, pairedError(d)})
		}
	}
	return estimate(at.Value, n, mixture, -1, 1), at
}

// pairedError returns the standard error of a paired difference, √(b + c - (b-c)²/n) / n, with half a discordant pair added to each side, so that no
// difference is a certainty.
func pairedError(d stats.Difference) float64 {
	n, gap := float64(d.N), float64(d.B-d.C)
	return math.Sqrt(max(float64(d.B+d.C)+1-gap*gap/n, 0)) / n
}

// estimate returns a value with the interval of the mixture within a range.
func estimate(value float64, n int, mixture []component, least, most float64) Estimate {
	return Estimate{
		N: n, Value: value,
		Low:  max(min(quantile(mixture, 0.5-Level/2), value), least),
		High: min(max(quantile(mixture, 0.5+Level/2), value), most),
	}
}

// quantile returns the q-quantile of an even mixture of normal distributions, by bisection.
func quantile(mixture []component, q float64) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, c := range mixture {
		low, high = min(low, c.mean-9*c.sd), max(high, c.mean+9*c.sd)
	}
	for range 60 {
		x := (low + high) / 2
		below := 0.0
		for _, c := range mixture {
			switch {
			case c.sd > 0:
				below += distuv.UnitNormal.CDF((x - c.mean) / c.sd)
			case x >= c.mean:
				below++
			}
		}
		if below < q*float64(len(mixture)) {
			low = x
		} else {
			high = x
		}
	}
	return (low + high) / 2
}

// bitset is a set of questions.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(i int) { b[i/64] |= 1 << (i % 64) }

// without counts the questions of b that are not of o.
func (b bitset) without(o bitset) int {
	n := 0
	for i := range b {
		n += bits.OnesCount64(b[i] &^ o[i])
	}
	return n
}
