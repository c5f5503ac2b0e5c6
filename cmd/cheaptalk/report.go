package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/charmbracelet/x/term"

	"cheaptalk/internal/spec"
	"cheaptalk/internal/store"
	"cheaptalk/internal/store/runs"
	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/plots"
	"cheaptalk/reports/tables"
	"cheaptalk/reports/transcript"
	"cheaptalk/reports/words"
)

// reportCmd is "cheaptalk report".
type reportCmd struct {
	Ref       string   `arg:"" name:"run" default:"last" help:"A run: its folder, its name, the beginning of it, or last."`
	Format    string   `enum:"text,md,markdown,csv,json,latex" default:"text" help:"text, md, csv, json or latex."`
	Table     []string `placeholder:"TABLE" help:"Print these tables alone, by the names of their CSV files: accuracy, decisions, bounds ... Nothing is written then."`
	Reference string   `placeholder:"ARM" help:"The arm that all others are compared with."`
	Level     float64  `placeholder:"P" default:"0.95" help:"Level of the intervals."`
	Margin    float64  `placeholder:"P" default:"0.02" help:"Difference in accuracy that does not matter, for the question whether debate is no worse."`
	NoPlots   bool     `help:"Draw no plots."`
	LogDir    string   `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// Run prints the tables and draws the plots.
func (c *reportCmd) Run(e *env) error {
	r, s, err := openRun(e.ctx, c.LogDir, c.Ref)
	if err != nil {
		return usage(err)
	}
	defer r.Close()
	if err := hasArm(s, c.Reference); err != nil {
		return usage(err)
	}
	if !(c.Level > 0 && c.Level < 1) {
		return usage(fmt.Errorf("--level: %v is not between 0 and 1\n  0.95 is the default", c.Level))
	}
	if !(c.Margin > 0 && c.Margin < 1) {
		return usage(fmt.Errorf("--margin: %v is not between 0 and 1\n  0.02, two points, is the default", c.Margin))
	}
	if len(c.Table) > 0 && c.Format == "json" {
		return usage(errors.New("--format json is of the whole report\n  leave --table out, or give --format csv"))
	}
	defer boundReading(r.Meta().Planned)()
	return publish(e.ctx, e, r, s, reportOptions{json: c.Format == "json", format: c.Format, tables: c.Table, reference: c.Reference, level: c.Level, margin: c.Margin, noPlots: c.NoPlots})
}

// openRun opens a run for reading, with the experiment that it is of.
func openRun(ctx context.Context, logDir, ref string) (*store.Run, *spec.Spec, error) {
	dir, err := runs.Resolve(ctx, logDir, ref)
	if err != nil {
		return nil, nil, err
	}
	r, err := store.OpenReadOnly(dir)
	if err != nil {
		return nil, nil, err
	}
	s, err := spec.Parse("", []byte(r.Meta().Spec))
	if err != nil {
		r.Close()
		return nil, nil, fmt.Errorf("%s: the experiment file in it: %w", dir, err)
	}
	return r, s, nil
}

// hasArm returns an error that names the arms of an experiment when it has none of this name; "" is any.
func hasArm(s *spec.Spec, arm string) error {
	if arm == "" {
		return nil
	}
	return hasArms(s, []string{arm})
}

// hasArms returns an error that names the arms of an experiment when it has none of one of these names.
func hasArms(s *spec.Spec, names []string) error {
	arms := s.ArmNames()
	for _, name := range names {
		if !slices.Contains(arms, name) {
			return fmt.Errorf("no arm is called %q\n  there are %s", name, strings.Join(arms, ", "))
		}
	}
	return nil
}

// reportOptions says what publish prints.
type reportOptions struct {
	json      bool
	brief     bool     // the accuracy and what failed, and the words last
	only      []string // the names of the tables that are printed, without words; nil is all
	noPlots   bool
	format    string   // "" is text
	tables    []string // the names of all that is printed, where nothing is written; nil is the whole report
	reference string
	level     float64
	margin    float64
}

// publish analyses a run, prints what it shows and draws the plots into its folder.
func publish(ctx context.Context, e *env, r *store.Run, s *spec.Spec, o reportOptions) error {
	report, err := reports.Analyze(r.Outlines(ctx), reports.Options{Name: s.Name, Arms: s.ArmNames(), Reference: o.reference, Level: o.level, Margin: o.margin, Recorded: s.Recorded()})
	if err != nil {
		return err
	}
	all := tables.All(report)
	if o.tables != nil {
		return printTables(e, all, o)
	}
	drawn, err := keep(report, all, r.Dir(), o.noPlots)
	written := !readOnly(err)
	if !written {
		fmt.Fprintf(e.stderr, "note: plots and tables are not written: %s\n", clean(err.Error()))
	} else if err != nil {
		return err
	}
	switch {
	case o.json:
		return writeReport(e.stdout, r, report)
	case o.format == "csv" || o.format == "latex":
		return writeTables(e.stdout, all, o.format)
	case o.format == "markdown" || o.format == "md":
		for _, paragraph := range words.Paragraphs(report) {
			if _, err := fmt.Fprintf(e.stdout, "%s\n\n", grid.EscapeMarkdown(paragraph)); err != nil {
				return err
			}
		}
		return writeTables(e.stdout, all, o.format)
	}
	shown, only := all, o.only
	if o.brief {
		only = []string{"accuracy", "failures"}
	}
	if only != nil {
		shown = slices.DeleteFunc(all, func(t grid.Table) bool { return !slices.Contains(only, t.Name) })
	}
	width, color := screen(e.stdout)
	if only == nil {
		for i, paragraph := range words.Paragraphs(report) {
			if i > 0 {
				fmt.Fprintln(e.stdout)
			}
			fmt.Fprintln(e.stdout, wrap(clean(paragraph), width))
		}
	}
	fmt.Fprintln(e.stdout)
	if err := grid.Write(e.stdout, shown, width, color); err != nil {
		return err
	}
	if o.brief { // a run ends on what it comes to
		fmt.Fprintln(e.stdout)
		for i, sentence := range words.Of(report) {
			if i == 0 {
				sentence = "In words: " + sentence
			}
			fmt.Fprintln(e.stdout, wrap(sentence, width))
		}
	}
	if !written {
		return nil
	}
	return where(e.stdout, r, drawn, report, only != nil)
}

// keep draws the plots and writes the tables of a report into the folder of its run, and returns the files of the plots.
func keep(report *reports.Report, all []grid.Table, dir string, noPlots bool) (drawn []string, err error) {
	if !noPlots {
		if drawn, err = plots.Write(report, dir); err != nil {
			return nil, err
		}
	}
	_, err = grid.WriteCSV(all, dir)
	return drawn, err
}

// readOnly reports whether something could not be written because it is only to be read: a run of somebody else's, or on a medium of that kind.
func readOnly(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// writeReport writes the report of a run as JSON, with the folder of the run and what the numbers say in words.
func writeReport(w io.Writer, r *store.Run, report *reports.Report) error {
	return writeJSON(w, struct {
		Run   string   `json:"run"`
		Words []string `json:"words"`
		*reports.Report
	}{r.Dir(), words.Of(report), report}, "  ")
}

// printTables prints some tables of a report, in its order, and nothing else.
func printTables(e *env, all []grid.Table, o reportOptions) error {
	var names []string
	for _, t := range all {
		names = append(names, t.Name)
	}
	for _, name := range o.tables {
		if !slices.Contains(names, name) {
			return usage(fmt.Errorf("the report has no table %q\n  it has %s", name, strings.Join(names, ", ")))
		}
	}
	chosen := slices.DeleteFunc(all, func(t grid.Table) bool { return !slices.Contains(o.tables, t.Name) })
	if o.format != "text" {
		return writeTables(e.stdout, chosen, o.format)
	}
	width, color := screen(e.stdout)
	return grid.Write(e.stdout, chosen, width, color)
}

// where says what lies where and what to look at next.
func where(w io.Writer, r *store.Run, drawn []string, report *reports.Report, next bool) error {
	fmt.Fprintln(w)
	if len(drawn) > 0 {
		var names []string
		for _, path := range drawn {
			if name, ok := strings.CutSuffix(filepath.Base(path), ".png"); ok {
				names = append(names, name)
			}
		}
		fmt.Fprintf(w, "plots   %s.png and .svg\n", filepath.Join(r.Dir(), "{"+strings.Join(names, ",")+"}"))
	}
	fmt.Fprintf(w, "tables  %s.csv\n", filepath.Join(r.Dir(), "*"))
	if !next {
		return nil
	}
	ref := refIn(filepath.Base(r.Dir()), filepath.Dir(r.Dir()))
	flips := ""
	if slices.ContainsFunc(report.Overall.Arms, func(a reports.Arm) bool { return a.Revisions.Harmful.K+a.Revisions.Beneficial.K > 0 }) {
		flips = " --flips"
	}
	look(w, "cheaptalk show "+ref+flips, "cheaptalk report "+ref)
	if report.Simulated {
		fmt.Fprintln(w, "real    cheaptalk run --team llama3.2@ollama,gpt-4o-mini@openai --dataset gsm8k --limit 50")
	}
	return nil
}

// look writes two commands to look at a run with: in one line where both fit, since a command that a terminal breaks is hard to read.
func look(w io.Writer, first, second string) {
	line := "look    " + first + "    " + second
	if fitted(w, line) != line {
		line = "look    " + first + "\n        " + second
	}
	fmt.Fprintln(w, line)
}

// writeTables writes every table, as Markdown, LaTeX or CSV, with a blank line between two.
func writeTables(w io.Writer, all []grid.Table, format string) error {
	for i, t := range all {
		if i > 0 {
			fmt.Fprintln(w)
		}
		write := t.Markdown
		switch format {
		case "csv":
			write = t.CSV
		case "latex":
			write = t.LaTeX
		}
		if err := write(w); err != nil {
			return err
		}
	}
	return nil
}

// plainWidth is the width of text where there is no terminal to ask.
const plainWidth = 120

// screen returns how wide w is and whether it takes colour.
func screen(w io.Writer) (columns int, color bool) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(f.Fd()) {
		return plainWidth, false
	}
	columns, _, err := term.GetSize(f.Fd())
	if err != nil || columns <= 0 {
		columns = plainWidth
	}
	return columns, os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// wrap breaks a text into lines of at most so many terminal cells.
func wrap(s string, columns int) string { return strings.Join(paint.Wrap(s, columns), "\n") }

// fitted breaks a line that is too long for the terminal that w is. Where w is none, lines stay whole.
func fitted(w io.Writer, line string) string {
	columns, _ := screen(w)
	if !isTerminal(w) || paint.Width(line) <= columns {
		return line
	}
	return wrap(line, columns)
}

// clean makes a text that may quote data or a server fit for a terminal.
func clean(s string) string { return transcript.StripControl(s) }
