// Package numeric has what fits need beyond gonum: a search along one number, and second derivatives from a gradient.
package numeric

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Climb returns where a concave function of one number is greatest in [low, high], by golden section, and the standard error that its
// curvature there implies.
func Climb(f func(float64) float64, low, high float64) (x, se float64) {
	ratio := (math.Sqrt(5) - 1) / 2
	a, b := low, high
	left, right := b-ratio*(b-a), a+ratio*(b-a)
	fl, fr := f(left), f(right)
	for b-a > 1e-5 {
		if fl < fr {
			a, left, fl = left, right, fr
			right = a + ratio*(b-a)
			fr = f(right)
		} else {
			b, right, fr = right, left, fl
			left = b - ratio*(b-a)
			fl = f(left)
		}
	}
	x = (a + b) / 2
	const h = 0.02
	curvature := (2*f(x) - f(x-h) - f(x+h)) / (h * h)
	if curvature <= 0 {
		return x, math.Inf(1)
	}
	return x, 1 / math.Sqrt(curvature)
}

// Hessian returns the matrix of second derivatives by central differences of the gradient, made symmetric.
func Hessian(grad func(g, x []float64), x []float64) *mat.SymDense {
	const h = 1e-4
	n := len(x)
	at := append([]float64(nil), x...)
	raw := mat.NewDense(n, n, nil)
	up, down := make([]float64, n), make([]float64, n)
	for i := range n {
		at[i] = x[i] + h
		grad(up, at)
		at[i] = x[i] - h
		grad(down, at)
		at[i] = x[i]
		for j := range n {
			raw.Set(i, j, (up[j]-down[j])/(2*h))
		}
	}
	sym := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			sym.SetSym(i, j, (raw.At(i, j)+raw.At(j, i))/2)
		}
	}
	return sym
}
