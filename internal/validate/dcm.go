package validate

import (
	"context"
	"fmt"
	"math"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/calibrate/stage"
	"cheaptalk/internal/validate/page"
	"cheaptalk/internal/validate/urn"
	"cheaptalk/reports/stats"
)

// The setting of the Dirichlet-compound-multinomial debate.
const (
	dcmTrials  = 20000
	dcmChoices = urn.Colours
	dcmRight   = 0.55
	dcmRounds  = 5
)

// dcm lets agents be those of Choi, Zhu and Li 2025 (arXiv 2508.17536v2, section 3): each starts with a belief of so much mass, answers in
// proportion to it, and adds an answer to it for each that it or a peer gave.
func dcm(_ context.Context, p *page.Page, o Options) error {
	p.Say("## Debate as a martingale: the Dirichlet-compound-multinomial model")
	p.Say("Choi, Zhu, Li 2025 (arXiv 2508.17536v2), definition 2 and theorem 2: the mean accuracy of the agents does not change, while that of the vote may. Everyone hears everyone, %d options, p = %.2f, "+
		"%d trials a row, ties of the vote fall at random. The largest distance of the mean accuracy from p over rounds 0 to %d is in standard errors, clustered by debate.", dcmChoices, dcmRight, dcmTrials, dcmRounds)
	var table [][]string
	flat, falling, exact, rows := 0, 0, 0, 0
	for _, n := range []int{3, 5} {
		for _, mass := range []float64{1, 5, 20} {
			mean, vote := debates(n, mass, o.Seed)
			theory := urn.Votes(n, dcmRounds, dcmRight, mass)
			far, farVote := 0.0, 0.0 // in standard errors
			for round := range mean {
				far = math.Max(far, off(mean[round], dcmRight))
				farVote = math.Max(farVote, off(vote[round], theory[round]))
			}
			first, last := vote[0].Rate(0.95), vote[dcmRounds].Rate(0.95)
			rows++
			flat += btoi(far < 3)
			exact += btoi(farVote < 3)
			falling += btoi(first.Value-last.Value > math.Hypot(first.Spread(), last.Spread()))
			table = append(table, []string{fmt.Sprint(n), fmt.Sprint(mass), interval(mean[0]), interval(mean[dcmRounds]), fmt.Sprintf("%.1f", far),
				interval(vote[0]), interval(vote[1]), interval(vote[dcmRounds]),
				fmt.Sprintf("%.3f, %.3f, %.3f", theory[0], theory[1], theory[dcmRounds]), fmt.Sprintf("%.1f", farVote)})
		}
	}
	p.Table([]string{"agents", "prior mass", "mean accuracy, round 0", "round 5", "farthest from p, s.e.", "vote, round 0", "round 1", "round 5", "exact vote, rounds 0, 1, 5", "farthest from it, s.e."}, table)
	p.Say("The mean accuracy is within 3 standard errors of p in %d of %d rows, and the vote within 3 of the exact one in %d; it falls by more than the 95 %% interval of a difference "+
		"(taken as if rounds were independent) in %d. The exact votes are sums over all states of the urns.", flat, rows, exact, falling)
	p.Sum("DCM: the mean agent's accuracy stays within 3 s.e. of p for 5 rounds while the vote falls", "%d and %d of %d settings", flat, falling, rows)
	return nil
}

// interval writes a rate and its interval.
func interval(q stats.Proportion) string {
	r := q.Rate(0.95)
	return fmt.Sprintf("%.4f ± %.4f", r.Value, r.Spread())
}

// off returns how far a rate is from what it should be, in standard errors.
func off(q stats.Proportion, want float64) float64 {
	r := q.Rate(0.95)
	return math.Abs(r.Value-want) / math.Max(r.Spread()/1.96, 1e-9)
}

// debates returns the accuracy of agents and votes by round.
func debates(n int, mass float64, seed uint64) (mean, vote [dcmRounds + 1]stats.Proportion) {
	profile := simulated.NewProfile("dcm")
	profile.PriorWeight, profile.PriorMass, profile.NewAnswer = 1, mass, 1
	profile.Choice = simulated.Ability{Accuracy: dcmRight, Concentration: 1.0 / (dcmChoices - 1)}
	r := debate.NewRand(seed, "dcm", fmt.Sprint(n, mass))
	for trial := range dcmTrials {
		z := simulated.NewPuzzle(stage.Item("dcm", dcmChoices, trial))
		m := simulated.NewMind(&profile, z)
		own := make([][]debate.Message, n)
		earlier := make([][][]debate.Message, n)
		for round := range dcmRounds + 1 {
			said := make([]debate.Message, n)
			right := 0
			for i := range n {
				turn := debate.Turn{Round: round}
				if round > 0 {
					turn.Brief.Task = debate.Revise
					turn.Own, turn.Earlier = own[i], earlier[i][:round-1]
					turn.Heard = earlier[i][round-1]
				}
				said[i].Answer = m.Answer(&turn, simulated.Roll(r))
				right += btoi(said[i].Answer == z.Key)
			}
			mean[round].Add(right, n)
			leaders := debate.Leaders(debate.Tally(said, nil))
			vote[round].Add(btoi(leaders[r.IntN(len(leaders))] == z.Key), 1)
			for i := range n {
				own[i] = append(own[i], said[i])
				peers := append(append([]debate.Message(nil), said[:i]...), said[i+1:]...)
				earlier[i] = append(earlier[i], peers)
			}
		}
	}
	return mean, vote
}
