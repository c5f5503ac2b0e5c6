package reports

import (
	"cheaptalk/debate"
	"cheaptalk/reports/stats"
)

// pool gathers the units of one question after another into a rate.
type pool struct {
	k, n int // of the question at hand
	sum  stats.Proportion
}

func (p *pool) add(success bool) {
	p.n++
	if success {
		p.k++
	}
}

func (p *pool) flush() {
	p.sum.Add(p.k, p.n)
	p.k, p.n = 0, 0
}

// pairPool gathers the pairs of one question after another into a difference.
type pairPool struct {
	now stats.Pair
	sum stats.Paired
}

func (p *pairPool) add(first, second bool) {
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

func (p *pairPool) flush() {
	p.sum.Add(p.now)
	p.now = stats.Pair{}
}

// revisionPools gathers revisions.
type revisionPools struct {
	matrix                    debate.Matrix
	harmful, beneficial, lost pool
}

func (p *revisionPools) add(from, to debate.State, moved bool) {
	p.matrix.N[from][to]++
	if moved {
		p.matrix.Moved++
	}
	switch from {
	case debate.Correct:
		p.harmful.add(to == debate.Incorrect)
		p.lost.add(to == debate.Unreadable)
	case debate.Incorrect:
		p.beneficial.add(to == debate.Correct)
		p.lost.add(to == debate.Unreadable)
	}
}

func (p *revisionPools) flush() {
	p.harmful.flush()
	p.beneficial.flush()
	p.lost.flush()
}

func (p *revisionPools) revisions(level float64) Revisions {
	return Revisions{Matrix: p.matrix, Harmful: p.harmful.sum.Rate(level),
		Beneficial: p.beneficial.sum.Rate(level), Lost: p.lost.sum.Rate(level)}
}

// roundPools gathers the state of the debates after one round.
type roundPools struct {
	debating, asked               int
	mean, vote, oracle, consensus pool
	entropy                       float64
	revisions                     revisionPools
}

// memberPools gathers what one agent did.
type memberPools struct {
	single, final pool
	revisions     revisionPools
	first, last   stats.Confidence
}

// judgePools gathers what one judge decided.
type judgePools struct {
	rate                    pool
	tied, abstained, failed int
}

// armPools gathers one arm.
type armPools struct {
	single, best, oracle, before, after pool
	recovery, minority, loss, swayed    pool
	change, gap                         pairPool
	revisions                           revisionPools
	rounds                              []roundPools
	members                             []memberPools
	judges                              []judgePools
	conformity                          []pool
}

func (p *armPools) flush() {
	for _, q := range []*pool{&p.single, &p.best, &p.oracle, &p.before, &p.after, &p.recovery, &p.minority, &p.loss, &p.swayed} {
		q.flush()
	}
	p.change.flush()
	p.gap.flush()
	p.revisions.flush()
	for i := range p.rounds {
		r := &p.rounds[i]
		for _, q := range []*pool{&r.mean, &r.vote, &r.oracle, &r.consensus} {
			q.flush()
		}
		r.revisions.flush()
	}
	for i := range p.members {
		m := &p.members[i]
		m.single.flush()
		m.final.flush()
		m.revisions.flush()
	}
	for i := range p.judges {
		p.judges[i].rate.flush()
	}
	for i := range p.conformity {
		p.conformity[i].flush()
	}
}
