package figure

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/plot/vg"
)

func TestSpread(t *testing.T) {
	for _, c := range []struct{ at, want []vg.Length }{
		{nil, nil},
		{[]vg.Length{5}, []vg.Length{5}},
		{[]vg.Length{50, 50, 50}, []vg.Length{40, 50, 60}},
		{[]vg.Length{80, 20}, []vg.Length{80, 20}},
		{[]vg.Length{50, 45}, []vg.Length{52.5, 42.5}},
		{[]vg.Length{0, 0}, []vg.Length{0, 10}},
		{[]vg.Length{100, 100}, []vg.Length{90, 100}},
	} {
		got := append([]vg.Length(nil), c.at...)
		spread(got, 10, 0, 100)
		for i := range got {
			if math.Abs(float64(got[i]-c.want[i])) > 1e-9 {
				t.Errorf("spread(%v) = %v, want %v", c.at, got, c.want)
				break
			}
		}
	}
}

// Whatever is spread keeps its order and its distance, and stays between the ends while there is room.
func TestSpreadKeepsDistance(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		at := make([]vg.Length, 1+rng.IntN(10))
		for i := range at {
			at[i] = vg.Length(100 * rng.Float64())
		}
		before := append([]vg.Length(nil), at...)
		spread(at, 10, 0, 100)
		for i := range at {
			if at[i] < -1e-9 || at[i] > 100+1e-9 {
				t.Fatalf("%v became %v", before, at)
			}
			for j := range at {
				if before[i] < before[j] && at[j]-at[i] < 10-1e-9 {
					t.Fatalf("%v became %v", before, at)
				}
			}
		}
	}
}

func TestFit(t *testing.T) {
	sty := Style(7, Ink, false)
	if got := Fit("naive", sty, 100); got != "naive" {
		t.Error(got)
	}
	got := Fit("naive with a long name", sty, 40)
	if sty.Width(got) > 40 || got == "" || []rune(got)[len([]rune(got))-1] != '…' {
		t.Errorf("%q is %v wide", got, sty.Width(got))
	}
}
