package debate

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sync"
	"time"
)

// Experiment crosses arms, items and repeats into cases and debates each once.
type Experiment struct {
	Name    string
	Arms    []Arm
	Items   []Item
	Repeats int // how often each question is asked; 0 means 1
	Workers int // debates at the same time; 0 means one a processor
	// Seed is where all chance comes from. Same seed, same records, whatever the number of workers.
	Seed uint64
	// Stop, once closed, ends the run without haste: no debate begins any more, those in flight go on to their end. Nil never stops.
	Stop <-chan struct{}
}

// Arm is one way of holding the debate. Everything that differs between two rows of a table is in the arm.
type Arm struct {
	Name string
	// Team makes the agents for one debate. It is called by many goroutines at once; the agents it returns serve one debate.
	// seed is that of the case: the same in every arm.
	Team     func(item Item, seed uint64) []Agent
	Protocol Protocol
	// Judges makes the judges for one debate, the primary one first. Which judge is primary is part of the design of
	// the experiment; the verdicts of the others are exploratory.
	Judges    func(item Item, seed uint64) []Judge
	OnFailure OnFailure
	Simulated bool // some agent is simulated: every table and plot says so
}

// Case names one debate of an experiment. It is the key of progress, resume and pairing.
type Case struct {
	Arm    string `json:"arm"`
	Item   string `json:"item"` // Question.ID
	Draw   int    `json:"draw"`
	Repeat int    `json:"repeat"`
}

// String returns "naive gsm8k/17", with " draw 2" and " repeat 1" where they are not the first.
func (c Case) String() string {
	s := c.Arm + " " + c.Item
	if c.Draw > 0 {
		s += fmt.Sprintf(" draw %d", c.Draw)
	}
	if c.Repeat > 0 {
		s += fmt.Sprintf(" repeat %d", c.Repeat)
	}
	return s
}

// Record is all that is kept of one debate.
type Record struct {
	Case       Case        `json:"case"`
	Key        Answer      `json:"key"`
	Transcript *Transcript `json:"transcript"`
	// Verdicts are in the order of Arm.Judges: the primary one first. Empty when the debate failed.
	Verdicts []Verdict `json:"verdicts,omitempty"`
	// Failed holds the error that ended the debate. Its outcome is then neither right nor wrong.
	Failed string `json:"failed,omitempty"`
	// FailureKind sorts Failed; see [FailureKind].
	FailureKind string `json:"failure_kind,omitempty"`
	// Again marks one of the failures in a row that stopped a run: a resumed run debates it again.
	Again     bool          `json:"again,omitempty"`
	Simulated bool          `json:"simulated,omitempty"`
	Seed      uint64        `json:"seed"`
	Took      time.Duration `json:"took_ns,omitempty"`
}

// Store keeps records. Has and Put may be called at the same time; Put is called by one goroutine alone.
type Store interface {
	// Has reports whether the case need not be debated: it has a record that is not marked Again.
	Has(Case) bool
	// Put makes the record durable before it returns. A record of the same case is replaced.
	Put(*Record) error
}

// FailuresInARow is the number of failed debates without one success between them that stops a run:
// a wrong key, a server that is down or a model that does not exist, not bad luck.
const FailuresInARow = 20

// ErrStopped is returned by a run that was stopped before its end by closing Experiment.Stop. An agent or judge whose error wraps it
// says that no more may be asked, because a budget is spent for example: its debate is left unrecorded, as one that was
// interrupted, and the run ends with that error once the other debates in flight have ended.
var ErrStopped = errors.New("stopped")

// ErrFailuresInARow is wrapped by the error of a run that [FailuresInARow] stopped.
var ErrFailuresInARow = errors.New("every debate fails")

// Cases returns every case of the experiment in the order in which they are debated: item by item, repeat by repeat,
// the arms of one question next to each other.
func (e *Experiment) Cases() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		for j := range e.jobs() {
			if !yield(j.name) {
				return
			}
		}
	}
}

// job is one debate to hold.
type job struct {
	name Case
	arm  *Arm
	item Item
}

func (e *Experiment) jobs() iter.Seq[job] {
	return func(yield func(job) bool) {
		for _, item := range e.Items {
			for repeat := range max(e.Repeats, 1) {
				for i := range e.Arms {
					arm := &e.Arms[i]
					name := Case{Arm: arm.Name, Item: item.Question.ID, Draw: item.Draw, Repeat: repeat}
					if !yield(job{name: name, arm: arm, item: item}) {
						return
					}
				}
			}
		}
	}
}

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

func (e *Experiment) validate() error {
	if len(e.Arms) == 0 {
		return fmt.Errorf("experiment %s: no arms", e.Name)
	}
	if len(e.Items) == 0 {
		return fmt.Errorf("experiment %s: no questions", e.Name)
	}
	arms := map[string]bool{}
	for _, a := range e.Arms {
		switch {
		case a.Name == "":
			return fmt.Errorf("experiment %s: an arm has no name", e.Name)
		case arms[a.Name]:
			return fmt.Errorf("experiment %s: two arms are named %q", e.Name, a.Name)
		case a.Team == nil || a.Protocol == nil:
			return fmt.Errorf("experiment %s: arm %s has no team or no protocol", e.Name, a.Name)
		}
		arms[a.Name] = true
	}
	items := map[Case]bool{}
	for _, item := range e.Items {
		name := Case{Item: item.Question.ID, Draw: item.Draw}
		if items[name] {
			return fmt.Errorf("experiment %s: question %s is twice in draw %d", e.Name, item.Question.ID, item.Draw)
		}
		items[name] = true
	}
	return nil
}
