package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/internal/predict"
	"cheaptalk/internal/store"
	"cheaptalk/internal/twin"
	"cheaptalk/internal/twin/heldout"
	"cheaptalk/internal/twin/steps"
	"cheaptalk/reports/grid"
)

// fitCmd is "cheaptalk fit".
type fitCmd struct {
	Ref    string       `arg:"" name:"run" default:"last" help:"A run: its folder, its name, the beginning of it, or last."`
	Pool   string       `placeholder:"NAME" help:"Fit one twin of that name to all agents: they are one model."`
	Arm    []string     `placeholder:"NAME" help:"Fit to these arms alone. Default: all."`
	Part   predict.Part `placeholder:"I/N" help:"Fit to the I-th of N parts of the questions, dealt by --seed, so that the others can be predicted."`
	Folds  int          `default:"5" help:"Folds of the cross-validation over questions; 0 leaves it out."`
	Seed   uint64       `default:"1" help:"Deals questions into folds and parts."`
	Out    string       `placeholder:"FILE.yaml" help:"Write the twin as a profile that teams can use; with several agents FILE-AGENT.yaml for each."`
	Force  bool         `help:"Replace files that are there."`
	Format string       `enum:"text,md,markdown,csv,json,latex" default:"text" help:"text, md, csv, json or latex."`
	LogDir string       `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// Run fits twins to the agents of a run, says how well they predict, and writes their profiles.
func (c *fitCmd) Run(e *env) (err error) {
	if c.Folds < 0 || c.Folds == 1 {
		return usage(fmt.Errorf("--folds is %d; give 2 or more, or 0 for no cross-validation", c.Folds))
	}
	if c.Out != "" && filepath.Ext(c.Out) != ".yaml" && filepath.Ext(c.Out) != ".yml" {
		return usage(fmt.Errorf("--out %s is no profile file\n  give a name that ends in .yaml", c.Out))
	}
	r, s, err := openRun(e.ctx, c.LogDir, c.Ref)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	only, err := questions(e.ctx, r, c.Part, c.Seed)
	if err != nil {
		return err
	}
	only.arms = c.Arm
	if err := hasArms(s, c.Arm); err != nil {
		return usage(fmt.Errorf("%s: %w", filepath.Base(r.Dir()), err))
	}
	data, err := steps.Read(only.of(r.Records(e.ctx)))
	if err != nil {
		return fmt.Errorf("%s has nothing to fit: %w", filepath.Base(r.Dir()), err)
	}
	if c.Pool != "" {
		data = data.Pool(c.Pool)
	}
	files, err := c.files(data)
	if err != nil {
		return usage(err)
	}
	twins, err := twin.Fit(data)
	if err != nil {
		return err
	}
	var scores *heldout.Scores
	if c.Folds > 0 {
		if scores, err = heldout.CrossValidate(e.ctx, data, c.Folds, c.Seed); err != nil {
			return fmt.Errorf("%w\n  --folds 0 leaves it out", err)
		}
	}
	if err := c.print(e, fitTables{name: s.Name + only.label(), data: data, twins: twins, scores: scores}); err != nil {
		return err
	}
	return c.write(e, r, data, twins, files)
}

// print prints the tables and what the data do not tell.
func (c *fitCmd) print(e *env, t fitTables) error {
	if c.Format == "json" {
		report, err := t.json()
		if err != nil {
			return err
		}
		return writeJSON(e.stdout, report, "  ")
	}
	all, err := t.all()
	if err != nil {
		return err
	}
	if c.Format != "text" {
		return writeTables(e.stdout, all, c.Format)
	}
	width, color := screen(e.stdout)
	if err := grid.Write(e.stdout, all, width, color); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout)
	for _, sentence := range t.words() {
		fmt.Fprintln(e.stdout, wrap(clean(sentence), width))
	}
	return nil
}

// files returns the file of each agent that revises, by its name, or nil where none is to be written. Nothing that is there is replaced without
// being told to.
func (c *fitCmd) files(data *steps.Data) (map[string]string, error) {
	if c.Out == "" {
		return nil, nil
	}
	revises := map[string]bool{}
	for _, s := range data.Steps {
		revises[data.Agents[s.Agent]] = true
	}
	files := map[string]string{}
	for _, agent := range data.Agents {
		if !revises[agent] {
			continue
		}
		path := c.Out
		if len(revises) > 1 {
			ext := filepath.Ext(c.Out)
			path = strings.TrimSuffix(c.Out, ext) + "-" + plainName(agent) + ext
		}
		if _, err := os.Stat(path); err == nil && !c.Force {
			return nil, fmt.Errorf("%s is there already\n  --force replaces it", path)
		}
		files[agent] = path
	}
	return files, nil
}

// plainName makes a name fit for a file and for a profile.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\,:@#`, r) || r <= ' ' || r == 0x7f {
			return '-'
		}
		return r
	}, clean(name))
}

// write writes the profiles, and says where they are or how to have them.
func (c *fitCmd) write(e *env, r *store.Run, data *steps.Data, twins *twin.Twins, files map[string]string) error {
	if files == nil {
		if c.Format == "text" {
			fmt.Fprintf(e.stdout, "\nwrite   cheaptalk fit %s --out twin.yaml    then  cheaptalk run --team sim:twin.yaml\n", refIn(filepath.Base(r.Dir()), filepath.Dir(r.Dir())))
		}
		return nil
	}
	for _, t := range twins.Twins {
		path, ok := files[t.Agent]
		if !ok {
			continue
		}
		f, err := c.profile(r, data, t)
		if err != nil {
			return err
		}
		if err := f.Write(path); err != nil {
			return err
		}
		fmt.Fprintln(e.stderr, "wrote", clean(path))
	}
	return nil
}

// profile returns the profile of a twin with where it comes from.
func (c *fitCmd) profile(r *store.Run, data *steps.Data, t *twin.Twin) (*profiles.File, error) {
	run := filepath.Base(r.Dir())
	f, err := t.Profile(plainName(t.Agent) + "@" + plainName(run))
	if err != nil {
		return nil, err
	}
	f.MadeBy = "cheaptalk fit " + run
	if c.Pool != "" {
		f.MadeBy += " --pool " + c.Pool
	}
	if c.Arm != nil {
		f.MadeBy += " --arm " + strings.Join(c.Arm, ",")
	}
	if c.Part.N > 0 {
		f.MadeBy += fmt.Sprintf(" --part %s --seed %d", c.Part, c.Seed)
	}
	var sets []string
	for _, a := range t.Alone {
		sets = append(sets, fmt.Sprintf("%s (%d readable independent answers to %d questions, %d of them right)", a.Set, a.N, a.Questions, a.Right))
	}
	slices.Sort(sets)
	kind := "run"
	if data.Simulated {
		kind = "simulated run"
	}
	f.Sources = []string{fmt.Sprintf("%s %s: %d revisions of %d questions; %s", kind, run, t.Steps, t.Questions, strings.Join(sets, ", "))}
	return f, nil
}
