package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cheaptalk/agents"
)

const (
	contextRefuse = "refuse"
	contextDrop   = "drop-oldest"
)

// TeamModels returns the names of the models that speak in the team of an arm, sorted. Those that speak for a judge alone are not among them.
func (s *Spec) TeamModels() []string {
	return (&Spec{Models: s.Models, Teams: s.Teams, Arms: s.Arms}).Asked()
}

// ConfidenceSources returns where confidence comes from, the one that counts first; none means the replies themselves.
func (s *Spec) ConfidenceSources() []agents.ConfidenceSource {
	var sources []agents.ConfidenceSource
	for _, name := range s.Confidence {
		sources = append(sources, agents.ConfidenceSource(name))
	}
	return sources
}

// DropsOldest reports whether the agents of an arm leave out what they heard longest ago when a prompt is too long.
func (s *Spec) DropsOldest(a Arm) bool { return cmp.Or(a.Context, s.Context) == contextDrop }

// checkConfidence checks where confidence comes from and whether the models can be asked for it.
func (s *Spec) checkConfidence() error {
	sources := s.ConfidenceSources()
	for i, source := range sources {
		switch {
		case !slices.Contains(agents.ConfidenceSources[:], source):
			return s.At(fmt.Sprintf("confidence: %q is unknown", source), "give one or more of: "+sourceNames(), "confidence", i)
		case slices.Contains(sources[:i], source):
			return s.At(fmt.Sprintf("confidence: %s is there twice", source), "name it once; the first source counts", "confidence", i)
		}
	}
	logprob, samples := slices.Contains(sources, agents.Logprob), slices.Contains(sources, agents.Samples)
	models := s.TeamModels()
	switch {
	case s.ConfidenceSamples > 0 && !samples:
		return s.At("confidence_samples: no confidence is of samples", "add  confidence: samples, or leave it out", "confidence_samples")
	case (logprob || samples) && len(models) == 0:
		return s.At("confidence: logprob and samples need a language model, and no team has one",
			"leave it out: simulated and recorded agents state theirs", "confidence")
	}
	for _, name := range models {
		m := s.Models[name]
		switch {
		case logprob && m.API == "anthropic":
			return s.At(fmt.Sprintf("confidence: model %s gives no log-probabilities: the anthropic api has none", name), "use stated or samples", "confidence")
		case samples && m.Temperature != nil && *m.Temperature == 0:
			return s.At(fmt.Sprintf("model %s: at temperature 0 all samples for its confidence would be the same", name),
				"give it a temperature above 0, or use  confidence: logprob", "models", name, "temperature")
		}
	}
	return nil
}

// sourceNames lists the sources of confidence.
func sourceNames() string {
	var names []string
	for _, source := range agents.ConfidenceSources {
		names = append(names, string(source))
	}
	return strings.Join(names, ", ")
}

// checkContexts checks what is done about prompts that are too long, of the experiment and of each arm.
func (s *Spec) checkContexts() error {
	judged := len((&Spec{Models: s.Models, Judges: s.Judges}).Asked()) > 0
	if s.Context == contextDrop && len(s.Asked()) == 0 {
		return s.At("context: no language model is asked, so no prompt can be too long", "leave it out", "context")
	}
	for i, a := range s.Arms {
		team, err := s.TeamOf(a, i)
		if err != nil {
			return err
		}
		real := slices.ContainsFunc(team, func(m Member) bool { _, ok := s.Models[m.Agent]; return ok })
		if a.Context == contextDrop && !real && !judged {
			return s.At(fmt.Sprintf("arm %s: context: its team has no language model, so no prompt can be too long", a.Label()), "leave it out", "arms", i, "context")
		}
	}
	return nil
}
