package spec

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// examples returns the experiment files of the repository by name, and that of the sampler.
func examples(t testing.TB) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	texts := map[string]string{}
	for _, path := range append(paths, "sampler.yaml") {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(path)] = string(b)
	}
	return texts
}

func TestWritingAndParsingGivesTheSameSpec(t *testing.T) {
	texts := examples(t)
	texts["everything"] = everything
	texts["seed 0"] = "seed: 0\ndatasets: [gsm8k]\narms: [{protocol: naive}]\n"
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			s, err := Parse(name, []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			again, err := Parse(name, []byte(s.String()))
			if err != nil {
				t.Fatalf("%v\n%s", err, s)
			}
			if first, second := s.String(), again.String(); first != second {
				t.Errorf("written %s\nand again %s", first, second)
			}
			s.file, again.file = file{}, file{}
			if !reflect.DeepEqual(s, again) {
				t.Errorf("got  %+v\nwant %+v", again, s)
			}
		})
	}
}

// everything has each field of an experiment file but epochs, which excludes repeats.
const everything = `name: everything
seed: 18446744073709551615
draws: 2
limit: 5
repeats: 3
workers: 7
store: full
reading: strict
prompts: wynn2025
memory: all
context: drop-oldest
confidence: [logprob, samples]
confidence_samples: 3
num_fewshot: 2
shuffle_choices: true
datasets:
  - {name: mmlu, split: val, subjects: [astronomy], limit: 1-4, sample_ids: ["mmlu/val/*"], num_fewshot: 1}
  - {recording: a.jsonl}
models:
  m: {model: wire, api: ollama, url: "http://127.0.0.1:1", key: "${KEY}", temperature: 0.7, top_p: 0.5, seed: 0, max_tokens: 9, stop: [x], reasoning_effort: low, requests_per_minute: 60, tokens_per_minute: 9000, max_connections: 4, max_retries: 0, attempt_timeout: 30s, timeout: 90s, price: {input: 0.15, cached_input: 0, output: 0.6}}
teams:
  t: [{agent: m, name: a, system: "be brief"}, sim:mistral-7b, sim:own]
profiles:
  own: {name: own, made_by: hand, sources: [none], parameters: {own_weight: 1.5, choice.accuracy: 0.5}, standard_errors: {own_weight: 0.2}, covariance: {of: [own_weight], rows: [[0.04]]}, warnings: [few data]}
judges:
  - {judge: trajectory, name: own, ties: first, penalty: 0}
  - {judge: confidence-weighted, calibration: stated}
  - {judge: AggLM, agent: m}
arms:
  - {name: a, team: t, protocol: naive, rounds: 1, stop: unanimity, primary: own, on_failure: abstain, prompts: cheaptalk, memory: last, context: refuse}
  - {name: b, team: t, protocol: independent, samples: 4, primary: own}
  - {name: c, team: t, protocol: confidence-weighted, calibration: stated}
`

// TestEverythingHasEveryField keeps the text above complete: of an empty field, nothing would be compared.
func TestEverythingHasEveryField(t *testing.T) {
	s, err := Parse("", []byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	text := s.String()
	for goType := range parts {
		for _, field := range fieldsOf(goType) {
			if field != "epochs" && !strings.Contains(text, field+":") {
				t.Errorf("no field %s of %s in\n%s", field, goType, text)
			}
		}
	}
}

func TestASeedIsOneUnlessTheFileSaysOtherwise(t *testing.T) {
	for text, want := range map[string]uint64{"name: x\n": 1, "seed: 0\n": 0, "seed: 7\n": 7} {
		s, err := Parse("", []byte(text))
		if err != nil || s.Seed != want {
			t.Errorf("%q: seed %d, %v; want %d", text, s.Seed, err, want)
		}
	}
}

func TestMergeKeysFillWhatAModelDoesNotSay(t *testing.T) {
	s, err := Load("../../examples/live.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{
		"smollm2-135m": "http://127.0.0.1:18101/v1", "qwen2.5-coder-0.5b": "http://127.0.0.1:18102/v1", "qwen2.5-coder-1.5b": "http://127.0.0.1:18103/v1",
	} {
		m := s.Models[name]
		if m.URL != url || m.Temperature == nil || *m.Temperature != 0.7 || m.MaxTokens != 160 || m.Timeout != 15*time.Minute {
			t.Errorf("%s: %+v", name, m)
		}
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

func TestEntriesMayBeWrittenAsTheirNameAlone(t *testing.T) {
	s, err := Parse("", []byte("datasets: gsm8k\nteams: {t: [sim:mistral-7b, &a {agent: x}, *a], u: &u [y], v: *u}\njudges: [&j plurality, *j, {judge: AggLM}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if want := []Dataset{{Name: "gsm8k"}}; !reflect.DeepEqual(s.Datasets, want) {
		t.Errorf("datasets %+v", s.Datasets)
	}
	want := map[string][]Member{"t": {{Agent: "sim:mistral-7b"}, {Agent: "x"}, {Agent: "x"}}, "u": {{Agent: "y"}}, "v": {{Agent: "y"}}}
	if !reflect.DeepEqual(s.Teams, want) {
		t.Errorf("teams %+v", s.Teams)
	}
	if want := []Judge{{Judge: "plurality"}, {Judge: "plurality"}, {Judge: "AggLM"}}; !reflect.DeepEqual(s.Judges, want) {
		t.Errorf("judges %+v", s.Judges)
	}
}

func TestANameIsTheFilesUnlessItSaysOtherwise(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{"seed: 1\n": "trial.2", "name: own\n": "own"} {
		path := filepath.Join(dir, "trial.2.yaml")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if s, err := Load(path); err != nil || s.Name != want {
			t.Errorf("%q: name %q, %v; want %q", text, s.Name, err, want)
		}
	}
}

// FuzzParse holds that no text makes Parse or Check panic, and that what is parsed can be written and parsed again.
func FuzzParse(f *testing.F) {
	for _, text := range examples(f) {
		f.Add([]byte(text))
	}
	f.Add([]byte(everything))
	f.Add([]byte("a: &a [*a, *a]\n"))
	f.Add([]byte("models: {a: &a {<<: *a}}\nteams: {t: *a}\njudges: *a\n"))
	golden, err := os.ReadFile("plan/testdata/errors.golden")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range strings.Split(string(golden), "\n=== ") {
		text, _, _ := strings.Cut(c, "----\n")
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse("x.yaml", data)
		if err != nil {
			return
		}
		_ = s.Check()
		text := s.String()
		again, err := Parse("x.yaml", []byte(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if again.String() != text {
			t.Errorf("got  %s\nwant %s", again, text)
		}
	})
}
