package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cheaptalk/internal/calibrate"
	"cheaptalk/internal/calibrate/figures"
	"cheaptalk/internal/calibrate/moments"
)

// calibrateCmd is "cheaptalk calibrate".
type calibrateCmd struct {
	Figures string `arg:"" placeholder:"FIGURES" help:"wynn2025, qu2026, or a CSV file with the columns task, group, before, before_se, after, after_se: percent and standard errors; groups are 3xMODEL or 2xMODEL+1xOTHER, 1xMODEL is one agent alone."`
	Out     string `placeholder:"FOLDER" default:"." help:"Folder that the profile files are written to."`
	Rounds  int    `default:"2" help:"Debate rounds behind the votes of a file of one's own."`
	Starts  int    `default:"8" help:"Points that the search begins at."`
	Debates int    `default:"6000" help:"Simulated debates behind each figure."`
	Seed    uint64 `default:"1" help:"Of the search and of the simulated debates."`
}

// Run fits profiles to figures and writes them.
func (c *calibrateCmd) Run(e *env) error {
	switch {
	case c.Rounds < 1 || c.Rounds > 20:
		return usage(fmt.Errorf("--rounds is %d; give 1 to 20", c.Rounds))
	case c.Starts < 1 || c.Debates < 100:
		return usage(fmt.Errorf("--starts %d and --debates %d: give 1 or more and 100 or more", c.Starts, c.Debates))
	}
	s := moments.Settings{Starts: c.Starts, Debates: c.Debates, Seed: c.Seed, Tell: func(line string) { fmt.Fprintln(e.stderr, line) }}
	problems, sources, err := c.problems(s)
	if err != nil {
		return usage(err)
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	command := fmt.Sprintf("cheaptalk calibrate %s --starts %d --debates %d --seed %d", filepath.Base(c.Figures), c.Starts, c.Debates, c.Seed)
	if !c.published() {
		command += fmt.Sprintf(" --rounds %d", c.Rounds)
	}
	for i, p := range problems {
		if i > 0 {
			fmt.Fprintln(e.stdout)
		}
		r, err := calibrate.Solve(e.ctx, p, s, command, sources)
		if err != nil {
			return err
		}
		if err := r.Print(e.stdout); err != nil {
			return err
		}
		fmt.Fprintln(e.stdout)
		for _, f := range r.Files {
			path := filepath.Join(c.Out, f.Profile.Name+".yaml")
			if err := f.Write(path); err != nil {
				return err
			}
			fmt.Fprintln(e.stdout, "wrote", clean(path))
		}
	}
	return nil
}

// published reports whether the figures come with the program.
func (c *calibrateCmd) published() bool {
	return c.Figures == figures.Wynn2025 || c.Figures == figures.Qu2026
}

// problems returns what is to be fitted, and the sources of its figures.
func (c *calibrateCmd) problems(s moments.Settings) ([]*moments.Problem, []string, error) {
	switch c.Figures {
	case figures.Wynn2025:
		p, _, err := calibrate.Wynn(s)
		return []*moments.Problem{p}, figures.Sources(c.Figures), err
	case figures.Qu2026:
		ps, _, err := calibrate.Qu(s)
		return ps, figures.Sources(c.Figures), err
	}
	f, err := os.Open(c.Figures)
	if err != nil {
		return nil, nil, fmt.Errorf("%w; the figures that come with the program are %s and %s", err, figures.Wynn2025, figures.Qu2026)
	}
	defer f.Close()
	rows, err := figures.ReadTable(c.Figures, f)
	if err != nil {
		return nil, nil, err
	}
	source := strings.TrimSuffix(filepath.Base(c.Figures), filepath.Ext(c.Figures))
	p, err := calibrate.Votes(rows, nil, source, c.Rounds, s)
	return []*moments.Problem{p}, []string{fmt.Sprintf("%s: %d rows of votes before and after %d debate rounds", filepath.Base(c.Figures), len(rows), c.Rounds)}, err
}
