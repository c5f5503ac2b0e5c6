package tables

import (
	"cheaptalk/reports"
	"cheaptalk/reports/stats"
)

// Agents is the same by arm and agent, with each agent's accuracy alone and at the end.
func Agents(r *reports.Report) Table {
	b := start(r, "agents", "Agents")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, m := range a.Members {
			b.arm(s, a)
			b.text("agent", "agent", m.Name)
			b.rate("single", col("alone", "", 0), m.Single)
			b.rate("final", col("at the end", "end", 0), m.Final)
			b.revisions(m.Revisions)
			b.end()
			used = append(used, m.Single.Method, m.Revisions.Harmful.Method)
		}
	}
	b.table.Caption = "alone: round 0. " + revisionsCaption + methods(r, used...)
	return b.table
}

// AgentTransitions counts what became of answers, by arm and agent.
func AgentTransitions(r *reports.Report) Table {
	b := start(r, "agent-transitions", "Transitions by agent (counts)")
	s := &r.Overall
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, m := range a.Members {
			if m.Revisions.Matrix.Total() == 0 {
				continue
			}
			b.arm(s, a)
			b.text("agent", "agent", m.Name)
			b.matrix(m.Revisions.Matrix)
			b.end()
		}
	}
	b.table.Caption = "From one reply of an agent to its next: C correct, I incorrect, ? unreadable; I=I kept the same wrong answer, I→I' took another."
	return b.table
}

// Confidence is how the confidence of agents fares: the one that counts of each reply.
func Confidence(r *reports.Report) Table {
	b := start(r, "confidence", "Confidence")
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
				b.arm(s, a)
				b.text("agent", "agent", m.Name)
				b.text("answer", "answer", stage.name)
				b.count("n", col("n", "", 0), stage.c.N)
				b.number(true, "confidence", col("confidence", "conf.", 0), stage.c.Mean, 2)
				b.number(true, "accuracy", col("accuracy", "acc.", 0), stage.c.Accuracy, 2)
				b.number(true, "ece", col("ECE", "", 0), stage.c.ECE, 3)
				b.number(true, "brier", col("Brier", "", 0), stage.c.Brier, 3)
				b.end()
			}
		}
	}
	b.table.Caption = "Readable answers with a confidence: the one that counts, from the first source that the experiment names. ECE: expected calibration error, ten bins of equal width; Brier: mean squared error. Both are 0 at best."
	return b.table
}
