package plan

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cheaptalk/internal/spec"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// environment is what getenv sees in the tests.
var environment = map[string]string{"SET": "sk-planted-secret-1", "BROKEN": "sk-planted\nsecret-1"}

func getenv(name string) string { return environment[name] }

// TestErrorsSayWhatWhereAndWhatToDo loads and builds every experiment file of testdata/errors.golden. A case there is a line
// "=== NAME", the file, a line "----" and the error.
func TestErrorsSayWhatWhereAndWhatToDo(t *testing.T) {
	const golden = "testdata/errors.golden"
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("CHEAPTALK_DATA", filepath.Join("testdata", "nodata"))
	var rewritten strings.Builder
	for _, c := range strings.Split("\n"+string(data), "\n=== ")[1:] {
		name, rest, _ := strings.Cut(c, "\n")
		text, want, _ := strings.Cut(rest, "----\n")
		if !strings.HasSuffix(text, "\n") && text != "" {
			t.Fatalf("%s: there is no line ----", name)
		}
		got, want := fault(t, text)+"\n", strings.TrimRight(want, "\n")+"\n"
		fmt.Fprintf(&rewritten, "=== %s\n%s----\n%s\n", name, text, got)
		if got != want && !*update {
			t.Errorf("%s\ngot  %s\nwant %s", name, got, want)
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(rewritten.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// fault returns the error of an experiment file, after checks that hold for every one.
func fault(t *testing.T, text string) string {
	t.Helper()
	s, err := spec.Parse("x.yaml", []byte(text))
	if err == nil {
		err = s.Check()
	}
	checked := err == nil
	if checked {
		_, err = Of(s, Means{Getenv: getenv})
	}
	if err == nil {
		return "no error"
	}
	for _, secret := range []string{"planted", "secret-1"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error holds a secret: %v", err)
		}
	}
	var e *spec.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	if e.Fix == "" && !checked {
		t.Errorf("no fix: %v", err)
	}
	if lines := strings.Split(text, "\n"); e.Text != "" && lines[e.Line-1] != e.Text && !strings.HasSuffix(e.Text, "…") {
		t.Errorf("line %d is %q, not %q", e.Line, lines[e.Line-1], e.Text)
	}
	return err.Error()
}

func TestAMissingFileIsNamed(t *testing.T) {
	_, err := spec.Load("testdata/none.yaml")
	if err == nil || !strings.Contains(err.Error(), "there is no experiment file testdata/none.yaml\n  give the path") {
		t.Errorf("got %v", err)
	}
	if _, err := spec.Load("testdata"); err == nil || !strings.Contains(err.Error(), "read experiment file") {
		t.Errorf("a folder: got %v", err)
	}
}

func TestAMissingKeyNamesVariableAndLine(t *testing.T) {
	text := "datasets: [sample-numbers]\nmodels:\n  gpt:\n    url: http://127.0.0.1:1/v1\n    key: ${UNSET_VARIABLE}\nteams: {t: [gpt]}\narms: [{protocol: independent}]\n"
	s, err := spec.Parse("x.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Of(s, Means{Getenv: getenv})
	want := "model \"gpt\": no key\n  x.yaml:5   key: ${UNSET_VARIABLE}\n  set UNSET_VARIABLE, or run it simulated: --team sim:gpt-4o-mini"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestErrorsWithoutAFileNameNoLine is about a command line that stands for a spec.
func TestErrorsWithoutAFileNameNoLine(t *testing.T) {
	s := &spec.Spec{Datasets: []spec.Dataset{{Name: "sample-numbers"}}, Teams: map[string][]spec.Member{"t": {{Agent: "sim:nobody"}}}}
	err := s.Check()
	if err == nil || strings.Contains(err.Error(), ":0") || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("got %v", err)
	}
}
