package main

import "cmp"

// watchCmd is "cheaptalk watch": run and ask on the screen.
type watchCmd struct {
	Run watchRunCmd `cmd:"" default:"withargs" help:"Watch an experiment, with the arguments of run."`
	Ask watchAskCmd `cmd:"" help:"Watch one debate on your own question, with the arguments of ask."`
}

// watchRunCmd is "cheaptalk watch".
type watchRunCmd struct{ runCmd }

// Run holds the experiment on the screen.
func (c *watchRunCmd) Run(e *env) error {
	c.Display, c.watched = cmp.Or(c.Display, displayScreen), true
	return c.runCmd.Run(e)
}

// watchAskCmd is "cheaptalk watch ask".
type watchAskCmd struct{ askCmd }

// Run holds one debate on the screen.
func (c *watchAskCmd) Run(e *env) error {
	c.Display = cmp.Or(c.Display, displayScreen)
	return c.askCmd.Run(e)
}
