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
)

// Sizes of the validation on Qu, Fu and Hu 2026.
const (
	quQuestions   = 20000 // that an agent answers for each number of peers
	quDraws       = 60    // worlds that the figures do not rule out
	drawQuestions = 2000
)

func qu(_ context.Context, p *page, o Options) error {
	problems, reactions, err := calibrate.Qu(moments.Settings{Debates: 6000, Seed: o.Seed})
	if err != nil {
		return err
	}
	p.say("## Qu 2026: one agent before six scripted peers")
	p.say("Published: Qu, Fu, Hu 2026 (arXiv 2606.01637), answers without authority labels, the consensus types alone: three peers right and three with different wrong options, six right, " +
		"six with one wrong option. The doses between were not fitted to. The peers state a bare answer; such studies give larger flips than live debates with reasons.")
	peers := stage.NewPeers(quQuestions, debate.DeriveSeed(o.Seed, "validate"))
	small := stage.NewPeers(drawQuestions, debate.DeriveSeed(o.Seed, "validate draws"))
	var fits, doses [][]string
	pooled := map[int]*pool{}
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
	}
	p.say("### Fit residuals")
	p.table([]string{"figure", "published", "fitted", "s.e. off"}, fits)
	p.say("The standard errors are binomial and small, so that a miss of a point or two is many of them. Three of the four models leave a right answer more often when all six peers " +
		"agree with it than when three do: the parameter unanimity (η of docs/MODEL.md) is there for that.")
	p.say("### Harmful and beneficial revision at any number of wrong or right peers")
	p.say("Percent ± simulation s.e. (n = %d questions) with the 95 %% interval of the parameters (±1.96 standard deviations over %d draws of them with %d questions each). "+
		"Harmful: k peers name one wrong option, the other %d-k the right one. Beneficial: k peers are right, the other %d-k name one wrong option. The intervals hold if the model is right; where the residuals above are "+
		"of many standard errors they are too narrow.", quQuestions, quDraws, drawQuestions, calibrate.ScriptedPeers, calibrate.ScriptedPeers)
	p.table([]string{"model", "k of 6", "harmful, k wrong", "beneficial, k right"}, doses)
	var all [][]string
	for k := range calibrate.ScriptedPeers + 1 {
		all = append(all, []string{fmt.Sprint(k), pooled[k].harmful.String(), pooled[k].beneficial.String()})
	}
	p.say("Pooled over the four models, weighted by their right and wrong answers alone:")
	p.table([]string{"k of 6", "harmful, k wrong", "beneficial, k right"}, all)
	return nil
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
	harm := stage.Script{Right: calibrate.ScriptedPeers - k, Wrong: k}
	help := stage.Script{Right: k, Wrong: calibrate.ScriptedPeers - k}
	harmful, beneficial = reactionOf(peers.Play(p, harm).Harmful), reactionOf(peers.Play(p, help).Beneficial)
	var h, b numbers
	for i := range worlds {
		h.add(100 * small.Play(&worlds[i][0], harm).Harmful.Rate())
		b.add(100 * small.Play(&worlds[i][0], help).Beneficial.Rate())
	}
	harmful.sd, beneficial.sd = h.sd(), b.sd()
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
