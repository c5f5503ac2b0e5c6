package social

import (
	"cheaptalk/debate"
	"cheaptalk/reports/compact"
	"cheaptalk/reports/gather"
	"cheaptalk/reports/stats"
)

// Apart tells social changes of answers from spontaneous ones: each agent's first revision in the arm beside the same agent's, from the same first answer to the
// same question, in an arm where nobody hears anyone (Hao et al. 2026, arXiv 2606.00820, whose full text was not at hand). Hao's third source, what reasons add to
// bare stances, takes an arm of bare stances, which there is not: Social holds conformity and persuasion together.
type Apart struct {
	Control string     `json:"control"` // the arm in which nobody hears anyone
	Changed stats.Rate `json:"changed"` // answers that changed after hearing others
	// Spontaneous is the share that changed in the control, where nobody was heard.
	Spontaneous stats.Rate `json:"spontaneous"`
	// Excess is Changed minus Spontaneous, paired.
	Excess stats.Difference `json:"excess"`
	// Social is, of the answers that were kept in the control, the share that changed after hearing others, and SocialHarmful of those changes the
	// share that left the right answer.
	Social        stats.Rate `json:"social"`
	SocialHarmful stats.Rate `json:"social_harmful"`
	// Harmful is of the right first answers, and the flips are to an incorrect one; Beneficial of the incorrect ones, and to a right one.
	Harmful    Flips `json:"harmful"`
	Beneficial Flips `json:"beneficial"`
}

// Flips are those of the same first answers with and without others, and what hearing them adds.
type Flips struct {
	Heard  stats.Rate       `json:"heard"`  // after hearing others
	Alone  stats.Rate       `json:"alone"`  // in the control
	Excess stats.Difference `json:"excess"` // Heard minus Alone, paired
}

// pairs gathers what the same first answers came to with and without others.
type pairs struct {
	heard, alone gather.Rate
	excess       gather.Pair
}

func (p *pairs) add(heard, alone bool) {
	p.heard.Add(heard)
	p.alone.Add(alone)
	p.excess.Add(heard, alone)
}

func (p *pairs) flush() {
	p.heard.Flush()
	p.alone.Flush()
	p.excess.Flush()
}

func (p *pairs) flips(level float64) Flips {
	return Flips{Heard: p.heard.Rate(level), Alone: p.alone.Rate(level), Excess: p.excess.Paired().Difference(level)}
}

// Compare tells the changes of an arm apart by a control. The zero Apart has no pair of revisions.
func Compare(a, control *compact.Arm, level float64) Apart {
	var changed, lost, won pairs
	var social, harmful gather.Rate
	var x, y compact.Debate
	compact.Both(a, control, func(r, s *compact.Row) {
		a.Open(r, &x)
		control.Open(s, &y)
		for i := range x.Messages {
			first := &x.Messages[i]
			if !firstRevision(&x, first) || first.Round != 1 || len(first.Read) == 0 {
				continue
			}
			second := firstOf(&y, control.Agents, a.Agents[first.Agent])
			if second == nil {
				continue
			}
			before, other := x.Messages[first.Previous].Answer, y.Messages[second.Previous].Answer
			if compact.Grade(before, x.Key) != compact.Grade(other, y.Key) {
				continue // the arms do not share this first answer. Marks of two debates cannot be compared, grades can
			}
			here, alone := first.Answer != before, second.Answer != other
			changed.add(here, alone)
			to, toAlone := compact.Grade(first.Answer, x.Key), compact.Grade(second.Answer, y.Key)
			switch compact.Grade(before, x.Key) {
			case debate.Correct:
				lost.add(to == debate.Incorrect, toAlone == debate.Incorrect)
			case debate.Incorrect:
				won.add(to == debate.Correct, toAlone == debate.Correct)
			}
			if !alone {
				social.Add(here)
				if here {
					harmful.Add(before == x.Key)
				}
			}
		}
	}, func() {
		for _, p := range []*pairs{&changed, &lost, &won} {
			p.flush()
		}
		social.Flush()
		harmful.Flush()
	})
	all := changed.flips(level)
	return Apart{Control: control.Name, Changed: all.Heard, Spontaneous: all.Alone, Excess: all.Excess,
		Social: social.Rate(level), SocialHarmful: harmful.Rate(level), Harmful: lost.flips(level), Beneficial: won.flips(level)}
}

// firstRevision reports whether the message revises an agent's first reply, of round 0.
func firstRevision(d *compact.Debate, m *compact.Said) bool {
	return !m.Failed && m.Revision() && d.Messages[m.Previous].Round == 0 && d.Messages[m.Previous].Previous < 0
}

// firstOf returns the first revision of the agent of that name if it is of round 1, or nil.
func firstOf(d *compact.Debate, names []string, name string) *compact.Said {
	for i := range d.Messages {
		if m := &d.Messages[i]; names[m.Agent] == name && m.Round == 1 && firstRevision(d, m) {
			return m
		}
	}
	return nil
}
