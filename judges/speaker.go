package judges

import (
	"context"

	"cheaptalk/debate"
)

// Speaker is an agent that hears every agent's last reply, in team order, and speaks last: its answer is the group's.
// With the task debate.Aggregate it is the aggregation of AggLM (Zhao et al. 2025) by prompt alone: the paper's trained
// aggregator is not part of it. The words are the agent's, its calls and tokens are counted like anyone's.
type Speaker struct {
	Agent debate.Agent
	Brief debate.Brief
}

// Name returns [NameAggLM].
func (j Speaker) Name() string { return NameAggLM }

// Decide asks the agent.
func (j Speaker) Decide(ctx context.Context, t *debate.Transcript, say func(string)) (debate.Verdict, error) {
	m := debate.Message{Seq: len(t.Messages), Round: t.LastRound() + 1, From: j.Agent.Name(), Brief: j.Brief}
	heard := t.Standing(t.LastRound())
	for _, h := range heard {
		m.Heard = append(m.Heard, h.Seq)
	}
	reply, err := j.Agent.Reply(ctx, debate.Turn{
		Question: t.Question, Round: m.Round, Brief: j.Brief, Heard: heard, Say: say,
	})
	if err != nil {
		return debate.Verdict{}, err
	}
	m.Reply = reply
	why := "read " + describe(debate.Tally(heard, nil))
	return debate.Verdict{Answer: reply.Answer, Reply: &m, Usage: reply.Usage, Why: why}, nil
}

// Named is a judge under a name of its own, for when the same judge decides twice under different rules.
type Named struct {
	debate.Judge
	Label string
}

// Name returns the label.
func (j Named) Name() string { return j.Label }
