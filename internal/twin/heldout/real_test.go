package heldout

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"

	"cheaptalk/agents/recorded"
	"cheaptalk/debate"
	"cheaptalk/internal/race"
	"cheaptalk/internal/realdata"
	"cheaptalk/internal/twin/steps"
)

// dylan returns the real debates of DyLAN, as one agent: they are all of gpt-3.5-turbo.
func dylan(t *testing.T) *steps.Data {
	t.Helper()
	race.SkipPure(t)
	path := realdata.Path(t, "recorded", "debates_dylan_mmlu.jsonl.gz")
	rec, err := recorded.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := steps.Read(replayed(t, rec))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pool("gpt-3.5-turbo")
}

// replayed holds the recorded debates, in the order of their IDs as a run has them.
func replayed(t *testing.T, rec *recorded.Recording) iter.Seq2[*debate.Record, error] {
	items := slices.SortedFunc(slices.Values(rec.Items), func(a, b debate.Item) int { return strings.Compare(a.Question.ID, b.Question.ID) })
	team := rec.Team(nil)
	return func(yield func(*debate.Record, error) bool) {
		for _, item := range items {
			b := debate.Debate{Question: item.Question, Team: team(item, 0), Protocol: recorded.Protocol{Recording: rec}}
			tr, _, err := b.Run(context.Background(), nil)
			if !yield(&debate.Record{Case: debate.Case{Item: item.Question.ID}, Key: item.Key, Transcript: tr}, err) || err != nil {
				return
			}
		}
	}
}

// The twin of a real agent predicts choices on questions that it was not fitted to better than every rule, with intervals that keep off 0. It does
// too when it is told a random letter in place of the key, so that it knows no more than the rules do, but less well.
func TestTwinOfARealAgentPredictsBest(t *testing.T) {
	d := dylan(t)
	var losses []float64
	for _, c := range []struct {
		name string
		data *steps.Data
	}{{"with the key", d}, {"without the key", d.Blind(1)}} {
		s, err := Halves(context.Background(), c.data, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range s.Rules {
			t.Logf("%s: %-30s %.4f, %+.4f [%+.4f, %+.4f]", c.name, r.Name, r.LogLoss, r.Excess, r.Low, r.High)
			if r.Name != TwinName && r.Low <= 0 {
				t.Errorf("%s: %s is not worse: %+.4f [%+.4f, %+.4f]", c.name, r.Name, r.Excess, r.Low, r.High)
			}
		}
		if got := ECE(s.Keep); got > 0.03 {
			t.Errorf("%s: the probability of keeping is off by %.3f", c.name, got)
		}
		losses = append(losses, s.Rules[0].LogLoss)
	}
	if losses[1] < losses[0] {
		t.Errorf("the key does not help: log loss %.4f with it, %.4f without", losses[0], losses[1])
	}
}
