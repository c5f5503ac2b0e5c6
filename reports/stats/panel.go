package stats

import (
	"math"

	"cheaptalk/reports/stats/resample"
)

// Votes tells how far the members of a panel err together, and how many independent ones they are worth.
type Votes struct {
	N       int `json:"n"`       // ballots: cases on which every member answered
	Members int `json:"members"` // the panel's size
	// Correlation is the pooled correlation of being right between two members, with its interval: 0 says independent, 1 that they are one.
	Correlation float64           `json:"correlation"`
	Interval    resample.Interval `json:"interval,omitzero"`
	// Effective is the number of independent votes that the panel is worth, from 1 up, and Low and High its interval.
	// It is above Members where members err apart. It is 0 where it is not defined: nobody's being right varied, or the correlation is so negative that the formula ends.
	Effective float64 `json:"effective"`
	Low       float64 `json:"effective_low"`
	High      float64 `json:"effective_high"`
}

// Panel pools the ballots of a panel, question by question. The zero Panel is empty.
type Panel struct {
	members  int
	now      []int // of the question at hand: ballots, Σ S² of the number right S, and how often each member was right
	clusters resample.Clusters
}

// Add adds a ballot: who of the members was right, always as many.
func (p *Panel) Add(right []bool) {
	if p.now == nil {
		p.members = len(right)
		p.now = make([]int, 2+p.members)
	}
	s := 0
	for i, r := range right {
		if r {
			s++
			p.now[2+i]++
		}
	}
	p.now[0]++
	p.now[1] += s * s
}

// Flush ends a question.
func (p *Panel) Flush() {
	if len(p.now) > 0 && p.now[0] > 0 {
		p.clusters.Add(p.now...)
		clear(p.now)
	}
}

// Votes returns what the panel is worth. With S the number right of N members and v_i = p_i (1-p_i),
//
//	ρ = (Var S - Σ v_i) / ((Σ √v_i)² - Σ v_i)
//
// is the mean covariance of two members over the mean product of their standard deviations: the correlation pooled over pairs, which allows for members of unequal
// strength. N_eff = N / (1 + (N-1) ρ) is the design effect of a mean of N equally correlated ones (Kish 1965, Survey Sampling, section 5.4). The interval is BCa over questions.
func (p *Panel) Votes(level float64, seed uint64) Votes {
	v := Votes{Members: p.members}
	total := p.clusters.Total()
	if total == nil {
		return v
	}
	v.N = int(total[0])
	rho, ok := correlation(total)
	if !ok {
		return v
	}
	v.Correlation = rho
	v.Effective = effective(p.members, rho)
	v.Interval = p.clusters.BCa(correlation, level, seed)
	if v.Interval.Draws > 0 {
		v.Low, v.High = effective(p.members, v.Interval.High), effective(p.members, v.Interval.Low)
	}
	return v
}

// correlation returns ρ of the sums of a panel. ok is false where fewer than two members vary.
func correlation(sums []float64) (rho float64, ok bool) {
	n := sums[0]
	if n == 0 {
		return 0, false
	}
	mean, variances, roots := 0.0, 0.0, 0.0
	for _, k := range sums[2:] {
		p := k / n
		mean += p
		variances += p * (1 - p)
		roots += math.Sqrt(max(p*(1-p), 0))
	}
	pairs := roots*roots - variances
	if pairs < 1e-12 {
		return 0, false
	}
	return min(max((sums[1]/n-mean*mean-variances)/pairs, -1), 1), true
}

// effective returns N_eff, and 0 where it is not defined.
func effective(members int, rho float64) float64 {
	if d := 1 + float64(members-1)*rho; d > 1e-9 {
		return float64(members) / d
	}
	return 0
}
