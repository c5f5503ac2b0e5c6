package resample_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"cheaptalk/reports/stats"
	"cheaptalk/reports/stats/resample"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %.6f, want %.6f", what, got, want)
	}
}

// flip is the sign-flip test of single differences.
func flip(diffs ...int) (exact, mid float64) {
	var c resample.Clusters
	for _, d := range diffs {
		c.Add(d, 1)
	}
	return c.SignFlip()
}

func TestSignFlipOfSinglePairsIsMcNemar(t *testing.T) {
	for b := range 12 {
		for c := range 12 {
			diffs := append(slices.Repeat([]int{1}, b), slices.Repeat([]int{-1}, c)...)
			exact, mid := flip(append(diffs, 0, 0)...)
			wantExact, wantMid := stats.McNemar(b, c)
			near(t, fmt.Sprint("p of ", b, c), exact, wantExact, 1e-12)
			near(t, fmt.Sprint("mid-p of ", b, c), mid, wantMid, 1e-12)
		}
	}
}

// All 2^n signs, counted one by one.
func TestSignFlipCountsEveryFlip(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		diffs := make([]int, 1+rng.IntN(9))
		observed := 0
		for i := range diffs {
			diffs[i] = rng.IntN(9) - 4
			observed += diffs[i]
		}
		extreme, equal := 0, 0
		for flips := range 1 << len(diffs) {
			sum := 0
			for i, d := range diffs {
				if flips>>i&1 == 1 {
					d = -d
				}
				sum += d
			}
			if max(sum, -sum) >= max(observed, -observed) {
				extreme++
			}
			if max(sum, -sum) == max(observed, -observed) {
				equal++
			}
		}
		exact, mid := flip(diffs...)
		all := float64(int(1) << len(diffs))
		near(t, fmt.Sprint("p of ", diffs), exact, float64(extreme)/all, 1e-12)
		if observed != 0 { // half of what is as extreme counts, in both tails
			near(t, fmt.Sprint("mid-p of ", diffs), mid, (float64(extreme)-float64(equal)/2)/all, 1e-12)
		}
	}
}

func TestSignFlipApproximationMeetsTheExactTest(t *testing.T) {
	diffs := append(slices.Repeat([]int{2}, 790), slices.Repeat([]int{-2}, 700)...) // sums to 2980: exact
	more := append(slices.Clone(diffs), 2, 2, 2, 2, 2, -2, -2, -2, -2, -2, 2, -2)   // 3004: approximated
	approximate, _ := flip(more...)
	exact, _ := flip(diffs...)
	near(t, "p", approximate, exact, 2e-3)
}
