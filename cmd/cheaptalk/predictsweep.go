package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cheaptalk/datasets"
	"cheaptalk/internal/predict"
	"cheaptalk/judges"
	"cheaptalk/protocols"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/transcript"
	"cheaptalk/reports/words"
)

// frontier has a row a design that no cheaper one beats.
func (t *predictTables) frontier() grid.Table {
	b := &grid.Builder{Table: grid.Table{Name: "frontier", Title: transcript.Line(fmt.Sprintf("Best accuracy at each cost · %s · simulated", t.cmd.Dataset))}}
	best := t.swept.Best()
	judged := slices.ContainsFunc(t.predictions, func(p predict.Prediction) bool { return p.Judge != judges.NamePlurality })
	for i := range t.predictions {
		p := &t.predictions[i]
		b.Count("calls", grid.Col("calls", "", 0), p.Calls())
		textCell(b, "team", "team", 0, t.team(p.Team))
		textCell(b, "protocol", "protocol", 0, p.Protocol)
		b.Count("rounds", grid.Col("rounds", "", 0), p.Rounds)
		if judged {
			textCell(b, "judge", "judge", 0, p.Judge)
		}
		rateCell(b, "accuracy", grid.Col("accuracy", "", 1), p.After)
		pointsCell(b, "gain_over_vote", grid.Col("over the vote", "", 5), p.Gain.Estimate)
		behind := best.Minus(p)
		mark := ""
		if p.Design.Calls() != best.Calls() {
			behind.Value, behind.Low, behind.High = -behind.Value, -behind.High, -behind.Low
			pointsCell(b, "to_best", grid.Col("to the best", "", 3), behind.Estimate)
			if !t.swept.Beaten(p) {
				mark = "≈ best"
			}
		} else {
			pointsCell(b, "to_best", grid.Col("to the best", "", 3), predict.Estimate{})
			mark = "best"
		}
		textCell(b, "mark", "", 4, mark)
		b.End()
	}
	b.Table.Caption = fmt.Sprintf("Percent. %s searched on %d questions, %d of them predicted here on %d others. Cost is in calls a question. ≈ best: no design here is better beyond doubt. ",
		plural(t.swept.Searched, "design"), len(t.world.Items), len(t.swept.Finalists), len(t.world.Items)) + t.method()
	for _, why := range t.swept.Left {
		b.Table.Notes = append(b.Table.Notes, "not modelled, so not searched: "+why)
	}
	return b.Table
}

// sayFound says what the search found, what it would take to confirm it, and the command that would.
func (t *predictTables) sayFound(e *env, width int) {
	best, enough := t.swept.Best(), t.swept.Enough()
	lines := t.confirm(best)
	if enough.Calls() != best.Calls() {
		lines = append(lines, fmt.Sprintf("The cheapest design that no other beats beyond doubt costs %s a question: %s.", plural(enough.Calls(), "call"), t.describe(enough)))
	}
	if d := t.swept.Debate(); d != nil && best.Rounds == 0 {
		lines = append(lines, fmt.Sprintf("The best debate is %s: %s %% at %s, %s points [%s, %s] to the vote of the same agents at the same cost.", t.describe(d),
			grid.Percent(d.After.Value), plural(d.Calls(), "call"), words.Points(d.Gain.Value), words.Points(d.Gain.Low), words.Points(d.Gain.High)))
	}
	for _, line := range lines {
		fmt.Fprintf(e.stdout, "\n%s\n", wrap(clean(line), width))
	}
	fmt.Fprintf(e.stdout, "\nreal    %s\n", clean(t.command(best)))
	if best.Judge != ownJudge(best.Protocol) {
		fmt.Fprintf(e.stdout, "        its report has the row %s in the table of judges\n", best.Judge)
	}
}

// describe says a design in words.
func (t *predictTables) describe(p *predict.Prediction) string {
	if p.Rounds == 0 && len(p.Team) == 1 {
		return "one answer of " + t.team(p.Team)
	}
	if p.Rounds == 0 {
		return "the vote of " + t.team(p.Team)
	}
	return fmt.Sprintf("%s in %s by %s, decided by %s", p.Protocol, plural(p.Rounds, "round"), t.team(p.Team), p.Judge)
}

// reference returns the difference of the best design that a run is to confirm, and of what: of the vote at its cost or, where it is a vote itself, of
// the vote of its agents with fewer answers that the run holds as well. ok is false where there is none.
func (t *predictTables) reference(best *predict.Prediction) (v predict.Versus, what string, ok bool) {
	if best.Gain.N > 0 {
		return best.Gain, "the vote of the same agents at the same cost", true
	}
	cheapest := &t.predictions[0]
	if cheapest.Calls() == best.Calls() {
		return v, "", false
	}
	return best.Minus(cheapest), fmt.Sprintf("the cheapest design, %s (%s)", t.describe(cheapest), plural(cheapest.Calls(), "call")), true
}

// confirm says what it would take to confirm the best design.
func (t *predictTables) confirm(best *predict.Prediction) []string {
	line := fmt.Sprintf("The best design is %s: %s %%", t.describe(best), grid.Percent(best.After.Value))
	if best.Rounds == 0 {
		line += "; no debate of these agents is predicted to be better at its cost"
	}
	v, what, ok := t.reference(best)
	if !ok {
		return []string{line + "."}
	}
	line += fmt.Sprintf(". That is %s points [%s, %s] to %s", words.Points(v.Value), words.Points(v.Low), words.Points(v.High), what)
	needed, ok := v.Needed()
	if !ok {
		return []string{line + ": no number of questions would tell them apart."}
	}
	line += fmt.Sprintf(", which would be found with a power of %.0f %% on %s questions.", 100*stats.Power, thousands(int(needed)))
	if card, ok := datasets.Find(t.cmd.Dataset); ok && needed > float64(card.Splits[0].Rows) {
		line += fmt.Sprintf(" %s has %s.", card.Name, thousands(card.Splits[0].Rows))
	}
	return []string{line}
}

// command is the command that holds a design with the models themselves, and the vote at its cost. Their servers are for the user to fill in.
func (t *predictTables) command(p *predict.Prediction) string {
	seats := t.counts(p.Team)
	if p.Rounds == 0 { // the smallest team that is gone round
		all := 0
		for _, n := range seats {
			all = divisor(all, n)
		}
		for i := range seats {
			seats[i] /= all
		}
	}
	var team []string
	for a, n := range seats {
		model := t.world.Agents[a].File.Profile.Model()
		for range n {
			team = append(team, fmt.Sprintf("%s@http://SERVER-OF-%s/v1", model, strings.ToUpper(model)))
		}
	}
	s := fmt.Sprintf("cheaptalk run --team '%s' --protocol %s", strings.Join(team, ","), p.Protocol)
	if p.Rounds > 0 {
		s += fmt.Sprintf(" --rounds %d", p.Rounds)
	}
	if p.Calls() > len(team) {
		s += fmt.Sprintf(" --samples %d", p.Calls())
	}
	set, rows := t.cmd.Dataset, math.Inf(1)
	if card, ok := datasets.Find(set); ok {
		rows = float64(card.Splits[0].Rows)
	} else {
		set = "YOUR-QUESTIONS.jsonl"
	}
	s += " --dataset " + set
	if v, _, ok := t.reference(p); ok {
		if needed, ok := v.Needed(); ok && needed < rows {
			s += fmt.Sprintf(" --limit %.0f", needed)
		}
	}
	return s
}

// divisor returns the greatest common divisor.
func divisor(a, b int) int {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}

// ownJudge returns the judge whose verdict counts in a run of the protocol.
func ownJudge(protocol string) string {
	switch protocol {
	case protocols.ConfidenceWeighted{}.Name():
		return judges.NameConfidence
	case protocols.ConsensusPenalized{}.Name():
		return judges.NameTrajectory
	}
	return judges.NamePlurality
}
