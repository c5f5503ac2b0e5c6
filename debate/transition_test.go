package debate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"cheaptalk/debate"
)

// unshown marks messages as left out of a prompt.
func unshown(m debate.Message, seqs ...int) debate.Message {
	m.Unshown = seqs
	return m
}

// The key is A everywhere. A transition is written "agent before>after fate peers/agreeing", with "!" when adopted.
func TestTransitions(t *testing.T) {
	for _, tt := range []struct {
		name       string
		transcript *debate.Transcript
		want       []string
	}{
		{"round 0 alone has none", transcript(said(0, "alice", "A"), said(0, "bob", "B"), said(0, "carol", "C")), nil},
		{"every fate of readable answers", transcript(
			said(0, "alice", "A"), said(0, "bob", "A"), said(0, "carol", "B"),
			heard(said(1, "alice", "A"), 1, 2), heard(said(1, "bob", "B"), 0, 2), heard(said(1, "carol", "A"), 0, 1),
			heard(said(2, "bob", "B"), 3, 5), heard(said(2, "carol", "C"), 3, 4), heard(said(3, "carol", "D"), 6, 3),
		), []string{
			"alice 1 A>A held right 2/1", "bob 1 A>B corrupted 2/1!", "carol 1 B>A corrected 2/0!",
			"bob 2 B>B stuck wrong 2/0", "carol 2 A>C corrupted 2/1", "carol 3 C>D moved wrong 2/0",
		}},
		{"unreadable in and out", transcript(
			said(0, "alice", ""), said(0, "bob", "A"), said(0, "carol", "B"),
			heard(said(1, "alice", "A"), 1, 2), heard(said(1, "bob", ""), 0, 2), heard(said(1, "carol", ""), 0, 1),
			heard(said(2, "carol", ""), 4),
		), []string{
			"alice 1 >A unreadable 2/0!", "bob 1 A> unreadable 2/0", "carol 1 B> unreadable 2/0",
			"carol 2 > unreadable 1/0", // two unreadable answers do not agree with each other
		}},
		{"a failed turn is a gap", transcript(
			said(0, "alice", "A"), said(0, "bob", "B"), said(0, "carol", "fail"),
			said(1, "alice", "fail"), heard(said(1, "bob", "A"), 0), heard(said(1, "carol", "A"), 0, 1),
			heard(said(2, "alice", "B"), 4, 5),
		), []string{"bob 1 B>A corrected 1/0!", "alice 2 A>B corrupted 2/2"}},
		{"an agent that is not asked is carried forward without a transition", transcript(
			said(0, "alice", "A"), said(0, "bob", "B"), said(0, "carol", "C"),
			heard(said(1, "alice", "A"), 1), heard(said(3, "bob", "C"), 2, 3),
		), []string{"alice 1 A>A held right 1/0", "bob 3 B>C moved wrong 2/0!"}},
		{"the own reply is no peer", transcript(
			said(0, "alice", "B"), said(0, "bob", "B"), heard(said(1, "alice", "B"), 0, 1), said(1, "bob", "A"),
		), []string{"alice 1 B>B stuck wrong 1/1", "bob 1 B>A corrected 0/0"}},
		{"a message that was not shown is not heard", transcript(
			said(0, "alice", "A"), said(0, "bob", "B"), said(0, "carol", "A"), unshown(heard(said(1, "alice", "B"), 1, 2), 1, 7),
		), []string{"alice 1 A>B corrupted 1/1"}},
		{"an answer that is kept is not adopted", transcript(
			said(0, "alice", "A"), said(0, "bob", "A"), heard(said(1, "alice", "A"), 1),
		), []string{"alice 1 A>A held right 1/1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, tr := range debate.Transitions(tt.transcript, "A") {
				adopted := ""
				if tr.Adopted {
					adopted = "!"
				}
				got = append(got, fmt.Sprintf("%s %d %s>%s %s %d/%d%s", tt.transcript.Agents[tr.Agent], tr.Round, tr.Before, tr.After,
					tr.Fate(), tr.Peers, tr.Agreeing, adopted))
				if m := tt.transcript.Messages[tr.Seq]; m.Answer != tr.After || m.Round != tr.Round || m.From != tt.transcript.Agents[tr.Agent] {
					t.Errorf("transition %+v does not end in message %+v", tr, m)
				}
			}
			equal(t, "transitions", got, tt.want)
		})
	}
}

// twin counts the fates of a debate in the most obvious way: agent by agent, over its replies.
func twin(tr *debate.Transcript, key debate.Answer) (fates map[debate.Fate]int) {
	fates = map[debate.Fate]int{}
	for _, agent := range tr.Agents {
		var replies []debate.Answer
		for _, m := range tr.Messages {
			if m.From == agent && m.Failed == "" {
				replies = append(replies, m.Answer)
			}
		}
		for i := 1; i < len(replies); i++ {
			before, after := replies[i-1], replies[i]
			switch {
			case before == "" || after == "":
				fates[debate.Unread]++
			case before == key && after == key:
				fates[debate.HeldRight]++
			case before == key:
				fates[debate.Corrupted]++
			case after == key:
				fates[debate.Corrected]++
			case before == after:
				fates[debate.StuckWrong]++
			default:
				fates[debate.MovedWrong]++
			}
		}
	}
	return fates
}

func TestTransitionsAgreeWithADumbTwin(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	alphabet := []debate.Answer{"A", "A", "B", "C", "", "fail"}
	var pooled debate.Matrix
	total := map[debate.Fate]int{}
	for range 2000 {
		var messages []debate.Message
		for round := range 1 + rng.IntN(4) {
			for _, i := range rng.Perm(3)[:1+rng.IntN(3)] {
				m := said(round, []string{"alice", "bob", "carol"}[i], alphabet[rng.IntN(len(alphabet))])
				for seq := range messages {
					if messages[seq].Round < round && rng.IntN(2) == 0 {
						m.Heard = append(m.Heard, seq)
					}
				}
				messages = append(messages, m)
			}
		}
		tr := transcript(messages...)
		var m debate.Matrix
		for _, one := range debate.Transitions(tr, "A") {
			m.Add(one)
			if one.Agreeing > one.Peers || one.Adopted && one.Before == one.After {
				t.Fatalf("impossible transition %+v", one)
			}
		}
		want := twin(tr, "A")
		n := 0
		for _, fate := range debate.Fates {
			if got := m.Of(fate); got != want[fate] {
				t.Fatalf("%d %s, want %d, in %s", got, fate, want[fate], encode(t, tr))
			}
			n += want[fate]
			total[fate] += want[fate]
		}
		if m.Total() != n {
			t.Fatalf("%d transitions, want %d", m.Total(), n)
		}
		pooled.Merge(m)
	}
	for _, fate := range debate.Fates {
		if pooled.Of(fate) != total[fate] || total[fate] == 0 {
			t.Errorf("pooled, %d %s, want %d and some", pooled.Of(fate), fate, total[fate])
		}
	}
}

func TestRevisionRatesCountTheUnreadableAsChances(t *testing.T) {
	var m debate.Matrix
	m.N[debate.Correct] = [3]int{debate.Unreadable: 3, debate.Correct: 5, debate.Incorrect: 2}
	m.N[debate.Incorrect] = [3]int{debate.Unreadable: 1, debate.Correct: 4, debate.Incorrect: 15}
	m.N[debate.Unreadable] = [3]int{debate.Unreadable: 7, debate.Correct: 8, debate.Incorrect: 9}
	m.Moved = 6
	for _, tt := range []struct {
		name string
		got  debate.Share
		k, n int
	}{
		{"harmful", m.Harmful(), 2, 10},
		{"beneficial", m.Beneficial(), 4, 20},
		{"lost", m.Lost(), 4, 30},
	} {
		if tt.got != (debate.Share{K: tt.k, N: tt.n}) {
			t.Errorf("%s is %+v, want %d of %d", tt.name, tt.got, tt.k, tt.n)
		}
	}
	for fate, want := range map[debate.Fate]int{debate.HeldRight: 5, debate.Corrected: 4, debate.Corrupted: 2, debate.StuckWrong: 9,
		debate.MovedWrong: 6, debate.Unread: 28} {
		if got := m.Of(fate); got != want {
			t.Errorf("%d %s, want %d", got, fate, want)
		}
	}
	if m.Total() != 54 {
		t.Errorf("%d in all, want 54", m.Total())
	}
	if got := m.Harmful().Plus(m.Beneficial()); got != (debate.Share{K: 6, N: 30}) || got.Rate() != 0.2 {
		t.Errorf("pooled share %+v, rate %v", got, got.Rate())
	}
	if got := (debate.Share{}).Rate(); got != 0 {
		t.Errorf("the rate without a chance is %v", got)
	}
}

func TestFatesHaveNamesAndSignsOfTheirOwn(t *testing.T) {
	var seen []string
	for _, fate := range debate.Fates {
		seen = append(seen, fate.String(), fate.Sign())
	}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 12 {
		t.Errorf("some share a name or sign: %q", seen)
	}
}

func TestUnreadableIsNeverRightNorWrong(t *testing.T) {
	for _, tt := range []struct {
		answer, key debate.Answer
		want        debate.State
	}{
		{"A", "A", debate.Correct}, {"B", "A", debate.Incorrect}, {"", "A", debate.Unreadable}, {"", "", debate.Unreadable}, {"A", "", debate.Incorrect},
	} {
		if got := debate.Grade(tt.answer, tt.key); got != tt.want {
			t.Errorf("Grade(%q, %q) = %s, want %s", tt.answer, tt.key, got, tt.want)
		}
	}
}
