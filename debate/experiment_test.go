package debate_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/debate"
)

// items returns n questions with the key A.
func items(n int) []debate.Item {
	list := make([]debate.Item, n)
	for i := range list {
		list[i] = debate.Item{Question: debate.Question{ID: fmt.Sprintf("set/%d", i)}, Key: "A"}
	}
	return list
}

// lucky returns agents that draw their answers, and how long they think, from the seed of the case.
func lucky(item debate.Item, seed uint64) []debate.Agent {
	team := make([]debate.Agent, 3)
	for i := range team {
		name := string(rune('a' + i))
		rng := debate.NewRand(seed, name)
		team[i] = fake{name, func(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
			turn.Say("hm")
			select {
			case <-time.After(time.Duration(rng.IntN(1000)) * time.Millisecond):
			case <-ctx.Done():
				return debate.Reply{}, ctx.Err()
			}
			if rng.IntN(10) == 0 {
				return debate.Reply{}, errors.New("bad luck")
			}
			answer := debate.Letter(rng.IntN(3))
			return debate.Reply{Text: fmt.Sprint(item.Question.ID, answer), Answer: answer, Confidence: debate.Sure(rng.Float64())}, nil
		}}
	}
	return team
}

// first returns a judge of one debate.
func first(debate.Item, uint64) []debate.Judge { return []debate.Judge{judge{name: "first"}} }

// failing returns teams that fail on the items for which bad says so.
func failing(bad func(item debate.Item) bool) func(debate.Item, uint64) []debate.Agent {
	return func(item debate.Item, _ uint64) []debate.Agent {
		if bad(item) {
			return []debate.Agent{answers("a", "fail")}
		}
		return []debate.Agent{answers("a", "A")}
	}
}

func TestWorkersDoNotMatter(t *testing.T) {
	var want []string
	var wantTold map[debate.Case]string
	for _, workers := range []int{1, 2, 8, 64} {
		synctest.Test(t, func(t *testing.T) {
			e := debate.Experiment{Name: "luck", Items: items(15), Repeats: 2, Workers: workers, Seed: 5, Arms: []debate.Arm{
				{Name: "abstain", Team: lucky, Protocol: rounds(2), Judges: first, OnFailure: debate.Abstain},
				{Name: "fail", Team: lucky, Protocol: rounds(1), Judges: first},
			}}
			store := &memory{}
			told := map[debate.Case]string{}
			err := e.Run(t.Context(), store, func(ev debate.Event) {
				switch ev := ev.(type) {
				case debate.In:
					if _, delta := ev.Event.(debate.Saying); !delta { // nothing is promised about their order
						told[ev.Case] += fmt.Sprintf("%T %s\n", ev.Event, encode(t, ev.Event))
					}
				case debate.Recorded:
					if !store.Has(ev.Record.Case) {
						t.Errorf("%s is told before it is stored", ev.Record.Case)
					}
					told[ev.Record.Case] += "recorded"
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			got := store.lines(t)
			if want == nil {
				want, wantTold = got, told
				if len(want) != 60 || !strings.Contains(strings.Join(want, ""), "bad luck") {
					t.Fatalf("%d records, or none with a failure: the test tests nothing", len(want))
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%d workers give other records than one", workers)
			}
			for c, events := range wantTold {
				if told[c] != events {
					t.Errorf("%d workers tell another story of %s:\n%s\nwant\n%s", workers, c, told[c], events)
				}
			}
		})
	}
}

func TestRecordHoldsTheDebate(t *testing.T) {
	e := debate.Experiment{Items: []debate.Item{{Question: debate.Question{ID: "set/q"}, Key: "B", Draw: 3}}, Seed: 9,
		Arms: []debate.Arm{{Name: "arm", Simulated: true, Protocol: rounds(0), Judges: first,
			Team: func(debate.Item, uint64) []debate.Agent { return []debate.Agent{answers("a", "A")} }}}}
	store := &memory{}
	if err := e.Run(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	c := debate.Case{Arm: "arm", Item: "set/q", Draw: 3}
	rec := store.records[c]
	if rec == nil {
		t.Fatalf("no record of %s in %v", c, store.records)
	}
	rec.Took = 0
	equal(t, "record", rec, debate.Record{Case: c, Key: "B", Simulated: true, Seed: c.Seed(9),
		Transcript: &debate.Transcript{Question: debate.Question{ID: "set/q"}, Agents: []string{"a"},
			Messages: []debate.Message{{From: "a", Reply: debate.Reply{Answer: "A"}}}},
		Verdicts: []debate.Verdict{{Judge: "first", Answer: "A"}}})
}

func TestCasesKeepTheArmsOfAQuestionTogether(t *testing.T) {
	e := debate.Experiment{Items: items(2), Repeats: 2, Arms: []debate.Arm{{Name: "x"}, {Name: "y"}}}
	e.Items[1].Draw = 1
	var got []string
	for c := range e.Cases() {
		got = append(got, c.String())
	}
	equal(t, "cases", got, []string{"x set/0", "y set/0", "x set/0 repeat 1", "y set/0 repeat 1",
		"x set/1 draw 1", "y set/1 draw 1", "x set/1 draw 1 repeat 1", "y set/1 draw 1 repeat 1"})
	for range e.Cases() {
		break // stopping early must not panic
	}
}

func TestResumeSkipsWhatIsStored(t *testing.T) {
	held := map[string]int{}
	e := debate.Experiment{Items: items(6), Workers: 1, Arms: []debate.Arm{{Name: "arm", Protocol: rounds(0),
		Team: func(item debate.Item, _ uint64) []debate.Agent {
			held[item.Question.ID]++ // one worker
			return []debate.Agent{answers("a", "A")}
		}}}}
	store := &memory{}
	for _, rec := range []debate.Record{
		{Case: debate.Case{Arm: "arm", Item: "set/1"}},
		{Case: debate.Case{Arm: "arm", Item: "set/2"}, Failed: "once"},
		{Case: debate.Case{Arm: "arm", Item: "set/3"}, Failed: "in a row", Again: true},
		{Case: debate.Case{Arm: "arm", Item: "set/4", Repeat: 1}},
		{Case: debate.Case{Arm: "other", Item: "set/5"}},
	} {
		store.Put(&rec)
	}
	for range 2 {
		if err := e.Run(t.Context(), store, nil); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "held", held, map[string]int{"set/0": 1, "set/3": 1, "set/4": 1, "set/5": 1})
	if store.again() != 0 {
		t.Error("a case that was debated again is still marked")
	}
}

func TestCancelLosesNothing(t *testing.T) {
	enough := errors.New("enough")
	synctest.Test(t, func(t *testing.T) {
		e := debate.Experiment{Items: items(40), Workers: 4, Seed: 1, Arms: []debate.Arm{{Name: "arm", Team: lucky, Protocol: rounds(2), Judges: first, OnFailure: debate.Abstain}}}
		whole := &memory{}
		if err := e.Run(t.Context(), whole, nil); err != nil {
			t.Fatal(err)
		}

		ctx, cancel := context.WithCancelCause(t.Context())
		store := &memory{}
		begun, recorded := map[debate.Case]bool{}, 0
		err := e.Run(ctx, store, func(ev debate.Event) {
			switch ev := ev.(type) {
			case debate.In:
				begun[ev.Case] = true
			case debate.Recorded:
				if recorded++; recorded == 10 {
					cancel(enough)
				}
			}
		})
		if err != enough {
			t.Errorf("the error is %v, want the cause of the cancel", err)
		}
		if recorded != len(store.records) || recorded < 10 || len(begun) <= recorded {
			t.Errorf("%d begun, %d told, %d stored: want 10 or a few more told, as many stored, and some in flight", len(begun), recorded, len(store.records))
		}
		for _, rec := range store.records {
			if strings.Contains(encode(t, rec), "cancel") {
				t.Errorf("an interrupted debate is recorded: %s", encode(t, rec))
			}
		}
		if err := e.Run(t.Context(), store, nil); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(store.lines(t), whole.lines(t)) {
			t.Error("a run that was interrupted and resumed has other records than one that was not")
		}
	})
}

func TestFullDiskStopsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := debate.Experiment{Items: items(40), Workers: 8, Arms: []debate.Arm{{Name: "arm", Team: lucky, Protocol: rounds(1), OnFailure: debate.Abstain}}}
		store := &memory{failAfter: 7}
		recorded := 0
		err := e.Run(t.Context(), store, func(ev debate.Event) {
			if _, ok := ev.(debate.Recorded); ok {
				recorded++
			}
		})
		if !errors.Is(err, errDiskFull) || !strings.Contains(err.Error(), "keep record of arm set/") {
			t.Errorf("the error is %v", err)
		}
		if recorded != 7 || store.puts != 8 {
			t.Errorf("%d told and %d tried to store, want 7 and 8", recorded, store.puts)
		}
	})
}

// batches is a store that takes several records at once, in a second, and fails from the batch after failAfter on, unless that is 0.
type batches struct {
	memory
	sizes     []int
	failAfter int
}

func (b *batches) PutAll(recs []*debate.Record) error {
	time.Sleep(time.Second)
	if b.sizes = append(b.sizes, len(recs)); b.failAfter > 0 && len(b.sizes) > b.failAfter {
		return errDiskFull
	}
	for _, rec := range recs {
		if err := b.Put(rec); err != nil {
			return err
		}
	}
	return nil
}

func TestRecordsThatWaitArePutTogether(t *testing.T) {
	good, bad := failing(func(debate.Item) bool { return false }), failing(func(debate.Item) bool { return true })
	for _, tt := range []struct {
		name      string
		team      func(debate.Item, uint64) []debate.Agent
		failAfter int
		most      int // batches
		size      int // of the largest
		err       error
	}{
		{"all is well", good, 0, 7, 8, nil},
		{"the disk is full", good, 2, 3, 8, errDiskFull},
		{"every debate fails", bad, 0, debate.FailuresInARow, 1, debate.ErrFailuresInARow}, // failures are put at once
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := debate.Experiment{Items: items(41), Workers: 8, Arms: []debate.Arm{{Name: "arm", Team: tt.team, Protocol: rounds(0)}}}
				store := &batches{failAfter: tt.failAfter}
				told := 0
				err := e.Run(t.Context(), store, func(ev debate.Event) {
					if ev, ok := ev.(debate.Recorded); ok {
						if told++; !store.kept(ev.Record.Case) {
							t.Errorf("%s is told before it is stored", ev.Record.Case)
						}
					}
				})
				if !errors.Is(err, tt.err) || told != len(store.records) {
					t.Errorf("error %v, %d told, %d stored", err, told, len(store.records))
				}
				// While one batch is put, each of the 8 workers ends a debate and stands in line with its record.
				if n := len(store.sizes); n > tt.most || slices.Max(store.sizes) != tt.size {
					t.Errorf("batches of %v", store.sizes)
				}
				if again := store.again(); tt.err == debate.ErrFailuresInARow && (again != told || again != debate.FailuresInARow) ||
					tt.err != debate.ErrFailuresInARow && again != 0 {
					t.Errorf("%d to be debated again of %d", again, told)
				}
			})
		})
	}
}

func TestNothingIsStoredAfterAFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		good := failing(func(debate.Item) bool { return false })
		e := debate.Experiment{Items: items(40), Workers: 8, Arms: []debate.Arm{{Name: "arm", Team: good, Protocol: rounds(0)}}}
		store := &memory{failAfter: 7, slow: time.Minute} // so that all workers stand in line with a record
		if err := e.Run(t.Context(), store, nil); !errors.Is(err, errDiskFull) {
			t.Errorf("the error is %v", err)
		}
		if store.puts != 8 {
			t.Errorf("%d tried to store, want 8", store.puts)
		}
	})
}

func TestFailuresInARowStopTheRun(t *testing.T) {
	const n = debate.FailuresInARow
	if n != 20 {
		t.Fatalf("the documented number is 20, not %d", n)
	}
	for _, tt := range []struct {
		name    string
		good    []int // the items that succeed
		items   int
		stored  int
		again   int
		stopped bool
	}{
		{"one less does not", nil, n - 1, n - 1, 0, false},
		{"all fail", nil, 3 * n, n, n, true},
		{"a success starts the count again", []int{n - 1}, 2*n - 1, 2*n - 1, 0, false},
		{"a success before them", []int{0, 5}, 3 * n, 6 + n, n, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := debate.Experiment{Items: items(tt.items), Workers: 1, Arms: []debate.Arm{{Name: "arm", Protocol: rounds(0),
				Team: failing(func(item debate.Item) bool {
					return !slices.ContainsFunc(tt.good, func(i int) bool { return item.Question.ID == fmt.Sprintf("set/%d", i) })
				})}}}
			store := &memory{}
			var told []*debate.Record
			err := e.Run(t.Context(), store, func(ev debate.Event) {
				if ev, ok := ev.(debate.Recorded); ok {
					told = append(told, ev.Record)
				}
			})
			if errors.Is(err, debate.ErrFailuresInARow) != tt.stopped || !tt.stopped && err != nil {
				t.Errorf("the error is %v", err)
			}
			if tt.stopped && !strings.HasSuffix(err.Error(), "round 0: agent a: the line is dead") {
				t.Errorf("the error does not say what failed: %v", err)
			}
			if len(store.records) != tt.stored || store.again() != tt.again {
				t.Errorf("%d records, %d to be debated again, want %d and %d", len(store.records), store.again(), tt.stored, tt.again)
			}
			if len(told) != tt.stored || slices.ContainsFunc(told, func(rec *debate.Record) bool { return rec.Again }) {
				t.Errorf("%d records told, want %d, none of them changed after it was told", len(told), tt.stored)
			}

			e.Arms[0].Team = failing(func(debate.Item) bool { return false }) // the server is up again
			if err := e.Run(t.Context(), store, nil); err != nil {
				t.Fatal(err)
			}
			if len(store.records) != tt.items || store.again() != 0 {
				t.Errorf("after the resume %d records, %d to be debated again", len(store.records), store.again())
			}
		})
	}
}

func TestExperimentRefuses(t *testing.T) {
	arm := debate.Arm{Name: "arm", Team: lucky, Protocol: rounds(0)}
	for _, tt := range []struct {
		e    debate.Experiment
		want string
	}{
		{debate.Experiment{Items: items(1)}, "experiment e: no arms"},
		{debate.Experiment{Arms: []debate.Arm{arm}}, "experiment e: no questions"},
		{debate.Experiment{Items: items(1), Arms: []debate.Arm{{Team: lucky, Protocol: rounds(0)}}}, "experiment e: an arm has no name"},
		{debate.Experiment{Items: items(1), Arms: []debate.Arm{arm, arm}}, `experiment e: two arms are named "arm"`},
		{debate.Experiment{Items: items(1), Arms: []debate.Arm{{Name: "arm", Protocol: rounds(0)}}}, "experiment e: arm arm has no team or no protocol"},
		{debate.Experiment{Items: items(1), Arms: []debate.Arm{{Name: "arm", Team: lucky}}}, "experiment e: arm arm has no team or no protocol"},
		{debate.Experiment{Items: append(items(2), items(1)...), Arms: []debate.Arm{arm}}, "experiment e: question set/0 is twice in draw 0"},
	} {
		tt.e.Name = "e"
		store := &memory{}
		if err := tt.e.Run(t.Context(), store, nil); fmt.Sprint(err) != tt.want || store.puts > 0 {
			t.Errorf("error %v after %d records, want %s", err, store.puts, tt.want)
		}
	}
	twice := append(items(1), items(1)...)
	twice[1].Draw = 1
	if err := (&debate.Experiment{Items: twice, Arms: []debate.Arm{arm}}).Run(t.Context(), &memory{}, nil); err != nil {
		t.Errorf("a question in two draws is refused: %v", err)
	}
}

func TestAPanicFailsTheDebateAlone(t *testing.T) {
	sound := failing(func(debate.Item) bool { return false })
	e := debate.Experiment{Items: items(3), Workers: 1, Arms: []debate.Arm{
		{Name: "protocol", Team: sound, Protocol: script(func(*debate.Transcript) []debate.Call { panic("no plan") })},
		{Name: "factory", Team: func(debate.Item, uint64) []debate.Agent { panic("no team") }, Protocol: rounds(0)},
		{Name: "sound", Team: sound, Protocol: rounds(0)},
	}}
	failed := map[string]string{}
	err := e.Run(t.Context(), &memory{}, func(ev debate.Event) {
		if r, ok := ev.(debate.Recorded); ok {
			failed[r.Record.Case.Arm] = r.Record.Failed
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "failures", failed, map[string]string{"protocol": "panic: no plan", "factory": "panic: no team", "sound": ""})
}
