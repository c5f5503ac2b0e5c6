package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/internal/store"
	"cheaptalk/internal/store/machine"
	"cheaptalk/internal/store/runs"
)

// open opens the unfinished run of the spec to go on with it, or a new one where there is none or --fork asks for it.
func (c *runCmd) open(e *env, s *spec.Spec, p *plan.Plan) (*store.Run, error) {
	const elsewhere = "--log-dir FOLDER puts the run elsewhere"
	earlier, same, err := c.earlier(e.ctx, s)
	if err != nil {
		return nil, fmt.Errorf("%w\n  %s", err, elsewhere)
	}
	if earlier != nil && !c.Fork {
		if !same {
			return nil, usage(c.changed(earlier, s, "cheaptalk run --resume "+c.ref(earlier.Dir)+" goes on with the experiment as it was"))
		}
		return c.reopen(e, earlier.Dir, p)
	}
	meta := store.Meta{
		Spec: s.Sealed().String(), Named: c.named(), Command: e.args, Machine: machine.Describe(), Seed: s.Seed,
		Compact: s.Store == "compact", Simulated: p.Simulated, Planned: p.Debates(),
	}
	if earlier != nil {
		meta.ForkedFrom = filepath.Base(earlier.Dir)
	}
	r, err := store.Create(c.LogDir, s.Name, meta)
	if err != nil {
		return nil, fmt.Errorf("%w\n  %s", err, elsewhere)
	}
	return r, nil
}

// named reports whether the run has a name of its own, which tells it from others: a file's or one that was given. Runs of flags alone are told
// apart by what they are.
func (c *runCmd) named() bool { return c.File != "" || c.Name != "" }

// earlier returns the unfinished run that the spec may go on with, or nil: the newest of the same experiment, or else, for a named one,
// the newest of the same name, which is of a changed experiment.
func (c *runCmd) earlier(ctx context.Context, s *spec.Spec) (run *runs.Begun, same bool, err error) {
	list, err := runs.Unfinished(ctx, c.LogDir)
	if err != nil {
		return nil, false, err
	}
	want := s.Essence().String()
	if i := slices.IndexFunc(list, func(r runs.Begun) bool { return essence(r.Meta) == want }); i >= 0 {
		return &list[i], true, nil
	}
	if i := slices.IndexFunc(list, func(r runs.Begun) bool { return r.Meta.Named && r.Meta.Name == s.Name }); i >= 0 && c.named() {
		return &list[i], false, nil
	}
	return nil, false, nil
}

// essence returns the text of what a run is about, to be compared with that of a spec.
func essence(meta store.Meta) string {
	s, err := spec.Parse("", []byte(meta.Spec))
	if err != nil {
		return meta.Spec // of another version of the program: it equals none
	}
	return s.Essence().String()
}

// changed says that the experiment is not the one that the run was begun with, and what differs. out is a way out beside --fork.
func (c *runCmd) changed(run *runs.Begun, s *spec.Spec, out string) error {
	ref := filepath.Base(run.Dir)
	now := "the flags now"
	if c.File != "" {
		now = c.File + " now"
	}
	text := diff.Diff(ref, []byte(essence(run.Meta)), now, []byte(s.Essence().String()))
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return fmt.Errorf("the experiment has changed since %s was begun\n  %s\n  --fork begins a run of its own; completions that are paid for come from the cache\n  %s",
		ref, strings.Join(lines[1:], "\n  "), out) // the first line repeats the names
}

// reopen opens a run to go on with it, and gives the plan the completions that it has already.
func (c *runCmd) reopen(e *env, dir string, p *plan.Plan) (*store.Run, error) {
	r, err := store.Open(dir)
	if errors.Is(err, store.ErrLocked) {
		return nil, usage(locked(dir))
	}
	if err != nil {
		return nil, usage(err)
	}
	err = r.Shared(e.ctx, func(key string, response []byte) error {
		p.Share.Put(key, response)
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// locked says who is writing the run.
func locked(dir string) error {
	who := "another process"
	if r, err := store.OpenReadOnly(dir); err == nil {
		if pid := r.Meta().PID; pid > 0 {
			who += fmt.Sprintf(" (%d)", pid)
		}
		r.Close()
	}
	return fmt.Errorf("%s is being written by %s\n  wait for it, or stop it and give the same command again; --fork begins a run of its own", dir, who)
}

// resume goes on with a run that was stopped, or that has failures.
func (c *runCmd) resume(e *env) error {
	allowed := besideResume
	if c.File != "" {
		allowed = besideFile
	}
	if flag := e.other(allowed); flag != "" {
		return usage(fmt.Errorf("--%s cannot be changed in a run that is resumed\n  leave it out, or start a run of its own", flag))
	}
	dir, err := runs.Resolve(e.ctx, c.LogDir, c.Resume)
	if err != nil {
		return usage(err)
	}
	old, err := store.OpenReadOnly(dir)
	if err != nil {
		return usage(err)
	}
	defer old.Close()
	if files := old.Meta().Imported; len(files) > 0 {
		return usage(fmt.Errorf("%s was imported from %s: there is nobody to ask in it\n  cheaptalk report, show, rescore and redecide read it",
			dir, strings.Join(files, ", ")))
	}
	s, err := c.resumed(e, dir, old.Meta())
	if err != nil {
		return usage(err)
	}
	done, failed, err := old.Count(e.ctx)
	if err != nil {
		return err
	}
	if meta := old.Meta(); meta.State == store.Finished && done >= meta.Planned && (failed == 0 || !c.RetryErrors) {
		return c.nothing(e, s, old, done, failed)
	}
	if err := old.Close(); err != nil {
		return err
	}
	return c.start(e, s, func(p *plan.Plan) (*store.Run, error) {
		r, err := c.reopen(e, dir, p)
		if err != nil || !c.RetryErrors {
			return r, err
		}
		n, err := r.Retry()
		if err != nil {
			return nil, errors.Join(err, r.Close())
		}
		if n > 0 {
			p.Notes = append(p.Notes, plural(n, "debate")+" that failed: debated again")
		}
		return r, nil
	})
}

// resumed returns the experiment of a run that is resumed: its own, or that of the file that is given with it, which must be the same.
func (c *runCmd) resumed(e *env, dir string, meta store.Meta) (*spec.Spec, error) {
	if c.File == "" {
		s, err := spec.Parse("", []byte(meta.Spec))
		if err != nil {
			return nil, fmt.Errorf("%s: the experiment file in it: %w", dir, err)
		}
		if c.Workers != 0 {
			s.Workers = int(c.Workers)
		}
		c.limit(s)
		if err := e.idle(s); err != nil {
			return nil, err
		}
		if err := c.prices(s); err != nil {
			return nil, err
		}
		return s, s.Check()
	}
	s, err := c.checked(e)
	if err != nil {
		return nil, err
	}
	if s.Essence().String() != essence(meta) {
		return nil, c.changed(&runs.Begun{Dir: dir, Meta: meta}, s, "without "+c.File+", --resume goes on with the experiment as it was")
	}
	return s, nil
}

// nothing says that a run has all that was planned, and reports it.
func (c *runCmd) nothing(e *env, s *spec.Spec, r *store.Run, done, failed int) error {
	what := fmt.Sprintf("all %s are recorded", plural(done, "debate"))
	if c.RetryErrors {
		what = fmt.Sprintf("none of %s failed", plural(done, "debate"))
	}
	fmt.Fprintf(c.progress(e), "nothing to do: %s\n", what)
	if err := publish(e.ctx, e, r, s, c.report()); err != nil {
		return err
	}
	return c.failures(r, done, failed)
}
