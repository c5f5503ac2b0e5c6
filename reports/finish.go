package reports

import (
	"cmp"
	"slices"

	"cheaptalk/reports/compact"
	"cheaptalk/reports/stats"
)

// finish makes the rates of an arm from what was gathered.
func (p *armPools) finish(a *compact.Arm, out *Arm, level float64) {
	out.Single, out.BestSingle, out.Oracle = p.single.sum.Rate(level), p.best.sum.Rate(level), p.oracle.sum.Rate(level)
	out.Before, out.After = p.before.sum.Rate(level), p.after.sum.Rate(level)
	out.Change, out.OracleGap = p.change.sum.Difference(level), p.gap.sum.Difference(level)
	out.Recovery, out.MinorityCorrection = p.recovery.sum.Rate(level), p.minority.sum.Rate(level)
	out.MajorityLoss, out.Swayed = p.loss.sum.Rate(level), p.swayed.sum.Rate(level)
	out.Revisions = p.revisions.revisions(level)
	if all := float64(out.After.N + out.Failed); all > 0 {
		out.WorstCase = float64(out.After.K) / all
		out.BestCase = float64(out.After.K+out.Failed) / all
	}
	finished := float64(max(p.oracle.sum.Rate(level).N, 1))
	out.Cost.Calls /= finished
	out.Cost.PromptTokens /= finished
	out.Cost.CompletionTokens /= finished

	for round := range p.rounds {
		at := &p.rounds[round]
		out.Rounds = append(out.Rounds, Round{
			Round: round, Debating: at.debating, Asked: at.asked,
			Mean: at.mean.sum.Rate(level), Vote: at.vote.sum.Rate(level), Oracle: at.oracle.sum.Rate(level),
			Consensus: at.consensus.sum.Rate(level), Entropy: at.entropy / finished, Revisions: at.revisions.revisions(level),
		})
	}
	for i, name := range a.Agents {
		m := &p.members[i]
		out.Members = append(out.Members, Member{
			Name: name, Single: m.single.sum.Rate(level), Final: m.final.sum.Rate(level),
			Revisions: m.revisions.revisions(level), First: confidence(&m.first), Last: confidence(&m.last),
		})
	}
	slices.SortFunc(out.Members, func(x, y Member) int { return cmp.Compare(x.Name, y.Name) })
	out.Members = slices.DeleteFunc(out.Members, func(m Member) bool { return m.Final.N == 0 })
	for i, name := range a.Judges {
		j := &p.judges[i]
		out.Judges = append(out.Judges, Judge{
			Name: name, Primary: name == out.Primary, Rate: j.rate.sum.Rate(level), Tied: j.tied, Abstained: j.abstained, Failed: j.failed,
		})
	}
	slices.SortFunc(out.Judges, func(x, y Judge) int { return cmp.Compare(x.Name, y.Name) })
	for agreeing := range p.conformity {
		if rate := p.conformity[agreeing].sum.Rate(level); rate.N > 0 {
			out.Conformity = append(out.Conformity, Conformity{Agreeing: agreeing, Harmful: rate})
		}
	}
}

// confidence makes the plain form.
func confidence(c *stats.Confidence) Confidence {
	out := Confidence{N: c.N(), ECE: c.ECE(), Brier: c.Brier()}
	out.Mean, out.Accuracy = c.Mean()
	return out
}
