package verdicts_test

import (
	"fmt"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports"
)

// decided is a debate of three agents whose last answers are those letters and whose aggregator says so. The key is A.
func decided(n int, answers, says string) *debate.Record {
	t := &debate.Transcript{}
	for i, letter := range answers {
		name := fmt.Sprint("agent ", i)
		t.Agents = append(t.Agents, name)
		t.Messages = append(t.Messages, debate.Message{Seq: i, From: name, Reply: debate.Reply{Answer: debate.Answer(letter)}})
	}
	reply := &debate.Message{Seq: len(answers), Round: 1, From: "chair", Reply: debate.Reply{Answer: debate.Answer(says)}}
	return &debate.Record{Case: debate.Case{Arm: "x", Item: fmt.Sprint("q/", n)}, Key: "A", Transcript: t,
		Verdicts: []debate.Verdict{{Judge: "plurality", Answer: "A"}, {Judge: "AggLM", Answer: debate.Answer(says), Reply: reply}}}
}

func TestSixOutcomesOfAnAggregator(t *testing.T) {
	cases := []struct{ answers, says string }{
		{"AAB", "A"}, {"AAB", "A"}, // kept
		{"ABB", "A"},              // recovered
		{"BBC", "A"},              // synthesised
		{"AAB", "B"}, {"AAA", ""}, // broken; an answer that cannot be read breaks it too
		{"ABB", "B"}, {"ABB", "C"}, // missed
		{"BBC", "B"}, // none
	}
	r, err := reports.Analyze(func(yield func(*debate.Record, error) bool) {
		for i, c := range cases {
			if !yield(decided(i, c.answers, c.says), nil) {
				return
			}
		}
	}, reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	judges := r.Overall.Arms[0].Judges
	if judges[1].Aggregation != nil || judges[1].Name != "plurality" {
		t.Errorf("a vote is taken for an aggregator: %+v", judges[1])
	}
	g := judges[0].Aggregation
	if g == nil {
		t.Fatal("the aggregator is not seen")
	}
	got := [...]int{g.N, g.Kept, g.Recovered, g.Synthesised, g.Broken, g.Missed, g.None}
	if want := [...]int{9, 2, 1, 1, 2, 2, 1}; got != want {
		t.Errorf("outcomes %v, want %v", got, want)
	}
	// It is right in 4 of 9, the vote in 4 of 9, and the oracle in 7.
	if g.Gain.B != 2 || g.Gain.C != 2 || g.GapClosed != 0 {
		t.Errorf("gain %+v, gap closed %v", g.Gain, g.GapClosed)
	}
	if g.Recovery.K != 1 || g.Recovery.N != 3 || g.Breakage.K != 2 || g.Breakage.N != 4 || g.Synthesis.K != 1 || g.Synthesis.N != 2 {
		t.Errorf("rates %+v %+v %+v", g.Recovery, g.Breakage, g.Synthesis)
	}
}
