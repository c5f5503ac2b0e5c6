package main

import (
	"fmt"
	"slices"
	"strings"

	"cheaptalk/agents/simulated"
	"cheaptalk/internal/twin"
	"cheaptalk/internal/twin/heldout"
	"cheaptalk/internal/twin/steps"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/transcript"
)

// fitTables makes the tables of "cheaptalk fit".
type fitTables struct {
	name   string
	data   *steps.Data
	twins  *twin.Twins
	scores *heldout.Scores // nil without cross-validation
}

// all returns the tables.
func (t fitTables) all() ([]grid.Table, error) {
	parameters, err := t.parameters()
	if err != nil || t.scores == nil {
		return []grid.Table{parameters}, err
	}
	return []grid.Table{parameters, t.heldOut(), t.left(), t.calibration()}, nil
}

// start begins a table.
func (t fitTables) start(name, title string) *grid.Builder {
	if t.name != "" {
		title += " · " + t.name
	}
	if t.data.Simulated {
		title += " · simulated"
	}
	return &grid.Builder{Table: grid.Table{Name: name, Title: transcript.Line(title)}}
}

// revising returns the twins of the agents that revise.
func (t fitTables) revising() []*twin.Twin {
	return slices.DeleteFunc(slices.Clone(t.twins.Twins), func(tw *twin.Twin) bool { return tw.Steps == 0 })
}

// parameters has a row a parameter and a column an agent.
func (t fitTables) parameters() (grid.Table, error) {
	b := t.start("twins", "Twins")
	agents := t.revising()
	values := make([]map[string]*twin.Parameter, len(agents))
	var rows []*twin.Parameter // each name once
	for i, tw := range agents {
		all, err := tw.All()
		if err != nil {
			return b.Table, err
		}
		values[i] = map[string]*twin.Parameter{}
		for j := range all {
			values[i][all[j].Name] = &all[j]
			if !slices.ContainsFunc(rows, func(p *twin.Parameter) bool { return p.Name == all[j].Name }) {
				rows = append(rows, &all[j])
			}
		}
	}
	row := func(name, symbol string, cell func(i int) grid.Cell) {
		b.Text("parameter", "", name)
		b.Text("symbol", "", symbol)
		for i, tw := range agents {
			head := transcript.Line(tw.Agent)
			b.Add(grid.Column{Head: head, Drop: i, Fields: []string{head, head + "_se", head + "_assumed"}}, cell(i))
		}
		b.End()
	}
	count := func(name string, of func(*twin.Twin) int) {
		row(name, "", func(i int) grid.Cell {
			n := fmt.Sprint(of(agents[i]))
			return grid.Cell{Text: n, Raw: []string{n, "", ""}}
		})
	}
	count("revisions", func(tw *twin.Twin) int { return tw.Steps })
	count("of questions", func(tw *twin.Twin) int { return tw.Questions })
	count("that left the own answer", func(tw *twin.Twin) int { return tw.Moved })
	for _, par := range rows {
		row(par.Name, par.Symbol, func(i int) grid.Cell { return parameterCell(values[i][par.Name]) })
	}
	b.Table.Caption = "Maximum likelihood, ± one standard error, clustered by question. In parentheses: the data say next to nothing, the value is an assumption and " +
		"± its spread. docs/TWINS.md has the method, docs/MODEL.md every parameter."
	if t.data.Simulated {
		b.Table.Caption += " The agents are simulated: their twins check the method and say nothing of any model."
	}
	return b.Table, nil
}

// parameterCell is one estimate; nil is none.
func parameterCell(p *twin.Parameter) grid.Cell {
	if p == nil {
		return grid.Cell{Text: grid.None, Raw: []string{"", "", ""}}
	}
	decimals := 2
	if p.Transform == simulated.Logit { // probabilities and shares
		decimals = 3
	}
	short := fmt.Sprintf("%.*f", decimals, p.Value)
	text := fmt.Sprintf("%s ±%.*f", short, decimals, p.Spread())
	if p.Assumed {
		text, short = "("+text+")", "("+short+")"
	}
	return grid.Cell{Text: text, Shorts: []string{short}, Raw: []string{grid.Raw(p.Value), grid.Raw(p.Spread()), fmt.Sprint(p.Assumed)}}
}

// fitJSON is what --format json prints.
type fitJSON struct {
	Simulated bool            `json:"simulated,omitempty"`
	Twins     []twinJSON      `json:"twins"`
	HeldOut   *heldout.Scores `json:"held_out,omitempty"`
	Left      steps.Left      `json:"not_used"`
}

// twinJSON is one twin.
type twinJSON struct {
	Agent      string          `json:"agent"`
	Revisions  int             `json:"revisions"`
	Questions  int             `json:"questions"`
	Moved      int             `json:"moved"`
	LogLoss    float64         `json:"log_loss"`  // of the choices that it was fitted to
	Condition  float64         `json:"condition"` // see twin.Twin
	Parameters []parameterJSON `json:"parameters"`
	Warnings   []string        `json:"warnings"`
}

// parameterJSON is one estimate, in the unit of the parameter.
type parameterJSON struct {
	Name    string  `json:"name"`
	Value   float64 `json:"value"`
	SE      float64 `json:"se"`
	Assumed bool    `json:"assumed,omitempty"`
}

// json returns what --format json prints.
func (t fitTables) json() (fitJSON, error) {
	out := fitJSON{Simulated: t.data.Simulated, HeldOut: t.scores, Left: t.data.Left}
	for _, tw := range t.revising() {
		all, err := tw.All()
		if err != nil {
			return out, err
		}
		one := twinJSON{Agent: tw.Agent, Revisions: tw.Steps, Questions: tw.Questions, Moved: tw.Moved, LogLoss: tw.LogLoss, Condition: tw.Condition, Warnings: tw.Warnings}
		for i := range all {
			one.Parameters = append(one.Parameters, parameterJSON{all[i].Name, all[i].Value, all[i].Spread(), all[i].Assumed})
		}
		out.Twins = append(out.Twins, one)
	}
	return out, nil
}

// heldOut has a row a rule.
func (t fitTables) heldOut() grid.Table {
	b := t.start("held-out", "Choices that were not fitted")
	for _, r := range t.scores.Rules {
		b.Text("rule", "", r.Name)
		b.Number(true, "log_loss", grid.Col("log loss", "", 0), r.LogLoss, 3)
		worse := grid.Cell{Text: grid.None, Raw: []string{"", "", ""}}
		if r.Name != heldout.TwinName {
			worse = grid.Cell{Text: fmt.Sprintf("%+.3f [%+.3f, %+.3f]%s", r.Excess, r.Low, r.High, noise(r)), Shorts: []string{fmt.Sprintf("%+.3f%s", r.Excess, noise(r))},
				Raw: []string{grid.Raw(r.Excess), grid.Raw(r.Low), grid.Raw(r.High)}}
		}
		b.Add(grid.Column{Head: "more than the twin", Fields: []string{"excess", "excess_low", "excess_high"}}, worse)
		b.End()
	}
	b.Table.Caption = fmt.Sprintf("n = %d choices on %d questions, each predicted from the other folds of %d (seed %d), no question in two. Log loss: mean of -ln P of what was chosen, "+
		"in nats; lower is better. Intervals: 95 %%, clustered by question, Student's t; ~ marks one that includes 0. All constants are fitted to the same folds. "+
		"The twin is told the key, as every simulated agent is; the rules are not.",
		t.scores.Choices, t.scores.Questions, t.scores.Folds, t.scores.Seed)
	return b.Table
}

// noise marks a difference whose interval includes 0.
func noise(r heldout.Score) string {
	if r.Low <= 0 && r.High >= 0 {
		return " ~"
	}
	return "  "
}

// left has a row a number of agreeing peers.
func (t fitTables) left() grid.Table {
	b := t.start("left", "How often the own answer is left")
	for _, c := range heldout.ByAgreeing(t.scores.Cells) {
		own := "wrong"
		if c.Right {
			own = "right"
		}
		n := float64(c.N)
		b.Text("own", "own answer", own)
		b.Count("agreeing", grid.Col("agreeing peers", "agreeing", 0), c.Agreeing)
		b.Count("n", grid.Col("n", "", 0), c.N)
		b.Points(true, "observed", grid.Col("observed", "", 0), float64(c.Left)/n)
		b.Points(true, "twin", grid.Col("twin", "", 0), c.Twin/n)
		b.Points(true, "constant", grid.Col("constant rate", "constant", 0), c.Constant/n)
		b.End()
	}
	b.Table.Caption = "%. Predicted from the other folds. constant rate: of all choices with as many agreeing peers, whoever was right."
	return b.Table
}

// calibration has a row a range of probabilities.
func (t fitTables) calibration() grid.Table {
	b := t.start("twin-calibration", "Is the twin's probability right?")
	for i, keep := range t.scores.Keep {
		adopt := t.scores.Adopt[i]
		b.Text("probability", "predicted", fmt.Sprintf("%.0f–%.0f", 100*keep.Low, 100*keep.High))
		for _, c := range []struct {
			name, head string
			bin        heldout.Bin
		}{{"keep", "kept", keep}, {"adopt", "adopted", adopt}} {
			n := float64(max(c.bin.N, 1))
			b.Count(c.name+"_n", grid.Col("n", "", 0), c.bin.N)
			b.Points(c.bin.N > 0, c.name+"_predicted", grid.Col(c.head+", twin", "twin", 0), c.bin.Predicted/n)
			b.Points(c.bin.N > 0, c.name+"_observed", grid.Col(c.head+", observed", c.head, 0), float64(c.bin.Hits)/n)
		}
		b.End()
	}
	b.Table.Caption = fmt.Sprintf("%%. kept: the own answer; adopted: another one that was heard, where there was one. Predicted from the other folds. "+
		"Expected calibration error: %.1f and %.1f points.", 100*heldout.ECE(t.scores.Keep), 100*heldout.ECE(t.scores.Adopt))
	return b.Table
}

// words says in sentences how the twin does and what the data do not tell.
func (t fitTables) words() []string {
	var out []string
	if t.scores != nil {
		var below, noise, above []string
		for _, r := range t.scores.Rules[1:] {
			switch {
			case r.Low > 0:
				below = append(below, r.Name)
			case r.High < 0:
				above = append(above, r.Name)
			default:
				noise = append(noise, r.Name)
			}
		}
		if len(below) == len(t.scores.Rules)-1 {
			out = append(out, fmt.Sprintf("The twin predicts choices that it was not fitted to better than all %d rules.", len(below)))
		} else {
			out = append(out, sentence("The twin predicts choices that it was not fitted to better than", below),
				sentence("It cannot be told from", noise), sentence("It predicts worse than", above))
		}
	}
	l := t.data.Left
	if l.Failed+l.Keyless+l.Silent > 0 {
		out = append(out, fmt.Sprintf("Not used: %d debates that failed, %d without a key, %d revisions after a reply that could not be read.", l.Failed, l.Keyless, l.Silent))
	}
	var warnings []string
	of := map[string][]string{}
	agents := t.revising()
	for _, tw := range agents {
		for _, w := range tw.Warnings {
			if of[w] == nil {
				warnings = append(warnings, w)
			}
			of[w] = append(of[w], tw.Agent)
		}
	}
	for _, w := range warnings {
		if len(of[w]) < len(agents) {
			w = strings.Join(of[w], ", ") + ": " + w
		}
		out = append(out, "! "+w+".")
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// sentence ends a sentence with a list, and is "" without one.
func sentence(begin string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return begin + ": " + strings.Join(names, ", ") + "."
}
