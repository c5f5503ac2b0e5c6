package scores

import (
	"slices"
	"time"

	"cheaptalk/debate"
	"cheaptalk/reports/stats"
	"cheaptalk/tui"
)

// level is that of every interval on a screen.
const level = 0.95

// cluster is what is counted of one question in one arm.
type cluster struct {
	before              debate.Share // votes over round 0 that are right
	pairs               stats.Pair   // of the primary verdict (first) and the vote before (second)
	harmful, beneficial debate.Share // transitions
}

// add counts a debate that did not fail and returns its transitions, none where the key is not known.
func (a *arm) add(rec *debate.Record, question int) []debate.Transition {
	undecided := len(rec.Verdicts) > 0 && rec.Verdicts[0].Failed != ""
	switch {
	case undecided:
		a.failed++
	default:
		a.n++
		if len(rec.Verdicts) > 0 && rec.Verdicts[0].Tied {
			a.tied++
		}
	}
	if rec.Key == "" {
		return nil
	}
	for len(a.clusters) <= question {
		a.clusters = append(a.clusters, cluster{})
	}
	c := &a.clusters[question]
	t := rec.Transcript
	before := voteBefore(rec) == rec.Key
	add(&c.before, before)
	if len(rec.Verdicts) > 0 && !undecided {
		switch after := rec.Verdicts[0].Answer == rec.Key; {
		case after && before:
			c.pairs.Both++
		case after:
			c.pairs.First++
		case before:
			c.pairs.Second++
		default:
			c.pairs.Neither++
		}
	}
	transitions := debate.Transitions(t, rec.Key)
	for _, tr := range transitions {
		a.matrix.Add(tr)
		switch tr.From {
		case debate.Correct:
			add(&c.harmful, tr.To == debate.Incorrect)
		case debate.Incorrect:
			add(&c.beneficial, tr.To == debate.Correct)
		}
	}
	return transitions
}

// voteBefore returns the vote over round 0: the verdict of the judge "round-0 vote" where there is one, else the plurality.
func voteBefore(rec *debate.Record) debate.Answer {
	for _, v := range rec.Verdicts {
		if v.Judge == "round-0 vote" && v.Failed == "" {
			return v.Answer
		}
	}
	return debate.BreakTie(debate.Leaders(debate.Tally(rec.Transcript.Standing(0), nil)), rec.Seed)
}

func add(s *debate.Share, success bool) {
	s.N++
	if success {
		s.K++
	}
}

// Sheet is a copy of what was counted of the arms at one moment.
type Sheet []arm

// Sheet copies what was counted, in time that grows with the number of questions.
func (s *Scores) Sheet() Sheet {
	sheet := make(Sheet, len(s.arms))
	for i, a := range s.arms {
		sheet[i] = *a
		sheet[i].clusters = slices.Clone(a.clusters)
	}
	return sheet
}

// Arms returns how the arms stand, with the intervals of package reports: clustered by question. It may take milliseconds.
func (s Sheet) Arms() []tui.Arm {
	arms := make([]tui.Arm, len(s))
	for i, a := range s {
		out := tui.Arm{Name: a.name, N: a.n, Failed: a.failed, Tied: a.tied, Matrix: a.matrix}
		if a.over > 0 {
			out.Took = a.took / time.Duration(a.over)
		}
		var before, after, harmful, beneficial stats.Proportion
		var change stats.Paired
		for _, c := range a.clusters {
			before.Add(c.before.K, c.before.N)
			after.Add(c.pairs.Both+c.pairs.First, c.pairs.Both+c.pairs.First+c.pairs.Second+c.pairs.Neither)
			change.Add(c.pairs)
			harmful.Add(c.harmful.K, c.harmful.N)
			beneficial.Add(c.beneficial.K, c.beneficial.N)
		}
		out.Before, out.After = rate(&before), rate(&after)
		out.Harmful, out.Beneficial = rate(&harmful), rate(&beneficial)
		d := change.Difference(level)
		out.Change = tui.Rate{N: d.N, Value: 100 * d.Value, Low: 100 * d.Low, High: 100 * d.High}
		arms[i] = out
	}
	return arms
}

func rate(p *stats.Proportion) tui.Rate {
	r := p.Rate(level)
	return tui.Rate{N: r.N, Value: 100 * r.Value, Low: 100 * r.Low, High: 100 * r.High}
}
