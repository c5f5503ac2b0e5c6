// Package difficulty integrates over the difficulty d ~ N(0,1) of questions, which decides together with an agent's ability how likely the agent
// is right:
//
//	p(d; δ) = Φ( (a - δ - √ρ d) / √(1-ρ) )
//
// in the notation of package simulated.
package difficulty

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// The grid has Gauss-Legendre nodes on [-end, end] with the density of N(0,1) in their weights. Beyond it lie 2e-9 of all questions.
const (
	nodes = 128
	end   = 6.0
)

// Grid holds the nodes of integrals over difficulty. It does not change once made.
type Grid struct {
	at, weight [nodes]float64 // weights sum to 1
}

// NewGrid returns the grid.
func NewGrid() *Grid {
	g := &Grid{}
	quad.Legendre{}.FixedLocations(g.at[:], g.weight[:], -end, end)
	sum := 0.0
	for i, d := range g.at {
		g.weight[i] *= density(d)
		sum += g.weight[i]
	}
	for i := range g.weight {
		g.weight[i] /= sum
	}
	return g
}

// Curve is a function of difficulty: its values at the nodes of a grid.
type Curve [nodes]float64

// Ability is what decides whether an agent is right.
type Ability struct {
	Threshold   float64 // a = Φ⁻¹ of the share of readable answers that are right
	Consistency float64 // ρ in [0,1]
}

// AbilityOf returns the ability of an agent whose readable answers are right with that probability.
func AbilityOf(accuracy, consistency float64) Ability {
	return Ability{Threshold: math.Sqrt2 * math.Erfinv(2*accuracy-1), Consistency: min(consistency, mostConsistent)}
}

// mostConsistent is the greatest ρ that is computed with, as in simulated agents.
const mostConsistent = 0.999

// Sliver is the least probability that anything is given: one surprising answer is never impossible.
const Sliver = 1e-9

// Inside returns a probability kept off 0 and 1.
func Inside(p float64) float64 { return min(max(p, Sliver), 1-Sliver) }

// z returns the argument of Φ in p(d; δ).
func (a Ability) z(d, loss float64) float64 {
	return (a.Threshold - loss - math.Sqrt(a.Consistency)*d) / math.Sqrt(1-a.Consistency)
}

// Known returns p(d; δ), kept off 0 and 1, and its derivative by δ.
func (g *Grid) Known(a Ability, loss float64) (p, byLoss Curve) {
	steep := 1 / math.Sqrt(1-a.Consistency)
	for i, d := range g.at {
		z := a.z(d, loss)
		p[i], byLoss[i] = Inside(math.Erfc(-z/math.Sqrt2)/2), -steep*density(z)
	}
	return p, byLoss
}

// ByConsistency returns the derivative of p(d; 0) by ρ.
func (g *Grid) ByConsistency(a Ability) (slope Curve) {
	rho := max(a.Consistency, Sliver)
	for i, d := range g.at {
		dz := (-d/(2*math.Sqrt(rho)) + (a.Threshold-math.Sqrt(rho)*d)/(2*(1-rho))) / math.Sqrt(1-rho)
		slope[i] = density(a.z(d, 0)) * dz
	}
	return slope
}

// Logs returns ln p and ln(1-p).
func (c *Curve) Logs() (right, wrong Curve) {
	for i, p := range c {
		right[i], wrong[i] = math.Log(p), math.Log1p(-p)
	}
	return right, wrong
}

// Posterior returns what independent answers say of the difficulty of a question, weights of the nodes that sum to 1, and the logarithm of
// the probability of the answers. right and wrong count those of each agent; logRight and logWrong are ln p and ln(1-p) of each.
func (g *Grid) Posterior(logRight, logWrong []Curve, right, wrong []int) (Curve, float64) {
	var post Curve
	for agent := range right {
		r, w := float64(right[agent]), float64(wrong[agent])
		if r+w == 0 {
			continue
		}
		for i := range post {
			post[i] += r*logRight[agent][i] + w*logWrong[agent][i]
		}
	}
	top := math.Inf(-1)
	for _, l := range post {
		top = max(top, l)
	}
	sum := 0.0
	for i := range post {
		post[i] = g.weight[i] * math.Exp(post[i]-top)
		sum += post[i]
	}
	for i := range post {
		post[i] /= sum
	}
	return post, top + math.Log(sum)
}

// Piece is what a node of the grid adds to a part of a distribution.
type Piece struct {
	Node, Part int
	Weight     float64 // in the part: those of one sum to 1
}

// Cut cuts a distribution over the nodes into so many parts of equal weight, from easy to hard.
func Cut(weight *Curve, parts int) []Piece {
	var pieces []Piece
	size := 1 / float64(parts)
	part, room := 0, size // what still fits into the part
	for node, w := range weight {
		for w > 0 {
			take := min(w, room)
			if part == parts-1 {
				take = w // and what rounding has left over
			}
			pieces = append(pieces, Piece{node, part, take / size})
			w -= take
			if room -= take; room <= 1e-15 && part < parts-1 {
				part, room = part+1, size
			}
		}
	}
	return pieces
}

// density returns the density of N(0,1).
func density(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }
