package main

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"cheaptalk/internal/store"
	"cheaptalk/internal/store/machine"
	"cheaptalk/internal/store/runs"
)

// listCmd is "cheaptalk list".
type listCmd struct {
	JSON   bool   `name:"json" help:"Print the list as JSON."`
	LogDir string `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// listed is a run in the JSON of the list.
type listed struct {
	Run       string      `json:"run"` // its folder, which names it in every command
	Name      string      `json:"name"`
	Created   time.Time   `json:"created,omitzero"`
	Planned   int         `json:"planned"` // debates
	Done      int         `json:"done"`
	Failed    int         `json:"failed"`
	State     store.State `json:"state,omitempty"`
	Simulated bool        `json:"simulated"`
	Imported  bool        `json:"imported"`
	Error     string      `json:"error,omitempty"` // why it cannot be read; then only its folder and its name are known
}

// Run prints a line a run, the newest first.
func (c *listCmd) Run(e *env) error {
	runs, err := runs.List(e.ctx, c.LogDir)
	if err != nil {
		return err
	}
	if c.JSON {
		list := make([]listed, len(runs))
		for i, r := range runs {
			list[i] = listed{Run: r.Dir, Name: r.Name, Created: r.Created, Planned: r.Planned, Done: r.Done, Failed: r.Failed, State: r.State, Simulated: r.Simulated, Imported: r.Imported}
			if r.Err != nil {
				list[i].Error = r.Err.Error()
			}
		}
		return writeJSON(e.stdout, list, "  ")
	}
	if len(runs) == 0 {
		fmt.Fprintf(e.stdout, "no runs in %s\n  cheaptalk run makes one\n", c.LogDir)
		return nil
	}
	rows := [][]string{{"run", "debates", "failed", "state", ""}}
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
		rows = append(rows, []string{filepath.Base(r.Dir), fmt.Sprintf("%d/%d", r.Done, r.Planned), strconv.Itoa(r.Failed), string(r.State), clean(note)})
	}
	return printTable(e.stdout, rows)
}

// printTable prints rows in columns without lines, and without blanks at line ends. The first row is the head.
func printTable(w io.Writer, rows [][]string) error {
	var raw strings.Builder
	none := tw.Rendition{Borders: tw.BorderNone, Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone}}
	table := tablewriter.NewTable(&raw, tablewriter.WithRenderer(renderer.NewBlueprint(none)), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithRowAlignment(tw.AlignLeft), tablewriter.WithPadding(tw.Padding{Right: "  "}))
	if err := table.Bulk(rows); err != nil {
		return err
	}
	if err := table.Render(); err != nil {
		return err
	}
	for line := range strings.Lines(raw.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
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
