package agents

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs; got:\n%s", file, got)
	}
}

func mustPrompts(t testing.TB, name string) *Prompts {
	t.Helper()
	p, err := LoadPrompts(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sky and apples are questions; the third kind is capital.
var (
	sky     = debate.Question{ID: "q/1", Text: "Why is the sky blue?", Choices: []string{"paint", "scattering", "the sea"}, Kind: debate.Choice}
	apples  = debate.Question{ID: "q/2", Text: "Ann has 3 apples and buys 4. How many has she?", Kind: debate.Number}
	capital = debate.Question{ID: "q/3", Text: "What is the capital of France?", Kind: debate.Open}
)

// said is a message of a transcript.
func said(seq, round int, from, text string, task debate.Task, heard ...int) debate.Message {
	return debate.Message{Seq: seq, Round: round, From: from, Brief: debate.Brief{Task: task}, Heard: heard,
		Reply: debate.Reply{Text: text, Confidence: extract.ReadConfidence(text)}}
}

// capture is a model that keeps the last request and answers with fixed texts.
type capture struct {
	req   Request
	reply Completion
}

func (c *capture) Name() string { return "captured" }

func (c *capture) Complete(_ context.Context, req Request) (Completion, error) {
	c.req = req
	return c.reply, nil
}

// show writes a request as text.
func show(req Request) string {
	var b strings.Builder
	b.WriteString("system> " + req.System + "\n")
	for _, m := range req.Messages {
		who := "user"
		if m.Role == Assistant {
			who = "assistant"
		}
		b.WriteString(who + "> " + m.Text + "\n")
	}
	return b.String()
}
