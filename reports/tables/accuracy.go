package tables

import (
	"slices"

	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/tables/build"
)

// Accuracy is the table that answers the question of the project: each arm before and after, beside what it must be
// compared with.
func Accuracy(r *reports.Report) grid.Table {
	b := build.Start(r, "accuracy", "Accuracy by arm")
	used := accuracyRows(b, r, &r.Overall)
	b.Table.Caption = "n: debates that did not fail. Accuracy is right / (right + wrong + unreadable), in %. " + build.Methods(r, used...) + build.Spread +
		" single: mean round-0 agent. self-cons.: self-consistency, the vote over as many independent replies as the arm makes calls." +
		" oracle: a bound, some round-0 answer was right." + sharedNote(&r.Overall)
	return b.Table
}

// Sets is the accuracy table by data set. It is empty when there is one.
func Sets(r *reports.Report) grid.Table {
	b := build.Start(r, "sets", "Accuracy by data set and arm")
	var used []stats.Method
	for i := range r.Sets {
		used = append(used, accuracyRows(b, r, &r.Sets[i])...)
	}
	b.Table.Caption = build.Methods(r, used...) + build.Spread
	return b.Table
}

// accuracyRows adds a row an arm of a section of the report. The overall section has no column of its name, and a report in which nothing
// failed grid.None of failures.
func accuracyRows(b *build.Builder, r *reports.Report, s *reports.Section) (used []stats.Method) {
	failed := slices.ContainsFunc(r.Overall.Arms, func(a reports.Arm) bool { return a.Failed > 0 })
	for i := range s.Arms {
		a := &s.Arms[i]
		if s.Set != "" {
			b.Text("set", "set", s.Set)
		}
		b.Arm(s, a)
		b.Count("n", grid.Col("n", "", 0), a.Debates)
		if failed {
			b.Count("failed", grid.Col("× failed", "×", 1).In(paint.Failed), a.Failed)
		}
		b.PlainRate("single", grid.Col("single", "", 0), a.Single)
		b.Rate("before", grid.Col("vote before", "before", 0), a.Before)
		after, ok := a.After, debated(a)
		if !ok {
			after = stats.Rate{}
		}
		b.Rate("after", grid.Col("vote after", "after", 0), after)
		b.RoundDifference(ok, "change", grid.Col("change", "", 0), a.Change)
		b.PlainRate("self_consistency", grid.Col("self-cons.", "s-cons.", 2), a.SelfConsistency.Rate)
		if !a.SelfConsistency.Run() {
			b.Row[len(b.Row)-1].Text = "not run"
		}
		b.PlainRate("oracle", grid.Col("oracle", "", 0), a.Oracle)
		b.Rate("harmful", grid.Col("▼ harmful", "▼", 3).In(paint.Corrupted), a.Revisions.Harmful)
		b.Rate("beneficial", grid.Col("▲ helpful", "▲", 4).In(paint.Corrected), a.Revisions.Beneficial)
		ties := a.Tied
		if !ok {
			ties = a.BeforeTied
		}
		b.Count("ties", grid.Col("ties", "", 7), ties)
		b.End()
		used = append(used, a.Before.Method, after.Method, a.Revisions.Harmful.Method)
	}
	return used
}

// sharedNote says once that arms have the same round 0.
func sharedNote(s *reports.Section) string {
	if len(s.Arms) < 2 {
		return ""
	}
	first := &s.Arms[0]
	for i := range s.Arms {
		a := &s.Arms[i]
		if a.Single != first.Single || a.Before != first.Before || a.Oracle != first.Oracle {
			return ""
		}
	}
	return " single, vote before and oracle are the same in all arms: they share round 0."
}
