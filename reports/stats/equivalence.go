package stats

// Equivalence says whether a difference of paired rates is small enough not to matter, given a margin.
type Equivalence struct {
	Margin float64 `json:"margin"` // the greatest difference that does not matter, in (0,1)
	// Low and High are the ends of the interval that the tests read: of level 1-2α for tests at α, 90 % for 5 %.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// NotWorse is the one-sided p value of "the first is worse than the second by the margin or more": small says that it is not.
	NotWorse float64 `json:"not_worse_p"`
	// Same is the p value of "they differ by the margin or more", the larger of two one-sided ones: small says that they are equivalent.
	Same float64 `json:"same_p"`
}

// Equivalence tests, at α = 1-level, whether the first treatment is no worse than the second by the margin (non-inferiority) and whether the two are
// equivalent within it: two one-sided tests (Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15:657), each read off the
// interval of [Paired.Difference], clustered where that is: the first is not worse at α where the lower end of the interval of level 1-2α is
// above minus the margin. The p value is the smallest such α. The zero Equivalence has no data.
func (p *Paired) Equivalence(margin, level float64) Equivalence {
	d := p.Difference(level)
	if d.N == 0 {
		return Equivalence{}
	}
	e := Equivalence{Margin: margin}
	e.Low, e.High = p.interval(d.Design, max(2*level-1, 0))
	e.NotWorse = smallest(func(alpha float64) bool { low, _ := p.interval(d.Design, 1-2*alpha); return low > -margin })
	e.Same = max(e.NotWorse, smallest(func(alpha float64) bool { _, high := p.interval(d.Design, 1-2*alpha); return high < margin }))
	return e
}

// smallest returns the least α in (0, 1/2) for which holds is true, to about five digits, and 1/2 where it never is: the data then speak for the other side,
// which is all that is said of it. holds must stay true as α grows.
func smallest(holds func(alpha float64) bool) float64 {
	low, high := 1e-7, 0.5-1e-9
	if holds(low) {
		return low
	}
	if !holds(high) {
		return 0.5
	}
	for range 40 {
		if middle := (low + high) / 2; holds(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}
