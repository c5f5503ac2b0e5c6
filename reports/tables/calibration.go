package tables

import (
	"strconv"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/tables/build"
)

// BreakEven is whether revisions win as many right answers as they lose.
func BreakEven(r *reports.Report) grid.Table {
	b := build.Start(r, "break-even", "Break-even of revisions")
	s := &r.Overall
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, at := range a.Rounds {
			if at.Revisions.Matrix.Total() > 0 {
				b.Arm(s, a)
				b.Text("round", "round", strconv.Itoa(at.Round))
				breakEven(b, at.Revisions)
			}
		}
		if a.Revisions.Matrix.Total() > 0 {
			b.Arm(s, a)
			b.Text("round", "round", "all")
			breakEven(b, a.Revisions)
		}
	}
	b.Table.Caption = "Mean accuracy stays as it is where P(I→C)/P(C→I) = a/(1-a), a the accuracy of the answers that are revised; I is here every answer that is not right. Above it revisions win more right " +
		"answers than they lose: won minus lost says how many."
	return b.Table
}

// breakEven adds the row of some revisions.
func breakEven(b *build.Builder, v reports.Revisions) {
	n := &v.Matrix.N
	kept := n[debate.Correct][debate.Correct]
	total, right, after := v.Matrix.Total(), 0, 0
	for state := range n {
		right += n[debate.Correct][state]
		after += n[state][debate.Correct]
	}
	b.Count("revisions", grid.Col("revisions", "n", 0), total)
	b.Count("lost", grid.Col("lost", "", 0), right-kept)
	b.Count("won", grid.Col("won", "", 0), after-kept)
	e := v.BreakEven
	b.Number(e.Ratio > 0, "ratio", grid.Col("P(I→C)/P(C→I)", "ratio", 0), e.Ratio, 2)
	b.Number(e.Needed > 0, "needed", grid.Col("a/(1-a)", "needed", 0), e.Needed, 2)
	verdict := "even"
	switch {
	case after > right:
		verdict = "above"
	case after < right:
		verdict = "below"
	}
	b.Text("line", "line", verdict)
	b.End()
}

// Calibration is how the confidence of replies fares, round by round.
func Calibration(r *reports.Report) grid.Table {
	b := build.Start(r, "calibration", "Confidence by round")
	s := &r.Overall
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, at := range a.Rounds {
			if at.Confidence.N == 0 {
				continue
			}
			b.Arm(s, a)
			b.Count("round", grid.Col("round", "", 0), at.Round)
			confidence(b, at.Confidence)
			b.End()
		}
	}
	b.Table.Caption = "Readable answers given in the round with a confidence, of all agents. ECE: expected calibration error, ten bins of equal width; Brier: mean squared error. Both are 0 at best."
	return b.Table
}

// confidence adds how some confidence fares.
func confidence(b *build.Builder, c reports.Confidence) {
	b.Count("n", grid.Col("n", "", 0), c.N)
	b.Number(c.N > 0, "confidence", grid.Col("confidence", "conf.", 0), c.Mean, 2)
	b.Number(c.N > 0, "accuracy", grid.Col("accuracy", "acc.", 0), c.Accuracy, 2)
	b.Number(c.N > 0, "ece", grid.Col("ECE", "", 0), c.ECE, 3)
	b.Number(c.N > 0, "brier", grid.Col("Brier", "", 0), c.Brier, 3)
}

// Reliability is accuracy by stated confidence: the reliability diagram in numbers, of the last replies of each agent.
func Reliability(r *reports.Report) grid.Table {
	b := build.Start(r, "reliability", "Reliability: accuracy by confidence, last replies")
	s := &r.Overall
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, m := range a.Members {
			for _, bin := range m.Last.Bins {
				b.Arm(s, a)
				b.Text("agent", "agent", m.Name)
				b.Number(true, "from", grid.Col("from", "", 0), bin.From, 1)
				b.Count("n", grid.Col("n", "", 0), bin.N)
				b.Number(true, "confidence", grid.Col("confidence", "conf.", 0), bin.Confidence, 2)
				b.Rate("accuracy", grid.Col("accuracy", "acc.", 0), bin.Accuracy)
				b.End()
			}
		}
	}
	b.Table.Caption = "Bins of a tenth; those without answers are left out. " + build.Methods(r, stats.Exact)
	return b.Table
}
