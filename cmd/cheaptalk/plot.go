package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cheaptalk/internal/store"
	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/plots"
)

// plotCmd is "cheaptalk plot".
type plotCmd struct {
	Ref    string   `arg:"" name:"run" default:"last" help:"A run: its folder, its name, the beginning of it, or last."`
	Kind   string   `arg:"" optional:"" help:"What to draw: ${plotkinds}. Without it, what this run can draw and why it cannot draw the rest."`
	Format string   `enum:",png,svg,pdf" default:"" placeholder:"FORMAT" help:"png, svg or pdf; else as the name after --out ends, else png."`
	Out    string   `placeholder:"FILE" help:"Where to write it, - for standard output. Default: KIND.FORMAT in the folder of the run."`
	Arm    []string `placeholder:"ARM" help:"Draw these arms alone."`
	Level  float64  `placeholder:"P" default:"0.95" help:"Level of the intervals."`
	LogDir string   `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// plotKinds names the kinds of plots, for the help.
func plotKinds() string {
	var names []string
	for _, k := range plots.Kinds() {
		names = append(names, k.Name)
	}
	return strings.Join(names, ", ")
}

// Run draws one plot, or lists what there is to draw.
func (c *plotCmd) Run(e *env) error {
	if !(c.Level > 0 && c.Level < 1) {
		return usage(fmt.Errorf("--level: %v is not between 0 and 1\n  0.95 is the default", c.Level))
	}
	kinds := plots.Kinds()
	at := slices.IndexFunc(kinds, func(k plots.Kind) bool { return k.Name == c.Kind })
	if c.Kind != "" && at < 0 {
		return usage(fmt.Errorf("no plot is called %q\n  there are %s", c.Kind, plotKinds()))
	}
	if c.Kind == "" && c.Format+c.Out != "" {
		return usage(fmt.Errorf("--format and --out: which plot?\n  there are %s", plotKinds()))
	}
	format, err := c.format()
	if err != nil {
		return usage(err)
	}
	r, s, err := openRun(e.ctx, c.LogDir, c.Ref)
	if err != nil {
		if slices.ContainsFunc(kinds, func(k plots.Kind) bool { return k.Name == c.Ref }) {
			err = fmt.Errorf("%w\n  cheaptalk plot last %s draws that plot of the last run", err, c.Ref)
		}
		return usage(err)
	}
	defer r.Close()
	for _, arm := range c.Arm {
		if err := hasArm(s, arm); err != nil {
			return usage(err)
		}
	}
	defer boundReading(r.Meta().Planned)()
	report, err := reports.Analyze(r.Outlines(e.ctx), reports.Options{Name: s.Name, Arms: s.ArmNames(), Level: c.Level})
	if err != nil {
		return err
	}
	report = plots.Select(report, c.Arm)
	if at < 0 {
		width, _ := screen(e.stdout)
		return listPlots(e.stdout, kinds, report, width)
	}
	return c.draw(e.stdout, kinds[at], report, format, r)
}

// format returns the format that the flags ask for.
func (c *plotCmd) format() (string, error) {
	if c.Format != "" {
		return c.Format, nil
	}
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(c.Out), "."))
	switch {
	case c.Out == "" || c.Out == "-":
		return "png", nil
	case slices.Contains(plots.Formats(), ending):
		return ending, nil
	}
	return "", fmt.Errorf("--out: %q ends in none of .%s\n  --format says what to write", c.Out, strings.Join(plots.Formats(), " ."))
}

// draw writes the plot and says where.
func (c *plotCmd) draw(w io.Writer, k plots.Kind, report *reports.Report, format string, r *store.Run) error {
	if err := k.Missing(report); err != nil {
		return usage(fmt.Errorf("plot %s: %w\n  cheaptalk plot %s lists what this run can draw", k.Name, err, c.Ref))
	}
	var b bytes.Buffer
	if err := k.Draw(&b, report, format); err != nil {
		return fmt.Errorf("plot %s: %w", k.Name, err)
	}
	if c.Out == "-" {
		_, err := w.Write(b.Bytes())
		return err
	}
	path := c.Out
	if path == "" {
		path = filepath.Join(r.Dir(), k.Name+"."+format)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("plot %s: %w\n  --out FILE writes it elsewhere, --out - to standard output", k.Name, err)
	}
	_, err := fmt.Fprintln(w, path)
	return err
}

// listPlots lists the kinds of plots that a report can draw, and why it cannot draw the others.
func listPlots(w io.Writer, kinds []plots.Kind, report *reports.Report, width int) error {
	const column = 15
	var b strings.Builder
	entry := func(name, text string) {
		for i, line := range paint.Wrap(text, max(width-column, 20)) {
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(&b, "  %s%s\n", paint.Pad(name, column-2), line)
		}
	}
	b.WriteString("can be drawn\n")
	var missing bool
	for _, k := range kinds {
		if k.Missing(report) == nil {
			entry(k.Name, k.Shows)
		} else {
			missing = true
		}
	}
	if missing {
		b.WriteString("cannot\n")
	}
	for _, k := range kinds {
		if err := k.Missing(report); err != nil {
			entry(k.Name, err.Error())
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
