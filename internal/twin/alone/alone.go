// Package alone estimates what agents are before they hear anyone: how often they are right, how far the difficulty of questions decides when,
// and how their wrong answers crowd. It is the first stage of a twin.
package alone

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"

	"cheaptalk/debate"
	"cheaptalk/internal/twin/difficulty"
	"cheaptalk/internal/twin/numeric"
	"cheaptalk/internal/twin/steps"
)

// Agent is what the independent answers of one agent to the questions of one data set say of it.
type Agent struct {
	Set           string
	Kind          debate.Kind
	N, Right      int      // readable independent answers, and those of them that are right
	Questions     int      // that they are about
	Accuracy      Estimate // of readable answers: A/(1-u)
	Consistency   Estimate // ρ
	Concentration Estimate // κ, one for all agents of the set
}

// Estimate is a probability with its standard error on the logit scale.
type Estimate struct {
	Value   float64
	SE      float64
	Assumed bool // the data say next to nothing of it: Value is the assumption and SE its spread
}

// The assumptions of the first stage, normal distributions on the logit scale. They are wide: ten questions with two answers each
// outweigh them.
const (
	consistencySD   = 2.0 // of logit ρ around 0, that is ρ = .5, for the agents of a set together
	deviationSD     = 1.0 // of logit ρ of one agent around what the agents have in common
	concentrationSD = 2.0 // of logit κ around 0
)

// Untold is the part of its assumed spread that an estimate keeps at least when the data tell next to nothing.
const Untold = 0.85

// Stage holds the estimates of all agents. It does not change.
type Stage struct {
	Grid *difficulty.Grid
	Sets []string  // data sets, sorted
	Of   [][]Agent // by agent, then by set
}

// Ability returns what decides whether the agent is right on a set.
func (s *Stage) Ability(agent, set int) difficulty.Ability {
	a := &s.Of[agent][set]
	return difficulty.AbilityOf(a.Accuracy.Value, a.Consistency.Value)
}

// replies holds the readable independent answers to one question.
type replies struct {
	right, wrong []int // by agent
	wrongs       int   // how many wrong answers there are to give
	tempted      map[debate.Answer]int
}

// Fit estimates what the agents of the data are alone.
func Fit(d *steps.Data) *Stage {
	g := difficulty.NewGrid()
	bySet := map[string]map[int]*replies{}
	kinds := map[string]debate.Kind{}
	for _, t := range d.Debates {
		kinds[t.Set] = t.Kind
	}
	for _, a := range d.Alone {
		t := &d.Debates[a.Talk]
		if bySet[t.Set] == nil {
			bySet[t.Set] = map[int]*replies{}
		}
		q := bySet[t.Set][t.Question]
		if q == nil {
			q = &replies{right: make([]int, len(d.Agents)), wrong: make([]int, len(d.Agents)), wrongs: t.Wrongs, tempted: map[debate.Answer]int{}}
			bySet[t.Set][t.Question] = q
		}
		switch debate.Grade(a.Said, t.Key) {
		case debate.Correct:
			q.right[a.Agent]++
		case debate.Incorrect:
			q.wrong[a.Agent]++
			q.tempted[a.Said]++
		}
	}
	f := &Stage{Grid: g, Sets: slices.Sorted(maps.Keys(kinds)), Of: make([][]Agent, len(d.Agents))}
	for _, set := range f.Sets {
		questions := make([]*replies, 0, len(bySet[set]))
		for _, q := range slices.Sorted(maps.Keys(bySet[set])) {
			questions = append(questions, bySet[set][q])
		}
		s := newSetStage(g, questions, len(d.Agents))
		rho := s.consistency()
		kappa := concentration(questions)
		for agent := range d.Agents {
			a := Agent{Set: set, Kind: kinds[set], Accuracy: s.accuracy[agent], Consistency: rho[agent], Concentration: kappa}
			for _, q := range questions {
				if n := q.right[agent] + q.wrong[agent]; n > 0 {
					a.N, a.Right, a.Questions = a.N+n, a.Right+q.right[agent], a.Questions+1
				}
			}
			f.Of[agent] = append(f.Of[agent], a)
		}
	}
	return f
}

// setStage estimates accuracies and consistencies on one data set.
type setStage struct {
	grid     *difficulty.Grid
	accuracy []Estimate // by agent
	patterns []*replies // each pattern of right and wrong answers once
	times    []float64  // how many questions have it
}

func newSetStage(g *difficulty.Grid, questions []*replies, agents int) *setStage {
	s := &setStage{grid: g}
	at := map[string]int{}
	for _, q := range questions {
		pattern := fmt.Sprint(q.right, q.wrong)
		i, ok := at[pattern]
		if !ok {
			i = len(s.patterns)
			at[pattern] = i
			s.patterns, s.times = append(s.patterns, q), append(s.times, 0)
		}
		s.times[i]++
	}
	for agent := range agents {
		clusters := map[int]*Tally{}
		for i, q := range questions {
			if n := q.right[agent] + q.wrong[agent]; n > 0 {
				clusters[i] = &Tally{K: q.right[agent], N: n}
			}
		}
		s.accuracy = append(s.accuracy, Ratio(clusters))
	}
	return s
}

// consistency returns ρ of each agent by marginal maximum likelihood: the difficulty of each question is integrated out, the thresholds
// are those of the accuracies (Bock and Aitkin 1981, Psychometrika 46:443; for two agents that answer once it is the tetrachoric
// correlation √(ρρ') of who is right). First one logit ρ for all agents is estimated, then each agent's around it.
func (s *setStage) consistency() []Estimate {
	common, spread := numeric.Climb(func(x float64) float64 {
		same := make([]float64, len(s.accuracy))
		for i := range same {
			same[i] = x
		}
		return s.logLikelihood(same, nil) - x*x/(2*consistencySD*consistencySD)
	}, -6, 7)
	logits, errs := make([]float64, len(s.accuracy)), make([]float64, len(s.accuracy))
	assumed := spread > Untold*consistencySD
	for i := range logits {
		logits[i], errs[i] = common, math.Hypot(spread, deviationSD)
	}
	if !assumed && len(logits) > 1 {
		s.deviate(logits, errs, common)
	} else if len(logits) == 1 {
		errs[0] = spread
	}
	out := make([]Estimate, len(logits))
	for i, x := range logits {
		out[i] = Estimate{Value: Logistic(x), SE: errs[i], Assumed: assumed}
	}
	return out
}

// deviate moves each agent's logit ρ from the common one to where its answers ask for it, and sets their standard errors.
func (s *setStage) deviate(logits, errs []float64, common float64) {
	negative := func(x, grad []float64) float64 {
		l := s.logLikelihood(x, grad)
		for i := range x {
			dev := (x[i] - common) / deviationSD
			l -= dev * dev / 2
			if grad != nil {
				grad[i] = -grad[i] + dev/deviationSD
			}
		}
		return -l
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 { return negative(x, nil) },
		Grad: func(grad, x []float64) { negative(x, grad) },
	}
	// The search ends without convergence only where the likelihood is flat to the last digit: what it has reached is then as good.
	if found, _ := optimize.Minimize(problem, logits, &optimize.Settings{GradientThreshold: 1e-4}, &optimize.BFGS{}); found != nil {
		copy(logits, found.X)
	}
	h := numeric.Hessian(problem.Grad, logits)
	for i := range errs {
		errs[i] = 1 / math.Sqrt(max(h.At(i, i), 1/(deviationSD*deviationSD)))
	}
}

// logLikelihood returns the logarithm of the probability of who was right at the agents' logits of ρ, and adds nothing else; grad, which
// may be nil, is set to its gradient.
func (s *setStage) logLikelihood(logits, grad []float64) float64 {
	n := len(logits)
	right, wrong := make([]difficulty.Curve, n), make([]difficulty.Curve, n)
	slopes := make([]difficulty.Curve, n) // dp/dlogit ρ
	for i, x := range logits {
		rho := Logistic(x)
		a := difficulty.AbilityOf(s.accuracy[i].Value, rho)
		p, _ := s.grid.Known(a, 0)
		right[i], wrong[i] = p.Logs()
		slopes[i] = s.grid.ByConsistency(a)
		for j := range slopes[i] {
			slopes[i][j] *= rho * (1 - rho)
		}
	}
	clear(grad)
	sum := 0.0
	for i, q := range s.patterns {
		post, l := s.grid.Posterior(right, wrong, q.right, q.wrong)
		sum += s.times[i] * l
		for agent := range grad {
			r, w := float64(q.right[agent]), float64(q.wrong[agent])
			if r+w == 0 {
				continue
			}
			g := 0.0
			for j, weight := range post {
				g += weight * slopes[agent][j] * (r*math.Exp(-right[agent][j]) - w*math.Exp(-wrong[agent][j]))
			}
			grad[agent] += s.times[i] * g
		}
	}
	return sum
}

// concentration returns κ by maximum likelihood: of the n wrong answers to a question with W wrong ones to give, c_w being w,
//
//	P = 1/W Σ_w κ^c_w ((1-κ)/(W-1))^(n-c_w),
//
// where κ is at least 1/W: which answer tempts is not known, each is as likely.
func concentration(questions []*replies) Estimate {
	fewest := math.Inf(1)
	for _, q := range questions {
		fewest = min(fewest, float64(max(q.wrongs, 2)))
	}
	if len(questions) == 0 {
		fewest = 2
	}
	x, spread := numeric.Climb(func(x float64) float64 {
		l := -x * x / (2 * concentrationSD * concentrationSD)
		for _, q := range questions {
			l += q.logTempted(Logistic(x))
		}
		return l
	}, -math.Log(fewest-1), 6)
	return Estimate{Value: Logistic(x), SE: spread, Assumed: spread > Untold*concentrationSD}
}

// logTempted returns ln P of the wrong answers to the question; see concentration.
func (q *replies) logTempted(kappa float64) float64 {
	n := 0
	for _, c := range q.tempted {
		n += c
	}
	if n < 2 || q.wrongs < 2 {
		return 0 // one wrong answer says nothing of how they concentrate
	}
	w := float64(max(q.wrongs, len(q.tempted)))
	ratio := math.Log(kappa) - math.Log((1-kappa)/(w-1))
	sum := w - float64(len(q.tempted))
	for _, a := range slices.Sorted(maps.Keys(q.tempted)) {
		sum += math.Exp(float64(q.tempted[a]) * ratio)
	}
	return float64(n)*math.Log((1-kappa)/(w-1)) + math.Log(sum/w)
}
