package simulated_test

import (
	"fmt"
	"math"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/race"
	"cheaptalk/internal/validate/urn"
)

// TestUrnIsAMartingaleAndItsVoteFalls: with π = 1, m the mass of the prior and ν = 1 the model is the Dirichlet compound multinomial of Choi,
// Zhu and Li 2025 (arXiv 2508.17536, section 4), a Pólya urn. The accuracy of the mean agent stays what it was (theorem 2), that of the vote falls
// as answers become correlated: within 3 s.e. of what package urn computes in every round. The published-size figures below were simulated elsewhere,
// with 40,000 urns each (s.e. 0.0025), and agree with urn within 3 s.e. too.
func TestUrnIsAMartingaleAndItsVoteFalls(t *testing.T) {
	race.SkipPure(t)
	const k, p, rounds, debates, urnSE = urn.Colours, 0.55, 5, 20000, 0.0025
	elsewhere := map[[2]int]map[int]float64{ // agents and mass; accuracy of the vote by round
		{5, 1}: {0: 0.747, 1: 0.657, 5: 0.633}, {5, 5}: {0: 0.742, 1: 0.711, 5: 0.682}, {5, 20}: {0: 0.745, 1: 0.742, 5: 0.727},
		{3, 5}: {0: 0.649, 1: 0.636, 5: 0.624},
	}
	for _, n := range []int{3, 5} {
		for _, mass := range []int{1, 5, 20} {
			t.Run(fmt.Sprintf("%d agents, prior of %d", n, mass), func(t *testing.T) {
				t.Parallel()
				exact := urn.Votes(n, rounds, p, float64(mass))
				for r, want := range elsewhere[[2]int{n, mass}] {
					if z := (exact[r] - want) / urnSE; math.Abs(z) > 3 {
						t.Errorf("vote in round %d: %.4f exactly, %.3f elsewhere: %+.1f s.e.", r, exact[r], want, z)
					}
				}
				profile := simulated.Profile{
					Choice:      simulated.Ability{Accuracy: p, Concentration: 1. / (k - 1)},
					PriorWeight: 1, PriorMass: float64(mass), NewAnswer: 1,
				}
				var agents, votes [rounds + 1]mean
				quick(profile, n, rounds, choices(debates, k), func(said [][]debate.Answer) {
					for r, answers := range said {
						right := 0.0
						for _, a := range answers {
							right += is(a == "A")
						}
						agents[r].add(right / float64(n))
						votes[r].add(vote(answers))
					}
				})
				for r := range agents {
					agents[r].near(t, fmt.Sprintf("mean agent, round %d", r), p, 0, 3)
					votes[r].near(t, fmt.Sprintf("vote, round %d", r), exact[r], 0, 3)
					if r > 0 && exact[r] >= exact[r-1] {
						t.Errorf("the vote does not fall: %.4f", exact)
					}
				}
			})
		}
	}
}

// vote is the probability that a plurality with ties broken at random is right, that is, "A".
func vote(answers []debate.Answer) float64 {
	tally := map[debate.Answer]int{}
	most := 0
	for _, a := range answers {
		tally[a]++
		most = max(most, tally[a])
	}
	leaders := 0.0
	for _, n := range tally {
		leaders += is(n == most)
	}
	return is(tally["A"] == most) / leaders
}
