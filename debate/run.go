package debate

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// news is what a worker tells: an event of a debate, its record, or that no debate should begin any more.
type news struct {
	in     In
	seen   chan<- struct{} // has room for one; is told when the receiver has returned from in; nil where nobody waits for that
	record *Record
	halt   error
}

// Run debates every case that the store does not have, in the order of Cases. Each record is in the store before its
// Recorded event. emit is called from Run's goroutine alone; it may be nil.
//
// A failed debate is a record. Run stops early, resumably, when ctx ends (debates in flight are left unrecorded), when Stop is
// closed or something may not be asked any more (see [ErrStopped]), when the store fails, or after [FailuresInARow]. When it
// returns, every goroutine it started is gone.
func (e *Experiment) Run(ctx context.Context, store Store, emit func(Event)) error {
	if err := e.validate(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	feeding, halt := context.WithCancelCause(ctx) // ends earlier when no more debates are to begin
	defer halt(nil)

	jobs, told := make(chan job), make(chan news)
	var staff sync.WaitGroup
	staff.Go(func() {
		defer close(jobs)
		for j := range e.jobs() {
			if store.Has(j.name) {
				continue
			}
			select {
			case <-e.Stop: // goes before a worker that is free
				halt(ErrStopped)
			default:
			}
			if feeding.Err() != nil {
				return
			}
			select {
			case jobs <- j:
			case <-feeding.Done():
				return
			case <-e.Stop:
				halt(ErrStopped)
				return
			}
		}
	})
	workers := e.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	for range workers {
		staff.Go(func() {
			for j := range jobs {
				e.hold(ctx, j, told, emit != nil)
			}
		})
	}
	go func() { // outlives Run by nothing: the loop below ends when told is closed
		staff.Wait()
		close(told)
	}()

	w := writer{store: store, emit: emit}
	for n := range told {
		if n.halt != nil {
			halt(n.halt)
			continue
		}
		if n.record == nil {
			emit(n.in)
			if n.seen != nil {
				n.seen <- struct{}{}
			}
			continue
		}
		if w.stopped {
			continue // a record that cannot be kept must not be reported
		}
		if err := w.write(n.record); err != nil {
			w.stopped = true
			cancel(err)
		}
	}
	return context.Cause(feeding)
}

// hold debates one case and tells its record. A debate that was interrupted is not told: it has not happened.
func (e *Experiment) hold(ctx context.Context, j job, told chan<- news, events bool) {
	var emit func(Event)
	if events {
		seen := make(chan struct{}, 1)
		emit = func(ev Event) {
			n := news{in: In{Case: j.name, Event: ev}}
			if _, begins := ev.(RoundStarted); !begins {
				told <- n
				return
			}
			n.seen = seen
			told <- n
			<-seen
		}
	}
	start := time.Now()
	rec := &Record{Case: j.name, Key: j.item.Key, Simulated: j.arm.Simulated, Seed: j.name.Seed(e.Seed)}
	err := j.debate(ctx, rec, emit)
	if ctx.Err() != nil {
		return
	}
	if errors.Is(err, ErrStopped) {
		told <- news{halt: err}
		return
	}
	if err != nil {
		rec.Failed, rec.FailureKind = err.Error(), FailureKind(err)
	}
	rec.Took = time.Since(start)
	told <- news{record: rec}
}

// debate fills in the record. A panic of a factory or a protocol fails the debate, not the run.
func (j job) debate(ctx context.Context, rec *Record, emit func(Event)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	d := Debate{Question: j.item.Question, Team: j.arm.Team(j.item, rec.Seed), Protocol: j.arm.Protocol, OnFailure: j.arm.OnFailure}
	if j.arm.Judges != nil {
		d.Judges = j.arm.Judges(j.item, rec.Seed)
	}
	rec.Transcript, rec.Verdicts, err = d.Run(ctx, emit)
	return err
}

// writer puts records into the store and watches for failures in a row. It belongs to Run's goroutine.
type writer struct {
	store   Store
	emit    func(Event)
	failed  []*Record // the failures since the last success, at most FailuresInARow
	stopped bool
}

func (w *writer) write(rec *Record) error {
	if err := w.store.Put(rec); err != nil {
		return fmt.Errorf("keep record of %s: %w", rec.Case, err)
	}
	if w.emit != nil {
		w.emit(Recorded{Record: rec})
	}
	if rec.Failed == "" {
		w.failed = nil
		return nil
	}
	if w.failed = append(w.failed, rec); len(w.failed) < FailuresInARow {
		return nil
	}
	for _, rec := range w.failed {
		again := *rec // the receiver of Recorded may still be reading rec
		again.Again = true
		if err := w.store.Put(&again); err != nil {
			return fmt.Errorf("keep record of %s: %w", rec.Case, err)
		}
	}
	return fmt.Errorf("%w: %d in a row, the last: %s: %s", ErrFailuresInARow, len(w.failed), rec.Case, rec.Failed)
}
