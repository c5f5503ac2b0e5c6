package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/internal/store/runs"
)

// cheaptalk runs a command line in this process and wants that exit code.
func cheaptalk(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	return cheaptalkUntil(t.Context(), t, want, args...)
}

func cheaptalkUntil(ctx context.Context, t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	if code := run(ctx, args, &out, &err); code != want {
		t.Fatalf("cheaptalk %s: exit code %d, not %d\n%s%s", strings.Join(args, " "), code, want, &out, &err)
	}
	return out.String(), err.String()
}

// TestAnInterruptedRunIsResumedToTheSameEnd interrupts a run of a real model in the middle of a debate, resumes it, and compares
// it with a run that was not interrupted, byte by byte. What was asked before is not asked again.
func TestAnInterruptedRunIsResumedToTheSameEnd(t *testing.T) {
	t.Chdir(t.TempDir())
	s := newServer("ok")
	t.Cleanup(s.Close)
	args := []string{"run", "--team", "m@" + s.URL + ",m@" + s.URL, "--dataset", "sample-choices", "--limit", "6", "--rounds", "1", "--workers", "1"}
	cheaptalk(t, exitDone, append(args, "--name", "whole")...)
	all := s.count()
	whole, _ := cheaptalk(t, exitDone, "export", "whole")

	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	half := all + all/2
	s.onAsk = func(n int) {
		if n == half {
			interrupt()
		}
	}
	_, stderr := cheaptalkUntil(ctx, t, exitStopped, append(args, "--name", "parts")...)
	message := regexp.MustCompile(`^error: interrupted\n  (\d+) of 30 debates are recorded in runs/parts-\S+\n  cheaptalk run --resume (\S+) goes on with the other (\d+)\n$`).FindStringSubmatch(stderr)
	if message == nil || message[1] == "0" || message[3] == "0" {
		t.Fatalf("said %s", stderr)
	}
	if list, _ := cheaptalk(t, exitDone, "list"); !strings.Contains(list, message[1]+"/30") || !strings.Contains(list, "interrupted") {
		t.Errorf("listed as\n%s", list)
	}

	before := s.count()
	stdout, _ := cheaptalk(t, exitDone, "run", "--resume", message[2], "--workers", "3")
	if !strings.Contains(stdout, "resumed: "+message[1]+" of 30 debates were recorded before\n") {
		t.Errorf("said %s", stdout)
	}
	if again := s.count() - before; again >= all-all/2+10 {
		t.Errorf("%d requests after %d of %d", again, before-all, all)
	}
	if parts, _ := cheaptalk(t, exitDone, "export", "parts"); parts != whole {
		t.Errorf("the resumed run differs: %d bytes, not %d", len(parts), len(whole))
	}
	if list, _ := cheaptalk(t, exitDone, "list"); strings.Contains(list, "interrupted") {
		t.Errorf("listed as\n%s", list)
	}
}

// TestACompactRunHasTheSameAnswers compares all but what a compact run leaves out.
func TestACompactRunHasTheSameAnswers(t *testing.T) {
	t.Chdir(t.TempDir())
	answers := map[string][]string{}
	for _, kind := range []string{"full", "compact"} {
		cheaptalk(t, exitDone, "run", "--limit", "10", "--store", kind, "--name", kind)
		export, _ := cheaptalk(t, exitDone, "export", kind)
		for line := range strings.Lines(export) {
			var rec debate.Record
			if err := json.Unmarshal([]byte(line), &rec); err != nil {
				t.Fatal(err)
			}
			said := rec.Case.String()
			for _, m := range rec.Transcript.Messages {
				said += " " + m.From + ":" + string(m.Answer)
				if (m.Text == "") != (kind == "compact") {
					t.Fatalf("%s %s: %q", kind, rec.Case, m.Text)
				}
			}
			for _, v := range rec.Verdicts {
				said += " " + v.Judge + ":" + string(v.Answer)
			}
			answers[kind] = append(answers[kind], said)
		}
	}
	if len(answers["full"]) != 180 || strings.Join(answers["full"], "\n") != strings.Join(answers["compact"], "\n") {
		t.Errorf("%d records and %d differ", len(answers["full"]), len(answers["compact"]))
	}
}

// TestNoKeyIsWrittenAnywhere runs against a server that repeats the key in errors and in answers, and looks for it in all that
// was printed and written.
func TestNoKeyIsWrittenAnywhere(t *testing.T) {
	const key = "sk-planted-0123456789abcdef"
	t.Chdir(t.TempDir())
	s := newServer("echo")
	t.Cleanup(s.Close)
	t.Setenv("CHEAPTALK_KEY", key)
	t.Setenv("PLANTED", key)
	file := "datasets: [sample-numbers]\nmodels: {m: {url: URL, key: '${PLANTED}'}}\nteams: {t: [m, m]}\narms: [{protocol: naive, rounds: 1, on_failure: abstain}]\n"
	if err := os.WriteFile("x.yaml", []byte(strings.Replace(file, "URL", s.URL, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	printed := map[string]string{}
	try := func(want int, args ...string) {
		stdout, stderr := cheaptalk(t, want, args...)
		printed[strings.Join(args, " ")] = stdout + stderr
	}
	try(exitErrors, "run", "--team", "m@"+s.URL+",m@"+s.URL, "--dataset", "sample-numbers", "--limit", "5", "--protocol", "independent,naive", "--rounds", "1", "--name", "flags")
	try(exitErrors, "run", "x.yaml", "--limit", "12", "--name", "file")
	try(exitDone, "run", "x.yaml", "--print-spec")
	heard := 0
	for _, ref := range []string{"flags", "file"} {
		try(exitDone, "export", ref, "--calls")
		try(exitDone, "show", ref, "--failed", "--prompts", "--limit", "100")
		try(exitDone, "show", ref, "sample-numbers/n01", "--prompts")
		try(exitDone, "show", ref, "sample-numbers/n02", "--prompts")
		try(exitDone, "report", ref)
		heard += strings.Count(printed["export "+ref+" --calls"], "You sent Bearer [key]")
	}
	if heard == 0 || !strings.Contains(printed["show flags --failed --prompts --limit 100"], "Incorrect API key provided: Bearer [key]") {
		t.Fatal("the server did not repeat the key")
	}
	for command, text := range printed {
		if strings.Contains(text, key) {
			t.Errorf("cheaptalk %s prints the key", command)
		}
	}
	files := 0
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(key)) {
			t.Errorf("the key is in %s", path)
		}
		return err
	})
	if err != nil || files < 20 {
		t.Errorf("%d files, %v", files, err)
	}
	// What is in the database is compressed: look into it too.
	for _, ref := range []string{"flags", "file"} {
		dir, err := runs.Resolve(t.Context(), "runs", ref)
		if err != nil {
			t.Fatal(err)
		}
		r, err := store.OpenReadOnly(dir)
		if err != nil {
			t.Fatal(err)
		}
		err = r.Shared(t.Context(), func(name string, response []byte) error {
			if strings.Contains(name+string(response), key) {
				t.Errorf("the key is in a shared response of %s", ref)
			}
			return nil
		})
		if err = errors.Join(err, r.Close()); err != nil {
			t.Error(err)
		}
	}
}
