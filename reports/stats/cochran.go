package stats

import "gonum.org/v1/gonum/stat/distuv"

// Cochran is the test that several treatments of the same units have one rate of success.
type Cochran struct {
	Treatments int     `json:"treatments"`
	N          int     `json:"n"`          // units that had every treatment
	Discordant int     `json:"discordant"` // those of them on which treatments differ: the others say nothing
	Q          float64 `json:"q"`
	P          float64 `json:"p"`
	// Design is the design effect that Q was divided by; 1 where each question counts once.
	Design float64 `json:"design_effect"`
}

// Blocks pools units that had each of several treatments. The zero Blocks is empty; the order of Add does not matter.
type Blocks struct {
	totals            []int // successes of each treatment
	n, discordant     int
	rows, rowsSquared int // sums over units of the successes L and of L²
}

// Add adds one unit: whether each treatment of it succeeded, always as many.
func (b *Blocks) Add(success []bool) {
	if b.totals == nil {
		b.totals = make([]int, len(success))
	}
	l := 0
	for i, s := range success {
		if s {
			b.totals[i]++
			l++
		}
	}
	b.n++
	b.rows += l
	b.rowsSquared += l * l
	if l > 0 && l < len(success) {
		b.discordant++
	}
}

// Test returns Cochran's Q,
//
//	Q = (k-1) (k ΣG² - (ΣG)²) / (k ΣL - ΣL²)
//
// for k treatments with G successes each and units with L (Cochran 1950, Biometrika 37:256), with its p value by chi-squared at k-1
// degrees of freedom. With two treatments it is McNemar's chi-squared without correction. Units are taken as independent; for those that are not, Q is divided
// by design, the mean design effect of the differences, at least 1 (after Rao and Scott 1981, Journal of the American Statistical Association 76:221, the
// first-order correction). ok is false where no unit tells treatments apart, and with fewer than two.
func (b *Blocks) Test(design float64) (c Cochran, ok bool) {
	k := len(b.totals)
	if k < 2 || b.discordant == 0 {
		return Cochran{}, false
	}
	sum, squares := 0.0, 0.0
	for _, g := range b.totals {
		sum += float64(g)
		squares += float64(g) * float64(g)
	}
	design = max(design, 1)
	q := float64(k-1) * (float64(k)*squares - sum*sum) / (float64(k)*float64(b.rows) - float64(b.rowsSquared)) / design
	return Cochran{Treatments: k, N: b.n, Discordant: b.discordant, Q: q, P: distuv.ChiSquared{K: float64(k - 1)}.Survival(q), Design: design}, true
}
