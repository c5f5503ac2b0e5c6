package numeric

import (
	"math"
	"testing"
)

// A parabola of curvature 4 has its peak where it says, and the standard error 1/2.
func TestClimbFindsAPeakAndItsCurvature(t *testing.T) {
	x, se := Climb(func(x float64) float64 { return 7 - 2*(x-1.25)*(x-1.25) }, -6, 6)
	if math.Abs(x-1.25) > 1e-4 || math.Abs(se-0.5) > 1e-4 {
		t.Errorf("peak at %v, standard error %v", x, se)
	}
	if _, se := Climb(func(float64) float64 { return 1 }, 0, 1); !math.IsInf(se, 1) {
		t.Errorf("a plain has the standard error %v", se)
	}
}

// f = x² y + 3 y².
func TestHessianByHand(t *testing.T) {
	x := []float64{2, 5}
	h := Hessian(func(g, x []float64) { g[0], g[1] = 2*x[0]*x[1], x[0]*x[0]+6*x[1] }, x)
	for i, want := range [][]float64{{10, 4}, {4, 6}} {
		for j := range want {
			if math.Abs(h.At(i, j)-want[j]) > 1e-6 {
				t.Errorf("entry %d, %d is %v, by hand %v", i, j, h.At(i, j), want[j])
			}
		}
	}
	if x[0] != 2 || x[1] != 5 {
		t.Errorf("the point has moved to %v", x)
	}
}
