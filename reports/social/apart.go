package social

import (
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
}

// Compare tells the changes of an arm apart by a control. The zero Apart has no pair of revisions.
func Compare(a, control *compact.Arm, level float64) Apart {
	var changed, spontaneous, social, harmful gather.Rate
	var excess gather.Pair
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
			changed.Add(here)
			spontaneous.Add(alone)
			excess.Add(here, alone)
			if !alone {
				social.Add(here)
				if here {
					harmful.Add(before == x.Key)
				}
			}
		}
	}, func() {
		for _, p := range []*gather.Rate{&changed, &spontaneous, &social, &harmful} {
			p.Flush()
		}
		excess.Flush()
	})
	return Apart{Control: control.Name, Changed: changed.Rate(level), Spontaneous: spontaneous.Rate(level), Excess: excess.Paired().Difference(level),
		Social: social.Rate(level), SocialHarmful: harmful.Rate(level)}
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
