package extract

import (
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/race"
)

func TestReadsEveryGSM8KSolutionAsItsAuthorsDid(t *testing.T) {
	t.Parallel()
	type solution struct {
		Correct bool   `json:"is_correct"`
		Text    string `json:"solution"`
	}
	type row struct {
		Gold string   `json:"ground_truth"`
		M1   solution `json:"6b_finetuning"`
		M2   solution `json:"6b_verification"`
		M3   solution `json:"175b_finetuning"`
		M4   solution `json:"175b_verification"`
	}
	q := debate.Question{Kind: debate.Number}
	n := 0
	for r := range jsonLines[row](t, "gsm8k", "example_model_solutions.jsonl") {
		key := Read(q, r.Gold).Flexible
		if key == "" {
			t.Errorf("no key in %q", lastBytes(r.Gold, 60))
		}
		for _, s := range []solution{r.M1, r.M2, r.M3, r.M4} {
			n++
			if got := Read(q, s.Text).Flexible; (got == key) != s.Correct {
				t.Errorf("read %q, key %q, but is_correct = %v: ...%q", got, key, s.Correct, lastBytes(s.Text, 80))
			}
		}
	}
	if n != 4*1319 {
		t.Errorf("%d solutions, want 5276", n)
	}
}

func TestEveryGSM8KKeyIsInNormalForm(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	q := debate.Question{Kind: debate.Number}
	for file, want := range map[string]int{"train.jsonl": 7473, "test.jsonl": 1319} {
		n := 0
		for r := range jsonLines[struct{ Answer string }](t, "gsm8k", file) {
			n++
			_, gold, _ := strings.Cut(r.Answer, "#### ")
			key := Normalize(q, gold)
			if composed := strings.ReplaceAll(gold, ",", ""); string(key) != composed {
				t.Errorf("key of %q is %q, want %q", gold, key, composed)
			}
			if got, want := Read(q, r.Answer), (debate.Reading{Strict: key, Flexible: key}); got != want {
				t.Errorf("Read(...%q) = %+v, want %+v", lastBytes(r.Answer, 60), got, want)
			}
		}
		if n != want {
			t.Errorf("%s: %d keys, want %d", file, n, want)
		}
	}
}

func TestAgreementWithRecordedMATH(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	type row struct {
		Gold    string
		Answers []struct {
			Text, Pred string
			Score      bool
		}
	}
	q := debate.Question{Kind: debate.Number}
	var n, strictPred, pred, score int
	for r := range jsonLines[row](t, "recorded", "math_qwen_8samples_rm.jsonl.gz") {
		key := Normalize(q, r.Gold)
		if key == "" {
			t.Logf("not a number: key %q", r.Gold)
			continue
		}
		for _, a := range r.Answers {
			got := Read(q, a.Text)
			n++
			strictPred += one(got.Strict == Normalize(q, a.Pred))
			pred += one(got.Flexible == Normalize(q, a.Pred))
			score += one((got.Flexible == key) == a.Score)
			if (got.Flexible == key) != a.Score {
				t.Logf("key %q, recorded %q, read %q, score %v", r.Gold, a.Pred, got.Flexible, a.Score)
			}
		}
	}
	t.Logf("%d samples with a number as key: the same answer %d (strict %d), the same grade %d", n, pred, strictPred, score)
	atLeast(t, "pred", pred, 760)
	atLeast(t, "strict", strictPred, 760)
	atLeast(t, "score", score, 759)
}
