// Package verdicts counts what judges made of debates, and what an aggregator made of them beside the vote.
package verdicts

import (
	"cmp"
	"slices"

	"cheaptalk/reports/compact"
	"cheaptalk/reports/gather"
	"cheaptalk/reports/stats"
)

// Judge is how one judge decided the debates of an arm. All but the primary are exploratory.
type Judge struct {
	Name      string     `json:"name"`
	Primary   bool       `json:"primary,omitempty"`
	Rate      stats.Rate `json:"rate"`
	Tied      int        `json:"tied"`
	Abstained int        `json:"abstained"` // gave no answer: counted as unreadable in Rate
	Failed    int        `json:"failed"`    // could not decide: not in Rate
	// Aggregation is set where the judge asked an agent that read the last answers.
	Aggregation *Aggregation `json:"prompted_aggregation,omitempty"`
}

// Aggregation is an aggregator beside the vote over the answers that it read, those that agents stand by at the end. It is prompted aggregation: the words
// of AggLM (Zhao et al. 2025) given to an agent, not their trained aggregator. Six outcomes add up to N.
type Aggregation struct {
	N           int `json:"n"`           // debates that it decided
	Kept        int `json:"kept"`        // majority kept: the vote was right, it too
	Recovered   int `json:"recovered"`   // minority recovered: the vote was not right, some answer was, it is right
	Synthesised int `json:"synthesised"` // no answer was right, it is
	Broken      int `json:"broken"`      // majority broken: the vote was right, it is not
	Missed      int `json:"missed"`      // the vote was not right, some answer was, it is not right
	None        int `json:"none"`        // no answer was right, nor is it

	Recovery  stats.Rate       `json:"recovery"`  // Recovered of Recovered and Missed
	Breakage  stats.Rate       `json:"breakage"`  // Broken of Kept and Broken
	Synthesis stats.Rate       `json:"synthesis"` // Synthesised of Synthesised and None
	Gain      stats.Difference `json:"gain"`      // its accuracy minus the vote's
	// GapClosed is Gain over the gap between the vote and the oracle, at most 1 without synthesis and negative where it loses to the vote; 0 where there is no gap.
	GapClosed float64 `json:"gap_closed"`
}

// Pools gathers the verdicts of one arm.
type Pools struct{ judges []pool }

// pool gathers one judge.
type pool struct {
	rate                    gather.Rate
	tied, abstained, failed int
	spoke                   bool
	counts                  Aggregation

	recovery, breakage, synthesis gather.Rate
	gain                          gather.Pair
}

// New returns pools for so many judges.
func New(judges int) *Pools { return &Pools{judges: make([]pool, judges)} }

// Add gathers a verdict on a debate in which the vote over the last answers is vote, and some of these were right or none was.
func (p *Pools) Add(d *compact.Debate, v compact.Decision, vote compact.Mark, some bool) {
	j := &p.judges[v.Judge]
	switch {
	case v.Failed:
		j.failed++
		return
	case v.Answer == 0:
		j.abstained++
	}
	right := v.Answer == d.Key
	j.rate.Add(right)
	if v.Tied {
		j.tied++
	}
	if v.Spoke {
		j.aggregated(right, vote == d.Key, some)
	}
}

func (j *pool) aggregated(right, voted, some bool) {
	j.spoke = true
	c := &j.counts
	c.N++
	j.gain.Add(right, voted)
	switch {
	case voted:
		j.breakage.Add(!right)
	case some:
		j.recovery.Add(right)
	default:
		j.synthesis.Add(right)
	}
	switch {
	case voted && right:
		c.Kept++
	case voted:
		c.Broken++
	case some && right:
		c.Recovered++
	case some:
		c.Missed++
	case right:
		c.Synthesised++
	default:
		c.None++
	}
}

// Flush ends a question.
func (p *Pools) Flush() {
	for i := range p.judges {
		j := &p.judges[i]
		j.rate.Flush()
		if j.spoke {
			j.recovery.Flush()
			j.breakage.Flush()
			j.synthesis.Flush()
			j.gain.Flush()
		}
	}
}

// Judges returns what each judge did, sorted by name.
func (p *Pools) Judges(names []string, primary string, level float64) []Judge {
	var out []Judge
	for i, name := range names {
		j := &p.judges[i]
		judge := Judge{Name: name, Primary: name == primary, Rate: j.rate.Rate(level), Tied: j.tied, Abstained: j.abstained, Failed: j.failed}
		if j.spoke {
			a := j.counts
			a.Recovery, a.Breakage, a.Synthesis = j.recovery.Rate(level), j.breakage.Rate(level), j.synthesis.Rate(level)
			a.Gain = j.gain.Paired().Difference(level)
			if gap := a.Recovered + a.Missed; gap > 0 {
				a.GapClosed = float64(a.Gain.B-a.Gain.C) / float64(gap)
			}
			judge.Aggregation = &a
		}
		out = append(out, judge)
	}
	slices.SortFunc(out, func(x, y Judge) int { return cmp.Compare(x.Name, y.Name) })
	return out
}
