package validate

import (
	"context"
	"math"
	"strings"
	"testing"

	"cheaptalk/internal/predict"
	"cheaptalk/internal/predict/kept"
	"cheaptalk/internal/race"
	"cheaptalk/internal/twin/heldout"
	"cheaptalk/internal/validate/page"
)

// What is missing is said before anything is computed, and nothing is written.
func TestWhatIsMissingIsSaidFirst(t *testing.T) {
	var b strings.Builder
	err := Run(t.Context(), &b, nil, Options{Data: t.TempDir(), Seed: 1})
	if err == nil || !strings.Contains(err.Error(), "recorded: ") || !strings.Contains(err.Error(), "cheaptalk validate wynn2025 qu2026 live dcm ") || !strings.Contains(err.Error(), "CHEAPTALK_DATA") || b.Len() > 0 {
		t.Errorf("error %v after %d bytes", err, b.Len())
	}
	if err := Run(t.Context(), &b, []string{"wyn"}, Options{}); err == nil || !strings.Contains(err.Error(), "wynn2025, qu2026, recorded, live, dcm") {
		t.Errorf("error %v, want one that lists the validations", err)
	}
}

// TestLivePredictionsAreCountedAndCompared has one number in its interval, 10 points off, and one outside, 30 points off. Naive debate on the other half was
// 30 points from the first, and has none of the second; before the debate the first was 20 points lower.
func TestLivePredictionsAreCountedAndCompared(t *testing.T) {
	l := &Live{
		File: &kept.File{Level: .95, Begun: make([]kept.Begun, 7)},
		Checked: []kept.Checked{
			{Arm: "x", Quantity: "after", Judge: "plurality", Predicted: predict.Estimate{Value: .4}, Low: .2, High: .6, Observed: kept.Measured{N: 7, Value: .5}, Hit: true},
			{Arm: "x", Quantity: "harmful", Predicted: predict.Estimate{Value: .4}, Low: .3, High: .5, Observed: kept.Measured{N: 9, Value: .7}},
		},
		Arms:  []kept.Observed{{Arm: "w"}, {Arm: "x", Before: kept.Measured{N: 7, Value: .3}}},
		Rules: []Rule{{"naive debate", kept.Observed{After: map[string]kept.Measured{"plurality": {N: 5, Value: .2}, "other": {N: 5, Value: 1}}}}},
	}
	var b strings.Builder
	if err := Run(t.Context(), &b, []string{"live"}, Options{Live: func(context.Context) (*Live, error) { return l, nil }}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"the prediction for 7 debates", "| x | after | plurality | 40.0 [20.0, 60.0] | 50.0 | 7 | hit | 20.0 | 30.0 |", "| x | harmful |  | 40.0 [30.0, 50.0] | 70.0 | 9 | miss | – | – |",
		"1 of 2 numbers are where", "| as naive debate | 1 | 30.0 | 10.0 |", "| as before the debate | 1 | 20.0 | 10.0 |",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("it does not say %q\n%s", want, &b)
		}
	}
}

// Two groups of two: the mean is 2, the sums of the deviations by group are -4 and 4, and Student's quantile at one degree of freedom is 12.706.
func TestClusteredIntervalByHand(t *testing.T) {
	by := map[string]*page.Numbers{"a": {}, "b": {}}
	for group, values := range map[string][]float64{"a": {-1, 1}, "b": {3, 5}} {
		for _, v := range values {
			by[group].Add(v)
		}
	}
	if mean, half := clustered(by); mean != 2 || math.Abs(half-12.7062*math.Sqrt(32*2/1.)/4) > 1e-3 {
		t.Errorf("%.4f ± %.4f", mean, half)
	}
}

func TestCellsAreAddedUpByAgreement(t *testing.T) {
	got := agreeing([]heldout.Cell{
		{Right: true, Peers: 2, Agreeing: 2, N: 4, Left: 1, Twin: 1.5, Constant: 1}, {Peers: 1, N: 3, Left: 2, Twin: 1, Constant: 2}, {Peers: 3, Agreeing: 2, N: 6, Left: 2, Twin: 0.5, Constant: 1},
	})
	if len(got) != 2 || got[0] != (heldout.Cell{N: 3, Left: 2, Twin: 1, Constant: 2}) || got[1] != (heldout.Cell{Agreeing: 2, N: 10, Left: 3, Twin: 2, Constant: 2}) {
		t.Errorf("%+v", got)
	}
}

// TestMeanAccuracyIsAMartingaleAndTheVoteFalls holds theorem 2 of Choi et al. 2025 (arXiv 2508.17536v2) and, for five agents and a prior mass of
// 5, a simulation of the theory that is not this one: votes of .742, .711 and .682 at rounds 0, 1 and 5, standard errors of .0025 at most.
func TestMeanAccuracyIsAMartingaleAndTheVoteFalls(t *testing.T) {
	race.SkipPure(t)
	mean, vote := debates(5, 5, 1)
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
