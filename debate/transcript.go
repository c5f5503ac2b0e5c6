package debate

// Transcript is all that was said in one debate, in order, with who read what.
// Rounds are numbered from 0, the independent answers.
type Transcript struct {
	Question Question `json:"question"`
	// Agents names the team in its order; an agent's index here is its Call.Speaker.
	Agents   []string  `json:"agents"`
	Messages []Message `json:"messages"` // Messages[i].Seq == i
}

// Speaker returns the index in Agents of the agent with that name, or -1.
func (t *Transcript) Speaker(name string) int {
	for i, a := range t.Agents {
		if a == name {
			return i
		}
	}
	return -1
}

// LastRound returns the number of the last round in which anyone was asked, or -1 before round 0.
func (t *Transcript) LastRound() int {
	if len(t.Messages) == 0 {
		return -1
	}
	return t.Messages[len(t.Messages)-1].Round
}

// At returns, for each agent, the Seq of the last reply that it gave in round r or before, or -1 where it gave none.
// An agent that was not asked in round r, failed in it or had stopped by then carries its last answer forward.
func (t *Transcript) At(r int) []int {
	seqs := make([]int, len(t.Agents))
	for i := range seqs {
		seqs[i] = -1
	}
	for i := range t.Messages {
		m := &t.Messages[i]
		if m.Round > r {
			break
		}
		if speaker := t.Speaker(m.From); speaker >= 0 && m.Failed == "" {
			seqs[speaker] = m.Seq
		}
	}
	return seqs
}

// Standing returns the messages behind At(r), in team order, without the agents that gave no reply.
// Standing(t.LastRound()) is what a final vote counts.
func (t *Transcript) Standing(r int) []Message {
	standing := make([]Message, 0, len(t.Agents))
	for _, seq := range t.At(r) {
		if seq >= 0 {
			standing = append(standing, t.Messages[seq])
		}
	}
	return standing
}

// Spoke returns the number of agents that were asked in round r: 0 says that the debate had ended before it.
func (t *Transcript) Spoke(r int) int {
	n := 0
	for _, m := range t.Messages {
		if m.Round == r {
			n++
		}
	}
	return n
}

// Usage returns what all replies cost together, without the judges.
func (t *Transcript) Usage() Usage {
	var u Usage
	for _, m := range t.Messages {
		u = u.Add(m.Usage)
	}
	return u
}

// Own returns the replies of the agent, oldest first, without its failed turns.
func (t *Transcript) Own(agent string) []Message {
	var own []Message
	for _, m := range t.Messages {
		if m.From == agent && m.Failed == "" {
			own = append(own, m)
		}
	}
	return own
}
