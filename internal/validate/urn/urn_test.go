package urn

import (
	"math"
	"testing"
)

// Three urns by hand. Of a mass without bound each draw is a new toss: the first colour wins with three, with two, and in a third of the draws of
// three colours.
func TestVotesOfIndependentDrawsByHand(t *testing.T) {
	const p, q = 0.55, 0.15
	want := p*p*p + 3*p*p*(1-p) + 3*2*p*q*q*3/3 // 3 pairs of other colours, 3! orders each, a third of them won
	for r, got := range Votes(3, 2, p, 1e12) {
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("round %d: %.9f, by hand %.9f", r, got, want)
		}
	}
}

// One urn is a martingale: its draw is right with the part of the prior in every round (theorem 2 of Choi et al.).
func TestOneUrnStaysWhatItWas(t *testing.T) {
	for r, got := range Votes(1, 8, 0.3, 2) {
		if math.Abs(got-0.3) > 1e-12 {
			t.Errorf("round %d: %.15f, want 0.3", r, got)
		}
	}
}
