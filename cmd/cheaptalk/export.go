package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/charmbracelet/x/term"

	"cheaptalk/debate"
	"cheaptalk/internal/exchange"
	"cheaptalk/internal/exchange/inspect"
	"cheaptalk/internal/exchange/tables"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/store"
)

// formatInspect is the format of logs of inspect_ai. The others are those of package tables.
const formatInspect = "inspect"

// exportCmd is "cheaptalk export".
type exportCmd struct {
	Ref    string   `arg:"" name:"run" default:"last" help:"A run: its folder, its name, the beginning of it, or last."`
	Format []string `enum:"jsonl,csv,parquet,inspect" default:"jsonl" placeholder:"FORMAT" help:"jsonl (whole records), csv, parquet (tables), inspect (a log of inspect_ai an arm); several with commas."`
	Table  []string `enum:"records,messages,transitions" placeholder:"TABLE" help:"records, messages or transitions; all in a folder. As jsonl, records are whole records, which have all that there is."`
	Output string   `short:"o" placeholder:"FOLDER" help:"Write files into this folder, and the experiment file; standard output takes one table alone."`
	Arm    string   `placeholder:"ARM" help:"Of this arm alone."`
	Calls  bool     `help:"Include every model call in whole records: the exact requests and responses."`
	Times  bool     `help:"Include how long debates and calls took. They are left out so that two runs of one experiment can be compared byte by byte."`
	LogDir string   `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// Run writes the debates sorted by item, draw, repeat and arm.
func (c *exportCmd) Run(e *env) (err error) {
	r, s, err := openRun(e.ctx, c.LogDir, c.Ref)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err := c.check(e, s); err != nil {
		return usage(err)
	}
	outs, err := c.open(e, r, s)
	if err != nil {
		return errors.Join(err, discard(outs))
	}
	if err := c.write(e.ctx, r, outs); err != nil {
		return errors.Join(err, discard(outs))
	}
	for _, o := range outs {
		if err := o.keep(); err != nil {
			return errors.Join(err, discard(outs))
		}
		if o.path != "" {
			fmt.Fprintln(e.stdout, o.path)
		}
	}
	if c.Output != "" {
		if err := c.experiment(e, r); err != nil {
			return err
		}
	}
	c.lost(e, r)
	return nil
}

// check finds flags that do not go together.
func (c *exportCmd) check(e *env, s *spec.Spec) error {
	arms := s.ArmNames()
	if err := hasArm(s, c.Arm); err != nil {
		return err
	}
	whole := slices.Contains(c.Format, string(tables.JSONL)) && (len(c.Table) == 0 || slices.Contains(c.Table, exchange.Tables[0]))
	if c.Calls && !whole {
		return errors.New("--calls is for whole records, and none are asked for\n  add --format jsonl")
	}
	if c.Output != "" {
		return nil
	}
	const folder = "--output FOLDER takes all"
	switch {
	case len(c.Format) > 1:
		return fmt.Errorf("standard output takes one format\n  %s", folder)
	case c.Format[0] == formatInspect:
		if len(arms) > 1 && c.Arm == "" {
			return fmt.Errorf("a log of inspect_ai is of one arm\n  --arm, one of: %s; %s", strings.Join(arms, ", "), folder)
		}
		return nil
	case len(c.Table) > 1, len(c.Table) == 0 && c.Format[0] != string(tables.JSONL):
		return fmt.Errorf("standard output takes one table\n  --table, one of: %s; %s", strings.Join(exchange.Tables, ", "), folder)
	}
	if f, ok := e.stdout.(*os.File); ok && term.IsTerminal(f.Fd()) && c.Format[0] != string(tables.JSONL) {
		return fmt.Errorf("%s holds texts as they are, control characters too, and this is a terminal\n  --output FOLDER, or pipe it into a file", c.Format[0])
	}
	return nil
}

// out is one file in the making, or standard output.
type out struct {
	exchange.Writer
	arm  string // "" takes the records of all
	path string // "" is standard output
	file *os.File
}

// keep ends the file and puts it into its place, in which one of the same name is replaced.
func (o *out) keep() error {
	if err := o.Close(); err != nil || o.file == nil {
		return err
	}
	if err := o.file.Close(); err != nil {
		return err
	}
	name := o.file.Name()
	o.file = nil
	return os.Rename(name, o.path)
}

// discard removes the files that are not in their place yet.
func discard(outs []*out) error {
	var errs []error
	for _, o := range outs {
		if o.file != nil {
			_ = o.file.Close() // what is in it does not matter
			errs = append(errs, os.Remove(o.file.Name()))
		}
	}
	return errors.Join(errs...)
}

// open opens what is written to. On an error it returns those that it had opened.
func (c *exportCmd) open(e *env, r *store.Run, s *spec.Spec) (outs []*out, err error) {
	add := func(name, arm string, begin func(io.Writer) (exchange.Writer, error)) error {
		o := &out{arm: arm}
		to := e.stdout
		if c.Output != "" {
			o.path = filepath.Join(c.Output, name)
			if o.file, err = os.Create(o.path + ".part"); err != nil {
				return fmt.Errorf("export: %w", err)
			}
			to = o.file
		}
		outs = append(outs, o)
		o.Writer, err = begin(to)
		return err
	}
	if c.Output != "" {
		if err := os.MkdirAll(c.Output, 0o777); err != nil {
			return nil, fmt.Errorf("export: %w", err)
		}
	}
	for _, format := range slices.Compact(slices.Sorted(slices.Values(c.Format))) {
		if format == formatInspect {
			err = c.logs(e.ctx, r, s, add)
		} else {
			err = c.tables(tables.Format(format), add)
		}
		if err != nil {
			return outs, err
		}
	}
	return outs, nil
}

// adder opens a file for the records of one arm, or of all.
type adder func(name, arm string, begin func(io.Writer) (exchange.Writer, error)) error

// tables opens the tables in one format.
func (c *exportCmd) tables(format tables.Format, add adder) error {
	for _, name := range exchange.Tables {
		if len(c.Table) > 0 && !slices.Contains(c.Table, name) || c.Output == "" && len(c.Table) == 0 && name != exchange.Tables[0] {
			continue
		}
		err := add(name+"."+string(format), c.Arm, func(w io.Writer) (exchange.Writer, error) {
			if format == tables.JSONL && name == exchange.Tables[0] {
				return exchange.WholeRecords(w), nil
			}
			return exchange.Table(w, name, format), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// logs opens a log of inspect_ai for each arm.
func (c *exportCmd) logs(ctx context.Context, r *store.Run, s *spec.Spec, add adder) error {
	sums := map[string]*inspect.Summary{}
	for _, arm := range s.ArmNames() {
		sums[arm] = &inspect.Summary{}
	}
	for rec, err := range r.Records(ctx) {
		if err != nil {
			return err
		}
		if sum := sums[rec.Case.Arm]; sum != nil {
			sum.Add(rec)
		}
	}
	meta := r.Meta()
	status := map[store.State]string{store.Finished: "success", store.Running: "started"}[meta.State]
	if status == "" {
		status = "cancelled"
	}
	for _, arm := range s.ArmNames() {
		if c.Arm != "" && c.Arm != arm {
			continue
		}
		run := inspect.Run{Name: s.Name, Arm: arm, Created: meta.Created, Version: meta.Version, Spec: meta.Spec, Status: status}
		err := add(run.FileName(), arm, func(w io.Writer) (exchange.Writer, error) { return inspect.NewWriter(w, run, sums[arm]) })
		if err != nil {
			return err
		}
	}
	return nil
}

// write gives every record to those that take it.
func (c *exportCmd) write(ctx context.Context, r *store.Run, outs []*out) error {
	for rec, err := range r.Records(ctx) {
		if err != nil {
			return err
		}
		if c.Arm != "" && rec.Case.Arm != c.Arm {
			continue
		}
		if c.Calls {
			if rec, err = r.RecordWithCalls(ctx, rec.Case); err != nil {
				return err
			}
		}
		if !c.Times {
			withoutTimes(rec)
		}
		for _, o := range outs {
			if o.arm != "" && o.arm != rec.Case.Arm {
				continue
			}
			if err := o.Write(rec); err != nil {
				return err
			}
		}
	}
	return nil
}

// experiment writes the experiment file of the run, without which an imported run does not know the rules of its judges.
func (c *exportCmd) experiment(e *env, r *store.Run) error {
	path := filepath.Join(c.Output, "experiment.yaml")
	if err := os.WriteFile(path, []byte(r.Meta().Spec), 0o666); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	_, err := fmt.Fprintln(e.stdout, path)
	return err
}

// lost says what the formats do not hold of this run.
func (c *exportCmd) lost(e *env, r *store.Run) {
	note := func(what string) { fmt.Fprintln(e.stderr, "note:", what) }
	if slices.Contains(c.Format, formatInspect) {
		note("logs of inspect_ai do not hold all of a debate; see docs/EXPORT.md")
	}
	tabular := slices.Contains(c.Format, string(tables.CSV)) || slices.Contains(c.Format, string(tables.Parquet))
	if meta := r.Meta(); tabular && !c.Calls && !meta.Compact && !meta.Simulated {
		note("tables do not hold the requests and responses of model calls; --format jsonl --calls does")
	}
}

// withoutTimes removes what differs between two runs of one experiment.
func withoutTimes(rec *debate.Record) {
	rec.Took = 0
	withoutCallTimes := func(list []debate.Exchange) {
		for i := range list {
			list[i].Took = 0
		}
	}
	if rec.Transcript != nil {
		for i := range rec.Transcript.Messages {
			withoutCallTimes(rec.Transcript.Messages[i].Exchanges)
		}
	}
	for _, v := range rec.Verdicts {
		if v.Reply != nil {
			withoutCallTimes(v.Reply.Exchanges)
		}
	}
}
