package main

import (
	"fmt"
	"slices"
	"strings"

	"cheaptalk/internal/predict"
	"cheaptalk/internal/predict/sweep"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/transcript"
	"cheaptalk/reports/words"
)

// predictTables makes the tables and the words of "cheaptalk predict".
type predictTables struct {
	cmd         *predictCmd
	world       *predict.World
	predictions []predict.Prediction
	swept       *sweep.Found // nil without a search
}

// rateCell adds a predicted rate in percent with its interval.
func rateCell(b *grid.Builder, field string, c grid.Column, e predict.Estimate) {
	c.Fields = []string{field, field + "_low", field + "_high"}
	if e.IsZero() {
		b.Add(c, grid.Cell{Text: grid.None, Raw: []string{"", "", ""}})
		return
	}
	b.Add(c, grid.Cell{
		Text:   fmt.Sprintf("%s [%s, %s]", grid.Percent(e.Value), grid.Percent(e.Low), grid.Percent(e.High)),
		Shorts: []string{grid.Percent(e.Value)},
		Raw:    []string{grid.Raw(e.Value), grid.Raw(e.Low), grid.Raw(e.High)},
	})
}

// pointsCell adds a predicted difference in points with its interval and "~" where that includes 0.
func pointsCell(b *grid.Builder, field string, c grid.Column, e predict.Estimate) {
	rateCell(b, field, c, e)
	if e.IsZero() {
		return
	}
	mark := "  "
	if e.Low <= 0 && e.High >= 0 {
		mark = " ~"
	}
	value := words.Points(e.Value)
	cell := &b.Row[len(b.Row)-1]
	cell.Text = fmt.Sprintf("%s [%s, %s]%s", value, words.Points(e.Low), words.Points(e.High), mark)
	cell.Shorts = []string{value + mark}
}

// textCell adds a column of words.
func textCell(b *grid.Builder, field, head string, drop int, s string) {
	b.Add(grid.Column{Head: head, Left: true, Drop: drop, Fields: []string{field}}, grid.Cell{Text: transcript.Line(s), Raw: []string{s}})
}

// start begins a table of designs.
func (t *predictTables) start(name, title string) *grid.Builder {
	return &grid.Builder{Table: grid.Table{Name: name, Title: transcript.Line(fmt.Sprintf("%s · %s · %s · simulated", title, t.cmd.Dataset, t.team(t.predictions[0].Team)))}}
}

// design begins the row of a design; judged says that judges matter.
func (t *predictTables) design(b *grid.Builder, p *predict.Prediction, judged bool) {
	textCell(b, "protocol", "protocol", 0, p.Protocol)
	if rounds := t.cmd.rounds(); len(rounds) > 1 {
		b.Count("rounds", grid.Col("rounds", "", 0), p.Rounds)
	}
	if judged && len(t.cmd.Judge) > 1 {
		textCell(b, "judge", "judge", 0, p.Judge)
	}
}

// accuracy has a row a design: the group.
func (t *predictTables) accuracy() grid.Table {
	b := t.start("prediction", "Predicted accuracy")
	for i := range t.predictions {
		p := &t.predictions[i]
		t.design(b, p, true)
		b.CountIf(p.NotModelled == "", "calls", grid.Col("calls", "", 0), p.Calls())
		rateCell(b, "before", grid.Col("vote before", "before", 5), p.Before)
		rateCell(b, "after", grid.Col("after", "", 1), p.After)
		if p.NotModelled != "" {
			b.Row[len(b.Row)-1] = grid.Cell{Text: "not modelled", Raw: []string{"", "", ""}}
		}
		pointsCell(b, "change", grid.Col("change", "", 2), p.Change)
		pointsCell(b, "over_the_vote", grid.Col("over the vote", "", 3), p.Gain.Estimate)
		b.End()
		if p.NotModelled != "" {
			note := fmt.Sprintf("%s is not modelled: %s", transcript.Line(p.Protocol), p.NotModelled)
			if len(t.cmd.Judge) > 0 {
				note = fmt.Sprintf("%s decided by %s is not modelled: %s", transcript.Line(p.Protocol), p.Judge, p.NotModelled)
			}
			if !slices.Contains(b.Table.Notes, note) {
				b.Table.Notes = append(b.Table.Notes, note)
			}
		}
	}
	b.Table.Caption = "Percent. over the vote: after minus the vote of the same agents asked as often without a debate; ~ includes 0. " + t.method()
	return b.Table
}

// revisions has a row a team, protocol and number of rounds: the agents.
func (t *predictTables) revisions() grid.Table {
	b := t.start("predicted-agents", "Predicted agents")
	for i := range t.predictions {
		p := &t.predictions[i]
		if p.NotModelled != "" || i > 0 && p.Protocol == t.predictions[i-1].Protocol && p.Rounds == t.predictions[i-1].Rounds {
			continue
		}
		t.design(b, p, false)
		rateCell(b, "agent_before", grid.Col("agent before", "before", 2), p.Single)
		rateCell(b, "agent_after", grid.Col("agent after", "after", 1), p.Mean)
		rateCell(b, "harmful", grid.Col("harmful", "", 3), p.Harmful)
		rateCell(b, "beneficial", grid.Col("beneficial", "", 3), p.Beneficial)
		b.End()
	}
	b.Table.Caption = "Percent, the mean of the team. harmful: revisions from right to wrong, of right answers; beneficial: from wrong to right, of wrong ones."
	return b.Table
}

// method says how the intervals were made.
func (t *predictTables) method() string {
	s := fmt.Sprintf("%d simulated questions, seed %d. ", len(t.world.Items), t.world.Seed)
	if t.world.Draws == 0 {
		return s + "Intervals of 95 % of the simulation only: the parameters are taken as known. docs/PREDICTION.md has the method."
	}
	return s + fmt.Sprintf("Intervals of 95 %%: what is not known of the parameters (%d draws) and the error of the simulation. docs/PREDICTION.md has the method.", t.world.Draws)
}

// name returns how an agent is called in tables: its model, unless two of them are of one model.
func (t *predictTables) name(agent int) string {
	agents := t.world.Agents
	model := agents[agent].File.Profile.Model()
	for i := range agents {
		if i != agent && agents[i].File.Profile.Model() == model {
			return agents[agent].Name
		}
	}
	return model
}

// counts counts the seats of each agent.
func (t *predictTables) counts(team []int) []int {
	counts := make([]int, len(t.world.Agents))
	for _, a := range team {
		counts[a]++
	}
	return counts
}

// team writes "gpt-4o-mini ×2, mistral-7b".
func (t *predictTables) team(team []int) string {
	var names []string
	for a, n := range t.counts(team) {
		switch name := t.name(a); {
		case n == 1:
			names = append(names, name)
		case n > 1:
			names = append(names, fmt.Sprintf("%s ×%d", name, n))
		}
	}
	return strings.Join(names, ", ")
}

// print prints tables, and what must be known to read them.
func (t *predictTables) print(e *env, all []grid.Table, notes []string) error {
	all[0].Notes = append(all[0].Notes, notes...)
	switch t.cmd.Format {
	case "text":
	case "json":
		return writeJSON(e.stdout, e.prediction(t.world, t.predictions), "  ")
	default:
		return writeTables(e.stdout, all, t.cmd.Format)
	}
	width, color := screen(e.stdout)
	if err := grid.Write(e.stdout, all, width, color); err != nil {
		return err
	}
	if t.swept != nil {
		t.sayFound(e, width)
	}
	return nil
}
