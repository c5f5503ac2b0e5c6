package belief

import (
	"fmt"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/internal/twin/alone"
	"cheaptalk/internal/twin/difficulty"
	"cheaptalk/internal/twin/steps"
)

// Evidence turns steps into situations: it knows what the independent answers say of each debate. It belongs to one goroutine.
type Evidence struct {
	*alone.Stage
	data         *steps.Data
	right, wrong [][]difficulty.Curve // by set and agent: ln p and ln(1-p)
	patterns     map[string]int
	posteriors   []posterior
}

// parts is the number of parts of equal weight into which a posterior of the difficulty is cut.
const parts = 8

// posterior is the distribution of the difficulty given the independent answers of a debate, cut into parts.
type posterior struct {
	set    int
	pieces []difficulty.Piece
}

// NewEvidence returns the evidence in the data, given what the agents are alone.
func NewEvidence(d *steps.Data, stage *alone.Stage) *Evidence {
	e := &Evidence{Stage: stage, data: d, patterns: map[string]int{}}
	for set := range stage.Sets {
		right, wrong := make([]difficulty.Curve, len(d.Agents)), make([]difficulty.Curve, len(d.Agents))
		for agent := range d.Agents {
			p, _ := stage.Grid.Known(stage.Ability(agent, set), 0)
			right[agent], wrong[agent] = p.Logs()
		}
		e.right, e.wrong = append(e.right, right), append(e.wrong, wrong)
	}
	return e
}

// Situation prepares a step with that history.
func (e *Evidence) Situation(step *steps.Step, h History) Situation {
	talk := &e.data.Debates[step.Talk]
	set, _ := slices.BinarySearch(e.Sets, talk.Set)
	s := Situation{Set: set, Pattern: e.pattern(set, talk), task: step.Task, key: step.Find(talk.Key), room: talk.Room(step), history: h}
	for _, o := range step.Table {
		s.table = append(s.table, place{float64(o.Heard), o.Sure, o.First})
	}
	s.kappa, s.rest = e.split(step.Agent, set, talk.Wrongs)
	return s
}

// Name returns what two situations have in common if and only if they are the same.
func (s *Situation) Name() string {
	return fmt.Sprint(s.Set, s.Pattern, s.task, s.table, s.key, s.room, s.kappa, s.rest, s.history)
}

// split returns the share of an agent's wrong answers that fall on the most tempting one and on each of the others.
func (e *Evidence) split(agent, set, wrongs int) (tempting, other float64) {
	if wrongs < 2 {
		return 1, 0
	}
	kappa := e.Of[agent][set].Concentration.Value
	return kappa, (1 - kappa) / float64(wrongs-1)
}

// pattern returns the index of the posterior of the difficulty given the independent answers of a debate.
func (e *Evidence) pattern(set int, talk *steps.Talk) int {
	right, wrong := make([]int, len(e.data.Agents)), make([]int, len(e.data.Agents))
	for _, a := range talk.First {
		switch debate.Grade(a.Said, talk.Key) {
		case debate.Correct:
			right[a.Agent]++
		case debate.Incorrect:
			wrong[a.Agent]++
		}
	}
	name := fmt.Sprint(set, right, wrong)
	i, ok := e.patterns[name]
	if !ok {
		i = len(e.posteriors)
		e.patterns[name] = i
		weight, _ := e.Grid.Posterior(e.right[set], e.wrong[set], right, wrong)
		e.posteriors = append(e.posteriors, posterior{set, difficulty.Cut(&weight, parts)})
	}
	return i
}

// Known returns the means of p(d; δ) of the agent in the parts of each posterior that is used, and their derivatives by δ; loss is by set.
func (e *Evidence) Known(agent int, used []int, loss []float64) (p, slope map[int][]float64) {
	p, slope = make(map[int][]float64, len(used)), make(map[int][]float64, len(used))
	curves, slopes := make([]difficulty.Curve, len(e.Sets)), make([]difficulty.Curve, len(e.Sets))
	for set := range e.Sets {
		curves[set], slopes[set] = e.Grid.Known(e.Ability(agent, set), loss[set])
	}
	room := make([]float64, 2*parts*len(used))
	for i, pattern := range used {
		at := room[2*parts*i:][:2*parts]
		post := &e.posteriors[pattern]
		for _, c := range post.pieces {
			at[c.Part] += c.Weight * curves[post.set][c.Node]
			at[parts+c.Part] += c.Weight * slopes[post.set][c.Node]
		}
		for j := range parts {
			at[j] = difficulty.Inside(at[j])
		}
		p[pattern], slope[pattern] = at[:parts], at[parts:]
	}
	return p, slope
}
