package debate_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/debate"
)

// TestNobodyIsAskedBeforeARoundIsTold has a receiver that takes an hour over each round, of several debates at once.
func TestNobodyIsAskedBeforeARoundIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		x := debate.Experiment{Workers: 1, Arms: []debate.Arm{{Name: "a", Protocol: twoRounds{}, Team: func(debate.Item, uint64) []debate.Agent {
			return []debate.Agent{counted{&asked}}
		}}}, Items: []debate.Item{{Question: debate.Question{ID: "q/1"}}, {Question: debate.Question{ID: "q/2"}}}}
		rounds := int32(0)
		err := x.Run(t.Context(), forgetful{}, func(ev debate.Event) {
			in, ok := ev.(debate.In)
			if !ok {
				return
			}
			if _, ok := in.Event.(debate.RoundStarted); ok {
				time.Sleep(time.Hour)
				if got := asked.Load(); got != rounds {
					t.Errorf("%d were asked before round %d was told", got, rounds)
				}
				rounds++
			}
		})
		if err != nil || rounds != 4 || asked.Load() != 4 {
			t.Errorf("%d rounds, %d asked, %v", rounds, asked.Load(), err)
		}
	})
}

type twoRounds struct{}

func (twoRounds) Name() string { return "two rounds" }

func (twoRounds) Next(t *debate.Transcript) []debate.Call {
	if len(t.Messages) == 2 {
		return nil
	}
	return []debate.Call{{}}
}

type counted struct{ asked *atomic.Int32 }

func (counted) Name() string { return "a" }

func (c counted) Reply(context.Context, debate.Turn) (debate.Reply, error) {
	c.asked.Add(1)
	return debate.Reply{}, nil
}

type forgetful struct{}

func (forgetful) Has(debate.Case) bool { return false }

func (forgetful) Put(*debate.Record) error { return nil }
