package simulated

import (
	"math"
	"math/rand/v2"

	"cheaptalk/debate"
)

// mind is one agent before one question: what it believes and how it chooses. It has no chance of its own.
type mind struct {
	*Profile
	puzzle
	Ability
	first float64 // p(d; 0): probability that it is right when it is asked first
	again float64 // p(d; δ): the same when it is asked again
}

func newMind(p *Profile, z puzzle) mind {
	m := mind{Profile: p, puzzle: z, Ability: p.ability(z.question)}
	m.first, m.again = m.known(0), m.known(m.Loss)
	return m
}

// known returns p(d; loss) of the package documentation.
func (m *mind) known(loss float64) float64 {
	rho := min(m.Consistency, 0.999)
	a := probit(min(m.Accuracy/(1-m.Unreadable), 1))
	return normal((a - loss - math.Sqrt(rho)*m.difficulty) / math.Sqrt(1-rho))
}

// draw returns an answer from the belief that is right with probability p: the key, the most tempting wrong answer or
// another, in this order along u.
func (m *mind) draw(p, u float64) debate.Answer {
	n := m.wrongs()
	if u < p || n == 0 {
		return m.key
	}
	u = (u - p) / (1 - p)
	if u < m.Concentration || n == 1 {
		return m.wrong(0)
	}
	u = (u - m.Concentration) / (1 - m.Concentration)
	return m.wrong(1 + min(int(u*float64(n-1)), n-2))
}

// Sizes of the anti-conformity brief, an assumption: no published figure gives them.
const (
	critiqueOwn  = 1.0 // log-odds added to OwnWeight
	critiquePeer = 0.5 // factor on PeerWeight
)

// option is an answer on the table and its log-weight.
type option struct {
	answer debate.Answer
	weight float64
}

// luck is the chance in one reply: uniform numbers in [0,1) and a standard normal one.
type luck struct {
	lost    float64 // whether an answer can be read
	fresh   float64 // whether it is drawn anew
	opinion float64 // what is thought before listening by an agent that has no answer yet
	pick    float64 // what is drawn or chosen
	noise   float64 // in the stated confidence
}

// roll draws the same numbers in the same order for every reply, used or not, so that a round's luck is the same in all arms.
func roll(r *rand.Rand) luck {
	return luck{r.Float64(), r.Float64(), r.Float64(), r.Float64(), r.NormFloat64()}
}

// answer returns the answer to a turn of an agent whose last answer is own, given that one can be read. An agent that has no
// answer yet thinks of one before it listens, unless it is there to aggregate.
func (m *mind) answer(turn *debate.Turn, own debate.Answer, l luck) debate.Answer {
	task, p := turn.Brief.Task, m.now(turn)
	if task == debate.Solve || len(turn.Own) == 0 && len(turn.Heard) == 0 || len(turn.Own) > 0 && l.fresh < m.Redraw {
		return m.draw(p, l.pick)
	}
	if own == "" && task != debate.Aggregate {
		own = m.draw(p, l.opinion)
	}
	ownWeight, peerWeight := m.OwnWeight, m.PeerWeight
	if task == debate.Critique {
		ownWeight, peerWeight = ownWeight+critiqueOwn, peerWeight*critiquePeer
	}
	var room [12]option
	table := room[:0]
	if own != "" {
		table = m.lay(table, own, ownWeight)
	}
	if task != debate.Reflect {
		for i := range turn.Heard {
			if heard := &turn.Heard[i]; heard.Answer != "" {
				table = m.lay(table, heard.Answer, peerWeight*m.credit(turn.Brief.Confidence, heard.Confidence))
			}
		}
	}
	if len(table) == 0 {
		return m.draw(p, l.pick)
	}
	return choose(table, l.pick)
}

// now returns the probability with which the mind knows the answer in this turn.
func (m *mind) now(turn *debate.Turn) float64 {
	if len(turn.Own) == 0 || turn.Brief.Task == debate.Solve {
		return m.first
	}
	return m.again
}

// lay adds weight to an answer on the table, and lays it there if it is new.
func (m *mind) lay(table []option, a debate.Answer, weight float64) []option {
	for i := range table {
		if table[i].answer == a {
			table[i].weight += weight
			return table
		}
	}
	if a == m.key {
		weight += m.Pull
	}
	return append(table, option{a, weight})
}

// credit returns c_j of the package documentation.
func (m *mind) credit(shown debate.Calibration, c debate.Confidence) float64 {
	if shown == "" {
		return 1
	}
	return 1 + m.ConfidenceWeight*(2*shown.Weight(c)-1)
}

// choose takes an answer with a probability in proportion to the exponential of its weight.
func choose(table []option, u float64) debate.Answer {
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
	for _, o := range table {
		if u -= o.weight; u < 0 {
			return o.answer
		}
	}
	return table[len(table)-1].answer
}

// sure returns the confidence that the mind states in an answer which it knows with probability p; noise is a standard normal number.
func (m *mind) sure(a debate.Answer, p, noise float64) debate.Confidence {
	right := 0.0
	if a == m.key {
		right = 1
	}
	c := p + m.Overconfidence*(1-p) + m.Insight*(right-p) + m.Jitter*noise
	return debate.Sure(math.Round(20*min(max(c, 0.05), 1)) / 20)
}
