package validate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/calibrate"
	"cheaptalk/internal/calibrate/figures"
	"cheaptalk/internal/calibrate/moments"
	"cheaptalk/internal/calibrate/stage"
	"cheaptalk/reports/stats"
)

// leaveOneOut predicts each group from a fit to the single agents and the other groups.
func leaveOneOut(ctx context.Context, p *page, rows []figures.Row, shipped []simulated.Profile, o Options) error {
	_, anchors, err := figures.Wynn()
	if err != nil {
		return err
	}
	var names []string
	for _, row := range rows {
		if !row.Alone() && !slices.Contains(names, row.Group) {
			names = append(names, row.Group)
		}
	}
	bench := stage.NewBench(wynnDebates, wynnRounds, debate.DeriveSeed(o.Seed, "validate"))
	independent := worldOf(alone(rows, shipped))
	var table [][]string
	var s scores
	for _, name := range names {
		train := slices.DeleteFunc(slices.Clone(rows), func(r figures.Row) bool { return r.Group == name })
		problem, err := calibrate.Votes(train, anchors, figures.Wynn2025, wynnRounds, moments.Settings{Debates: leftDebates, Seed: o.Seed})
		if err != nil {
			return err
		}
		// Subtle: not from the shipped profiles, which have seen the group.
		fit, err := problem.Fit(ctx, moments.Settings{Starts: 1, Steps: leftSteps, Debates: leftDebates, Seed: o.Seed})
		if err != nil {
			return err
		}
		w := worldOf(fit.Profiles)
		for _, row := range rows {
			if row.Group != name {
				continue
			}
			out := bench.Hold(row.Task, row.Choices, w.team(name))
			vote := bench.Hold(row.Task, row.Choices, independent.team(name))
			b, a, v := 100*out.Before.Rate(), 100*out.After.Rate(), 100*vote.Before.Rate()
			s.add(row, b, a, v)
			table = append(table, []string{row.Task, name, figure(row.Before), fmt.Sprintf("%.1f", b), figure(row.After), fmt.Sprintf("%.1f", a), fmt.Sprintf("%.1f", v)})
		}
	}
	p.say("### Leave one group out")
	p.say("Each group predicted from a fit to the single agents and the four other groups; these fits are smaller than that of the shipped profiles "+
		"(one search of at most %d steps, %d debates a row). The vote of independent agents takes the published accuracies of the single agents and lets all questions be equally hard.", leftSteps, leftDebates)
	p.table([]string{"set", "group", "before, published", "predicted", "after, published", "predicted", "vote of independent agents"}, table)
	s.print(p)
	return nil
}

// alone returns profiles of agents whose errors are independent: the published accuracies, no difficulty.
func alone(rows []figures.Row, ps []simulated.Profile) []simulated.Profile {
	out := make([]simulated.Profile, len(ps))
	for i := range ps {
		out[i] = ps[i].Clone()
		for set, a := range out[i].Abilities {
			a.Consistency = 0
			for _, row := range rows {
				if row.Alone() && row.Task == set && row.Team[0] == out[i].Model() {
					a.Accuracy = row.Before.Value / 100
				}
			}
			out[i].Abilities[set] = a
		}
	}
	return out
}

// scores are the errors of predictions of rows that were left out.
type scores struct {
	before, after, change            numbers // of the model
	same                             numbers // of: after is the published before
	voteBefore, voteAfter            numbers // of the vote of independent agents
	floorBefore, floorAfter, floorCh numbers // published standard errors
	worse                            numbers // squared error of the model less that of no change, a row
	clear, clearRight                int     // changes above the noise, and how many have the predicted sign
	right                            int
}

func (s *scores) add(row figures.Row, b, a, vote float64) {
	pb, pa := row.Before, row.After
	s.before.add(b - pb.Value)
	s.after.add(a - pa.Value)
	s.change.add((a - b) - (pa.Value - pb.Value))
	s.same.add(pb.Value - pa.Value)
	s.voteBefore.add(vote - pb.Value)
	s.voteAfter.add(vote - pa.Value)
	s.floorBefore.add(pb.SE)
	s.floorAfter.add(pa.SE)
	noise := math.Hypot(pb.SE, pa.SE)
	s.floorCh.add(noise)
	s.worse.add(sq(a-pa.Value) - sq(pb.Value-pa.Value))
	hit := (a-b)*(pa.Value-pb.Value) > 0
	if hit {
		s.right++
	}
	if math.Abs(pa.Value-pb.Value) > noise {
		s.clear++
		if hit {
			s.clearRight++
		}
	}
}

func (s *scores) print(p *page) {
	f := func(e numbers) string { return fmt.Sprintf("%.2f", e.rms()) }
	p.say("Root mean square error over these %d rows, in points:", s.after.n)
	p.table([]string{"", "before", "after", "change"}, [][]string{
		{"the model", f(s.before), f(s.after), f(s.change)},
		{"no change: after is what was published before", "", f(s.same), f(s.same)},
		{"vote of independent agents, before and after", f(s.voteBefore), f(s.voteAfter), f(s.same)},
		{"noise floor: the published standard errors", f(s.floorBefore), f(s.floorAfter), f(s.floorCh)},
	})
	verdict := func(model, other numbers) string {
		if model.rms() < other.rms() {
			return "beats"
		}
		return "does not beat"
	}
	p.say("After debate the model %s no change, which is told the published vote before debate of the group that is left out, and %s the vote of independent agents. "+
		"Its squared error after debate less that of no change is %+.1f ± %.1f square points (mean over n = %d rows and its standard error).",
		verdict(s.after, s.same), verdict(s.after, s.voteAfter), s.worse.sum/float64(s.worse.n), s.worse.sd()/math.Sqrt(float64(s.worse.n)), s.worse.n)
	var clear stats.Proportion
	for i := range s.clear {
		clear.Add(btoi(i < s.clearRight), 1)
	}
	rate := clear.Rate(0.95)
	p.say("Direction: of the %d changes that exceed √(s.e.² + s.e.²), the left-out prediction has the sign of %d (%.0f %%, 95 %% Wilson interval %.0f to %.0f); of all %d, of %d.",
		s.clear, s.clearRight, 100*rate.Value, 100*rate.Low, 100*rate.High, s.after.n, s.right)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
