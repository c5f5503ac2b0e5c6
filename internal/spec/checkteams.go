package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cheaptalk/agents"
	"cheaptalk/agents/simulated/profiles"
)

func (s *Spec) checkTeams() error {
	if len(s.Teams) == 0 {
		return s.At("no team", "add for example  teams: {mixed: [sim:gpt-4o-mini, sim:llama-3.1-8b, sim:mistral-7b]}", "teams")
	}
	for _, name := range slices.Sorted(maps.Keys(s.Teams)) {
		team := s.Teams[name]
		if len(team) == 0 {
			return s.At(fmt.Sprintf("team %s is empty", name), "name at least one agent", "teams", name)
		}
		if i := slices.IndexFunc(team, Member.Human); i >= 0 && slices.ContainsFunc(team[i+1:], Member.Human) {
			return s.At(fmt.Sprintf("team %s has two people: there is one at the keyboard", name), "keep one  "+Human, "teams", name)
		}
		labels := map[string]bool{}
		for i, label := range Labels(team) {
			where := []any{"teams", name, i}
			if labels[label] {
				return s.At(fmt.Sprintf("team %s has two agents named %q", name, label), "give one of them another name", where...)
			}
			labels[label] = true
			if err := s.checkMember(team[i], where); err != nil {
				return err
			}
		}
		if slices.ContainsFunc(team, Member.Recorded) && slices.ContainsFunc(team, func(m Member) bool { return !m.Recorded() }) {
			return s.At(fmt.Sprintf("team %s mixes recorded agents with others: a recording cannot answer them", name), "make two teams of it", "teams", name)
		}
		if len(team) > 1 && slices.ContainsFunc(team, func(m Member) bool { return m.Agent == recordedAll }) {
			return s.At(fmt.Sprintf("team %s: %q already stands for every agent of a recording", name, recordedAll), "leave the others out", "teams", name)
		}
	}
	return nil
}

// checkMember checks that there is such an agent.
func (s *Spec) checkMember(m Member, where []any) error {
	switch {
	case m.Agent == "":
		return s.At("an agent has no name", "give  agent: NAME  of a model, or sim:PROFILE", where...)
	case m.Simulated():
		if _, err := s.Profile(strings.TrimPrefix(m.Agent, SimPrefix)); err != nil {
			return s.profileError(err, where)
		}
	case m.Human():
		if _, taken := s.Models[Human]; taken {
			return s.At(fmt.Sprintf("%q is the person at the keyboard and cannot be a model", Human), "give the model another name", where...)
		}
	case m.Recorded():
		if !slices.ContainsFunc(s.Datasets, func(d Dataset) bool { return d.Recording != "" }) {
			return s.At("recorded agents need a recording to speak from", "add  datasets: [{recording: FILE}]", where...)
		}
	default:
		if _, ok := s.Models[m.Agent]; !ok {
			fix := "add it under models; defined there: " + list(slices.Sorted(maps.Keys(s.Models)))
			if _, err := profiles.Full(m.Agent); err == nil {
				fix += fmt.Sprintf("; or use it simulated: %s%s", SimPrefix, m.Agent)
			}
			return s.At(fmt.Sprintf("model %q is not defined", m.Agent), fix, where...)
		}
		return nil
	}
	if m.System != "" {
		return s.At(fmt.Sprintf("agent %s has no system prompt: it is no language model", m.Agent), "leave  system  out", append(where, "system")...)
	}
	return nil
}

// list joins names, and says so when there are none.
func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// Simulated reports whether the agent is simulated.
func (m Member) Simulated() bool { return strings.HasPrefix(m.Agent, SimPrefix) }

// Human reports whether the agent is the person at the keyboard.
func (m Member) Human() bool { return m.Agent == Human }

// Human reports whether the person at the keyboard takes part in an arm. Such an experiment holds one debate at a time, whatever Workers says.
func (s *Spec) Human() bool {
	for i, a := range s.Arms {
		if team, err := s.TeamOf(a, i); err == nil && slices.ContainsFunc(team, Member.Human) {
			return true
		}
	}
	return false
}

// Recorded reports whether the agent, or every agent that it stands for, is of a recording.
func (m Member) Recorded() bool {
	return m.Agent == recordedAll || strings.HasPrefix(m.Agent, RecordedPrefix)
}

// Recorded reports whether every agent is recorded, so that nothing more can be asked.
func (s *Spec) Recorded() bool {
	for _, team := range s.Teams {
		for _, m := range team {
			if !m.Recorded() {
				return false
			}
		}
	}
	return true
}

// Labels names the agents of a team as transcripts have them: by their own name, or by the agent with "#2", "#3" on its copies.
func Labels(team []Member) []string {
	labels := make([]string, len(team))
	count := map[string]int{}
	for i, m := range team {
		labels[i] = m.Name
		if m.Name == "" {
			base := strings.TrimPrefix(m.Agent, RecordedPrefix)
			if m.Simulated() {
				base = baseName(strings.TrimPrefix(m.Agent, SimPrefix))
			}
			labels[i] = base
			if count[base]++; count[base] > 1 {
				labels[i] = fmt.Sprintf("%s#%d", base, count[base])
			}
		}
	}
	return labels
}

// promptSets names the prompt sets that there are.
func promptSets() []string { return []string{agents.CheapTalk, agents.Wynn2025} }
