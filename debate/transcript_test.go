package debate_test

import (
	"testing"

	"cheaptalk/debate"
)

// heard lets a message of a made-up transcript hear others.
func heard(m debate.Message, seqs ...int) debate.Message { m.Heard = seqs; return m }

// said is a message of a made-up transcript; the answer "fail" is a failed turn.
func said(round int, from string, answer debate.Answer) debate.Message {
	m := debate.Message{Round: round, From: from, Reply: debate.Reply{Answer: answer, Usage: debate.Usage{Calls: 1}}}
	if answer == "fail" {
		m.Reply, m.Failed = debate.Reply{}, "failed"
	}
	return m
}

// transcript numbers the messages of a debate of alice, bob and carol.
func transcript(messages ...debate.Message) *debate.Transcript {
	t := &debate.Transcript{Agents: []string{"alice", "bob", "carol"}}
	for i, m := range messages {
		m.Seq = i
		t.Messages = append(t.Messages, m)
	}
	return t
}

func TestAnswersAreCarriedForward(t *testing.T) {
	tr := transcript(
		said(0, "carol", "C"), said(0, "alice", "A"), said(0, "bob", "fail"),
		said(1, "alice", "fail"), said(1, "bob", "B"),
		said(2, "carol", ""), // a reply without a readable answer stands for its speaker
	)
	for _, tt := range []struct {
		round    int
		at       []int
		standing []int
		spoke    int
	}{
		{-1, []int{-1, -1, -1}, []int{}, 0},
		{0, []int{1, -1, 0}, []int{1, 0}, 3},
		{1, []int{1, 4, 0}, []int{1, 4, 0}, 2},
		{2, []int{1, 4, 5}, []int{1, 4, 5}, 1},
		{9, []int{1, 4, 5}, []int{1, 4, 5}, 0},
	} {
		equal(t, "At", tr.At(tt.round), tt.at)
		seqs := []int{}
		for _, m := range tr.Standing(tt.round) {
			seqs = append(seqs, m.Seq)
		}
		equal(t, "Standing", seqs, tt.standing)
		if got := tr.Spoke(tt.round); got != tt.spoke {
			t.Errorf("%d agents were asked in round %d, want %d", got, tt.round, tt.spoke)
		}
	}
	if got := tr.LastRound(); got != 2 {
		t.Errorf("the last round is %d", got)
	}
	if got := transcript().LastRound(); got != -1 {
		t.Errorf("the last round of an empty transcript is %d", got)
	}
	if got := tr.Usage().Calls; got != 4 {
		t.Errorf("%d calls, want 4", got)
	}
	var own []int
	for _, m := range tr.Own("alice") {
		own = append(own, m.Seq)
	}
	equal(t, "Own", own, []int{1})
	if tr.Speaker("carol") != 2 || tr.Speaker("dave") != -1 {
		t.Errorf("carol is %d, dave is %d", tr.Speaker("carol"), tr.Speaker("dave"))
	}
}
