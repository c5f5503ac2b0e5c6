package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Pair counts the units of one question by how two treatments of the same unit ended.
type Pair struct {
	Both, First, Second, Neither int // successes of both, of the first alone, of the second alone, of none
}

// Difference is the difference of two paired rates, first minus second, with its interval and its test.
// The zero Difference has no data.
type Difference struct {
	N      int     `json:"n"`          // pairs
	B      int     `json:"b"`          // discordant pairs: the first alone right
	C      int     `json:"c"`          // discordant pairs: the second alone right
	Value  float64 `json:"difference"` // (B-C)/N in [-1,1]
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	P      float64 `json:"p"` // two-sided exact test of no difference; 1 when there is no discordant pair
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
	diffs      []int // the D that are not 0
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
	if d != 0 {
		p.diffs = append(p.diffs, d)
	}
}

// Difference returns the pooled difference with a confidence interval of the given level.
//
// Where no cluster has more than one unit, the interval is that of Newcombe 1998 (Statistics in Medicine 17:2635, method 10:
// two Wilson intervals combined, with the continuity-corrected correlation), and P is the exact McNemar test. Otherwise the
// counts are divided by the design effect of the difference (the cluster-robust variance of ΣD/ΣN over the
// binomial one (b + c - (b-c)²/n)/n², never below 1; where all pairs are alike, or there is one cluster, each cluster counts
// as one unit), the quantile is Student's at G-1 degrees of freedom, and P is [SignFlip] over the clusters.
func (p *Paired) Difference(level float64) Difference {
	s := p.sum
	d := Difference{N: s.Both + s.First + s.Second + s.Neither, B: s.First, C: s.Second}
	if d.N == 0 {
		return d
	}
	n := float64(d.N)
	d.Value = float64(d.B-d.C) / n
	if !p.many {
		d.Method, d.Design, d.P = Wilson, 1, McNemar(d.B, d.C)
		d.Low, d.High = newcombe(s, 1, normal(level))
		return d
	}
	d.Method, d.Design, d.P = Clustered, n/float64(p.groups), SignFlip(p.diffs)
	groups := float64(p.groups)
	if binomial := (float64(d.B+d.C) - n*d.Value*d.Value) / (n * n); p.groups > 1 && binomial > 0 {
		squares := float64(p.dd) - 2*d.Value*float64(p.dn) + d.Value*d.Value*float64(p.nn)
		v := groups / (groups - 1) * squares / (n * n)
		d.Design = max(v/binomial, 1)
	}
	d.Low, d.High = newcombe(s, d.Design, student(level, p.groups))
	return d
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

// McNemar returns the two-sided p value of the exact McNemar test of b against c discordant pairs: twice the smaller tail
// of Binomial(b+c, 1/2), at most 1 (McNemar 1947, Psychometrika 12:153, in its exact conditional form).
func McNemar(b, c int) float64 {
	if b == c {
		return 1
	}
	return min(2*distuv.Binomial{N: float64(b + c), P: 0.5}.CDF(float64(min(b, c))), 1)
}

// signFlipLimit is the total of absolute differences up to which SignFlip enumerates; above, the normal
// approximation is good to more digits than are ever printed.
const signFlipLimit = 3000

// SignFlip returns the two-sided p value of the randomisation test that, under no difference, each cluster's difference could
// as well have had the other sign (Fisher 1935, The Design of Experiments, section 21, with the question as the unit).
// It is exact where the absolute differences sum to at most 3000, and the normal approximation
// ΣD/√ΣD² beyond. With differences of -1, 0 and 1 alone it is [McNemar].
func SignFlip(diffs []int) float64 {
	var sizes []int
	total, sum := 0, 0
	squares := 0.0
	for _, d := range diffs {
		sum += d
		if d == 0 {
			continue
		}
		size := max(d, -d)
		sizes = append(sizes, size)
		total += size
		squares += float64(size) * float64(size)
	}
	if sum == 0 {
		return 1
	}
	observed := max(sum, -sum)
	if total > signFlipLimit {
		return 2 * distuv.UnitNormal.Survival(float64(observed)/math.Sqrt(squares))
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
	for s := (total + observed) / 2; s <= total; s++ { // 2s - total >= observed; both have the parity of total
		tail += prob[s]
	}
	return min(2*tail, 1)
}
