package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Newcombe 1998, Statistics in Medicine 17:857, table I, method 5: the "exact" interval of Clopper and Pearson.
func TestClopperPearsonAgreesWithNewcombe(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, .2527, .3676}, {15, 148, .0578, .1617}, {0, 20, .0000, .1684}, {1, 29, .0009, .1776}} {
		low, high := ClopperPearson(c.k, c.n, .95)
		near(t, fmt.Sprintf("low of %d/%d", c.k, c.n), low, c.low, 5e-5)
		near(t, fmt.Sprintf("high of %d/%d", c.k, c.n), high, c.high, 5e-5)
	}
}

// The ends are where the tails of the binomial are 2.5 %, found by halving; for k = 0 the upper one is 1 - 0.025^(1/n).
func TestClopperPearsonEndsAreTails(t *testing.T) {
	for n := 1; n <= 30; n++ {
		for k := 0; k <= n; k++ {
			low, high := ClopperPearson(k, n, .95)
			if k > 0 {
				near(t, fmt.Sprint("upper tail at the low end of ", k, n), 1-binomialCDF(n, k-1, low), .025, 1e-9)
			}
			if k < n {
				near(t, fmt.Sprint("lower tail at the high end of ", k, n), binomialCDF(n, k, high), .025, 1e-9)
			}
		}
		_, high := ClopperPearson(0, n, .95)
		near(t, "high of nothing", high, 1-math.Pow(.025, 1/float64(n)), 1e-12)
	}
	if low, high := ClopperPearson(0, 0, .95); low != 0 || high != 1 {
		t.Errorf("without data [%v, %v]", low, high)
	}
}

// binomialCDF adds up the terms.
func binomialCDF(n, k int, p float64) float64 {
	sum, term := 0.0, math.Pow(1-p, float64(n))
	for i := 0; i <= k; i++ {
		sum += term
		term *= float64(n-i) / float64(i+1) * p / (1 - p)
	}
	return sum
}

// Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91, table 1: airway hyper-responsiveness before and after transplantation,
// 7 against 1 discordant pairs. By hand: 2 (1+8)/256 and that less 8/256.
func TestMcNemarAgreesWithFagerland(t *testing.T) {
	exact, mid := McNemar(1, 7)
	near(t, "exact", exact, .0703125, 1e-12)
	near(t, "mid-p", mid, .0390625, 1e-12)
}

// Each tail of the mid-p test gives up half of the outcome's own probability.
func TestMidPCountsHalfOfTheOutcome(t *testing.T) {
	for b := range 15 {
		for c := range 15 {
			n := b + c
			extreme, equal := 0.0, 0.0
			for x := 0; x <= n; x++ {
				p := math.Exp(lchoose(n, x) - float64(n)*math.Ln2)
				switch own, other := max(b, c)-min(b, c), max(x, n-x)-min(x, n-x); {
				case other > own:
					extreme += p
				case other == own:
					equal += p
				}
			}
			want := extreme + equal/2
			if b == c { // the middle is in both tails
				want = 1 - equal
			}
			if n == 0 {
				want = 1
			}
			_, mid := McNemar(b, c)
			near(t, fmt.Sprint("mid-p of ", b, c), mid, want, 1e-9)
		}
	}
}

func lchoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// Agresti, Categorical Data Analysis: approval of a prime minister asked twice, 794 both times, 150 the first alone, 86 the second alone, 570 never.
// The difference is 0.04 and the odds ratio of the discordant pairs 150/86.
func TestPrimeMinister(t *testing.T) {
	d := pairs(794, 150, 86, 570).Difference(.95)
	near(t, "difference", d.Value, .04, 1e-12)
	odds, ok := d.Odds(.95)
	if !ok {
		t.Fatal("no odds ratio")
	}
	near(t, "odds ratio", odds.Ratio, 150./86, 1e-12)
	low, high := ClopperPearson(150, 236, .95)
	near(t, "low", odds.Low/(1+odds.Low), low, 1e-12)
	near(t, "high", odds.High/(1+odds.High), high, 1e-12)
	if d.P > 4e-5 || d.P < 2e-5 || d.MidP >= d.P { // z² = 64²/236 = 17.36
		t.Errorf("p = %v, mid-p %v", d.P, d.MidP)
	}
}

func TestOddsAreFinite(t *testing.T) {
	if _, ok := pairs(5, 0, 0, 5).Difference(.95).Odds(.95); ok {
		t.Error("an odds ratio of no discordant pairs")
	}
	if o, _ := pairs(5, 6, 0, 5).Difference(.95).Odds(.95); o.Ratio != 0 || o.High != 0 || o.Low <= 0 {
		t.Errorf("6 against 0: %+v", o)
	}
	if o, _ := pairs(5, 0, 6, 5).Difference(.95).Odds(.95); o.Ratio != 0 || o.Low != 0 || o.High <= 0 || o.High >= 1 {
		t.Errorf("0 against 6: %+v", o)
	}
}

// Siegel 1956, Nonparametric Statistics, chapter 7: 18 housewives under three styles of interview, 13, 13 and 3 of them willing; Q = 16.7, p < .001.
func TestCochranAgreesWithSiegel(t *testing.T) {
	var b Blocks
	add := func(times int, row ...bool) {
		for range times {
			b.Add(row)
		}
	}
	add(11, true, true, false) // rows that have these totals, and ΣL = 29, ΣL² = 63 as there
	add(2, true, true, true)
	add(1, false, false, true)
	add(4, false, false, false)
	c, ok := b.Test(1)
	if !ok || c.N != 18 || c.Discordant != 12 || c.Treatments != 3 {
		t.Fatalf("%+v", c)
	}
	near(t, "Q", c.Q, 400./24, 1e-12)
	near(t, "p", c.P, math.Exp(-400./48), 1e-12) // chi-squared at 2 degrees of freedom is exponential
	halved, _ := b.Test(2)
	near(t, "Q at a design effect of 2", halved.Q, 200./24, 1e-12)
}

func TestCochranOfTwoIsMcNemarsChiSquared(t *testing.T) {
	for _, c := range []struct{ b, c int }{{1, 0}, {7, 1}, {150, 86}} {
		var blocks Blocks
		for range c.b {
			blocks.Add([]bool{true, false})
		}
		for range c.c {
			blocks.Add([]bool{false, true})
		}
		blocks.Add([]bool{true, true})
		got, _ := blocks.Test(1)
		d := float64(c.b - c.c)
		near(t, fmt.Sprint("Q of ", c), got.Q, d*d/float64(c.b+c.c), 1e-9)
	}
	var none Blocks
	none.Add([]bool{true, true})
	if _, ok := none.Test(1); ok {
		t.Error("treatments that never differ are tested")
	}
}

// At the margin that the 90 % interval ends on, the p value is 5 %; and the tests shift with the data.
func TestEquivalenceIsTheIntervalTurnedRound(t *testing.T) {
	p := pairs(300, 40, 30, 130)
	ninety := p.Difference(.9)
	e := p.Equivalence(-ninety.Low, .95)
	near(t, "p at the lower end", e.NotWorse, .05, 1e-4)
	near(t, "low", e.Low, ninety.Low, 1e-12)
	if wide := p.Equivalence(.5, .95); wide.NotWorse > 1e-6 || wide.Same > 1e-6 {
		t.Errorf("a margin of 50 points: %+v", wide)
	}
	if e.Same < e.NotWorse {
		t.Errorf("two sides are easier than one: %+v", e)
	}
	if worse := pairs(300, 10, 60, 130).Equivalence(.02, .95); worse.NotWorse != .5 {
		t.Errorf("10 points worse: %+v", worse)
	}
	if none := (&Paired{}).Equivalence(.02, .95); none != (Equivalence{}) {
		t.Errorf("without data %+v", none)
	}
}

// Wald's test at large n: (d + δ) / se, se² = (b + c - (b-c)²/n) / n².
func TestEquivalenceMeetsWaldWithManyPairs(t *testing.T) {
	const b, c, n = 2000, 1960, 40000
	got := pairs(20000, b, c, n-20000-b-c).Equivalence(.003, .95)
	d := float64(b-c) / n
	se := math.Sqrt(b+c-float64((b-c)*(b-c))/n) / n
	near(t, "p", got.NotWorse, distuv.UnitNormal.Survival((d+.003)/se), 2e-3)
}

// exactPower is the power of the mid-p McNemar test for pairs in which the first alone is right with probability pb and the second with pc: every outcome, added up.
func exactPower(n int, pb, pc float64) float64 {
	power := 0.0
	discordant := distuv.Binomial{N: float64(n), P: pb + pc}
	for m := 1; m <= n; m++ {
		weight := discordant.Prob(float64(m))
		if weight < 1e-9 {
			continue
		}
		split := distuv.Binomial{N: float64(m), P: pb / (pb + pc)}
		for b := 0; b <= m; b++ {
			if _, mid := McNemar(b, m-b); mid < .05 {
				power += weight * split.Prob(float64(b))
			}
		}
	}
	return power
}

// Connor's formula is for the asymptotic test; the mid-p test has that power to within two points.
func TestPairsNeededHaveThePower(t *testing.T) {
	for _, c := range []struct{ n, b, c int }{{100, 20, 5}, {100, 12, 4}, {200, 30, 10}, {50, 12, 3}} {
		d := pairs(c.n-c.b-c.c, c.b, c.c, 0).Difference(.95)
		needed, ok := PairsNeeded(d, .95)
		if !ok {
			t.Fatal("no number would do")
		}
		near(t, fmt.Sprintf("power of %v pairs at %v", needed, c), exactPower(int(needed), float64(c.b)/float64(c.n), float64(c.c)/float64(c.n)), Power, .03)
	}
}

// Detectable is PairsNeeded solved for the difference.
func TestDetectableNeedsAsManyPairsAsThereAre(t *testing.T) {
	for _, c := range []struct{ n, b, c int }{{160, 12, 16}, {1000, 90, 60}, {5000, 5, 6}} {
		d := pairs(c.n-c.b-c.c, c.b, c.c, 0).Difference(.95)
		least, ok := Detectable(d, .95)
		if !ok {
			t.Fatalf("%v: nothing is detectable", c)
		}
		near(t, fmt.Sprint("pairs needed at ", c), needed(float64(c.b+c.c)/float64(c.n), least, 1, .95), float64(c.n), 1e-6*float64(c.n))
	}
	if _, ok := Detectable(pairs(10, 1, 1, 0).Difference(.95), .95); ok {
		t.Error("two discordant pairs of twelve detect something")
	}
}

// Independent members are worth as many votes as they are, copies one, and two pairs of copies two.
func TestEffectiveVotes(t *testing.T) {
	votes := func(ballot func(*rand.Rand) []bool) Votes {
		var p Panel
		rng := rand.New(rand.NewPCG(1, 2))
		for range 4000 {
			p.Add(ballot(rng))
			p.Flush()
		}
		return p.Votes(.95, 1)
	}
	coin := func(rng *rand.Rand, p float64) bool { return rng.Float64() < p }
	alone := votes(func(rng *rand.Rand) []bool { return []bool{coin(rng, .9), coin(rng, .5), coin(rng, .3)} })
	near(t, "independent", alone.Effective, 3, .15)
	if alone.Low > 3 || alone.High < 3 || alone.N != 4000 || alone.Members != 3 {
		t.Errorf("independent: %+v", alone)
	}
	copies := votes(func(rng *rand.Rand) []bool { c := coin(rng, .6); return []bool{c, c, c, c} })
	near(t, "copies", copies.Effective, 1, 1e-9)
	near(t, "correlation of copies", copies.Correlation, 1, 1e-9)
	twins := votes(func(rng *rand.Rand) []bool { a, b := coin(rng, .6), coin(rng, .6); return []bool{a, a, b, b} })
	near(t, "two pairs", twins.Correlation, 1./3, .03) // 2 of 6 pairs
	near(t, "two pairs", twins.Effective, 2, .1)
	if sure := votes(func(*rand.Rand) []bool { return []bool{true, true} }); sure.Effective != 0 {
		t.Errorf("nothing varies: %+v", sure)
	}
}

// The reliability diagram adds up to ECE.
func TestBinsAddUpToECE(t *testing.T) {
	var c Confidence
	rng := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		p := rng.Float64()
		c.Add(p, rng.Float64() < p*p)
	}
	ece, n := 0.0, 0
	for _, b := range c.Bins(.95) {
		ece += float64(b.N) * math.Abs(b.Accuracy.Value-b.Confidence)
		n += b.N
		if b.Confidence < b.From || b.Confidence > b.From+.1 || b.Accuracy.Low > b.Accuracy.Value {
			t.Errorf("%+v", b)
		}
	}
	if n != 500 {
		t.Errorf("%d answers in bins", n)
	}
	near(t, "ECE", ece/500, c.ECE(), 1e-12)
}
