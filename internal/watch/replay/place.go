package replay

import (
	"cheaptalk/debate"
	"cheaptalk/internal/watch/scores"
	"cheaptalk/tui"
)

// place is where in a debate the replay stands. The zero place has no debate.
type place struct {
	rec *debate.Record // its Transcript is never nil
	at  int            // so many messages are shown; one more than there are shows the verdicts too
}

func (p place) end() int { return len(p.rec.Transcript.Messages) + 1 }

// round returns the round that is shown: -1 for the question alone, one more than the last for the verdicts.
func (p place) round() int {
	switch t := p.rec.Transcript; {
	case p.at == 0:
		return -1
	case p.at == p.end():
		return t.LastRound() + 1
	default:
		return t.Messages[p.at-1].Round
	}
}

// seek goes to the end of a round.
func (p *place) seek(round int) {
	t := p.rec.Transcript
	if round > t.LastRound() {
		p.at = p.end()
		return
	}
	for p.at = 0; p.at < len(t.Messages) && t.Messages[p.at].Round <= round; p.at++ {
	}
}

// debate returns the debate as of the place.
func (p place) debate(a scores.Arm, playing bool) *tui.Debate { return cut(p.rec, a, p.at, playing) }

// other returns another debate as of the same round, with as many messages of it.
func (p place) other(rec *debate.Record, a scores.Arm, playing bool) *tui.Debate {
	if p.at == p.end() {
		return cut(rec, a, len(rec.Transcript.Messages)+1, playing)
	}
	round, said := p.round(), 0
	for _, m := range p.rec.Transcript.Messages[:p.at] {
		if m.Round == round {
			said++
		}
	}
	at := 0
	for _, m := range rec.Transcript.Messages {
		if m.Round > round || m.Round == round && said == 0 {
			break
		}
		if m.Round == round {
			said--
		}
		at++
	}
	return cut(rec, a, at, playing)
}

// cut returns the debate as of so many messages; one more than there are shows the verdicts. Between two rounds nobody speaks, unless it plays.
func cut(rec *debate.Record, a scores.Arm, at int, playing bool) *tui.Debate {
	whole := rec.Transcript
	d := &tui.Debate{Case: rec.Case, Key: rec.Key, Rounds: a.Rounds, Models: a.Models}
	if at > len(whole.Messages) {
		d.Transcript, d.Verdicts, d.Over, d.Failed = whole, rec.Verdicts, true, rec.Failed
		d.Round = whole.LastRound()
		return d
	}
	t := *whole
	t.Messages = whole.Messages[:at:at]
	d.Transcript, d.Round = &t, t.LastRound()
	if at == len(whole.Messages) {
		return d
	}
	if next := whole.Messages[at]; playing || next.Round == d.Round {
		d.Round = next.Round
		d.Speaking, d.Hearing = map[string]string{next.From: ""}, map[string][]int{next.From: next.Heard}
	}
	return d
}

func (p place) timeline(speed int) *tui.Timeline {
	return &tui.Timeline{Round: p.round(), Last: p.rec.Transcript.LastRound(), Speed: speed}
}

// harmful returns the round of the first harmful flip after a round.
func (p place) harmful(after int) (round int, ok bool) {
	for _, tr := range debate.Transitions(p.rec.Transcript, p.rec.Key) {
		if tr.Round > after && tr.Fate() == debate.Corrupted {
			return tr.Round, true
		}
	}
	return 0, false
}

// parted returns the first round after which some agent that is in both debates holds another answer in one than in the other,
// an answer that is carried forward included, or -1.
func parted(a, b *debate.Transcript) int {
	for round := 0; round <= max(a.LastRound(), b.LastRound()); round++ {
		x, y := standing(a, round), standing(b, round)
		for agent, answer := range x {
			if other, ok := y[agent]; ok && answer != other {
				return round
			}
		}
	}
	return -1
}

func standing(t *debate.Transcript, round int) map[string]debate.Answer {
	answers := map[string]debate.Answer{}
	for _, m := range t.Standing(round) {
		answers[m.From] = m.Answer
	}
	return answers
}
