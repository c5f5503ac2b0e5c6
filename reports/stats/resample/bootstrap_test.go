package resample_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"cheaptalk/reports/stats/resample"
)

// Efron and Tibshirani 1993, An Introduction to the Bootstrap, table 14.2: the variance of the 26 values A of the spatial test, 171.5, has the 90 % BCa interval
// [115.8, 259.6]. The ends are of 2000 resamples, there and here, and so to within a few units.
func TestBCaAgreesWithEfronAndTibshirani(t *testing.T) {
	var c resample.Clusters
	for _, a := range []int{48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41} {
		c.Add(1, a, a*a)
	}
	variance := func(s []float64) (float64, bool) { return s[2]/s[0] - s[1]*s[1]/(s[0]*s[0]), true }
	observed, _ := variance(c.Total())
	near(t, "variance", observed, 171.5, .05)
	got := c.BCa(variance, .9, 1)
	near(t, "low", got.Low, 115.8, 6)
	near(t, "high", got.High, 259.6, 8)
	if again := c.BCa(variance, .9, 1); again != got {
		t.Errorf("the same seed gives %+v and %+v", got, again)
	}
}

func mean(s []float64) (float64, bool) { return s[0] / s[1], s[1] > 0 }

// Clusters of equal sums are drawn as one kind, many different ones one by one: both are the same bootstrap, here of a mean, whose interval is the normal one.
func TestKindsAreClusters(t *testing.T) {
	for _, distinct := range []int{2, 400} {
		var c resample.Clusters
		rng := rand.New(rand.NewPCG(7, uint64(distinct)))
		const n = 800
		sum, squares := 0.0, 0.0
		for range n {
			v := rng.IntN(distinct)
			c.Add(v, 1)
			sum += float64(v)
			squares += float64(v) * float64(v)
		}
		sd := math.Sqrt(squares/n-sum*sum/(n*n)) / math.Sqrt(n)
		got := c.BCa(mean, .95, 3)
		near(t, fmt.Sprintf("low of %d kinds", distinct), got.Low, sum/n-1.96*sd, .15*sd)
		near(t, fmt.Sprintf("high of %d kinds", distinct), got.High, sum/n+1.96*sd, .15*sd)
		if got.Draws != resample.Draws {
			t.Errorf("%d draws", got.Draws)
		}
	}
}

func TestOrderOfClustersDoesNotMatter(t *testing.T) {
	var forward, backward resample.Clusters
	for i := range 50 {
		forward.Add(i%7, 1+i%3)
		backward.Add((49-i)%7, 1+(49-i)%3)
	}
	if a, b := forward.BCa(mean, .95, 9), backward.BCa(mean, .95, 9); a != b {
		t.Errorf("%+v and %+v", a, b)
	}
}

// A bootstrap of what cannot vary says nothing, and does not say that it is sure.
func TestNothingToVary(t *testing.T) {
	var none, one, alike resample.Clusters
	one.Add(1, 1)
	for range 20 {
		alike.Add(1, 1)
	}
	for name, c := range map[string]*resample.Clusters{"none": &none, "one": &one, "alike": &alike} {
		if got := c.BCa(mean, .95, 1); got != (resample.Interval{}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
