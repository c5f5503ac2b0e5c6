package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/internal/predict"
	"cheaptalk/internal/predict/kept"
	"cheaptalk/internal/store"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/transcript"
)

// given predicts the rest of the debates of a run.
func (c *predictCmd) given(e *env) (err error) {
	w, team, err := c.agents()
	if err != nil {
		return usage(err)
	}
	r, s, err := openRun(e.ctx, c.LogDir, c.Given)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	names := make([]string, len(team))
	for i, a := range team {
		names[i] = w.Agents[a].File.Profile.Name
	}
	begun, label, err := c.begun(e.ctx, r, names)
	if err != nil {
		return usage(fmt.Errorf("%s: %w", filepath.Base(r.Dir()), err))
	}
	for i := range begun {
		w.Items = append(w.Items, begun[i].Item)
	}
	designs := slices.DeleteFunc(c.designs(team), func(d predict.Design) bool { return d.Rounds == 0 })
	if len(designs) == 0 {
		return usage(errors.New("--protocol independent: nothing follows the answers with which debates begin\n  name another, or leave --protocol out"))
	}
	predictions, err := w.Continue(e.ctx, designs, begun)
	switch {
	case e.ctx.Err() != nil:
		return errInterrupted
	case err != nil:
		return err
	}
	f := kept.NewContinued(w, e.madeBy(), begun, predictions)
	if c.Format == "json" {
		if err := writeJSON(e.stdout, f, "  "); err != nil {
			return err
		}
		return c.write(e, f)
	}
	t := &predictTables{world: w, cmd: c, predictions: predictions}
	all := []grid.Table{t.continued(s.Name, label, len(begun))}
	all[0].Notes = append(all[0].Notes, w.Notes(designs)...)
	if c.Format != "text" {
		if err := writeTables(e.stdout, all, c.Format); err != nil {
			return err
		}
		return c.write(e, f)
	}
	width, color := screen(e.stdout)
	if err := grid.Write(e.stdout, all, width, color); err != nil {
		return err
	}
	return c.write(e, f)
}

// begun returns the debates of the team, whose profiles have these names, with the answers with which they begin, each once however many arms share them, and what they are called.
func (c *predictCmd) begun(ctx context.Context, r *store.Run, team []string) (begun []predict.Begun, label string, err error) {
	only, err := questions(ctx, r, c.Part, c.Seed)
	if err != nil {
		return nil, "", err
	}
	seen := map[debate.Case]bool{}
	var other []string
	for rec, err := range only.of(r.Records(ctx)) {
		if err != nil {
			return nil, "", err
		}
		same := rec.Case
		same.Arm = ""
		if rec.Failed != "" || rec.Again || rec.Key == "" || rec.Transcript == nil || seen[same] {
			continue
		}
		t := rec.Transcript
		if !slices.EqualFunc(t.Agents, team, func(agent, profile string) bool { return kept.Model(agent) == kept.Model(profile) }) {
			if names := strings.Join(t.Agents, ", "); !slices.Contains(other, names) {
				other = append(other, names)
			}
			continue
		}
		b := predict.Begun{Item: debate.Item{Question: t.Question, Key: rec.Key, Draw: rec.Case.Draw}, Repeat: rec.Case.Repeat}
		if b.First = beginning(t); b.First != nil {
			seen[same] = true
			begun = append(begun, b)
		}
	}
	if len(begun) == 0 {
		return nil, "", fmt.Errorf("none of its debates begins with answers of %s\n  the agents of its debates, in their order: %s", strings.Join(team, ", "), strings.Join(other, "; "))
	}
	return begun, only.label(), nil
}

// beginning returns the independent answers of a transcript in the order of the team, or nil where some agent has none.
func beginning(t *debate.Transcript) []debate.Message {
	var first []debate.Message
	for _, m := range t.Messages {
		if m.Round == 0 && m.Brief.Task == debate.Solve && m.Failed == "" {
			first = append(first, m)
		}
	}
	if len(first) != len(t.Agents) {
		return nil
	}
	return first
}

// sameBeginnings leaves the records of the debates that a prediction is of. Debates that begin with other answers are others, and refused; those of a
// larger or smaller team are of an arm that was not predicted.
func sameBeginnings(ctx context.Context, r *store.Run, f *kept.File) (iter.Seq2[*debate.Record, error], error) {
	answers := map[debate.Case][]debate.Answer{}
	for _, b := range f.Begun {
		answers[debate.Case{Item: b.Item, Draw: b.Draw, Repeat: b.Repeat}] = b.Answers
	}
	of := func(rec *debate.Record) ([]debate.Answer, bool) {
		same := rec.Case
		same.Arm = ""
		as, ok := answers[same]
		return as, ok
	}
	for rec, err := range r.Outlines(ctx) {
		if err != nil {
			return nil, err
		}
		predicted, ok := of(rec)
		if !ok || rec.Transcript == nil || rec.Failed != "" || len(rec.Transcript.Agents) != len(predicted) {
			continue
		}
		if !slices.EqualFunc(beginning(rec.Transcript), predicted, func(m debate.Message, a debate.Answer) bool { return m.Answer == a }) {
			return nil, fmt.Errorf("the debate on %s in %s begins with other answers than those that the prediction is of\n  hold the arms in the run that was predicted, by cheaptalk run --resume with the new arms in its file", rec.Case.Item, rec.Case.Arm)
		}
	}
	return some(r.Outlines(ctx), func(rec *debate.Record) bool { _, ok := of(rec); return ok }), nil
}

// continued has a row a design: the rest of debates that have begun.
func (t *predictTables) continued(run, label string, debates int) grid.Table {
	b := &grid.Builder{Table: grid.Table{Name: "prediction", Title: transcript.Line(fmt.Sprintf("Predicted rest of the debates of %s%s · %s · simulated", run, label, t.team(t.predictions[0].Team)))}}
	for i := range t.predictions {
		p := &t.predictions[i]
		t.design(b, p, true)
		rateCell(b, "after", grid.Col("vote after", "after", 1), p.After)
		if p.NotModelled != "" {
			b.Row[len(b.Row)-1] = grid.Cell{Text: "not modelled", Raw: []string{"", "", ""}}
			b.Table.Notes = append(b.Table.Notes, fmt.Sprintf("%s decided by %s is not modelled: %s", p.Protocol, p.Judge, p.NotModelled))
		}
		pointsCell(b, "change", grid.Col("change", "", 2), p.Change)
		rateCell(b, "agent_after", grid.Col("agent after", "agent", 3), p.Mean)
		rateCell(b, "harmful", grid.Col("harmful", "", 4), p.Harmful)
		rateCell(b, "beneficial", grid.Col("beneficial", "", 4), p.Beneficial)
		b.End()
	}
	b.Table.Caption = fmt.Sprintf("Percent. %d debates, each from the answers with which it began; ~ includes 0. Means and intervals of 95 %% of what will be observed of these debates: "+
		"what is not known of the parameters, and luck (%d draws, seed %d). docs/PREDICTION.md has the method.", debates, t.world.Draws, t.world.Seed)
	return b.Table
}

// chosen is some of the questions of a run.
type chosen struct {
	part predict.Part
	ids  map[string]bool // nil is all
	arms []string        // nil is all
}

// questions deals the questions of a run.
func questions(ctx context.Context, r *store.Run, part predict.Part, seed uint64) (chosen, error) {
	if part.N == 0 {
		return chosen{}, nil
	}
	var ids []string
	for d, err := range r.Cases(ctx, store.Filter{}) {
		if err != nil {
			return chosen{}, err
		}
		ids = append(ids, d.Case.Item)
	}
	return chosen{part: part, ids: part.Of(ids, seed)}, nil
}

// of leaves the records of the chosen questions and arms.
func (c chosen) of(records iter.Seq2[*debate.Record, error]) iter.Seq2[*debate.Record, error] {
	return some(records, func(rec *debate.Record) bool {
		return (c.ids == nil || c.ids[rec.Case.Item]) && (c.arms == nil || slices.Contains(c.arms, rec.Case.Arm))
	})
}

// label names the part and the arms.
func (c chosen) label() string {
	s := ""
	if c.part.N > 0 {
		s += ", part " + c.part.String() + " of the questions"
	}
	if c.arms != nil {
		s += ", " + strings.Join(c.arms, ", ")
	}
	return s
}
