// Package gather collects what package reports counts, question by question: units are added as debates are read, and Flush ends a question, so that what
// is estimated knows which units belong together. Every type is empty at its zero value.
package gather

import (
	"cheaptalk/debate"
	"cheaptalk/reports/stats"
)

// Rate gathers the units of one question after another into a rate.
type Rate struct {
	k, n int // of the question at hand
	sum  stats.Proportion
}

// Add adds a unit.
func (p *Rate) Add(success bool) {
	p.n++
	if success {
		p.k++
	}
}

// Flush ends a question.
func (p *Rate) Flush() {
	if p.n > 0 {
		p.sum.Add(p.k, p.n)
		p.k, p.n = 0, 0
	}
}

// Rate returns the rate over the questions that ended.
func (p *Rate) Rate(level float64) stats.Rate { return p.sum.Rate(level) }

// Pair gathers the pairs of one question after another into a difference.
type Pair struct {
	now stats.Pair
	sum stats.Paired
}

// Add adds a unit that had both treatments.
func (p *Pair) Add(first, second bool) {
	switch {
	case first && second:
		p.now.Both++
	case first:
		p.now.First++
	case second:
		p.now.Second++
	default:
		p.now.Neither++
	}
}

// Flush ends a question.
func (p *Pair) Flush() {
	p.sum.Add(p.now)
	p.now = stats.Pair{}
}

// Paired returns the questions that ended.
func (p *Pair) Paired() *stats.Paired { return &p.sum }

// Revisions gathers revisions.
type Revisions struct {
	Matrix                    debate.Matrix
	Harmful, Beneficial, Lost Rate
}

// Add adds a revision. moved says that the answer changed from one incorrect to another.
func (p *Revisions) Add(from, to debate.State, moved bool) {
	p.Matrix.N[from][to]++
	if moved {
		p.Matrix.Moved++
	}
	switch from {
	case debate.Correct:
		p.Harmful.Add(to == debate.Incorrect)
		p.Lost.Add(to == debate.Unreadable)
	case debate.Incorrect:
		p.Beneficial.Add(to == debate.Correct)
		p.Lost.Add(to == debate.Unreadable)
	}
}

// Flush ends a question.
func (p *Revisions) Flush() {
	p.Harmful.Flush()
	p.Beneficial.Flush()
	p.Lost.Flush()
}
