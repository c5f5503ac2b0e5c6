package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/internal/store"
	"cheaptalk/internal/store/machine"
	"cheaptalk/internal/store/runs"
)

// runCmd is "cheaptalk run".
type runCmd struct {
	File string `arg:"" optional:"" help:"An experiment file. Without one, and without --team, the embedded questions are debated by simulated agents."`

	teamFlags
	Dataset    []string `group:"what" placeholder:"NAME" help:"Data sets: gsm8k, mmlu, csqa, sample-numbers, sample-choices, sample-commonsense, or the path of a .jsonl, .csv or .parquet file."`
	Split      string   `group:"what" placeholder:"NAME" help:"The split of the data set."`
	Subject    []string `group:"what" placeholder:"NAME" help:"Subjects of mmlu."`
	Limit      string   `group:"what" placeholder:"N|A-B" help:"Questions of each data set: the first N, or the A-th to the B-th."`
	SampleID   []string `group:"what" placeholder:"ID" help:"These questions alone."`
	Draws      int      `group:"what" placeholder:"N" help:"Ask so many seeded samples of --limit questions instead of the first ones."`
	Epochs     int      `group:"what" placeholder:"N" help:"Ask each question so often."`
	NumFewshot int      `group:"what" placeholder:"N" help:"Worked examples before each question."`
	Shuffle    bool     `group:"what" name:"shuffle-choices" help:"Shuffle the choices of each question, by the seed."`

	Protocol  []string `group:"how" placeholder:"NAME" help:"One arm each of: independent, naive, confidence-weighted, consensus-penalized, self-revision. Default: all five."`
	Rounds    *int     `group:"how" placeholder:"N" help:"Debate rounds after the independent answers. Default 2."`
	Stop      string   `group:"how" placeholder:"RULE" help:"When a debate ends: rounds (default) or unanimity."`
	Samples   int      `group:"how" placeholder:"N" help:"Adds an arm self-consistency with so many independent answers."`
	OnFailure string   `group:"how" placeholder:"RULE" help:"What a failed turn does to its debate: fail (default) or abstain."`

	Seed    *uint64 `group:"how" placeholder:"N" help:"Where all chance comes from. Default 1."`
	Workers int     `group:"how" placeholder:"N" help:"Debates at the same time."`

	Name      string `group:"out" placeholder:"NAME" help:"Name of the run."`
	LogDir    string `group:"out" placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
	Store     string `group:"out" placeholder:"KIND" help:"full (default) or compact: no texts, for simulated runs of millions."`
	JSON      bool   `group:"out" name:"json" help:"Print the report as JSON; progress goes to standard error."`
	PrintSpec bool   `group:"out" help:"Print the experiment file that the flags stand for, and run nothing."`
	Resume    string `group:"out" placeholder:"RUN" help:"Go on with an unfinished run: its folder, its name or last."`
}

// Run holds the experiment.
func (c *runCmd) Run(e *env) error {
	if c.Resume != "" {
		return c.resume(e)
	}
	s, err := c.spec(e)
	if err != nil {
		return usage(err)
	}
	if err := s.Check(); err != nil {
		return usage(err)
	}
	if c.PrintSpec {
		_, err := fmt.Fprint(e.stdout, s.Absolute())
		return err
	}
	plan, err := plan.Of(s, plan.Means{Getenv: os.Getenv})
	if err != nil {
		return usage(err)
	}
	r, err := store.Create(c.LogDir, s.Name, store.Meta{
		Spec: s.Absolute().String(), Command: e.args, Machine: machine.Describe(), Seed: s.Seed,
		Compact: s.Store == "compact", Simulated: plan.Simulated, Planned: plan.Debates(),
	})
	if err != nil {
		return fmt.Errorf("%w\n  --log-dir FOLDER puts the run elsewhere", err)
	}
	return c.hold(e, s, plan, r)
}

// resume goes on with a run that was stopped.
func (c *runCmd) resume(e *env) error {
	if c.File != "" {
		return usage(errors.New("--resume takes the experiment from the run\n  leave the experiment file out"))
	}
	if flag := e.other(besideResume); flag != "" {
		return usage(fmt.Errorf("--%s cannot be changed in a run that is resumed\n  leave it out, or start a run of its own", flag))
	}
	dir, err := runs.Resolve(e.ctx, c.LogDir, c.Resume)
	if err != nil {
		return usage(err)
	}
	r, err := store.Open(dir)
	if err != nil {
		return usage(err)
	}
	meta := r.Meta()
	s, err := spec.Parse("", []byte(meta.Spec))
	if err != nil {
		return errors.Join(err, r.Close())
	}
	c.limit(s)
	plan, err := plan.Of(s, plan.Means{Getenv: os.Getenv})
	if err != nil {
		return errors.Join(usage(err), r.Close())
	}
	plan.Experiment.Workers = cmp.Or(c.Workers, plan.Experiment.Workers)
	err = r.Shared(e.ctx, func(key string, response []byte) error {
		plan.Share.Put(key, response)
		return nil
	})
	if err != nil {
		return errors.Join(err, r.Close())
	}
	return c.hold(e, s, plan, r)
}

// hold runs the experiment into the run and reports it. It closes the run.
func (c *runCmd) hold(e *env, s *spec.Spec, plan *plan.Plan, r *store.Run) (err error) {
	defer func() { err = errors.Join(err, r.Close()) }()
	before, _, err := r.Count(e.ctx)
	if err != nil {
		return err
	}
	progress := e.stdout
	if c.JSON {
		progress = e.stderr
	}
	fmt.Fprintln(progress, clean(title(s, plan)))
	for _, note := range plan.Notes {
		fmt.Fprintln(progress, "note:", clean(note))
	}
	if before > 0 {
		fmt.Fprintf(progress, "resumed: %d of %d debates were recorded before\n", before, plan.Debates())
	}
	m := newMeter(progress, plan.Debates(), before, time.Now)
	runErr := plan.Experiment.Run(e.ctx, r, m.event)
	m.finish()

	// The report is worth having even when the run was interrupted, so it does not end with e.ctx.
	ctx := context.WithoutCancel(e.ctx)
	done, failed, err := r.Count(ctx)
	if err != nil {
		return errors.Join(runErr, err)
	}
	if runErr == nil {
		if err := r.Update(func(meta *store.Meta) { meta.State = store.Finished }); err != nil {
			return err
		}
	}
	if done > failed || runErr == nil {
		if err := publish(ctx, e, r, s, reportOptions{json: c.JSON, brief: true}); err != nil {
			return errors.Join(runErr, err)
		}
	}
	if runErr != nil {
		if e.ctx.Err() != nil {
			runErr = errors.New("interrupted")
		}
		return coded{fmt.Errorf("%w\n  %d of %d debates are recorded in %s\n  cheaptalk run --resume %s goes on with the other %d",
			runErr, done, plan.Debates(), r.Dir(), c.ref(r), plan.Debates()-done), exitStopped}
	}
	if failed > 0 {
		return coded{fmt.Errorf("%d of %d debates failed\n  they count neither as right nor as wrong\n  cheaptalk show %s --failed says why", failed, done, c.ref(r)), exitErrors}
	}
	return nil
}

// ref returns how to name the run on a command line.
func (c *runCmd) ref(r *store.Run) string {
	ref := filepath.Base(r.Dir())
	if c.LogDir != defaultLogDir {
		ref += " --log-dir " + c.LogDir
	}
	return ref
}

// title writes "cheaptalk  sampler · 160 questions × 5 arms · team: a, b, c (simulated) · seed 1".
func title(s *spec.Spec, plan *plan.Plan) string {
	x := &plan.Experiment
	parts := []string{s.Name, fmt.Sprintf("%s × %s", plural(len(x.Items), "question"), plural(len(x.Arms), "arm"))}
	if x.Repeats > 1 {
		parts[1] += fmt.Sprintf(" × %d repeats", x.Repeats)
	}
	teams := slices.Sorted(maps.Keys(s.Teams))
	label := fmt.Sprintf("%d teams", len(teams))
	if len(teams) == 1 {
		label = "team: " + strings.Join(spec.Labels(s.Teams[teams[0]]), ", ")
	}
	if plan.Simulated {
		label += " (simulated)"
	}
	return "cheaptalk  " + strings.Join(append(parts, label, fmt.Sprintf("seed %d", s.Seed)), " · ")
}

// plural writes "1 arm", "1,200 arms".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// Flags that may stand beside another source of the experiment: they say how it is run and how much of it, not what it is.
var (
	besideResume = []string{"resume", "workers", "log-dir", "json", "max-retries", "max-connections", "timeout", "attempt-timeout"}
	besideFile   = []string{"limit", "draws", "epochs", "num-fewshot", "shuffle-choices", "prompts", "memory", "reading", "seed", "workers",
		"name", "log-dir", "store", "json", "print-spec", "max-retries", "max-connections", "timeout", "attempt-timeout"}
)

// other returns a flag of the command line that is not among these, or "".
func (e *env) other(allowed []string) string {
	i := slices.IndexFunc(e.flags, func(flag string) bool { return !slices.Contains(allowed, flag) })
	if i < 0 {
		return ""
	}
	return e.flags[i]
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
	s.Draws, s.Workers, s.NumFewshot = cmp.Or(c.Draws, s.Draws), cmp.Or(c.Workers, s.Workers), cmp.Or(c.NumFewshot, s.NumFewshot)
	s.Prompts, s.Memory, s.Reading = cmp.Or(c.Prompts, s.Prompts), cmp.Or(c.Memory, s.Memory), cmp.Or(c.Reading, s.Reading)
	if c.Epochs > 0 {
		s.Repeats, s.Epochs = c.Epochs, 0
	}
	if c.Limit != "" {
		for i := range s.Datasets {
			s.Datasets[i].Limit = ""
		}
	}
	s.ShuffleChoices = s.ShuffleChoices || c.Shuffle
	c.limit(s)
	return s, nil
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
		s.Arms = append(s.Arms, spec.Arm{Name: "self-consistency", Protocol: "independent", Samples: c.Samples, OnFailure: c.OnFailure})
	}
	return s, nil
}
