// Package follow watches how far a run comes and makes its report, behind the pages that show both.
package follow

import (
	"context"
	"iter"
	"strings"
	"sync"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/internal/web/page"
	"cheaptalk/reports"
)

// State is what is known of the whole run.
type State struct {
	Progress page.Progress
	Report   *page.Report // nil while there is none
	Trouble  string       // why the last report could not be made

	tried  bool // there is a report, or a trouble
	covers int  // debates that it is about
}

// Follower watches one run. Make it with [New].
type Follower struct {
	run  *store.Run
	o    reports.Options
	wake chan struct{} // has room for one: there are debates that no report has

	mu    sync.Mutex // guards state
	state State
}

// New returns a follower of the run, which stays the caller's to close. o says how its report is made.
func New(run *store.Run, o reports.Options) *Follower {
	meta := run.Meta()
	return &Follower{run: run, o: o, wake: make(chan struct{}, 1), state: State{Progress: page.Progress{State: string(meta.State), Planned: meta.Planned}}}
}

// Run follows until ctx is done. When it returns, every goroutine it started is gone.
func (f *Follower) Run(ctx context.Context) {
	var reporting sync.WaitGroup
	defer reporting.Wait()
	reporting.Go(func() { f.report(ctx) })
	f.follow(ctx)
}

const (
	lookEvery   = time.Second     // between two looks at how far the run has come
	reportEvery = 2 * time.Second // between the end of a report and the next one
	restFactor  = 10              // so many times as long as the last look or report took, at least, until the next
)

// Now returns what is known. It may be called at any time.
func (f *Follower) Now() State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state
}

// change changes what is known.
func (f *Follower) change(apply func(*State)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	apply(&f.state)
	p := &f.state.Progress
	p.Over = p.State == string(store.Finished) && f.state.tried && f.state.covers == p.Done
}

// follow looks again and again how far the run has come, until it is finished or ctx is done.
func (f *Follower) follow(ctx context.Context) {
	for {
		began := time.Now()
		state := f.look(ctx)
		if now := f.Now(); now.Progress.Counted && (!now.tried || now.covers != now.Progress.Done) {
			select {
			case f.wake <- struct{}{}:
			default:
			}
		}
		if state == store.Finished && f.Now().Progress.Counted || !rest(ctx, max(lookEvery, restFactor*time.Since(began))) {
			return
		}
	}
}

// look notes how far the run has come, and returns its state. What cannot be read is left as it was: the run may be being written.
func (f *Follower) look(ctx context.Context) store.State {
	before := f.Now().Progress
	again, err := store.OpenReadOnly(f.run.Dir())
	if err != nil {
		return store.State(before.State)
	}
	meta := again.Meta()
	_ = again.Close() // nothing was written
	after := before
	after.State, after.Planned = string(meta.State), meta.Planned
	if meta.State == store.Running || after.State != before.State || !before.Counted {
		if after.Done, after.Failed, err = f.run.Count(ctx); err != nil {
			return store.State(before.State)
		}
		after.Counted = true
	}
	f.change(func(st *State) {
		after.Report, after.Read = st.Progress.Report, st.Progress.Read
		st.Progress = after
	})
	return meta.State
}

// report makes a report whenever there are debates that the last one does not have, until ctx is done.
func (f *Follower) report(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.wake:
		}
		began, now := time.Now(), f.Now()
		covers := now.Progress.Done
		if now.tried && now.covers == covers {
			continue // it was made while the note was written
		}
		r, err := reports.Analyze(f.counted(f.run.Outlines(ctx)), f.o)
		if ctx.Err() != nil {
			return
		}
		f.change(func(st *State) {
			st.tried, st.covers, st.Progress.Read = true, covers, 0
			if err != nil {
				st.Trouble, _, _ = strings.Cut(err.Error(), "\n")
				return
			}
			st.Report, st.Trouble = page.NewReport(r), ""
			st.Progress.Report++
		})
		if !rest(ctx, max(reportEvery, restFactor*time.Since(began))) {
			return
		}
	}
}

// counted passes records on and notes how many there were.
func (f *Follower) counted(records iter.Seq2[*debate.Record, error]) iter.Seq2[*debate.Record, error] {
	const step = 10_000
	return func(yield func(*debate.Record, error) bool) {
		n := 0
		for rec, err := range records {
			if n++; n%step == 0 {
				f.change(func(st *State) { st.Progress.Read = n })
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}

// rest waits, and reports whether ctx is not done.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
