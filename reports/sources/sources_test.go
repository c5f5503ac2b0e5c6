package sources_test

import (
	"math"
	"slices"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports/sources"
)

// said is a reply to a question whose key is A; a negative confidence was not measured.
func said(answer debate.Answer, stated, logprob, samples float64) debate.Message {
	of := func(p float64) debate.Confidence {
		if p < 0 {
			return debate.Confidence{}
		}
		return debate.Sure(p)
	}
	return debate.Message{Reply: debate.Reply{Answer: answer, Sources: debate.Sources{Stated: of(stated), Logprob: of(logprob), Samples: of(samples)}}}
}

func record(arm, item string, messages ...debate.Message) *debate.Record {
	return &debate.Record{Case: debate.Case{Arm: arm, Item: item}, Key: "A", Transcript: &debate.Transcript{Messages: messages}}
}

func TestSourcesAreComparedOnTheSameReplies(t *testing.T) {
	failed := record("two", "x/9", said("A", 1, 1, -1))
	failed.Failed = "no server"
	left := said("A", 1, 1, -1)
	left.Failed = "no server"
	records := []*debate.Record{
		record("two", "x/1", said("A", .9, .75, -1), said("B", .9, .25, -1), said("", .1, .1, -1)), // the last cannot be read
		record("two", "x/2", said("A", .5, -1, -1), said("C", -1, .4, -1), said("B", -1, -1, -1), left),
		failed,
		record("one", "x/1", said("A", .9, -1, -1)),
		record("none", "x/1", said("A", -1, -1, -1)),
		record("apart", "x/1", said("A", .9, -1, -1), said("B", -1, -1, .5)),
		{Case: debate.Case{Arm: "two", Item: "x/3"}, Key: "A"},
	}
	for range 2 {
		var tally sources.Tally
		for _, rec := range records {
			tally.Add(rec)
		}
		got := tally.Fares("two", .95)
		if len(got) != 2 {
			t.Fatalf("%+v", got)
		}
		for i, want := range []struct {
			source           string
			measured, n      int
			mean, ece, brier float64
			area             float64
		}{
			// Of A at .9 and B at .9: |1 - 1.8|/2, (.01 + .81)/2. Of A at .75 and B at .25: (.25 + .25)/2, (.0625 + .0625)/2.
			{"stated", 3, 2, .9, .4, .41, .5},
			{"logprob", 3, 2, .5, .25, .0625, 1},
		} {
			f := got[i]
			c := f.Confidence
			if f.Arm != "two" || f.Source != want.source || f.Measured != want.measured || c.N != want.n || c.Accuracy != .5 ||
				math.Abs(c.Mean-want.mean) > 1e-12 || math.Abs(c.ECE-want.ece) > 1e-12 || math.Abs(c.Brier-want.brier) > 1e-12 ||
				f.Area.Right != 1 || f.Area.Wrong != 1 || f.Area.Value != want.area {
				t.Errorf("got %+v, want %+v", f, want)
			}
		}
		for _, arm := range []string{"one", "none", "nobody"} {
			if got := tally.Fares(arm, .95); got != nil {
				t.Errorf("%s: %+v", arm, got)
			}
		}
		apart := tally.Fares("apart", .95) // no reply has both
		if len(apart) != 2 || apart[0].Measured != 1 || apart[0].Confidence.N != 0 || apart[1].Source != "samples" || apart[1].Measured != 1 {
			t.Errorf("apart: %+v", apart)
		}
		slices.Reverse(records)
	}
}
