package belief

import (
	"slices"

	"cheaptalk/debate"
	"cheaptalk/internal/twin/difficulty"
	"cheaptalk/internal/twin/steps"
)

// History is what was said in a debate before a step, as far as it bears on beliefs: the weight of each state of the world, parts of the
// difficulty for the first answer on the table as the tempting wrong one, then for the second and so on, last for an answer that is not
// on the table. Weights sum to 1.
type History []float64

// world is what is known of one debate's question: the weight of each part of the difficulty with each tempting answer.
type world struct {
	answers []debate.Answer // wrong ones that came up in the debate
	weight  []float64       // parts for answers[0], for answers[1], ..., last for any other
}

// Histories returns the history of each step of the data. Without minds it is that of the independent answers alone. With them it holds too what
// was chosen in earlier rounds, by whomever: such a mind would have chosen so with some difficulties rather than with others
// (Bayes' rule; what is chosen in the same round is not heard yet and is not part of it).
func (e *Evidence) Histories(minds *Minds) []History {
	out := make([]History, len(e.data.Steps))
	all := e.data.Steps
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].Talk == all[from].Talk {
			to++
		}
		w := e.begin(all[from:to])
		for at := from; at < to; {
			end := at
			for end < to && all[end].Round == all[at].Round {
				out[end] = w.seen(&all[end])
				end++
			}
			if minds != nil && end < to {
				for i := at; i < end; i++ {
					w.learn(minds, &all[i], out[i])
				}
			}
			at = end
		}
		from = to
	}
	return out
}

// begin returns what the independent answers say of the question of a debate, whose steps these are. Before them each wrong answer is as likely
// to be the tempting one; an agent gives that with the odds κ(W-1)/(1-κ) against each other one.
func (e *Evidence) begin(of []steps.Step) *world {
	talk := &e.data.Debates[of[0].Talk]
	set, _ := slices.BinarySearch(e.Sets, talk.Set)
	w := &world{}
	var odds []float64
	meet := func(a debate.Answer) int {
		if debate.Grade(a, talk.Key) != debate.Incorrect {
			return -1
		}
		i := slices.Index(w.answers, a)
		if i < 0 {
			i = len(w.answers)
			w.answers, odds = append(w.answers, a), append(odds, 1)
		}
		return i
	}
	for _, a := range talk.First {
		if i := meet(a.Said); i >= 0 {
			tempting, other := e.split(a.Agent, set, talk.Wrongs)
			odds[i] *= tempting / max(other, difficulty.Sliver)
		}
	}
	for i := range of {
		for _, o := range of[i].Table {
			meet(o.Answer)
		}
		meet(of[i].Said)
	}
	odds = append(odds, float64(max(talk.Wrongs-len(w.answers), 0)))
	sum := 0.0
	for _, o := range odds {
		sum += o
	}
	for _, o := range odds {
		for range parts {
			w.weight = append(w.weight, o/max(sum, difficulty.Sliver)/parts)
		}
	}
	return w
}

// local returns where the i-th answer of the world is on the table: len(Table) when it is not there.
func (w *world) local(s *steps.Step, i int) int {
	if i < len(w.answers) {
		if k := s.Find(w.answers[i]); k >= 0 {
			return k
		}
	}
	return len(s.Table)
}

// negligible is the weight below which a state of the world is left out of a history.
const negligible = 1e-4

// seen returns the history of a step.
func (w *world) seen(s *steps.Step) History {
	h := make(History, parts*(len(s.Table)+1))
	for i := 0; i*parts < len(w.weight); i++ {
		k := w.local(s, i)
		for part := range parts {
			h[k*parts+part] += w.weight[i*parts+part]
		}
	}
	kept := 0.0
	for i, weight := range h {
		if weight < negligible {
			h[i] = 0
		}
		kept += h[i]
	}
	for i := range h {
		h[i] /= kept
	}
	return h
}

// learn updates the weights by what was chosen in a step, whose history is h.
func (w *world) learn(m *Minds, step *steps.Step, h History) {
	if step.Chosen == steps.Unread {
		return
	}
	s := m.evidence.Situation(step, h)
	x, known := m.prepare(step.Agent, &s)
	c := &m.choice
	c.resize(s.Outcomes())
	c.weigh(&s, x)
	chosen := step.Outcome()
	sum := 0.0
	for i := range w.weight {
		tempting, part := i/parts, i%parts
		c.believe(&s, known[part], w.local(step, tempting))
		c.softmax(x.Prior)
		chance := c.fresh.value*c.belief[chosen] + (1-c.fresh.value)*c.soft[chosen]
		if step.Chosen == steps.New { // this one, of all that are not on the table
			b := known[part]
			if key := m.evidence.data.Debates[step.Talk].Key; step.Said != key {
				share := s.rest
				if tempting < len(w.answers) && w.answers[tempting] == step.Said {
					share = s.kappa
				}
				b = (1 - b) * share
			}
			chance *= b / max(c.belief[chosen], difficulty.Sliver)
		}
		w.weight[i] *= max(chance, difficulty.Sliver)
		sum += w.weight[i]
	}
	for i := range w.weight {
		w.weight[i] /= sum
	}
}
