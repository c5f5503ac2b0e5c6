package tables

import (
	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/tables/build"
)

// Agents is the same by arm and agent, with each agent's accuracy alone and at the end.
func Agents(r *reports.Report) grid.Table {
	b := build.Start(r, "agents", "Agents")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, m := range a.Members {
			b.Arm(s, a)
			b.Text("agent", "agent", m.Name)
			b.Rate("single", grid.Col("alone", "", 0), m.Single)
			b.Rate("final", grid.Col("at the end", "end", 0), m.Final)
			revisions(b, m.Revisions)
			b.End()
			used = append(used, m.Single.Method, m.Revisions.Harmful.Method)
		}
	}
	b.Table.Caption = "alone: round 0. " + revisionsCaption + build.Methods(r, used...)
	return b.Table
}

// AgentTransitions counts what became of answers, by arm and agent.
func AgentTransitions(r *reports.Report) grid.Table {
	b := build.Start(r, "agent-transitions", "Transitions by agent (counts)")
	s := &r.Overall
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, m := range a.Members {
			if m.Revisions.Matrix.Total() == 0 {
				continue
			}
			b.Arm(s, a)
			b.Text("agent", "agent", m.Name)
			matrix(b, m.Revisions.Matrix)
			b.End()
		}
	}
	b.Table.Caption = "From one reply of an agent to its next: C correct, I incorrect, ? unreadable; I=I kept the same wrong answer, I→I' took another."
	return b.Table
}

// Confidence is how the confidence of agents fares: the one that counts of each reply.
func Confidence(r *reports.Report) grid.Table {
	b := build.Start(r, "confidence", "Confidence")
	s := &r.Overall
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, m := range a.Members {
			for _, stage := range []struct {
				name string
				c    reports.Confidence
			}{{"round 0", m.First}, {"last", m.Last}} {
				if stage.c.N == 0 || stage.name == "last" && a.Independent {
					continue
				}
				b.Arm(s, a)
				b.Text("agent", "agent", m.Name)
				b.Text("answer", "answer", stage.name)
				confidence(b, stage.c)
				b.End()
			}
		}
	}
	b.Table.Caption = "Readable answers with a confidence: the one that counts, from the first source that the experiment names. ECE: expected calibration error, ten bins of equal width; Brier: mean squared error. Both are 0 at best."
	return b.Table
}
