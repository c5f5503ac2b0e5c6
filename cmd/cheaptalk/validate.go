package main

import (
	"fmt"
	"slices"
	"strings"

	"cheaptalk/datasets"
	"cheaptalk/internal/validate"
)

// validateCmd is "cheaptalk validate".
type validateCmd struct {
	What []string `arg:"" optional:"" help:"wynn2025, qu2026, recorded, dcm; all of them when none is named."`
	Data string   `placeholder:"FOLDER" help:"Data directory, for recorded. Default: CHEAPTALK_DATA, or a folder in the user's cache."`
	Seed uint64   `default:"1" help:"Of the simulated debates and of the halves of the questions."`
}

// Run holds simulated agents against figures that they were not fitted to, and prints what comes out.
func (c *validateCmd) Run(e *env) error {
	for _, name := range c.What {
		if !slices.Contains(validate.Names(), name) {
			return usage(fmt.Errorf("there is no validation %q; there are %s", name, strings.Join(validate.Names(), ", ")))
		}
	}
	dir, err := datasets.Dir(c.Data)
	if err != nil {
		return err
	}
	return validate.Run(e.ctx, e.stdout, c.What, validate.Options{Data: dir, Seed: c.Seed})
}
