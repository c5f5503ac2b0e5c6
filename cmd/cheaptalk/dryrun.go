package main

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"cheaptalk/agents"
	"cheaptalk/agents/human"
	"cheaptalk/agents/models"
	"cheaptalk/debate"
	"cheaptalk/internal/budget"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/reports/grid"
)

// rehearsed is how many questions a dry run lays out.
const rehearsed = 20

// dryRun prints what an experiment would cost. It asks nobody, needs no key and makes no run.
func (c *runCmd) dryRun(e *env, s *spec.Spec) error {
	if _, err := c.ledger(s); err != nil { // what the run would refuse
		return usage(err)
	}
	whole := *s // holds every round of every debate
	whole.Arms = slices.Clone(s.Arms)
	var stops []string
	for i, a := range s.Arms {
		if a.Stop != "" && a.Stop != "rounds" {
			stops, whole.Arms[i].Stop = append(stops, a.Label()), ""
		}
	}
	person, leave := seatPerson()
	defer leave()
	var r budget.Rehearsal
	p, err := plan.Of(&whole, plan.Means{
		Getenv: func(string) string { return "dry-run" },
		Person: person,
		Wrap: func(entry string, m spec.Model, inner agents.Model) agents.Model {
			server := fmt.Sprintf("%s %s %s", cmp.Or(m.API, string(models.OpenAI)), models.API(m.API).Base(m.URL), inner.Name())
			return r.Model(entry, server, budget.Terms{Price: priceOf(m), RequestsPerMinute: m.RequestsPerMinute, TokensPerMinute: m.TokensPerMinute})
		},
	})
	if err != nil {
		return usage(err)
	}
	estimate, err := r.Estimate(e.ctx, p.Experiment, rehearsed, stops)
	if err != nil {
		return fmt.Errorf("dry run: %w", err)
	}
	if c.JSON {
		return writeJSON(e.stdout, estimate, "  ")
	}
	fmt.Fprintln(e.stdout, fitted(e.stdout, clean(title(s, p))))
	if estimate.Failed != "" {
		fmt.Fprintf(e.stdout, "note: a debate of the sample failed: %s\n", clean(estimate.Failed))
	}
	if estimate.Total.Calls == 0 {
		_, err := fmt.Fprintln(e.stdout, "Dry run: no model is asked. No calls, no cost.")
		return err
	}
	fmt.Fprintln(e.stdout)
	width, color := screen(e.stdout)
	if err := grid.Write(e.stdout, []grid.Table{costs(estimate)}, width, color); err != nil {
		return err
	}
	for _, line := range c.passed(estimate.Total) {
		fmt.Fprintln(e.stdout, line)
	}
	return nil
}

// seatPerson returns a desk at which a stand-in for a person answers everything, until leave is called.
func seatPerson() (desk *human.Desk, leave func()) {
	desk = human.NewDesk()
	over := make(chan struct{})
	var person sync.WaitGroup
	person.Go(func() {
		for {
			select {
			case asked := <-desk.Prompts():
				asked.Say(`\boxed{1} (A)`, debate.Confidence{})
			case <-over:
				return
			}
		}
	})
	return desk, func() {
		close(over)
		person.Wait()
	}
}

// passed says which limits of the command line an estimate passes.
func (c *runCmd) passed(total budget.Row) []string {
	var lines []string
	if c.CostLimit != nil && total.Dollars != nil && *total.Dollars > *c.CostLimit {
		lines = append(lines, fmt.Sprintf("--cost-limit of %s may stop the run before its end.", budget.Dollars(*c.CostLimit)))
	}
	if n := total.PromptTokens + total.CompletionTokens; c.TokenLimit != nil && n > *c.TokenLimit {
		lines = append(lines, fmt.Sprintf("--token-limit of %s may stop the run before its end.", thousands(*c.TokenLimit)))
	}
	if c.TimeLimit != nil && total.Seconds != nil && *total.Seconds > c.TimeLimit.Seconds() {
		lines = append(lines, fmt.Sprintf("--time-limit of %v will stop the run before its end.", *c.TimeLimit))
	}
	return lines
}

// costs makes the table of an estimate: a row an arm and model, then a row a model for the whole run.
func costs(e *budget.Estimate) grid.Table {
	t := grid.Table{
		Name: "costs", Title: "Dry run: nobody was asked",
		Columns: []grid.Column{
			{Head: "arm", Left: true}, {Head: "model", Left: true}, {Head: "calls"}, {Head: "tokens in"}, {Head: "tokens out"}, {Head: "cost"}, {Head: "time at limits", Short: "time"},
		},
		Caption: fmt.Sprintf("Estimated on %d of %s, laid out as they would be sent and answered by stand-ins: a token for every four bytes of a prompt, replies "+
			"as long as max_tokens allows or else of %d tokens. An arm's row is what it would cost alone; the whole run buys what arms share once. "+
			"Cost is at the price of prompts that are not cached. Time is what the requests and tokens a minute allow at best, without the time that a model takes to answer. "+
			"– is not known: no price, or no such limits in the experiment. ≤ is a bound, where debates may end before their last round.", e.Sampled, plural(e.Questions, "question"), e.AssumedCompletion),
	}
	for _, r := range e.Arms {
		t.Rows = append(t.Rows, costRow(r.Arm, r))
	}
	for _, r := range e.Models {
		t.Rows = append(t.Rows, costRow("whole run", r))
	}
	if len(e.Models) > 1 {
		all := e.Total
		all.Model = "all"
		t.Rows = append(t.Rows, costRow("whole run", all))
	}
	return t
}

// costRow writes one row. "≤" says that debates may end early, "~" that a number is estimated, as tokens always are.
func costRow(arm string, r budget.Row) []grid.Cell {
	calls, tokens := "", "~"
	if r.Uneven {
		calls = "~"
	}
	if r.AtMost {
		calls, tokens = "≤", "≤"
	}
	cost, least := "–", "–"
	if r.Dollars != nil {
		cost = tokens + budget.Dollars(*r.Dollars)
	}
	if r.Seconds != nil {
		least = tokens + clock(time.Duration(*r.Seconds*float64(time.Second)))
	}
	var row []grid.Cell
	for _, text := range []string{clean(arm), clean(r.Model), calls + thousands(r.Calls), tokens + thousands(r.PromptTokens), tokens + thousands(r.CompletionTokens), cost, least} {
		row = append(row, grid.Cell{Text: text})
	}
	return row
}
