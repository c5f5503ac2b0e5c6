package simulated_test

import (
	"fmt"
	"math"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/race"
)

// TestUrnIsAMartingaleAndItsVoteFalls: with π = 1, m the mass of the prior and ν = 1 the model is the Dirichlet compound multinomial of Choi,
// Zhu and Li 2025 (arXiv 2508.17536, section 4), a Pólya urn. The accuracy of the mean agent stays what it was (theorem 2), that of the vote falls
// as answers become correlated: within 3 s.e. of what urn computes in every round. The published-size figures below were simulated elsewhere,
// with 40,000 urns each (s.e. 0.0025), and agree with urn within 3 s.e. too.
func TestUrnIsAMartingaleAndItsVoteFalls(t *testing.T) {
	race.SkipPure(t)
	const k, p, rounds, debates, urnSE = 4, 0.55, 5, 20000, 0.0025
	elsewhere := map[[2]int]map[int]float64{ // agents and mass; accuracy of the vote by round
		{5, 1}: {0: 0.747, 1: 0.657, 5: 0.633}, {5, 5}: {0: 0.742, 1: 0.711, 5: 0.682}, {5, 20}: {0: 0.745, 1: 0.742, 5: 0.727},
		{3, 5}: {0: 0.649, 1: 0.636, 5: 0.624},
	}
	for _, n := range []int{3, 5} {
		for _, mass := range []int{1, 5, 20} {
			t.Run(fmt.Sprintf("%d agents, prior of %d", n, mass), func(t *testing.T) {
				t.Parallel()
				exact := urn(n, k, rounds, p, float64(mass))
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

// urn returns, by round, the exact probability that the vote of n urns is right, ties broken at random: each round every urn draws one of k
// colours and is given all n draws. The first colour has the part p of the prior, the others share the rest. All urns hold the same, so that a state is
// the number of draws of each colour so far.
func urn(n, k, rounds int, p, mass float64) []float64 {
	type state [4]int
	at := map[state]float64{{}: 1}
	accuracy := make([]float64, rounds+1)
	var draws []state
	var spread func(colour, left int, d state)
	spread = func(colour, left int, d state) {
		if colour == k-1 {
			d[colour] = left
			draws = append(draws, d)
			return
		}
		for i := range left + 1 {
			d[colour] = i
			spread(colour+1, left-i, d)
		}
	}
	spread(0, n, state{})
	for r := range accuracy {
		next := map[state]float64{}
		for s, weight := range at {
			var answers [4]float64
			for c := range k {
				b := (1 - p) / float64(k-1)
				if c == 0 {
					b = p
				}
				answers[c] = (mass*b + float64(s[c])) / (mass + float64(r*n))
			}
			for _, d := range draws {
				chance, _ := math.Lgamma(float64(n + 1))
				sum, most, leaders := s, 0, 0.0
				for c := range k {
					ways, _ := math.Lgamma(float64(d[c] + 1))
					chance += float64(d[c])*math.Log(answers[c]) - ways
					sum[c] += d[c]
					most = max(most, d[c])
				}
				for c := range k {
					leaders += is(d[c] == most)
				}
				next[sum] += weight * math.Exp(chance)
				accuracy[r] += weight * math.Exp(chance) * is(d[0] == most) / leaders
			}
		}
		at = next
	}
	return accuracy
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
