package examples_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
	"cheaptalk/internal/exchange"
)

var update = flag.Bool("update", false, "write the tables of docs/PILOT.md again")

// settings are the ways of asking that were tried, and sets the data sets, in the order of the tables.
var (
	settings = []string{"plain", "wynn2025", "turns", "system", "cold"}
	sets     = []struct{ name, title string }{{"mmlu", "MMLU"}, {"csqa", "CommonsenseQA"}, {"gsm8k", "GSM8K"}}
	models   = []string{"smollm2-135m", "qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"}
)

// cell is the replies of one model to one data set, asked in one way.
type cell struct{ replies, readable, right, cut, stated, tokens int }

// TestTheTablesOfThePilotAreThoseOfItsReplies reads the recorded replies of the pilot again and holds docs/PILOT.md against what they are.
func TestTheTablesOfThePilotAreThoseOfItsReplies(t *testing.T) {
	cells := map[[3]string]cell{}
	for _, setting := range settings {
		files, err := exchange.Sort([]string{filepath.Join("recorded", "three-small-models", "pilot-"+setting+".jsonl.gz")})
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range files.Records() {
			if err != nil {
				t.Fatal(err)
			}
			set, _, _ := strings.Cut(rec.Case.Item, "/")
			for _, m := range rec.Transcript.Messages {
				if reading := extract.Read(rec.Transcript.Question, m.Text); reading != m.Reading {
					t.Errorf("%s, %s, %s: reads %+v, recorded %+v", setting, rec.Case.Item, m.From, reading, m.Reading)
				}
				at := [3]string{setting, set, m.From}
				c := cells[at]
				c.replies++
				c.tokens += m.Usage.CompletionTokens
				for count, is := range map[*int]bool{
					&c.readable: m.Answer != "", &c.right: debate.Grade(m.Answer, rec.Key) == debate.Correct, &c.cut: m.CutOff, &c.stated: m.Sources.Stated.Stated,
				} {
					if is {
						*count++
					}
				}
				cells[at] = c
			}
		}
	}
	path := filepath.Join("..", "docs", "PILOT.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	for _, table := range []struct {
		title string
		of    func(cell) int
	}{
		{"readable", func(c cell) int { return percent(c.readable, c) }},
		{"right", func(c cell) int { return percent(c.right, c) }},
		{"cut off", func(c cell) int { return percent(c.cut, c) }},
		{"confidence stated", func(c cell) int { return percent(c.stated, c) }},
		{"new tokens", func(c cell) int { return int(math.Round(float64(c.tokens) / float64(c.replies))) }},
	} {
		head := fmt.Sprintf("| %s | | %s |\n", table.title, strings.Join(settings, " | "))
		want := head + "|---|---|" + strings.Repeat("---|", len(settings)) + "\n"
		for _, set := range sets {
			for _, model := range models {
				want += fmt.Sprintf("| %s | %s |", set.title, model)
				for _, setting := range settings {
					c := cells[[3]string{setting, set.name, model}]
					if c.replies != 30 && c.replies != 0 {
						t.Errorf("%s, %s, %s: %d replies", setting, set.name, model, c.replies)
					}
					if c.replies == 0 {
						want += " – |"
						continue
					}
					want += fmt.Sprintf(" %d |", table.of(c))
				}
				want += "\n"
			}
		}
		start := strings.Index(doc, head)
		if start < 0 {
			t.Errorf("docs/PILOT.md has no table of what is %s, whose head is\n%s", table.title, head)
			continue
		}
		end := start + max(strings.Index(doc[start:]+"\n\n", "\n\n"), 0) + 1
		if got := doc[start:min(end, len(doc))]; got != want && !*update {
			t.Errorf("docs/PILOT.md says\n%s\nthe replies are\n%s", got, want)
		}
		doc = doc[:start] + want + doc[min(end, len(doc)):]
	}
	if *update && doc != string(text) {
		if err := os.WriteFile(path, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func percent(k int, c cell) int { return int(math.Round(100 * float64(k) / float64(c.replies))) }
