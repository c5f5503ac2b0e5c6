package compact

// Singles chooses, for each question, the agent that did best alone on all the other questions, so that the choice never
// sees the answers that it is judged by (leave-one-out cross-validation over questions).
type Singles struct {
	arm    *Arm
	totals []tally // of each agent's round-0 replies, over all questions
	rest   []tally // the same without the question at hand
}

// tally is right answers of replies.
type tally struct{ k, n int }

// NewSingles counts the round-0 replies of the arm.
func NewSingles(a *Arm) *Singles {
	s := &Singles{arm: a, totals: make([]tally, len(a.Agents)), rest: make([]tally, len(a.Agents))}
	for i := range a.Rows {
		s.count(s.totals, &a.Rows[i], 1)
	}
	return s
}

// count adds the round-0 replies of a row, times sign, to the tallies.
func (s *Singles) count(tallies []tally, r *Row, sign int) {
	if r.Failed {
		return
	}
	f := &s.arm.forms[r.form]
	answers := s.arm.arena.from(r.at)
	for i := range f.places {
		p := &f.places[i]
		if p.round > 0 {
			break
		}
		if !p.failed {
			tallies[p.agent].n += sign
			if f.mark(answers, i) == r.Key {
				tallies[p.agent].k += sign
			}
		}
	}
}

// LeaveOut leaves out the question whose first row is at index i. The rows of a question are neighbours.
func (s *Singles) LeaveOut(i int) {
	copy(s.rest, s.totals)
	for j := i; j < len(s.arm.Rows) && s.arm.Rows[j].Question == s.arm.Rows[i].Question; j++ {
		s.count(s.rest, &s.arm.Rows[j], -1)
	}
}

// Right reports whether, in a debate of the question left out, the member of the team that did best elsewhere was right alone.
// ok is false where no member was heard elsewhere. Of equals the first in the team is taken.
func (s *Singles) Right(d *Debate) (right, ok bool) {
	var best tally
	for i := range d.Messages {
		m := &d.Messages[i]
		if m.Round > 0 {
			break
		}
		at := s.rest[m.Agent]
		if m.Failed || at.n == 0 {
			continue
		}
		if !ok || at.k*best.n > best.k*at.n {
			best, right, ok = at, m.Answer == d.Key, true
		}
	}
	return right, ok
}
