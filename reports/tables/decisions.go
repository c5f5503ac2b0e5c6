package tables

import (
	"fmt"
	"math"

	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/tables/build"
	"cheaptalk/reports/words"
)

// Comparisons is each arm against the references.
func Comparisons(r *reports.Report) grid.Table {
	b := build.Start(r, "comparisons", "Arms compared on the same cases")
	var used []stats.Method
	for i := range r.Overall.Comparisons {
		c := &r.Overall.Comparisons[i]
		b.Text("arm", "arm", c.Arm)
		b.Text("reference", "against", c.Reference)
		b.Count("n", grid.Col("n", "", 0), c.Difference.N)
		b.Difference(true, "difference", grid.Col("difference", "diff.", 0), c.Difference)
		b.Interval("bootstrap", grid.Col("BCa", "", 4), c.Decision.Bootstrap)
		b.Count("arm_alone", grid.Col("arm alone right", "b", 2), c.Difference.B)
		b.Count("reference_alone", grid.Col("reference alone right", "c", 2), c.Difference.C)
		b.Odds("odds_ratio", grid.Col("odds ratio", "OR", 3), c.Decision.Odds)
		b.P("p", "p", 1, c.Difference.P)
		b.P("mid_p", "mid-p", 5, c.Difference.MidP)
		b.P("holm", "Holm p", 0, c.Holm)
		b.End()
		used = append(used, c.Difference.Method)
	}
	b.Table.Caption = "n: cases that both arms finished; primary verdicts. BCa: bootstrap interval, questions drawn anew. odds ratio: arm alone right over reference alone right, exact interval. p: exact " +
		"McNemar test, or where a question has several debates the exact sign-flip test over questions; mid-p: the same, less cautious; Holm p is p adjusted for all comparisons of the table. " +
		build.Methods(r, used...) + build.Spread + allArms(r)
	return b.Table
}

// allArms says what the test over all arms found.
func allArms(r *reports.Report) string {
	c := r.Overall.AllArms
	if c == nil {
		return ""
	}
	s := fmt.Sprintf(" All %d arms at once: Cochran's Q = %.1f, %d degrees of freedom, p %s, over the %d cases that all finished, %d of them with arms apart",
		c.Treatments, c.Q, c.Treatments-1, grid.PValue(c.P), c.N, c.Discordant)
	if c.Design > 1 {
		s += fmt.Sprintf("; Q is divided by the mean design effect, %.2f", c.Design)
	}
	return s + "."
}

// Decisions is what the change from the vote before to the answer after lets one decide, and what it would take to decide more.
func Decisions(r *reports.Report) grid.Table {
	b := build.Start(r, "decisions", "Is debate worth it? After against the vote before")
	s := &r.Overall
	var used []stats.Method
	margin := 0.0
	for i := range s.Arms {
		a := &s.Arms[i]
		if !debated(a) || a.Change.N == 0 {
			continue
		}
		d := &a.Decision
		margin = d.Equivalence.Margin
		b.Arm(s, a)
		b.Count("questions", grid.Col("questions", "quest.", 3), d.Questions)
		b.RoundDifference(true, "change", grid.Col("change", "", 0), a.Change)
		b.Interval("bootstrap", grid.Col("BCa", "", 5), d.Bootstrap)
		b.Odds("odds_ratio", grid.Col("odds ratio", "OR", 4), d.Odds)
		b.P("p", "p", 1, a.Change.P)
		b.P("mid_p", "mid-p", 6, a.Change.MidP)
		oneSided(b, "not_worse_p", "no worse p", 0, d.Equivalence.NotWorse)
		oneSided(b, "equivalent_p", "same p", 2, d.Equivalence.Same)
		b.Points(d.Detectable > 0, "detectable", grid.Col("detectable", "detect.", 2), d.Detectable)
		more, ok := d.More()
		b.Number(ok, "more_questions", grid.Col("more questions", "more", 0), math.Ceil(more), 0)
		switch cell := &b.Row[len(b.Row)-1]; {
		case !a.Change.Noise():
			cell.Text = "decided"
		case ok:
			cell.Text = words.Round(more)
		}
		b.End()
		used = append(used, a.Change.Method)
	}
	b.Table.Caption = fmt.Sprintf("change: accuracy after minus the vote before, in points. odds ratio: debates put right over debates put wrong. no worse p: of the test that debate loses %s points or more; small says that it "+
		"does not. same p: of the test that it changes accuracy by %s points or more, either way (two one-sided tests). detectable: the smallest change that as many debates find with a power of %.0f %%. "+
		"more questions: how many further ones would find a change as large as the one seen with that power (Connor 1987), were it real. ", points(margin), points(margin), 100*stats.Power) + build.Methods(r, used...) + build.Spread
	return b.Table
}

// oneSided adds a p value of a test of equivalence, which is not known beyond a half.
func oneSided(b *build.Builder, field, head string, drop int, p float64) {
	b.P(field, head, drop, p)
	if p >= 0.4999 {
		b.Row[len(b.Row)-1].Text = "≥0.5"
	}
}

// points writes a share in [0,1] as points without a sign.
func points(x float64) string { return fmt.Sprintf("%g", math.Round(1000*x)/10) }

// Aggregation is aggregators beside the vote over the answers that they read.
func Aggregation(r *reports.Report) grid.Table {
	b := build.Start(r, "aggregation", "Prompted aggregation beside the vote over the same answers")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, j := range a.Judges {
			g := j.Aggregation
			if g == nil {
				continue
			}
			b.Arm(s, a)
			b.Text("judge", "judge", j.Name)
			b.Count("n", grid.Col("n", "", 0), g.N)
			b.Count("kept", grid.Col("majority kept", "kept", 1), g.Kept)
			b.Count("recovered", grid.Col("minority recovered", "recov.", 0), g.Recovered)
			b.Count("synthesised", grid.Col("synthesised", "synth.", 0), g.Synthesised)
			b.Count("broken", grid.Col("majority broken", "broken", 0), g.Broken)
			b.Count("missed", grid.Col("minority missed", "missed", 1), g.Missed)
			b.Count("none", grid.Col("none correct", "none", 1), g.None)
			b.Rate("recovery", grid.Col("recovery", "rec. %", 4), g.Recovery)
			b.Rate("breakage", grid.Col("breakage", "brk. %", 5), g.Breakage)
			b.Rate("synthesis", grid.Col("synthesis", "syn. %", 6), g.Synthesis)
			b.Difference(true, "gain", grid.Col("against the vote", "gain", 0), g.Gain)
			b.Points(g.Recovered+g.Missed > 0, "gap_closed", grid.Col("gap closed %", "gap %", 3), g.GapClosed)
			b.End()
			used = append(used, g.Recovery.Method, g.Gain.Method)
		}
	}
	b.Table.Caption = "An agent read the last answer of every agent under the words of AggLM (Zhao et al. 2025). This is prompted aggregation: their trained aggregator is not part of it. majority kept, broken: the plurality of these " +
		"answers was right, and it was too, or not; minority recovered, missed: the plurality was not right, some answer was; synthesised, none correct: no answer was right. recovery: recovered of recovered and missed; breakage: broken of kept and " +
		"broken; synthesis: synthesised of synthesised and none. gap closed: gain over the gap between the vote and the oracle of these answers. " + build.Methods(r, used...) + build.Spread
	return b.Table
}
