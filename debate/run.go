package debate

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// news is what Run is told: an event, or that no debate should begin any more.
type news struct {
	event Event
	seen  chan<- struct{} // has room for one; is told when the receiver has returned from event; nil where nobody waits for that
	halt  error
}

// tell gives the event to the receiver, and says so to who waits for that.
func (n news) tell(emit func(Event)) {
	if n.seen != nil {
		defer func() { n.seen <- struct{}{} }()
	}
	emit(n.event)
}

// Run debates every case that the store does not have, in the order of Cases. Each record is in the store before its
// Recorded event. emit is called from Run's goroutine alone; it may be nil. Records are stored by a goroutine of their own, so that
// debates go on while the disk is waited for.
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

	workers := e.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	most, waiting := min(workers, batchLimit), 0
	if e.Sparse {
		most, waiting = batchLimit, batchLimit
	}
	jobs, over, told := make(chan job), make(chan *Record, waiting), make(chan news)
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
	for range workers {
		staff.Go(func() {
			var actors crew
			defer actors.close()
			for j := range jobs {
				e.hold(ctx, j, &actors, over, told, emit != nil)
			}
		})
	}
	go func() {
		staff.Wait()
		close(over)
	}()
	go func() { // outlives Run by nothing: the loop below ends when told is closed
		defer close(told)
		k := keeper{store: store, most: most, stop: cancel}
		if emit != nil {
			k.tell = func(rec *Record) { told <- news{event: Recorded{Record: rec}} }
		}
		k.keep(over)
	}()

	defer func() { // nothing to do, unless emit panicked
		cancel(nil)
		for n := range told {
			n.tell(func(Event) {})
		}
	}()
	for n := range told {
		if n.halt != nil {
			halt(n.halt)
			continue
		}
		n.tell(emit)
	}
	if err := context.Cause(ctx); err != nil { // that records cannot be kept goes before that the run was stopped
		return err
	}
	return context.Cause(feeding)
}

// hold debates one case and hands its record over. That of a debate that was interrupted is not: it has not happened.
func (e *Experiment) hold(ctx context.Context, j job, actors *crew, over chan<- *Record, told chan<- news, events bool) {
	var emit func(Event)
	if events {
		seen := make(chan struct{}, 1)
		emit = func(ev Event) {
			round, begins := ev.(RoundStarted)
			if e.Sparse && (!begins || round.Round > 0) {
				return
			}
			n := news{event: In{Case: j.name, Event: ev}}
			if !begins {
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
	err := j.debate(ctx, rec, actors, emit)
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
	over <- rec
}

// debate fills in the record. A panic of a factory or a protocol fails the debate, not the run.
func (j job) debate(ctx context.Context, rec *Record, actors *crew, emit func(Event)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	d := Debate{Question: j.item.Question, Team: j.arm.Team(j.item, rec.Seed), Protocol: j.arm.Protocol, OnFailure: j.arm.OnFailure, crew: actors}
	if j.arm.Judges != nil {
		d.Judges = j.arm.Judges(j.item, rec.Seed)
	}
	rec.Transcript, rec.Verdicts, err = d.Run(ctx, emit)
	return err
}

// keeper puts records into the store and watches for failures in a row. It belongs to one goroutine.
type keeper struct {
	store  Store
	most   int           // records that are put at once: no worker runs further ahead of what is stored than one debate
	tell   func(*Record) // of each record that is in the store; nil when nobody listens
	stop   func(error)   // the run
	failed []*Record     // the failures since the last success
}

const (
	// batchLimit is the most records that are put at once.
	batchLimit = 64
	// putEvery is how often records are put at most, where several at once cost less: those that come meanwhile wait.
	putEvery = 100 * time.Millisecond
)

// keep puts the records that are over, those that wait together if the store can take them so, until there will be no more. When one
// cannot be kept, or every debate fails, it stops the run and lets go of the rest: a record that cannot be kept must not be reported.
func (k *keeper) keep(over <-chan *Record) {
	put, most := func(recs []*Record) error { return k.store.Put(recs[0]) }, 1
	if b, ok := k.store.(Batcher); ok {
		put, most = b.PutAll, k.most
	}
	var batch []*Record
	var last time.Time
	stopped := false
	for rec := range over {
		if stopped {
			continue
		}
		batch = gather(append(batch[:0], rec), over, most, time.After(putEvery-time.Since(last)))
		last = time.Now()
		err := put(batch)
		if err != nil {
			err = fmt.Errorf("keep record of %s: %w", rec.Case, err)
		} else {
			err = k.kept(batch)
		}
		if err != nil {
			stopped = true
			k.stop(err)
		}
	}
}

// gather adds the records that wait to a batch, and those that come until the deadline. A failure ends it: it counts at once.
func gather(batch []*Record, over <-chan *Record, most int, deadline <-chan time.Time) []*Record {
	for len(batch) < most && batch[len(batch)-1].Failed == "" {
		var rec *Record
		select {
		case rec = <-over: // goes before the deadline
		default:
			select {
			case rec = <-over:
			case <-deadline:
			}
		}
		if rec == nil { // it is over, or there will be no more
			return batch
		}
		batch = append(batch, rec)
	}
	return batch
}

// kept tells of records that are in the store. Once [FailuresInARow] of all records have failed, it marks them as Again and returns the
// error that the run ends with.
func (k *keeper) kept(recs []*Record) error {
	var row []*Record
	for _, rec := range recs {
		if k.tell != nil {
			k.tell(rec)
		}
		if rec.Failed == "" {
			k.failed = nil
		} else if k.failed = append(k.failed, rec); len(k.failed) >= FailuresInARow {
			row = k.failed
		}
	}
	for _, rec := range row {
		again := *rec // the receiver of Recorded may still be reading rec
		again.Again = true
		if err := k.store.Put(&again); err != nil {
			return fmt.Errorf("keep record of %s: %w", rec.Case, err)
		}
	}
	if row == nil {
		return nil
	}
	last := row[len(row)-1]
	return fmt.Errorf("%w: %d in a row, the last: %s: %s", ErrFailuresInARow, len(row), last.Case, last.Failed)
}
