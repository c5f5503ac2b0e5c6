package debate_test

import (
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/debate"
)

// TestASparseExperimentTellsBeginningsAndRecords: the records are those of an experiment that tells everything, each debate tells that it begins before
// it is recorded, and nothing else is told.
func TestASparseExperimentTellsBeginningsAndRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := func(sparse bool) (*memory, map[debate.Case]string) {
			e := debate.Experiment{Name: "luck", Items: items(15), Workers: 3, Seed: 5, Sparse: sparse, Arms: []debate.Arm{
				{Name: "abstain", Team: lucky, Protocol: rounds(2), Judges: first, OnFailure: debate.Abstain}}}
			store, told := &memory{slow: time.Second}, map[debate.Case]string{}
			err := e.Run(t.Context(), store, func(ev debate.Event) {
				switch ev := ev.(type) {
				case debate.In:
					if _, begins := ev.Event.(debate.RoundStarted); begins {
						told[ev.Case] += "round "
					} else {
						told[ev.Case] += "more "
					}
				case debate.Recorded:
					told[ev.Record.Case] += "recorded"
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			return store, told
		}
		full, _ := hold(false)
		sparse, told := hold(true)
		for c, what := range told {
			if what != "round recorded" {
				t.Errorf("%s tells %q", c, what)
			}
		}
		if len(told) != len(full.records) || len(told) == 0 {
			t.Errorf("%d debates tell something, of %d", len(told), len(full.records))
		}
		equal(t, "records", sparse.lines(t), full.lines(t))
	})
}
