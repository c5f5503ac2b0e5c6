package debate

// Transition is what happened to one agent between one of its replies and its next one.
//
// A turn that failed or was not asked for is no reply, so an answer that is merely carried forward is no transition:
// the transition is between the replies before and after the gap.
type Transition struct {
	Agent    int // index in Transcript.Agents
	Round    int // of the later reply, so at least 1
	From, To State
	Before   Answer
	After    Answer
	// Peers counts the messages of others that the agent read before the later reply, and Agreeing those of them that held Before.
	// Both are 0 for an agent that heard nobody.
	Peers, Agreeing int
	// Adopted reports that After differs from Before and some message that the agent read held After.
	Adopted bool
	Seq     int // of the later reply
}

// Fate names the outcomes of a transition that have a sign of their own on every screen and plot.
type Fate uint8

const (
	HeldRight  Fate = iota // correct, and still correct
	Corrected              // incorrect, then correct
	Corrupted              // correct, then incorrect
	StuckWrong             // incorrect, and the same answer again
	MovedWrong             // incorrect, and another incorrect answer
	Unread                 // one of the two replies, or both, cannot be read
)

// Fates lists every fate in the order in which legends and tables show them.
var Fates = [...]Fate{HeldRight, Corrected, Corrupted, StuckWrong, MovedWrong, Unread}

var fateNames = [...]string{"held right", "corrected", "corrupted", "stuck wrong", "moved wrong", "unreadable"}
var fateSigns = [...]string{"●", "▲", "▼", "○", "◌", "?"}

// String returns the name of the fate, "corrupted" for example.
func (f Fate) String() string { return fateNames[f] }

// Sign returns the one-cell sign of the fate: ● ▲ ▼ ○ ◌ or ?.
func (f Fate) Sign() string { return fateSigns[f] }

// Fate classifies the transition.
func (tr Transition) Fate() Fate {
	switch {
	case tr.From == Unreadable || tr.To == Unreadable:
		return Unread
	case tr.From == Correct && tr.To == Correct:
		return HeldRight
	case tr.From == Correct:
		return Corrupted
	case tr.To == Correct:
		return Corrected
	case tr.Before == tr.After:
		return StuckWrong
	}
	return MovedWrong
}

// Transitions returns every transition of the debate, in the order of the later replies.
func Transitions(t *Transcript, key Answer) []Transition {
	var out []Transition
	last := make([]int, len(t.Agents)) // 1 + Seq of each agent's last reply; 0 where there is none
	for i := range t.Messages {
		m := &t.Messages[i]
		agent := t.Speaker(m.From)
		if agent < 0 || m.Failed != "" {
			continue
		}
		if before := last[agent]; before > 0 {
			tr := Transition{Agent: agent, Round: m.Round, Before: t.Messages[before-1].Answer, After: m.Answer, Seq: m.Seq}
			tr.From, tr.To = Grade(tr.Before, key), Grade(tr.After, key)
			for _, seq := range m.Shown() {
				heard := &t.Messages[seq]
				if heard.From == m.From {
					continue
				}
				tr.Peers++
				if heard.Answer != "" && heard.Answer == tr.Before {
					tr.Agreeing++
				}
				if heard.Answer != "" && heard.Answer == tr.After && tr.After != tr.Before {
					tr.Adopted = true
				}
			}
			if out == nil {
				out = make([]Transition, 0, len(t.Messages)-i)
			}
			out = append(out, tr)
		}
		last[agent] = m.Seq + 1
	}
	return out
}

// Matrix counts transitions by state before and after. The zero Matrix is empty.
type Matrix struct {
	N [3][3]int `json:"n"` // N[from][to], indexed by State
	// Moved is the part of N[Incorrect][Incorrect] that changed to another incorrect answer; the rest kept the same one.
	Moved int `json:"moved"`
}

// Add counts one transition.
func (m *Matrix) Add(tr Transition) {
	m.N[tr.From][tr.To]++
	if tr.Fate() == MovedWrong {
		m.Moved++
	}
}

// Merge adds the counts of another matrix.
func (m *Matrix) Merge(o Matrix) {
	for from := range m.N {
		for to := range m.N[from] {
			m.N[from][to] += o.N[from][to]
		}
	}
	m.Moved += o.Moved
}

// Of returns how many transitions had that fate.
func (m Matrix) Of(f Fate) int {
	switch f {
	case HeldRight:
		return m.N[Correct][Correct]
	case Corrected:
		return m.N[Incorrect][Correct]
	case Corrupted:
		return m.N[Correct][Incorrect]
	case StuckWrong:
		return m.N[Incorrect][Incorrect] - m.Moved
	case MovedWrong:
		return m.Moved
	}
	return m.N[Correct][Unreadable] + m.N[Incorrect][Unreadable] + m.from(Unreadable)
}

// Total returns the number of transitions counted.
func (m Matrix) Total() int { return m.from(Correct) + m.from(Incorrect) + m.from(Unreadable) }

func (m Matrix) from(s State) int { return m.N[s][0] + m.N[s][1] + m.N[s][2] }

// Share is a count out of a number of chances: the numerator and denominator of a rate.
type Share struct{ K, N int }

// Rate returns K/N, and 0 when there was no chance.
func (s Share) Rate() float64 {
	if s.N == 0 {
		return 0
	}
	return float64(s.K) / float64(s.N)
}

// Plus pools two shares.
func (s Share) Plus(o Share) Share { return Share{s.K + o.K, s.N + o.N} }

// Harmful is the harmful revision rate: correct to incorrect over all that were correct, those included that became
// unreadable (Qu, Fu, Hu 2026, arXiv 2606.01637).
func (m Matrix) Harmful() Share { return Share{m.N[Correct][Incorrect], m.from(Correct)} }

// Beneficial is the beneficial revision rate: incorrect to correct over all that were incorrect, those included that became
// unreadable (Qu, Fu, Hu 2026, arXiv 2606.01637).
func (m Matrix) Beneficial() Share { return Share{m.N[Incorrect][Correct], m.from(Incorrect)} }

// Lost is the rate of readable answers, correct or incorrect, that were followed by an unreadable one.
func (m Matrix) Lost() Share {
	return Share{m.N[Correct][Unreadable] + m.N[Incorrect][Unreadable], m.from(Correct) + m.from(Incorrect)}
}
