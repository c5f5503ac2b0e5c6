package steps

import (
	"errors"
	"iter"
	"reflect"
	"strings"
	"testing"

	"cheaptalk/debate"
)

// records yields records as a run does.
func records(all ...*debate.Record) iter.Seq2[*debate.Record, error] {
	return func(yield func(*debate.Record, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func said(round int, from string, task debate.Task, answer debate.Answer, heard ...int) debate.Message {
	return debate.Message{Round: round, From: from, Brief: debate.Brief{Task: task}, Heard: heard, Reply: debate.Reply{Answer: answer}}
}

func record(arm string, messages ...debate.Message) *debate.Record {
	t := &debate.Transcript{Question: debate.Question{ID: "s/1@3-agents", Choices: []string{"a", "b", "c"}}, Agents: []string{"m", "m#2", "n"}}
	for i, m := range messages {
		m.Seq = i
		t.Messages = append(t.Messages, m)
	}
	return &debate.Record{Case: debate.Case{Arm: arm, Item: t.Question.ID}, Key: "A", Transcript: t}
}

func TestStepsHoldWhatWasHeardInItsOrder(t *testing.T) {
	shown := said(1, "m", debate.Revise, "B", 2, 1)
	shown.Brief.Confidence = debate.AsStated
	second := said(0, "m#2", debate.Solve, "B")
	second.Confidence = debate.Sure(0.9)
	d, err := Read(records(record("x",
		said(0, "m", debate.Solve, "A"), second, said(0, "n", debate.Solve, "C"),
		shown, said(1, "m#2", debate.Revise, "", 0, 2), said(1, "n", debate.Reflect, "A"),
		said(2, "m", debate.Critique, "A", 5), said(2, "m#2", debate.Revise, "A", 3, 5),
	)))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(d.Agents, " "); got != "m n" {
		t.Errorf("agents %q: m#2 is a copy of m", got)
	}
	if d.Questions[0] != "s/1" || d.Debates[0].Set != "s" || d.Debates[0].Wrongs != 2 || len(d.Debates[0].First) != 3 || len(d.Alone) != 3 {
		t.Errorf("questions %v, debates %+v, alone %v", d.Questions, d.Debates, d.Alone)
	}
	want := []Step{
		{Agent: 0, Round: 1, Task: debate.Revise, Shown: true, Peers: 2, Chosen: 2, Said: "B", Table: []Option{
			{Answer: "A", Past: 1}, {Answer: "C", Heard: 1, Sure: 2*debate.UnstatedWeight - 1, Past: 1, First: true}, {Answer: "B", Heard: 1, Sure: 2*0.9 - 1, Past: 1}}},
		{Agent: 0, Round: 1, Task: debate.Revise, Peers: 2, Chosen: Unread, Table: []Option{
			{Answer: "B", Past: 1}, {Answer: "A", Heard: 1, Past: 1, First: true}, {Answer: "C", Heard: 1, Past: 1}}},
		{Agent: 1, Round: 1, Task: debate.Reflect, Chosen: New, Said: "A", Table: []Option{{Answer: "C", Past: 1}}},
		{Agent: 0, Round: 2, Task: debate.Critique, Peers: 1, Chosen: 1, Said: "A", Table: []Option{
			{Answer: "B", Past: 2}, {Answer: "A", Heard: 1, Past: 2, First: true}}},
	}
	if !reflect.DeepEqual(d.Steps, want) {
		t.Errorf("steps\n%+v\nwant\n%+v", d.Steps, want)
	}
	if d.Left.Silent != 1 {
		t.Errorf("%d revisions after an unreadable reply, want that of m#2 in round 2", d.Left.Silent)
	}
}

func TestFirstAnswersThatArmsShareCountOnce(t *testing.T) {
	arm := func(name string) *debate.Record {
		return record(name, said(0, "m", debate.Solve, "A"), said(0, "m#2", debate.Solve, "B"), said(1, "m", debate.Revise, "A", 1))
	}
	d, err := Read(records(arm("x"), arm("y")))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Alone) != 2 || len(d.Steps) != 2 || len(d.Debates) != 2 {
		t.Errorf("%d independent answers, %d steps, %d debates", len(d.Alone), len(d.Steps), len(d.Debates))
	}
}

func TestWhatCannotBeUsedIsCounted(t *testing.T) {
	failed, keyless, again := record("f"), record("k", said(0, "m", debate.Solve, "A")), record("a", said(0, "m", debate.Solve, "A"))
	failed.Failed, keyless.Key, again.Again = "no answer in time", "", true
	_, err := Read(records(again, failed, keyless, record("x", said(0, "m", debate.Solve, "A"))))
	if err == nil || err.Error() != "no agent revises an answer in the 1 debates that can be used; 1 failed, 1 have no key, 0 revisions follow an unreadable answer\n"+
		"  a twin needs agents that are asked again: hold a debate with rounds, or one agent alone under self-revision" {
		t.Errorf("error %v", err)
	}
	broken := errors.New("damaged")
	if _, err := Read(func(yield func(*debate.Record, error) bool) { yield(nil, broken) }); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

// An answer that the question does not have is none.
func TestImpossibleAnswersAreUnreadable(t *testing.T) {
	d, err := Read(records(record("x", said(0, "m", debate.Solve, "A"), said(0, "m#2", debate.Solve, "B"), said(0, "n", debate.Solve, "C"),
		said(1, "m", debate.Revise, "E", 1, 2), said(1, "n", debate.Revise, "A", 0))))
	if err != nil {
		t.Fatal(err)
	}
	if d.Steps[0].Chosen != Unread || d.Steps[1].Chosen != 1 {
		t.Errorf("chosen %d and %d", d.Steps[0].Chosen, d.Steps[1].Chosen)
	}
}
