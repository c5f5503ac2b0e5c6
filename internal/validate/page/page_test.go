package page

import (
	"math"
	"testing"
)

func TestNumbersByHand(t *testing.T) {
	var e Numbers
	for _, v := range []float64{1, -4, 2, 5} {
		e.Add(v)
	}
	// Mean 1, deviations 0, -5, 1 and 4; squares 1, 16, 4 and 25.
	if e.N != 4 || e.Sum != 4 || e.Most != 5 || math.Abs(e.RMS()-math.Sqrt(46./4)) > 1e-12 || math.Abs(e.SD()-math.Sqrt(42./3)) > 1e-12 {
		t.Errorf("%+v, root mean square %v, standard deviation %v", e, e.RMS(), e.SD())
	}
}

func TestPageIsMarkdown(t *testing.T) {
	var p Page
	p.Say("%d %%", 5)
	p.Table([]string{"a", "b"}, [][]string{{"1", "2"}})
	p.Sum("asked", "%.1f", 0.25)
	if got, want := p.String(), "5 %\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if len(p.Glance) != 1 || p.Glance[0][1] != "0.2" {
		t.Errorf("at a glance %q", p.Glance)
	}
}
