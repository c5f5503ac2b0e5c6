// Package build begins tables of reports: their titles, the names of arms, the notes that belong to them, and how their intervals were made.
package build

import (
	"fmt"
	"slices"

	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/transcript"
)

// Builder makes a table of a report.
type Builder struct{ grid.Builder }

// Start begins a table about a report.
func Start(r *reports.Report, name, title string) *Builder {
	if r.Name != "" {
		title += " · " + r.Name
	}
	if r.Simulated {
		title += " · simulated"
	}
	b := &Builder{grid.Builder{Table: grid.Table{Name: name, Title: title}}}
	for _, n := range r.Notes {
		if n.About == name {
			text := n.Text
			if n.Arm != "" {
				text = transcript.Line(n.Arm) + ": " + text
			}
			b.Table.Notes = append(b.Table.Notes, text)
		}
	}
	return b
}

// Arm adds the name of an arm, marked where it is simulated and others are not.
func (b *Builder) Arm(s *reports.Section, a *reports.Arm) {
	name := a.Name
	if a.Simulated && slices.ContainsFunc(s.Arms, func(a reports.Arm) bool { return !a.Simulated }) {
		name += " (simulated)"
	}
	b.Text("arm", "arm", name)
}

// Methods says how the intervals of the rates at hand were made.
func Methods(r *reports.Report, used ...stats.Method) string {
	s := fmt.Sprintf("Intervals: %g %%", 100*r.Level)
	score, clustered := slices.Contains(used, stats.Wilson), slices.Contains(used, stats.Clustered)
	switch {
	case slices.Contains(used, stats.Exact):
		s += ", exact (Clopper-Pearson); they take answers as independent, which those of one question are not."
	case score && clustered:
		s += ", score (Wilson; differences Newcombe 1998, method 10) where each question counts once, else the same at the effective sample size, clustered by question, Student's t."
	case clustered:
		s += ", score intervals at the effective sample size, clustered by question, Student's t."
	default:
		s += ", score (Wilson; differences Newcombe 1998, method 10)."
	}
	return s
}

// Spread explains ± and ~.
const Spread = " ± is the longer arm of the interval; ~ marks a difference whose interval includes 0."
