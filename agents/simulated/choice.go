package simulated

import (
	"math"

	"cheaptalk/debate"
)

// option is an answer on the table.
type option struct {
	answer debate.Answer
	weight float64 // U of the package documentation; then exp U
	count  float64 // n: how often it was said or heard, where that is remembered
}

// draw returns an answer from the belief that is right with probability p: the key, the most tempting wrong answer or
// another, in this order along u.
func (m *Mind) draw(p, u float64) debate.Answer {
	n := m.puzzle.wrongs()
	if u < p || n == 0 {
		return m.puzzle.Key
	}
	kappa := m.ability.Concentration
	u = (u - p) / (1 - p)
	if u < kappa || n == 1 {
		return m.puzzle.tempting
	}
	u = (u - kappa) / (1 - kappa)
	return m.puzzle.wrong(1 + min(int(u*float64(n-1)), n-2))
}

// belief returns b(a) of the belief that is right with probability p. An answer that the mind would not give itself counts as one
// of the less tempting ones.
func (m *Mind) belief(a debate.Answer, p float64) float64 {
	n := m.puzzle.wrongs()
	switch {
	case a == m.puzzle.Key && n == 0:
		return 1
	case a == m.puzzle.Key:
		return p
	case n <= 1:
		return 1 - p
	case a == m.puzzle.tempting:
		return m.ability.Concentration * (1 - p)
	}
	return (1 - m.ability.Concentration) * (1 - p) / float64(n-1)
}

// remembers reports whether earlier rounds count.
func (m *Mind) remembers() bool { return m.profile.PriorMass > 0 && m.profile.PriorWeight > 0 }

// lay lays the answers of a turn on the table, each with the weights of those who hold it.
func (m *Mind) lay(table []option, turn *debate.Turn, own debate.Answer) []option {
	p := m.profile
	ownWeight, peerWeight := p.OwnWeight, p.PeerWeight
	if turn.Brief.Task == debate.Critique {
		ownWeight, peerWeight = ownWeight+p.CritiqueOwn, peerWeight*(1-p.CritiqueDiscount)
	}
	ownWeight += p.Anonymity * (peerWeight - ownWeight)
	table = m.put(table, own, ownWeight, 0)
	if turn.Brief.Task != debate.Reflect {
		first := p.FirstWeight
		for i := range turn.Heard {
			if heard := &turn.Heard[i]; heard.Answer != "" {
				table = m.put(table, heard.Answer, peerWeight*m.credit(turn.Brief.Confidence, heard.Confidence)+first, 0)
				first = 0
			}
		}
	}
	if m.remembers() {
		table = m.count(table, turn.Own)
		table = m.count(table, turn.Heard)
		for _, earlier := range turn.Earlier {
			table = m.count(table, earlier)
		}
	}
	return table
}

// put adds weight and count to an answer on the table, and lays it there if it is new. The answer "" is none.
func (m *Mind) put(table []option, a debate.Answer, weight, count float64) []option {
	if a == "" {
		return table
	}
	for i := range table {
		if table[i].answer == a {
			table[i].weight += weight
			table[i].count += count
			return table
		}
	}
	if a == m.puzzle.Key {
		weight += m.ability.Pull
	}
	return append(table, option{a, weight, count})
}

// count counts the answers of messages.
func (m *Mind) count(table []option, messages []debate.Message) []option {
	for i := range messages {
		table = m.put(table, messages[i].Answer, 0, 1)
	}
	return table
}

// credit returns c_j of the package documentation.
func (m *Mind) credit(shown debate.Calibration, c debate.Confidence) float64 {
	if shown == "" {
		return 1
	}
	return 1 + m.profile.ConfidenceWeight*(2*shown.Weight(c)-1)
}

// weigh adds the belief to the weights, and the option of an answer that is not on the table as one without an answer.
func (m *Mind) weigh(table []option, p float64) []option {
	prior, nu := m.profile.PriorWeight, m.profile.NewAnswer
	if prior == 0 && nu == 0 {
		return table
	}
	left := 1.0 // belief in what is not on the table
	for i := range table {
		b := m.belief(table[i].answer, p)
		left -= b
		if m.remembers() {
			b += table[i].count / m.profile.PriorMass
		}
		table[i].weight += times(prior, b)
	}
	if nu > 0 && left > 1e-12 {
		table = append(table, option{weight: math.Log(nu) + times(prior, left)})
	}
	return table
}

// times returns prior · log b, and 0 where the prior does not count.
func times(prior, b float64) float64 {
	if prior == 0 {
		return 0
	}
	return prior * math.Log(max(b, math.SmallestNonzeroFloat64))
}

// choose takes an answer with a probability in proportion to the exponential of its weight; p is of the belief that a new answer comes from.
func (m *Mind) choose(table []option, p, u float64) debate.Answer {
	top := math.Inf(-1)
	for _, o := range table {
		top = max(top, o.weight)
	}
	sum := 0.0
	for i := range table {
		table[i].weight = math.Exp(table[i].weight - top)
		sum += table[i].weight
	}
	u *= sum
	for i, o := range table {
		if u < o.weight || i == len(table)-1 {
			if o.answer == "" {
				return m.drawNew(table[:i], p, u/o.weight)
			}
			return o.answer
		}
		u -= o.weight
	}
	return ""
}

// drawNew returns an answer that is not on the table, with a probability in proportion to its belief.
func (m *Mind) drawNew(table []option, p, u float64) debate.Answer {
	left := 1.0
	for _, o := range table {
		left -= m.belief(o.answer, p)
	}
	u *= left
	var new debate.Answer
	for i := -1; i < m.puzzle.wrongs(); i++ {
		a := m.puzzle.Key
		if i >= 0 {
			a = m.puzzle.wrong(i)
		}
		if on(table, a) {
			continue
		}
		new = a
		if u -= m.belief(a, p); u < 0 {
			break
		}
	}
	if new == "" { // answers from elsewhere hold all that the mind could say
		return m.draw(p, u)
	}
	return new
}

// on reports whether an answer is on the table.
func on(table []option, a debate.Answer) bool {
	for _, o := range table {
		if o.answer == a {
			return true
		}
	}
	return false
}
