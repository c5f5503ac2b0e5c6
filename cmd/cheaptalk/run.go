package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/internal/store"
)

// runCmd is "cheaptalk run".
type runCmd struct {
	File string `arg:"" optional:"" help:"An experiment file. Without one, and without --team, the embedded questions are debated by simulated agents."`

	teamFlags
	budgetFlags
	Dataset    []string `group:"what" placeholder:"NAME" help:"Data sets: gsm8k, mmlu, csqa, sample-numbers, sample-choices, sample-commonsense, or the path of a .jsonl, .csv or .parquet file."`
	Split      string   `group:"what" placeholder:"NAME" help:"The split of the data set."`
	Subject    []string `group:"what" placeholder:"NAME" help:"Subjects of mmlu."`
	Limit      string   `group:"what" placeholder:"N|A-B" help:"Questions of each data set: the first N, or the A-th to the B-th."`
	SampleID   []string `group:"what" placeholder:"ID" help:"These questions alone."`
	Draws      count    `group:"what" placeholder:"N" help:"Ask so many seeded samples of --limit questions instead of the first ones."`
	Epochs     count    `group:"what" placeholder:"N" help:"Ask each question so often."`
	NumFewshot int      `group:"what" placeholder:"N" help:"Worked examples before each question."`
	Shuffle    bool     `group:"what" name:"shuffle-choices" help:"Shuffle the choices of each question, by the seed."`

	Protocol  []string `group:"how" placeholder:"NAME" help:"One arm each of: independent, naive, confidence-weighted, consensus-penalized, self-revision. Default: all five."`
	Rounds    *int     `group:"how" placeholder:"N" help:"Debate rounds after the independent answers. Default 2."`
	Stop      string   `group:"how" placeholder:"RULE" help:"When a debate ends: rounds (default) or unanimity."`
	Samples   count    `group:"how" placeholder:"N" help:"Adds an arm self-consistency with so many independent answers."`
	OnFailure string   `group:"how" placeholder:"RULE" help:"What a failed turn does to its debate: fail (default) or abstain."`

	FailOnError failLimit `group:"how" help:"Stop once a debate has failed, or =N of them, or =FRACTION of those planned. Unset, twenty in a row stop the run."`

	Seed    *uint64 `group:"how" placeholder:"N" help:"Where all chance comes from. Default 1."`
	Workers count   `group:"how" placeholder:"N" help:"Debates at the same time."`

	Name      string `group:"out" placeholder:"NAME" help:"Name of the run."`
	LogDir    string `group:"out" placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
	Store     string `group:"out" placeholder:"KIND" help:"full (default) or compact: no texts, for simulated runs of millions."`
	Display   string `group:"out" placeholder:"KIND" help:"How the run is shown while it goes: tui (the screen of watch), bar (default on a terminal), plain (lines; for screen readers, and default elsewhere) or none."`
	JSON      bool   `group:"out" name:"json" help:"Print the report as JSON; progress goes to standard error."`
	PrintSpec bool   `group:"out" help:"Print the experiment file that the flags stand for, and run nothing."`
	NoPlots   bool   `group:"out" help:"Draw no plots; cheaptalk report draws them later."`

	Resume      string   `group:"life" placeholder:"RUN" help:"Go on with an unfinished run: its folder, its name or last. The same command as before does so too."`
	Arm         []string `group:"life" placeholder:"NAME" help:"Hold these arms of the experiment now, and the others with a later --resume."`
	RetryErrors bool     `group:"life" help:"With --resume: debate again what failed."`
	Fork        bool     `group:"life" help:"Begin a run of its own, though one of the same experiment is not finished."`

	watched bool // by watch, which shows a debate first
}

// Run holds the experiment.
func (c *runCmd) Run(e *env) error {
	switch {
	case c.Resume != "" && c.Fork:
		return usage(errors.New("--resume goes on with a run, and --fork begins one of its own\n  leave one of the two out"))
	case c.Resume == "" && c.RetryErrors:
		return usage(errors.New("--retry-errors needs to know of which run\n  add  --resume RUN  or  --resume last"))
	case c.Resume != "" && c.DryRun:
		return usage(errors.New("--dry-run is of a run that is yet to begin\n  leave --resume out"))
	case len(c.Arm) > 0 && (c.DryRun || c.PrintSpec):
		return usage(errors.New("--arm says what is held now, and --dry-run and --print-spec hold nothing\n  leave --arm out"))
	case c.Resume != "":
		return c.resume(e)
	}
	s, err := c.checked(e)
	if err != nil {
		return usage(err)
	}
	if c.PrintSpec {
		_, err := fmt.Fprint(e.stdout, s.Absolute())
		return err
	}
	if c.DryRun {
		return c.dryRun(e, s)
	}
	return c.start(e, s, func(p *plan.Plan) (*store.Run, error) { return c.open(e, s, p) })
}

// Flags that may stand beside another source of the experiment: they say how it is run and how much of it, not what it is.
var (
	besideResume = []string{"resume", "arm", "retry-errors", "fail-on-error", "no-cache", "workers", "log-dir", "log-file", "display", "json", "no-plots", "max-retries", "max-connections", "timeout", "attempt-timeout",
		"price", "cost-limit", "token-limit", "time-limit"}
	besideFile = []string{"resume", "arm", "retry-errors", "limit", "draws", "epochs", "num-fewshot", "shuffle-choices", "prompts", "memory", "context", "confidence", "confidence-samples", "reading", "seed", "workers",
		"fail-on-error", "fork", "no-cache", "name", "log-dir", "log-file", "display", "store", "json", "no-plots", "print-spec", "max-retries", "max-connections", "timeout", "attempt-timeout",
		"dry-run", "price", "cost-limit", "token-limit", "time-limit"}
)

// other returns a flag of the command line that is not among these, or "".
func (e *env) other(allowed []string) string {
	i := slices.IndexFunc(e.flags, func(flag string) bool { return !slices.Contains(allowed, flag) })
	if i < 0 {
		return ""
	}
	return e.flags[i]
}

// checked returns the experiment that the command line asks for, if it can work.
func (c *runCmd) checked(e *env) (*spec.Spec, error) {
	s, err := c.spec(e)
	if err != nil {
		return nil, err
	}
	return s, s.Check()
}

// spec returns the experiment that the command line asks for.
func (c *runCmd) spec(e *env) (*spec.Spec, error) {
	var s *spec.Spec
	var err error
	switch {
	case c.File != "":
		if flag := e.other(besideFile); flag != "" {
			return nil, fmt.Errorf("--%s is said by the experiment file\n  change it there, or leave the file out", flag)
		}
		s, err = spec.Load(c.File)
	case e.other(besideFile) == "":
		s, err = spec.Sampler()
	default:
		s, err = c.fromFlags(os.Getenv)
	}
	if err != nil {
		return nil, err
	}
	if c.Seed != nil {
		s.Seed = *c.Seed
	}
	s.Limit, s.Name, s.Store = cmp.Or(c.Limit, s.Limit), cmp.Or(c.Name, s.Name), cmp.Or(c.Store, s.Store)
	s.Draws, s.Workers, s.NumFewshot = cmp.Or(int(c.Draws), s.Draws), cmp.Or(int(c.Workers), s.Workers), cmp.Or(c.NumFewshot, s.NumFewshot)
	c.talk(s)
	if c.Epochs > 0 {
		s.Repeats, s.Epochs = int(c.Epochs), 0
	}
	if c.Limit != "" {
		for i := range s.Datasets {
			s.Datasets[i].Limit = ""
		}
	}
	s.ShuffleChoices = s.ShuffleChoices || c.Shuffle
	c.limit(s)
	if err := e.idle(s); err != nil {
		return nil, err
	}
	return s, c.prices(s)
}

// fromFlags makes a spec of the flags alone.
func (c *runCmd) fromFlags(getenv func(string) string) (*spec.Spec, error) {
	s := &spec.Spec{Name: "run", Seed: 1}
	if len(c.Team) == 0 {
		c.Team = []string{"sim:gpt-4o-mini", "sim:llama-3.1-8b", "sim:mistral-7b"}
	}
	if err := c.teamFlags.into(s, getenv); err != nil {
		return nil, err
	}
	for _, list := range [][]string{c.Dataset, c.Subject, c.SampleID, c.Protocol} {
		for i := range list { // a blank behind a comma is no part of a name
			list[i] = strings.TrimSpace(list[i])
		}
	}
	names := c.Dataset
	if len(names) == 0 {
		names = []string{"sample-numbers", "sample-choices", "sample-commonsense"}
	}
	for _, name := range names {
		s.Datasets = append(s.Datasets, spec.Dataset{Name: name, Split: c.Split, Subjects: c.Subject, SampleIDs: c.SampleID})
	}
	protocols := c.Protocol
	if len(protocols) == 0 {
		protocols = []string{"independent", "self-revision", "naive", "confidence-weighted", "consensus-penalized"}
		if len(c.Team) == 1 {
			protocols = protocols[:2] // one agent alone has nobody to hear
		}
	}
	for _, name := range protocols {
		arm := spec.Arm{Protocol: name, OnFailure: c.OnFailure}
		if name != "independent" {
			arm.Rounds, arm.Stop = c.Rounds, c.Stop
		}
		s.Arms = append(s.Arms, arm)
	}
	if c.Samples != 0 {
		s.Arms = append(s.Arms, spec.Arm{Name: "self-consistency", Protocol: "independent", Samples: int(c.Samples), OnFailure: c.OnFailure})
	}
	return s, nil
}
