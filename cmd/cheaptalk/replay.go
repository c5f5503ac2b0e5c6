package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/term"

	"cheaptalk/debate"
	"cheaptalk/internal/demo"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/store"
	"cheaptalk/internal/watch/replay"
)

// replayCmd is "cheaptalk replay".
type replayCmd struct {
	Ref  string   `arg:"" name:"run" optional:"" help:"A run: its folder, its name, the beginning of it, or last."`
	Case []string `arg:"" optional:"" help:"The debate to begin with: the ID of a question, and the arm where there are several: gsm8k/17 naive."`

	Demo   bool   `help:"Play a recording of three small models that comes with the program; then no run is named."`
	Draw   int    `placeholder:"N" help:"Draw of the debate, from 0."`
	Repeat int    `placeholder:"N" help:"Repeat of the debate, from 0."`
	LogDir string `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// Run shows the run on the screen until the person leaves it.
func (c *replayCmd) Run(e *env) (err error) {
	switch {
	case c.Demo && c.Ref != "": // the recording is the run
		c.Ref, c.Case = "", append([]string{c.Ref}, c.Case...)
	case !c.Demo && c.Ref == "":
		return usage(errors.New("no run is named\n  say last, the name of a run, or --demo"))
	}
	run, o, done, err := c.open(e)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, done()) }()
	if !isTerminal(e.stdout) || !term.IsTerminal(os.Stdin.Fd()) {
		hint := "cheaptalk show " + refIn(c.Ref, c.LogDir) + " prints the debates instead"
		if c.Demo {
			hint = "cheaptalk run needs none: --display plain"
		}
		return usage(errors.New("a replay needs a terminal, and this is none\n  " + hint))
	}
	r := replay.New(run, o)
	return newTheatre(e.stdout, false, r.Ask, r.Run).close(e.ctx)
}

// open opens what is replayed. done closes it.
func (c *replayCmd) open(e *env) (_ *store.Run, o replay.Options, done func() error, err error) {
	var run *store.Run
	var s *spec.Spec
	if c.Demo {
		if run, done, err = demo.Open(e.ctx); err != nil {
			return nil, o, nil, err
		}
		if s, err = spec.Parse("", []byte(run.Meta().Spec)); err != nil {
			return nil, o, nil, errors.Join(err, done())
		}
		o = replay.Options{Title: demo.Title, Speed: 1}
	} else {
		if run, s, err = openRun(e.ctx, c.LogDir, c.Ref); err != nil {
			return nil, o, nil, err
		}
		o, done = replay.Options{Title: filepath.Base(run.Dir())}, run.Close
	}
	o.Arms = armsOf(s)
	if len(c.Case) > 0 {
		if o.First, err = c.first(e, run); err != nil {
			return nil, o, nil, errors.Join(err, done())
		}
	}
	return run, o, done, nil
}

// first finds the debate to begin with.
func (c *replayCmd) first(e *env, run *store.Run) (debate.Case, error) {
	arm := strings.Join(c.Case[1:], " ")
	for d, err := range run.Cases(e.ctx, store.Filter{Item: c.Case[0], Arm: arm}) {
		if err != nil {
			return debate.Case{}, err
		}
		if d.Case.Draw == c.Draw && d.Case.Repeat == c.Repeat {
			return d.Case, nil
		}
	}
	where, list := run.Dir(), "cheaptalk show "+refIn(c.Ref, c.LogDir)+" lists the debates"
	if c.Demo {
		where, list = "the recording", "cheaptalk import --demo makes a run of it, whose debates cheaptalk show last lists"
	}
	return debate.Case{}, fmt.Errorf("%s has no debate on %s in draw %d, repeat %d%s\n  %s", where, strconv.Quote(c.Case[0]), c.Draw, c.Repeat, inArm(arm), list)
}
