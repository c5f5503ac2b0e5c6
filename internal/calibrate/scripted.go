package calibrate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"cheaptalk/agents/simulated"
	"cheaptalk/internal/calibrate/figures"
	"cheaptalk/internal/calibrate/moments"
	"cheaptalk/internal/calibrate/stage"
)

// scripts are what the six scripted peers of Qu, Fu and Hu 2026 say by consensus type.
var scripts = map[string]stage.Script{
	"mixed": {Right: 3, Wrong: 3, Apart: true},
	"right": {Right: 6},
	"wrong": {Wrong: 6},
}

// ScriptedPeers is how many peers the study scripts.
const ScriptedPeers = 6

// Scripted returns the problem of fitting a profile MODEL@source to the reactions of one model.
//
// Fitted are accuracy, consistency, loss, pull, the weights of its own answer and of a peer's, the odds of a new answer, the redraw rate and what unanimity
// adds to it. Wrong
// answers fall on the most tempting one as often as is assumed for choices.
func Scripted(model string, reactions []figures.Reaction, source string, s moments.Settings) (*moments.Problem, error) {
	s = s.WithDefaults()
	p := &moments.Problem{}
	p.Base = []simulated.Profile{assumed(model, source)}
	kappa := moments.Round(simulated.Logit.Value(concentration[0]))
	p.Base[0].Choice.Concentration, p.Base[0].Number.Concentration = kappa, kappa
	p.Base[0].Unreadable = 0 // the study counts answers that are right and wrong alone
	everything := kindNames[:]
	for _, k := range []struct {
		parameter string
		mean, sd  float64
		task      []string
	}{
		{"accuracy", 0, 3, everything}, {"consistency", 1, 1, everything}, {"loss", 0.2, 0.5, everything},
		{"pull", 0, 1, everything}, {"own_weight", 1, 2, nil}, {"peer_weight", 0.5, 1, nil}, {"new_answer", -2, 2, nil}, {"redraw", -1.4, 1, nil}, {"unanimity", 0, 1, nil},
	} {
		p.Add(model+" "+k.parameter, k.mean, k.sd, p.Places(0, k.parameter, k.task...)...)
	}
	var plays []stage.Script
	for _, r := range reactions {
		if r.Model != model {
			continue
		}
		if len(plays) == 0 {
			p.Moments = append(p.Moments, rate(model+" alone", 100*float64(r.Right)/float64(r.Right+r.Wrong), r.Right+r.Wrong))
		}
		plays = append(plays, scripts[r.Peers])
		p.Moments = append(p.Moments, rate(model+" harmful, peers "+r.Peers, r.Harmful, r.Right), rate(model+" beneficial, peers "+r.Peers, r.Beneficial, r.Wrong))
	}
	if len(plays) == 0 {
		return nil, fmt.Errorf("there are no figures of %s", model)
	}
	p.Cov = mat.NewSymDense(len(p.Moments), nil)
	for i, m := range p.Moments {
		p.Cov.SetSym(i, i, m.Trust*m.Trust)
	}
	peers := stage.NewPeers(s.Debates, s.Seed)
	p.Simulate = func(_ []float64, ps []simulated.Profile) (means, variances []float64) {
		add := func(r float64, n int) {
			means = append(means, 100*r)
			variances = append(variances, 1e4*r*(1-r)/float64(max(n, 1)))
		}
		for i, script := range plays {
			out := peers.Play(&ps[0], script)
			if i == 0 {
				add(out.Solo.Rate(), out.Solo.N)
			}
			add(out.Harmful.Rate(), out.Harmful.N)
			add(out.Beneficial.Rate(), out.Beneficial.N)
		}
		return means, variances
	}
	return p, p.Err()
}

// rate returns the moment of a rate of n answers; half an answer is added to both sides in its standard error, so that a rate of 0 has one.
func rate(name string, percent float64, n int) moments.Moment {
	q := (percent/100*float64(n) + 0.5) / (float64(n) + 1)
	se := 100 * math.Sqrt(q*(1-q)/float64(n))
	return moments.Moment{Name: name, Value: percent, SE: se, Trust: se}
}
