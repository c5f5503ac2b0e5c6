package watch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
	"cheaptalk/internal/watch"
	"cheaptalk/internal/watch/scores"
	"cheaptalk/tui"
)

// memory is a store that keeps records in a map.
type memory struct {
	mu      sync.Mutex
	records map[debate.Case]*debate.Record
}

func (m *memory) Has(c debate.Case) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.records[c] != nil
}

func (m *memory) Put(rec *debate.Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records == nil {
		m.records = map[debate.Case]*debate.Record{}
	}
	m.records[rec.Case] = rec
	return nil
}

func (m *memory) Record(_ context.Context, c debate.Case) (*debate.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records[c] == nil {
		return nil, errors.New("not there")
	}
	return m.records[c], nil
}

// rounds has everybody speak in so many rounds and hear the round before.
type rounds int

func (rounds) Name() string { return "rounds" }

func (n rounds) Next(t *debate.Transcript) []debate.Call {
	if t.LastRound()+1 >= int(n) {
		return nil
	}
	var calls []debate.Call
	for speaker := range t.Agents {
		c := debate.Call{Speaker: speaker}
		for _, m := range t.Messages {
			if m.Round == t.LastRound() && m.From != t.Agents[speaker] {
				c.Hears = append(c.Hears, m.Seq)
			}
		}
		calls = append(calls, c)
	}
	return calls
}

// slow is an agent that takes its time and streams.
type slow struct {
	name string
	took time.Duration
}

func (s slow) Name() string { return s.name }

func (s slow) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	words := strings.Fields("I think that the answer is (B).")
	for _, w := range words {
		select {
		case <-time.After(s.took / time.Duration(len(words))):
		case <-ctx.Done():
			return debate.Reply{}, ctx.Err()
		}
		turn.Say(w + " ")
	}
	text := strings.Join(words, " ")
	return debate.Reply{Text: text, Confidence: debate.Sure(0.9), Answer: "B", Usage: debate.Usage{Calls: 1}, Reading: debate.Reading{Flexible: "B", Strict: "B"}}, nil
}

// experiment is of two arms, "first" and "second", with teams of two slow agents, on so many questions.
func experiment(questions, workers int, took time.Duration) *debate.Experiment {
	x := &debate.Experiment{Name: "test", Workers: workers, Seed: 1}
	for i := range questions {
		x.Items = append(x.Items, debate.Item{Question: debate.Question{ID: fmt.Sprintf("set/%d", i), Text: "Which?", Choices: []string{"x", "y", "z"}},
			Key: debate.Letter(i % 3)})
	}
	for _, name := range []string{"first", "second"} {
		x.Arms = append(x.Arms, debate.Arm{Name: name, Protocol: rounds(2), Team: func(debate.Item, uint64) []debate.Agent {
			return []debate.Agent{slow{"ann", took}, slow{"bob", 2 * took}}
		}})
	}
	return x
}

// screen keeps what was sent to it.
type screen struct {
	mu   sync.Mutex
	all  []tui.Snapshot
	when []time.Time
}

func (s *screen) send(snap tui.Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all, s.when = append(s.all, snap), append(s.when, time.Now())
}

func (s *screen) last() tui.Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) == 0 {
		return tui.Snapshot{}
	}
	return s.all[len(s.all)-1]
}

func (s *screen) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.all)
}

// stage is a run with its engine and its screen.
type stage struct {
	live   *watch.Live
	screen *screen
	store  *memory
	ended  chan error // of the run
	leave  func()     // takes the screen away and waits for the engine
}

// begin runs the experiment under an engine. It is to be called in a bubble.
func begin(t *testing.T, x *debate.Experiment, change func(*watch.Options)) *stage {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stop := make(chan struct{})
	x.Stop = stop
	store := &memory{}
	o := watch.Options{Title: x.Name, Experiment: x, Records: store, Planned: 2 * len(x.Items),
		Arms: []scores.Arm{{Name: "first", Rounds: 1, Models: map[string]string{"ann": "m"}}, {Name: "second", Rounds: 1}},
		Stop: func() { close(stop) }, Cancel: cancel}
	if change != nil {
		change(&o)
	}
	s := &stage{live: watch.NewLive(o), screen: &screen{}, store: store, ended: make(chan error, 1)}
	there, gone := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { s.live.Run(there, s.screen.send) })
	all.Go(func() {
		err := x.Run(ctx, store, s.live.Event)
		s.live.Finish(err)
		s.ended <- err
	})
	s.leave = func() {
		gone()
		all.Wait()
		cancel()
	}
	return s
}

// TestTwentySnapshotsASecond watches 64 debates at once, which stream thousands of pieces a second.
func TestTwentySnapshotsASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := experiment(64, 64, 0)
		for i := range x.Arms {
			x.Arms[i].Team = func(_ debate.Item, seed uint64) []debate.Agent { // no two of them at the same time
				return []debate.Agent{slow{"ann", 700*time.Millisecond + time.Duration(seed%100_000_000)}, slow{"bob", time.Second + time.Duration(seed%99_999_989)}}
			}
		}
		s := begin(t, x, nil)
		if err := <-s.ended; err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		n := s.screen.count()
		time.Sleep(time.Hour)
		if more := s.screen.count() - n; more > 0 {
			t.Errorf("%d snapshots after the end", more)
		}
		s.leave()
		for i, at := range s.screen.when {
			if i >= 20 && at.Sub(s.screen.when[i-20]) < time.Second {
				t.Fatalf("more than 20 snapshots in the second before %v", at)
			}
		}
		if n < 40 {
			t.Errorf("%d snapshots of a run of 5 seconds", n)
		}
		last := s.screen.last()
		if last.State != tui.Finished || last.Done != 128 || last.Planned != 128 || last.Matching != 128 || last.Left != 0 {
			t.Errorf("ended as %v, %d of %d debates, %d in the list, %v left", last.State, last.Done, last.Planned, last.Matching, last.Left)
		}
		for _, a := range last.Arms {
			if a.N != 64 || a.Before.N != 64 || a.Matrix.Total() != 128 {
				t.Errorf("arm %+v", a)
			}
		}
	})
}

// TestTheScreenSeesWhatIsBeingSaid looks into a debate in the middle of a round.
func TestTheScreenSeesWhatIsBeingSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(t, experiment(1, 1, 7*time.Second), nil)
		time.Sleep(3500 * time.Millisecond)
		d := s.screen.last().Debate
		if d == nil || d.Round != 0 || d.Rounds != 1 || d.Models["ann"] != "m" || d.Key != "A" || d.Transcript.Question.Text != "Which?" {
			t.Fatalf("shows %+v", d)
		}
		if d.Speaking["ann"] != "I think that " || d.Speaking["bob"] != "I " || len(d.Transcript.Messages) != 0 {
			t.Errorf("ann says %q, bob %q", d.Speaking["ann"], d.Speaking["bob"])
		}
		time.Sleep(5 * time.Second)
		d = s.screen.last().Debate
		if n := s.screen.last().InFlight; n != 1 {
			t.Errorf("%d in flight", n)
		}
		if n := s.screen.last().Usage.Calls; n != 1 {
			t.Errorf("%d calls are counted after the first", n)
		}
		time.Sleep(9 * time.Second)
		if d := s.screen.last().Debate; d.Round != 1 || !slices.Equal(d.Hearing["bob"], []int{0}) {
			t.Errorf("in round %d bob hears %v", d.Round, d.Hearing["bob"])
		}
		if _, speaks := d.Speaking["ann"]; speaks || len(d.Transcript.Messages) != 1 || d.Speaking["bob"] == "" {
			t.Errorf("later %+v, %d messages", d.Speaking, len(d.Transcript.Messages))
		}
		<-s.ended
		time.Sleep(time.Minute)
		if last := s.screen.last(); !last.Debate.Over || len(last.Debate.Transcript.Messages) != 4 || last.Usage.Calls != last.Done*4 {
			t.Errorf("at the end %d calls, %+v", last.Usage.Calls, last.Debate)
		}
		s.leave()
	})
}

// TestAStepLetsOneTurnThrough counts turns from the first step on, with four debates at once.
func TestAStepLetsOneTurnThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := experiment(4, 4, time.Second)
		said := 0
		s := begin(t, x, nil)
		counted := func() int {
			n := 0
			shot := s.screen.last()
			for _, line := range shot.Cases {
				s.live.Ask(tui.Open{Case: line.Case})
				time.Sleep(time.Second)
				if d := s.screen.last().Debate; d.Case != line.Case {
					t.Fatalf("%s is open, not %s", d.Case, line.Case)
				} else {
					n += len(d.Transcript.Messages)
				}
			}
			return n
		}
		for range 20 {
			s.live.Ask(tui.Step{})
			time.Sleep(time.Minute)
			if state := s.screen.last().State; state != tui.Stepping {
				t.Fatalf("state %v", state)
			}
			said++
			if got := counted(); got != said {
				t.Fatalf("%d turns after %d steps", got, said)
			}
		}
		s.live.Ask(tui.Go{})
		if err := <-s.ended; err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if last := s.screen.last(); last.State != tui.Finished || last.Done != 8 {
			t.Errorf("state %v, %d done", last.State, last.Done)
		}
		s.leave()
	})
}

// TestNobodyIsAskedBeforeTheStep steps over the end of a round.
func TestNobodyIsAskedBeforeTheStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := experiment(1, 1, time.Second)
		x.Arms = x.Arms[:1]
		var asked atomic.Int32
		x.Arms[0].Team = func(debate.Item, uint64) []debate.Agent {
			return []debate.Agent{counting{slow{"ann", time.Second}, &asked}, counting{slow{"bob", time.Second}, &asked}}
		}
		s := begin(t, x, nil)
		for _, want := range []int32{2, 2, 4, 4} {
			s.live.Ask(tui.Step{})
			time.Sleep(time.Hour)
			if got := asked.Load(); got != want {
				t.Errorf("%d were asked, not %d", got, want)
			}
		}
		if err := <-s.ended; err != nil {
			t.Error(err)
		}
		s.leave()
	})
}

// counting counts how often an agent is asked.
type counting struct {
	slow
	asked *atomic.Int32
}

func (c counting) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	c.asked.Add(1)
	return c.slow.Reply(ctx, turn)
}

// TestQuittingEndsASteppedRun quits in the middle of a step: what is in flight ends and is recorded, nothing else begins.
func TestQuittingEndsASteppedRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(t, experiment(40, 2, time.Second), nil)
		s.live.Ask(tui.Step{})
		time.Sleep(time.Hour)
		s.live.Ask(tui.Quit{})
		time.Sleep(100 * time.Millisecond)
		if state := s.screen.last().State; state != tui.Stopping {
			t.Errorf("state %v after a quit", state)
		}
		if err := <-s.ended; !errors.Is(err, debate.ErrStopped) {
			t.Errorf("ended with %v", err)
		}
		if n := len(s.store.records); n < 2 || n > 4 {
			t.Errorf("%d records", n)
		}
		for c, rec := range s.store.records {
			if rec.Failed != "" || len(rec.Transcript.Messages) != 4 {
				t.Errorf("%s is recorded as %+v", c, rec)
			}
		}
		time.Sleep(time.Second)
		if last := s.screen.last(); last.State != tui.Stopped || last.Trouble == "" || last.Done != len(s.store.records) {
			t.Errorf("state %v, trouble %q, %d done", last.State, last.Trouble, last.Done)
		}
		s.leave()
	})
}

func TestASecondQuitEndsTheRunAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(t, experiment(4, 2, time.Hour), nil)
		time.Sleep(time.Minute)
		start := time.Now()
		s.live.Ask(tui.Quit{})
		s.live.Ask(tui.Quit{})
		s.live.Ask(tui.Quit{})
		if err := <-s.ended; !errors.Is(err, context.Canceled) || time.Since(start) > time.Minute {
			t.Errorf("ended with %v after %v", err, time.Since(start))
		}
		s.leave()
	})
}

// TestASignalEndsASteppedRun stops the run from elsewhere while a turn waits for a step.
func TestASignalEndsASteppedRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stop func()
		s := begin(t, experiment(40, 1, time.Second), func(o *watch.Options) { stop = o.Stop })
		s.live.Ask(tui.Step{})
		time.Sleep(time.Minute)
		stop()
		s.live.Stopping()
		if err := <-s.ended; !errors.Is(err, debate.ErrStopped) || len(s.store.records) == 0 {
			t.Errorf("ended with %v and %d records", err, len(s.store.records))
		}
		s.leave()
	})
}

// TestALostScreenDoesNotHoldTheRun takes the screen away while a turn waits for a step.
func TestALostScreenDoesNotHoldTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := experiment(2, 2, time.Second)
		there, gone := context.WithCancel(t.Context())
		live := watch.NewLive(watch.Options{Experiment: x})
		live.Ask(tui.Step{})
		ended := make(chan error)
		go func() { ended <- x.Run(t.Context(), &memory{}, live.Event) }()
		go live.Run(there, func(tui.Snapshot) {})
		time.Sleep(time.Hour)
		gone()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestTheListIsFilteredAndMoved ends a run whose debates differ in outcome.
func TestTheListIsFilteredAndMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := experiment(6, 1, time.Second)
		x.Arms[1].Team = func(item debate.Item, _ uint64) []debate.Agent {
			lines := func(words ...string) (l []agents.Line) {
				for _, w := range words {
					l = append(l, agents.Line{Text: "The answer is (" + w + ")."})
				}
				return l
			}
			if item.Question.ID == "set/5" {
				lines = func(...string) []agents.Line { return nil } // fails
			}
			return []debate.Agent{&agents.Scripted{Label: "cyd", Lines: lines("A", "B")}, &agents.Scripted{Label: "dan", Lines: lines("B", "B")}}
		}
		s := begin(t, x, nil)
		<-s.ended
		time.Sleep(time.Minute)
		for _, c := range []struct {
			filter tui.Filter
			want   string
		}{
			{tui.Filter{}, "second set/5, first set/5, second set/4, first set/4, second set/3, first set/3, second set/2, first set/2, second set/1, first set/1, second set/0, first set/0"},
			{tui.Filter{Outcome: "harmful"}, "second set/3, second set/0"},
			{tui.Filter{Outcome: "harmful", Agent: "dan"}, ""},
			{tui.Filter{Outcome: "beneficial", Agent: "cyd"}, "second set/4, second set/1"},
			{tui.Filter{Outcome: "failed"}, "second set/5"},
			{tui.Filter{Agent: "bob", Arm: "second"}, ""},
			{tui.Filter{Arm: "first", Data: "other"}, ""},
		} {
			s.live.Ask(tui.Choose{Filter: c.filter})
			time.Sleep(time.Second)
			var got []string
			last := s.screen.last()
			for _, line := range last.Cases {
				got = append(got, line.Case.String())
			}
			if strings.Join(got, ", ") != c.want || last.Matching != len(got) || last.Filter != c.filter {
				t.Errorf("%+v lists %d: %s", c.filter, last.Matching, strings.Join(got, ", "))
			}
		}
		s.live.Ask(tui.Choose{Filter: tui.Filter{Outcome: "beneficial"}})
		var seen []string
		for _, by := range []int{1, 1, 1, -1} {
			s.live.Ask(tui.Move{By: by})
			time.Sleep(time.Second)
			seen = append(seen, s.screen.last().Debate.Case.Item)
		}
		if !slices.Equal(seen, []string{"set/4", "set/1", "set/1", "set/4"}) {
			t.Errorf("moved over %v", seen)
		}
		if note := s.screen.last().Note; note != "" {
			t.Errorf("note %q", note)
		}
		for _, c := range []struct{ outcome, shown string }{{"failed", "set/5"}, {"harmful", "set/3"}, {"", "set/3"}} {
			s.live.Ask(tui.Choose{Filter: tui.Filter{Outcome: c.outcome}, Follow: true})
			time.Sleep(time.Second)
			if got := s.screen.last().Debate.Case.Item; got != c.shown {
				t.Errorf("the filter %q shows %s, want %s", c.outcome, got, c.shown)
			}
		}
		s.live.Ask(tui.Choose{Filter: tui.Filter{Outcome: "failed"}, Follow: true})
		s.live.Ask(tui.Move{By: 1})
		time.Sleep(time.Second)
		if note := s.screen.last().Note; note != "this is the last debate of the list" {
			t.Errorf("at the end of the list: %q", note)
		}
		last := s.screen.last()
		if len(last.Flips) != 4 || last.Flips[0].Case.Item != "set/4" || last.Flips[0].Fate != debate.Corrected || !slices.Equal(last.Flips[0].SwayedBy, []string{"dan"}) {
			t.Errorf("flips %+v", last.Flips)
		}
		if last.Failed != 1 || len(last.Errors) != 1 || last.Errors[0].N != 2 {
			t.Errorf("%d failed, %+v", last.Failed, last.Errors)
		}
		s.leave()
	})
}

// TestWhatIsLookedAtStays keeps the first debate on the screen while so many follow that it is no longer at hand.
func TestWhatIsLookedAtStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(t, experiment(200, 1, time.Millisecond), nil)
		first := debate.Case{Arm: "first", Item: "set/0"}
		time.Sleep(100 * time.Microsecond) // it has begun
		s.live.Ask(tui.Open{Case: first})
		<-s.ended
		time.Sleep(time.Second)
		if d := s.screen.last().Debate; d == nil || d.Case != first || len(d.Transcript.Messages) != 4 {
			t.Errorf("still there is %+v", d)
		}
		s.leave()
	})
}

// TestOldDebatesComeBackFromTheStore opens the first of many.
func TestOldDebatesComeBackFromTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(t, experiment(200, 1, time.Millisecond), nil)
		<-s.ended
		first, none := debate.Case{Arm: "first", Item: "set/0"}, debate.Case{Arm: "third", Item: "set/0"}
		s.live.Ask(tui.Open{Case: first})
		time.Sleep(time.Second)
		if d := s.screen.last().Debate; d == nil || d.Case != first || len(d.Transcript.Messages) != 4 || d.Rounds != 1 {
			t.Errorf("opened %+v", d)
		}
		s.live.Ask(tui.Open{Case: none})
		time.Sleep(time.Second)
		if d := s.screen.last().Debate; d == nil || d.Case != none || !strings.Contains(d.Failed, "not there") {
			t.Errorf("opened %+v", d)
		}
		s.leave()
	})
}

// TestAResumedRunCountsWhatWasBefore recalls the records of an earlier process.
func TestAResumedRunCountsWhatWasBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := experiment(4, 1, time.Second)
		earlier := &memory{}
		if err := x.Run(t.Context(), earlier, nil); err != nil {
			t.Fatal(err)
		}
		more := experiment(6, 1, time.Second)
		live := watch.NewLive(watch.Options{Experiment: more, Planned: 12, Arms: []scores.Arm{{Name: "first"}, {Name: "second"}}})
		for c := range x.Cases() {
			live.Recall(earlier.records[c])
		}
		there, gone := context.WithCancel(t.Context())
		defer gone()
		var sc screen
		go live.Run(there, sc.send)
		time.Sleep(time.Second)
		if got := sc.last(); got.State != tui.Waiting || got.Done != 8 || got.Arms[0].N != 4 {
			t.Errorf("before: %v, %d done, %+v", got.State, got.Done, got.Arms)
		}
		live.Finish(more.Run(t.Context(), earlier, live.Event))
		time.Sleep(time.Second)
		if got := sc.last(); got.Done != 12 || got.Arms[1].N != 6 || got.PerSecond < 0.1 || got.PerSecond > 1 {
			t.Errorf("after: %d done, %v a second, %+v", got.Done, got.PerSecond, got.Arms)
		}
	})
}

// TestAPersonSeesWhatTheyMayRead keeps what peers say, the key and who was right from the person at the table.
func TestAPersonSeesWhatTheyMayRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := experiment(1, 1, time.Second)
		x.Arms = x.Arms[:1]
		heard := make(chan string)
		x.Arms[0].Team = func(debate.Item, uint64) []debate.Agent {
			return []debate.Agent{slow{"ann", time.Second}, person{heard}}
		}
		s := begin(t, x, func(o *watch.Options) { o.Person = true })
		time.Sleep(time.Minute) // ann has spoken
		say := func(text string, _ debate.Confidence) { heard <- text }
		s.live.Sit(watch.Seat{Name: "you", Prompt: tui.Prompt{Task: debate.Solve}, Say: say})
		time.Sleep(time.Second)
		got := s.screen.last()
		if got.Prompt == nil || got.Prompt.Agent != "you" || !got.Person || got.Debate.Key != "" || len(got.Debate.Transcript.Messages) != 0 {
			t.Errorf("asked %+v with %+v", got.Prompt, got.Debate)
		}
		s.live.Ask(tui.Speak{Text: "C"})
		time.Sleep(time.Minute)
		if got := s.screen.last(); got.Prompt != nil || len(got.Debate.Transcript.Messages) != 0 || got.Debate.Speaking["ann"] != "" {
			t.Errorf("between turns %+v", got.Debate)
		}
		s.live.Sit(watch.Seat{Name: "you", Prompt: tui.Prompt{Round: 1, Task: debate.Revise}, Read: []int{0}, Say: say})
		time.Sleep(time.Second)
		got = s.screen.last()
		if got.Prompt == nil || len(got.Debate.Transcript.Messages) != 2 || got.Debate.Transcript.Messages[0].Confidence.Stated {
			t.Errorf("in round 1: %+v", got.Debate.Transcript)
		}
		if len(got.Flips) != 0 || got.Debate.Key != "" {
			t.Errorf("the key can be told from %+v", got.Debate)
		}
		s.live.Ask(tui.Speak{Text: "B"})
		<-s.ended
		time.Sleep(time.Minute)
		got = s.screen.last()
		if d := got.Debate; !d.Over || d.Key != "A" || len(d.Transcript.Messages) != 4 || d.Transcript.Messages[3].Text != "B" {
			t.Errorf("at the end %+v", d)
		}
		s.leave()
	})
}

// TestTheArmsDoNotTellAPersonWhoWasRight holds the rates of the arms back until the run is over: after one debate they say how it went.
func TestTheArmsDoNotTellAPersonWhoWasRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := experiment(2, 1, time.Second)
		x.Arms = x.Arms[:1]
		s := begin(t, x, func(o *watch.Options) { o.Person = true })
		for s.screen.last().Done < 1 {
			time.Sleep(time.Second)
		}
		time.Sleep(time.Second)
		got := s.screen.last()
		if arm := got.Arms[0]; got.Done != 1 || arm.N != 1 || arm.Before.N+arm.After.N+arm.Change.N+arm.Harmful.N+arm.Beneficial.N+arm.Matrix.Total() != 0 {
			t.Errorf("after %d of 2 debates the arm is %+v", got.Done, arm)
		}
		<-s.ended
		time.Sleep(time.Minute)
		if arm := s.screen.last().Arms[0]; arm.N != 2 || arm.Before.N != 2 || arm.Matrix.Total() == 0 {
			t.Errorf("at the end the arm is %+v", arm)
		}
		s.leave()
	})
}

// person says what is heard from a channel.
type person struct{ heard chan string }

func (person) Name() string { return "you" }

func (p person) Reply(context.Context, debate.Turn) (debate.Reply, error) {
	text := <-p.heard
	return debate.Reply{Text: text, Answer: debate.Answer(text)}, nil
}
