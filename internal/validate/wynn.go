package validate

import (
	"context"
	"fmt"
	"math"
	"strings"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/calibrate"
	"cheaptalk/internal/calibrate/figures"
	"cheaptalk/internal/calibrate/moments"
	"cheaptalk/internal/calibrate/stage"
	"cheaptalk/internal/validate/page"
)

// Sizes of the validation on Wynn et al. 2025, a compromise between the simulation error and two minutes on two cores.
const (
	wynnRounds  = 2
	wynnDebates = 10000 // a row, for residuals and predictions
	wynnDraws   = 60    // worlds that the figures do not rule out
	drawDebates = 1000  // a row, in each of these
	leftDebates = 3000  // a row, in the fits that leave a group out
	leftSteps   = 6     // of each of these fits
)

// groups of three are predicted, each in the order in which a tie of its vote falls to the first: the model with more copies first, else
// Llama, Mistral, GPT. Both hold for the two mixed groups that the profiles are fitted to.
var groups = []string{
	"3xgpt-4o-mini", "3xllama-3.1-8b", "3xmistral-7b",
	"2xllama-3.1-8b+1xgpt-4o-mini", "2xllama-3.1-8b+1xmistral-7b",
	"2xgpt-4o-mini+1xllama-3.1-8b", "2xgpt-4o-mini+1xmistral-7b", "2xmistral-7b+1xgpt-4o-mini", "2xmistral-7b+1xllama-3.1-8b",
	"1xllama-3.1-8b+1xmistral-7b+1xgpt-4o-mini",
}

var tasks = []struct {
	name    string
	choices int
}{{"csqa", 5}, {"mmlu", 4}, {"gsm8k", 0}}

// world is profiles by model.
type world map[string]*simulated.Profile

func worldOf(ps []simulated.Profile) world {
	w := world{}
	for i := range ps {
		w[ps[i].Model()] = &ps[i]
	}
	return w
}

// team returns the profiles of a group, in order.
func (w world) team(group string) (team []*simulated.Profile) {
	for part := range strings.SplitSeq(group, "+") {
		count, model, _ := strings.Cut(part, "x")
		for range int(count[0] - '0') {
			team = append(team, w[model])
		}
	}
	return team
}

func wynn(ctx context.Context, p *page.Page, o Options) error {
	problem, rows, err := calibrate.Wynn(moments.Settings{Debates: leftDebates, Seed: o.Seed})
	if err != nil {
		return err
	}
	shipped, err := problem.Shipped()
	if err != nil {
		return err
	}
	p.Say("## Wynn 2025: votes before and after debate")
	p.Say("Published: Wynn, Satija, Hadfield 2025 (arXiv 2509.05396v2), table 1, percent, mean ± standard error over 5 seeds of 100 questions. "+
		"Simulated: the shipped profiles, which were fitted to these rows, n = %d debates a row with other luck than in the fit; "+
		"the standard error of a simulated vote is at most %.1f points.", wynnDebates, 100*math.Sqrt(0.25/wynnDebates))
	bench := stage.NewBench(wynnDebates, wynnRounds, debate.DeriveSeed(o.Seed, "validate"))
	residuals(p, rows, bench, worldOf(shipped))
	if err := predictions(p, problem, shipped, bench, o); err != nil {
		return err
	}
	return leaveOneOut(ctx, p, rows, shipped, o)
}

// residuals prints the rows that the profiles are fitted to.
func residuals(p *page.Page, rows []figures.Row, bench *stage.Bench, w world) {
	var table [][]string
	var before, after page.Numbers
	z2, votes, clear, right := 0.0, 0, 0, 0
	for _, row := range rows {
		if row.Alone() {
			a := 100 * w[row.Team[0]].Abilities[row.Task].Accuracy
			table = append(table, []string{row.Task, row.Group, figure(row.Before), fmt.Sprintf("%.1f", a), residual(a, row.Before), "", "", "", ""})
			continue
		}
		out := bench.Hold(row.Task, row.Choices, w.team(row.Group))
		b, a := 100*out.Before.Rate(), 100*out.After.Rate()
		table = append(table, []string{row.Task, row.Group, figure(row.Before), fmt.Sprintf("%.1f", b), residual(b, row.Before),
			figure(row.After), fmt.Sprintf("%.1f", a), residual(a, row.After), rates(out.Harmful)})
		before.Add(b - row.Before.Value)
		after.Add(a - row.After.Value)
		z2 += sq((b-row.Before.Value)/row.Before.SE) + sq((a-row.After.Value)/row.After.SE)
		votes += 2
		if change := row.After.Value - row.Before.Value; math.Abs(change) > math.Hypot(row.Before.SE, row.After.SE) {
			clear++
			right += btoi(change*(a-b) > 0)
		}
	}
	p.Say("### Fit residuals")
	p.Table([]string{"set", "group", "before, published", "fitted", "s.e. off", "after, published", "fitted", "s.e. off", "right answers left with 0, 1, 2 peers agreeing"}, table)
	p.Say("Root mean square residual over the %d rows of groups: %.1f points before, %.1f after; the squared residuals of the %d votes in published standard errors sum to %.1f. "+
		"Of the %d changes that exceed √(s.e.² + s.e.²) the fit has the sign of %d.", before.N, before.RMS(), after.RMS(), votes, z2, clear, right)
	p.Sum("Wynn 2025, fitted: error of the votes before and after debate", "%.1f and %.1f points (n = %d rows); squared residuals in s.e. %.1f for %d votes", before.RMS(), after.RMS(), before.N, z2, votes)
}

// predictions prints all ten groups.
func predictions(p *page.Page, problem *moments.Problem, shipped []simulated.Profile, bench *stage.Bench, o Options) error {
	fit, err := problem.At(shipped)
	if err != nil {
		return err
	}
	u, err := fit.Uncertainty()
	if err != nil {
		return err
	}
	worlds, err := fit.Draw(u, wynnDraws, o.Seed)
	if err != nil {
		return err
	}
	small := stage.NewBench(drawDebates, wynnRounds, debate.DeriveSeed(o.Seed, "validate draws"))
	w := worldOf(shipped)
	var table, orders [][]string
	for _, group := range groups {
		for _, task := range tasks {
			out := bench.Hold(task.name, task.choices, w.team(group))
			var before, after, change page.Numbers
			for i := range worlds {
				d := small.Hold(task.name, task.choices, worldOf(worlds[i]).team(group))
				before.Add(100 * d.Before.Rate())
				after.Add(100 * d.After.Rate())
				change.Add(100 * (d.After.Rate() - d.Before.Rate()))
			}
			b, a := 100*out.Before.Rate(), 100*out.After.Rate()
			table = append(table, []string{group, task.name, between(b, before.SD()), between(a, after.SD()), between(a-b, change.SD())})
			if mixed := strings.Contains(group, "+"); mixed {
				parts := strings.Split(group, "+")
				last := strings.Join(append([]string{parts[len(parts)-1]}, parts[:len(parts)-1]...), "+")
				other := bench.Hold(task.name, task.choices, w.team(last))
				orders = append(orders, []string{group, task.name, fmt.Sprintf("%.1f", b), fmt.Sprintf("%.1f", a), last,
					fmt.Sprintf("%.1f", 100*other.Before.Rate()), fmt.Sprintf("%.1f", 100*other.After.Rate())})
			}
		}
	}
	p.Say("### All ten groups of three")
	p.Say("Percent with 95 %% intervals of the parameters, ±1.96 standard deviations over %d draws of them with %d debates each (so the simulation error of a draw is in them too). "+
		"A published mean over 500 questions has an error of about 2 points of its own on top. The first five groups were fitted, the other five were not. A group is written in the "+
		"order in which a tie of its vote falls to the first.", wynnDraws, drawDebates)
	p.Table([]string{"group", "set", "before", "after", "change"}, table)
	p.Say("The paper does not state its tie rule, and in mixed groups it matters. The same groups with the last listed model first:")
	p.Table([]string{"group", "set", "before", "after", "listed otherwise", "before", "after"}, orders)
	return nil
}

func between(v, sd float64) string {
	return fmt.Sprintf("%.1f [%.1f, %.1f]", v, v-1.96*sd, v+1.96*sd)
}

func figure(f figures.Figure) string { return fmt.Sprintf("%.1f ± %.1f", f.Value, f.SE) }

func residual(v float64, f figures.Figure) string { return fmt.Sprintf("%+.1f", (v-f.Value)/f.SE) }

func rates(shares []debate.Share) string {
	var s []string
	for _, share := range shares {
		s = append(s, fmt.Sprintf("%.2f (n %d)", share.Rate(), share.N))
	}
	return strings.Join(s, ", ")
}

func sq(v float64) float64 { return v * v }
