package runlog

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// TestSecretsAreCutInEveryForm cuts what is known and what looks like a key, and nothing else.
func TestSecretsAreCutInEveryForm(t *testing.T) {
	const key = `pla"nted/key+0123`
	s := NewSecrets(append(append(HeaderValues("a=first-header-value,b=Bearer%20second-header, malformed-header"), UserOf("https://me:pass-word-1@h")...), key, "none")...)
	for text, want := range map[string]string{
		"key " + key + ".":                                      "key [key].",
		`{"k":"pla\"nted/key+0123"}`:                            `{"k":"[key]"}`,
		"?k=pla%22nted%2Fkey%2B0123":                            "?k=[key]",
		"b64 " + base64.StdEncoding.EncodeToString([]byte(key)): "b64 [key]",
		"first-header-value second-header malformed-header":     "[key] [key] [key]",
		"me with pass-word-1":                                   "me with [key]",
		"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("me:pass-word-1")): "Authorization: Basic [key]",
		"post http://u:p@host/x":                            "post http://[key]@host/x",
		"mail a@b and http://host/a@b":                      "mail a@b and http://host/a@b",
		"Incorrect API key: sk-proj-abc_DEF-12345678":       "Incorrect API key: [key]",
		"authorization: bearer abcdef.123":                  "authorization: [key]",
		"gsk_abcdefghij hf_abcdefghij":                      "[key] [key]",
		"none of the task-oriented risk-averse basic ideas": "none of the task-oriented risk-averse basic ideas",
		"the bearer of news":                                "the bearer of news",
	} {
		if got := s.Cut(text); got != want {
			t.Errorf("%q is cut to %q, want %q", text, got, want)
		}
	}
	if got := (Secrets{}).Cut("sk-0123456789 " + key); got != "[key] "+key {
		t.Errorf("without secrets: %q", got)
	}
}

// lines reads a log.
func lines(t *testing.T, text string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(text) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		delete(m, "time")
		delete(m, "total_ms")
		all = append(all, m)
	}
	return all
}

// TestTheLogTellsEachCall compares the lines of calls that end in each way.
func TestTheLogTellsEachCall(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	for range 2 { // it is appended to
		l, err := Open(path, NewSecrets("planted-key-1"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		m := l.Model("m", "http://user:planted-key-1@h:1/v1?k=planted-key-1", agents.ModelFunc(func(ctx context.Context, req agents.Request) (agents.Completion, error) {
			switch req.Round {
			case 1:
				l.Retried(ctx, "m", req, 1, &agents.StatusError{Status: 429, Message: "slow, planted-key-1"}, 1500*time.Millisecond)
				return agents.Completion{}, &agents.StatusError{Status: 500, URL: "http://h", Message: "you sent planted-key-1"}
			case 2:
				cancel()
				return agents.Completion{}, ctx.Err()
			}
			return agents.Completion{Text: "REPLY", Finish: "stop", Usage: debate.Usage{PromptTokens: 10, CompletionTokens: 5},
				Exchange: debate.Exchange{Served: "s", Attempts: 2, Took: 1500 * time.Microsecond, Cached: true}}, nil
		}))
		for round := range 3 {
			m.Complete(ctx, agents.Request{Scope: "q/1", Round: round, Sample: 4, Messages: []agents.Message{{Text: "PROMPT"}}})
		}
		l.Event(debate.Recorded{Record: &debate.Record{Case: debate.Case{Arm: "a", Item: "q/1", Draw: 1}, Took: time.Second}})
		l.Event(debate.Recorded{Record: &debate.Record{Case: debate.Case{Arm: "a", Item: "q/2"}, Failed: "planted-key-1!", FailureKind: "timeout"}})
		l.Event(debate.In{})
		l.Logger().Info("odd", "struct", struct{ Key string }{"planted-key-1"}, "err", errors.New("planted-key-1"), "n", 7,
			slog.Group("g", "in", "planted-key-1"), "bytes", []byte("planted-key-1"))
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"planted-key-1", "PROMPT", "REPLY"} {
		if bytes.Contains(b, []byte(text)) {
			t.Errorf("the log holds %q:\n%s", text, b)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	got := lines(t, string(b))
	want := lines(t, `{"level":"INFO","msg":"call","model":"m","question":"q/1","round":0,"sample":4,"again":0,"url":"http://h:1/v1","took_ms":1.5,"attempts":2,"shared":false,"cached":true,"prompt_tokens":10,"completion_tokens":5,"served":"s","finish":"stop"}
{"level":"WARN","msg":"retry","model":"m","question":"q/1","round":1,"sample":4,"again":0,"attempt":1,"wait_ms":1500,"kind":"rate limit","error":": 429 Too Many Requests: slow, [key] (ask more slowly)"}
{"level":"WARN","msg":"call failed","model":"m","question":"q/1","round":1,"sample":4,"again":0,"url":"http://h:1/v1","kind":"server error","error":"http://h: 500 Internal Server Error: you sent [key]"}
{"level":"INFO","msg":"call interrupted","model":"m","question":"q/1","round":2,"sample":4,"again":0,"url":"http://h:1/v1"}
{"level":"INFO","msg":"debate recorded","arm":"a","item":"q/1","draw":1,"repeat":0,"took_ms":1000}
{"level":"WARN","msg":"debate failed","arm":"a","item":"q/2","draw":0,"repeat":0,"took_ms":0,"kind":"timeout","error":"[key]!"}
`)
	if len(got) != 2*(len(want)+1) {
		t.Fatalf("%d lines:\n%s", len(got), b)
	}
	for i, w := range want {
		if fmt.Sprint(got[i]) != fmt.Sprint(w) {
			t.Errorf("line %d is\n%v\nwant\n%v", i+1, got[i], w)
		}
	}
	if n := got[6]["n"]; n != 7.0 {
		t.Errorf("a number is %v", n)
	}
}

// TestNoLogCostsNothing wants a nil log to put nothing around a model and to take everything.
func TestNoLogCostsNothing(t *testing.T) {
	var none *Log
	inner := &model{}
	if got := none.Model("m", "", inner); got != agents.Model(inner) {
		t.Errorf("the model is %v", got)
	}
	none.Event(debate.Recorded{Record: &debate.Record{}})
	none.Retried(t.Context(), "m", agents.Request{}, 1, errors.New("x"), 0)
	none.Logger().Warn("x")
	if err := none.Close(); err != nil {
		t.Error(err)
	}
}

func TestALogThatCannotBeOpened(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "no", "log"), Secrets{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// full is a disk without room.
type full struct{ writes int }

func (f *full) Write([]byte) (int, error) { f.writes++; return 0, errors.New("disk full") }
func (f *full) Close() error              { return errors.New("still full") }

// TestAFailedWriteIsToldOnce wants the first failure from Close and no more writes after it.
func TestAFailedWriteIsToldOnce(t *testing.T) {
	disk := &full{}
	w := &file{to: disk}
	l := &Log{out: slog.New(handler(w, Secrets{})), file: w}
	for range 3 {
		l.Event(debate.Recorded{Record: &debate.Record{}})
	}
	if err := l.Close(); err == nil || err.Error() != "disk full" || disk.writes != 1 {
		t.Errorf("%v after %d writes", err, disk.writes)
	}
}
