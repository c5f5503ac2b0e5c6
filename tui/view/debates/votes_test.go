package debates

import (
	"math"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/tui"
	"cheaptalk/tui/ink"
)

func TestEntropyAndConsensus(t *testing.T) {
	for _, c := range []struct {
		tally              map[debate.Answer]float64
		entropy, consensus float64
	}{
		{map[debate.Answer]float64{"A": 5}, 0, 1},
		{map[debate.Answer]float64{"A": 1, "B": 1}, math.Ln2, .5},
		{map[debate.Answer]float64{"A": 1, "B": 1, "C": 1, "D": 1}, 2 * math.Ln2, .25},
		{map[debate.Answer]float64{"A": 2, "B": 1}, math.Log(3) - 2*math.Ln2/3, 2. / 3},
	} {
		if got := entropy(c.tally); math.Abs(got-c.entropy) > 1e-12 {
			t.Errorf("the entropy of %v is %v, want %v", c.tally, got, c.entropy)
		}
		if got := consensus(c.tally); got != c.consensus {
			t.Errorf("the consensus of %v is %v, want %v", c.tally, got, c.consensus)
		}
	}
}

// TestVotesLeaveNoAnswerOut writes the vote of many agents with different answers in less and less room.
func TestVotesLeaveNoAnswerOut(t *testing.T) {
	tr := &debate.Transcript{Question: debate.Question{Kind: debate.Number}}
	for i, a := range []debate.Answer{"1", "22", "22", "333", "-0.5"} {
		m := debate.Message{Seq: i, From: string(rune('a' + i))}
		m.Answer, m.Confidence = a, debate.Sure(.5)
		tr.Agents, tr.Messages = append(tr.Agents, m.From), append(tr.Messages, m)
	}
	p := ink.NewPalette(ink.Terminal{})
	sc := newScene(&tui.Debate{Transcript: tr}, false, p)
	for _, cells := range []int{150, 100, 76, 60} {
		words := p.Fit(sc.votes(cells, 2)[0], cells)
		for _, want := range []string{"22 ", "1 ", "333 ", "-0.5 "} {
			if !strings.Contains(words, want) {
				t.Errorf("in %d cells %q lacks %q", cells, words, want)
			}
		}
	}
}

// TestAVoteIsEquallyLongInAllRounds that have room for bars, whatever room the answers of another take.
func TestAVoteIsEquallyLongInAllRounds(t *testing.T) {
	tr := &debate.Transcript{Question: debate.Question{Kind: debate.Number}, Agents: []string{"a", "b", "c"}}
	for i, answer := range []debate.Answer{"1000000", "2000000", "3000000", "7", "7", "7"} {
		m := debate.Message{Seq: i, Round: i / 3, From: tr.Agents[i%3]}
		m.Answer, m.Confidence = answer, debate.Sure(.5)
		tr.Messages = append(tr.Messages, m)
	}
	p := ink.NewPalette(ink.Terminal{})
	sc := newScene(&tui.Debate{Transcript: tr}, false, p)
	for cells := 56; cells <= 200; cells += 8 {
		lines := sc.votes(cells, 2)
		first, second := strings.Count(p.Fit(lines[0], cells), "▇"), strings.Count(p.Fit(lines[1], cells), "▇")
		if first > 0 && first != second { // three votes each
			t.Errorf("in %d cells three votes are %d and %d long", cells, first, second)
		}
	}
}

func TestFatesHaveTheirSigns(t *testing.T) {
	tr := &debate.Transcript{Agents: []string{"a"}}
	for i, a := range []debate.Answer{"C", "C", "B", "D", "D", "C", "", "C"} {
		m := debate.Message{Seq: i, Round: i, From: "a"}
		m.Answer = a
		tr.Messages = append(tr.Messages, m)
	}
	sc := newScene(&tui.Debate{Transcript: tr, Key: "C"}, false, ink.NewPalette(ink.Terminal{}))
	blind := newScene(&tui.Debate{Transcript: tr, Key: "C"}, true, ink.NewPalette(ink.Terminal{}))
	for i, want := range []string{"●", "●", "▼", "◌", "○", "▲", "?", "●"} {
		if got, _, word := sc.sign(tr.Messages[i]); got != want {
			t.Errorf("round %d has %s (%s), want %s", i, got, word, want)
		}
		if want != "?" {
			want = ""
		}
		if got, _, _ := blind.sign(tr.Messages[i]); got != want {
			t.Errorf("with the key hidden round %d has %q, want %q", i, got, want)
		}
	}
}

// TestOnlyStatedConfidenceIsSummed: beside an answer for which nobody stated one there is none.
func TestOnlyStatedConfidenceIsSummed(t *testing.T) {
	tr := &debate.Transcript{Question: debate.Question{Kind: debate.Number}, Agents: []string{"ann", "bob"}}
	tr.Messages = []debate.Message{{From: "ann"}, {Seq: 1, From: "bob"}}
	tr.Messages[0].Answer, tr.Messages[0].Confidence = "4", debate.Sure(.8)
	tr.Messages[1].Answer = "7"
	p := ink.NewPalette(ink.Terminal{})
	words := p.Fit(newScene(&tui.Debate{Transcript: tr}, false, p).votes(100, 1)[0], 100)
	if !strings.Contains(words, "(.80)") || strings.Contains(words, "(.00)") {
		t.Errorf("%q", words)
	}
}
