package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/mockllm"
)

// matrix is a fault at a rate, or several at once.
type matrix struct {
	name   string
	faults map[mockllm.Fault]float64
}

// faultMatrix has every fault alone at 5 %, 20 % and 100 % of the calls, and all of them mixed.
func faultMatrix() []matrix {
	var all []matrix
	mixed := map[mockllm.Fault]float64{}
	for _, fault := range mockllm.Faults() {
		for _, percent := range []int{5, 20, 100} {
			all = append(all, matrix{fmt.Sprintf("%s/%d%%", fault, percent), map[mockllm.Fault]float64{fault: float64(percent) / 100}})
		}
		mixed[fault] = 0.3 / float64(len(mockllm.Faults()))
	}
	return append(all, matrix{"mixed/30%", mixed})
}

// harmless are the faults after which there still is a completion, with the same answer in it.
var harmless = map[mockllm.Fault]bool{mockllm.Drip: true, mockllm.Duplicate: true, mockllm.BadUTF8: true, mockllm.Controls: true, mockllm.Huge: true}

// TestFaultsChangeNoAnswer runs the command against a server with faults and holds every reply against those of a server without.
// What could not be asked is failed and nothing else; an empty reply is unreadable; where nothing works the run ends soon, with one message,
// and can be gone on with. No goroutine is left.
func TestFaultsChangeNoAnswer(t *testing.T) {
	dir := t.TempDir()
	const questions = 24
	var text bytes.Buffer
	for i := range questions {
		fmt.Fprintf(&text, `{"id":"%d","question":"Which one is number %d?","choices":["one","two","three","four"],"answer":"B"}`+"\n", i, i)
	}
	if err := os.WriteFile(filepath.Join(dir, "questions.jsonl"), text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	right := replies(t, dir, "right", exitDone, nil)
	if len(right) != 2*questions {
		t.Fatalf("%d replies", len(right))
	}
	t.Run("matrix", func(t *testing.T) { // which ends when all that is parallel in it has ended
		for _, m := range faultMatrix() {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				m.check(t, dir, right)
			})
		}
	})
	for range 500 { // connections take a moment to end
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, before it %d", runtime.NumGoroutine(), before)
}

// TestAReplyWithoutEndFailsItsDebate has a server answer with fifty megabytes: nothing of it is kept, and the message says what to do.
func TestAReplyWithoutEndFailsItsDebate(t *testing.T) {
	server, err := mockllm.Start(mockllm.Config{Faults: map[mockllm.Fault]float64{mockllm.Huge: 1}})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	dir := t.TempDir()
	var out, errs bytes.Buffer
	args := []string{"run", "--team", fmt.Sprintf("a@%s/v1", server.URL()), "--dataset", "sample-numbers", "--limit", "1", "--protocol", "independent", "--log-dir", dir, "--no-cache", "--no-plots"}
	if code := run(t.Context(), nil, args, &out, &errs); code != exitErrors {
		t.Errorf("exit code %d, want %d", code, exitErrors)
	}
	if n := server.Stats().Requests; n != 1 || !strings.Contains(out.String(), "reply too long: set max_tokens") {
		t.Errorf("%d requests: %s%s", n, &out, &errs)
	}
	err = filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Size() > 1<<20 {
			t.Errorf("%s has %d bytes", path, info.Size())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// check holds the replies under the faults against those without.
func (m matrix) check(t *testing.T, dir string, right map[string]string) {
	all, safe, empty := false, true, m.faults[mockllm.EmptyText] > 0
	for fault, rate := range m.faults {
		all = all || rate == 1
		safe = safe && harmless[fault]
	}
	code := exitErrors
	switch {
	case safe, empty && len(m.faults) == 1:
		code = exitDone
	case all:
		code = exitStopped
	}
	got := replies(t, dir, strings.NewReplacer("/", "-", "%", "").Replace(m.name), code, m.faults)
	for where, reply := range got {
		if reply == right[where] || reply == "failed" && !safe || reply == "" && empty {
			continue
		}
		t.Errorf("%s: %q, and without faults %q", where, reply, right[where])
	}
	if safe && len(got) != len(right) {
		t.Errorf("%d replies of %d", len(got), len(right))
	}
}

// replies runs two models, each alone, over the questions, and returns the answer to each call by where it was said: "failed" where there is none.
// Any of the exit codes up to the one that is wanted will do where faults come by chance.
func replies(t *testing.T, dir, name string, want int, faults map[mockllm.Fault]float64) map[string]string {
	t.Helper()
	server, err := mockllm.Start(mockllm.Config{Seed: 7, Faults: maps.Clone(faults), DripPause: time.Microsecond, RetryAfter: time.Millisecond, HugeBytes: 1 << 15})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	patience := "30s"
	if faults[mockllm.Hang] > 0 {
		patience = "300ms"
	}
	var out, errs bytes.Buffer
	args := []string{"run", "--team", fmt.Sprintf("a@%[1]s/v1,b@%[1]s/v1", server.URL()), "--dataset", filepath.Join(dir, "questions.jsonl"), "--protocol", "independent",
		"--name", name, "--log-dir", filepath.Join(dir, "runs"), "--no-cache", "--max-retries", "0", "--timeout", patience, "--workers", "8", "--on-failure", "abstain", "--no-plots"}
	start := time.Now()
	code := run(t.Context(), nil, args, &out, &errs)
	if code != want && !(want == exitErrors && (code == exitDone || code == exitStopped)) {
		t.Fatalf("exit code %d, want %d\n%s%s", code, want, &out, &errs)
	}
	if code == exitStopped {
		if n := strings.Count("\n"+errs.String(), "\nerror: "); n != 1 || !strings.Contains(errs.String(), "cheaptalk run --resume") {
			t.Errorf("said %s", &errs)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("it took %v to give up", took)
		}
	}
	if strings.Contains(out.String()+errs.String(), "panic") {
		t.Errorf("a panic: %s%s", &out, &errs)
	}
	for end := time.Now().Add(10 * time.Second); server.Stats().InFlight != 0; time.Sleep(time.Millisecond) { // a server learns a little later that nobody waits
		if time.Now().After(end) {
			t.Errorf("%d requests are still served", server.Stats().InFlight)
			break
		}
	}
	runs, err := filepath.Glob(filepath.Join(dir, "runs", name+"-2*"))
	if err != nil || len(runs) != 1 {
		t.Fatalf("runs %q, %v", runs, err)
	}
	var lines, trouble bytes.Buffer
	if code := run(t.Context(), nil, []string{"export", runs[0]}, &lines, &trouble); code != exitDone {
		t.Fatalf("export: exit code %d: %s", code, &trouble)
	}
	said := map[string]string{}
	for line := range bytes.Lines(lines.Bytes()) {
		var rec debate.Record
		if err := json.Unmarshal(line, &rec); err != nil {
			t.Fatal(err)
		}
		failed := 0
		for _, m := range rec.Transcript.Messages {
			answer := string(m.Answer)
			if m.Failed != "" {
				answer = "failed"
				failed++
				if m.FailureKind == "" || m.Text != "" {
					t.Errorf("%s: failure of kind %q with the text %q", rec.Case, m.FailureKind, m.Text)
				}
			}
			said[rec.Case.Item+" "+m.From] = answer
		}
		if (rec.Failed != "") != (failed == len(rec.Transcript.Messages)) || rec.Failed != "" && len(rec.Verdicts) > 0 {
			t.Errorf("%s: failed %q with %d of %d replies failed and %d verdicts", rec.Case, rec.Failed, failed, len(rec.Transcript.Messages), len(rec.Verdicts))
		}
	}
	return said
}
