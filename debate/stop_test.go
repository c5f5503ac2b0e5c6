package debate_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/debate"
)

func TestStoppingLetsDebatesInFlightEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		e := &debate.Experiment{Workers: 2, Items: items(6), Stop: stop, Arms: []debate.Arm{{
			Name: "slow", Protocol: rounds(1),
			Team: func(debate.Item, uint64) []debate.Agent {
				return []debate.Agent{after("a", time.Second), after("b", time.Second)}
			},
		}}}
		store := &memory{}
		go func() {
			time.Sleep(2500 * time.Millisecond) // two debates of two seconds are over, two are in flight
			close(stop)
		}()
		if err := e.Run(t.Context(), store, nil); !errors.Is(err, debate.ErrStopped) {
			t.Errorf("error %v", err)
		}
		if n := len(store.records); n != 4 {
			t.Errorf("%d records, want 4", n)
		}
		e.Stop = nil
		if err := e.Run(t.Context(), store, nil); err != nil || len(store.records) != 6 {
			t.Errorf("resumed: %v, %d records", err, len(store.records))
		}
	})
}

func TestStoppingAfterTheLastDebateBeganIsNoError(t *testing.T) {
	stop := make(chan struct{})
	e := &debate.Experiment{Workers: 1, Items: items(1), Stop: stop, Arms: []debate.Arm{{
		Name: "only", Protocol: rounds(0),
		Team: func(debate.Item, uint64) []debate.Agent {
			return []debate.Agent{fake{"a", func(context.Context, debate.Turn) (debate.Reply, error) {
				close(stop)
				return debate.Reply{}, nil
			}}}
		},
	}}}
	store := &memory{}
	if err := e.Run(t.Context(), store, nil); len(store.records) != 1 || err != nil && !errors.Is(err, debate.ErrStopped) {
		t.Errorf("%v, %d records", err, len(store.records))
	}
}

// TestWhatMayNotBeAskedIsNotRecorded has an agent, or a judge, say that no more may be asked.
func TestWhatMayNotBeAskedIsNotRecorded(t *testing.T) {
	spent := fmt.Errorf("the budget is spent: %w", debate.ErrStopped)
	broke := fake{"b", func(_ context.Context, turn debate.Turn) (debate.Reply, error) {
		if turn.Question.ID == "set/3" {
			return debate.Reply{}, spent
		}
		return debate.Reply{Answer: "B"}, nil
	}}
	for _, onFailure := range []debate.OnFailure{debate.FailDebate, debate.Abstain} {
		e := &debate.Experiment{Workers: 1, Items: items(6), Arms: []debate.Arm{{
			Name: "a", Protocol: rounds(0), OnFailure: onFailure,
			Team: func(debate.Item, uint64) []debate.Agent { return []debate.Agent{fake{name: "a"}, broke} },
		}}}
		store := &memory{}
		if err := e.Run(t.Context(), store, nil); !errors.Is(err, debate.ErrStopped) || err.Error() == debate.ErrStopped.Error() {
			t.Errorf("error %v", err)
		}
		for _, rec := range store.records {
			if rec.Failed != "" || rec.Case.Item == "set/3" {
				t.Errorf("recorded %v: %s", rec.Case, rec.Failed)
			}
		}
		if n := len(store.records); n < 3 || n > 4 { // the worker may have taken the next before the run heard of it
			t.Errorf("%d records", n)
		}
	}

	tr := &debate.Transcript{Question: debate.Question{ID: "q/1"}}
	verdicts, err := debate.Decide(t.Context(), tr, []debate.Judge{decides{err: spent}, decides{}}, nil)
	if !errors.Is(err, debate.ErrStopped) || len(verdicts) != 0 {
		t.Errorf("%v %v", verdicts, err)
	}
}

// decides is a judge that returns an error, or decides nothing.
type decides struct{ err error }

func (decides) Name() string { return "decides" }

func (d decides) Decide(context.Context, *debate.Transcript, func(string)) (debate.Verdict, error) {
	return debate.Verdict{}, d.err
}

type sorted string

func (s sorted) Error() string       { return "an error" }
func (s sorted) FailureKind() string { return string(s) }

func TestFailuresAreSorted(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("x"), "other"},
		{sorted("timeout"), "timeout"},
		{fmt.Errorf("wrapped: %w", sorted("rate limit")), "rate limit"},
		{sorted(""), "other"},
	} {
		if got := debate.FailureKind(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}

func TestPanicOfTheReceiverLeavesNoGoroutine(t *testing.T) {
	for _, sparse := range []bool{false, true} {
		for _, at := range []func(debate.Event) bool{
			func(ev debate.Event) bool { _, ok := ev.(debate.In); return ok },
			func(ev debate.Event) bool { _, ok := ev.(debate.Recorded); return ok },
		} {
			synctest.Test(t, func(t *testing.T) { // ends only when no goroutine is left
				defer func() {
					if p := recover(); p != "no room on the screen" {
						t.Errorf("recovered %v", p)
					}
				}()
				e := debate.Experiment{Items: items(40), Workers: 4, Sparse: sparse, Arms: []debate.Arm{
					{Name: "arm", Protocol: rounds(1), Team: failing(func(debate.Item) bool { return false })}}}
				e.Run(t.Context(), &memory{}, func(ev debate.Event) {
					if at(ev) {
						panic("no room on the screen")
					}
				})
			})
		}
	}
}

// TestAStoreThatFailsIsToldOfThoughTheRunWasStopped closes Stop while two debates are in flight whose records cannot be kept.
func TestAStoreThatFailsIsToldOfThoughTheRunWasStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		e := &debate.Experiment{Workers: 2, Items: items(6), Stop: stop, Arms: []debate.Arm{{
			Name: "slow", Protocol: rounds(0),
			Team: func(debate.Item, uint64) []debate.Agent { return []debate.Agent{after("a", time.Second)} },
		}}}
		go func() {
			time.Sleep(1500 * time.Millisecond)
			close(stop)
		}()
		if err := e.Run(t.Context(), &memory{failAfter: 2}, nil); !errors.Is(err, errDiskFull) {
			t.Errorf("error %v, want %v", err, errDiskFull)
		}
	})
}
