package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/internal/spec"
)

// teamFlags are the flags that make a team, and how its models are asked.
type teamFlags struct {
	Team        []string `group:"what" placeholder:"AGENT" help:"The agents: NAME@URL, NAME@openai, NAME@ollama, NAME@anthropic or sim:PROFILE (one that comes with the program, or a file), each as often as you like, and human for yourself."`
	Aggregator  string   `group:"how" placeholder:"AGENT" help:"An agent, named as in --team, or sim:aggregator, that reads all final answers and decides as AggLM."`
	Temperature *float64 `group:"models" placeholder:"T" help:"Sampling temperature; not sent when unset, like the following."`
	TopP        *float64 `group:"models" placeholder:"P" help:"Nucleus sampling."`
	MaxTokens   count    `group:"models" placeholder:"N" help:"New tokens a reply at most."`
	ModelSeed   *int64   `group:"models" placeholder:"N" help:"Seed sent to the servers; most repeat themselves only roughly."`
	Effort      string   `group:"models" placeholder:"WORD" name:"reasoning-effort" help:"Reasoning effort, in the server's words."`
	Prompts     string   `group:"models" placeholder:"SET" help:"Prompt set: cheaptalk (asks for a confidence) or wynn2025."`
	Memory      string   `group:"models" placeholder:"ROUNDS" help:"What an agent remembers of the debate: last, all or a number of rounds."`
	Context     string   `group:"models" placeholder:"RULE" help:"What is done when a prompt is longer than the model's context: refuse (default) or drop-oldest, which leaves out what was heard longest ago."`
	Reading     string   `group:"how" placeholder:"RULE" help:"Which reading of a reply counts: flexible or strict."`

	NoCache bool `group:"models" help:"Ask again for what an earlier run has asked, and keep no completion beyond this one. See cheaptalk cache."`

	Confidence        []string `group:"models" placeholder:"SOURCE" help:"Where confidence comes from: stated (default), logprob or samples. The first counts, each is recorded."`
	ConfidenceSamples count    `group:"models" placeholder:"N" help:"Further samples a reply for --confidence samples. Default 5."`

	MaxRetries     *int          `group:"models" placeholder:"N" help:"How often a call is asked again after a failure that may pass. Default 5."`
	MaxConnections count         `group:"models" placeholder:"N" help:"Requests to each model at the same time at most. Default: adapts, up to 64."`
	Timeout        time.Duration `group:"models" placeholder:"10m" help:"How long one call may take with its retries, and how long you may take for a turn. Default 10m, and as long as you like."`
	AttemptTimeout time.Duration `group:"models" placeholder:"90s" help:"How long one attempt may take. Default: as long as the call."`

	observeFlags
}

// count is the value of a flag that counts, 1 or more. The zero count is a flag that is not there.
type count int

// UnmarshalText reads a whole number.
func (n *count) UnmarshalText(text []byte) error {
	i, err := strconv.Atoi(string(text))
	if err != nil || i < 1 {
		return fmt.Errorf("%q is not a whole number from 1 up", text)
	}
	*n = count(i)
	return nil
}

// apis are the words after @ that stand for a provider instead of a URL, with the variable that holds its key.
var apis = map[string]struct{ api, key string }{
	"openai":    {"openai", "OPENAI_API_KEY"},
	"anthropic": {"anthropic", "ANTHROPIC_API_KEY"},
	"ollama":    {"ollama", ""},
}

// keyForURLs is the variable whose key is sent to the URLs of --team, when it is set.
const keyForURLs = "CHEAPTALK_KEY"

// into adds the team and the models of the flags to a spec. getenv tells which keys there are.
func (f *teamFlags) into(s *spec.Spec, getenv func(string) string) error {
	f.talk(s)
	s.Models = map[string]spec.Model{}
	var team []spec.Member
	for _, agent := range f.Team {
		name, err := f.model(s, strings.TrimSpace(agent), getenv)
		if err != nil {
			return err
		}
		team = append(team, spec.Member{Agent: name})
	}
	s.Teams = map[string][]spec.Member{"team": team}
	if f.Aggregator == "" {
		return nil
	}
	name, err := f.model(s, f.Aggregator, getenv)
	if err != nil {
		return err
	}
	s.Judges = append(s.AllJudges(), spec.Judge{Judge: "AggLM", Agent: name})
	return nil
}

// talk sets how agents are asked and read, where the flags say so.
func (f *teamFlags) talk(s *spec.Spec) {
	s.Prompts, s.Memory, s.Reading = cmp.Or(f.Prompts, s.Prompts), cmp.Or(f.Memory, s.Memory), cmp.Or(f.Reading, s.Reading)
	s.Context, s.ConfidenceSamples = cmp.Or(f.Context, s.Context), cmp.Or(int(f.ConfidenceSamples), s.ConfidenceSamples)
	if len(f.Confidence) > 0 {
		s.Confidence = f.Confidence
	}
}

// forModels are the flags that say how language models are asked.
var forModels = []string{"temperature", "top-p", "max-tokens", "model-seed", "reasoning-effort", "prompts", "memory", "context",
	"confidence", "confidence-samples", "num-fewshot", "max-retries", "max-connections", "timeout", "attempt-timeout"}

// idle returns an error that names a flag of the command line for language models, if the spec asks none.
func (e *env) idle(s *spec.Spec) error {
	i := slices.IndexFunc(e.flags, func(flag string) bool {
		return slices.Contains(forModels, flag) && (flag != "timeout" || !s.Human()) // who sits at the table has a timeout too
	})
	if i < 0 || len(s.Asked()) > 0 {
		return nil
	}
	return fmt.Errorf("--%s says how language models are asked, and there is none\n  leave it out, or give one with --team NAME@URL", e.flags[i])
}

// limit sets the limits that the flags name on every model of a spec.
func (f *teamFlags) limit(s *spec.Spec) {
	for name, m := range s.Models {
		m.MaxRetries = cmp.Or(f.MaxRetries, m.MaxRetries)
		m.MaxConnections = cmp.Or(int(f.MaxConnections), m.MaxConnections)
		m.Timeout = cmp.Or(f.Timeout, m.Timeout)
		m.AttemptTimeout = cmp.Or(f.AttemptTimeout, m.AttemptTimeout)
		s.Models[name] = m
	}
}

// model returns the name by which a team refers to an agent, and defines its model if it has one.
func (f *teamFlags) model(s *spec.Spec, agent string, getenv func(string) string) (string, error) {
	if strings.HasPrefix(agent, spec.SimPrefix) || agent == spec.Human {
		return agent, nil
	}
	full, unshipped := profiles.Full(agent)
	if full == agent || profiles.IsFile(agent) && !strings.Contains(agent, "://") {
		return spec.SimPrefix + agent, nil
	}
	at := strings.LastIndex(agent, "@")
	if i := strings.Index(agent, "@http"); i > 0 { // behind it, an @ is of the URL
		at = i
	}
	if at < 0 && unshipped == nil {
		return "", fmt.Errorf("--team: it is not said where %s is\n  give %[1]s@URL, or %s%[1]s to simulate it", agent, spec.SimPrefix)
	}
	if at <= 0 || at == len(agent)-1 {
		return "", fmt.Errorf("--team: %q is no agent\n  give NAME@URL, NAME@openai, NAME@ollama, NAME@anthropic or sim:PROFILE", agent)
	}
	name, where := agent[:at], agent[at+1:]
	m := spec.Model{Model: name, Temperature: f.Temperature, TopP: f.TopP, Seed: f.ModelSeed, MaxTokens: int(f.MaxTokens), Effort: f.Effort}
	if provider, ok := apis[where]; ok {
		m.API = provider.api
		if provider.key != "" {
			m.Key = "${" + provider.key + "}"
		}
	} else {
		if !strings.Contains(where, "://") {
			return "", fmt.Errorf("--team: %q is neither a URL nor openai, ollama or anthropic\n  a URL begins with http:// or https://", where)
		}
		m.URL = where
		if getenv(keyForURLs) != "" {
			m.Key = "${" + keyForURLs + "}"
		}
	}
	entry := name
	for i := 2; ; i++ { // the same model behind two URLs is two models
		old, taken := s.Models[entry]
		if !taken || old.URL == m.URL && old.API == m.API {
			break
		}
		entry = fmt.Sprintf("%s-%d", name, i)
	}
	s.Models[entry] = m
	return entry, nil
}
