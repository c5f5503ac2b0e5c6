package validate

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/calibrate"
	"cheaptalk/internal/calibrate/figures"
	"cheaptalk/internal/calibrate/moments"
	"cheaptalk/internal/calibrate/stage"
	"cheaptalk/internal/validate/page"
	"cheaptalk/reports/stats"
)

// leaveOneOut predicts each group from a fit to the single agents and the other groups.
func leaveOneOut(ctx context.Context, p *page.Page, rows []figures.Row, shipped []simulated.Profile, o Options) error {
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
	p.Say("### Leave one group out")
	p.Say("Each group predicted from a fit to the single agents and the four other groups; these fits are smaller than that of the shipped profiles "+
		"(one search of at most %d steps, %d debates a row). The vote of independent agents takes the published accuracies of the single agents and lets all questions be equally hard.", leftSteps, leftDebates)
	p.Table([]string{"set", "group", "before, published", "predicted", "after, published", "predicted", "vote of independent agents"}, table)
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
	before, after, change            page.Numbers             // of the model
	same                             page.Numbers             // of: after is the published before
	voteBefore, voteAfter            page.Numbers             // of the vote of independent agents
	floorBefore, floorAfter, floorCh page.Numbers             // published standard errors
	worse                            map[string]*page.Numbers // by group: squared errors of the model less those of no change
	clear, clearRight                int                      // changes above the noise, and how many have the predicted sign
	missed                           []string                 // those that have not
	right                            int
}

func (s *scores) add(row figures.Row, b, a, vote float64) {
	pb, pa := row.Before, row.After
	s.before.Add(b - pb.Value)
	s.after.Add(a - pa.Value)
	s.change.Add((a - b) - (pa.Value - pb.Value))
	s.same.Add(pb.Value - pa.Value)
	s.voteBefore.Add(vote - pb.Value)
	s.voteAfter.Add(vote - pa.Value)
	s.floorBefore.Add(pb.SE)
	s.floorAfter.Add(pa.SE)
	noise := math.Hypot(pb.SE, pa.SE)
	s.floorCh.Add(noise)
	if s.worse == nil {
		s.worse = map[string]*page.Numbers{}
	}
	if s.worse[row.Group] == nil {
		s.worse[row.Group] = &page.Numbers{}
	}
	s.worse[row.Group].Add(sq(a-pa.Value) - sq(pb.Value-pa.Value))
	hit := (a-b)*(pa.Value-pb.Value) > 0
	if hit {
		s.right++
	}
	if math.Abs(pa.Value-pb.Value) > noise {
		s.clear++
		if hit {
			s.clearRight++
		} else {
			s.missed = append(s.missed, fmt.Sprintf("%s on %s (%+.1f published, %+.1f predicted)", row.Group, row.Task, pa.Value-pb.Value, a-b))
		}
	}
}

func (s *scores) print(p *page.Page) {
	f := func(e page.Numbers) string { return fmt.Sprintf("%.2f", e.RMS()) }
	p.Say("Root mean square error over these %d rows, in points:", s.after.N)
	p.Table([]string{"", "before", "after", "change"}, [][]string{
		{"the model", f(s.before), f(s.after), f(s.change)},
		{"no change: after is what was published before", "", f(s.same), f(s.same)},
		{"vote of independent agents, before and after", f(s.voteBefore), f(s.voteAfter), f(s.same)},
		{"noise floor: the published standard errors", f(s.floorBefore), f(s.floorAfter), f(s.floorCh)},
	})
	verdict := func(model, other page.Numbers) string {
		if model.RMS() < other.RMS() {
			return "below"
		}
		return "not below"
	}
	mean, half := clustered(s.worse)
	sure := "The interval includes 0: the lead may be luck."
	if half < math.Abs(mean) {
		sure = "The interval keeps off 0."
	}
	p.Say("After debate the error of the model is %s that of no change, which is told the published vote before debate of the group that is left out, and %s that of the vote of independent agents. "+
		"Its squared error less that of no change is %+.1f square points, 95 %% interval %+.1f to %+.1f (n = %d rows, clustered by the %d groups; Student's t). %s",
		verdict(s.after, s.same), verdict(s.after, s.voteAfter), mean, mean-half, mean+half, s.after.N, len(s.worse), sure)
	p.Sum("Wynn 2025, each group left out: error of the vote after debate", "%.1f points; noise floor %.1f, no change %.1f (difference of squares %+.1f [%+.1f, %+.1f]), independent vote %.1f",
		s.after.RMS(), s.floorAfter.RMS(), s.same.RMS(), mean, mean-half, mean+half, s.voteAfter.RMS())
	var clear stats.Proportion
	for i := range s.clear {
		clear.Add(btoi(i < s.clearRight), 1)
	}
	rate := clear.Rate(0.95)
	p.Say("Direction: of the %d changes that exceed √(s.e.² + s.e.²), the left-out prediction has the sign of %d (%.0f %%, 95 %% Wilson interval %.0f to %.0f); of all %d, of %d.",
		s.clear, s.clearRight, 100*rate.Value, 100*rate.Low, 100*rate.High, s.after.N, s.right)
	if len(s.missed) > 0 {
		p.Say("The wrong signs: %s.", strings.Join(s.missed, "; "))
	}
	p.Sum("the same: direction of the changes above their noise", "%d of %d", s.clearRight, s.clear)
}

// clustered returns the mean of all numbers and half the width of its 95 % interval, the linearised variance of a ratio clustered by the keys (Cochran
// 1977) and Student's quantile at one degree of freedom less than there are of these.
func clustered(by map[string]*page.Numbers) (mean, half float64) {
	n, squares, g := 0, 0.0, float64(len(by))
	order := slices.Sorted(maps.Keys(by)) // sums in one order have the same last digits
	for _, k := range order {
		mean, n = mean+by[k].Sum, n+by[k].N
	}
	mean /= float64(n)
	for _, k := range order {
		squares += sq(by[k].Sum - mean*float64(by[k].N))
	}
	return mean, distuv.StudentsT{Sigma: 1, Nu: g - 1}.Quantile(0.975) * math.Sqrt(squares*g/(g-1)) / float64(n)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
