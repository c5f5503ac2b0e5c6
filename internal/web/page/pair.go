package page

import "cheaptalk/debate"

// Pair is one question under two arms, round beside round.
type Pair struct {
	Left, Right *Debate
	Rounds      []Rounds
	Parted      int // the first round after which an agent of both arms holds another answer in one than in the other; -1 for none
	Swap        string
	LeftURL     string // each debate on its own page
	RightURL    string
}

// Rounds is a round of both debates; nil where a debate had ended.
type Rounds struct {
	Number      int
	Left, Right *Round
	Parts       bool // the debates part in it
}

// NewPair puts two records beside each other.
func NewPair(left, right *debate.Record) *Pair {
	p := &Pair{Left: NewDebate(left, "a"), Right: NewDebate(right, "b"), Parted: -1}
	if p.Left.Trouble == "" && p.Right.Trouble == "" && left.Transcript != nil && right.Transcript != nil {
		p.Parted = Parted(left.Transcript, right.Transcript)
	}
	at := func(d *Debate, number int) *Round {
		for i := range d.Rounds {
			if d.Rounds[i].Number == number {
				return &d.Rounds[i]
			}
		}
		return nil
	}
	for number := 0; ; number++ {
		r := Rounds{Number: number, Left: at(p.Left, number), Right: at(p.Right, number), Parts: number == p.Parted}
		if r.Left == nil && r.Right == nil {
			return p
		}
		p.Rounds = append(p.Rounds, r)
	}
}

// Parted returns the first round after which some agent that is in both debates holds another answer in one than in the other, an answer that is
// carried forward included, or -1.
func Parted(a, b *debate.Transcript) int {
	for round := 0; round <= max(a.LastRound(), b.LastRound()); round++ {
		held := map[string]debate.Answer{}
		for _, m := range a.Standing(round) {
			held[m.From] = m.Answer
		}
		for _, m := range b.Standing(round) {
			if other, ok := held[m.From]; ok && other != m.Answer {
				return round
			}
		}
	}
	return -1
}
