package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cheaptalk/judges"
)

// votes are the judges that need no agent: those of a spec that names none.
var votes = []string{judges.NamePlurality, judges.NameConfidence, judges.NameTrajectory, judges.NameRound0}

// CheckJudges finds the first judge that cannot work.
func (s *Spec) CheckJudges() error {
	seen := map[string]bool{}
	for i, j := range s.Judges {
		where := []any{"judges", i}
		if j.Judge == "" {
			return s.At("a judge has no name", "give  judge: NAME", where...)
		}
		if err := s.oneOf("judge", j.Judge, append(slices.Clone(votes), judges.NameAggLM), where...); err != nil {
			return err
		}
		if err := s.oneOf("ties", j.Ties, tieNames, append(where, "ties")...); err != nil {
			return err
		}
		if err := s.oneOf("calibration", j.Calibration, calibrationNames, append(where, "calibration")...); err != nil {
			return err
		}
		speaks := j.Judge == judges.NameAggLM
		switch {
		case seen[j.Label()]:
			return s.At(fmt.Sprintf("two judges are named %q", j.Label()), "give one of them another  name:", where...)
		case j.Penalty != nil && j.Judge != judges.NameTrajectory:
			return s.At(fmt.Sprintf("judge %s has no penalty", j.Judge), "leave it out", append(where, "penalty")...)
		case j.Penalty != nil && (*j.Penalty < 0 || *j.Penalty > 1):
			return s.At(fmt.Sprintf("penalty: %v is not between 0 and 1", *j.Penalty), "0.5 is the default", append(where, "penalty")...)
		case j.Calibration != "" && j.Judge != judges.NameConfidence:
			return s.At(fmt.Sprintf("judge %s weighs no confidence", j.Judge), "leave  calibration  out", append(where, "calibration")...)
		case speaks && j.Ties != "":
			return s.At("AggLM speaks and has no ties to break", "leave  ties  out", append(where, "ties")...)
		case speaks && j.Agent == "":
			return s.At("AggLM needs an agent to speak for it", "add  agent: NAME  of a model, or  agent: "+SimAggregator, where...)
		case !speaks && j.Agent != "":
			return s.At(fmt.Sprintf("judge %s counts and needs no agent", j.Judge), "leave  agent  out", append(where, "agent")...)
		}
		seen[j.Label()] = true
		if _, ok := s.Models[j.Agent]; speaks && j.Agent != SimAggregator && !ok {
			return s.At(fmt.Sprintf("model %q is not defined", j.Agent), "add it under models, or use  agent: "+SimAggregator, append(where, "agent")...)
		}
	}
	return nil
}

// TieRule returns how the judge breaks ties.
func (j Judge) TieRule() judges.TieRule {
	return judges.TieRule(max(slices.Index(tieNames, j.Ties), 0))
}

// Label returns the name of the judge in tables.
func (j Judge) Label() string {
	if j.Name != "" {
		return j.Name
	}
	return j.Judge
}

func (s *Spec) checkArms() error {
	if len(s.Arms) == 0 {
		return s.At("no arm", "add for example  arms: [{protocol: naive, rounds: 2}]", "arms")
	}
	seen := map[string]bool{}
	for i, a := range s.Arms {
		if seen[a.Label()] {
			return s.At(fmt.Sprintf("two arms are named %q", a.Label()), "give one of them another name", "arms", i)
		}
		seen[a.Label()] = true
		if err := s.checkArm(a, i); err != nil {
			return err
		}
	}
	return nil
}

// Label returns the name of the arm in tables.
func (a Arm) Label() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Protocol
}

func (s *Spec) checkArm(a Arm, i int) error {
	at := func(what, fix, field string) error {
		return s.At(fmt.Sprintf("arm %s: %s", a.Label(), what), fix, "arms", i, field)
	}
	if a.Protocol == "" {
		return s.At("an arm has no protocol", "give one of: "+strings.Join(protocolNames, ", "), "arms", i)
	}
	for _, f := range []struct {
		field, value string
		names        []string
	}{{"protocol", a.Protocol, protocolNames}, {"stop", a.Stop, []string{"rounds", "unanimity"}},
		{"on_failure", a.OnFailure, []string{"fail", "abstain"}}, {"calibration", a.Calibration, calibrationNames}} {
		if err := s.oneOf(f.field, f.value, f.names, "arms", i, f.field); err != nil {
			return err
		}
	}
	if err := s.checkTalk(a.Prompts, a.Memory, a.Context, "arms", i); err != nil {
		return err
	}
	team, err := s.TeamOf(a, i)
	if err != nil {
		return err
	}
	recorded := slices.ContainsFunc(team, Member.Recorded)
	debates := a.Protocol != ProtocolIndependent && a.Protocol != ProtocolRecorded
	switch {
	case recorded && debates:
		return at("recorded agents cannot take part in a new debate", "use the protocol recorded, or independent for their first answers", "protocol")
	case !recorded && a.Protocol == ProtocolRecorded:
		return at("only recorded agents can repeat a recorded debate", "make the team  [recorded]", "protocol")
	case !debates && a.Rounds != nil:
		return at(fmt.Sprintf("the protocol %s takes no number of rounds", a.Protocol), "leave it out", "rounds")
	case debates && a.DebateRounds() < 1:
		return at(fmt.Sprintf("%d debate rounds are no debate", a.DebateRounds()), "give 1 or more, or use the protocol independent", "rounds")
	case !debates && a.Stop != "":
		return at(fmt.Sprintf("the protocol %s takes no stop rule", a.Protocol), "leave it out", "stop")
	case debates && a.Protocol != ProtocolSelf && len(team) < 2:
		return at("one agent alone has nobody to hear", "add agents to the team, or use the protocol self-revision", "team")
	case a.Samples != 0 && (a.Protocol != ProtocolIndependent || recorded || slices.ContainsFunc(team, Member.Human)):
		return at("samples are for the protocol independent with agents that can be asked again", "leave it out", "samples")
	case a.Calibration != "" && a.Protocol != ProtocolConfidence:
		return at(fmt.Sprintf("the protocol %s shows no confidence", a.Protocol), "leave it out", "calibration")
	case s.Store == "compact" && slices.ContainsFunc(team, func(m Member) bool { _, real := s.Models[m.Agent]; return real }):
		return at("a compact store would throw away what real models said", "use  store: full", "team")
	case s.Store == "compact" && slices.ContainsFunc(team, Member.Human):
		return at("a compact store would throw away what the person said", "use  store: full", "team")
	}
	if err := s.atLeastOne(a.Samples, fmt.Sprintf("arm %s: samples", a.Label()), "arms", i, "samples"); err != nil {
		return err
	}
	return s.checkPrimary(a, i)
}

// checkPrimary checks that the judge whose verdict counts is among the judges.
func (s *Spec) checkPrimary(a Arm, i int) error {
	var labels []string
	for _, j := range s.AllJudges() {
		labels = append(labels, j.Label())
	}
	if slices.Contains(labels, a.PrimaryJudge()) {
		return nil
	}
	return s.At(fmt.Sprintf("arm %s: its primary judge %q does not judge", a.Label(), a.PrimaryJudge()),
		"add it under judges, or give  primary:  one of: "+strings.Join(labels, ", "), "arms", i, "primary")
}

// PrimaryJudge returns the name of the judge whose verdict counts.
func (a Arm) PrimaryJudge() string {
	switch {
	case a.Primary != "":
		return a.Primary
	case a.Protocol == ProtocolConfidence:
		return judges.NameConfidence
	case a.Protocol == ProtocolPenalized:
		return judges.NameTrajectory
	}
	return judges.NamePlurality
}

// DebateRounds returns the number of rounds after round 0.
func (a Arm) DebateRounds() int {
	if a.Rounds == nil {
		return defaultRounds
	}
	return *a.Rounds
}

// AllJudges returns the judges of every arm: those that the spec names, or else the four votes.
func (s *Spec) AllJudges() []Judge {
	if len(s.Judges) > 0 {
		return s.Judges
	}
	var all []Judge
	for _, name := range votes {
		all = append(all, Judge{Judge: name})
	}
	return all
}

// TeamOf returns the team of the i-th arm: the named one, or the only one.
func (s *Spec) TeamOf(a Arm, i int) ([]Member, error) {
	names := slices.Sorted(maps.Keys(s.Teams))
	if a.Team == "" {
		if len(names) == 1 {
			return s.Teams[names[0]], nil
		}
		return nil, s.At(fmt.Sprintf("arm %s: there are %d teams and it names none", a.Label(), len(names)), "give  team:  one of: "+strings.Join(names, ", "), "arms", i)
	}
	team, ok := s.Teams[a.Team]
	if !ok {
		return nil, s.At(fmt.Sprintf("arm %s: team %q is not defined", a.Label(), a.Team), "give one of: "+strings.Join(names, ", "), "arms", i, "team")
	}
	return team, nil
}
