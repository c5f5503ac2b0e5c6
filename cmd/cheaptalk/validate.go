package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cheaptalk/datasets"
	"cheaptalk/debate"
	"cheaptalk/examples"
	"cheaptalk/internal/demo"
	"cheaptalk/internal/predict/kept"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/validate"
)

// validateCmd is "cheaptalk validate".
type validateCmd struct {
	What []string `arg:"" optional:"" help:"wynn2025, qu2026, recorded, live, dcm; all of them when none is named."`
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
	return validate.Run(e.ctx, e.stdout, c.What, validate.Options{Data: dir, Seed: c.Seed, Live: predictedLive})
}

// predictedLive holds the prediction of examples/predicted against the recording that comes with the program.
func predictedLive(ctx context.Context) (_ *validate.Live, err error) {
	f, err := kept.Parse("examples/predicted/prediction.yaml", examples.Predicted)
	if err != nil {
		return nil, err
	}
	r, done, err := demo.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, done()) }()
	s, err := spec.Parse("three-small-models.yaml", []byte(r.Meta().Spec))
	if err != nil {
		return nil, err
	}
	_, arms, err := observedOf(ctx, r, s, f)
	if err != nil {
		return nil, err
	}
	l := &validate.Live{File: f, Checked: f.Check(arms), Arms: arms}
	fitted := some(r.Outlines(ctx), func(rec *debate.Record) bool {
		return !slices.ContainsFunc(f.Begun, func(b kept.Begun) bool { return b.Item == rec.Case.Item })
	})
	_, others, err := observedIn(fitted, s, f.Level)
	if err != nil {
		return nil, err
	}
	for _, known := range []struct {
		arms       []kept.Observed
		arm, where string
	}{{others, "naive", "on the other half"}, {others, "self-revision", "on the other half"}, {arms, "naive", "on the same questions"}, {arms, "self-revision", "on the same questions"}} {
		if i := slices.IndexFunc(known.arms, func(o kept.Observed) bool { return o.Arm == known.arm }); i >= 0 {
			l.Rules = append(l.Rules, validate.Rule{Name: known.arm + " " + known.where, Arm: known.arms[i]})
		}
	}
	return l, nil
}
