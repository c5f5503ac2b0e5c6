package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"cheaptalk/internal/store/machine"
	"cheaptalk/internal/store/runs"
)

// listCmd is "cheaptalk list".
type listCmd struct {
	LogDir string `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// Run prints a line a run, the newest first.
func (c *listCmd) Run(e *env) error {
	runs, err := runs.List(e.ctx, c.LogDir)
	if err != nil {
		return err
	}
	if len(runs) == 0 {
		fmt.Fprintf(e.stdout, "no runs in %s\n  cheaptalk run makes one\n", c.LogDir)
		return nil
	}
	table := plainTable(e)
	table.Header("run", "debates", "failed", "state", "")
	for _, r := range runs {
		var notes []string
		if r.Simulated {
			notes = append(notes, "simulated")
		}
		if r.Imported {
			notes = append(notes, "imported")
		}
		note := strings.Join(notes, ", ")
		if r.Err != nil {
			note = r.Err.Error()
		}
		if err := table.Append(filepath.Base(r.Dir), fmt.Sprintf("%d/%d", r.Done, r.Planned), r.Failed, r.State, clean(note)); err != nil {
			return err
		}
	}
	return table.Render()
}

// plainTable returns a table of columns without lines.
func plainTable(e *env) *tablewriter.Table {
	none := tw.Rendition{Borders: tw.BorderNone, Settings: tw.Settings{
		Lines: tw.LinesNone, Separators: tw.SeparatorsNone}}
	return tablewriter.NewTable(e.stdout, tablewriter.WithRenderer(renderer.NewBlueprint(none)),
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithHeaderAlignment(tw.AlignLeft), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithRowAlignment(tw.AlignLeft), tablewriter.WithPadding(tw.Padding{Right: "  "}))
}

// versionCmd is "cheaptalk version".
type versionCmd struct {
	JSON bool `name:"json" help:"Print versions of all modules too, as JSON."`
}

// Run prints what is known of this program.
func (c *versionCmd) Run(e *env) error {
	m := machine.Describe()
	if c.JSON {
		return writeJSON(e.stdout, m, "  ")
	}
	parts := slices.DeleteFunc([]string{"cheaptalk", m.Version, m.Commit, m.GoVersion, runtime.GOOS + "/" + runtime.GOARCH},
		func(s string) bool { return s == "" })
	for i, p := range parts {
		if i > 0 {
			fmt.Fprint(e.stdout, " ")
		}
		fmt.Fprint(e.stdout, p)
	}
	_, err := fmt.Fprintln(e.stdout)
	return err
}
