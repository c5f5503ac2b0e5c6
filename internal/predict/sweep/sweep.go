// Package sweep searches designs for the best predicted accuracy at each cost.
package sweep

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/internal/predict"
	"cheaptalk/judges"
	"cheaptalk/protocols"
)

// Space is the designs that a sweep searches: every team of the world's agents with repetition, every protocol, number of rounds and judge.
type Space struct {
	MaxTeam   int      // agents in a team, copies counted
	MaxRounds int      // debate rounds
	MaxCalls  int      // replies a question; 0 is no limit
	Protocols []string // of [predict.Protocols]
	Judges    []string // of [predict.Judges]
}

// Found is what a search found.
type Found struct {
	Searched  int      // designs that were screened
	Left      []string // why designs of the whole team were not, each reason once; some of fewer agents may have been
	Finalists []predict.Prediction
	// Frontier are the indices of the finalists that no other beats at as many calls or fewer, the cheapest first. The last one has the best accuracy.
	Frontier []int
}

// Best returns the finalist with the best accuracy; of equals the cheapest.
func (s *Found) Best() *predict.Prediction { return &s.Finalists[s.Frontier[len(s.Frontier)-1]] }

// Beaten reports whether some design on the frontier is better than p beyond doubt: the interval of their difference is above 0. That the best one may be no better
// than p is not enough: where the best is itself uncertain, a surer one may be.
func (s *Found) Beaten(p *predict.Prediction) bool {
	return slices.ContainsFunc(s.Frontier, func(i int) bool { return s.Finalists[i].Minus(p).Low > 0 })
}

// Enough returns the cheapest finalist on the frontier that no other beats beyond doubt. It is the best one where every other is beaten.
func (s *Found) Enough() *predict.Prediction {
	for _, i := range s.Frontier {
		if p := &s.Finalists[i]; !s.Beaten(p) {
			return p
		}
	}
	return s.Best()
}

// Debate returns the finalist with rounds of debate that has the best accuracy, or nil where none was searched.
func (s *Found) Debate() *predict.Prediction {
	if i := bestDebate(s.Finalists); i >= 0 {
		return &s.Finalists[i]
	}
	return nil
}

// bestDebate returns the index of the best prediction of a design with rounds, the cheapest of equals, or -1.
func bestDebate(all []predict.Prediction) int {
	best := -1
	for _, i := range byCost(all) {
		if all[i].Rounds > 0 && (best < 0 || all[i].After.Value > all[best].After.Value) {
			best = i
		}
	}
	return best
}

// left says why protocols and judges of a space are not modelled of a team of everyone.
func (s Space) left(w *predict.World) []string {
	everyone := []int{0} // twice, so that it can debate
	for i := range w.Agents {
		everyone = append(everyone, i)
	}
	var reasons []string
	add := func(d predict.Design) {
		if why := w.NotModelled(d); why != "" && !slices.Contains(reasons, why) {
			reasons = append(reasons, why)
		}
	}
	for _, p := range s.Protocols {
		add(predict.Design{Team: everyone, Protocol: p, Rounds: 1, Judge: judges.NamePlurality})
	}
	for _, j := range s.Judges {
		add(predict.Design{Team: everyone, Protocol: predict.Protocols()[0], Judge: j})
	}
	return reasons
}

// Designs lists the designs of a space, cheap teams first. The protocol independent stands for votes at every number of calls that a debate of some team
// would cost.
func (s Space) Designs(w *predict.World) []predict.Design {
	var designs []predict.Design
	seen := map[string]bool{}
	add := func(d predict.Design) {
		key := fmt.Sprint(d)
		if !seen[key] && (s.MaxCalls == 0 || d.Calls() <= s.MaxCalls) {
			seen[key] = true
			designs = append(designs, d)
		}
	}
	for n := range s.MaxTeam {
		for _, team := range teams(len(w.Agents), n+1) {
			for _, name := range s.Protocols {
				for _, j := range s.Judges {
					for r := range s.MaxRounds + 1 {
						d := predict.Design{Team: team, Protocol: name, Rounds: r, Judge: j}
						switch {
						case name == (protocols.Independent{}).Name() && j == judges.NameTrajectory: // it is the plurality where nobody revises
						case name == (protocols.Independent{}).Name():
							d = d.Vote()
							d.Judge = j
							slices.Sort(d.Team)
							add(d)
						case r > 0 && (n > 0 || name == (protocols.SelfRevision{}).Name()):
							add(d)
						}
					}
				}
			}
		}
	}
	return designs
}

// teams lists the teams of size members out of so many profiles with repetition, each sorted.
func teams(profiles, size int) [][]int {
	if size == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, t := range teams(profiles, size-1) {
		first := 0
		if len(t) > 0 {
			first = t[len(t)-1]
		}
		for p := first; p < profiles; p++ {
			all = append(all, append(slices.Clip(t), p))
		}
	}
	return all
}

// A design is a finalist when its accuracy on the questions of the screening is at most slack below that of the best design that costs no more, and
// fewer than atCost designs of the same cost did better.
const (
	slack  = 0.02
	atCost = 3
)

// Search searches the space in two steps. First every design is held on the questions of the screening, with the profiles as they are. Then the best of each cost
// and the best debate are predicted as [predict.World.Compare] does, on the questions of the world: others than those that chose them, so that luck in the choice does not show
// in the numbers.
func (s Space) Search(ctx context.Context, w *predict.World, screening []debate.Item) (*Found, error) {
	designs := slices.DeleteFunc(s.Designs(w), func(d predict.Design) bool { return w.NotModelled(d) != "" })
	found := &Found{Searched: len(designs), Left: s.left(w)}
	if len(designs) == 0 {
		return found, nil
	}
	rough := *w
	rough.Items, rough.Draws = screening, 0
	screened, err := rough.Predict(ctx, designs)
	if err != nil {
		return nil, err
	}
	var finalists []predict.Design
	chosen := contenders(screened)
	if i := bestDebate(screened); i >= 0 && !slices.Contains(chosen, i) {
		chosen = append(chosen, i)
	}
	for _, i := range chosen {
		finalists = append(finalists, designs[i])
	}
	if found.Finalists, err = w.Compare(ctx, finalists); err != nil {
		return nil, err
	}
	found.Frontier = frontier(found.Finalists)
	return found, nil
}

// contenders returns the indices of the finalists, by cost and accuracy.
func contenders(screened []predict.Prediction) []int {
	order := byCost(screened)
	var kept []int
	best, same := 0.0, 0
	for at, i := range order {
		p := &screened[i]
		if at > 0 && screened[order[at-1]].Calls() == p.Calls() {
			same++
		} else {
			same = 0
		}
		best = max(best, p.After.Value)
		if same < atCost && p.After.Value >= best-slack {
			kept = append(kept, i)
		}
	}
	return kept
}

// frontier returns the indices of the predictions that no other beats at its cost or less, the cheapest first.
func frontier(all []predict.Prediction) []int {
	var kept []int
	for _, i := range byCost(all) {
		if len(kept) == 0 || all[i].After.Value > all[kept[len(kept)-1]].After.Value {
			kept = append(kept, i)
		}
	}
	return kept
}

// byCost orders predictions by their calls, then by their accuracy, the best first.
func byCost(all []predict.Prediction) []int {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(all[a].Calls(), all[b].Calls()), cmp.Compare(all[b].After.Value, all[a].After.Value))
	})
	return order
}
