package main

import (
	"errors"
	"fmt"
	"os"

	"cheaptalk/agents/models"
	"cheaptalk/internal/cache"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
)

// means returns how the models of a checked spec are reached: with the cache of completions, unless no real model is asked or the flags say so.
// The function that it returns closes what it opened, and is to be called once, after the last completion; it is never nil.
func (f *teamFlags) means(e *env, s *spec.Spec) (plan.Means, func() error, error) {
	transport := models.NewTransport()
	means := plan.Means{Getenv: os.Getenv, Transport: transport}
	hangUp := func() error {
		transport.CloseIdleConnections()
		return nil
	}
	if f.NoCache || len(s.Asked()) == 0 {
		return means, hangUp, nil
	}
	path, err := cache.File()
	if err != nil {
		return means, hangUp, err
	}
	c, err := cache.Open(path)
	if err != nil {
		return means, hangUp, err
	}
	means.Cache = c
	means.Trouble = func(err error) { fmt.Fprintln(e.stderr, "note: completions are not cached:", clean(err.Error())) }
	return means, func() error { return errors.Join(hangUp(), c.Close()) }, nil
}
