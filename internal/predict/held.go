package predict

import (
	"fmt"
	"slices"
	"strings"

	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/debate"
	"cheaptalk/judges"
	"cheaptalk/protocols"
)

// Protocols names those that the model can hold, in the order of tables.
func Protocols() []string {
	return []string{
		protocols.Independent{}.Name(), protocols.SelfRevision{}.Name(), protocols.Naive{}.Name(),
		protocols.ConfidenceWeighted{}.Name(), protocols.ConsensusPenalized{}.Name(),
	}
}

// Judges names those that the model can hold: they count answers, and read no argument.
func Judges() []string {
	return []string{judges.NamePlurality, judges.NameConfidence, judges.NameTrajectory}
}

// protocol returns the protocol of a design, or nil where there is none of that name.
func protocol(name string, rounds int) debate.Protocol {
	s := protocols.Schedule{Rounds: rounds}
	for _, p := range []debate.Protocol{protocols.Independent{}, protocols.SelfRevision{Schedule: s}, protocols.Naive{Schedule: s},
		protocols.ConfidenceWeighted{Schedule: s}, protocols.ConsensusPenalized{Schedule: s}} {
		if p.Name() == name {
			return p
		}
	}
	return nil
}

// NotModelled says why no number can be predicted of a design, and "" where one can. The rule:
//
//   - The protocol and the judge must work by answers, confidences and who hears whom. What works by the content of arguments (AggLM, recorded words) is
//     not modelled.
//   - Every agent must have an ability for the data set of the questions; abilities for other sets are not passed on. The sets named "choice" and "number"
//     ask for the profile's ability on any other set.
//   - confidence-weighted needs a confidence_weight, consensus-penalized a critique_own and a critique_discount, that were fitted or have a stated spread:
//     they are in the covariance or among the standard errors of every profile. A bare default is neither.
//   - The judge confidence-weighted needs overconfidence, insight and jitter in the same way: it counts stated confidence.
//   - A debate needs two agents.
func (w *World) NotModelled(d Design) string {
	if protocol(d.Protocol, 1) == nil {
		return fmt.Sprintf("the protocol %s works by the content of what is said", d.Protocol)
	}
	if !slices.Contains(Judges(), d.Judge) {
		return fmt.Sprintf("the judge %s works by the content of what is said", d.Judge)
	}
	if len(d.Team) < 2 && d.Rounds > 0 && d.Protocol != (protocols.SelfRevision{}).Name() {
		return "one agent alone has nobody to hear"
	}
	var needs []string
	switch d.Protocol {
	case protocols.ConfidenceWeighted{}.Name():
		needs = []string{"confidence_weight"}
	case protocols.ConsensusPenalized{}.Name():
		needs = []string{"critique_own", "critique_discount"}
	}
	if d.Judge == judges.NameConfidence {
		needs = append(needs, "overconfidence", "insight", "jitter")
	}
	set := w.Items[0].Question.Set()
	if names := w.lacking(d.Team, func(f *profiles.File) bool { return able(f, set) }); names != "" {
		return fmt.Sprintf("%s: no ability for %s", names, set)
	}
	for _, name := range needs {
		if names := w.lacking(d.Team, func(f *profiles.File) bool { return known(f, name) }); names != "" {
			return fmt.Sprintf("%s of %s is neither fitted nor has a stated spread", name, names)
		}
	}
	return ""
}

// lacking names the agents of a team whose profiles do not have something.
func (w *World) lacking(team []int, has func(*profiles.File) bool) string {
	var names []string
	for _, i := range slices.Compact(slices.Sorted(slices.Values(team))) {
		if a := &w.Agents[i]; !has(a.File) {
			names = append(names, a.Name)
		}
	}
	return strings.Join(names, ", ")
}

// able reports whether a profile has an ability of its own for a data set.
func able(f *profiles.File, set string) bool {
	if _, ok := f.Profile.Abilities[set]; ok {
		return true
	}
	return set == AnyChoice && f.Profile.Choice.Accuracy > 0 || set == AnyNumber && f.Profile.Number.Accuracy > 0
}

// known reports whether a parameter was fitted or has a stated spread.
func known(f *profiles.File, name string) bool {
	return f.StandardErrors[name] > 0 || slices.Contains(f.Covariance.Of, name)
}

// Notes says what a reader of the predictions must know of the profiles.
func (w *World) Notes(designs []Design) []string {
	var notes []string
	for i := range w.Agents {
		a := &w.Agents[i]
		if len(a.File.Covariance.Of) == 0 {
			notes = append(notes, fmt.Sprintf("%s has no covariance: its parameters are taken as if they were known exactly, and intervals are of the simulation only", a.Name))
		}
		confident := slices.ContainsFunc(designs, func(d Design) bool {
			return d.Protocol == protocols.ConfidenceWeighted{}.Name() && slices.Contains(d.Team, i) && w.NotModelled(d) == ""
		})
		if confident && !(known(a.File, "overconfidence") && known(a.File, "insight") && known(a.File, "jitter")) {
			notes = append(notes, fmt.Sprintf("the confidence that %s states is assumed, not fitted: what is predicted of the protocol confidence-weighted rests on it", a.Name))
		}
	}
	return notes
}
