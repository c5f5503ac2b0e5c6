package predict

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/judges"
)

// Begun is a debate whose independent answers are there, and which is to be predicted from there on.
type Begun struct {
	Item   debate.Item
	Repeat int
	First  []debate.Message // of round 0, one of each agent in the order of the team
}

// Case returns the case of the debate, without an arm.
func (b *Begun) Case() debate.Case {
	return debate.Case{Item: b.Item.Question.ID, Draw: b.Item.Draw, Repeat: b.Repeat}
}

// candidates is how many questions, alike but for what nobody sees of them, stand for what a debate that has begun may be about.
const candidates = 200

// Continue predicts the rest of debates that have begun, all of one team and none of them independent answers alone: what will be observed of these debates, the luck in
// them included. Before and Single, which are known, Vote and Gain stay zero. World.Items is not used, and World.Draws must be positive.
//
// Every draw takes parameters from what is known of them and holds each debate once, with luck of its own. What a question is to the agents and nobody sees, how
// hard it is and which wrong answer tempts, is drawn given the answers with which the debate begins: of 200 that were drawn at random one is taken, in proportion to the
// probability of these answers (importance resampling; Rubin 1988, "Using the SIR algorithm to simulate posterior distributions"). Values are means over the draws, and
// intervals have their 2.5 and 97.5 % quantiles, rounded outwards: both are of the posterior predictive distribution (Gelman et al. 2013, Bayesian Data Analysis, 3rd ed., section 1.3).
// N is the number of debates, and of revisions the mean number that there is to revise, rounded.
func (w *World) Continue(ctx context.Context, designs []Design, begun []Begun) ([]Prediction, error) {
	samplers, err := w.samplers()
	if err != nil {
		return nil, err
	}
	out := make([]Prediction, len(designs))
	results := make([][]rest, len(designs)) // by design and draw
	for i, d := range designs {
		out[i] = Prediction{Design: d, NotModelled: w.notContinued(d, begun)}
		results[i] = make([]rest, w.Draws)
	}
	questions := make([][]candidate, len(begun))
	for i := range begun {
		questions[i] = w.candidates(&begun[i])
	}
	var work errgroup.Group
	if work.SetLimit(w.Workers); w.Workers <= 0 {
		work.SetLimit(runtime.GOMAXPROCS(0))
	}
	for draw := range w.Draws {
		work.Go(func() error {
			minds := make([]simulated.Profile, len(samplers))
			for i, s := range samplers {
				minds[i] = s.draw(w.Seed, draw+1)
			}
			return w.rest(ctx, out, minds, begun, questions, draw, func(design int) *rest { return &results[design][draw] })
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].NotModelled == "" {
			out[i].continued(results[i], len(begun))
		}
	}
	return out, nil
}

// notContinued is [World.NotModelled] of debates that have begun.
func (w *World) notContinued(d Design, begun []Begun) string {
	if d.Rounds == 0 {
		return "nothing follows the answers with which its debates begin"
	}
	for i := range begun {
		of := World{Agents: w.Agents, Items: []debate.Item{begun[i].Item}}
		if why := of.NotModelled(d); why != "" {
			return why
		}
	}
	return ""
}

// rest is what the rest of all debates came to in one draw.
type rest struct {
	before, after int // debates
	mean          int // replies of the last round that were right
	revisions
}

// rest holds the rest of all debates once under each design that is modelled, all of them with the same questions and the same luck.
func (w *World) rest(ctx context.Context, designs []Prediction, minds []simulated.Profile, begun []Begun, questions [][]candidate, draw int, sum func(design int) *rest) error {
	team := designs[0].Team
	labels := w.Labels(team)
	r := newRoom(labels)
	for k := range begun {
		b, item := &begun[k], begun[k].Item.Question.ID
		of := b.Case().Seed(w.Seed)
		luck := debate.DeriveSeed(of, "continued", strconv.Itoa(draw))
		q := choose(questions[k], team, minds, b, luck)
		for i := range designs {
			d := &designs[i]
			if d.NotModelled != "" {
				continue
			}
			for seat, a := range team {
				agent := simulated.New(labels[seat], &minds[a], q.puzzle, luck)
				agent.Terse = true
				first := b.First[seat].Reply
				first.Answer = q.stands(first.Answer)
				r.team[seat] = &begins{agent, first}
			}
			err := r.talk(ctx, b.Item.Question, protocol(d.Protocol, d.Rounds))
			if err == nil {
				err = sum(i).add(ctx, &r.transcript, q.puzzle.Key, of, &d.Design)
			}
			if err != nil {
				return fmt.Errorf("predict %s: %w", item, err)
			}
		}
	}
	return nil
}

// begins is an agent whose first reply is known.
type begins struct {
	debate.Agent
	first debate.Reply
}

// Reply answers a turn.
func (b *begins) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	if turn.Round == 0 {
		return b.first, nil
	}
	return b.Agent.Reply(ctx, turn)
}

// candidate is a question that a debate may be about.
type candidate struct {
	puzzle *simulated.Puzzle
	// as has the answer that stands for a real one: a wrong number stands for one of the near misses of the simulation. It is nil where all stand for themselves.
	as map[debate.Answer]debate.Answer
}

func (c *candidate) stands(a debate.Answer) debate.Answer {
	if c.as == nil {
		return a
	}
	return c.as[a]
}

// candidates draws what a debate may be about.
func (w *World) candidates(b *Begun) []candidate {
	list := make([]candidate, candidates)
	item := b.Item
	r := debate.NewRand(b.Case().Seed(w.Seed), "candidates")
	for i := range list {
		item.Question.ID = b.Item.Question.ID + "#" + strconv.Itoa(i)
		c := &list[i]
		c.puzzle = simulated.NewPuzzle(item)
		if b.Item.Question.Kind == debate.Choice {
			continue
		}
		misses := c.puzzle.Misses()
		c.as = map[debate.Answer]debate.Answer{"": "", b.Item.Key: c.puzzle.Key}
		for i := range b.First {
			a := b.First[i].Answer
			if _, ok := c.as[a]; !ok && len(misses) > 0 {
				k := r.IntN(len(misses))
				c.as[a] = misses[k]
				misses = slices.Delete(misses, k, k+1)
			}
		}
	}
	return list
}

// choose draws one of the candidates in proportion to the probability of the answers with which the debate begins. Where they have none, because some agent never
// answers like that, all are alike.
func choose(list []candidate, team []int, minds []simulated.Profile, b *Begun, seed uint64) *candidate {
	r := debate.NewRand(seed, "candidate")
	var chosen *candidate
	total := 0.0
	for i := range list {
		c, p := &list[i], 1.0
		for seat, a := range team {
			m := simulated.NewMind(&minds[a], c.puzzle)
			p *= m.First(c.stands(b.First[seat].Answer))
		}
		p = max(p, math.SmallestNonzeroFloat64)
		if total += p; chosen == nil || r.Float64()*total < p {
			chosen = c
		}
	}
	return chosen
}

// add counts a debate.
func (s *rest) add(ctx context.Context, t *debate.Transcript, key debate.Answer, seed uint64, d *Design) error {
	first := *t
	first.Messages = t.Messages[:len(t.Agents)]
	before, err := decide(ctx, judges.NamePlurality, &first, 0, seed)
	if err != nil {
		return err
	}
	after, err := decide(ctx, d.Judge, t, d.Rounds, seed)
	if err != nil {
		return err
	}
	s.before += one(before == key)
	s.after += one(after == key)
	s.mean += right(t.Messages[len(t.Agents)*d.Rounds:], key)
	r := revised(debate.Transitions(t, key), d.Rounds)
	s.right, s.lost, s.wrong, s.gained = s.right+r.right, s.lost+r.lost, s.wrong+r.wrong, s.gained+r.gained
	return nil
}

// continued makes the estimates of a prediction of what its draws came to.
func (p *Prediction) continued(draws []rest, debates int) {
	of := func(number func(*rest) (k, n int)) Estimate {
		var values []float64
		sum, all := 0.0, 0
		for i := range draws {
			if k, n := number(&draws[i]); n > 0 {
				v := float64(k) / float64(n)
				values, sum, all = append(values, v), sum+v, all+n
			}
		}
		if len(values) == 0 {
			return Estimate{}
		}
		slices.Sort(values)
		out := int(float64(len(values)) * (1 - Level) / 2) // rounded outwards
		return Estimate{
			N: int(math.Round(float64(all) / float64(len(values)))), Value: sum / float64(len(values)), Low: values[out], High: values[len(values)-1-out],
		}
	}
	p.After = of(func(r *rest) (int, int) { return r.after, debates })
	p.Change = of(func(r *rest) (int, int) { return r.after - r.before, debates })
	p.Mean = of(func(r *rest) (int, int) { return r.mean, debates * len(p.Team) })
	p.Harmful = of(func(r *rest) (int, int) { return r.lost, r.right })
	p.Beneficial = of(func(r *rest) (int, int) { return r.gained, r.wrong })
}
