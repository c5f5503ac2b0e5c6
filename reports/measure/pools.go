package measure

import (
	"math"

	"cheaptalk/reports/compact"
	"cheaptalk/reports/gather"
	"cheaptalk/reports/social"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/verdicts"
)

// roundPools gathers the state of the debates after one round.
type roundPools struct {
	debating, asked               int
	mean, vote, oracle, consensus gather.Rate
	states                        int // debates
	unreadable                    int // standing answers
	entropy, distinct, agreement  float64
	revisions                     gather.Revisions
	confidence                    stats.Confidence
	panel                         stats.Panel
}

// memberPools gathers what one agent did.
type memberPools struct {
	single, final gather.Rate
	revisions     gather.Revisions
	first, last   stats.Confidence
}

// armPools gathers one arm.
type armPools struct {
	single, best, oracle, before, after gather.Rate
	recovery, minority, loss            gather.Rate
	change, gap                         gather.Pair
	revisions                           gather.Revisions
	rounds                              []roundPools
	members                             []memberPools
	verdicts                            *verdicts.Pools
	social                              *social.Pools

	standing []compact.Mark // scratch: the answer that each agent stands by, or unsaid
	readable []compact.Mark // scratch
	right    []bool         // scratch
}

func newPools(a *compact.Arm) *armPools {
	return &armPools{
		rounds: make([]roundPools, max(a.Rounds(), 1)), members: make([]memberPools, len(a.Agents)), verdicts: verdicts.New(len(a.Judges)),
		social: social.New(len(a.Agents)), standing: make([]compact.Mark, len(a.Agents)), right: make([]bool, len(a.Agents)),
	}
}

// flush ends a question.
func (p *armPools) flush() {
	for _, q := range []*gather.Rate{&p.single, &p.best, &p.oracle, &p.before, &p.after, &p.recovery, &p.minority, &p.loss} {
		q.Flush()
	}
	p.change.Flush()
	p.gap.Flush()
	p.revisions.Flush()
	for i := range p.rounds {
		r := &p.rounds[i]
		for _, q := range []*gather.Rate{&r.mean, &r.vote, &r.oracle, &r.consensus} {
			q.Flush()
		}
		r.revisions.Flush()
		r.panel.Flush()
	}
	for i := range p.members {
		m := &p.members[i]
		m.single.Flush()
		m.final.Flush()
		m.revisions.Flush()
	}
	p.verdicts.Flush()
	p.social.Flush()
}

// unsaid marks, in standing, an agent that has given no reply yet.
const unsaid = math.MaxUint16

// state gathers how the agents stand after a round. It returns their plurality, whether someone is right, and whether they disagree: two readable answers differ.
func (p *armPools) state(d *compact.Debate, at *roundPools) (vote compact.Mark, some, differ bool) {
	p.readable = p.readable[:0]
	all := true
	for i, answer := range p.standing {
		if answer == unsaid {
			all = false
			continue
		}
		right := answer == d.Key
		p.right[i] = right
		at.mean.Add(right)
		some = some || right
		if answer == 0 {
			at.unreadable++
		} else {
			p.readable = append(p.readable, answer)
		}
	}
	at.states++
	at.oracle.Add(some)
	if all && len(p.standing) > 1 {
		at.panel.Add(p.right)
	}
	distinct, most := 0, 0
	for i, answer := range p.readable {
		same, first := 0, true
		for j, other := range p.readable {
			if other == answer {
				same++
				first = first && j >= i
			}
		}
		if first {
			distinct++
		}
		most = max(most, same)
		// Each of the same answers adds its part of -q ln q.
		if n := len(p.readable); same < n {
			at.entropy -= math.Log(float64(same)/float64(n)) / float64(n)
		}
	}
	at.distinct += float64(distinct)
	if len(p.readable) > 0 {
		at.agreement += float64(most) / float64(len(p.readable))
	}
	at.consensus.Add(distinct == 1 && len(p.readable) == d.Team)
	vote, _ = compact.Plurality(p.readable)
	return vote, some, distinct > 1
}
