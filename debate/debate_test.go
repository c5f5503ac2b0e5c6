package debate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"cheaptalk/debate"
)

func TestDebateRefuses(t *testing.T) {
	call := func(calls ...debate.Call) script {
		return func(t *debate.Transcript) []debate.Call {
			if t.LastRound() > 0 {
				return nil
			}
			return calls
		}
	}
	team := []debate.Agent{fake{name: "a"}, fake{name: "b"}}
	for _, tt := range []struct {
		name     string
		team     []debate.Agent
		protocol debate.Protocol
		want     string
	}{
		{"an empty team", nil, rounds(0), "debate: the team is empty"},
		{"no protocol", team, nil, "debate: no protocol"},
		{"two of one name", []debate.Agent{fake{name: "a"}, fake{name: "b"}, fake{name: "a"}}, rounds(0), `debate: two agents are named "a"`},
		{"nobody called", team, call(), "debate: protocol script calls nobody"},
		{"a speaker after the last", team, call(debate.Call{Speaker: 2}), "protocol script: round 0: calls speaker 2 of 2"},
		{"a speaker before the first", team, call(debate.Call{Speaker: -1}), "protocol script: round 0: calls speaker -1 of 2"},
		{"one called twice", team, call(debate.Call{Speaker: 1}, debate.Call{Speaker: 1}), "protocol script: round 0: calls agent b twice"},
		{"a message of the future", team, call(debate.Call{Hears: []int{0}}), "protocol script: round 0: lets agent a hear message 0 of 0"},
		{"no message", team, call(debate.Call{Hears: []int{-1}}), "protocol script: round 0: lets agent a hear message -1 of 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, verdicts, _, err := run(t, debate.Debate{Team: tt.team, Protocol: tt.protocol, Judges: []debate.Judge{judge{name: "j"}}})
			if fmt.Sprint(err) != tt.want || verdicts != nil {
				t.Errorf("error %v and verdicts %v, want %s", err, verdicts, tt.want)
			}
		})
	}
}

func TestFailingJudgeLeavesTheOthers(t *testing.T) {
	judges := []debate.Judge{
		judge{name: "first"},
		judge{"broken", func(context.Context, *debate.Transcript, func(string)) (debate.Verdict, error) {
			return debate.Verdict{Answer: "Z", Usage: debate.Usage{Calls: 1}}, errors.New("no answer")
		}},
		judge{"wild", func(context.Context, *debate.Transcript, func(string)) (debate.Verdict, error) { panic("boo") }},
		judge{name: "last"},
	}
	tr, verdicts, _, err := run(t, debate.Debate{Team: []debate.Agent{answers("a", "A")}, Protocol: rounds(0), Judges: judges})
	if err != nil || len(tr.Messages) != 1 {
		t.Fatalf("error %v, transcript %+v", err, tr)
	}
	equal(t, "verdicts", verdicts, []debate.Verdict{
		{Judge: "first", Answer: "A"},
		{Judge: "broken", Failed: "no answer", FailureKind: "other", Usage: debate.Usage{Calls: 1}},
		{Judge: "wild", Failed: "judge wild: panic: boo", FailureKind: "other"},
		{Judge: "last", Answer: "A"},
	})
}

func TestJudgesAreNotAskedAboutAFailedDebate(t *testing.T) {
	asked := judge{"j", func(context.Context, *debate.Transcript, func(string)) (debate.Verdict, error) {
		t.Error("the judge was asked")
		return debate.Verdict{}, nil
	}}
	if _, _, _, err := run(t, debate.Debate{Team: []debate.Agent{answers("a", "fail")}, Protocol: rounds(0), Judges: []debate.Judge{asked}}); err == nil {
		t.Error("no error")
	}
}

func TestSpeakingJudgeIsHeardInRoundMinusOne(t *testing.T) {
	speaks := judge{"chair", func(_ context.Context, _ *debate.Transcript, say func(string)) (debate.Verdict, error) {
		say("it is ")
		say("A")
		return debate.Verdict{Answer: "A"}, nil
	}}
	_, _, events, err := run(t, debate.Debate{Team: []debate.Agent{answers("a", "A")}, Protocol: rounds(0), Judges: []debate.Judge{speaks}})
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, ev := range events {
		if s, ok := ev.(debate.Saying); ok && s.Speaker == "chair" && s.Round == -1 {
			words = append(words, s.Delta)
		}
	}
	if got := strings.Join(words, ""); got != "it is A" {
		t.Errorf("heard %q", got)
	}
}

func TestDecideEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	stops := judge{"stops", func(context.Context, *debate.Transcript, func(string)) (debate.Verdict, error) {
		cancel(enough)
		return debate.Verdict{}, context.Canceled
	}}
	tr := &debate.Transcript{Agents: []string{"a"}, Messages: []debate.Message{{From: "a", Reply: debate.Reply{Answer: "A"}}}}
	verdicts, err := debate.Decide(ctx, tr, []debate.Judge{judge{name: "first"}, stops, judge{name: "last"}}, nil)
	if err != enough || len(verdicts) != 1 {
		t.Errorf("error %v and %d verdicts, want %v and 1", err, len(verdicts), enough)
	}
}
