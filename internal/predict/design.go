package predict

import (
	"fmt"

	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/debate"
	"cheaptalk/judges"
	"cheaptalk/reports/stats"
)

// World is what designs are predicted in. It does not change while it is used.
type World struct {
	Agents []Agent       // whom teams are made of
	Items  []debate.Item // of one data set
	Seed   uint64        // of the luck of every agent, as in an experiment, and of the draws
	// Draws is the number of draws of the parameters; 0 takes the profiles as they are, and intervals are of the simulation only.
	Draws   int
	Workers int // debates at the same time; 0 means one a processor. No number depends on it.
}

// Agent is a profile under the name that transcripts have for it.
type Agent struct {
	Name string // without the "#2" of copies
	File *profiles.File
}

// Design is one way of asking.
type Design struct {
	Team     []int  // indices in World.Agents, in the order of the seats
	Protocol string // one of [Protocols]
	Rounds   int    // debate rounds after the independent answers; 0 for the protocol independent
	Judge    string // who decides after the debate: one of [Judges]
}

// Calls returns how many replies a question costs.
func (d Design) Calls() int { return len(d.Team) * (1 + d.Rounds) }

// Vote returns the vote of the same agents at the same number of calls, without a debate: the team is gone round until so many have answered
// (self-consistency, Wang et al. 2022, arXiv 2203.11171).
func (d Design) Vote() Design {
	team := make([]int, d.Calls())
	for i := range team {
		team[i] = d.Team[i%len(d.Team)]
	}
	return Design{Team: team, Protocol: Protocols()[0], Judge: judges.NamePlurality}
}

// Labels names the agents of a team as a run does: copies are numbered.
func (w *World) Labels(team []int) []string {
	labels := make([]string, len(team))
	count := map[string]int{}
	for i, a := range team {
		labels[i] = w.Agents[a].Name
		if count[labels[i]]++; count[labels[i]] > 1 {
			labels[i] = fmt.Sprintf("%s#%d", labels[i], count[labels[i]])
		}
	}
	return labels
}

// Prediction is what is predicted of a design.
type Prediction struct {
	Design
	NotModelled string // why there are no numbers; "" where there are some

	Before     Estimate // accuracy of the vote over the independent answers
	After      Estimate // accuracy of the judge at the end
	Change     Estimate // After minus Before; zero where they are the same vote
	Single     Estimate // accuracy of an agent alone, the mean of the team
	Mean       Estimate // accuracy of an agent at the end, the mean of the team
	Harmful    Estimate // revisions from right to wrong, of all right answers
	Beneficial Estimate // revisions from wrong to right, of all wrong answers

	// Vote is the accuracy of [Design.Vote], and Gain After minus it. Only [World.Compare] fills them in, and not of a design that is that vote.
	Vote Estimate
	Gain Versus

	after []bitset // the questions that the group got right, by draw
}

// Versus is the paired difference of the accuracies of two predictions of one World.
type Versus struct {
	Estimate
	Counts stats.Difference // at the profiles' own parameters
}

// Minus returns p.After minus o.After. Both must be modelled.
func (p *Prediction) Minus(o *Prediction) Versus {
	e, counts := difference(p.after, o.after, p.After.N)
	return Versus{e, counts}
}

// Needed returns how many questions a run of both designs needs to find the difference with the power [stats.Power]; ok is false where the two
// are predicted to be the same.
func (v Versus) Needed() (questions float64, ok bool) { return stats.PairsNeeded(v.Counts, Level) }
