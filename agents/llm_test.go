package agents

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	yaml "go.yaml.in/yaml/v4"

	"cheaptalk/debate"
)

// round2 is what "me" is given in its third turn, after hearing both peers in the second.
func round2() debate.Turn {
	return debate.Turn{
		Question: sky, Round: 2, Brief: debate.Brief{Task: debate.Revise},
		Own: []debate.Message{
			said(0, 0, "me", "mine 0 (A)", debate.Solve),
			said(3, 1, "me", "mine 1 (B)", debate.Revise, 1, 2),
		},
		Heard: []debate.Message{said(4, 1, "llama", "llama 1 (B)", debate.Revise), said(5, 1, "mistral", "mistral 1 (C)", debate.Revise)},
		Earlier: [][]debate.Message{
			{said(1, 0, "llama", "llama 0 (B)", debate.Solve), said(2, 0, "mistral", "mistral 0 (C)", debate.Solve)},
		},
	}
}

func TestMemoryDecidesHowMuchOfTheDebateIsInTheChat(t *testing.T) {
	var b strings.Builder
	for _, memory := range []int{0, 1, 2} {
		var m capture
		a := LLM{Label: "me", Model: &m, Prompts: mustPrompts(t, Wynn2025), Memory: memory}
		if _, err := a.Reply(context.Background(), round2()); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "== memory %d\n%s\n", memory, show(m.req))
	}
	var m capture
	a := LLM{Label: "me", Model: &m, Prompts: mustPrompts(t, CheapTalk), System: "own system prompt", Examples: []Example{
		{Question: sky, Solution: "Blue light scatters more.", Answer: "B"},
		{Question: apples, Answer: "7"},
	}}
	turn := debate.Turn{Question: capital}
	if _, err := a.Reply(context.Background(), turn); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "== examples\n%s", show(m.req))
	golden(t, "chats.golden", b.String())
}

// chatOf returns the chat that a turn becomes.
func chatOf(t *testing.T, set string, turn debate.Turn) []Message {
	t.Helper()
	var m capture
	a := LLM{Label: "me", Model: &m, Prompts: mustPrompts(t, set)}
	if _, err := a.Reply(context.Background(), turn); err != nil {
		t.Fatal(err)
	}
	for i, msg := range m.req.Messages {
		if want := Role(i % 2); msg.Role != want || msg.Text == "" {
			t.Errorf("message %d is of %d: %q", i, msg.Role, msg.Text)
		}
	}
	return m.req.Messages
}

func TestAnAgentWhoseFirstTurnFailedIsGivenTheQuestion(t *testing.T) {
	turn := round2()
	turn.Own, turn.Earlier = nil, nil
	chat := chatOf(t, Wynn2025, turn)
	if len(chat) != 1 || !strings.HasPrefix(chat[0].Text, "Can you answer the following question") || !strings.Contains(chat[0].Text, "llama 1 (B)") {
		t.Errorf("%+v", chat)
	}
}

func TestAFailedTurnDoesNotShiftWhatWasHeardBefore(t *testing.T) {
	turn := round2() // round 1 failed: its reply is gone, what was heard in it is still in Earlier
	turn.Own = turn.Own[:1]
	chat := chatOf(t, Wynn2025, turn)
	if len(chat) != 3 || strings.Contains(chat[2].Text, "llama 0") || !strings.Contains(chat[2].Text, "llama 1") {
		t.Errorf("%+v", chat)
	}
}

func TestAPeerKeepsItsNumber(t *testing.T) {
	turn := round2()
	turn.Heard[0], turn.Heard[1] = turn.Heard[1], turn.Heard[0]
	chat := chatOf(t, CheapTalk, turn)
	last := chat[len(chat)-1].Text
	if !strings.Contains(last, "Agent 2:\n```mistral 1") || !strings.Contains(last, "Agent 1:\n```llama 1") {
		t.Errorf("got %s", last)
	}
	if strings.Contains(strings.ReplaceAll(last, "```mistral 1", ""), "mistral") {
		t.Errorf("a peer is named: %s", last)
	}
}

func TestEmptyRepliesAreSaidToBeEmpty(t *testing.T) {
	turn := round2()
	turn.Own[1].Text, turn.Heard[0].Text = "", ""
	chat := chatOf(t, CheapTalk, turn)
	if chat[3].Text != emptyReply || !strings.Contains(chat[4].Text, "```"+emptyReply+"```") {
		t.Errorf("%+v", chat)
	}
}

func TestReplyIsReadWithoutItsThinking(t *testing.T) {
	m := capture{reply: Completion{
		Text: "<think>Surely (A).</think>\nIt scatters. (B)\nConfidence: 75%", Thinking: "From the server.", Finish: "stop",
		Usage: debate.Usage{Calls: 1, ReasoningTokens: 5}, Exchange: debate.Exchange{Served: "m-1"},
	}}
	a := LLM{Label: "me", Model: &m, Prompts: mustPrompts(t, CheapTalk)}
	got, err := a.Reply(context.Background(), debate.Turn{Question: sky})
	if err != nil {
		t.Fatal(err)
	}
	if got.Text != "It scatters. (B)\nConfidence: 75%" || got.Thinking != "From the server.\n\nSurely (A)." {
		t.Errorf("text %q, thinking %q", got.Text, got.Thinking)
	}
	if got.Answer != "B" || got.Reading.Strict != "B" || got.Confidence != debate.Sure(.75) || got.CutOff {
		t.Errorf("%+v", got)
	}
	if got.Usage.ReasoningTokens != 5 || len(got.Exchanges) != 1 || got.Exchanges[0].Served != "m-1" {
		t.Errorf("%+v", got)
	}
}

func TestRuleDecidesWhichReadingCounts(t *testing.T) {
	m := capture{reply: Completion{Text: "The answer is B, because light scatters.", Finish: "stop"}}
	for rule, want := range map[debate.Rule]debate.Answer{debate.Flexible: "B", debate.Strict: ""} {
		a := LLM{Model: &m, Prompts: mustPrompts(t, CheapTalk), Rule: rule}
		if got, err := a.Reply(context.Background(), debate.Turn{Question: sky}); err != nil || got.Answer != want {
			t.Errorf("%v: %q, want %q (%v)", rule, got.Answer, want, err)
		}
	}
}

func TestCutOffAndEmptyAreReplies(t *testing.T) {
	check := func(text, finish string, cut bool, answer debate.Answer) {
		t.Helper()
		a := LLM{Model: &capture{reply: Completion{Text: text, Finish: finish}}, Prompts: mustPrompts(t, CheapTalk)}
		got, err := a.Reply(context.Background(), debate.Turn{Question: sky})
		if err != nil || got.CutOff != cut || got.Answer != answer {
			t.Errorf("%q %s: cut off %t, answer %q, %v", text, finish, got.CutOff, got.Answer, err)
		}
	}
	check("", "stop", false, "")
	check("", "length", true, "")
	check("<think>is it (B)? or", "length", true, "")
	check("So it is (B)", "max_tokens", true, "B")
	check("So it is (B)", "end_turn", false, "B")
}

func TestRequestCarriesSamplingAndWhatTellsAsksApart(t *testing.T) {
	var m capture
	temperature, seed := 0.0, int64(0)
	a := LLM{Model: &m, Prompts: mustPrompts(t, CheapTalk), Scope: "q/1 draw 0", Sample: 2,
		Sampling: Sampling{Temperature: &temperature, Seed: &seed, MaxTokens: 7}}
	if a.Name() != "captured" {
		t.Errorf("name %q", a.Name())
	}
	if _, err := a.Reply(context.Background(), round2()); err != nil {
		t.Fatal(err)
	}
	if m.req.Scope != "q/1 draw 0" || m.req.Round != 2 || m.req.Sample != 2 || !reflect.DeepEqual(m.req.Sampling, a.Sampling) {
		t.Errorf("%+v", m.req)
	}
}

func TestErrorsOfTheModelAreKept(t *testing.T) {
	cause := &StatusError{Status: 429}
	a := LLM{Model: ModelFunc(func(context.Context, Request) (Completion, error) { return Completion{}, fmt.Errorf("x: %w", cause) }), Prompts: mustPrompts(t, CheapTalk)}
	_, err := a.Reply(context.Background(), debate.Turn{Question: sky})
	if got, ok := errors.AsType[*StatusError](err); !ok || got != cause {
		t.Errorf("got %v", err)
	}
	a.Prompts = nil
	if _, err := a.Reply(context.Background(), debate.Turn{Question: sky}); err == nil {
		t.Error("no error without prompts")
	}
}

func TestSamplingTellsUnsetFromZeroInYAMLAndJSON(t *testing.T) {
	var fromYAML, fromJSON Sampling
	if err := yaml.Unmarshal([]byte("temperature: 0\nseed: 0\nmax_tokens: 9\nstop: [a, b]\nreasoning_effort: low\n"), &fromYAML); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(`{"temperature":0,"seed":0,"max_tokens":9,"stop":["a","b"],"reasoning_effort":"low"}`), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fromYAML, fromJSON) {
		t.Errorf("yaml %+v, json %+v", fromYAML, fromJSON)
	}
	if s := fromYAML; s.Temperature == nil || *s.Temperature != 0 || s.Seed == nil || *s.Seed != 0 || s.TopP != nil || s.Effort != "low" {
		t.Errorf("%+v", s)
	}
	if b, err := json.Marshal(fromYAML); err != nil || string(b) != `{"temperature":0,"seed":0,"max_tokens":9,"stop":["a","b"],"reasoning_effort":"low"}` {
		t.Errorf("%s %v", b, err)
	}
}
