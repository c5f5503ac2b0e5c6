package compact

import (
	"cmp"

	"cheaptalk/debate"
)

// Mark stands for an answer within one debate: 0 is unreadable, 1 and up number the distinct answers. They are numbered in the
// order in which [debate.BreakTie] prefers them under the seed of the case, so that the smallest of tied marks is its choice.
type Mark uint16

// Grade is [debate.Grade] for marks.
func Grade(answer, key Mark) debate.State {
	switch answer {
	case 0:
		return debate.Unreadable
	case key:
		return debate.Correct
	}
	return debate.Incorrect
}

// Said is what is kept of a message.
type Said struct {
	Agent, Round uint16 // Agent is an index in Arm.Agents
	Answer       Mark
	Failed       bool // the turn failed: there is no answer
	Revision     bool // there was an earlier reply, and the next fields speak of it
	Before       Mark
	Unanimous    bool  // all peers that were read held one same wrong answer
	Peers        uint8 // messages of others that were read, at most 255
	Agreeing     uint8 // those of them that held Before
	confidence   int16 // in 1/10000; -1 when not stated
}

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
}

// Row is what is kept of a record.
type Row struct {
	Item         int32 // index in Run.Items
	Question     int32 // the same for every variant of a question; see debate.Variant. Rows of one are neighbours
	Draw, Repeat int32
	Failed       bool // then the fields below are zero
	Key          Mark
	Team         uint16 // number of agents
	// Calls and the tokens are those of the debate and of its first judge. A reply is at least one call:
	// agents that count none were asked all the same.
	Calls, Prompt, Completion int32

	said, saidEnd, decided, decidedEnd uint32 // where its messages and verdicts are in the arm's arenas
}

// Arm is all that was read of one arm.
type Arm struct {
	Name      string
	Simulated bool // some record was
	Agents    []string
	Judges    []string
	Rows      []Row // in the order of their cases: by item, draw and repeat

	said    []Said
	decided []Decision
}

// Messages returns the messages of a row, in order.
func (a *Arm) Messages(r *Row) []Said { return a.said[r.said:r.saidEnd] }

// Verdicts returns the verdicts of a row, the primary one first.
func (a *Arm) Verdicts(r *Row) []Decision { return a.decided[r.decided:r.decidedEnd] }

// Run is all that was read.
type Run struct {
	Arms  []*Arm   // sorted by name
	Items []string // the IDs of what was asked, sorted by question and variant
}

// Compare orders rows by item, draw and repeat; 0 means the same case.
func Compare(x, y *Row) int {
	return cmp.Or(cmp.Compare(x.Item, y.Item), cmp.Compare(x.Draw, y.Draw), cmp.Compare(x.Repeat, y.Repeat))
}
