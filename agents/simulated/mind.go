package simulated

import (
	"math"
	"math/rand/v2"

	"cheaptalk/debate"
)

// Mind is one agent before one question: what it believes and how it chooses. It is the model without actors, words and
// chance of its own, and does not change, so that it may be used by many goroutines.
type Mind struct {
	profile *Profile
	puzzle  *Puzzle
	ability Ability
	first   float64 // p(d; 0): probability that it is right when it is asked first
	again   float64 // p(d; δ): the same when it is asked again
}

// NewMind returns the mind of an agent of that profile. Neither the profile nor the puzzle may change while it is used.
func NewMind(p *Profile, z *Puzzle) Mind {
	m := Mind{profile: p, puzzle: z, ability: p.For(z.question)}
	m.first = m.known(0)
	m.again = m.first
	if m.ability.Loss != 0 {
		m.again = m.known(m.ability.Loss)
	}
	return m
}

// known returns p(d; loss) of the package documentation.
func (m *Mind) known(loss float64) float64 {
	rho := m.ability.Consistency
	if m.ability.Spread > 0 {
		rho = Logit.Value(Logit.Free(rho) + m.ability.Spread*m.puzzle.Slope)
	}
	rho = min(rho, 0.999)
	a := probit(min(m.ability.Accuracy/(1-m.profile.Unreadable), 1))
	return normal((a - loss - math.Sqrt(rho)*m.puzzle.Difficulty) / math.Sqrt(1-rho))
}

// Luck is the chance in one reply: uniform numbers in [0,1) and a standard normal one.
type Luck struct {
	Lost    float64 // whether an answer can be read
	Fresh   float64 // whether it is drawn anew
	Opinion float64 // what is thought before listening by an agent that has no answer yet
	Pick    float64 // what is drawn or chosen
	Noise   float64 // in the stated confidence
}

// Roll draws the same numbers in the same order for every reply, used or not, so that a round's luck is the same in all arms.
func Roll(r *rand.Rand) Luck {
	return Luck{r.Float64(), r.Float64(), r.Float64(), r.Float64(), r.NormFloat64()}
}

// Answer returns the answer to a turn, "" when none can be read. Of the turn it reads the round's task, the shown confidence and what was
// said by whom, not its question: that is the puzzle's. An agent that has no answer yet thinks of one before it listens, unless it is there
// to aggregate.
func (m *Mind) Answer(turn *debate.Turn, l Luck) debate.Answer {
	if l.Lost < m.profile.Unreadable {
		return ""
	}
	task, p := turn.Brief.Task, m.now(turn)
	if task == debate.Solve || len(turn.Own) == 0 && len(turn.Heard) == 0 || len(turn.Own) > 0 && l.Fresh < m.redraw(turn) {
		return m.draw(p, l.Pick)
	}
	own := last(turn.Own)
	if own == "" && task != debate.Aggregate {
		own = m.draw(p, l.Opinion)
	}
	var room [12]option
	table := m.lay(room[:0], turn, own)
	if len(table) == 0 {
		return m.draw(p, l.Pick)
	}
	return m.choose(m.weigh(table, p), p, l.Pick)
}

// redraw returns the probability with which the mind answers anew in a later round.
func (m *Mind) redraw(turn *debate.Turn) float64 {
	s := m.profile.Redraw
	if m.profile.Unanimity == 0 || !unanimous(turn) {
		return s
	}
	return Logit.Value(Logit.Free(s) + m.profile.Unanimity)
}

// unanimous reports whether some answer is heard in the turn and all of them are the own one.
func unanimous(turn *debate.Turn) bool {
	own, heard := last(turn.Own), 0
	if own == "" || turn.Brief.Task == debate.Reflect {
		return false
	}
	for i := range turn.Heard {
		switch turn.Heard[i].Answer {
		case own:
			heard++
		case "":
		default:
			return false
		}
	}
	return heard > 0
}

// now returns the probability with which the mind knows the answer in this turn.
func (m *Mind) now(turn *debate.Turn) float64 {
	if len(turn.Own) == 0 || turn.Brief.Task == debate.Solve {
		return m.first
	}
	return m.again
}

// First returns the probability that the mind's independent answer is a; "" is an answer that cannot be read.
func (m *Mind) First(a debate.Answer) float64 {
	u := m.profile.Unreadable
	if a == "" {
		return u
	}
	return (1 - u) * m.belief(a, m.first)
}

// last returns the answer of the last message, "" when there is none.
func last(own []debate.Message) debate.Answer {
	if len(own) == 0 {
		return ""
	}
	return own[len(own)-1].Answer
}

// sure returns the confidence that the mind states in an answer which it knows with probability p; noise is a standard normal number.
func (m *Mind) sure(a debate.Answer, p, noise float64) debate.Confidence {
	right := 0.0
	if a == m.puzzle.Key {
		right = 1
	}
	c := p + m.profile.Overconfidence*(1-p) + m.profile.Insight*(right-p) + m.profile.Jitter*noise
	return debate.Sure(math.Round(20*min(max(c, 0.05), 1)) / 20)
}
