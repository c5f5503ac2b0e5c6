package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Method names how an interval was computed.
type Method string

const (
	// None marks an estimate without data.
	None Method = ""
	// Wilson is the score interval of Wilson 1927 for a rate (Newcombe 1998a, method 3), and for a difference of paired
	// rates the score interval built from two of them (Newcombe 1998b, method 10).
	Wilson Method = "score"
	// Exact is the interval of [ClopperPearson]: at least as wide as it has to be.
	Exact Method = "exact"
	// Clustered is Wilson's interval, or the one built from two, at the effective sample size; see [Proportion.Rate].
	Clustered Method = "clustered"
)

// Rate is a rate with its interval. The zero Rate has no data.
type Rate struct {
	K      int     `json:"k"`    // successes
	N      int     `json:"n"`    // units
	Value  float64 `json:"rate"` // K/N in [0,1]; 0 when N is 0
	Low    float64 `json:"low"`  // ends of the interval, in [0,1]
	High   float64 `json:"high"`
	Method Method  `json:"method,omitempty"`
}

// Spread returns the longer arm of the interval: Value ± Spread covers it. It is 0 without data.
func (r Rate) Spread() float64 { return max(r.Value-r.Low, r.High-r.Value, 0) }

// Proportion pools clusters into one rate. The zero Proportion is empty; the order of Add does not matter.
type Proportion struct {
	groups, k, n, kk, kn, nn int // sums over clusters: 1, K, N, K², KN, N²
	many                     bool
}

// Add adds the k successes of n units of one cluster. A cluster without units is no cluster.
func (p *Proportion) Add(k, n int) {
	if n == 0 {
		return
	}
	p.groups++
	p.k += k
	p.n += n
	p.kk += k * k
	p.kn += k * n
	p.nn += n * n
	p.many = p.many || n > 1
}

// Rate returns the pooled rate with a confidence interval of the given level, 0.95 for example.
//
// Where no cluster has more than one unit it is Wilson's score interval (Wilson 1927; Newcombe 1998, Statistics in Medicine
// 17:857, method 3). Otherwise the variance of the ratio p = ΣK/ΣN is the linearised, cluster-robust one,
//
//	v = G/(G-1) · Σ (K_g - p N_g)² / (ΣN)²,
//
// (Cochran 1977, Sampling Techniques, chapter 6; G clusters), the design effect is deff = v / (p(1-p)/n), never
// taken below 1, and the interval is Wilson's at n/deff with Student's quantile at G-1 degrees of freedom
// (the effective sample size of Korn and Graubard 1998, in Wilson's interval as by Dean and Pagano 2015). Where p is 0 or 1, or
// there is one cluster, v says nothing and each cluster counts as one unit.
func (p *Proportion) Rate(level float64) Rate {
	if p.n == 0 {
		return Rate{}
	}
	n := float64(p.n)
	r := Rate{K: p.k, N: p.n, Value: float64(p.k) / n, Method: Wilson}
	if !p.many {
		r.Low, r.High = wilson(r.Value, n, normal(level))
		return r
	}
	r.Method = Clustered
	effective := float64(p.groups)
	if binomial := r.Value * (1 - r.Value) / n; p.groups > 1 && binomial > 0 {
		effective = n / max(p.variance()/binomial, 1)
	}
	r.Low, r.High = wilson(r.Value, effective, student(level, p.groups))
	return r
}

// variance returns the linearised variance of ΣK/ΣN over at least two clusters.
func (p *Proportion) variance() float64 {
	ratio, n, groups := float64(p.k)/float64(p.n), float64(p.n), float64(p.groups)
	squares := float64(p.kk) - 2*ratio*float64(p.kn) + ratio*ratio*float64(p.nn)
	return groups / (groups - 1) * max(squares, 0) / (n * n)
}

// wilson returns the score interval around p at n > 0 units and the quantile z.
func wilson(p, n, z float64) (low, high float64) {
	z2 := z * z
	centre := (p + z2/(2*n)) / (1 + z2/n)
	half := z / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	low, high = max(centre-half, 0), min(centre+half, 1)
	if p == 0 { // exact ends, free of rounding
		low = 0
	}
	if p == 1 {
		high = 1
	}
	return low, high
}

// normal returns the two-sided standard normal quantile of a confidence level.
func normal(level float64) float64 { return distuv.UnitNormal.Quantile(0.5 + level/2) }

// student returns the two-sided quantile at groups-1 degrees of freedom, and the normal one for a single group.
func student(level float64, groups int) float64 {
	if groups < 2 {
		return normal(level)
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(groups - 1)}.Quantile(0.5 + level/2)
}
