package datasets

import (
	"fmt"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
	"cheaptalk/internal/realdata"
)

// shotDir makes a data directory with small files in the original formats.
func shotDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	writeIn(t, dir, "gsm8k/train.jsonl", `{"question":"q0","answer":"He has 16-3 = <<16-3=13>>13 and $<<2*3=6>>6.\n#### 1,013"}
{"question":"q1","answer":"#### 5"}
{"question":"q2","answer":"x\n#### 6"}
`)
	writeIn(t, dir, "commonsense_qa/train_rand_split.jsonl", `{"answerKey":"B","question":{"stem":"c0","choices":[{"label":"A","text":"x"},{"label":"B","text":"y"}]}}`)
	for _, f := range mmlu().Splits[2].Files {
		writeIn(t, dir, f.Path, strings.Repeat(f.Subject+",w,x,y,z,C\n", 5))
	}
	return dir
}

func TestShots(t *testing.T) {
	o := Options{Dir: shotDir(t), AnyFile: true}
	show := func(examples []Example) string {
		var parts []string
		for _, e := range examples {
			parts = append(parts, fmt.Sprintf("%s %q", e.Item.Question.ID, e.Solution))
		}
		return strings.Join(parts, "; ")
	}
	for _, c := range []struct {
		name string
		k    int
		id   string
		want string
	}{
		{"gsm8k", 2, "gsm8k/7", `gsm8k/train/0 "He has 16-3 = 13 and $6.\n\\boxed{1013}"; gsm8k/train/1 "\\boxed{5}"`},
		{"gsm8k", 2, "gsm8k/train/0", `gsm8k/train/1 "\\boxed{5}"; gsm8k/train/2 "x\n\\boxed{6}"`},
		{"gsm8k", 2, "csqa/7", ``},
		{"gsm8k", 0, "gsm8k/7", ``},
		{"csqa", 1, "csqa/3", `csqa/train/0 "(B)"`},
		{"mmlu", 2, "mmlu/anatomy/9", `mmlu/dev/anatomy/0 "(C)"; mmlu/dev/anatomy/1 "(C)"`},
		{"mmlu", 1, "mmlu/val/virology/9", `mmlu/dev/virology/0 "(C)"`},
		{"mmlu", 1, "mmlu/dev/virology/0", `mmlu/dev/virology/1 "(C)"`},
	} {
		s, err := LoadShots(c.name, c.k, o)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := show(s.For(debate.Question{ID: c.id})); got != c.want {
			t.Errorf("%s %d %s\ngot  %s\nwant %s", c.name, c.k, c.id, got, c.want)
		}
	}
	if got := (Shots{}).For(debate.Question{ID: "gsm8k/1"}); got != nil {
		t.Errorf("the zero Shots has %v", got)
	}
}

func TestShotsErrors(t *testing.T) {
	o := Options{Dir: shotDir(t), AnyFile: true}
	for _, c := range []struct {
		name string
		k    int
		want string
	}{
		{"mmlu", 6, "mmlu has no more than 5 examples for a question, not 6"},
		{"csqa", 2, "csqa has no more than 1 examples for a question, not 2"},
		{"sample-numbers", 1, "sample-numbers has no split to take examples from\n  gsm8k, mmlu and csqa have one; ask others without worked examples"},
		{"own.jsonl", 1, "own.jsonl has no split to take examples from\n  gsm8k, mmlu and csqa have one; ask others without worked examples"},
	} {
		if _, err := LoadShots(c.name, c.k, o); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := LoadShots("gsm8k", 1, Options{Dir: t.TempDir()}); err == nil {
		t.Error("no error without files")
	}
}

// TestRealSolutionsEndWithTheKey reads every worked solution back.
func TestRealSolutionsEndWithTheKey(t *testing.T) {
	dir := realdata.Path(t)
	entries, err := load("gsm8k", Options{Dir: dir, Split: "train"})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		s := solution(e)
		if strings.Contains(s, "<<") || strings.Contains(s, "####") || !strings.Contains(s, "\n\\boxed{") {
			t.Fatalf("%s: %q", e.item.Question.ID, s)
		}
		if got := extract.Read(e.item.Question, s).Strict; got != e.item.Key {
			t.Fatalf("%s: the solution reads %q, the key is %s", e.item.Question.ID, got, e.item.Key)
		}
	}
	shots, err := LoadShots("mmlu", 5, Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range shots.For(debate.Question{ID: "mmlu/astronomy/17"}) {
		if got := extract.Read(e.Item.Question, e.Solution); got.Strict != e.Item.Key && got.Flexible != e.Item.Key {
			t.Errorf("%s: the solution %s reads %+v", e.Item.Question.ID, e.Solution, got)
		}
	}
}
