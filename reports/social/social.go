package social

import (
	"cheaptalk/debate"
	"cheaptalk/reports/compact"
	"cheaptalk/reports/gather"
	"cheaptalk/reports/stats"
)

// State is how the peers that a reviser had read stood, as far as they could be read.
type State int

// The states of peers.
const (
	AllRight State = iota // every one of them held the right answer
	Mixed                 // some did, some did not
	AllWrong              // none did
)

// States names the states in their order.
var States = [...]string{"all right", "mixed", "all wrong"}

// Peers is what became of answers under peers of one state (Qu, Fu, Hu 2026, arXiv 2606.01637, whose peers were scripted; here they are those that were).
type Peers struct {
	State      string     `json:"state"`
	Harmful    stats.Rate `json:"harmful"`    // correct to incorrect, of all correct
	Beneficial stats.Rate `json:"beneficial"` // incorrect to correct, of all incorrect
}

// Agreeing is what became of answers when so many of the messages of others that were read held the same one.
type Agreeing struct {
	Agreeing   int        `json:"agreeing"`
	Harmful    stats.Rate `json:"harmful"`    // of correct answers, those that turned incorrect
	Beneficial stats.Rate `json:"beneficial"` // of incorrect answers, those that turned correct
}

// Influence is how agents meet answers other than their own.
type Influence struct {
	// Conformity and Obstinacy are over pairs of a reviser and a message that it read with another readable answer than its own: it took that answer, or
	// it kept its own (Choi, Zhu, Li 2025, arXiv 2510.07517). They need not add up to 1.
	Conformity stats.Rate `json:"conformity"`
	Obstinacy  stats.Rate `json:"obstinacy"`
	// ModalAdoption is over revisers that did not hold the answer most frequent among those that they read, where one was: it took that answer
	// (after Bertalanic and Fortuna 2026, arXiv 2605.00914, whose exact text was not at hand).
	ModalAdoption stats.Rate `json:"modal_adoption"`
	// Swayed is over harmful revisions: all peers, as far as they were read, held one same wrong answer.
	Swayed stats.Rate `json:"swayed"`
	// Collapse is over debates in which agents disagreed after some round with someone right: all agents end on one wrong answer.
	Collapse stats.Rate `json:"collapse"`
}

// Sway is what one agent's answers did to another's: an edge of the network of who turned whom.
type Sway struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Met counts the revisions of To that had read From holding another readable answer, Adopted those of them that took that answer.
	Met     int `json:"met"`
	Adopted int `json:"adopted"`
	// Harmful and Beneficial are the part of Adopted that turned a right answer wrong, or one that was not right, right. A revision that several
	// peers stood behind counts for each.
	Harmful    int `json:"harmful"`
	Beneficial int `json:"beneficial"`
}

// Pools gathers the debates of one arm.
type Pools struct {
	states   [len(States)]struct{ harmful, beneficial gather.Rate }
	agreeing []struct{ harmful, beneficial gather.Rate }

	conformity, obstinacy, modal, swayed, collapse gather.Rate

	agents  int
	sway    []Sway // of agent From on agent To at From*agents+To; names are set at the end
	counted []bool // scratch of sway, of the message at hand
	heard   []compact.Mark
	readers int
}

// New returns pools for an arm of so many agents.
func New(agents int) *Pools {
	return &Pools{agents: agents, sway: make([]Sway, agents*agents), counted: make([]bool, agents)}
}

// Flush ends a question.
func (p *Pools) Flush() {
	for i := range p.states {
		p.states[i].harmful.Flush()
		p.states[i].beneficial.Flush()
	}
	for i := range p.agreeing {
		p.agreeing[i].harmful.Flush()
		p.agreeing[i].beneficial.Flush()
	}
	for _, q := range []*gather.Rate{&p.conformity, &p.obstinacy, &p.modal, &p.swayed, &p.collapse} {
		q.Flush()
	}
}

// Revision gathers a message that revises an earlier one. One that read nobody says nothing here.
func (p *Pools) Revision(d *compact.Debate, m *compact.Said) {
	p.readers = max(p.readers, len(m.Read))
	if len(m.Read) == 0 {
		return
	}
	before := d.Messages[m.Previous].Answer
	from, to := compact.Grade(before, d.Key), compact.Grade(m.Answer, d.Key)
	right, same, one := 0, 0, compact.Mark(0) // peers that are right, that agree, and what all hold
	unanimous := true
	p.heard = p.heard[:0]
	for _, seq := range m.Read {
		heard := &d.Messages[seq]
		if heard.Failed {
			continue
		}
		p.heard = append(p.heard, heard.Answer)
		switch {
		case heard.Answer == d.Key:
			right++
			unanimous = false
		case heard.Answer == 0 || one != 0 && heard.Answer != one:
			unanimous = false
		}
		one = heard.Answer
		if heard.Answer != 0 && heard.Answer == before {
			same++
		}
		if heard.Answer != 0 && before != 0 && heard.Answer != before {
			p.conformity.Add(m.Answer == heard.Answer)
			p.obstinacy.Add(m.Answer == before)
		}
	}
	if len(p.heard) == 0 {
		return
	}
	state := &p.states[stateOf(right, len(p.heard))]
	for len(p.agreeing) <= same {
		p.agreeing = append(p.agreeing, struct{ harmful, beneficial gather.Rate }{})
	}
	switch from {
	case debate.Correct:
		state.harmful.Add(to == debate.Incorrect)
		p.agreeing[same].harmful.Add(to == debate.Incorrect)
		if to == debate.Incorrect {
			p.swayed.Add(unanimous)
		}
	case debate.Incorrect:
		state.beneficial.Add(to == debate.Correct)
		p.agreeing[same].beneficial.Add(to == debate.Correct)
	}
	if modal, tied := compact.Plurality(p.heard); modal != 0 && !tied && modal != before {
		p.modal.Add(m.Answer == modal)
	}
	p.edges(d, m, before)
}

func stateOf(right, of int) State {
	switch right {
	case of:
		return AllRight
	case 0:
		return AllWrong
	}
	return Mixed
}

// edges counts for each peer that the message had read with another answer what became of it. An agent counts once a message, as who it was last.
func (p *Pools) edges(d *compact.Debate, m *compact.Said, before compact.Mark) {
	clear(p.counted)
	for i := len(m.Read) - 1; i >= 0; i-- {
		heard := &d.Messages[m.Read[i]]
		if heard.Answer == 0 || heard.Answer == before || p.counted[heard.Agent] {
			continue
		}
		p.counted[heard.Agent] = true
		edge := &p.sway[int(heard.Agent)*p.agents+int(m.Agent)]
		edge.Met++
		if m.Answer != heard.Answer {
			continue
		}
		edge.Adopted++
		switch d.Key {
		case before:
			edge.Harmful++
		case m.Answer:
			edge.Beneficial++
		}
	}
}

// Collapse gathers a debate in which agents had disagreed with someone right: whether they end on one wrong answer.
func (p *Pools) Collapse(wrong bool) { p.collapse.Add(wrong) }

// Readers returns the largest number of messages of others that one reviser had read.
func (p *Pools) Readers() int { return p.readers }

// Peers returns the states that occurred.
func (p *Pools) Peers(level float64) []Peers {
	var out []Peers
	for i := range p.states {
		s := Peers{State: States[i], Harmful: p.states[i].harmful.Rate(level), Beneficial: p.states[i].beneficial.Rate(level)}
		if s.Harmful.N+s.Beneficial.N > 0 {
			out = append(out, s)
		}
	}
	return out
}

// Agreeing returns the numbers of agreeing peers that occurred.
func (p *Pools) Agreeing(level float64) []Agreeing {
	var out []Agreeing
	for i := range p.agreeing {
		a := Agreeing{Agreeing: i, Harmful: p.agreeing[i].harmful.Rate(level), Beneficial: p.agreeing[i].beneficial.Rate(level)}
		if a.Harmful.N+a.Beneficial.N > 0 {
			out = append(out, a)
		}
	}
	return out
}

// Influence returns how agents met other answers.
func (p *Pools) Influence(level float64) Influence {
	return Influence{Conformity: p.conformity.Rate(level), Obstinacy: p.obstinacy.Rate(level), ModalAdoption: p.modal.Rate(level),
		Swayed: p.swayed.Rate(level), Collapse: p.collapse.Rate(level)}
}

// Sway returns the edges on which anyone met another answer, in the order of the names' numbers.
func (p *Pools) Sway(names []string) []Sway {
	var out []Sway
	for i, edge := range p.sway {
		if edge.Met > 0 {
			edge.From, edge.To = names[i/p.agents], names[i%p.agents]
			out = append(out, edge)
		}
	}
	return out
}
