package compact

import (
	"encoding/binary"
	"slices"

	"cheaptalk/debate"
)

// form is what debates of an arm have in common. It is not changed once made.
type form struct {
	team    int
	last    int  // the last round
	replies int  // messages that did not fail
	heard   bool // someone read someone else
	wide    bool // an answer takes two bytes instead of one
	stated  bool // some message states a confidence: two bytes each
	places  []place
	judges  []seat
	vote0   int // the index in judges of the judge "round-0 vote", or -1
}

// place is a message without its answer.
type place struct {
	agent, round uint16
	failed       bool
	previous     int16   // the index of the agent's last reply before it, or -1
	read         []int16 // the messages of others that it was shown
}

// seat is a verdict without its answer.
type seat struct {
	judge uint16
	spoke bool
}

// The flags of a verdict in the arena.
const (
	tiedFlag = 1 << iota
	failedFlag
)

// size returns the bytes that a debate of the form takes in the arena.
func (f *form) size() int {
	return f.confidences() + f.sizeOfConfidences()
}

func (f *form) width() int {
	if f.wide {
		return 2
	}
	return 1
}

// verdicts returns where in the bytes of a debate its verdicts begin; confidences where those do.
func (f *form) verdicts() int    { return len(f.places) * f.width() }
func (f *form) confidences() int { return f.verdicts() + len(f.judges)*(f.width()+1) }

func (f *form) sizeOfConfidences() int {
	if f.stated {
		return 2 * len(f.places)
	}
	return 0
}

// mark reads the i-th answer of b.
func (f *form) mark(b []byte, i int) Mark {
	if f.wide {
		return Mark(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return Mark(b[i])
}

// put appends an answer.
func (f *form) put(b []byte, m Mark) []byte {
	if f.wide {
		return binary.LittleEndian.AppendUint16(b, uint16(m))
	}
	return append(b, byte(m))
}

// former numbers the forms of an arm.
type former struct {
	index map[string]uint32
	key   []byte // scratch
}

// of returns the number of the record's form, and makes the form if it is a new one. agents and judges number names.
func (n *former) of(a *Arm, rec *debate.Record, wide bool, agents []uint16, judges []uint16) uint32 {
	t := rec.Transcript
	stated := slices.ContainsFunc(t.Messages, func(m debate.Message) bool { return m.Confidence.Stated })
	key := append(n.key[:0], bit(wide), bit(stated))
	number := func(i int) { key = binary.AppendUvarint(key, uint64(i)) }
	number(len(t.Agents))
	number(len(t.Messages))
	for i := range t.Messages {
		m := &t.Messages[i]
		number(int(agents[i]))
		number(m.Round)
		shown := m.Shown()
		key = append(key, bit(m.Failed != ""))
		number(len(shown))
		for _, seq := range shown {
			number(seq)
		}
	}
	for i := range rec.Verdicts {
		number(int(judges[i]))
		key = append(key, bit(rec.Verdicts[i].Reply != nil))
	}
	n.key = key
	if at, ok := n.index[string(key)]; ok {
		return at
	}
	if n.index == nil {
		n.index = map[string]uint32{}
	}
	at := uint32(len(a.forms))
	n.index[string(key)] = at
	a.forms = append(a.forms, newForm(a, rec, wide, stated, agents, judges))
	return at
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func newForm(a *Arm, rec *debate.Record, wide, stated bool, agents, judges []uint16) form {
	t := rec.Transcript
	f := form{team: len(t.Agents), last: t.LastRound(), wide: wide, stated: stated, vote0: -1}
	previous := map[uint16]int{}
	for i := range t.Messages {
		m := &t.Messages[i]
		p := place{agent: agents[i], round: uint16(m.Round), failed: m.Failed != "", previous: -1}
		for _, seq := range m.Shown() {
			if t.Messages[seq].From != m.From {
				p.read = append(p.read, int16(seq))
				f.heard = true
			}
		}
		if !p.failed {
			f.replies++
			if before, ok := previous[p.agent]; ok {
				p.previous = int16(before)
			}
			previous[p.agent] = i
		}
		f.places = append(f.places, p)
	}
	for i := range rec.Verdicts {
		f.judges = append(f.judges, seat{judge: judges[i], spoke: rec.Verdicts[i].Reply != nil})
		if f.vote0 < 0 && a.Judges[judges[i]] == round0Judge {
			f.vote0 = i
		}
	}
	return f
}
