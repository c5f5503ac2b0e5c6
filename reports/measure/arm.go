package measure

import (
	"cheaptalk/debate"
	"cheaptalk/reports/compact"
)

// Options says how to measure.
type Options struct {
	Level  float64 // of every interval, in (0,1)
	Margin float64 // the difference in accuracy that does not matter, in (0,1)
}

// Rows measures an arm by its rows, which are in the order of their cases. It does not fill in Arm.SelfConsistency and Arm.Apart, which take other arms.
func Rows(a *compact.Arm, opts Options) Arm {
	out := Arm{Name: a.Name, Simulated: a.Simulated, Independent: a.Independent(), Agents: a.Team(), Primary: a.Primary()}
	p := newPools(a)
	best := compact.NewSingles(a)
	var d compact.Debate
	for i := range a.Rows {
		r := &a.Rows[i]
		if i == 0 || a.Rows[i-1].Question != r.Question {
			out.Questions++
			p.flush()
			best.LeaveOut(i)
		}
		if r.Failed {
			out.Failed++
			continue
		}
		a.Open(r, &d)
		p.debate(&d, r, &out)
		if right, ok := best.Right(&d); ok {
			p.best.Add(right)
		}
	}
	p.flush()
	p.finish(a, &out, opts)
	return out
}

// debate gathers one debate.
func (p *armPools) debate(d *compact.Debate, r *compact.Row, out *Arm) {
	out.Cost.Calls += float64(r.Calls)
	out.Cost.PromptTokens += float64(r.Prompt)
	out.Cost.CompletionTokens += float64(r.Completion)

	before := d.VoteBefore()
	oracle, last, some := p.walk(d, before.Answer)
	right := before.Answer == d.Key
	p.oracle.Add(oracle)
	p.before.Add(right)
	if before.Tied {
		out.BeforeTied++
	}
	for _, v := range d.Verdicts {
		p.verdicts.Add(d, v, last, some)
	}
	if !r.Decided {
		out.Failed++
		return
	}
	out.Debates++
	if len(d.Verdicts) == 0 {
		return
	}
	after := d.Verdicts[0]
	p.after.Add(after.Answer == d.Key)
	p.change.Add(after.Answer == d.Key, right)
	p.gap.Add(oracle, after.Answer == d.Key)
	if after.Tied {
		out.Tied++
	}
	if after.Answer == 0 {
		out.Unreadable++
	}
	if right {
		p.loss.Add(after.Answer != d.Key)
	} else {
		p.recovery.Add(after.Answer == d.Key)
		if oracle {
			p.minority.Add(after.Answer == d.Key)
		}
	}
	if after.Answer != before.Answer {
		out.Changed++
		switch d.Key {
		case before.Answer:
			out.Worse++
		case after.Answer:
			out.Better++
		}
	}
}

// walk goes through the messages round by round. It reports whether a round-0 answer was right, the plurality of the last answers, and whether one of these is right.
func (p *armPools) walk(d *compact.Debate, before compact.Mark) (oracle bool, vote compact.Mark, some bool) {
	for i := range p.standing {
		p.standing[i] = unsaid
	}
	next := 0
	torn, differ := false, false // they disagreed with someone right after some round; they disagree now
	for round := range p.rounds {
		at := &p.rounds[round]
		asked := 0
		torn = torn || some && differ
		for ; next < len(d.Messages) && int(d.Messages[next].Round) == round; next++ {
			m := &d.Messages[next]
			asked++
			if !m.Failed {
				p.reply(d, m)
				p.standing[m.Agent] = m.Answer
			}
		}
		if asked > 0 {
			at.debating++
			at.asked += asked
		}
		vote, some, differ = p.state(d, at)
		if round == 0 {
			oracle = some
			at.vote.Add(before == d.Key)
		} else {
			at.vote.Add(vote == d.Key)
		}
	}
	if torn {
		p.social.Collapse(!differ && len(p.readable) == d.Team && !some)
	}
	for agent, answer := range p.standing {
		if answer != unsaid {
			p.members[agent].final.Add(answer == d.Key)
		}
	}
	p.confidence(d)
	return oracle, vote, some
}

// confidence gathers the last reply of each agent. It uses up standing.
func (p *armPools) confidence(d *compact.Debate) {
	for i := len(d.Messages) - 1; i >= 0; i-- {
		m := &d.Messages[i]
		if m.Failed || p.standing[m.Agent] == unsaid {
			continue
		}
		p.standing[m.Agent] = unsaid
		if stated, ok := m.Confidence(); ok {
			p.members[m.Agent].last.Add(stated, m.Answer == d.Key)
		}
	}
}

// reply gathers one reply.
func (p *armPools) reply(d *compact.Debate, m *compact.Said) {
	member, at := &p.members[m.Agent], &p.rounds[m.Round]
	right := m.Answer == d.Key
	stated, sure := m.Confidence()
	if sure {
		at.confidence.Add(stated, right)
	}
	if m.Round == 0 {
		p.single.Add(right)
		member.single.Add(right)
		if sure {
			member.first.Add(stated, right)
		}
	}
	if !m.Revision() {
		return
	}
	before := d.Messages[m.Previous].Answer
	from, to := compact.Grade(before, d.Key), compact.Grade(m.Answer, d.Key)
	moved := from == debate.Incorrect && to == debate.Incorrect && before != m.Answer
	p.revisions.Add(from, to, moved)
	member.revisions.Add(from, to, moved)
	at.revisions.Add(from, to, moved)
	p.social.Revision(d, m)
}
