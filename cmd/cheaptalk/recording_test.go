package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheGuidesShowTheRecording makes a run of the recording that comes with the program and holds what the guides print of it against what comes out.
func TestTheGuidesShowTheRecording(t *testing.T) {
	module := absolute(t, root)
	t.Chdir(t.TempDir())
	printed := func(args ...string) string {
		t.Helper()
		stdout, _ := cheaptalk(t, exitDone, args...)
		return stdout
	}
	printed("import", "--demo")
	report := printed("report", "last", "--no-plots")
	guide(t, filepath.Join(module, "README.md"), map[string]string{"## Three real models": report})
	tutorial := map[string]string{
		"In this one":             printed("show", "last", "csqa/615", "naive"),
		"The same question under": printed("show", "last", "csqa/615", "consensus-penalized"),
		"says what was predicted": printed("predict", "--check", filepath.Join(module, "examples", "predicted", "prediction.yaml"), "last"),
	}
	for _, marker := range []string{"## Was it held", "## Did the talk help", "## How sure is that", "## What flipped", "## Talk or second thoughts", "The same for the flips", "## Who decides", "## Would voting have done", "## What confidence is worth"} {
		tutorial[marker] = report
	}
	guide(t, filepath.Join(module, "docs", "tutorial.md"), tutorial)

	_, hits, _ := strings.Cut(printed("validate", "live"), "\n## ")
	validation, err := os.ReadFile(filepath.Join(module, "docs", "VALIDATION.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(validation), "\n## "+hits) {
		t.Errorf("docs/VALIDATION.md does not say\n## %s", hits)
	}

	// All of it comes out of the texts again: no answer is another one, votes are counted anew, and every table is the same.
	rescored := printed("rescore", "last", "--reading", "flexible")
	first, tables, _ := strings.Cut(rescored, "\n\n")
	if !strings.HasPrefix(first, "flexible reading: 0 of ") || strings.Contains(first, "another confidence") {
		t.Errorf("rescore says %q", first)
	}
	tables = strings.ReplaceAll(tables, " · three-small-models, flexible reading", " · three-small-models")
	for _, table := range strings.Split(strings.TrimSpace(tables), "\n\n") {
		if !strings.Contains(report, table+"\n") {
			t.Errorf("the report has no\n%s", table)
		}
	}
	if n := strings.Count(tables, " · three-small-models\n"); n < 15 {
		t.Errorf("%d tables", n)
	}
}
