package debate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/debate"
)

// run holds a debate in a bubble: the test fails when a goroutine of the debate is left over.
func run(t *testing.T, d debate.Debate) (tr *debate.Transcript, verdicts []debate.Verdict, events []debate.Event, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		tr, verdicts, err = d.Run(t.Context(), func(ev debate.Event) { events = append(events, ev) })
	})
	return tr, verdicts, events, err
}

func TestNobodyHearsTheSameRound(t *testing.T) {
	var turns []debate.Turn
	slow := after("slow", time.Hour)
	ask := func(name string) fake {
		return fake{name, func(_ context.Context, turn debate.Turn) (debate.Reply, error) {
			if name == "quick" {
				turns = append(turns, turn) // of one agent, so of one goroutine
			}
			return debate.Reply{Text: fmt.Sprintf("%s %d", name, turn.Round)}, nil
		}}
	}
	tr, _, _, err := run(t, debate.Debate{Team: []debate.Agent{ask("quick"), slow, ask("other")}, Protocol: rounds(2)})
	if err != nil {
		t.Fatal(err)
	}
	if len(turns) != 3 || len(tr.Messages) != 9 {
		t.Fatalf("%d turns of one agent and %d messages, want 3 and 9", len(turns), len(tr.Messages))
	}
	for r, turn := range turns {
		var heard []string
		for _, m := range turn.Heard {
			heard = append(heard, m.Text)
		}
		want := fmt.Sprintf("[slow %d other %d]", r-1, r-1)
		if r == 0 {
			want = "[]"
		}
		if got := fmt.Sprint(heard); turn.Round != r || got != want {
			t.Errorf("round %d: heard %s, want %s", turn.Round, got, want)
		}
	}
	for _, m := range tr.Messages {
		for _, seq := range m.Heard {
			if tr.Messages[seq].Round >= m.Round {
				t.Errorf("%s heard message %d of round %d in round %d", m.From, seq, tr.Messages[seq].Round, m.Round)
			}
		}
	}
}

func TestRepliesJoinInCallOrder(t *testing.T) {
	team := []debate.Agent{after("a", 3*time.Second), after("b", 1*time.Second), after("c", 2*time.Second)}
	backwards := script(func(t *debate.Transcript) []debate.Call {
		if t.LastRound() >= 0 {
			return nil
		}
		return []debate.Call{{Speaker: 2}, {Speaker: 0}, {Speaker: 1}}
	})
	tr, _, events, err := run(t, debate.Debate{Team: team, Protocol: backwards})
	if err != nil {
		t.Fatal(err)
	}
	var transcript, told []string
	for i, m := range tr.Messages {
		transcript = append(transcript, m.From)
		if m.Seq != i {
			t.Errorf("message %d has seq %d", i, m.Seq)
		}
	}
	for _, ev := range events {
		if said, ok := ev.(debate.Said); ok {
			told = append(told, said.Message.From)
		}
	}
	equal(t, "transcript", transcript, []string{"c", "a", "b"})
	equal(t, "events", told, []string{"c", "a", "b"})
}

func TestAgentsAnswerAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		team := []debate.Agent{after("a", 3*time.Second), after("b", 3*time.Second), after("c", 2*time.Second)}
		if _, _, err := (&debate.Debate{Team: team, Protocol: rounds(1)}).Run(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 6*time.Second {
			t.Errorf("two rounds took %v of fake time, want 6s", took)
		}
	})
}

func TestDeltasArriveBeforeSaid(t *testing.T) {
	speak := func(name string) fake {
		return fake{name, func(_ context.Context, turn debate.Turn) (debate.Reply, error) {
			words := []string{name, " says", " B"}
			for _, word := range words {
				turn.Say(word)
				time.Sleep(time.Millisecond)
			}
			return debate.Reply{Text: strings.Join(words, "")}, nil
		}}
	}
	_, _, events, err := run(t, debate.Debate{Team: []debate.Agent{speak("a"), speak("b"), speak("c")}, Protocol: rounds(1)})
	if err != nil {
		t.Fatal(err)
	}
	heard := map[string]string{}
	said := 0
	for _, ev := range events {
		switch ev := ev.(type) {
		case debate.Saying:
			heard[fmt.Sprint(ev.Speaker, ev.Round)] += ev.Delta
		case debate.Said:
			said++
			if got := heard[fmt.Sprint(ev.Message.From, ev.Message.Round)]; got != ev.Message.Text {
				t.Errorf("%s had said %q when it had said %q", ev.Message.From, got, ev.Message.Text)
			}
		}
	}
	if said != 6 {
		t.Errorf("%d messages, want 6", said)
	}
}

func TestEventsFrameTheRounds(t *testing.T) {
	_, _, events, err := run(t, debate.Debate{Team: []debate.Agent{answers("a", "A", "A")}, Protocol: rounds(1), Judges: []debate.Judge{judge{name: "first"}}})
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, ev := range events {
		kinds = append(kinds, strings.TrimPrefix(fmt.Sprintf("%T", ev), "debate."))
	}
	equal(t, "events", kinds, []string{"RoundStarted", "Said", "RoundStarted", "Said", "Decided"})
}

func TestCancelStopsActors(t *testing.T) {
	enough := errors.New("enough")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(90*time.Second, func() { cancel(enough) })
		chatter := fake{"chatter", func(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
			for ctx.Err() == nil {
				turn.Say("and ")
				time.Sleep(time.Second)
			}
			return debate.Reply{}, ctx.Err()
		}}
		first := script(func(t *debate.Transcript) []debate.Call {
			if t.LastRound() < 0 {
				return []debate.Call{{Speaker: 0}}
			}
			return []debate.Call{{Speaker: 0}, {Speaker: 1}, {Speaker: 2}}
		})
		d := debate.Debate{Team: []debate.Agent{after("a", time.Minute), after("b", time.Hour), chatter}, Protocol: first,
			Judges: []debate.Judge{judge{name: "never"}}, OnFailure: debate.Abstain}
		tr, verdicts, err := d.Run(ctx, nil)
		if err != enough {
			t.Errorf("the error is %v, want the cause of the cancel", err)
		}
		if len(tr.Messages) == 0 || tr.Messages[0].Text != "a 0" {
			t.Errorf("what was said before the cancel is lost: %+v", tr.Messages)
		}
		if len(verdicts) != 0 {
			t.Errorf("a judge decided an interrupted debate: %+v", verdicts)
		}
	})
}

func TestCancelledDebateDoesNotBegin(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	asked := fake{"a", func(context.Context, debate.Turn) (debate.Reply, error) {
		t.Error("an agent was asked")
		return debate.Reply{}, nil
	}}
	if _, _, err := (&debate.Debate{Team: []debate.Agent{asked}, Protocol: rounds(0)}).Run(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func TestPanicOfTheReceiverIsNotAHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer func() {
			if p := recover(); p != "no room on the screen" {
				t.Errorf("recovered %v", p)
			}
		}()
		d := debate.Debate{Team: []debate.Agent{after("a", time.Second), after("b", time.Minute)}, Protocol: rounds(0)}
		d.Run(t.Context(), func(ev debate.Event) {
			if _, ok := ev.(debate.Said); ok {
				panic("no room on the screen")
			}
		})
	})
}

func TestPanickingAgentIsAnError(t *testing.T) {
	wild := fake{"wild", func(context.Context, debate.Turn) (debate.Reply, error) { panic("boo") }}
	tr, _, _, err := run(t, debate.Debate{Team: []debate.Agent{answers("a", "A"), wild, answers("c", "C")}, Protocol: rounds(0)})
	if err == nil || err.Error() != "round 0: agent wild: panic: boo" {
		t.Errorf("the error is %v", err)
	}
	if len(tr.Messages) != 3 || tr.Messages[1].Failed != "panic: boo" || tr.Messages[2].Answer != "C" {
		t.Errorf("the others' replies are not kept: %+v", tr.Messages)
	}
}

func TestOnFailure(t *testing.T) {
	team := func(b ...debate.Answer) []debate.Agent {
		return []debate.Agent{answers("a", "A", "A", "A"), answers("b", b...), answers("c", "C", "C", "C")}
	}
	for _, tt := range []struct {
		name      string
		team      []debate.Agent
		onFailure debate.OnFailure
		messages  int
		err       string
	}{
		{"nobody fails", team("B", "B", "B"), debate.FailDebate, 9, ""},
		{"one failure fails the debate", team("B", "fail", "B"), debate.FailDebate, 6, "round 1: agent b: the line is dead"},
		{"one failure abstains", team("B", "fail", "B"), debate.Abstain, 9, ""},
		{"all failing fails", []debate.Agent{answers("a", "A", "fail", "A"), answers("b", "B", "fail", "B")}, debate.Abstain, 4,
			"round 1: agent a: the line is dead"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr, _, _, err := run(t, debate.Debate{Team: tt.team, Protocol: rounds(2), OnFailure: tt.onFailure})
			if got := fmt.Sprint(err); got != tt.err && !(err == nil && tt.err == "") {
				t.Errorf("the error is %q, want %q", got, tt.err)
			}
			if len(tr.Messages) != tt.messages {
				t.Errorf("%d messages, want %d", len(tr.Messages), tt.messages)
			}
		})
	}
}

func TestFailedTurnIsNotHeardNorOwn(t *testing.T) {
	var own, heard int
	b := fake{"b", func(_ context.Context, turn debate.Turn) (debate.Reply, error) {
		if turn.Round == 1 {
			return debate.Reply{Text: "lost"}, errors.New("cut")
		}
		own = len(turn.Own)
		return debate.Reply{Answer: "B"}, nil
	}}
	a := fake{"a", func(_ context.Context, turn debate.Turn) (debate.Reply, error) {
		heard = len(turn.Heard)
		return debate.Reply{Answer: "A"}, nil
	}}
	tr, _, _, err := run(t, debate.Debate{Team: []debate.Agent{a, b}, Protocol: rounds(2), OnFailure: debate.Abstain})
	if err != nil {
		t.Fatal(err)
	}
	if own != 1 || heard != 0 {
		t.Errorf("b has %d own replies in round 2 and a heard %d, want 1 and 0", own, heard)
	}
	if m := tr.Messages[3]; m.Failed != "cut" || m.Text != "" {
		t.Errorf("the failed turn is %+v", m)
	}
}

func TestTurnRemembersWhatWasHeardEarlier(t *testing.T) {
	var got []string
	a := fake{"a", func(_ context.Context, turn debate.Turn) (debate.Reply, error) {
		line := fmt.Sprint("round ", turn.Round, ":")
		for _, heard := range append(turn.Earlier, turn.Heard) { // must not reach into the room's memory
			for _, m := range heard {
				line += fmt.Sprint(" ", m.Seq)
			}
		}
		for _, m := range turn.Own {
			line += fmt.Sprint(" own ", m.Seq)
		}
		got = append(got, line)
		return debate.Reply{}, nil
	}}
	if _, _, _, err := run(t, debate.Debate{Team: []debate.Agent{a, fake{name: "b"}}, Protocol: rounds(3)}); err != nil {
		t.Fatal(err)
	}
	equal(t, "turns", got, []string{"round 0:", "round 1: 1 own 0", "round 2: 1 3 own 0 own 2", "round 3: 1 3 5 own 0 own 2 own 4"})
}
