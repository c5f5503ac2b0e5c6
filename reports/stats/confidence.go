package stats

import "math"

// Confidence tells how stated confidence fares against the key. The zero Confidence has no data; Add fills it.
// It is kept in steps of 1/10000, so that sums are exact and do not depend on the order of Add.
type Confidence struct {
	bins    [10]struct{ n, right, sure int64 }
	squares int64 // Σ (confidence - outcome)², in 1e-8
}

// confidenceSteps is the number of steps of confidence from 0 to 1.
const confidenceSteps = 10000

// Add counts one answer that was stated with a confidence in [0,1] and was right or not.
func (c *Confidence) Add(confidence float64, right bool) {
	sure := int64(math.Round(min(max(confidence, 0), 1) * confidenceSteps))
	outcome := int64(0)
	bin := &c.bins[min(int(sure*10/confidenceSteps), 9)]
	if right {
		outcome = confidenceSteps
		bin.right++
	}
	bin.n++
	bin.sure += sure
	c.squares += (sure - outcome) * (sure - outcome)
}

// N returns the number of answers counted.
func (c *Confidence) N() int {
	n := int64(0)
	for _, b := range c.bins {
		n += b.n
	}
	return int(n)
}

// ECE returns the expected calibration error over ten bins of equal width, Σ n_b/n · |accuracy_b - confidence_b|
// (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017, arXiv 1706.04599, equation 3), and 0 without data. A confidence on
// an edge belongs to the bin above; 1 to the last.
func (c *Confidence) ECE() float64 {
	gap := 0.0
	for _, b := range c.bins {
		gap += math.Abs(float64(b.right) - float64(b.sure)/confidenceSteps)
	}
	return gap / max(float64(c.N()), 1)
}

// Brier returns the mean squared difference between confidence and outcome (Brier 1950), and 0 without data.
func (c *Confidence) Brier() float64 {
	return float64(c.squares) / (confidenceSteps * confidenceSteps) / max(float64(c.N()), 1)
}

// Mean returns the mean stated confidence and the accuracy of the answers stated with one, and zeros without data.
func (c *Confidence) Mean() (confidence, accuracy float64) {
	var sure, right int64
	for _, b := range c.bins {
		sure += b.sure
		right += b.right
	}
	n := max(float64(c.N()), 1)
	return float64(sure) / confidenceSteps / n, float64(right) / n
}

// Bin is the answers that were stated with a confidence in one tenth of [0,1].
type Bin struct {
	From       float64 `json:"from"` // the lower end; the upper one is a tenth above
	N          int     `json:"n"`
	Confidence float64 `json:"confidence"` // their mean
	Accuracy   Rate    `json:"accuracy"`   // with the exact interval: bins are small, and answers of one question are alike
}

// Bins returns the bins that hold answers, the least confident first: the reliability diagram (Murphy and Winkler 1977, Applied Statistics 26:41).
func (c *Confidence) Bins(level float64) []Bin {
	var bins []Bin
	for i, b := range c.bins {
		if b.n == 0 {
			continue
		}
		r := Rate{K: int(b.right), N: int(b.n), Value: float64(b.right) / float64(b.n), Method: Exact}
		r.Low, r.High = ClopperPearson(r.K, r.N, level)
		bins = append(bins, Bin{From: float64(i) / 10, N: int(b.n), Confidence: float64(b.sure) / confidenceSteps / float64(b.n), Accuracy: r})
	}
	return bins
}
