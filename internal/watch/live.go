package watch

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/watch/scores"
	"cheaptalk/tui"
)

const (
	atMost  = 50 * time.Millisecond  // between two snapshots: twenty a second
	beat    = time.Second            // between two snapshots of a run in which nothing happens but time
	settle  = 500 * time.Millisecond // between two computations of the intervals
	lingers = 2 * time.Second        // how long a debate that is over stays on the screen before the next
)

// Records finds the record of a debate that is over. A store.Run is one.
type Records interface {
	Record(ctx context.Context, c debate.Case) (*debate.Record, error)
}

// Options say what is watched. Title, Experiment and Arms are needed.
type Options struct {
	Title      string
	Simulated  bool
	Person     bool // a person takes part: what they may not know yet stays hidden, keys to the end of the run
	Experiment *debate.Experiment
	Arms       []scores.Arm // in the order of the experiment
	Planned    int          // debates
	Records    Records      // nil keeps debates that are long over closed

	// Paid returns what was paid so far; nil is not known. It is called from the goroutine of Run.
	Paid func() (dollars float64, priced bool)
	// Stop ends the run in good order, for the first tui.Quit; Cancel ends it at once, for the second. They are called at most once, must not
	// block, and may be nil.
	Stop, Cancel func()
}

// Live is the engine of one run. Make it with [NewLive]. It is safe for concurrent use.
type Live struct {
	o     Options
	items map[debate.Case]*debate.Item // by Item and Draw
	dirty chan struct{}                // has room for one; something has changed

	mu      sync.Mutex
	steps   sync.Cond // waited for by Event while stepping
	state   tui.State
	trouble string
	left    int  // turns that may pass while stepping
	free    bool // nobody is there to step any more
	quits   int

	started, ended time.Time // of this process; zero when not yet
	before, done   int       // debates recorded before this process, and by it
	scores         *scores.Scores
	flights        []*flight // the oldest first
	past           past
	filter         tui.Filter
	note           string // what the last ask came to, where nothing else shows it
	from           int    // first line of the list's window

	shown  debate.Case
	chosen bool           // the person chose what is shown
	overAt time.Time      // when what is shown was over; zero while it goes on
	loaded *debate.Record // what was read from there, if it is shown

	prompt *tui.Prompt
	say    func(text string, confidence debate.Confidence)

	// These belong to the goroutine of Run.
	arms      []tui.Arm // as of settled
	settled   time.Time
	settledAt int // records counted then
}

// NewLive returns the engine of a run of which nothing has happened yet.
func NewLive(o Options) *Live {
	l := &Live{o: o, items: map[debate.Case]*debate.Item{}, dirty: make(chan struct{}, 1), scores: scores.New(o.Arms)}
	l.steps.L = &l.mu
	for i := range o.Experiment.Items {
		item := &o.Experiment.Items[i]
		l.items[debate.Case{Item: item.Question.ID, Draw: item.Draw}] = item
	}
	return l
}

// Run sends snapshots until ctx ends. After that nobody steps: Event does not wait any more. send may block.
func (l *Live) Run(ctx context.Context, send func(tui.Snapshot)) {
	release := context.AfterFunc(ctx, l.release)
	defer release()
	defer l.release()
	l.changed()
	for {
		var clock <-chan time.Time
		if l.running() {
			clock = time.After(beat)
		}
		select {
		case <-l.dirty:
		case <-clock:
		case <-ctx.Done():
			return
		}
		l.load(ctx)
		send(l.snapshot())
		select {
		case <-time.After(atMost):
		case <-ctx.Done():
			return
		}
	}
}

// release lets the run go on by itself for good.
func (l *Live) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free = true
	l.steps.Broadcast()
}

func (l *Live) running() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state == tui.Running || l.state == tui.Stepping || l.state == tui.Stopping
}

// changed wakes Run. It never blocks.
func (l *Live) changed() {
	select {
	case l.dirty <- struct{}{}:
	default: // it has been woken
	}
}

// Recall counts a record of an earlier process of the same run. It is for records that stand, before the first event.
func (l *Live) Recall(rec *debate.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.before++
	l.scores.Add(rec)
	l.past.add(rec)
	l.changed()
}

// Event takes an event of the experiment, for debate.Experiment.Run. While the run is stepped it waits: a turn begins and is
// taken only when a step lets it. A debate that is held without an experiment is told as In and Recorded too.
func (l *Live) Event(ev debate.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin()
	switch ev := ev.(type) {
	case debate.In:
		l.in(ev)
	case debate.Recorded:
		l.recorded(ev.Record)
	}
	l.changed()
}

func (l *Live) begin() {
	if l.state == tui.Waiting {
		l.state = tui.Running
	}
	if l.started.IsZero() {
		l.started = time.Now()
	}
}

// in takes an event of one debate. Subtle: the room tells of a round before it asks anyone, so that waiting there keeps the
// models from being asked.
func (l *Live) in(ev debate.In) {
	f := l.flight(ev.Case)
	switch e := ev.Event.(type) {
	case debate.RoundStarted:
		l.wait(f)
		f.start(e)
	case debate.Said:
		l.wait(f)
		l.left = max(l.left-1, 0)
		f.said(e.Message)
	case debate.Saying:
		f.saying(e)
	case debate.Decided:
		f.decided(e.Verdict)
	}
}

// wait waits until a turn may pass. What is stepped is what is shown.
func (l *Live) wait(f *flight) {
	for l.state == tui.Stepping && l.left == 0 && !l.free {
		l.changed()
		l.steps.Wait()
	}
	if l.state == tui.Stepping {
		l.show(f.name, false)
	}
}

func (l *Live) flight(c debate.Case) *flight {
	if i := l.find(c); i >= 0 {
		return l.flights[i]
	}
	f := newFlight(c)
	l.flights = append(l.flights, f)
	return f
}

// find returns the index of the debate in flight, or -1.
func (l *Live) find(c debate.Case) int {
	return slices.IndexFunc(l.flights, func(f *flight) bool { return f.name == c })
}

func (l *Live) recorded(rec *debate.Record) {
	l.done++
	l.scores.Add(rec)
	l.past.add(rec)
	if i := l.find(rec.Case); i >= 0 {
		l.flights = slices.Delete(l.flights, i, i+1)
	}
	if l.shown == rec.Case {
		l.overAt = time.Now()
	}
}

// Finish says that the run is over and why it stopped before its end; nil when it did not.
func (l *Live) Finish(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin()
	l.state, l.ended = tui.Finished, time.Now()
	if err != nil {
		l.state = tui.Stopped
		l.trouble, _, _ = strings.Cut(err.Error(), "\n")
	}
	l.flights = nil // what was interrupted has not happened
	l.prompt, l.say = nil, nil
	l.steps.Broadcast()
	l.changed()
}
