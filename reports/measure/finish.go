package measure

import (
	"cmp"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/reports/compact"
	"cheaptalk/reports/gather"
	"cheaptalk/reports/stats"
)

// finish makes the rates of an arm from what was gathered.
func (p *armPools) finish(a *compact.Arm, out *Arm, opts Options) {
	level := opts.Level
	out.Single, out.BestSingle, out.Oracle = p.single.Rate(level), p.best.Rate(level), p.oracle.Rate(level)
	out.Before, out.After = p.before.Rate(level), p.after.Rate(level)
	out.Change, out.OracleGap = p.change.Paired().Difference(level), p.gap.Paired().Difference(level)
	out.Decision = Decide(p.change.Paired(), opts, a.Name)
	out.Recovery, out.MinorityCorrection, out.MajorityLoss = p.recovery.Rate(level), p.minority.Rate(level), p.loss.Rate(level)
	out.Revisions = revisions(&p.revisions, level)
	if all := float64(out.After.N + out.Failed); all > 0 {
		out.WorstCase = float64(out.After.K) / all
		out.BestCase = float64(out.After.K+out.Failed) / all
	}
	finished := float64(max(out.Oracle.N, 1))
	out.Cost.Calls /= finished
	out.Cost.PromptTokens /= finished
	out.Cost.CompletionTokens /= finished

	for round := range p.rounds {
		out.Rounds = append(out.Rounds, p.rounds[round].finish(round, len(p.rounds), a.Name, level))
	}
	for i, name := range a.Agents {
		m := &p.members[i]
		out.Members = append(out.Members, Member{
			Name: name, Single: m.single.Rate(level), Final: m.final.Rate(level),
			Revisions: revisions(&m.revisions, level), First: Of(&m.first, level), Last: Of(&m.last, level),
		})
	}
	slices.SortFunc(out.Members, func(x, y Member) int { return cmp.Compare(x.Name, y.Name) })
	out.Members = slices.DeleteFunc(out.Members, func(m Member) bool { return m.Final.N == 0 })
	out.Judges = p.verdicts.Judges(a.Judges, out.Primary, level)
	out.Readers = p.social.Readers()
	out.Peers, out.Conformity, out.Influence = p.social.Peers(level), p.social.Agreeing(level), p.social.Influence(level)
	out.Sway = p.social.Sway(a.Agents)
}

// finish makes the rates of a round, one of so many.
func (p *roundPools) finish(round, rounds int, arm string, level float64) Round {
	states := float64(max(p.states, 1))
	out := Round{
		Round: round, Debating: p.debating, Asked: p.asked,
		Mean: p.mean.Rate(level), Vote: p.vote.Rate(level), Oracle: p.oracle.Rate(level), Consensus: p.consensus.Rate(level), Unreadable: p.unreadable,
		Entropy: p.entropy / states, Distinct: p.distinct / states, Agreement: p.agreement / states,
		Revisions: revisions(&p.revisions, level), Confidence: Of(&p.confidence, level),
	}
	if round == 0 || round == rounds-1 {
		out.Votes = p.panel.Votes(level, bootstrapSeed(arm, "votes"))
	}
	return out
}

// revisions makes the plain form.
func revisions(p *gather.Revisions, level float64) Revisions {
	out := Revisions{Matrix: p.Matrix, Harmful: p.Harmful.Rate(level), Beneficial: p.Beneficial.Rate(level), Lost: p.Lost.Rate(level)}
	n := &p.Matrix.N
	right := n[debate.Correct][0] + n[debate.Correct][1] + n[debate.Correct][2]
	lost := right - n[debate.Correct][debate.Correct]
	won := n[debate.Incorrect][debate.Correct] + n[debate.Unreadable][debate.Correct]
	if other := p.Matrix.Total() - right; right > 0 && other > 0 {
		out.BreakEven.Needed = float64(right) / float64(other)
		if lost > 0 {
			out.BreakEven.Ratio = (float64(won) / float64(other)) / (float64(lost) / float64(right))
		}
	}
	return out
}

// Of makes the plain form of how some confidence fares.
func Of(c *stats.Confidence, level float64) Confidence {
	out := Confidence{N: c.N(), ECE: c.ECE(), Brier: c.Brier(), Bins: c.Bins(level)}
	out.Mean, out.Accuracy = c.Mean()
	return out
}

// Decide says what a paired difference, of a treatment and what it is compared with, lets one decide, and what it would take to decide more.
func Decide(p *stats.Paired, opts Options, names ...string) Decision {
	d := p.Difference(opts.Level)
	out := Decision{Bootstrap: p.Bootstrap(opts.Level, bootstrapSeed(names...)), Equivalence: p.Equivalence(opts.Margin, opts.Level), Questions: p.Clusters()}
	if odds, ok := d.Odds(opts.Level); ok {
		out.Odds = &odds
	}
	out.Detectable, _ = stats.Detectable(d, opts.Level)
	if pairs, ok := stats.PairsNeeded(d, opts.Level); ok {
		out.Needed = pairs * float64(p.Clusters()) / float64(d.N) // as many debates a question as here
	}
	return out
}

// bootstrapSeed returns the seed of a bootstrap: the same report has the same intervals.
func bootstrapSeed(names ...string) uint64 {
	return debate.DeriveSeed(0, append([]string{"bootstrap"}, names...)...)
}
