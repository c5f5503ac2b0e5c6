package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"cheaptalk/debate"
	"cheaptalk/internal/budget"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/internal/store"
)

// start makes the plan of a checked spec, has open open the run for it, and holds it.
func (c *runCmd) start(e *env, s *spec.Spec, open func(*plan.Plan) (*store.Run, error)) (err error) {
	ledger, err := c.ledger(s)
	if err != nil {
		return usage(err)
	}
	o, err := c.observe(e, s)
	if err != nil {
		return usage(err)
	}
	defer o.close(e)
	d, err := newDisplay(c.Display, s, c.progress(e), c.Timeout)
	if err != nil {
		return usage(err)
	}
	d.experiment = !c.watched
	means, closeMeans, err := c.means(e, s)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, closeMeans()) }()
	p, err := plan.Of(s, counted(o.means(d.means(means)), ledger))
	if err != nil {
		return usage(err)
	}
	if e.ctx.Err() != nil { // it may have taken a while
		return errInterrupted
	}
	if err := hasArms(s, c.Arm); err != nil {
		return usage(fmt.Errorf("--arm: %w", err))
	}
	if len(c.Arm) > 0 {
		p.Notes = append(p.Notes, "arms now: "+strings.Join(c.Arm, ", "))
	}
	r, err := open(p)
	if err != nil {
		return err
	}
	return c.hold(e, s, p, r, ledger, o, d)
}

// halt is why a run was stopped before its end. It wraps debate.ErrStopped.
type halt string

// errInterrupted is the halt by a signal.
const errInterrupted = halt("interrupted")

func (h halt) Error() string { return string(h) }

func (halt) Unwrap() error { return debate.ErrStopped }

// hold debates what the run does not have yet, and reports the run. It closes the run.
func (c *runCmd) hold(e *env, s *spec.Spec, p *plan.Plan, r *store.Run, ledger *budget.Ledger, o *observer, d *display) (err error) {
	defer func() { err = errors.Join(err, r.Close()) }()
	before, _, err := r.Count(context.WithoutCancel(e.ctx)) // one that is interrupted here says so as ever
	if err != nil {
		return err
	}
	out := c.progress(e)
	fmt.Fprintln(out, fitted(out, clean(title(s, p))))
	for _, note := range p.Notes {
		fmt.Fprintln(out, fitted(out, "note: "+clean(note)))
	}
	switch meta := r.Meta(); {
	case len(meta.Resumed) > 0:
		fmt.Fprintf(out, "going on with %s: %s of %s were recorded before\n", filepath.Base(r.Dir()), thousands(before), plural(p.Debates(), "debate"))
	case meta.ForkedFrom != "":
		fmt.Fprintf(out, "forked from %s\n", meta.ForkedFrom)
	}
	shown, err := d.show(e, s, p, r, before, ledger)
	if err != nil {
		return err
	}
	end := o.begin("run", r.Dir(), &p.Experiment, p.Debates()-before)
	defer boundMemory(p.Experiment.Workers, p.Simulated)() // of the report too
	runErr := c.debate(e, p, r, shown, o)
	end(runErr)
	spent(out, ledger)
	return c.conclude(e, s, p, r, runErr)
}

// debate runs the experiment until its end or until something stops it, and returns what that was.
func (c *runCmd) debate(e *env, p *plan.Plan, r *store.Run, shown showing, o *observer) error {
	stopping, stop := context.WithCancelCause(context.Background())
	defer stop(nil)
	p.Experiment.Stop = stopping.Done()
	undo := e.interrupts.patient(func() { stop(errInterrupted) })

	over := make(chan struct{})
	var speaker sync.WaitGroup
	speaker.Go(func() { // for the signal may not wait for the terminal
		select {
		case <-stopping.Done():
			if context.Cause(stopping) == errInterrupted {
				shown.stopping(e.stderr)
			}
		case <-over:
		}
	})
	failed := 0
	x := p.Experiment
	if len(c.Arm) > 0 {
		x.Arms = slices.DeleteFunc(slices.Clone(x.Arms), func(a debate.Arm) bool { return !slices.Contains(c.Arm, a.Name) })
	}
	err := x.Run(e.ctx, r, func(ev debate.Event) {
		shown.event(ev)
		o.event(ev)
		if rec, ok := ev.(debate.Recorded); ok && hasFailed(rec.Record) {
			failed++
			if err := c.FailOnError.reached(failed, p.Debates()); err != nil {
				stop(err)
			}
		}
	})
	undo()
	close(over)
	speaker.Wait()
	shown.finish(err)
	var limit *budget.LimitError
	switch {
	case broken(err) && !errors.Is(err, context.Canceled): // also where who waited too long for the disk has interrupted
		return err
	case e.ctx.Err() != nil:
		return errInterrupted
	case errors.As(err, &limit):
		return limit // whose call it was does not matter
	case err == debate.ErrStopped: // by stop; what may not be asked any more says so itself
		return context.Cause(stopping)
	}
	return err
}

// conclude reports a run that has ended for this reason, nil when all is debated, and returns what is left to say.
func (c *runCmd) conclude(e *env, s *spec.Spec, p *plan.Plan, r *store.Run, runErr error) error {
	done, failed, err := r.Count(context.WithoutCancel(e.ctx))
	if err != nil {
		return c.stopped(p, r, -1, errors.Join(runErr, err))
	}
	if done >= p.Debates() && errors.Is(runErr, debate.ErrStopped) {
		runErr = nil // what was to be stopped had come to its end
	}
	if runErr == nil && len(c.Arm) > 0 && done < p.Debates() {
		runErr = halt("held: " + strings.Join(c.Arm, ", "))
	}
	if runErr == nil {
		if err := r.Update(func(meta *store.Meta) { meta.State = store.Finished }); err != nil {
			return c.stopped(p, r, done, err)
		}
	}
	// Who interrupts twice waits for nothing, and where a record could not be written a table cannot be either.
	if e.ctx.Err() == nil && (done > failed || runErr == nil) && !broken(runErr) {
		if err := publish(e.ctx, e, r, s, c.report()); err != nil && runErr == nil {
			if e.ctx.Err() != nil {
				err = errInterrupted
			}
			return fmt.Errorf("%w\n  all %s are recorded in %s\n  cheaptalk report %s makes the report again", err, plural(done, "debate"), r.Dir(), c.ref(r.Dir()))
		}
	}
	if runErr != nil {
		return c.stopped(p, r, done, runErr)
	}
	return c.failures(r, done, failed)
}

// broken reports whether a run ended because its records could not be kept.
func broken(err error) bool {
	return err != nil && !errors.Is(err, debate.ErrStopped) && !errors.Is(err, debate.ErrFailuresInARow)
}

// stopped says how a run that stopped early is gone on with. done is -1 when it is not known.
func (c *runCmd) stopped(p *plan.Plan, r *store.Run, done int, why error) error {
	have, rest := "what was recorded is", ""
	if done >= 0 {
		have, rest = fmt.Sprintf("%d of %d debates are recorded", done, p.Debates()), fmt.Sprintf(" with the other %d", p.Debates()-done)
	}
	return coded{fmt.Errorf("%w\n  %s in %s\n  cheaptalk run --resume %s goes on%s", why, have, r.Dir(), c.ref(r.Dir()), rest), exitStopped}
}

// failures says that some debates of a run that is complete failed, if any did.
func (c *runCmd) failures(r *store.Run, done, failed int) error {
	if failed == 0 {
		return nil
	}
	ref := c.ref(r.Dir())
	return coded{fmt.Errorf("%d of %d debates failed\n  they count neither as right nor as wrong\n  cheaptalk show %s --failed says why\n  cheaptalk run --resume %s --retry-errors debates them again",
		failed, done, ref, ref), exitErrors}
}

// progress returns where the progress goes: out of the way of JSON.
func (c *runCmd) progress(e *env) io.Writer {
	if c.JSON {
		return e.stderr
	}
	return e.stdout
}

// report says how a run is reported at its end.
func (c *runCmd) report() reportOptions {
	return reportOptions{json: c.JSON, brief: true, noPlots: c.NoPlots}
}

// ref returns how to name the run in the folder on a command line.
func (c *runCmd) ref(dir string) string { return refIn(filepath.Base(dir), c.LogDir) }

// refIn returns how to name a run in that folder of runs on a command line.
func refIn(ref, logDir string) string {
	if logDir != defaultLogDir {
		ref += " --log-dir " + logDir
	}
	return ref
}

// title writes "cheaptalk  sampler · 160 questions × 5 arms · team: a, b, c (simulated) · seed 1". Of questions that are asked more than once
// in an arm, it says how many are different.
func title(s *spec.Spec, plan *plan.Plan) string {
	x := &plan.Experiment
	questions, different := plural(len(x.Items), "question"), map[string]bool{}
	for _, item := range x.Items {
		question, _ := debate.Variant(item.Question.ID)
		different[question] = true
	}
	if n := len(different); n < len(x.Items) { // drawn twice, or debated by several teams
		questions += fmt.Sprintf(" (%s different)", thousands(n))
	}
	parts := []string{s.Name, fmt.Sprintf("%s × %s", questions, plural(len(x.Arms), "arm"))}
	if x.Repeats > 1 {
		parts[1] += fmt.Sprintf(" × %d repeats", x.Repeats)
	}
	teams := slices.Sorted(maps.Keys(s.Teams))
	label := fmt.Sprintf("%d teams", len(teams))
	if len(teams) == 1 {
		label = "team: " + strings.Join(spec.Labels(s.Teams[teams[0]]), ", ")
	}
	switch {
	case plan.Simulated:
		label += " (simulated)"
	case plan.SomeSimulated():
		label += " (some simulated)"
	}
	return "cheaptalk  " + strings.Join(append(parts, label, fmt.Sprintf("seed %d", s.Seed)), " · ")
}

// plural writes "1 arm", "1,200 arms".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}
