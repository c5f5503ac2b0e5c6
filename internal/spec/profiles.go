package spec

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"cheaptalk/agents/simulated/profiles"
)

// Profile returns the profile that "sim:NAME" means: one of the spec, that of a file beside the experiment file, or one that comes with the
// program. It is read once, so that a run is made and remembered with the same one. It may be called by one goroutine at a time.
func (s *Spec) Profile(name string) (*profiles.File, error) {
	if f := s.Profiles[name]; f != nil {
		return f, nil
	}
	if f := s.opened[name]; f != nil {
		return f, nil
	}
	at := name
	if profiles.IsPath(name) {
		at = s.beside(name)
	}
	f, err := profiles.Open(at)
	if err != nil {
		return nil, err
	}
	if s.opened == nil {
		s.opened = map[string]*profiles.File{}
	}
	s.opened[name] = f
	return f, nil
}

// Sealed is [Spec.Absolute] with the profiles of all simulated agents in it, so that a run is the same when their files, or the program that
// they come with, have changed.
func (s *Spec) Sealed() *Spec {
	c := s.Absolute()
	c.Profiles = maps.Clone(c.Profiles)
	for _, team := range s.Teams {
		for _, m := range team {
			name, ok := strings.CutPrefix(m.Agent, SimPrefix)
			if !ok {
				continue
			}
			f, err := s.Profile(name)
			if err != nil {
				continue // Check has said so
			}
			if c.Profiles == nil {
				c.Profiles = map[string]*profiles.File{}
			}
			c.Profiles[s.absoluteProfile(name)] = &profiles.File{Profile: f.Profile, MadeBy: f.MadeBy, Sources: f.Sources, Warnings: f.Warnings}
		}
	}
	return c
}

// absoluteTeams returns the teams with paths of profiles that do not depend on a folder.
func (s *Spec) absoluteTeams() map[string][]Member {
	teams := maps.Clone(s.Teams)
	for name, team := range teams {
		team = slices.Clone(team)
		for i, m := range team {
			if profile, ok := strings.CutPrefix(m.Agent, SimPrefix); ok {
				team[i].Agent = SimPrefix + s.absoluteProfile(profile)
			}
		}
		teams[name] = team
	}
	return teams
}

// absoluteProfile returns the name of a profile, or its path where it does not depend on a folder.
func (s *Spec) absoluteProfile(name string) string {
	if _, own := s.Profiles[name]; own || !profiles.IsPath(name) {
		return name
	}
	abs, err := filepath.Abs(s.beside(name))
	if err != nil {
		return name
	}
	return abs
}

// bare returns what a run with the profile depends on: its parameters.
func bare(f *profiles.File) *profiles.File {
	return &profiles.File{Profile: f.Profile}
}

// baseName is how a profile is called in labels: its file's name without folder and ending, or its name.
func baseName(profile string) string {
	if !profiles.IsPath(profile) {
		return profile
	}
	base := filepath.Base(filepath.FromSlash(profile))
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// profileError says which team needs a profile that cannot be read.
func (s *Spec) profileError(err error, where []any) error {
	fix := "use one of these, a model of your own, or the path of a profile file: sim:FILE.yaml"
	var bad *profiles.Error
	switch {
	case errors.As(err, &bad):
		fix = "mend the profile file, or use another"
	case errors.Is(err, fs.ErrNotExist):
		fix = "a path is relative to the experiment file; shipped are " + list(profiles.Names())
	}
	return s.At(err.Error(), fix, where...)
}

// profileError is the error of a profile that is part of the experiment file.
func (f file) profileError(bad *profiles.Error) error {
	what := "profiles: " + bad.What
	if bad.Field != "" {
		what = "profiles: " + bad.Field + ": " + bad.What
	}
	return &Error{What: what, File: f.path, Line: bad.Line, Text: f.line(bad.Line), Fix: bad.Fix}
}
