package calibrate

import (
	"slices"

	"cheaptalk/agents/simulated"
	"cheaptalk/internal/calibrate/figures"
	"cheaptalk/internal/calibrate/moments"
)

// kinds says which tasks are choices and which are numbers, and who is seen on them.
type kinds struct {
	of   [2]struct{ tasks []string } // choices, numbers
	seen map[[2]string]bool          // model and task
}

var kindNames = [2]string{"choice", "number"}

func tasksOf(rows []figures.Row, models []string) kinds {
	k := kinds{seen: map[[2]string]bool{}}
	for _, row := range rows {
		i := 0
		if row.Choices == 0 {
			i = 1
		}
		if !slices.Contains(k.of[i].tasks, row.Task) {
			k.of[i].tasks = append(k.of[i].tasks, row.Task)
		}
		for _, m := range row.Team {
			k.seen[[2]string{m, row.Task}] = true
		}
	}
	return k
}

// on returns the tasks of a kind on which a model is seen.
func (k kinds) on(kind int, model string) (tasks []string) {
	for _, t := range k.of[kind].tasks {
		if k.seen[[2]string{model, t}] {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// finish gives a profile its accuracy on tasks that are not in the table: on choices the mean over the tasks with choices, on numbers likewise,
// and on what it was not seen on that on the other. The other parameters are those that these tasks share.
func (k kinds) finish(p *simulated.Profile) {
	var mean [2]float64
	for kind := range k.of {
		tasks := k.on(kind, p.Model())
		for _, t := range tasks {
			mean[kind] += p.Abilities[t].Accuracy / float64(len(tasks))
		}
	}
	for kind := range mean {
		if len(k.on(kind, p.Model())) == 0 {
			mean[kind] = mean[1-kind]
		}
	}
	p.Choice.Accuracy, p.Number.Accuracy = moments.Round(mean[0]), moments.Round(mean[1])
}

// reach returns the abilities that a parameter of a kind of task is of: those tasks, all others of the kind, and all others of the other kind
// where the model was not seen on it.
func (k kinds) reach(kind int, model string) []string {
	tasks := k.on(kind, model)
	if len(tasks) == 0 {
		return nil
	}
	tasks = append(tasks, kindNames[kind])
	if len(k.on(1-kind, model)) == 0 {
		tasks = append(tasks, kindNames[1-kind])
	}
	return tasks
}

// What is held beforehand, on the unconstrained scales: the same for all models. The weight of a peer is held more tightly than the rest:
// votes of three hardly tell it, and where it was measured, peers count for their answers (De Marzo et al. 2026, arXiv 2605.10721; Qu, Fu and
// Hu 2026, arXiv 2606.01637). A weight below 0 would be carried to larger teams.
var beforehand = map[string][2]float64{
	"accuracy": {0, 3}, "consistency": {1, 1}, "loss": {0.2, 0.3}, "pull": {0, 0.5},
	"own_weight": {1.5, 1}, "peer_weight": {0.5, 0.25}, "redraw": {-1.4, 0.5},
}

// Wrong answers coincide on choices and hardly on free numbers.
var concentration = [2]float64{0.5, -2.5}

// voteKnobs adds the knobs of Votes.
func voteKnobs(p *moments.Problem, models []string, k kinds) {
	add := func(name, parameter string, at []moments.Place) {
		p.Add(name, beforehand[parameter][0], beforehand[parameter][1], at...)
	}
	for kind, word := range kindNames {
		var wrongs, pull []moments.Place
		for i, m := range models {
			if reach := k.reach(kind, m); reach != nil {
				wrongs = append(wrongs, p.Places(i, "concentration", reach...)...)
				pull = append(pull, p.Places(i, "pull", reach...)...)
			}
		}
		if len(wrongs) > 0 {
			p.Add("concentration of wrong answers ("+word+")", concentration[kind], 1, wrongs...)
			add("pull of the right answer ("+word+")", "pull", pull)
		}
	}
	for i, m := range models {
		for kind, word := range kindNames {
			reach := k.reach(kind, m)
			if reach == nil {
				continue
			}
			for _, par := range []string{"consistency", "loss"} {
				add(m+" "+par+" ("+word+")", par, p.Places(i, par, reach...))
			}
			for _, task := range k.on(kind, m) {
				add(m+" "+task+" accuracy", "accuracy", p.Places(i, "accuracy", task))
			}
		}
		for _, par := range []string{"own_weight", "peer_weight", "redraw"} {
			add(m+" "+par, par, p.Places(i, par))
		}
	}
}
