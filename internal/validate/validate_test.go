package validate

import (
	"math"
	"testing"

	"cheaptalk/internal/race"
)

// TestMeanAccuracyIsAMartingaleAndTheVoteFalls holds theorem 2 of Choi et al. 2025 (arXiv 2508.17536v2) and, for five agents and a prior mass of
// 5, a simulation of the theory that is not this one: votes of .742, .711 and .682 at rounds 0, 1 and 5, standard errors of .0025 at most.
func TestMeanAccuracyIsAMartingaleAndTheVoteFalls(t *testing.T) {
	race.SkipPure(t)
	mean, vote := urn(5, 5, 1)
	for round, q := range mean {
		r := q.Rate(0.95)
		if se := r.Spread() / 1.96; math.Abs(r.Value-dcmRight) > 3*se {
			t.Errorf("round %d: mean accuracy %.4f is %.1f standard errors from %.2f", round, r.Value, math.Abs(r.Value-dcmRight)/se, dcmRight)
		}
	}
	for round, want := range map[int]float64{0: 0.742, 1: 0.711, 5: 0.682} {
		r := vote[round].Rate(0.95)
		if got := r.Value; math.Abs(got-want) > 3*math.Hypot(0.0025, r.Spread()/1.96) {
			t.Errorf("round %d: vote %.4f, want %.3f", round, got, want)
		}
	}
}
