// Package spec reads and checks experiment files.
//
// An experiment file is YAML. [Load] reads it, [Spec.Check] finds what cannot work before anything is asked, and package plan
// turns it into a debate.Experiment. Every error names the file, the line and the fix. A command line that names no file is
// turned into a Spec too, so that every run has one and can be run again from it.
package spec

import (
	"time"

	yaml "go.yaml.in/yaml/v4"

	"cheaptalk/agents/pace"
	"cheaptalk/agents/simulated/profiles"
)

// Spec is an experiment file. The zero value of every field but Datasets, Teams and Arms is a sensible default.
type Spec struct {
	Name string `yaml:"name,omitempty"` // of the run; "" is the file's name
	Seed uint64 `yaml:"seed"`           // 1 in a file that has none

	// Draws is the number of seeded samples of Limit questions that each data set is asked. 0 asks the first Limit questions
	// instead.
	Draws int `yaml:"draws,omitempty"`
	// Limit cuts every data set: "20", or "11-20" counted from 1 with both ends included. "" asks all.
	Limit string `yaml:"limit,omitempty"`
	// Repeats asks the same question again. 0 means once. Epochs is another name for it.
	Repeats int `yaml:"repeats,omitempty"`
	Epochs  int `yaml:"epochs,omitempty"`

	Workers int    `yaml:"workers,omitempty"` // debates at the same time; 0 means 4 with real models, else one a processor
	Store   string `yaml:"store,omitempty"`   // "full" (default) or "compact": no texts, for simulated runs of millions
	Reading string `yaml:"reading,omitempty"` // "flexible" (default) or "strict": which reading of a reply counts
	Prompts string `yaml:"prompts,omitempty"` // the prompt set: "cheaptalk" (default) or "wynn2025"
	Memory  string `yaml:"memory,omitempty"`  // "last" (default), "all", or a number of rounds
	Context string `yaml:"context,omitempty"` // of prompts that are too long: "refuse" (default) or "drop-oldest"
	// Confidence names where the confidence of language models comes from: "stated" (default), "logprob" or "samples". The first counts,
	// each is recorded. In a file it may be one name.
	Confidence []string `yaml:"confidence,omitempty"`
	// ConfidenceSamples is the number of further samples a reply for the source "samples"; 0 means 5.
	ConfidenceSamples int `yaml:"confidence_samples,omitempty"`
	// NumFewshot is the number of worked examples before each question.
	NumFewshot     int  `yaml:"num_fewshot,omitempty"`
	ShuffleChoices bool `yaml:"shuffle_choices,omitempty"`

	Datasets []Dataset           `yaml:"datasets"`
	Models   map[string]Model    `yaml:"models,omitempty"`
	Teams    map[string][]Member `yaml:"teams,omitempty"`
	// Profiles are of simulated agents, by the name that follows "sim:" in a team. They go before profile files and those that come with
	// the program.
	Profiles map[string]*profiles.File `yaml:"profiles,omitempty"`
	// Judges decide every arm. Empty means the four votes.
	Judges []Judge `yaml:"judges,omitempty"`
	Arms   []Arm   `yaml:"arms"`

	file   file
	opened map[string]*profiles.File // what Profile has read
}

// Dataset is one source of questions. In a file it may be the name alone.
type Dataset struct {
	// Name is that of a known data set, or the path of a .jsonl, .csv or .parquet file, relative to the experiment file.
	Name string `yaml:"name,omitempty"`
	// Recording is the path of a file of recorded replies, relative to the experiment file or else to the data directory.
	Recording string   `yaml:"recording,omitempty"`
	Split     string   `yaml:"split,omitempty"`
	Subjects  []string `yaml:"subjects,omitempty"`
	Limit     string   `yaml:"limit,omitempty"`      // instead of the experiment's
	SampleIDs []string `yaml:"sample_ids,omitempty"` // these questions alone; * and ? stand for any text without a slash
	// NumFewshot is the number of worked examples before each question of this set, instead of the experiment's; 0 is the experiment's.
	NumFewshot int `yaml:"num_fewshot,omitempty"`
}

// Model is a language model behind an API.
type Model struct {
	Model string `yaml:"model,omitempty"` // its name on the wire; "" is the name of the entry
	API   string `yaml:"api,omitempty"`   // "openai" (default; any compatible server), "ollama" or "anthropic"
	URL   string `yaml:"url,omitempty"`   // base URL; "" is the API's own
	// Key must be of the form ${VARIABLE}: a key is never written into a file.
	Key         string   `yaml:"key,omitempty"`
	Temperature *float64 `yaml:"temperature,omitempty"` // not sent when unset, like each of the following
	TopP        *float64 `yaml:"top_p,omitempty"`
	Seed        *int64   `yaml:"seed,omitempty"`
	MaxTokens   int      `yaml:"max_tokens,omitempty"`
	Stop        []string `yaml:"stop,omitempty"`
	Effort      string   `yaml:"reasoning_effort,omitempty"`

	// How the model may be asked: see pace.Limits, of which these are the fields.
	RequestsPerMinute int           `yaml:"requests_per_minute,omitempty"`
	TokensPerMinute   int           `yaml:"tokens_per_minute,omitempty"`
	MaxConnections    int           `yaml:"max_connections,omitempty"` // 0 adapts
	MaxRetries        *int          `yaml:"max_retries,omitempty"`     // 5 when unset
	AttemptTimeout    time.Duration `yaml:"attempt_timeout,omitempty"` // 0 is that of the call
	Timeout           time.Duration `yaml:"timeout,omitempty"`         // of one call with its retries; 0 means 10 minutes

	Price *Price `yaml:"price,omitempty"` // nil when it is not known, which is not the same as nothing
}

// Price is what a model's tokens cost, in dollars a million. A price that is used has Input and Output.
type Price struct {
	Input       *float64 `yaml:"input,omitempty"`
	CachedInput *float64 `yaml:"cached_input,omitempty"` // of prompts that the server had cached; as Input when unset
	Output      *float64 `yaml:"output,omitempty"`
}

// Limits returns how the model may be asked.
func (m Model) Limits() pace.Limits {
	return pace.Limits{
		RequestsPerMinute: m.RequestsPerMinute, TokensPerMinute: m.TokensPerMinute, MaxConnections: m.MaxConnections,
		MaxRetries: m.MaxRetries, AttemptTimeout: m.AttemptTimeout, CallTimeout: m.Timeout,
	}
}

// Member is one agent of a team. In a file it may be the agent alone.
type Member struct {
	// Agent is the name of an entry of Models, "sim:PROFILE", "human" (the person at the keyboard, once a team), "recorded"
	// (every agent of the item's recording) or "recorded:NAME".
	Agent  string `yaml:"agent"`
	Name   string `yaml:"name,omitempty"`   // in the transcript; "" is the agent, numbered when it is there twice
	System string `yaml:"system,omitempty"` // system prompt; "" is that of the prompt set
}

// Judge is one judge. In a file it may be the judge alone.
type Judge struct {
	// Judge is "plurality", "confidence-weighted", "trajectory", "round-0 vote" or "AggLM".
	Judge string `yaml:"judge"`
	Name  string `yaml:"name,omitempty"` // in tables, when the same judge decides twice
	// Ties is "seeded" (default), "first" or "abstain".
	Ties        string   `yaml:"ties,omitempty"`
	Penalty     *float64 `yaml:"penalty,omitempty"`     // of trajectory, in [0,1]; 0.5 when unset
	Calibration string   `yaml:"calibration,omitempty"` // of confidence-weighted: "reconcile" (default) or "stated"
	Agent       string   `yaml:"agent,omitempty"`       // who speaks for AggLM: a model's name or "sim:aggregator"
}

// Arm is one way of holding the debate.
type Arm struct {
	Name string `yaml:"name,omitempty"` // "" is the protocol
	Team string `yaml:"team,omitempty"` // "" is the only team
	// Protocol is "independent", "naive", "confidence-weighted", "consensus-penalized", "self-revision" or "recorded".
	Protocol string `yaml:"protocol"`
	Rounds   *int   `yaml:"rounds,omitempty"` // debate rounds after round 0; 2 when unset
	Stop     string `yaml:"stop,omitempty"`   // "rounds" (default) or "unanimity"
	// Samples is for the protocol independent alone: the team is gone round until so many agents have answered.
	Samples     int    `yaml:"samples,omitempty"`
	Calibration string `yaml:"calibration,omitempty"` // of confidence-weighted: "reconcile" (default) or "stated"
	Primary     string `yaml:"primary,omitempty"`     // the judge whose verdict counts; "" is the protocol's own
	OnFailure   string `yaml:"on_failure,omitempty"`  // "fail" (default) or "abstain"
	Prompts     string `yaml:"prompts,omitempty"`     // instead of the experiment's
	Memory      string `yaml:"memory,omitempty"`      // instead of the experiment's
	Context     string `yaml:"context,omitempty"`     // instead of the experiment's
}

// defaultSeed is the seed of an experiment file that names none.
const defaultSeed = 1

// String returns the spec as YAML, in one canonical form. It holds no key.
func (s *Spec) String() string {
	b, err := yaml.Dump(s, yaml.WithIndent(2))
	if err != nil { // no field of Spec can fail to be written
		return "# " + err.Error() + "\n"
	}
	return string(b)
}
