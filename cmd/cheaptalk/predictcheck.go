package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/internal/predict"
	"cheaptalk/internal/predict/kept"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/store"
	"cheaptalk/judges"
	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/transcript"
)

// check holds a written prediction against a run.
func (c *predictCmd) check(e *env) (err error) {
	if len(c.Profiles) != 1 {
		return usage(errors.New("--check takes one run\n  cheaptalk predict --check FILE.yaml RUN"))
	}
	f, err := kept.Read(c.Check)
	if err != nil {
		return usage(err)
	}
	r, s, err := openRun(e.ctx, c.LogDir, c.Profiles[0])
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	report, arms, err := observedOf(e.ctx, r, s, f)
	if err != nil {
		return err
	}
	checked := f.Check(arms)
	if len(checked) == 0 {
		on := ""
		if f.Dataset != "" {
			on = " on " + f.Dataset
		}
		return usage(fmt.Errorf("no arm of %s%s was predicted\n  a design is found by its protocol, rounds and agents; cheaptalk report %s lists the arms", filepath.Base(r.Dir()), on, c.Profiles[0]))
	}
	if c.Format == "json" {
		return writeJSON(e.stdout, checked, "  ")
	}
	all := []grid.Table{checkTable(s.Name, f, checked, report.Simulated)}
	if c.Format != "text" {
		return writeTables(e.stdout, all, c.Format)
	}
	width, color := screen(e.stdout)
	return grid.Write(e.stdout, all, width, color)
}

// observedOf returns what a run has of the debates that a prediction is of: a report of them, and its arms.
func observedOf(ctx context.Context, r *store.Run, s *spec.Spec, f *kept.File) (*reports.Report, []kept.Observed, error) {
	records := onSet(r.Outlines(ctx), f.Dataset)
	if len(f.Begun) > 0 {
		var err error
		if records, err = sameBeginnings(ctx, r, f); err != nil {
			return nil, nil, usage(fmt.Errorf("%s: %w", filepath.Base(r.Dir()), err))
		}
	}
	return observedIn(records, s, f.Level)
}

// observedIn is observedOf for these records, at a level of confidence of intervals.
func observedIn(records iter.Seq2[*debate.Record, error], s *spec.Spec, level float64) (*reports.Report, []kept.Observed, error) {
	report, err := reports.Analyze(records, reports.Options{Name: s.Name, Level: level, Arms: s.ArmNames()})
	if err != nil {
		return nil, nil, err
	}
	arms, err := observed(s, report)
	return report, arms, err
}

// onSet leaves the records of one data set; choice and number are any set of that kind.
func onSet(records iter.Seq2[*debate.Record, error], set string) iter.Seq2[*debate.Record, error] {
	return some(records, func(rec *debate.Record) bool {
		number := rec.Transcript != nil && rec.Transcript.Question.Kind != debate.Choice
		return debate.Question{ID: rec.Case.Item}.Set() == set || set == predict.AnyChoice && !number || set == predict.AnyNumber && number
	})
}

// some leaves the records that keep is true for, and errors.
func some(records iter.Seq2[*debate.Record, error], keep func(*debate.Record) bool) iter.Seq2[*debate.Record, error] {
	return func(yield func(*debate.Record, error) bool) {
		for rec, err := range records {
			if (err != nil || keep(rec)) && !yield(rec, err) {
				return
			}
		}
	}
}

// observed returns what a report has of each arm of a run.
func observed(s *spec.Spec, report *reports.Report) ([]kept.Observed, error) {
	var out []kept.Observed
	for i, a := range s.Arms {
		arm := report.Overall.Find(a.Label())
		if arm == nil {
			continue
		}
		members, err := s.TeamOf(a, i)
		if err != nil {
			return nil, err
		}
		labels := spec.Labels(members)
		team := make([]string, max(a.Samples, len(labels)))
		if a.Samples > 0 {
			team = team[:a.Samples]
		}
		for k := range team {
			team[k] = labels[k%len(labels)]
		}
		o := kept.Observed{
			Arm: arm.Name, Team: team, Protocol: a.Protocol,
			Before: measured(arm.Before), Single: measured(arm.Single),
			Harmful: measured(arm.Revisions.Harmful), Beneficial: measured(arm.Revisions.Beneficial),
			After: map[string]kept.Measured{}, Change: map[string]kept.Measured{}, Gain: map[string]kept.Measured{},
		}
		if a.Protocol != spec.ProtocolIndependent {
			o.Rounds = a.DebateRounds()
		}
		if n := len(arm.Rounds); n > 0 {
			o.Mean = measured(arm.Rounds[n-1].Mean)
		}
		for _, j := range arm.Judges {
			if j.Name != judges.NameRound0 {
				o.After[j.Name] = measured(j.Rate)
			}
		}
		o.Change[arm.Primary] = paired(arm.Change)
		if arm.SelfConsistency.Run() {
			o.Gain[arm.Primary] = paired(arm.SelfConsistency.Gain)
		}
		out = append(out, o)
	}
	return out, nil
}

func measured(r stats.Rate) kept.Measured {
	return kept.Measured{N: r.N, Value: r.Value, Low: r.Low, High: r.High}
}

func paired(d stats.Difference) kept.Measured {
	return kept.Measured{N: d.N, Value: d.Value, Low: d.Low, High: d.High}
}

// checkTable has a row a number.
func checkTable(run string, f *kept.File, checked []kept.Checked, simulated bool) grid.Table {
	title := fmt.Sprintf("Prediction and run · %s · %s", run, f.Dataset)
	if len(f.Begun) > 0 {
		title = fmt.Sprintf("Prediction and run · %s · %d debates that had begun", run, len(f.Begun))
	}
	if simulated {
		title += " · simulated"
	}
	b := &grid.Builder{Table: grid.Table{Name: "prediction-check", Title: transcript.Line(title)}}
	hits := 0
	renamed := map[string]bool{}
	for i := range checked {
		c := &checked[i]
		textCell(b, "arm", "arm", 0, c.Arm)
		textCell(b, "quantity", "", 0, c.Quantity)
		textCell(b, "judge", "judge", 3, c.Judge)
		difference := c.Quantity == "change" || c.Quantity == "over the vote"
		seen := predict.Estimate{N: c.Observed.N, Value: c.Observed.Value, Low: c.Observed.Low, High: c.Observed.High}
		allowed := predict.Estimate{N: 1, Value: c.Predicted.Value, Low: c.Low, High: c.High}
		add := rateCell
		if difference {
			add = pointsCell
		}
		add(b, "predicted", grid.Col("predicted", "", 2), c.Predicted)
		add(b, "observed", grid.Col("observed", "", 1), seen)
		add(b, "allowed", grid.Col("allowed", "", 4), allowed)
		cell := &b.Row[len(b.Row)-1]
		cell.Text, cell.Shorts = fmt.Sprintf("[%s, %s]", grid.Percent(c.Low), grid.Percent(c.High)), nil
		b.Count("n", grid.Col("n", "", 5), c.Observed.N)
		verdict := "miss"
		if c.Hit {
			verdict = "hit"
			hits++
		}
		textCell(b, "verdict", "", 0, verdict)
		b.End()
		renamed[c.Arm] = renamed[c.Arm] || c.Renamed
	}
	for _, row := range b.Table.Rows {
		if arm := row[0].Raw[0]; renamed[arm] {
			b.Table.Notes = append(b.Table.Notes, fmt.Sprintf("the agents of %s have other names than the profiles: it is the only arm of its protocol, rounds and size", transcript.Line(arm)))
			renamed[arm] = false
		}
	}
	var from []string
	for _, p := range f.Profiles {
		from = append(from, fmt.Sprintf("%s (sha256 %.8s)", p.Name, p.SHA256))
	}
	allowed := "allowed: the predicted interval, widened by the sampling error of the run"
	if len(f.Begun) > 0 {
		allowed = "allowed: the predicted interval, which is of these debates and has their luck in it"
	}
	b.Table.Caption = transcript.Line(fmt.Sprintf("%d of %d numbers are where they were predicted to be (%.0f %%; %.0f %% are promised, of numbers that are independent, which these are not). Percent. "+
		"%s. Predicted by %s, of %s.",
		hits, len(checked), 100*float64(hits)/float64(len(checked)), 100*f.Level, allowed, f.MadeBy, strings.Join(from, ", ")))
	return b.Table
}
