package kept

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/debate"
	"cheaptalk/internal/predict"
)

// reread writes a prediction into a file and reads it.
func reread(t *testing.T, f *File) *File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "p.yaml")
	if err := os.WriteFile(path, []byte(f.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestPredictionIsReadAsWritten(t *testing.T) {
	w := &predict.World{Items: predict.Questions("mmlu", 4, 1, 50), Seed: 1, Draws: 3}
	for _, name := range []string{"gpt-4o-mini", "mistral-7b"} {
		f, err := profiles.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Agents = append(w.Agents, predict.Agent{Name: name, File: f})
	}
	ps, err := w.Compare(t.Context(), []predict.Design{
		{Team: []int{0, 1}, Protocol: "naive", Rounds: 1, Judge: "plurality"},
		{Team: []int{0, 1}, Protocol: "naive", Rounds: 1, Judge: "AggLM"},
	})
	if err != nil {
		t.Fatal(err)
	}
	f := New(w, "cheaptalk predict gpt-4o-mini mistral-7b", ps)
	got := reread(t, f)
	if got.String() != f.String() || got.Designs[0].After.Value == 0 || len(got.Profiles[0].SHA256) != 64 {
		t.Errorf("read\n%s\nof\n%s", got, f)
	}
	if len(got.Designs[1].quantities()) != 0 || got.Designs[1].NotModelled == "" {
		t.Errorf("written\n%s", f)
	}
}

func TestFilesThatAreNoPredictionAreRefused(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ text, want string }{
		{"", "no prediction"},
		{"dataset: x\ndesigns: []\nlevel: 0.95", "no designs"},
		{"dataset: x\ndesign: []", "design"},
		{"dataset: x\nlevel: 2\ndesigns: [{protocol: naive}]", "level"},
		{"dataset: x\nlevel: 0.95\ndesigns: [{protocol: naive, after: {value: 0.5, low: 0.6, high: 0.7}}]", "designs: 1: after"},
		{"dataset: x\nlevel: 0.95\ndesigns: [{protocol: naive, after: {value: 0.5, low: .nan, high: 0.7}}]", "designs: 1: after"},
	} {
		path := filepath.Join(dir, "p.yaml")
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
	if _, err := Read(filepath.Join(dir, "absent.yaml")); err == nil || !strings.Contains(err.Error(), "--write") {
		t.Errorf("absent: %v", err)
	}
}

func TestCheckFindsHitsAndMisses(t *testing.T) {
	f := &File{Dataset: "mmlu", Level: predict.Level, Designs: []Written{
		{Team: []string{"a@x", "a@x", "b@y"}, Protocol: "naive", Rounds: 2, Judge: "plurality",
			After: predict.Estimate{Value: 0.6, Low: 0.56, High: 0.63}, Harmful: predict.Estimate{Value: 0.1, Low: 0.05, High: 0.2}},
		{Team: []string{"a@x", "b@y", "b@y"}, Protocol: "naive", Rounds: 2, Judge: "plurality", After: predict.Estimate{Value: 0.5, Low: 0.4, High: 0.6}},
		{Team: []string{"a@x", "b@y"}, Protocol: "self-revision", Rounds: 1, Judge: "plurality", After: predict.Estimate{Value: 0.5, Low: 0.4, High: 0.6}},
		{Team: []string{"a@x", "b@y"}, Protocol: "confidence-weighted", Rounds: 1, Judge: "plurality", NotModelled: "for a reason"},
	}}
	at := func(v, low, high float64) map[string]Measured {
		return map[string]Measured{"plurality": {100, v, low, high}}
	}
	arms := []Observed{
		{Arm: "one", Team: []string{"a", "b", "a#2"}, Protocol: "naive", Rounds: 2, After: at(0.68, 0.6, 0.75), Harmful: Measured{50, 0.4, 0.3, 0.5}},
		{Arm: "other rounds", Team: []string{"a", "b", "a#2"}, Protocol: "naive", Rounds: 1, After: at(0.1, 0, 0.2)},
		{Arm: "renamed", Team: []string{"q", "r"}, Protocol: "self-revision", Rounds: 1, After: at(0.2, 0.15, 0.25)},
		{Arm: "weighted", Team: []string{"a", "b"}, Protocol: "confidence-weighted", Rounds: 1, After: at(0.2, 0.15, 0.25)},
	}
	var got []string
	for _, c := range f.Check(arms) {
		s := c.Arm + " " + c.Quantity
		if c.Hit {
			s += " hit"
		}
		if c.Renamed {
			s += " renamed"
		}
		got = append(got, s)
	}
	if want := []string{"one after hit", "one harmful", "renamed after renamed"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	// .6 + √(.03² + .08²) and .6 - √(.04² + .07²)
	if c := f.Check(arms)[0]; math.Abs(c.High-0.685440) > 1e-6 || math.Abs(c.Low-0.519377) > 1e-6 {
		t.Errorf("widened to [%.6f, %.6f]", c.Low, c.High)
	}
}

// An arm with other names is of no design if two would fit.
func TestCheckGuessesNothing(t *testing.T) {
	f := &File{Dataset: "mmlu", Level: predict.Level, Designs: []Written{
		{Team: []string{"a", "a"}, Protocol: "naive", Rounds: 2, Judge: "plurality", Before: predict.Estimate{Value: 0.6, Low: 0.56, High: 0.63}},
		{Team: []string{"b", "b"}, Protocol: "naive", Rounds: 2, Judge: "plurality", Before: predict.Estimate{Value: 0.6, Low: 0.56, High: 0.63}},
	}}
	arms := []Observed{{Arm: "x", Team: []string{"q", "r"}, Protocol: "naive", Rounds: 2, Before: Measured{10, 0.5, 0.4, 0.6}}}
	if got := f.Check(arms); len(got) > 0 {
		t.Errorf("checked %+v", got)
	}
	arms[0].Team = []string{"b", "b#2"}
	if got := f.Check(arms); len(got) != 1 || got[0].Renamed {
		t.Errorf("checked %+v", got)
	}
}

// A prediction of debates that had begun names them and the answers with which they began, and is held to its own intervals: the luck of these debates is in them.
func TestPredictionOfBegunDebatesIsHeldToItsIntervals(t *testing.T) {
	w := &predict.World{Seed: 1, Draws: 50}
	for _, name := range []string{"gpt-4o-mini", "mistral-7b"} {
		f, err := profiles.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Agents = append(w.Agents, predict.Agent{Name: name, File: f})
	}
	var begun []predict.Begun
	for i, item := range predict.Questions("mmlu", 4, 1, 10) {
		first := []debate.Message{{From: "gpt-4o-mini"}, {From: "mistral-7b"}}
		first[i%2].Answer = item.Key
		begun = append(begun, predict.Begun{Item: item, Repeat: i % 2, First: first})
	}
	ps, err := w.Continue(t.Context(), []predict.Design{{Team: []int{0, 1}, Protocol: "naive", Rounds: 1, Judge: "plurality"}}, begun)
	if err != nil {
		t.Fatal(err)
	}
	f := NewContinued(w, "cheaptalk predict", begun, ps)
	got := reread(t, f)
	if got.String() != f.String() || got.Dataset != "" || len(got.Begun) != 10 {
		t.Fatalf("read\n%s\nof\n%s", got, f)
	}
	if b := got.Begun[1]; b.Item != "mmlu/2" || b.Repeat != 1 || !reflect.DeepEqual(b.Answers, []debate.Answer{"", begun[1].Item.Key}) {
		t.Errorf("the second debate is written as %+v", b)
	}
	after := got.Designs[0].After
	for value, hit := range map[float64]bool{after.Low: true, after.High: true, after.Low - 0.001: false, after.High + 0.001: false} {
		arm := Observed{Arm: "a", Team: []string{"gpt-4o-mini", "mistral-7b"}, Protocol: "naive", Rounds: 1,
			After: map[string]Measured{"plurality": {N: 10, Value: value, Low: value - 0.3, High: value + 0.3}}}
		checked := got.Check([]Observed{arm})
		if len(checked) != 1 || checked[0].Hit != hit || checked[0].Low != after.Low || checked[0].High != after.High {
			t.Errorf("%v is held against %v: %+v", value, after, checked)
		}
	}
}
