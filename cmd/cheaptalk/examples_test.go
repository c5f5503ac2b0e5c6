package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cheaptalk/internal/realdata"
)

// root is the folder of the module as these tests see it.
const root = "../.."

// localServer is the URL of the models in the examples.
var localServer = regexp.MustCompile(`http://127\.0\.0\.1:181\d\d`)

// TestEveryExampleRuns runs the first questions of each file of examples/, with a server of its own where real models are asked.
func TestEveryExampleRuns(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "examples", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	examples := t.TempDir()
	if err := os.CopyFS(examples, os.DirFS(filepath.Join(root, "examples"))); err != nil {
		t.Fatal(err)
	}
	s := newServer("ok")
	t.Cleanup(s.Close)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			t.Setenv("CHEAPTALK_CACHE", t.TempDir())
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), "CHEAPTALK_DATA=FOLDER") {
				t.Setenv("CHEAPTALK_DATA", realdata.Path(t))
			}
			path := filepath.Join(examples, name+".yaml")
			if err := os.WriteFile(path, localServer.ReplaceAll(text, []byte(s.URL)), 0o644); err != nil {
				t.Fatal(err)
			}
			logDir, before := t.TempDir(), s.count()
			stdout, stderr := cheaptalk(t, exitDone, "run", path, "--limit", "2", "--log-dir", logDir, "--no-plots")
			if !strings.HasPrefix(stdout, "cheaptalk  "+name+" · ") || !strings.Contains(stdout, "  0 failed") || stderr != "" {
				t.Errorf("said\n%s%s", stdout, stderr)
			}
			if real := localServer.Match(text); real != (s.count() > before) {
				t.Errorf("%d requests", s.count()-before)
			}
			if export, _ := cheaptalk(t, exitDone, "export", "last", "--log-dir", logDir); strings.Count(export, "\n") < 2 {
				t.Errorf("%d records", strings.Count(export, "\n"))
			}
		})
	}
}

// TestTranscriptsReadLikeConversations holds three debates of the default run against testdata: one in which an agent is talked
// out of the right answer, one in which agents are talked into it, and one in which an agent holds it against the majority.
func TestTranscriptsReadLikeConversations(t *testing.T) {
	logDir := t.TempDir()
	cheaptalk(t, exitDone, "run", "--log-dir", logDir)
	for name, debate := range map[string][]string{
		"corrupted": {"sample-choices/c25", "naive"},
		"corrected": {"sample-choices/c10", "naive"},
		"held-out":  {"sample-choices/c01", "naive"},
	} {
		stdout, _ := cheaptalk(t, exitDone, append([]string{"show", "last", "--prompts", "--log-dir", logDir}, debate...)...)
		short, _ := cheaptalk(t, exitDone, append([]string{"show", "last", "--log-dir", logDir}, debate...)...)
		golden(t, filepath.Join("testdata", name+".golden"), short+"\n"+stdout)
	}
}

// golden compares a text with a file, or rewrites the file.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: run with -update and read the difference\ngot\n%s\nwant\n%s", path, got, want)
	}
}
