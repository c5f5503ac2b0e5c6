package stats

import (
	"math"
	"slices"
	"strings"
)

// Ranking tells how well confidence tells right answers from wrong ones: whether it ranks them, however sure it is on the whole. The zero
// Ranking has no data; Add fills it, in any order, of one goroutine at a time. It keeps some bytes an answer.
type Ranking struct {
	clusters map[string][]ranked
}

// ranked is one answer. Confidence is kept in the steps of [Confidence].
type ranked struct {
	step  uint16
	right bool
}

// Add counts one answer of a cluster, a question, that was given with a confidence in [0,1] and was right or not.
func (r *Ranking) Add(cluster string, confidence float64, right bool) {
	if r.clusters == nil {
		r.clusters = map[string][]ranked{}
	}
	if _, ok := r.clusters[cluster]; !ok {
		cluster = strings.Clone(cluster)
	}
	step := uint16(math.Round(min(max(confidence, 0), 1) * confidenceSteps))
	r.clusters[cluster] = append(r.clusters[cluster], ranked{step, right})
}

// Area is an area under a ROC curve with its interval. The zero Area has no data.
type Area struct {
	Right int     `json:"right"` // answers
	Wrong int     `json:"wrong"`
	Value float64 `json:"area"` // in [0,1]; 0 where an answer of either kind is missing, which Known tells
	Low   float64 `json:"low"`  // ends of the interval: 0 and 1 where the data give none, both 0 where the area is not Known
	High  float64 `json:"high"`
}

// Known reports whether there were answers of both kinds.
func (a Area) Known() bool { return a.Right > 0 && a.Wrong > 0 }

// AUROC returns the area under the ROC curve with a confidence interval of the given level: the probability that a right answer has more
// confidence than a wrong one, ties counting half (Hanley and McNeil 1982, Radiology 143:29). 0.5 is what confidence without a relation to the key has.
//
// The variance is that of Obuchowski 1997 (Biometrics 53:567) for clustered data, which is DeLong's where every cluster has one answer. The interval is
// symmetric on the logit scale, with Student's quantile at one less than the number of clusters with right answers or of those with wrong
// ones, whichever is smaller. With one such cluster, where the area is 0 or 1, or where the variance is 0 (all answers have the same confidence, or
// what clusters add cancels out), the variance says nothing and the interval is all of [0,1].
func (r *Ranking) AUROC(level float64) Area {
	names := make([]string, 0, len(r.clusters))
	var right, wrong [confidenceSteps + 1]int // answers by step
	for name, answers := range r.clusters {
		names = append(names, name)
		for _, a := range answers {
			if a.right {
				right[a.step]++
			} else {
				wrong[a.step]++
			}
		}
	}
	slices.Sort(names) // so that sums do not depend on the order of Add
	below, above := placements(&wrong, false), placements(&right, true)
	area := Area{}
	won := 0 // pairs, twice
	clusters := make([]cluster, len(names))
	for i, name := range names {
		c := &clusters[i]
		for _, a := range r.clusters[name] {
			if a.right {
				c.m, c.x = c.m+1, c.x+below[a.step]
			} else {
				c.n, c.y = c.n+1, c.y+above[a.step]
			}
		}
		area.Right, area.Wrong, won = area.Right+c.m, area.Wrong+c.n, won+c.x
	}
	if !area.Known() {
		return area
	}
	m, n := float64(area.Right), float64(area.Wrong)
	area.Value = float64(won) / (2 * m * n)
	area.Low, area.High = 0, 1
	variance, groups := obuchowski(clusters, area.Value, m, n)
	const rounding = 1e-20 // what is left of terms that cancel out
	if groups < 2 || area.Value <= 0 || area.Value >= 1 || variance < rounding {
		return area
	}
	logit := math.Log(area.Value / (1 - area.Value))
	half := student(level, groups) * math.Sqrt(variance) / (area.Value * (1 - area.Value))
	area.Low, area.High = 1/(1+math.Exp(half-logit)), 1/(1+math.Exp(-half-logit))
	return area
}

// placements returns, for an answer of each step, twice the number of counted answers below it, or above, those of the same step counting half.
func placements(counts *[confidenceSteps + 1]int, above bool) *[confidenceSteps + 1]int {
	var out [confidenceSteps + 1]int
	sum := 0
	for i := range counts {
		step := i
		if above {
			step = confidenceSteps - i
		}
		out[step] = 2*sum + counts[step]
		sum += counts[step]
	}
	return &out
}

// cluster is the right and wrong answers of one question, and the sums of their placements.
type cluster struct{ m, n, x, y int }

// obuchowski returns the variance of an area over m right and n wrong answers, and how many clusters have right answers or wrong ones, the
// smaller number.
func obuchowski(clusters []cluster, area, m, n float64) (variance float64, groups int) {
	var withRight, withWrong, xx, yy, xy float64
	for _, c := range clusters {
		x := float64(c.x)/(2*n) - float64(c.m)*area
		y := float64(c.y)/(2*m) - float64(c.n)*area
		xx, yy, xy = xx+x*x, yy+y*y, xy+x*y
		if c.m > 0 {
			withRight++
		}
		if c.n > 0 {
			withWrong++
		}
	}
	all := float64(len(clusters))
	if min(withRight, withWrong) < 2 {
		return 0, 1
	}
	s10, s01, s11 := withRight/((withRight-1)*m)*xx, withWrong/((withWrong-1)*n)*yy, all/(all-1)*xy
	return s10/m + s01/n + 2*s11/(m*n), int(min(withRight, withWrong))
}
