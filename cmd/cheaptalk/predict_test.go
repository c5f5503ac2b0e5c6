package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/internal/predict"
	"cheaptalk/internal/spec"
)

// The command that would confirm a design is one that runs it: what it holds has the design's team, protocol, rounds and calls.
func TestConfirmingCommandHoldsTheDesign(t *testing.T) {
	w := &predict.World{Items: predict.Questions("mmlu", 4, 1, 40), Seed: 1}
	for _, name := range []string{"gpt-4o-mini", "mistral-7b"} {
		f, err := profiles.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Agents = append(w.Agents, predict.Agent{Name: name, File: f})
	}
	designs := []predict.Design{
		{Team: []int{1}, Protocol: "independent", Judge: "plurality"},
		{Team: []int{0, 0, 1}, Protocol: "naive", Rounds: 3, Judge: "plurality"},
		{Team: []int{0}, Protocol: "self-revision", Rounds: 1, Judge: "trajectory"},
		{Team: []int{0, 0, 0, 0, 1, 1}, Protocol: "independent", Judge: "plurality"},
		{Team: []int{0, 0, 0, 0, 0, 0, 0}, Protocol: "independent", Judge: "plurality"},
	}
	ps, err := w.Compare(t.Context(), designs)
	if err != nil {
		t.Fatal(err)
	}
	tables := &predictTables{world: w, cmd: &predictCmd{Dataset: "mmlu"}, predictions: ps}
	for i := range ps {
		line := tables.command(&ps[i])
		var args []string
		for k, part := range strings.Split(strings.TrimPrefix(line, "cheaptalk "), "'") {
			if k%2 == 1 {
				args = append(args, part)
			} else {
				args = append(args, strings.Fields(part)...)
			}
		}
		var out, errs bytes.Buffer
		if code := run(t.Context(), nil, append(args, "--print-spec"), &out, &errs); code != exitDone {
			t.Errorf("%s: exit code %d: %s", line, code, errs.String())
			continue
		}
		s, err := spec.Parse("", out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		found, baseline := false, false
		for k, a := range s.Arms {
			team, err := s.TeamOf(a, k)
			if err != nil {
				t.Fatal(err)
			}
			calls, rounds := max(len(team), a.Samples), 0
			if a.Protocol != "independent" {
				rounds = a.DebateRounds()
				calls *= 1 + rounds
			}
			d := designs[i]
			if a.Protocol == d.Protocol && rounds == d.Rounds && calls == d.Calls() {
				count := map[string]int{}
				for seat := range calls / (1 + rounds) {
					count[team[seat%len(team)].Agent]++
				}
				for _, member := range d.Team {
					count[w.Agents[member].Name]--
				}
				found = count["gpt-4o-mini"] == 0 && count["mistral-7b"] == 0
			}
			baseline = baseline || a.Protocol == "independent" && calls == d.Calls()
		}
		if !found || !baseline {
			t.Errorf("%s: the design is held: %v; the vote at its cost: %v", line, found, baseline)
		}
	}
}

func TestPredictSaysWhatCannotBe(t *testing.T) {
	dir := t.TempDir()
	there := filepath.Join(dir, "there.yaml")
	if err := os.WriteFile(there, []byte("not a prediction"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		want string // in what it says
	}{
		{"mistral-7b", exitUsage, "choose one with --dataset"},
		{"nobody --dataset mmlu", exitUsage, `no simulated model "nobody"`},
		{"mistral-7b absent.yaml --dataset mmlu", exitUsage, "absent.yaml"},
		{"mistral-7b gemma-2-9b --dataset", exitUsage, "--dataset"},
		{"mistral-7b --dataset mmlu --protocol chat", exitUsage, `there is no protocol "chat"`},
		{"mistral-7b --dataset mmlu --judge wisdom", exitUsage, `there is no judge "wisdom"`},
		{"mistral-7b --dataset mmlu --draws 1", exitUsage, "--draws 1"},
		{"mistral-7b --dataset mmlu --questions 9", exitUsage, "--questions 9"},
		{"mistral-7b --dataset mmlu --rounds 0", exitUsage, "--rounds 0"},
		{"mistral-7b --dataset mmlu --max-team 2", exitUsage, "add --sweep"},
		{"mistral-7b mistral-7b --dataset mmlu --team-size 1", exitUsage, "--team-size"},
		{"mistral-7b --dataset mine", exitUsage, "--choices N"},
		{"mistral-7b --dataset mmlu --choices 1", exitUsage, "--choices 1"},
		{"mistral-7b --dataset mmlu --write there", exitUsage, "ends in .yaml"},
		{"mistral-7b --dataset mmlu --write " + there, exitUsage, "--force replaces it"},
		{"mistral-7b --dataset mine --choices 4 --sweep --questions 10", exitUsage, "no ability for mine"},
		{"--check " + there + " last --draws 3", exitUsage, "--draws is said by the prediction"},
		{"--check " + there + " last", exitUsage, "is no prediction"},
		{"mistral-7b --dataset mine --choices 4 --draws 0 --questions 10 --protocol self-revision", exitDone, "self-revision is not modelled: mistral-7b: no ability for mine"},
		{"mistral-7b --dataset mmlu --draws 0 --questions 10", exitDone, "self-revision"},
		{"mistral-7b --dataset mmlu --draws 0 --questions 10 --team-size 3 --protocol naive --format csv", exitDone, "naive,9,"},
		{"mistral-7b --dataset mmlu --draws 0 --questions 10 --team-size 2 --protocol naive --format json", exitDone, `"protocol": "naive",`},
		{"mistral-7b --dataset mmlu --draws 0 --questions 10 --team-size 2 --protocol naive --format md", exitDone, "| naive | 6 |"},
	} {
		var out, errs bytes.Buffer
		code := run(t.Context(), nil, append([]string{"predict"}, strings.Fields(c.args)...), &out, &errs)
		if said := out.String() + errs.String(); code != c.code || !strings.Contains(said, c.want) {
			t.Errorf("predict %s: exit code %d, %s; want %d and %q", c.args, code, said, c.code, c.want)
		}
	}
}
