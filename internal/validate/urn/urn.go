// Package urn computes the votes of the Dirichlet-compound-multinomial debate of Choi, Zhu and Li 2025 (arXiv 2508.17536v2, definition 2) exactly. It
// is the theory that simulated agents are held against, and shares nothing with them.
package urn

import "math"

// Colours is the number of answers to a question.
const Colours = 4

// state is how often each colour has been drawn so far. All urns hold the same, because each is given all draws.
type state [Colours]int

// Votes returns, by round from 0, the probability that the plurality of n urns is right, ties broken at random. In each round every urn draws a
// colour and is given all n draws. The first colour, the right one, has the part p of a prior of that mass, the others share the rest. A mass is counted in
// draws. It sums over all states, of which there are as many as ways to deal n·rounds draws to the colours: for five urns and five rounds 3,276 at most.
func Votes(n, rounds int, p, mass float64) []float64 {
	at := map[state]float64{{}: 1}
	accuracy := make([]float64, rounds+1)
	draws := deals(n)
	for r := range accuracy {
		next := map[state]float64{}
		for s, weight := range at {
			var logs [Colours]float64
			for c := range logs {
				b := (1 - p) / (Colours - 1)
				if c == 0 {
					b = p
				}
				logs[c] = math.Log((mass*b + float64(s[c])) / (mass + float64(r*n)))
			}
			for _, d := range draws {
				sum, chance := s, multinomial(d, n)
				for c := range d {
					chance += float64(d[c]) * logs[c]
					sum[c] += d[c]
				}
				next[sum] += weight * math.Exp(chance)
				accuracy[r] += weight * math.Exp(chance) * right(d)
			}
		}
		at = next
	}
	return accuracy
}

// deals lists the ways to deal n draws to the colours.
func deals(n int) (all []state) {
	var deal func(colour, left int, d state)
	deal = func(colour, left int, d state) {
		if colour == Colours-1 {
			d[colour] = left
			all = append(all, d)
			return
		}
		for i := range left + 1 {
			d[colour] = i
			deal(colour+1, left-i, d)
		}
	}
	deal(0, n, state{})
	return all
}

// multinomial returns the logarithm of the number of orders in which n draws may fall as d says.
func multinomial(d state, n int) float64 {
	ways, _ := math.Lgamma(float64(n + 1))
	for _, k := range d {
		same, _ := math.Lgamma(float64(k + 1))
		ways -= same
	}
	return ways
}

// right returns the probability that the plurality of the draws is the first colour.
func right(d state) float64 {
	most, leaders := 0, 0
	for _, k := range d {
		switch {
		case k > most:
			most, leaders = k, 1
		case k == most:
			leaders++
		}
	}
	if d[0] < most {
		return 0
	}
	return 1 / float64(leaders)
}
