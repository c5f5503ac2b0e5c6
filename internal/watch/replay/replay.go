// Package replay is the engine behind the screen over a run that is stored: nothing is asked, everything can be looked at again.
//
// replay.go is [Replay] and its loop, asks.go what the person at the screen can ask for, place.go where in a debate the replay
// stands, list.go the list of debates and how it is searched.
//
// # A run of any size
//
// The first screen needs one page of the list and one record. All that has to look at every debate (how many there are under a
// filter, how the arms stand) is done behind it, in the background and in pages, and is on the screen as far as it has come.
// Memory grows with the number of questions, and by one case for every thousand debates.
//
// # Concurrency
//
// [Replay.Run] owns all state. Whatever reads the file is a job of its own goroutine, which hands back what to do with its
// result; a newer job of the same kind ends an older one. Run waits for all of them before it returns. [Replay.Ask] only leaves a note.
package replay

import (
	"context"
	"strings"
	"sync"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/internal/watch/scores"
	"cheaptalk/tui"
)

const (
	atMost    = 50 * time.Millisecond  // between two snapshots
	turn      = time.Second            // between two turns of a replay that plays, at speed 1
	showEvery = 500 * time.Millisecond // between two looks at how far the scan of the arms has come
)

// Options say how a run is replayed.
type Options struct {
	Title string
	Arms  []scores.Arm // in the order of the experiment
	First debate.Case  // opened first; zero is the first of the list
	Speed int          // at which it plays from the beginning; 0 shows First as it ended
}

// Replay is the engine over one stored run. Make it with [New].
type Replay struct {
	run *store.Run
	o   Options

	mu    sync.Mutex
	notes []tui.Ask // not read yet
	noted chan struct{}

	// The rest belongs to Run.
	results chan func()
	jobs    map[kind]*job
	all     sync.WaitGroup // the jobs

	place   place
	beside  *debate.Record
	parted  int
	speed   int
	waits   int // turns to wait at the end of a debate, while it plays
	list    list
	arms    []tui.Arm
	counted counted
	trouble string
	note    string // what the last ask came to, where nothing else shows it
	ready   bool   // the first screen has what it needs
}

// counted is what the scan of the whole run has found so far.
type counted struct {
	done, failed int
	usage        debate.Usage
	flips        []tui.Flip
	errors       []tui.Failure
}

// New returns a replay of the run, which stays the caller's to close.
func New(run *store.Run, o Options) *Replay {
	return &Replay{run: run, o: o, noted: make(chan struct{}, 1), results: make(chan func()), jobs: map[kind]*job{}}
}

// Ask takes what the person at the screen wants. It never blocks. What only a live run can do is ignored.
func (r *Replay) Ask(ask tui.Ask) {
	r.mu.Lock()
	r.notes = append(r.notes, ask)
	r.mu.Unlock()
	select {
	case r.noted <- struct{}{}:
	default:
	}
}

// Run sends snapshots until ctx ends, at most twenty a second. When it returns, every goroutine it started is gone.
func (r *Replay) Run(ctx context.Context, send func(tui.Snapshot)) {
	ctx, cancel := context.WithCancel(ctx)
	defer r.all.Wait()
	defer cancel()
	r.choose(ctx, tui.Filter{})
	r.open(ctx, r.o.First, 0)
	var gate, next <-chan time.Time // until the next snapshot may go out; until the next turn
	changed := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.noted:
			for _, ask := range r.take() {
				r.answer(ctx, ask)
			}
		case apply := <-r.results:
			apply()
		case <-next:
			next = nil
			r.play(ctx)
		case <-gate:
			gate = nil
			if !changed {
				continue
			}
		}
		changed = true
		switch {
		case r.speed == 0:
			next = nil
		case next == nil:
			next = time.After(turn / time.Duration(r.speed))
		}
		if gate == nil && r.ready {
			send(r.snapshot())
			changed = false
			gate = time.After(atMost)
			if r.arms == nil {
				r.arms = scores.New(r.o.Arms).Sheet().Arms()
				r.scan(ctx) // not before the first screen
			}
		}
	}
}

func (r *Replay) take() []tui.Ask {
	r.mu.Lock()
	defer r.mu.Unlock()
	notes := r.notes
	r.notes = nil
	return notes
}

// kind names what a job is for. There is at most one job of a kind.
type kind string

// job is what is read from the file in the background.
type job struct {
	cancel  context.CancelFunc
	running bool
}

// start begins a job and ends an older one of its kind. work runs in a goroutine of its own, with a context that ends with the
// job; what it passes to tell is done in the loop of Run, unless the job was ended meanwhile.
func (r *Replay) start(ctx context.Context, k kind, work func(ctx context.Context, tell func(apply func())) error) {
	if old := r.jobs[k]; old != nil {
		old.cancel()
	}
	ctx, cancel := context.WithCancel(ctx)
	j := &job{cancel: cancel, running: true}
	r.jobs[k] = j
	tell := func(apply func()) {
		select {
		case r.results <- func() {
			if r.jobs[k] == j {
				apply()
			}
		}:
		case <-ctx.Done():
		}
	}
	r.all.Go(func() {
		defer cancel()
		err := work(ctx, tell)
		tell(func() {
			j.running = false
			if err != nil {
				r.trouble, _, _ = strings.Cut(err.Error(), "\n")
				r.ready = true
			}
		})
	})
}

// scan counts the whole run, for the experiment view.
func (r *Replay) scan(ctx context.Context) {
	r.start(ctx, "scan", func(ctx context.Context, tell func(func())) error {
		s := scores.New(r.o.Arms)
		show := func() {
			arms := s.Sheet().Arms()
			now := counted{done: s.Done, failed: s.Failed, usage: s.Usage, flips: s.Flips(), errors: s.Errors()}
			tell(func() { r.arms, r.counted = arms, now })
		}
		last := time.Now()
		for rec, err := range r.run.Records(ctx) {
			if err != nil {
				show()
				return err
			}
			if rec.Again {
				continue // it is still to be debated
			}
			s.Add(rec)
			if s.Done%64 == 0 && time.Since(last) >= showEvery {
				last = time.Now()
				show()
			}
		}
		show()
		return nil
	})
}

// snapshot returns what the screen shows now.
func (r *Replay) snapshot() tui.Snapshot {
	meta := r.run.Meta()
	s := tui.Snapshot{
		Title: r.o.Title, Simulated: meta.Simulated, Replay: true, State: tui.Finished, Trouble: r.trouble, Note: r.note,
		Planned: meta.Planned, Done: r.counted.done, Failed: r.counted.failed, Usage: r.counted.usage,
		Arms: r.arms, Flips: r.counted.flips, Errors: r.counted.errors,
		Cases: r.list.lines, CasesFrom: r.list.from, Matching: r.list.matching, Filter: r.list.filter, Counting: r.jobs["count"].running,
		Parted: -1,
	}
	if meta.State == store.Interrupted {
		s.State = tui.Stopped
	}
	if r.place.rec == nil {
		return s
	}
	s.Debate, s.Timeline = r.place.debate(r.arm(r.place.rec), r.speed > 0), r.place.timeline(r.speed)
	s.Simulated = s.Simulated || r.place.rec.Simulated
	if r.beside != nil {
		s.Beside, s.Parted = r.place.other(r.beside, r.arm(r.beside), r.speed > 0), r.parted
	}
	return s
}

// arm returns what is known of the arm of a debate.
func (r *Replay) arm(rec *debate.Record) scores.Arm {
	for _, a := range r.o.Arms {
		if a.Name == rec.Case.Arm {
			return a
		}
	}
	return scores.Arm{Name: rec.Case.Arm, Rounds: -1}
}
