package tables

import (
	"slices"

	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/stats"
)

// Accuracy is the table that answers the question of the project: each arm before and after, beside what it must be
// compared with.
func Accuracy(r *reports.Report) Table {
	b := start(r, "accuracy", "Accuracy by arm")
	used := accuracyRows(b, r, &r.Overall)
	b.table.Caption = "n: debates that did not fail. Accuracy is right / (right + wrong + unreadable), in %. " + methods(r, used...) + spread +
		" single: mean round-0 agent. self-cons.: self-consistency, the vote over as many independent replies as the arm makes calls." +
		" oracle: a bound, some round-0 answer was right." + sharedNote(&r.Overall)
	return b.table
}

// Sets is the accuracy table by data set. It is empty when there is one.
func Sets(r *reports.Report) Table {
	b := start(r, "sets", "Accuracy by data set and arm")
	var used []stats.Method
	for i := range r.Sets {
		used = append(used, accuracyRows(b, r, &r.Sets[i])...)
	}
	b.table.Caption = methods(r, used...) + spread
	return b.table
}

// accuracyRows adds a row an arm of a section of the report. The overall section has no column of its name, and a report in which nothing
// failed none of failures.
func accuracyRows(b *builder, r *reports.Report, s *reports.Section) (used []stats.Method) {
	failed := slices.ContainsFunc(r.Overall.Arms, func(a reports.Arm) bool { return a.Failed > 0 })
	for i := range s.Arms {
		a := &s.Arms[i]
		if s.Set != "" {
			b.text("set", "set", s.Set)
		}
		b.arm(s, a)
		b.count("n", col("n", "", 0), a.Debates)
		if failed {
			b.count("failed", col("× failed", "×", 1).in(paint.Failed), a.Failed)
		}
		b.plainRate("single", col("single", "", 0), a.Single)
		b.rate("before", col("vote before", "before", 0), a.Before)
		after, ok := a.After, debated(a)
		if !ok {
			after = stats.Rate{}
		}
		b.rate("after", col("vote after", "after", 0), after)
		b.roundDifference(ok, "change", col("change", "", 0), a.Change)
		b.plainRate("self_consistency", col("self-cons.", "s-cons.", 2), a.SelfConsistency.Rate)
		if !a.SelfConsistency.Run() {
			b.row[len(b.row)-1].Text = "not run"
		}
		b.plainRate("oracle", col("oracle", "", 0), a.Oracle)
		b.rate("harmful", col("▼ harmful", "▼", 3).in(paint.Corrupted), a.Revisions.Harmful)
		b.rate("beneficial", col("▲ helpful", "▲", 4).in(paint.Corrected), a.Revisions.Beneficial)
		ties := a.Tied
		if !ok {
			ties = a.BeforeTied
		}
		b.count("ties", col("ties", "", 7), ties)
		b.end()
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
