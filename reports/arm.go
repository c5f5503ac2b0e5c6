package reports

import (
	"math"

	"cheaptalk/debate"
	"cheaptalk/reports/compact"
)

// analyzeArm gathers the rows of an arm, which are in the order of their cases, and makes its rates.
func analyzeArm(a *compact.Arm, level float64) Arm {
	out := Arm{Name: a.Name, Simulated: a.Simulated, Independent: a.Independent(), Agents: a.Team()}
	last := 0 // the greatest round
	for i := range a.Rows {
		r := &a.Rows[i]
		if r.Failed {
			continue
		}
		messages := a.Messages(r)
		last = max(last, int(messages[len(messages)-1].Round))
		if out.Primary == "" && len(a.Verdicts(r)) > 0 {
			out.Primary = a.Judges[a.Verdicts(r)[0].Judge]
		}
	}
	p := armPools{
		rounds: make([]roundPools, last+1), members: make([]memberPools, len(a.Agents)), judges: make([]judgePools, len(a.Judges)),
	}
	best := compact.NewSingles(a)
	standing := make([]compact.Mark, len(a.Agents))
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
		p.debate(a, r, &out, standing)
		if right, ok := best.Right(r); ok {
			p.best.add(right)
		}
	}
	p.flush()
	p.finish(a, &out, level)
	return out
}

// debate gathers one debate. standing is scratch space, one cell an agent of the arm.
func (p *armPools) debate(a *compact.Arm, r *compact.Row, out *Arm, standing []compact.Mark) {
	out.Cost.Calls += float64(r.Calls)
	out.Cost.PromptTokens += float64(r.Prompt)
	out.Cost.CompletionTokens += float64(r.Completion)

	before := a.VoteBefore(r)
	oracle := p.walk(a, r, out, before, standing)
	right := before.Answer == r.Key
	p.oracle.add(oracle)
	p.before.add(right)
	if before.Tied {
		out.BeforeTied++
	}

	verdicts := a.Verdicts(r)
	for _, v := range verdicts {
		j := &p.judges[v.Judge]
		switch {
		case v.Failed:
			j.failed++
			continue
		case v.Answer == 0:
			j.abstained++
		}
		j.rate.add(v.Answer == r.Key)
		if v.Tied {
			j.tied++
		}
	}
	if len(verdicts) > 0 && verdicts[0].Failed {
		out.Failed++
		return
	}
	out.Debates++
	if len(verdicts) == 0 {
		return
	}
	after := verdicts[0]
	p.after.add(after.Answer == r.Key)
	p.change.add(after.Answer == r.Key, right)
	p.gap.add(oracle, after.Answer == r.Key)
	if after.Tied {
		out.Tied++
	}
	if after.Answer == 0 {
		out.Unreadable++
	}
	if right {
		p.loss.add(after.Answer != r.Key)
	} else {
		p.recovery.add(after.Answer == r.Key)
		if oracle {
			p.minority.add(after.Answer == r.Key)
		}
	}
	if after.Answer != before.Answer {
		out.Changed++
		switch r.Key {
		case before.Answer:
			out.Worse++
		case after.Answer:
			out.Better++
		}
	}
}

// unsaid marks, in standing, an agent that has given no reply yet.
const unsaid = math.MaxUint16

// walk goes through the messages round by round and reports whether a round-0 answer was right.
func (p *armPools) walk(a *compact.Arm, r *compact.Row, out *Arm, before compact.Decision, standing []compact.Mark) (oracle bool) {
	for i := range standing {
		standing[i] = unsaid
	}
	messages := a.Messages(r)
	for round := range p.rounds {
		at := &p.rounds[round]
		asked := 0
		for ; len(messages) > 0 && int(messages[0].Round) == round; messages = messages[1:] {
			m := &messages[0]
			asked++
			if !m.Failed {
				p.reply(m, r, out)
				standing[m.Agent] = m.Answer
			}
		}
		if asked > 0 {
			at.debating++
			at.asked += asked
		}
		vote := at.state(r, standing)
		if round == 0 {
			vote = before.Answer
		}
		at.vote.add(vote == r.Key)
		for _, answer := range standing {
			oracle = oracle || round == 0 && answer == r.Key
		}
	}
	for agent, answer := range standing {
		if answer != unsaid {
			p.members[agent].final.add(answer == r.Key)
		}
	}
	p.confidence(a.Messages(r), r.Key, standing)
	return oracle
}

// confidence gathers the last reply of each agent. It uses up standing.
func (p *armPools) confidence(messages []compact.Said, key compact.Mark, standing []compact.Mark) {
	for i := len(messages) - 1; i >= 0; i-- {
		m := &messages[i]
		if m.Failed || standing[m.Agent] == unsaid {
			continue
		}
		standing[m.Agent] = unsaid
		if stated, ok := m.Confidence(); ok {
			p.members[m.Agent].last.Add(stated, m.Answer == key)
		}
	}
}

// reply gathers one reply.
func (p *armPools) reply(m *compact.Said, r *compact.Row, out *Arm) {
	member := &p.members[m.Agent]
	right := m.Answer == r.Key
	if m.Round == 0 {
		p.single.add(right)
		member.single.add(right)
		if stated, ok := m.Confidence(); ok {
			member.first.Add(stated, right)
		}
	}
	if !m.Revision {
		return
	}
	from, to := compact.Grade(m.Before, r.Key), compact.Grade(m.Answer, r.Key)
	moved := from == debate.Incorrect && to == debate.Incorrect && m.Before != m.Answer
	p.revisions.add(from, to, moved)
	member.revisions.add(from, to, moved)
	p.rounds[m.Round].revisions.add(from, to, moved)
	if from != debate.Correct || m.Peers == 0 {
		return
	}
	out.Readers = max(out.Readers, int(m.Peers))
	for len(p.conformity) <= int(m.Peers) {
		p.conformity = append(p.conformity, pool{})
	}
	p.conformity[m.Agreeing].add(to == debate.Incorrect)
	if to == debate.Incorrect {
		p.swayed.add(m.Unanimous)
	}
}

// state gathers how the agents stand after a round and returns their plurality.
func (p *roundPools) state(r *compact.Row, standing []compact.Mark) compact.Mark {
	var readable []compact.Mark
	replies, oracle := 0, false
	for _, answer := range standing {
		if answer == unsaid {
			continue
		}
		replies++
		p.mean.add(answer == r.Key)
		oracle = oracle || answer == r.Key
		if answer != 0 {
			readable = append(readable, answer)
		}
	}
	p.oracle.add(oracle)
	agree, entropy := len(readable) == int(r.Team), 0.0
	for _, answer := range readable {
		same := 0
		for _, other := range readable {
			if other == answer {
				same++
			}
		}
		agree = agree && same == len(readable)
		// Each of the same answers adds its part of -q ln q.
		entropy -= math.Log(float64(same)/float64(len(readable))) / float64(len(readable))
	}
	p.consensus.add(agree)
	p.entropy += entropy
	vote, _ := compact.Plurality(readable)
	return vote
}
