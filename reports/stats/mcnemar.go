package stats

import (
	"gonum.org/v1/gonum/stat/distuv"
)

// McNemar returns the two-sided p values of McNemar's test of b against c discordant pairs (McNemar 1947, Psychometrika 12:153): the exact conditional
// one, twice the smaller tail of Binomial(b+c, 1/2), at most 1, and the mid-p one, which takes half of the probability of the outcome
// itself out of each tail (Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91). Both are 1 without discordant pairs.
func McNemar(b, c int) (exact, mid float64) {
	if b+c == 0 {
		return 1, 1
	}
	under := distuv.Binomial{N: float64(b + c), P: 0.5}
	least := float64(min(b, c))
	point := under.Prob(least)
	if b == c {
		return 1, 1 - point
	}
	exact = min(2*under.CDF(least), 1)
	return exact, max(exact-point, 0)
}

// Odds is the effect size of discordant pairs: how many times likelier it is that the first alone is right than that the second alone is.
type Odds struct {
	// Ratio is B/C, the conditional maximum likelihood estimate of the odds ratio of matched pairs (Breslow and Day 1980, Statistical
	// Methods in Cancer Research I, section 5.2), and Low and High the ends of its exact interval: p/(1-p) of the Clopper-Pearson interval of
	// B among B+C. High is 0 where there is no upper end, Ratio too: C is 0.
	Ratio float64 `json:"ratio,omitempty"`
	Low   float64 `json:"low"`
	High  float64 `json:"high,omitempty"`
}

// Odds returns the odds ratio of the discordant pairs at a confidence level. ok is false without discordant pairs. Pairs of one question
// are alike; where a question has several, the counts are first divided by the design effect.
func (d Difference) Odds(level float64) (odds Odds, ok bool) {
	if d.B+d.C == 0 {
		return Odds{}, false
	}
	b, c := float64(d.B)/max(d.Design, 1), float64(d.C)/max(d.Design, 1)
	low, high := clopperPearson(b, b+c, level)
	odds = Odds{Low: low / (1 - low)}
	if d.C > 0 {
		odds.Ratio, odds.High = b/c, high/(1-high)
	}
	return odds, true
}

// ClopperPearson returns the exact interval of the rate k of n at a confidence level (Clopper and Pearson 1934, Biometrika 26:404), by quantiles of
// the beta distribution. Its coverage is never below the level, mostly above it. Without data it is the whole range.
func ClopperPearson(k, n int, level float64) (low, high float64) {
	return clopperPearson(float64(k), float64(n), level)
}

// clopperPearson is ClopperPearson for counts that need not be whole.
func clopperPearson(k, n, level float64) (low, high float64) {
	low, high = 0, 1
	tail := (1 - level) / 2
	if k > 0 {
		low = distuv.Beta{Alpha: k, Beta: n - k + 1}.Quantile(tail)
	}
	if k < n {
		high = distuv.Beta{Alpha: k + 1, Beta: n - k}.Quantile(1 - tail)
	}
	return low, high
}
