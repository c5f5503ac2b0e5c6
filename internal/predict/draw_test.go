package predict

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"cheaptalk/agents/simulated"
	"cheaptalk/agents/simulated/profiles"
)

func TestDrawsHaveTheCovarianceOfTheProfile(t *testing.T) {
	f := fitted(t, "a", 0.7, 0)
	f.Covariance = profiles.Covariance{
		Of: []string{"own_weight", "peer_weight", "mmlu.accuracy", "redraw"},
		Rows: [][]float64{ // of rank 3: own_weight and redraw move together
			{0.25, 0.06, -0.02, 0.25},
			{0.06, 0.09, 0.03, 0.06},
			{-0.02, 0.03, 0.16, -0.02},
			{0.25, 0.06, -0.02, 0.25},
		},
	}
	s, err := newSampler(f)
	if err != nil {
		t.Fatal(err)
	}
	const n = 20000
	x := mat.NewDense(n, 4, nil)
	for i := range n {
		p := s.draw(3, i+1)
		for k, par := range s.parameters {
			x.Set(i, k, par.Transform.Free(par.Get(&p)))
		}
		if p.Insight != f.Profile.Insight || p.Abilities["mmlu"].Loss != f.Profile.Abilities["mmlu"].Loss {
			t.Fatalf("draw %d moved a parameter that is known", i)
		}
	}
	var sigma mat.SymDense
	stat.CovarianceMatrix(&sigma, x, nil)
	for i, row := range f.Covariance.Rows {
		if mean := stat.Mean(mat.Col(nil, i, x), nil); math.Abs(mean-s.at[i]) > 5*math.Sqrt(row[i]/n) {
			t.Errorf("%s has the mean %.4f, in the profile %.4f", f.Covariance.Of[i], mean, s.at[i])
		}
		for j, want := range row {
			se := math.Sqrt((row[i]*f.Covariance.Rows[j][j] + want*want) / n) // of a covariance of normal variables
			if got := sigma.At(i, j); math.Abs(got-want) > 5*se {
				t.Errorf("covariance of %s and %s: %.4f, in the profile %.4f", f.Covariance.Of[i], f.Covariance.Of[j], got, want)
			}
		}
	}
}

func TestDrawsStayInTheirRanges(t *testing.T) {
	f := fitted(t, "a", 0.9, 0)
	f.Profile.Redraw, f.Profile.FirstWeight = 0, 0
	of := []string{"redraw", "first_weight", "mmlu.accuracy", "unreadable"}
	f.Covariance.Of = of
	for i := range of {
		f.Covariance.Rows = append(f.Covariance.Rows, make([]float64, len(of)))
		f.Covariance.Rows[i][i] = 4
	}
	s, err := newSampler(f)
	if err != nil {
		t.Fatal(err)
	}
	moved := false
	for i := range 500 {
		p := s.draw(1, i)
		if err := p.Check(); err != nil {
			t.Fatalf("draw %d: %v", i, err)
		}
		if p.Redraw != 0 {
			t.Fatalf("draw %d: a redraw of 0 became %v", i, p.Redraw)
		}
		moved = moved || p.FirstWeight != 0
	}
	if !moved {
		t.Error("no draw moved first_weight")
	}
	if zero := s.draw(1, 0); zero.Unreadable != f.Profile.Unreadable {
		t.Error("draw 0 is not the profile")
	}
}

func TestMatrixThatIsNoCovarianceIsRefused(t *testing.T) {
	f := &profiles.File{Profile: simulated.NewProfile("bad")}
	f.Covariance = profiles.Covariance{Of: []string{"own_weight", "peer_weight"}, Rows: [][]float64{{1, 2}, {2, 1}}}
	if _, err := newSampler(f); err == nil || !strings.Contains(err.Error(), "eigenvalue -1") {
		t.Errorf("got %v", err)
	}
	f.Covariance.Rows = [][]float64{{1, 1.001}, {1.001, 1}} // by rounding
	if _, err := newSampler(f); err != nil {
		t.Error(err)
	}
}

func TestQuantilesOfAMixture(t *testing.T) {
	for _, c := range []struct {
		mixture []component
		q, want float64
	}{
		{[]component{{0.5, 0.1}}, 0.975, 0.5 + 0.1*1.959964},
		{[]component{{0.5, 0.1}, {0.5, 0.1}}, 0.025, 0.5 - 0.1*1.959964},
		{[]component{{0, 1}, {0, 2}}, 0.5, 0},
		{[]component{{-10, 1}, {10, 1}}, 0.25, -10},
		{[]component{{0.4, 0}}, 0.025, 0.4},
		{[]component{{0.1, 0}, {0.2, 0}, {0.3, 0}, {0.4, 0}}, 0.6, 0.3},
	} {
		if got := quantile(c.mixture, c.q); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%v-quantile of %v: %.7f, want %.7f", c.q, c.mixture, got, c.want)
		}
	}
}
