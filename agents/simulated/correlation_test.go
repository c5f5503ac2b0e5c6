package simulated_test

import (
	"fmt"
	"math"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/race"
	"cheaptalk/protocols"
)

// TestCorrelatedAgentsCountAsFewer: correctness of copies has the correlation r = (E p(d)² - A²)/(A (1-A)) that (1) of docs/MODEL.md implies,
// here integrated numerically, and the variance of the share that is right is that of N_eff = N/(1 + (N-1) r) independent agents. Within 3 s.e.,
// those of r by the jackknife over 20 blocks of questions.
func TestCorrelatedAgentsCountAsFewer(t *testing.T) {
	race.SkipPure(t)
	const a, debates, blocks = 0.6, 8000, 20
	for _, c := range []struct{ rho, spread float64 }{{0, 0}, {0.3, 0}, {0.8, 0}, {0.5, 1.5}} {
		want := correlation(a, c.rho, c.spread)
		for _, n := range []int{3, 7} {
			profile := simulated.Profile{Choice: simulated.Ability{Accuracy: a, Consistency: c.rho, Spread: c.spread, Concentration: 0.5}}
			var all moments
			var each [blocks]moments
			i := 0
			hold(t, profile, n, protocols.Independent{}, choices(debates, 4), func(tr *debate.Transcript) {
				right := 0.0
				for _, m := range tr.Messages {
					right += is(m.Answer == "A")
				}
				all.add(right, float64(n))
				each[i%blocks].add(right, float64(n))
				i++
			})
			r := all.correlation()
			var jack mean
			for _, b := range each {
				jack.add(all.minus(b).correlation())
			}
			se := math.Sqrt((blocks - 1) * jack.variance())
			z := (r - want) / se
			share := all.share()
			measured := share * (1 - share) / all.variance()
			formula := float64(n) / (1 + float64(n-1)*want)
			t.Logf("ρ %.1f τ %.1f, %d agents: pairwise correlation %.4f ± %.4f, want %.4f (%+.1f s.e.); N_eff measured %.2f, N/(1+(N-1)r) %.2f",
				c.rho, c.spread, n, r, se, want, z, measured, formula)
			if math.Abs(z) > 3 {
				t.Errorf("ρ %.1f τ %.1f, %d agents: correlation %.4f is %+.1f standard errors from %.4f", c.rho, c.spread, n, r, z, want)
			}
			if slack := 3 * se * formula * formula * float64(n-1) / float64(n); math.Abs(measured-formula) > slack {
				t.Errorf("ρ %.1f τ %.1f, %d agents: N_eff %.3f, want %.3f ± %.3f", c.rho, c.spread, n, measured, formula, slack)
			}
		}
	}
}

// correlation returns the Pearson correlation of the correctness of two copies, by the midpoint rule over d and z in [-8,8].
func correlation(a, rho, spread float64) float64 {
	const steps = 400
	density := func(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) * 16 / steps }
	both := 0.0
	for i := range steps {
		z := -8 + 16*(float64(i)+0.5)/steps
		r := rho
		if spread > 0 {
			r = 1 / (1 + math.Exp(-math.Log(rho/(1-rho))-spread*z))
		}
		for j := range steps {
			d := -8 + 16*(float64(j)+0.5)/steps
			x := (math.Sqrt2*math.Erfinv(2*a-1) - math.Sqrt(r)*d) / math.Sqrt(1-r)
			p := math.Erfc(-x/math.Sqrt2) / 2
			both += density(z) * density(d) * p * p
		}
	}
	return (both - a*a) / (a * (1 - a))
}

// moments are sums over debates of the number of right agents: of it, of its square, of the ordered pairs that are both right.
type moments struct{ n, agents, right, squares, pairs, together float64 }

func (m *moments) add(right, agents float64) {
	m.n, m.agents, m.right = m.n+1, m.agents+agents, m.right+right
	m.squares += right / agents * right / agents
	m.pairs, m.together = m.pairs+agents*(agents-1), m.together+right*(right-1)
}

func (m moments) minus(o moments) moments {
	return moments{m.n - o.n, m.agents - o.agents, m.right - o.right, m.squares - o.squares, m.pairs - o.pairs, m.together - o.together}
}

func (m moments) share() float64    { return m.right / m.agents }
func (m moments) variance() float64 { return m.squares/m.n - m.share()*m.share() }

// correlation returns the Pearson correlation of two agents' correctness over all pairs.
func (m moments) correlation() float64 {
	p := m.share()
	return (m.together/m.pairs - p*p) / (p * (1 - p))
}

// TestWrongAnswersCoincideAsConcentrationSays: two wrong agents give the same wrong answer with κ² + (1-κ)²/(n-1), n the number of wrong answers,
// for choices. Within 3 s.e.
func TestWrongAnswersCoincideAsConcentrationSays(t *testing.T) {
	race.SkipPure(t)
	for _, kappa := range []float64{0, 1. / 3, 0.8} {
		var same mean
		profile := simulated.Profile{Choice: simulated.Ability{Accuracy: 0.3, Consistency: 0.5, Concentration: kappa}}
		hold(t, profile, 2, protocols.Independent{}, choices(8000, 4), func(tr *debate.Transcript) {
			if a, b := tr.Messages[0].Answer, tr.Messages[1].Answer; a != "A" && b != "A" {
				same.add(is(a == b))
			}
		})
		rest := 1 - kappa
		same.near(t, fmt.Sprintf("same wrong answer, κ %.2f", kappa), kappa*kappa+rest*rest/2, 0, 3)
	}
}
