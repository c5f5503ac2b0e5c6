package judges

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cheaptalk/debate"
)

// transcript builds a debate from one line an agent: answers by round, "?" unreadable, "!" failed, "A.8" with a confidence.
// From round 1 on everyone heard everyone else's message of the round before.
func transcript(t *testing.T, agents ...string) *debate.Transcript {
	t.Helper()
	tr := &debate.Transcript{}
	var cells [][]string
	for i, a := range agents {
		tr.Agents = append(tr.Agents, string(rune('a'+i)))
		cells = append(cells, strings.Fields(a))
	}
	for round := range cells[0] {
		before := slices.Clone(tr.Messages)
		for i := range agents {
			m := debate.Message{Seq: len(tr.Messages), Round: round, From: tr.Agents[i]}
			for _, p := range before {
				if p.Round == round-1 && p.From != m.From && p.Failed == "" {
					m.Heard = append(m.Heard, p.Seq)
				}
			}
			switch cell := cells[i][round]; cell {
			case "!":
				m.Failed = "gone"
			case "?":
			default:
				answer, confidence, stated := strings.Cut(cell, ".")
				m.Answer = debate.Answer(answer)
				if stated {
					p, err := strconv.ParseFloat("0."+confidence, 64)
					if err != nil {
						t.Fatal(err)
					}
					m.Confidence = debate.Sure(p)
				}
			}
			tr.Messages = append(tr.Messages, m)
		}
	}
	return tr
}

func decide(t *testing.T, j debate.Judge, tr *debate.Transcript) debate.Verdict {
	t.Helper()
	v, err := j.Decide(context.Background(), tr, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVotes(t *testing.T) {
	first := Ties{Rule: First}
	for _, c := range []struct {
		claim  string
		judge  debate.Judge
		agents []string
		want   debate.Answer
		tied   bool
	}{
		{"the most votes win", Plurality{}, []string{"A", "B", "B"}, "B", false},
		{"the last answers count", Plurality{}, []string{"A B", "A B", "A A"}, "B", false},
		{"the first answers count", Round0{}, []string{"A B", "A B", "A A"}, "A", false},
		{"an unreadable answer is no vote", Plurality{}, []string{"?", "?", "C"}, "C", false},
		{"nothing readable decides nothing", Plurality{}, []string{"?", "?"}, "", false},
		{"a failed turn carries the answer forward", Plurality{}, []string{"A !", "B B", "A A"}, "A", false},
		{"an unreadable turn does not", Plurality{}, []string{"A ?", "B B", "A B"}, "B", false},
		{"a tie to the first in team order", Plurality{first}, []string{"C", "B", "A"}, "C", true},
		{"the first of the tied, not the first of all", Plurality{first}, []string{"D", "B", "A", "A", "B"}, "B", true},
		{"a tie decides nothing", Plurality{Ties{Rule: Abstain}}, []string{"C", "B"}, "", true},
		{"one against one of lesser confidence", ConfidenceWeighted{}, []string{"A.95", "B.7"}, "A", false},
		{"two doubters against one who is sure", ConfidenceWeighted{}, []string{"A.5", "A.5", "B.95"}, "B", false},
		{"unstated weighs as little as the least stated", ConfidenceWeighted{Ties: first}, []string{"B", "A.3"}, "B", true},
		{"steps make ties that the stated numbers do not", ConfidenceWeighted{first, debate.AsStated}, []string{"A.91", "B.95"}, "B", false},
		{"and here is that tie", ConfidenceWeighted{Ties: first}, []string{"A.91", "B.95"}, "A", true},
		{"three times .1 is .3", ConfidenceWeighted{Ties: first}, []string{"A.1", "A.1", "A.1", "B.7"}, "A", true},
	} {
		v := decide(t, c.judge, transcript(t, c.agents...))
		if v.Answer != c.want || v.Tied != c.tied {
			t.Errorf("%s: %s decides %q (tied %v) of %q, want %q (%v)", c.claim, c.judge.Name(), v.Answer, v.Tied, c.agents, c.want, c.tied)
		}
	}
}

func TestSeededTiesAreFairAndConsistent(t *testing.T) {
	two, three := transcript(t, "A", "B"), transcript(t, "A", "B", "C")
	count := map[debate.Answer]int{}
	for seed := range uint64(3000) {
		j := Plurality{Ties{Seed: seed}}
		v := decide(t, j, three)
		count[v.Answer]++
		if again := decide(t, j, three); again.Answer != v.Answer {
			t.Fatalf("seed %d decides %s, then %s", seed, v.Answer, again.Answer)
		}
		if fewer := decide(t, j, two); v.Answer != "C" && fewer.Answer != v.Answer {
			t.Fatalf("seed %d prefers %s of A B C, but %s of A B", seed, v.Answer, fewer.Answer)
		}
	}
	for _, a := range []debate.Answer{"A", "B", "C"} {
		if n := count[a]; n < 900 || n > 1100 { // 1000 ± 3.9 standard deviations
			t.Errorf("%s won %d of 3000 three-way ties", a, n)
		}
	}
}

// TestCondorcet checks the vote against Condorcet's theorem: five voters who are each right with probability 0.6 are right
// together with probability 0.68256.
func TestCondorcet(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const n = 200_000
	right := 0
	for range n {
		tr := &debate.Transcript{}
		for i := range 5 {
			a := debate.Answer("A")
			if rng.Float64() >= 0.6 {
				a = "B"
			}
			tr.Agents = append(tr.Agents, string(rune('a'+i)))
			tr.Messages = append(tr.Messages, debate.Message{Seq: i, From: tr.Agents[i], Reply: debate.Reply{Answer: a}})
		}
		if decide(t, Plurality{}, tr).Answer == "A" {
			right++
		}
	}
	if got := float64(right) / n; math.Abs(got-0.68256) > 0.0042 { // 4 standard errors
		t.Errorf("the vote is right with probability %.4f, want 0.6826", got)
	}
}

func TestTrajectoryScores(t *testing.T) {
	for _, c := range []struct {
		claim   string
		penalty float64
		agents  []string
		want    map[debate.Answer]float64
	}{
		{"a first answer earns 20", 0, []string{"A"}, map[debate.Answer]float64{"A": 20}},
		{"a kept one 20f more", 0, []string{"A A A"}, map[debate.Answer]float64{"A": 20 + 10 + 20.0/3}},
		{"a change takes 25f and gives 30f", 0, []string{"A B"}, map[debate.Answer]float64{"A": 20 - 12.5, "B": 15}},
		{"and back again", 0, []string{"A B A"}, map[debate.Answer]float64{"A": 20 - 12.5 + 10, "B": 15 - 25.0/3}},
		{"a change to the majority earns half", 0.5, []string{"A B", "B B", "B B"},
			map[debate.Answer]float64{"A": 20 - 12.5, "B": 2*30 + 7.5}},
		{"without a penalty it earns all", 0, []string{"A B", "B B", "B B"},
			map[debate.Answer]float64{"A": 20 - 12.5, "B": 2*30 + 15}},
		{"holding out earns half as much again", 0.5, []string{"A A", "B B", "B B"},
			map[debate.Answer]float64{"A": 20 + 15, "B": 2 * 30}},
		{"half of the peers are no majority", 0.5, []string{"A A", "B B", "C C"},
			map[debate.Answer]float64{"A": 30, "B": 30, "C": 30}},
		{"a change away from the majority earns all", 1, []string{"A C", "B B", "B B"},
			map[debate.Answer]float64{"A": 20 - 12.5, "C": 15, "B": 2 * 30}},
		{"a full penalty gives nothing for joining", 1, []string{"A B", "B B"},
			map[debate.Answer]float64{"A": 20 - 12.5, "B": 20 + 20}}, // b kept B against a majority of one
		{"unreadable neither earns nor takes", 0, []string{"A ? B"}, map[debate.Answer]float64{"A": 20 - 25.0/3, "B": 10}},
		{"a first answer in round 2 earns 20/3", 0, []string{"? ? A"}, map[debate.Answer]float64{"A": 20.0 / 3}},
		{"failed turns are passed over", 0, []string{"A ! A"}, map[debate.Answer]float64{"A": 20 + 20.0/3}},
		{"an unreadable peer is still a peer", 0.5, []string{"A B", "B B", "? ?"},
			map[debate.Answer]float64{"A": 20 - 12.5, "B": 20 + 10 + 15}},
	} {
		got := Trajectory{Penalty: c.penalty}.scores(transcript(t, c.agents...))
		if !maps.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
			t.Errorf("%s: %q scores %v, want %v", c.claim, c.agents, got, c.want)
		}
	}
}

// freemad is the score of the freemad code written as a reader of its description would: contributions listed, then summed.
func freemad(histories [][]debate.Answer) map[debate.Answer]float64 {
	scores := map[debate.Answer]float64{}
	for _, h := range histories {
		for r, a := range h {
			f := 1 / float64(r+1)
			if r == 0 {
				scores[a] += 20 * f
			} else if h[r-1] == a {
				scores[a] += 20 * f
			} else {
				scores[h[r-1]] -= 25 * f
				scores[a] += 30 * f
			}
		}
	}
	return scores
}

func TestTrajectoryWithoutPenaltyIsFreemad(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		agents, rounds := 1+rng.IntN(4), 1+rng.IntN(4)
		histories, lines := make([][]debate.Answer, agents), make([]string, agents)
		for i := range agents {
			for range rounds {
				a := debate.Letter(rng.IntN(4))
				histories[i] = append(histories[i], a)
				lines[i] += string(a) + " "
			}
		}
		got, want := Trajectory{}.scores(transcript(t, lines...)), freemad(histories)
		if !maps.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
			t.Fatalf("%q scores %v, want %v", lines, got, want)
		}
	}
}

// echo is an agent that answers with the last answer that it heard.
type echo struct{ err error }

func (echo) Name() string { return "echo" }

func (e echo) Reply(_ context.Context, turn debate.Turn) (debate.Reply, error) {
	if e.err != nil {
		return debate.Reply{}, e.err
	}
	var text strings.Builder
	for _, m := range turn.Heard {
		fmt.Fprintf(&text, "%s%d=%s ", m.From, m.Round, m.Answer)
	}
	turn.Say("hm")
	return debate.Reply{Text: text.String(), Answer: turn.Heard[len(turn.Heard)-1].Answer, Usage: debate.Usage{Calls: 1}}, nil
}

func TestASpeakerHearsEveryonesLastReply(t *testing.T) {
	tr := transcript(t, "A B", "C !", "D D")
	said := ""
	j := Speaker{Agent: echo{}, Brief: debate.Brief{Task: debate.Aggregate}}
	v, err := j.Decide(context.Background(), tr, func(delta string) { said += delta })
	if err != nil {
		t.Fatal(err)
	}
	if v.Answer != "D" || v.Reply.Text != "a1=B b0=C d1=D " && v.Reply.Text != "a1=B b0=C c1=D " || said != "hm" || v.Usage.Calls != 1 {
		t.Errorf("verdict %+v, reply %+v, said %q", v, v.Reply, said)
	}
	if want := []int{3, 1, 5}; !slices.Equal(v.Reply.Heard, want) || v.Reply.Round != 2 || v.Reply.Seq != 6 {
		t.Errorf("the reply heard %v in round %d as message %d, want %v, 2, 6", v.Reply.Heard, v.Reply.Round, v.Reply.Seq, want)
	}
	gone := errors.New("gone")
	if _, err := (Speaker{Agent: echo{err: gone}}).Decide(context.Background(), tr, func(string) {}); !errors.Is(err, gone) {
		t.Errorf("error %v, want %v", err, gone)
	}
}

func TestNamedJudges(t *testing.T) {
	j := Named{Plurality{Ties{Rule: First}}, "plurality, ties to the first"}
	if v := decide(t, j, transcript(t, "B", "A")); j.Name() != "plurality, ties to the first" || v.Answer != "B" {
		t.Errorf("%s decides %s", j.Name(), v.Answer)
	}
}
