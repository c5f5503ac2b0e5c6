package predict

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/judges"
	"cheaptalk/reports/stats"
)

// Compare is Predict with the vote at an equal number of calls beside each design.
func (w *World) Compare(ctx context.Context, designs []Design) ([]Prediction, error) {
	all, at := slices.Clone(designs), map[string]int{}
	for _, d := range designs {
		v := d.Vote()
		if key := fmt.Sprint(v); at[key] == 0 {
			at[key] = len(all)
			all = append(all, v)
		}
	}
	predictions, err := w.Predict(ctx, all)
	if err != nil {
		return nil, err
	}
	for i := range designs {
		p := &predictions[i]
		vote := &predictions[at[fmt.Sprint(p.Design.Vote())]]
		if p.NotModelled == "" && vote.NotModelled == "" && fmt.Sprint(p.Design) != fmt.Sprint(vote.Design) {
			p.Vote, p.Gain = vote.After, p.Minus(vote)
		}
	}
	return predictions[:len(designs)], nil
}

// group is the designs that are read from the same debates.
type group struct {
	team     []int
	labels   []string
	protocol debate.Protocol // for the most rounds of its designs
	rounds   int
	members  []int // indices of the designs
}

// tally counts the debates of one design in one draw.
type tally struct {
	before, after, single, mean, harmful, beneficial stats.Proportion
	first, last                                      bitset // the questions that were right before and after
}

// Predict holds the debates of all designs, in every draw, and returns a prediction of each, in their order. The designs of one team and protocol cost
// as much as the longest of them.
func (w *World) Predict(ctx context.Context, designs []Design) ([]Prediction, error) {
	if len(w.Items) == 0 {
		return nil, errors.New("predict: no questions")
	}
	samplers, err := w.samplers()
	if err != nil {
		return nil, err
	}
	puzzles := make([]*simulated.Puzzle, len(w.Items))
	for i, item := range w.Items {
		puzzles[i] = simulated.NewPuzzle(item)
	}
	out := make([]Prediction, len(designs))
	tallies := make([][]tally, len(designs)) // by design and draw
	for i, d := range designs {
		out[i] = Prediction{Design: d, NotModelled: w.NotModelled(d)}
		tallies[i] = make([]tally, w.Draws+1)
	}
	var work errgroup.Group
	workers := w.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	work.SetLimit(workers)
	for draw := range w.Draws + 1 {
		minds := make([]simulated.Profile, len(samplers))
		for i, s := range samplers {
			minds[i] = s.draw(w.Seed, draw)
		}
		for _, g := range w.groups(out) {
			work.Go(func() error {
				into := make([]*tally, len(g.members))
				for k, i := range g.members {
					into[k] = &tallies[i][draw]
				}
				return w.hold(ctx, g, designs, minds, puzzles, into)
			})
		}
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].NotModelled == "" {
			out[i].sum(tallies[i], len(w.Items))
		}
	}
	return out, nil
}

// groups sorts the designs that are modelled by team and protocol, in the order in which they first appear.
func (w *World) groups(predictions []Prediction) []*group {
	var groups []*group
	at := map[string]*group{}
	for i := range predictions {
		p := &predictions[i]
		if p.NotModelled != "" {
			continue
		}
		key := fmt.Sprint(p.Protocol, p.Team)
		g := at[key]
		if g == nil {
			g = &group{team: p.Team, labels: w.Labels(p.Team)}
			at[key] = g
			groups = append(groups, g)
		}
		g.members = append(g.members, i)
		g.rounds = max(g.rounds, p.Rounds)
		g.protocol = protocol(p.Protocol, g.rounds)
	}
	return groups
}

// sum makes the estimates of a prediction of its tallies by draw.
func (p *Prediction) sum(draws []tally, questions int) {
	of := func(field func(*tally) *stats.Proportion) Estimate {
		list := make([]*stats.Proportion, len(draws))
		for i := range draws {
			list[i] = field(&draws[i])
		}
		return rate(list)
	}
	p.Before = of(func(t *tally) *stats.Proportion { return &t.before })
	p.After = of(func(t *tally) *stats.Proportion { return &t.after })
	p.Single = of(func(t *tally) *stats.Proportion { return &t.single })
	p.Mean = of(func(t *tally) *stats.Proportion { return &t.mean })
	p.Harmful = of(func(t *tally) *stats.Proportion { return &t.harmful })
	p.Beneficial = of(func(t *tally) *stats.Proportion { return &t.beneficial })
	var first []bitset
	for i := range draws {
		first, p.after = append(first, draws[i].first), append(p.after, draws[i].last)
	}
	if p.Rounds > 0 || p.Judge != judges.NamePlurality {
		p.Change, _ = difference(p.after, first, questions)
	}
}

// hold holds the debates of a group in one draw, question after question, and counts them.
func (w *World) hold(ctx context.Context, g *group, designs []Design, minds []simulated.Profile, puzzles []*simulated.Puzzle, into []*tally) error {
	for _, t := range into {
		t.first, t.last = newBitset(len(puzzles)), newBitset(len(puzzles))
	}
	r := newRoom(g.labels)
	for q, item := range w.Items {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		seed := debate.Case{Item: item.Question.ID, Draw: item.Draw}.Seed(w.Seed)
		for i, a := range g.team {
			agent := simulated.New(g.labels[i], &minds[a], puzzles[q], seed)
			agent.Terse = true
			r.team[i] = agent
		}
		err := r.talk(ctx, item.Question, g.protocol)
		if err == nil {
			err = g.count(ctx, &r.transcript, item.Key, seed, q, designs, into)
		}
		if err != nil {
			return fmt.Errorf("predict %s: %w", item.Question.ID, err)
		}
	}
	return nil
}

// count counts the q-th debate for every design of the group.
func (g *group) count(ctx context.Context, t *debate.Transcript, key debate.Answer, seed uint64, q int, designs []Design, into []*tally) error {
	transitions := debate.Transitions(t, key)
	first := *t
	first.Messages = t.Messages[:len(t.Agents)]
	before, err := decide(ctx, judges.NamePlurality, &first, 0, seed)
	if err != nil {
		return err
	}
	for k, i := range g.members {
		d, tally := &designs[i], into[k]
		end := *t
		end.Messages = t.Messages[:len(t.Agents)*(d.Rounds+1)] // of every protocol that is modelled: all speak in every round
		after, err := decide(ctx, d.Judge, &end, d.Rounds, seed)
		if err != nil {
			return err
		}
		tally.before.Add(one(before == key), 1)
		tally.after.Add(one(after == key), 1)
		if before == key {
			tally.first.add(q)
		}
		if after == key {
			tally.last.add(q)
		}
		tally.single.Add(right(end.Messages[:len(t.Agents)], key), len(t.Agents))
		tally.mean.Add(right(end.Messages[len(t.Agents)*d.Rounds:], key), len(t.Agents))
		r := revised(transitions, d.Rounds)
		tally.harmful.Add(r.lost, r.right)
		tally.beneficial.Add(r.gained, r.wrong)
	}
	return nil
}

// revisions counts revisions: of right and of wrong answers, and how many of them lost or gained the right one.
type revisions struct{ right, lost, wrong, gained int }

// revised counts the revisions of the first rounds.
func revised(transitions []debate.Transition, rounds int) (r revisions) {
	for _, tr := range transitions {
		if tr.Round > rounds {
			break
		}
		switch tr.From {
		case debate.Correct:
			r.right++
			r.lost += one(tr.To == debate.Incorrect)
		case debate.Incorrect:
			r.wrong++
			r.gained += one(tr.To == debate.Correct)
		}
	}
	return r
}

// decide returns the answer of a judge, whose transcript ends with the given round. Votes are counted here as the judges of that name count them, but
// without the words that go with a verdict, which take as long as a debate.
func decide(ctx context.Context, name string, t *debate.Transcript, round int, seed uint64) (debate.Answer, error) {
	said := t.Messages[len(t.Agents)*round:]
	switch name {
	case judges.NamePlurality:
		return debate.BreakTie(debate.Leaders(debate.Tally(said, nil)), seed), nil
	case judges.NameConfidence:
		weight := func(m debate.Message) float64 { return debate.ReConcile.Weight(m.Confidence) }
		return debate.BreakTie(debate.Leaders(debate.Tally(said, weight)), seed), nil
	}
	j := judges.Trajectory{Ties: judges.Ties{Seed: seed}, Penalty: judges.DefaultPenalty}
	v, err := j.Decide(ctx, t, func(string) {})
	return v.Answer, err
}

// right counts the messages with the key for an answer.
func right(messages []debate.Message, key debate.Answer) int {
	n := 0
	for i := range messages {
		n += one(messages[i].Answer == key)
	}
	return n
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
