package tables

import (
	"cmp"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/tables/build"
	"cheaptalk/reports/tables/social"
)

// All returns every table of the report that has something to show, the most important first.
func All(r *reports.Report) []grid.Table {
	all := []grid.Table{
		Accuracy(r), Decisions(r), Bounds(r), Sets(r), Comparisons(r), Judges(r), Aggregation(r), Rounds(r), social.Diversity(r), Transitions(r), AgentTransitions(r),
		Revisions(r), BreakEven(r), Agents(r), Majorities(r), social.Conformity(r), social.Peers(r), social.Influence(r), social.Apart(r), social.Flips(r), social.Sway(r), Confidence(r), Sources(r), Calibration(r), Reliability(r), Failures(r),
	}
	return slices.DeleteFunc(all, func(t grid.Table) bool { return len(t.Rows) == 0 })
}

// debated reports whether the arm has a verdict after a debate: for an independent arm, one that is more than a vote over round 0.
func debated(a *reports.Arm) bool {
	return a.After.N > 0 && !(a.Independent && (a.Primary == "plurality" || a.Primary == "round-0 vote"))
}

// Bounds is what could have been, and what it cost.
func Bounds(r *reports.Report) grid.Table {
	b := build.Start(r, "bounds", "Bounds, failures and cost by arm")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		b.Arm(s, a)
		b.Count("questions", grid.Col("questions", "quest.", 5), a.Questions)
		b.Count("n", grid.Col("n", "", 0), a.Debates)
		b.Count("failed", grid.Col("failed", "× fail", 0).In(paint.Failed), a.Failed)
		b.CountIf(a.After.N > 0, "unreadable", grid.Col("unreadable", "? unr.", 1).In(paint.Unread), a.Unreadable)
		worst := grid.Cell{Text: grid.None, Raw: []string{"", ""}}
		if a.After.N+a.Failed > 0 {
			worst = grid.Cell{Text: grid.Percent(a.WorstCase) + "–" + grid.Percent(a.BestCase), Raw: []string{grid.Raw(a.WorstCase), grid.Raw(a.BestCase)}}
		}
		b.Add(grid.Column{Head: "failed wrong–right", Short: "wrong–right", Drop: 4, Fields: []string{"worst_case", "best_case"}}, worst)
		b.Rate("best_single", grid.Col("best single", "best 1", 2), a.BestSingle)
		b.Rate("oracle", grid.Col("oracle", "", 0), a.Oracle)
		finished := a.Oracle.N > 0
		b.Number(finished, "calls", grid.Col("calls", "", 0), a.Cost.Calls, 1)
		tokens := a.Cost.PromptTokens+a.Cost.CompletionTokens > 0
		b.Number(tokens, "prompt_tokens", grid.Col("tokens in", "in", 3), a.Cost.PromptTokens, 0)
		b.Number(tokens, "completion_tokens", grid.Col("tokens out", "out", 3), a.Cost.CompletionTokens, 0)
		b.End()
		used = append(used, a.Oracle.Method, a.BestSingle.Method)
	}
	b.Table.Caption = "best single and oracle are bounds made from the key: best single is on each question the agent that did best on all the other questions; " +
		"oracle counts a question as right when some round-0 answer was. failed wrong–right: accuracy after, were all failed debates wrong, or right. " +
		"Calls and tokens are means over debates, the primary judge included. " + build.Methods(r, used...)
	return b.Table
}

// Judges is every judge on the same transcripts.
func Judges(r *reports.Report) grid.Table {
	b := build.Start(r, "judges", "Judges on the same transcripts")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, j := range a.Judges {
			b.Arm(s, a)
			name := j.Name
			if j.Primary {
				name += " (primary)"
			}
			b.Text("judge", "judge", name)
			b.Count("n", grid.Col("n", "", 0), j.Rate.N)
			b.Rate("accuracy", grid.Col("accuracy", "acc.", 0), j.Rate)
			b.Count("ties", grid.Col("ties", "", 0), j.Tied)
			b.Count("abstained", grid.Col("abstained", "abst.", 1), j.Abstained)
			b.Count("failed", grid.Col("failed", "fail.", 1).In(paint.Failed), j.Failed)
			b.End()
			used = append(used, j.Rate.Method)
		}
	}
	b.Table.Caption = "Only the primary judge was chosen beforehand; all others are exploratory. An abstention is unreadable, not wrong; a judge that failed is not in n. " +
		build.Methods(r, used...)
	return b.Table
}

// Majorities is what became of majorities that were wrong or right.
func Majorities(r *reports.Report) grid.Table {
	b := build.Start(r, "majorities", "What became of the vote")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		if !debated(a) {
			continue
		}
		b.Arm(s, a)
		b.Rate("recovery", grid.Col("▲ wrong vote recovered", "▲ recov.", 0).In(paint.Corrected), a.Recovery)
		b.Count("recovery_of", grid.Col("of", "", 2), a.Recovery.N)
		b.Rate("minority_correction", grid.Col("▲ minority corrected it", "▲ min.", 0).In(paint.Corrected), a.MinorityCorrection)
		b.Count("minority_of", grid.Col("of", "", 2), a.MinorityCorrection.N)
		b.Rate("majority_loss", grid.Col("▼ right vote lost", "▼ lost", 0).In(paint.Corrupted), a.MajorityLoss)
		b.Count("loss_of", grid.Col("of", "", 2), a.MajorityLoss.N)
		b.Difference(true, "oracle_gap", grid.Col("oracle gap", "gap", 1), a.OracleGap)
		b.End()
		used = append(used, a.Recovery.Method, a.MajorityLoss.Method)
	}
	b.Table.Caption = "Recovered: right after, of the votes that were not right before. Minority: the same where some agent was right before. Lost: not right after, of the votes that " +
		"were right before. Oracle gap: oracle minus accuracy after, in points. " + build.Methods(r, used...)
	return b.Table
}

// Flips lists revisions that helped or harmed.
func Flips(flips []reports.Flip, title string) grid.Table {
	b := &grid.Builder{Table: grid.Table{Name: "flips", Title: title}}
	for _, f := range flips {
		sign := debate.Corrected.Sign()
		if f.Harmful() {
			sign = debate.Corrupted.Sign()
		}
		b.Text("sign", "", sign)
		b.Text("case", "case", f.Case.String())
		b.Text("agent", "agent", f.Agent)
		b.Count("round", grid.Col("round", "", 2), f.Round)
		b.Text("before", "from", cmp.Or(string(f.Before), grid.None))
		b.Text("after", "to", cmp.Or(string(f.After), grid.None))
		b.Text("holders", "with", with(f.Holders))
		b.End()
	}
	return b.Table
}
