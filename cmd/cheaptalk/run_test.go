package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/cache"
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
	if code := run(ctx, nil, args, &out, &err); code != want {
		t.Fatalf("cheaptalk %s: exit code %d, not %d\n%s%s", strings.Join(args, " "), code, want, &out, &err)
	}
	return out.String(), err.String()
}

// TestAnInterruptedRunIsResumedToTheSameEnd interrupts a run of a real model in the middle of a debate, resumes it, and compares
// it with a run that was not interrupted, byte by byte. What was asked before is not asked again.
func TestAnInterruptedRunIsResumedToTheSameEnd(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("CHEAPTALK_CACHE", "cache")
	s := newServer("ok")
	t.Cleanup(s.Close)
	args := []string{"run", "--team", "m@" + s.URL + ",m@" + s.URL, "--dataset", "sample-choices", "--limit", "6", "--rounds", "1", "--workers", "1"}
	cheaptalk(t, exitDone, append(args, "--name", "whole")...)
	all := s.count()
	whole, _ := cheaptalk(t, exitDone, "export", "whole")
	t.Setenv("CHEAPTALK_CACHE", "another") // in which nothing is yet

	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	half := all + all/2
	s.tell(func(n int) {
		if n == half {
			interrupt()
		}
	})
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
	if !strings.Contains(stdout, ": "+message[1]+" of 30 debates were recorded before\n") {
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
		cheaptalk(t, exitDone, "run", "--limit", "10", "--store", kind, "--name", kind, "--no-plots")
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

// TestNoKeyIsWrittenAnywhere plants a key of its own wherever a user may put one, runs against a server and a collector that repeat what they are sent
// in errors and in answers, and looks for the keys in all that was printed and written.
func TestNoKeyIsWrittenAnywhere(t *testing.T) {
	planted := map[string]string{
		"the key of the flags":           "sk-planted-0123456789abcdef",
		"the key of the file":            "PlantedInTheFile0123456789",
		"the header of the collector":    "planted-in-a-header-0123",
		"the bearer of the collector":    "PlantedBearer+/0123456789",
		"the password of the server":     "planted-password-01",
		"the password of the collector":  "planted-password-02",
		"the key in a query":             "planted-in-a-query-01",
		"the key written into the file":  "PlantedLiteral0123456789",
		"the header that cannot be read": "planted-malformed-0123",
	}
	t.Chdir(t.TempDir())
	t.Setenv("CHEAPTALK_CACHE", "cache")
	s := newServer("echo")
	t.Cleanup(s.Close)
	c := newCollector(t, http.StatusInternalServerError)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", strings.Replace(c.URL, "://", "://me:"+planted["the password of the collector"]+"@", 1))
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key="+planted["the header of the collector"]+
		",authorization=Bearer%20"+url.PathEscape(planted["the bearer of the collector"])+","+planted["the header that cannot be read"])
	t.Setenv("CHEAPTALK_KEY", planted["the key of the flags"])
	t.Setenv("PLANTED", planted["the key of the file"])
	for name, model := range map[string]string{
		"x.yaml":       "url: URL, key: '${PLANTED}'",
		"query.yaml":   "url: 'URL/?key=" + planted["the key in a query"] + "'",
		"user.yaml":    "url: 'http://me:" + planted["the password of the server"] + "@127.0.0.1:1'",
		"literal.yaml": "url: URL, key: " + planted["the key written into the file"],
	} {
		file := "datasets: [sample-numbers]\nmodels: {m: {" + model + "}}\nteams: {t: [m, m]}\narms: [{protocol: naive, rounds: 1, on_failure: abstain}]\n"
		if err := os.WriteFile(name, []byte(strings.Replace(file, "URL", s.URL, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	printed := map[string]string{}
	try := func(want int, args ...string) {
		stdout, stderr := cheaptalk(t, want, args...)
		printed[strings.Join(args, " ")] = stdout + stderr
	}
	try(exitErrors, "run", "--team", "m@"+s.URL+",m@"+s.URL, "--dataset", "sample-numbers", "--limit", "5", "--protocol", "independent,naive", "--rounds", "1", "--name", "flags", "--log-file", "log")
	try(exitErrors, "run", "x.yaml", "--limit", "12", "--name", "file", "--log-file", "log")
	try(exitDone, "run", "x.yaml", "--print-spec")
	try(exitFailed, "ask", "Who?", "--team", strings.Repeat(",m@"+s.URL, 6)[1:], "--rounds", "2", "--json", "--log-file", "log")
	for _, args := range [][]string{
		{"run", "query.yaml"}, {"run", "user.yaml"}, {"run", "literal.yaml"},
		{"ask", "Who?", "--team", "m@http://me:" + planted["the password of the server"] + "@127.0.0.1:1"},
	} {
		_, stderr := cheaptalk(t, exitUsage, append(args, "--log-file", "log")...)
		printed[strings.Join(args[:2], " ")+" is refused"] = stderr
	}
	heard := 0
	for _, ref := range []string{"flags", "file"} {
		try(exitDone, "export", ref, "--calls")
		try(exitDone, "show", ref, "--failed", "--prompts", "--limit", "100")
		try(exitDone, "show", ref, "sample-numbers/n01", "--prompts")
		try(exitDone, "show", ref, "sample-numbers/n02", "--prompts")
		try(exitDone, "report", ref)
		heard += strings.Count(printed["export "+ref+" --calls"], "You sent Bearer [key]")
	}
	log, err := os.ReadFile("log")
	switch {
	case heard == 0 || !strings.Contains(printed["show flags --failed --prompts --limit 100"], "Incorrect API key provided: Bearer [key]"):
		t.Fatal("the server did not repeat the key")
	case err != nil || !bytes.Contains(log, []byte("Incorrect API key provided: Bearer [key]")) || !bytes.Contains(log, []byte("you sent map[")):
		t.Fatalf("the log holds no answer of the servers: %v", err)
	case !slices.ContainsFunc(c.headers, func(h http.Header) bool {
		return h.Get("X-Api-Key") == planted["the header of the collector"] && strings.Contains(h.Get("Authorization"), planted["the bearer of the collector"])
	}):
		t.Fatalf("the collector was not sent its keys: %v", c.headers)
	}
	look := func(where, text string) {
		for what, secret := range planted {
			if strings.Contains(text, secret) {
				t.Errorf("%s is in %s", what, where)
			}
		}
	}
	for command, text := range printed {
		look("what cheaptalk "+command+" prints", text)
	}
	look("what the collector got", string(c.bodies))
	for _, ours := range []string{"query.yaml", "user.yaml", "literal.yaml"} {
		if err := os.Remove(ours); err != nil {
			t.Fatal(err)
		}
	}
	files := map[string]int{}
	err = filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[strings.Split(path, string(filepath.Separator))[0]]++
		b, err := os.ReadFile(path)
		look(path, string(b))
		return err
	})
	if err != nil || files["runs"] < 20 || files["cache"] == 0 || files["log"] != 1 {
		t.Errorf("files: %v, %v", files, err)
	}
	// What is in the databases is compressed: look into them too.
	completions, err := cache.Open(filepath.Join("cache", "completions.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer completions.Close()
	cached := 0
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
			look("a shared response of "+ref, name+string(response))
			kept, ok, err := completions.Get(name)
			if ok {
				cached++
			}
			look("the cache", string(kept))
			return err
		})
		if err = errors.Join(err, r.Close()); err != nil {
			t.Error(err)
		}
	}
	if cached == 0 {
		t.Error("nothing was cached")
	}
}
