package compact

import (
	"encoding/binary"
	"slices"
)

// Said is what is kept of a message.
type Said struct {
	Agent, Round uint16 // Agent is an index in Arm.Agents
	Answer       Mark
	Failed       bool // the turn failed: there is no answer
	// Previous is the index of the agent's last reply before this one, or -1 where there is none. A message with one is a revision of it.
	Previous int16
	// Read holds the index of each message of others that the agent was shown; it must not be changed.
	Read       []int16
	confidence int16 // in 1/10000; -1 when not stated
}

// Revision reports whether the agent had replied before.
func (s *Said) Revision() bool { return s.Previous >= 0 }

// Confidence returns the stated confidence in [0,1], rounded to 1/10000, and whether one was stated with a readable answer.
func (s *Said) Confidence() (p float64, ok bool) {
	return float64(s.confidence) / 10000, s.confidence >= 0 && s.Answer != 0
}

// Decision is what is kept of a verdict.
type Decision struct {
	Judge  uint16 // index in Arm.Judges
	Answer Mark
	Tied   bool
	Failed bool // the judge could not decide
	Spoke  bool // the judge asked an agent, as an aggregator does
}

// Debate is one debate as [Arm.Open] puts it together. The zero Debate is ready for Open.
type Debate struct {
	Key      Mark
	Team     int // number of agents
	Messages []Said
	Verdicts []Decision // the primary one first

	vote0 int
	marks []Mark // scratch
}

// Open puts the debate of a row that did not fail into d, whose memory is used again: what it held before is gone.
func (a *Arm) Open(r *Row, d *Debate) {
	f := &a.forms[r.form]
	b := a.arena.from(r.at)[:f.size()]
	d.Key, d.Team, d.vote0 = r.Key, f.team, f.vote0
	d.Messages, d.Verdicts = d.Messages[:0], d.Verdicts[:0]
	for i := range f.places {
		p := &f.places[i]
		d.Messages = append(d.Messages, Said{Agent: p.agent, Round: p.round, Answer: f.mark(b, i), Failed: p.failed,
			Previous: p.previous, Read: p.read, confidence: -1})
	}
	verdicts := b[f.verdicts():]
	step := f.width() + 1
	for i, s := range f.judges {
		at := verdicts[i*step:]
		flags := at[f.width()]
		d.Verdicts = append(d.Verdicts, Decision{Judge: s.judge, Answer: f.mark(at, 0), Tied: flags&tiedFlag != 0,
			Failed: flags&failedFlag != 0, Spoke: s.spoke})
	}
	if f.stated {
		confidences := b[f.confidences():]
		for i := range d.Messages {
			d.Messages[i].confidence = int16(binary.LittleEndian.Uint16(confidences[2*i:]))
		}
	}
}

// VoteBefore returns the vote over round 0: the verdict of the judge "round-0 vote" where there is one, else the plurality.
func (d *Debate) VoteBefore() Decision {
	if d.vote0 >= 0 && !d.Verdicts[d.vote0].Failed {
		return d.Verdicts[d.vote0]
	}
	answer, tied := Plurality(d.Round0())
	return Decision{Answer: answer, Tied: tied}
}

// Round0 returns the answers of round 0, unreadable ones included. The next call to a method of d may change them.
func (d *Debate) Round0() []Mark {
	d.marks = d.marks[:0]
	for i := range d.Messages {
		if m := &d.Messages[i]; m.Round == 0 && !m.Failed {
			d.marks = append(d.marks, m.Answer)
		}
	}
	return d.marks
}

// Replies returns the answers of the first n replies, unreadable ones included. The next call to a method of d may change them.
func (d *Debate) Replies(n int) []Mark {
	d.marks = d.marks[:0]
	for i := range d.Messages {
		if m := &d.Messages[i]; !m.Failed && len(d.marks) < n {
			d.marks = append(d.marks, m.Answer)
		}
	}
	return d.marks
}

// Agreeing counts the messages read by a revision that held the answer that it revises. An unreadable answer agrees with none.
func (d *Debate) Agreeing(m *Said) int {
	before, n := d.Messages[m.Previous].Answer, 0
	for _, seq := range m.Read {
		if before != 0 && d.Messages[seq].Answer == before {
			n++
		}
	}
	return n
}

// Held reports whether some message that was read held the answer.
func (d *Debate) Held(m *Said, answer Mark) bool {
	return slices.ContainsFunc(m.Read, func(seq int16) bool { return d.Messages[seq].Answer == answer })
}
