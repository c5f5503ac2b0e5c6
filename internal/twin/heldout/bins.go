package heldout

import "math"

// Bin is a range of predicted probabilities with what happened: one point of a calibration curve.
type Bin struct {
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	N         int     `json:"n"`
	Hits      int     `json:"hits"`
	Predicted float64 `json:"predicted"` // sum of the probabilities
}

// bins is the number of ranges, all of one width.
const bins = 10

func newBins() []Bin {
	out := make([]Bin, bins)
	for i := range out {
		out[i].Low, out[i].High = float64(i)/bins, float64(i+1)/bins
	}
	return out
}

// add counts an event that was predicted with probability p. A probability on an edge belongs to the bin above; 1 to the last.
func add(curve []Bin, p float64, hit bool) []Bin {
	b := &curve[min(max(int(p*bins), 0), bins-1)]
	b.N++
	b.Predicted += p
	if hit {
		b.Hits++
	}
	return curve
}

// ECE returns the expected calibration error of a curve, Σ n_b/n · |observed_b - predicted_b| (Naeini, Cooper and Hauskrecht 2015), and 0
// without data.
func ECE(curve []Bin) float64 {
	n, sum := 0, 0.0
	for _, b := range curve {
		n += b.N
		sum += math.Abs(float64(b.Hits) - b.Predicted)
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}
