package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %.6f, want %.6f", what, got, want)
	}
}

// single makes n clusters of one unit, k of them successes.
func single(k, n int) *Proportion {
	var p Proportion
	for i := range n {
		p.Add(min(max(k-i, 0), 1), 1)
	}
	return &p
}

// pairs makes clusters of one pair.
func pairs(both, first, second, neither int) *Paired {
	var p Paired
	for range both {
		p.Add(Pair{Both: 1})
	}
	for range first {
		p.Add(Pair{First: 1})
	}
	for range second {
		p.Add(Pair{Second: 1})
	}
	for range neither {
		p.Add(Pair{Neither: 1})
	}
	return &p
}

// Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
func TestWilsonAgreesWithNewcombe(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, .0000, .1611}, {1, 29, .0061, .1718},
	} {
		r := single(c.k, c.n).Rate(0.95)
		near(t, fmt.Sprintf("low of %d/%d", c.k, c.n), r.Low, c.low, 5e-5)
		near(t, fmt.Sprintf("high of %d/%d", c.k, c.n), r.High, c.high, 5e-5)
		if r.Method != Wilson || r.K != c.k || r.N != c.n {
			t.Errorf("%d/%d: %+v", c.k, c.n, r)
		}
	}
}

// With one unit a cluster the variance is p(1-p)/(n-1): the binomial one times n/(n-1).
func TestClusterVarianceOfSingletonsIsBinomial(t *testing.T) {
	for _, c := range []struct{ k, n int }{{1, 2}, {3, 10}, {61, 160}} {
		p := float64(c.k) / float64(c.n)
		near(t, fmt.Sprintf("variance of %d/%d", c.k, c.n), single(c.k, c.n).variance(), p*(1-p)/float64(c.n-1), 1e-12)
	}
}

// Asking every question m times and hearing the same answer adds nothing: the variance stays p(1-p)/(G-1).
func TestClusterVarianceIgnoresCopies(t *testing.T) {
	for _, m := range []int{2, 3, 50} {
		var p Proportion
		for i := range 40 {
			p.Add(m*(i%4/3), m)
		}
		near(t, fmt.Sprintf("variance of %d copies", m), p.variance(), .25*.75/39, 1e-12)
		r := p.Rate(0.95)
		low, high := wilson(.25, 40*(39.0/40), student(.95, 40))
		near(t, "low", r.Low, low, 1e-12)
		near(t, "high", r.High, high, 1e-12)
		if r.Method != Clustered {
			t.Errorf("method %q", r.Method)
		}
	}
}

// The linearised variance, recomputed from its definition over clusters of many sizes.
func TestClusterVarianceIsTheLinearisedOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var p Proportion
		type cluster struct{ k, n float64 }
		var all []cluster
		var k, n float64
		for range 2 + rng.IntN(30) {
			size := 1 + rng.IntN(5)
			c := cluster{float64(rng.IntN(size + 1)), float64(size)}
			all = append(all, c)
			k, n = k+c.k, n+c.n
			p.Add(int(c.k), int(c.n))
		}
		sum, groups := 0.0, float64(len(all))
		for _, c := range all {
			sum += (c.k - k/n*c.n) * (c.k - k/n*c.n)
		}
		near(t, "variance", p.variance(), groups/(groups-1)*sum/(n*n), 1e-12)
	}
}

func TestNoIntervalHasWidthZero(t *testing.T) {
	for _, c := range []struct{ k, n, groups int }{{0, 3, 5}, {3, 3, 5}, {1, 2, 6}, {2, 2, 1}, {1, 2, 1}, {1, 1, 1}, {0, 1, 1}} {
		var p Proportion
		var d Paired
		for range c.groups {
			p.Add(c.k, c.n)
			d.Add(Pair{First: c.k, Both: c.n - c.k})
		}
		r, diff := p.Rate(.95), d.Difference(.95)
		if !(r.Low < r.High) || r.Low < 0 || r.High > 1 || r.Low > r.Value || r.High < r.Value {
			t.Errorf("%+v: rate %+v", c, r)
		}
		if !(diff.Low < diff.High) || diff.Low < -1 || diff.High > 1 {
			t.Errorf("%+v: difference %+v", c, diff)
		}
	}
}

// newcombeTwin is method 10 as its definition reads, term by term.
func newcombeTwin(a, b, c, d, z float64) (low, high float64) {
	n := a + b + c + d
	l2, u2 := wilson((a+b)/n, n, z)
	l3, u3 := wilson((a+c)/n, n, z)
	dl2, du2, dl3, du3 := (a+b)/n-l2, u2-(a+b)/n, (a+c)/n-l3, u3-(a+c)/n
	bigA := (a + b) * (c + d) * (a + c) * (b + d)
	bigB := a*d - b*c
	var bigC float64
	if bigB > n/2 {
		bigC = bigB - n/2
	} else if bigB < 0 {
		bigC = bigB
	}
	phi := 0.0
	if bigA > 0 {
		phi = bigC / math.Sqrt(bigA)
	}
	diff := (b - c) / n
	return diff - math.Sqrt(dl2*dl2-2*phi*dl2*du3+du3*du3), diff + math.Sqrt(du2*du2-2*phi*du2*dl3+dl3*dl3)
}

func TestPairedIntervalIsNewcombesMethod10(t *testing.T) {
	z := normal(.95)
	for a := range 6 {
		for b := range 6 {
			for c := range 6 {
				for d := range 6 {
					if a+b+c+d == 0 {
						continue
					}
					low, high := newcombeTwin(float64(a), float64(b), float64(c), float64(d), z)
					got := pairs(a, b, c, d).Difference(.95)
					near(t, fmt.Sprint("low of ", a, b, c, d), got.Low, max(low, -1), 1e-12)
					near(t, fmt.Sprint("high of ", a, b, c, d), got.High, min(high, 1), 1e-12)
				}
			}
		}
	}
	// Worked by hand: 36 pairs alike, 12 against 2.
	d := pairs(36, 12, 2, 0).Difference(.95)
	near(t, "difference", d.Value, .20, 1e-12)
	near(t, "low", d.Low, .0569, 5e-5)
	near(t, "high", d.High, .3404, 5e-5)
}

func TestMcNemarClosedForms(t *testing.T) {
	for _, c := range []struct {
		b, c int
		want float64
	}{{0, 0, 1}, {4, 4, 1}, {5, 0, 2.0 / 32}, {0, 5, 2.0 / 32}, {1, 5, 2 * 7.0 / 64}, {10, 2, 2 * (1 + 12 + 66) / 4096.0}, {1, 0, 1}} {
		exact, _ := McNemar(c.b, c.c)
		near(t, fmt.Sprint("p of ", c.b, c.c), exact, c.want, 1e-12)
		near(t, fmt.Sprint("p by pairs of ", c.b, c.c), pairs(3, c.b, c.c, 2).Difference(.95).P, c.want, 1e-12)
	}
}

// Holm 1979: the smallest of four times four, the next times three, made monotone.
func TestHolm(t *testing.T) {
	got := Holm([]float64{.01, .04, .03, .005})
	for i, want := range []float64{.03, .06, .06, .02} {
		near(t, fmt.Sprint("adjusted ", i), got[i], want, 1e-12)
	}
	if got := Holm([]float64{.6, .7}); got[0] != 1 || got[1] != 1 {
		t.Errorf("Holm does not stop at 1: %v", got)
	}
	if got := Holm(nil); len(got) != 0 {
		t.Errorf("Holm of nothing: %v", got)
	}
}

// Connor 1987: ψ = .3, δ = .1, α = .05, power .8 by hand: (1.95996·√.3 + .84162·√.29)²/.01 = 233.1.
func TestPairsNeeded(t *testing.T) {
	n, ok := PairsNeeded(pairs(40, 20, 10, 30).Difference(.95), .95)
	if !ok || n != 234 {
		t.Errorf("pairs needed = %v %v, want 234", n, ok)
	}
	if _, ok := PairsNeeded(pairs(40, 10, 10, 40).Difference(.95), .95); ok {
		t.Error("no number of pairs settles a difference of 0")
	}
}

// coverage returns how often an interval covers the truth.
func coverage(t *testing.T, what string, least float64, covers func(rng *rand.Rand) bool) {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 6))
	hit := 0
	const runs = 2000
	for range runs {
		if covers(rng) {
			hit++
		}
	}
	if got := float64(hit) / runs; got < least || got > 0.985 {
		t.Errorf("coverage of %s is %.3f", what, got)
	}
}

// answers simulates m units of a question whose own rate is p ± .4, so that units of a question are alike.
func answers(rng *rand.Rand, p float64, m int) (k int) {
	own := p + .4
	if rng.Float64() < .5 {
		own = p - .4
	}
	for range m {
		if rng.Float64() < own {
			k++
		}
	}
	return k
}

func TestCoverage(t *testing.T) {
	coverage(t, "Wilson's interval, n = 60, p = .3", .93, func(rng *rand.Rand) bool {
		var p Proportion
		for range 60 {
			k := 0
			if rng.Float64() < .3 {
				k = 1
			}
			p.Add(k, 1)
		}
		r := p.Rate(.95)
		return r.Low <= .3 && .3 <= r.High
	})
	clustered := func(groups int, interval func(p *Proportion) Rate) func(rng *rand.Rand) bool {
		return func(rng *rand.Rand) bool {
			var p Proportion
			for range groups {
				m := 1 + rng.IntN(9)
				p.Add(answers(rng, .5, m), m)
			}
			r := interval(&p)
			return r.Low <= .5 && .5 <= r.High
		}
	}
	coverage(t, "the clustered interval, 40 questions", .93, clustered(40, func(p *Proportion) Rate { return p.Rate(.95) }))
	coverage(t, "the clustered interval, 8 questions", .92, clustered(8, func(p *Proportion) Rate { return p.Rate(.95) }))
	coverage(t, "the clustered difference, 30 questions of 4 pairs", .93, func(rng *rand.Rand) bool {
		var d Paired
		for range 30 {
			own := rng.Float64() // of the question, shared by both treatments
			var c Pair
			for range 4 {
				first, second := rng.Float64() < .2+.8*own, rng.Float64() < .8*own
				switch {
				case first && second:
					c.Both++
				case first:
					c.First++
				case second:
					c.Second++
				default:
					c.Neither++
				}
			}
			d.Add(c)
		}
		r := d.Difference(.95)
		return r.Low <= .2 && .2 <= r.High
	})
	coverage(t, "the paired difference, 80 pairs", .93, func(rng *rand.Rand) bool {
		var d Paired
		for range 80 {
			switch u := rng.Float64(); {
			case u < .5:
				d.Add(Pair{Both: 1})
			case u < .65:
				d.Add(Pair{First: 1})
			case u < .70:
				d.Add(Pair{Second: 1})
			default:
				d.Add(Pair{Neither: 1})
			}
		}
		r := d.Difference(.95)
		return r.Low <= .1 && .1 <= r.High
	})
}

// The interval that ignores clusters fails where the clustered one holds: the test of the test above.
func TestIgnoringClustersUndercovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	naive, clustered := 0, 0
	for range 500 {
		var one, all Proportion
		for range 40 {
			k := answers(rng, .5, 8)
			all.Add(k, 8)
			for i := range 8 {
				one.Add(min(max(k-i, 0), 1), 1)
			}
		}
		if r := one.Rate(.95); r.Low <= .5 && .5 <= r.High {
			naive++
		}
		if r := all.Rate(.95); r.Low <= .5 && .5 <= r.High {
			clustered++
		}
	}
	if naive > 400 || clustered < 465 {
		t.Errorf("of 500 intervals the naive cover %d, the clustered %d", naive, clustered)
	}
}

func TestCalibrationClosedForms(t *testing.T) {
	var c Confidence
	if c.N() != 0 || c.ECE() != 0 || c.Brier() != 0 {
		t.Error("an empty Confidence is not zero")
	}
	// Bin .9: four answers at .95, three right: gap .2. Bin .5: four at .5, two right: gap 0.
	for i := range 4 {
		c.Add(.95, i < 3)
		c.Add(.5, i < 2)
	}
	near(t, "ECE", c.ECE(), .5*.2, 1e-12)
	near(t, "Brier", c.Brier(), (3*.05*.05+.95*.95+4*.25)/8, 1e-12)
	mean, accuracy := c.Mean()
	near(t, "mean", mean, .725, 1e-12)
	near(t, "accuracy", accuracy, .625, 1e-12)
	var edge Confidence
	edge.Add(1, true)
	edge.Add(0, false)
	near(t, "ECE of certainty", edge.ECE(), 0, 0)
	near(t, "Brier of certainty", edge.Brier(), 0, 0)
}

func FuzzNoCountMakesNaN(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0})
	f.Add([]byte{1, 0, 0, 0, 0, 3, 0, 0})
	f.Add([]byte{3, 2, 1, 0, 9, 9, 9, 9, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, counts []byte) {
		var p Proportion
		var d Paired
		for ; len(counts) >= 4; counts = counts[4:] {
			c := Pair{int(counts[0]), int(counts[1]), int(counts[2]), int(counts[3])}
			d.Add(c)
			p.Add(c.Both, c.Both+c.First)
		}
		r, diff := p.Rate(.95), d.Difference(.95)
		for _, x := range []float64{r.Value, r.Low, r.High, r.Spread(), diff.Value, diff.Low, diff.High, diff.P, diff.Design} {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Fatalf("%+v %+v", r, diff)
			}
		}
		if r.N > 0 && (r.Low > r.Value+1e-12 || r.High < r.Value-1e-12) || diff.Low > diff.Value+1e-12 || diff.High < diff.Value-1e-12 {
			t.Fatalf("interval without its estimate: %+v %+v", r, diff)
		}
		if diff.P < 0 || diff.P > 1 {
			t.Fatalf("p = %v", diff.P)
		}
	})
}
