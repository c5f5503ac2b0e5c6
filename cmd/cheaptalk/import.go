package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/internal/demo"
	"cheaptalk/internal/exchange"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/internal/store"
	"cheaptalk/internal/store/machine"
	"cheaptalk/judges"
)

// importCmd is "cheaptalk import".
type importCmd struct {
	File   []string `arg:"" optional:"" help:"What cheaptalk export has written: whole records (jsonl), or the tables records and messages (csv, parquet), with experiment.yaml where there is one. Or recorded debates: see docs/EXPORT.md."`
	Demo   bool     `help:"Import the recording of three small models that comes with the program."`
	Name   string   `placeholder:"NAME" help:"Name of the run; that of the experiment file or of the first file when unset."`
	LogDir string   `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// Run makes a run of the files. All of them are read and checked before anything is written, and a run that cannot be finished is
// removed.
func (c *importCmd) Run(e *env) (err error) {
	switch {
	case c.Demo && len(c.File) > 0:
		return usage(errors.New("--demo is a recording of its own\n  leave the files out"))
	case !c.Demo && len(c.File) == 0:
		return usage(errors.New("no file is named\n  give what cheaptalk export has written, recorded debates, or --demo"))
	case c.Demo:
		dir, err := os.MkdirTemp("", "cheaptalk-demo-")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		if c.File, err = demo.Unpack(dir); err != nil {
			return err
		}
	}
	files, err := exchange.Sort(c.File)
	if err != nil {
		return usage(err)
	}
	if len(files.Others) > 0 {
		return c.recordings(e, files.Others)
	}
	return c.records(e, files)
}

// recordings makes a run of recorded debates: the experiment that repeats them.
func (c *importCmd) recordings(e *env, paths []string) error {
	s := &spec.Spec{
		Name: c.name(paths), Seed: 1, Teams: map[string][]spec.Member{"recorded": {{Agent: "recorded"}}},
		Arms: []spec.Arm{{Protocol: spec.ProtocolRecorded}},
	}
	var err error
	if s.Datasets, err = sources(paths); err != nil {
		return usage(err)
	}
	p, err := plan.Of(s, plan.Means{Getenv: os.Getenv})
	if err != nil {
		return usage(err)
	}
	meta := c.meta(e, s.Name, paths)
	meta.Spec, meta.Seed, meta.Planned = s.Absolute().String(), s.Seed, p.Debates()
	notes := append(slices.Clone(p.Notes), "what such a file says of its own replies (is_correct, majority, scores) is not kept: answers are read from the texts")
	return c.make(e, meta, notes, func(r *store.Run) error { return p.Experiment.Run(e.ctx, r, nil) })
}

// records makes a run of records.
func (c *importCmd) records(e *env, files *exchange.Files) error {
	sum, err := survey(e.ctx, files)
	if err != nil {
		return usage(err)
	}
	paths := slices.DeleteFunc(slices.Clone(c.File), func(path string) bool { return path == files.Experiment })
	s, text, err := c.experiment(files.Experiment, paths, sum)
	if err != nil {
		return usage(err)
	}
	meta := c.meta(e, s.Name, c.File)
	meta.Spec, meta.Seed, meta.Planned, meta.Simulated = text, s.Seed, sum.debates, sum.simulated
	var notes []string
	if files.Experiment == "" {
		notes = append(notes, "without its experiment file, the rules of the judges are taken to be the default ones when rescore has them count again")
	}
	if len(sum.unknown) > 0 && files.Experiment == "" {
		notes = append(notes, fmt.Sprintf("what kind of judge %s is is not known: rescore needs the experiment file", strings.Join(sum.unknown, ", ")))
	}
	if sum.bare > 0 {
		notes = append(notes, fmt.Sprintf("the requests and responses of %s are not in the files; export --calls writes those that a run has", plural(sum.bare, "call")))
	}
	return c.make(e, meta, notes, func(r *store.Run) error {
		_, err := r.Fill(e.ctx, files.Batches)
		if errors.Is(err, context.Canceled) {
			err = errInterrupted
		}
		return err
	})
}

// contents is what some records have in common.
type contents struct {
	debates   int
	bare      int               // calls of real models without their request and response
	simulated bool              // every one is
	arms      []string          // in the order in which they first come
	judges    []spec.Judge      // those of known kinds
	unknown   []string          // the names of the others
	primary   map[string]string // the first judge of each arm
	decided   map[string]bool   // the judges that are in judges or unknown, and those that speak
}

// survey reads all records once.
func survey(ctx context.Context, files *exchange.Files) (*contents, error) {
	sum := &contents{simulated: true, primary: map[string]string{}, decided: map[string]bool{}}
	for rec, err := range files.Records() {
		if err == nil && ctx.Err() != nil {
			err = errInterrupted
		}
		if err != nil {
			return nil, err
		}
		sum.add(rec)
	}
	if sum.debates == 0 {
		return nil, errors.New("there is no debate in the files\n  give a file that cheaptalk export has written")
	}
	return sum, nil
}

func (sum *contents) add(rec *debate.Record) {
	sum.debates++
	sum.simulated = sum.simulated && rec.Simulated
	if rec.Transcript != nil && !rec.Simulated {
		for _, m := range rec.Transcript.Messages {
			if len(m.Exchanges) == 0 {
				sum.bare += m.Usage.Calls
			}
		}
	}
	if !slices.Contains(sum.arms, rec.Case.Arm) {
		sum.arms = append(sum.arms, rec.Case.Arm)
	}
	for i, v := range rec.Verdicts {
		if i == 0 && sum.primary[rec.Case.Arm] == "" {
			sum.primary[rec.Case.Arm] = v.Judge
		}
		if sum.decided[v.Judge] {
			continue
		}
		sum.decided[v.Judge] = true
		if v.Reply != nil || v.Judge == judges.NameAggLM {
			continue // who speaks for it is not known, and its words are there
		}
		if j, err := parseJudge(v.Judge); err == nil && (&spec.Spec{Judges: []spec.Judge{j}}).CheckJudges() == nil {
			sum.judges = append(sum.judges, j)
		} else {
			sum.unknown = append(sum.unknown, v.Judge)
		}
	}
}

// experiment returns the experiment of the records and its text: that of the file, or one that says where they come from.
func (c *importCmd) experiment(file string, paths []string, sum *contents) (*spec.Spec, string, error) {
	if file == "" {
		s := &spec.Spec{Name: c.name(paths), Seed: 1, Teams: map[string][]spec.Member{"imported": {{Agent: "recorded"}}}, Judges: sum.judges}
		for _, arm := range sum.arms {
			s.Arms = append(s.Arms, spec.Arm{Name: arm, Protocol: spec.ProtocolRecorded, Primary: sum.primary[arm]})
		}
		var err error
		s.Datasets, err = sources(paths)
		return s, s.String(), err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, "", err
	}
	s, err := spec.Load(file)
	if err != nil {
		return nil, "", err
	}
	known := s.ArmNames()
	if i := slices.IndexFunc(sum.arms, func(arm string) bool { return !slices.Contains(known, arm) }); i >= 0 {
		return nil, "", fmt.Errorf("%s: it has no arm %q, of which there are debates\n  its arms are %s; leave the file out if it is of another run",
			file, sum.arms[i], strings.Join(known, ", "))
	}
	if c.Name != "" {
		s.Name = c.Name
	}
	return s, string(text), nil
}

// sources says where debates come from, as an experiment file does.
func sources(paths []string) ([]spec.Dataset, error) {
	var list []spec.Dataset
	for _, path := range paths {
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		list = append(list, spec.Dataset{Recording: abs})
	}
	return list, nil
}

// name returns the name of the run: the one given, or that of the first file, or of its folder where the file is named after a table.
func (c *importCmd) name(paths []string) string {
	if c.Name != "" {
		return c.Name
	}
	name := filepath.Base(paths[0])
	for _, ext := range []string{".gz", ".jsonl", ".json", ".csv", ".parquet"} {
		name = strings.TrimSuffix(name, ext)
	}
	if !slices.Contains(exchange.Tables, name) {
		return name
	}
	if abs, err := filepath.Abs(paths[0]); err == nil {
		return filepath.Base(filepath.Dir(abs))
	}
	return name
}

// meta returns what the run says of itself, but its experiment.
func (c *importCmd) meta(e *env, name string, paths []string) store.Meta {
	meta := store.Meta{Name: name, Command: e.args, Machine: machine.Describe()}
	for _, path := range paths {
		meta.Imported = append(meta.Imported, filepath.Base(path))
	}
	return meta
}

// make makes the run, has fill put the debates into it, and says what became of it.
func (c *importCmd) make(e *env, meta store.Meta, notes []string, fill func(*store.Run) error) error {
	r, err := store.Create(c.LogDir, meta.Name, meta)
	if err != nil {
		return fmt.Errorf("%w\n  --log-dir FOLDER puts the run elsewhere", err)
	}
	var done, failed int
	err = fill(r)
	if err == nil && e.ctx.Err() != nil {
		err = errInterrupted
	}
	if err == nil {
		done, failed, err = r.Count(e.ctx)
	}
	if err == nil {
		err = r.Update(func(m *store.Meta) { m.State = store.Finished })
	}
	if err = errors.Join(err, r.Close()); err != nil {
		return errors.Join(err, os.RemoveAll(r.Dir()))
	}
	for _, note := range notes {
		fmt.Fprintln(e.stderr, "note:", clean(note))
	}
	ref := refIn(filepath.Base(r.Dir()), c.LogDir)
	fmt.Fprintf(e.stdout, "%s from %s: %s, %d failed\n", r.Dir(), clean(strings.Join(meta.Imported, ", ")), plural(done, "debate"), failed)
	look(e.stdout, "cheaptalk report "+ref, "cheaptalk show "+ref+" --flips")
	return nil
}
