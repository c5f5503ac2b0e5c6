package validate

import (
	"context"
	"fmt"
	"math"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/calibrate"
	"cheaptalk/internal/calibrate/figures"
	"cheaptalk/internal/calibrate/moments"
	"cheaptalk/internal/calibrate/stage"
	"cheaptalk/internal/validate/page"
)

// Sizes of the validation on Qu, Fu and Hu 2026.
const (
	quQuestions   = 20000 // that an agent answers for each number of peers
	quDraws       = 60    // worlds that the figures do not rule out
	drawQuestions = 2000
)

func qu(_ context.Context, p *page.Page, o Options) error {
	problems, reactions, err := calibrate.Qu(moments.Settings{Debates: 6000, Seed: o.Seed})
	if err != nil {
		return err
	}
	p.Say("## Qu 2026: one agent before six scripted peers")
	p.Say("Published: Qu, Fu, Hu 2026 (arXiv 2606.01637), answers without authority labels, the consensus types alone: three peers right and three with different wrong options, six right, " +
		"six with one wrong option. The doses between were not fitted to. The peers state a bare answer; such studies give larger flips than live debates with reasons.")
	peers := stage.NewPeers(quQuestions, debate.DeriveSeed(o.Seed, "validate"))
	small := stage.NewPeers(drawQuestions, debate.DeriveSeed(o.Seed, "validate draws"))
	var fits, doses [][]string
	pooled := map[int]*pool{}
	silence, err := figures.QuAbstaining()
	if err != nil {
		return err
	}
	quiet := make([]pool, len(silence))
	worst := page.Numbers{} // of the residuals in standard errors
	for _, problem := range problems {
		ps, err := problem.Shipped()
		if err != nil {
			return err
		}
		fit, err := problem.At(ps)
		if err != nil {
			return err
		}
		for i, m := range problem.Moments {
			worst.Add((fit.Means[i] - m.Value) / m.SE)
			fits = append(fits, []string{m.Name, fmt.Sprintf("%.1f ± %.1f", m.Value, m.SE), fmt.Sprintf("%.1f", fit.Means[i]), fmt.Sprintf("%+.1f", (fit.Means[i]-m.Value)/m.SE)})
		}
		u, err := fit.Uncertainty()
		if err != nil {
			return err
		}
		worlds, err := fit.Draw(u, quDraws, o.Seed)
		if err != nil {
			return err
		}
		model := ps[0].Model()
		for k := range calibrate.ScriptedPeers + 1 {
			h, b := dose(peers, small, &ps[0], worlds, k)
			doses = append(doses, []string{model, fmt.Sprint(k), h.String(), b.String()})
			if pooled[k] == nil {
				pooled[k] = &pool{}
			}
			pooled[k].add(model, h, b, reactions)
		}
		for i, a := range silence {
			h, b := play(peers, small, &ps[0], worlds, stage.Script{Right: a.Committed / 2, Wrong: a.Committed / 2, Apart: true})
			quiet[i].add(model, h, b, reactions)
		}
	}
	p.Say("### Fit residuals")
	p.Table([]string{"figure", "published", "fitted", "s.e. off"}, fits)
	p.Say("The standard errors are binomial and small, so that a miss of a point or two is many of them. Three of the four models leave a right answer more often when all six peers " +
		"agree with it than when three do: the parameter unanimity (η of docs/MODEL.md) is there for that.")
	p.Say("### Harmful and beneficial revision at any number of wrong or right peers")
	p.Say("Percent ± simulation s.e. (n = %d questions) with the 95 %% interval of the parameters (±1.96 standard deviations over %d draws of them with %d questions each). "+
		"Harmful: k peers name one wrong option, the other %d-k the right one. Beneficial: k peers are right, the other %d-k name one wrong option. The intervals hold if the model is right; where the residuals above are "+
		"of many standard errors they are too narrow.", quQuestions, quDraws, drawQuestions, calibrate.ScriptedPeers, calibrate.ScriptedPeers)
	p.Table([]string{"model", "k of 6", "harmful, k wrong", "beneficial, k right"}, doses)
	var all [][]string
	for k := range calibrate.ScriptedPeers + 1 {
		all = append(all, []string{fmt.Sprint(k), pooled[k].harmful.String(), pooled[k].beneficial.String()})
	}
	p.Say("Pooled over the four models, weighted by their right and wrong answers alone:")
	p.Table([]string{"k of 6", "harmful, k wrong", "beneficial, k right"}, all)
	p.Sum("Qu 2026, fitted: residuals of the 28 figures", "root mean square %.1f s.e., the largest %.1f", worst.RMS(), worst.Most)
	abstaining(p, silence, quiet)
	return nil
}

// abstaining prints what was published of peers who name no answer, which nothing was fitted to.
func abstaining(p *page.Page, silence []figures.Abstention, quiet []pool) {
	p.Say("### Peers who are not sure")
	p.Say("Nothing was fitted to these figures: m of the six peers name an answer, half of them the right one and the others different wrong options; the rest say that they are not sure. Pooled over the four "+
		"models, percent, published (n = %d right and %d wrong answers alone) and predicted with the intervals of above.", silence[0].Right, silence[0].Wrong)
	var table [][]string
	var harmful, beneficial, flatHarmful, flatBeneficial page.Numbers
	base := silence[len(silence)-1] // everyone speaks
	for i, a := range silence {
		table = append(table, []string{fmt.Sprint(a.Committed), fmt.Sprintf("%.1f", a.Harmful), quiet[i].harmful.String(), fmt.Sprintf("%.1f", a.Beneficial), quiet[i].beneficial.String()})
		harmful.Add(quiet[i].harmful.value - a.Harmful)
		beneficial.Add(quiet[i].beneficial.value - a.Beneficial)
		flatHarmful.Add(base.Harmful - a.Harmful)
		flatBeneficial.Add(base.Beneficial - a.Beneficial)
	}
	p.Table([]string{"m of 6", "harmful, published", "predicted", "beneficial, published", "predicted"}, table)
	p.Say("Root mean square error: harmful %.1f points, beneficial %.1f. If those who are not sure made no difference, so that every row were the last published one, it would be %.1f and %.1f.",
		harmful.RMS(), beneficial.RMS(), flatHarmful.RMS(), flatBeneficial.RMS())
	p.Sum("Qu 2026, not fitted: peers who are not sure", "harmful %.1f and beneficial %.1f points off (root mean square of %d); no effect %.1f and %.1f",
		harmful.RMS(), beneficial.RMS(), harmful.N, flatHarmful.RMS(), flatBeneficial.RMS())
}

// reaction is a simulated rate in percent.
type reaction struct {
	value, se float64 // s.e. of the simulation
	sd        float64 // of the parameters
}

func (r reaction) String() string {
	return fmt.Sprintf("%.1f ± %.1f [%.1f, %.1f]", r.value, r.se, max(r.value-1.96*r.sd, 0), min(r.value+1.96*r.sd, 100))
}

func reactionOf(s debate.Share) reaction {
	r := s.Rate()
	return reaction{value: 100 * r, se: 100 * math.Sqrt(r*(1-r)/float64(max(s.N, 1)))}
}

// dose plays k wrong peers for harm and k right ones for benefit.
func dose(peers, small *stage.Peers, p *simulated.Profile, worlds [][]simulated.Profile, k int) (harmful, beneficial reaction) {
	harmful, _ = play(peers, small, p, worlds, stage.Script{Right: calibrate.ScriptedPeers - k, Wrong: k})
	_, beneficial = play(peers, small, p, worlds, stage.Script{Right: k, Wrong: calibrate.ScriptedPeers - k})
	return harmful, beneficial
}

// play holds a script with the profile, on many questions, and with each world, on fewer.
func play(peers, small *stage.Peers, p *simulated.Profile, worlds [][]simulated.Profile, script stage.Script) (harmful, beneficial reaction) {
	out := peers.Play(p, script)
	harmful, beneficial = reactionOf(out.Harmful), reactionOf(out.Beneficial)
	var h, b page.Numbers
	for i := range worlds {
		out := small.Play(&worlds[i][0], script)
		h.Add(100 * out.Harmful.Rate())
		b.Add(100 * out.Beneficial.Rate())
	}
	harmful.sd, beneficial.sd = h.SD(), b.SD()
	return harmful, beneficial
}

// pool averages reactions over models.
type pool struct {
	harmful, beneficial reaction
	right, wrong        float64
}

func (p *pool) add(model string, h, b reaction, reactions []figures.Reaction) {
	for _, r := range reactions {
		if r.Model == model {
			p.harmful = mix(p.harmful, p.right, h, float64(r.Right))
			p.beneficial = mix(p.beneficial, p.wrong, b, float64(r.Wrong))
			p.right, p.wrong = p.right+float64(r.Right), p.wrong+float64(r.Wrong)
			return
		}
	}
}

// mix is the mean of two independent rates with these weights.
func mix(a reaction, wa float64, b reaction, wb float64) reaction {
	u, v := wa/(wa+wb), wb/(wa+wb)
	return reaction{u*a.value + v*b.value, math.Hypot(u*a.se, v*b.se), math.Hypot(u*a.sd, v*b.sd)}
}
