package main

import (
	"maps"
	"testing"

	"cheaptalk/agents/human"
	"cheaptalk/debate"
	"cheaptalk/internal/spec"
)

// TestAScreenKnowsTheArms names the models behind agents that are called otherwise, and the rounds that are planned.
func TestAScreenKnowsTheArms(t *testing.T) {
	four := 4
	s := &spec.Spec{
		Models: map[string]spec.Model{"big": {Model: "llama-3.1-8b"}, "gemma": {}},
		Teams: map[string][]spec.Member{
			"a": {{Agent: "big"}, {Agent: "gemma"}, {Agent: "gemma"}, {Agent: "sim:mistral-7b", Name: "bob"}, {Agent: "human"}},
			"b": {{Agent: "recorded:x"}},
		},
		Arms: []spec.Arm{{Protocol: spec.ProtocolNaive, Team: "a", Rounds: &four}, {Name: "alone", Protocol: spec.ProtocolIndependent, Team: "a"},
			{Protocol: spec.ProtocolRecorded, Team: "b"}, {Protocol: spec.ProtocolSelf, Team: "none"}},
	}
	arms := armsOf(s)
	for i, want := range []struct {
		name   string
		rounds int
		models map[string]string
	}{
		{"naive", 4, map[string]string{"big": "llama-3.1-8b", "gemma#2": "gemma", "bob": "mistral-7b"}},
		{"alone", 0, map[string]string{"big": "llama-3.1-8b", "gemma#2": "gemma", "bob": "mistral-7b"}},
		{"recorded", -1, nil}, {"self-revision", 2, nil},
	} {
		if a := arms[i]; a.Name != want.name || a.Rounds != want.rounds || !maps.Equal(a.Models, want.models) {
			t.Errorf("arm %d is %+v, want %+v", i, a, want)
		}
	}
}

// TestAPersonMayReadWhatTheyHeard collects what the turn of a person shows them.
func TestAPersonMayReadWhatTheyHeard(t *testing.T) {
	turn := debate.Turn{Round: 2, Brief: debate.Brief{Task: debate.Critique, Confidence: debate.AsStated},
		Heard: []debate.Message{{Seq: 4}, {Seq: 3}}, Earlier: [][]debate.Message{{{Seq: 1}, {Seq: 0}}}}
	s := seat(human.Prompt{Agent: "you", Turn: turn})
	if s.Name != "you" || !s.Confident || s.Prompt.Round != 2 || s.Prompt.Task != debate.Critique || len(s.Read) != 4 {
		t.Errorf("%+v", s)
	}
	turn.Brief.Confidence = ""
	if seat(human.Prompt{Turn: turn}).Confident {
		t.Error("confidence is shown to whom it is hidden from")
	}
}
