package debate_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"cheaptalk/debate"
)

// The boundaries are those of trans_confidence in ReConcile's utils.py (Chen et al. 2024, arXiv 2309.13007).
func TestCalibrationWeight(t *testing.T) {
	for _, tt := range []struct {
		conf              debate.Confidence
		stated, reconcile float64
	}{
		{debate.Confidence{}, 0.1, 0.1},
		{debate.Confidence{Value: 1}, 0.1, 0.1}, // not stated, whatever the value
		{debate.Sure(0), 0, 0.1},
		{debate.Sure(0.6), 0.6, 0.1},
		{debate.Sure(0.61), 0.61, 0.3},
		{debate.Sure(0.79), 0.79, 0.3},
		{debate.Sure(0.8), 0.8, 0.5},
		{debate.Sure(0.89), 0.89, 0.5},
		{debate.Sure(0.9), 0.9, 0.8},
		{debate.Sure(0.99), 0.99, 0.8},
		{debate.Sure(1), 1, 1},
	} {
		if got := debate.AsStated.Weight(tt.conf); got != tt.stated {
			t.Errorf("as stated, %v weighs %v, want %v", tt.conf, got, tt.stated)
		}
		if got := debate.ReConcile.Weight(tt.conf); got != tt.reconcile {
			t.Errorf("in ReConcile, %v weighs %v, want %v", tt.conf, got, tt.reconcile)
		}
	}
}

func TestUnstatedConfidenceIsNotZero(t *testing.T) {
	for _, tt := range []struct {
		conf      debate.Confidence
		json, str string
	}{
		{debate.Confidence{}, `null`, "–"},
		{debate.Sure(0), `0`, ".00"},
		{debate.Sure(0.85), `0.85`, ".85"},
		{debate.Sure(1), `1`, "1.00"},
		{debate.Sure(7), `1`, "1.00"},
		{debate.Sure(-7), `0`, ".00"},
		{debate.Sure(math.NaN()), `null`, "–"},
	} {
		if got := encode(t, tt.conf); got != tt.json {
			t.Errorf("%+v is written %s, want %s", tt.conf, got, tt.json)
		}
		if got := tt.conf.String(); got != tt.str {
			t.Errorf("%+v is shown as %s, want %s", tt.conf, got, tt.str)
		}
		back := debate.Sure(0.5)
		if err := json.Unmarshal([]byte(tt.json), &back); err != nil || back != tt.conf {
			t.Errorf("%s is read as %+v, error %v, want %+v", tt.json, back, err, tt.conf)
		}
	}
	for _, bad := range []string{`1.01`, `-0.1`, `"0.5"`, `true`} {
		if err := json.Unmarshal([]byte(bad), new(debate.Confidence)); err == nil || !strings.Contains(err.Error(), "confidence") {
			t.Errorf("%s is read with error %v", bad, err)
		}
	}
}

func TestReplyKeepsAStatedZero(t *testing.T) {
	for _, conf := range []debate.Confidence{{}, debate.Sure(0), debate.Sure(0.5)} {
		var back debate.Reply
		if err := json.Unmarshal([]byte(encode(t, debate.Reply{Confidence: conf})), &back); err != nil || back.Confidence != conf {
			t.Errorf("%+v comes back as %+v, error %v", conf, back.Confidence, err)
		}
	}
	if got := encode(t, debate.Reply{}); got != "{}" {
		t.Errorf("the zero reply is written %s", got)
	}
}

func TestTasksAndKindsAreWrittenAsNames(t *testing.T) {
	for task := debate.Solve; task <= debate.Aggregate; task++ {
		var back debate.Task
		if err := json.Unmarshal([]byte(encode(t, task)), &back); err != nil || back != task {
			t.Errorf("%s comes back as %s, error %v", task, back, err)
		}
	}
	for kind := debate.Choice; kind <= debate.Open; kind++ {
		var back debate.Kind
		if err := json.Unmarshal([]byte(encode(t, kind)), &back); err != nil || back != kind {
			t.Errorf("%s comes back as %s, error %v", kind, back, err)
		}
	}
	if err := new(debate.Task).UnmarshalText([]byte("shout")); err == nil {
		t.Error("there is no task shout")
	}
	if err := new(debate.Kind).UnmarshalText([]byte("essay")); err == nil {
		t.Error("there is no kind essay")
	}
	if got := debate.Task(9).String(); got != "task(9)" {
		t.Errorf("an unknown task is called %q", got)
	}
}

func TestUsageAddsUp(t *testing.T) {
	a := debate.Usage{Calls: 1, PromptTokens: 2, CachedTokens: 3, CompletionTokens: 4, ReasoningTokens: 5}
	b := debate.Usage{Calls: 10, PromptTokens: 20, CachedTokens: 30, CompletionTokens: 40, ReasoningTokens: 50}
	equal(t, "sum", a.Add(b), debate.Usage{Calls: 11, PromptTokens: 22, CachedTokens: 33, CompletionTokens: 44, ReasoningTokens: 55})
}

func TestVariantsOfAQuestion(t *testing.T) {
	for _, c := range []struct{ id, question, variant string }{
		{"dylan/law/7@4-agents", "dylan/law/7", "4-agents"},
		{"helm14/law/7", "helm14/law/7", ""},
		{"own/a@b@c", "own/a", "b@c"},
	} {
		if question, variant := debate.Variant(c.id); question != c.question || variant != c.variant {
			t.Errorf("%s is variant %q of %s, want %q of %s", c.id, variant, question, c.variant, c.question)
		}
	}
}
