package stats

import (
	"math"

	"cheaptalk/reports/stats/resample"
)

// Pair counts the units of one question by how two treatments of the same unit ended.
type Pair struct {
	Both, First, Second, Neither int // successes of both, of the first alone, of the second alone, of none
}

// Difference is the difference of two paired rates, first minus second, with its interval and its test.
// The zero Difference has no data.
type Difference struct {
	N     int     `json:"n"`          // pairs
	B     int     `json:"b"`          // discordant pairs: the first alone right
	C     int     `json:"c"`          // discordant pairs: the second alone right
	Value float64 `json:"difference"` // (B-C)/N in [-1,1]
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	P     float64 `json:"p"` // two-sided exact test of no difference; 1 when there is no discordant pair
	// MidP is the same test with half the probability of the outcome itself: less cautious, and near its level where P is below it.
	MidP   float64 `json:"mid_p"`
	Method Method  `json:"method,omitempty"`
	// Design is the design effect, at least 1: so many pairs say as much as one pair of a question of its own.
	Design float64 `json:"design_effect"`
}

// Noise reports whether the interval includes 0: there may be no difference. It is true without data.
func (d Difference) Noise() bool { return d.N == 0 || d.Low <= 0 && d.High >= 0 }

// Paired pools clusters into one difference of paired rates. The zero Paired is empty; the order of Add does not matter.
type Paired struct {
	sum        Pair
	groups     int
	dd, dn, nn int // sums over clusters: D², DN, N², where D = First - Second
	many       bool
	clusters   resample.Clusters // of D and N
}

// Add adds the units of one cluster. A cluster without units is no cluster.
func (p *Paired) Add(c Pair) {
	n, d := c.Both+c.First+c.Second+c.Neither, c.First-c.Second
	if n == 0 {
		return
	}
	p.groups++
	p.sum.Both += c.Both
	p.sum.First += c.First
	p.sum.Second += c.Second
	p.sum.Neither += c.Neither
	p.dd += d * d
	p.dn += d * n
	p.nn += n * n
	p.many = p.many || n > 1
	p.clusters.Add(d, n)
}

// Clusters returns the number of clusters.
func (p *Paired) Clusters() int { return p.groups }

// Difference returns the pooled difference with a confidence interval of the given level.
//
// Where no cluster has more than one unit, the interval is that of Newcombe 1998 (Statistics in Medicine 17:2635, method 10:
// two Wilson intervals combined, with the continuity-corrected correlation), and P is the exact McNemar test. Otherwise the
// counts are divided by the design effect of the difference (the cluster-robust variance of ΣD/ΣN over the
// binomial one (b + c - (b-c)²/n)/n², never below 1; where all pairs are alike, or there is one cluster, each cluster counts
// as one unit), the quantile is Student's at G-1 degrees of freedom, and P is
// [resample.Clusters.SignFlip] over the clusters.
func (p *Paired) Difference(level float64) Difference {
	s := p.sum
	d := Difference{N: s.Both + s.First + s.Second + s.Neither, B: s.First, C: s.Second}
	if d.N == 0 {
		return d
	}
	d.Value = float64(d.B-d.C) / float64(d.N)
	d.Method, d.Design = Wilson, 1
	if p.many {
		d.Method, d.Design = Clustered, p.design(d)
		d.P, d.MidP = p.clusters.SignFlip()
	} else {
		d.P, d.MidP = McNemar(d.B, d.C)
	}
	d.Low, d.High = p.interval(d.Design, level)
	return d
}

// design returns the design effect of a difference of clusters of several units.
func (p *Paired) design(d Difference) float64 {
	n, groups := float64(d.N), float64(p.groups)
	if binomial := (float64(d.B+d.C) - n*d.Value*d.Value) / (n * n); p.groups > 1 && binomial > 0 {
		squares := float64(p.dd) - 2*d.Value*float64(p.dn) + d.Value*d.Value*float64(p.nn)
		return max(groups/(groups-1)*squares/(n*n)/binomial, 1)
	}
	return n / groups
}

// interval returns the interval of the difference at its design effect.
func (p *Paired) interval(design, level float64) (low, high float64) {
	if p.many {
		return newcombe(p.sum, design, student(level, p.groups))
	}
	return newcombe(p.sum, 1, normal(level))
}

// newcombe returns the interval of method 10 for the counts divided by deff.
func newcombe(p Pair, deff, z float64) (low, high float64) {
	a, b, c, d := float64(p.Both)/deff, float64(p.First)/deff, float64(p.Second)/deff, float64(p.Neither)/deff
	n := a + b + c + d
	p1, p2 := (a+b)/n, (a+c)/n
	l1, u1 := wilson(p1, n, z)
	l2, u2 := wilson(p2, n, z)
	phi := 0.0
	if product := (a + b) * (c + d) * (a + c) * (b + d); product > 0 {
		switch cross := a*d - b*c; {
		case cross > n/2:
			phi = (cross - n/2) / math.Sqrt(product)
		case cross < 0:
			phi = cross / math.Sqrt(product)
		}
	}
	arm := func(x, y float64) float64 { return math.Sqrt(max(x*x-2*phi*x*y+y*y, 0)) }
	diff := p1 - p2
	return max(diff-arm(p1-l1, u2-p2), -1), min(diff+arm(u1-p1, p2-l2), 1)
}

// Bootstrap returns the BCa interval of the difference by drawing clusters; see [resample.Clusters.BCa].
func (p *Paired) Bootstrap(level float64, seed uint64) resample.Interval {
	return p.clusters.BCa(func(sums []float64) (float64, bool) {
		if sums[1] == 0 {
			return 0, false
		}
		return sums[0] / sums[1], true
	}, level, seed)
}
