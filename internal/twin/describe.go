package twin

import (
	"fmt"
	"math"
	"slices"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/twin/alone"
	"cheaptalk/internal/twin/belief"
	"cheaptalk/internal/twin/steps"
)

// describe counts what a twin rests on.
func (p *problem) describe(t *Twin) {
	d := p.data
	questions := map[int]bool{}
	for _, s := range p.steps {
		questions[d.Debates[s.Talk].Question] = true
		if s.Chosen != 0 {
			t.Moved++
		}
	}
	t.Steps, t.Questions = len(p.steps), len(questions)
	for _, a := range p.evidence.Of[p.agent] {
		if a.N > 0 || p.revises(a.Set) {
			t.Alone = append(t.Alone, a)
		}
	}
	lost := map[int]*alone.Tally{}
	count := func(talk int, unread bool) {
		q := d.Debates[talk].Question
		if lost[q] == nil {
			lost[q] = &alone.Tally{}
		}
		t.Replies++
		lost[q].N++
		if unread {
			lost[q].K++
		}
	}
	for _, a := range d.Alone {
		if a.Agent == p.agent {
			count(a.Talk, a.Said == "")
		}
	}
	for i := range d.Steps {
		if s := &d.Steps[i]; s.Agent == p.agent {
			count(s.Talk, s.Chosen == steps.Unread)
		}
	}
	t.Unreadable = alone.Ratio(lost)
}

// revises reports whether the agent revises an answer on a set.
func (p *problem) revises(set string) bool {
	return slices.ContainsFunc(p.cases, func(s belief.Situation) bool { return p.evidence.Sets[s.Set] == set })
}

// fewQuestions is the number of questions below which standard errors by question are said to be rough.
const fewQuestions = 30

// warn says in words what the data do not tell, of the parameters that matter for a revision and of those that do not.
func (t *Twin) warn(p *problem) {
	for _, a := range t.Alone {
		if a.N == 0 {
			t.Warnings = append(t.Warnings, fmt.Sprintf("no independent answer on %s could be read: its accuracy there is not known", a.Set))
			continue
		}
		if a.Consistency.Assumed {
			t.Warnings = append(t.Warnings, a.Set+".consistency cannot be told from the data: hardly a question has two independent answers; "+
				assumption(simulated.Logit, a.Consistency.Value, a.Consistency.SE))
		}
		if a.Concentration.Assumed {
			t.Warnings = append(t.Warnings, a.Set+".concentration cannot be told from the data: hardly a question has two wrong answers; "+
				assumption(simulated.Logit, a.Concentration.Value, a.Concentration.SE))
		}
	}
	for i := range t.Parameters {
		par := &t.Parameters[i]
		if !par.Assumed {
			continue
		}
		t.Warnings = append(t.Warnings, fmt.Sprintf("%s cannot be told from the data%s; %s", par.Name, p.why(belief.Names()[p.slots[i].field]),
			assumption(par.Transform, par.Value, par.SE)))
	}
	if t.Questions < fewQuestions {
		t.Warnings = append(t.Warnings, fmt.Sprintf("the standard errors rest on %s and are rough", number(t.Questions, "question")))
	}
}

// number writes "1 question" and "2 questions".
func number(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// assumption says what is assumed; se is on the unconstrained scale.
func assumption(scale simulated.Transform, v, se float64) string {
	round := func(x float64) float64 {
		if math.Abs(x) < 0.005 {
			return 0 // and not -0
		}
		return x
	}
	return fmt.Sprintf("%.2f is assumed, %.2f to %.2f in two cases of three", round(v), round(scale.Value(scale.Free(v)-se)), round(scale.Value(scale.Free(v)+se)))
}

// why says why a parameter is not told, where the reason is plain.
func (p *problem) why(name string) string {
	var shown, critical, plain, split, agreed, heard, room bool
	for _, s := range p.steps {
		shown = shown || s.Shown && s.Peers > 0
		critical = critical || s.Task == debate.Critique
		plain = plain || s.Task != debate.Critique
		heard = heard || s.Peers > 0
		split = split || s.Peers > 0 && s.Agreeing() != s.Peers
		agreed = agreed || s.Peers > 0 && s.Agreeing() == s.Peers
		room = room || p.data.Room(s)
	}
	switch {
	case len(p.steps) == 0:
		return ": the agent never revises an answer that can be read"
	case name == "confidence_weight" && !shown:
		return ": no confidence was shown"
	case (name == "critique_own" || name == "critique_discount") && !critical:
		return ": no brief is critical"
	case (name == "critique_own" || name == "critique_discount") && !plain:
		return ": every brief is critical, so that its effect is in own_weight and peer_weight"
	case (name == "peer_weight" || name == "first_weight") && !heard:
		return ": the agent never hears anyone"
	case (name == "peer_weight" || name == "first_weight" || name == "own_weight" || name == "pull" || name == ".pull") && !split:
		return ": no peer ever holds another answer"
	case name == "unanimity" && !agreed:
		return ": the agent never hears all agree with it"
	case name == "unanimity" && !split:
		return ": no peer ever holds another answer, so that its effect is in redraw"
	case name == "new_answer" && !room:
		return ": every answer was on the table"
	}
	return ""
}
