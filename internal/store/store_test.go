package store

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cheaptalk/debate"
)

// sample returns a record of three agents and three rounds in which all hear all, decided by five judges, one of which speaks.
// The same case gives the same record. Texts and calls are as long as those of small models.
func sample(c debate.Case) *debate.Record {
	rng := debate.NewRand(1, c.String())
	q := debate.Question{ID: c.Item, Kind: debate.Choice, Text: "Why is the sky blue? " + c.Item, Choices: []string{"the Sun", "the sea", "the air", "the eye"}}
	t := &debate.Transcript{Question: q, Agents: []string{"llama-3.1-8b", "mistral-7b", "gpt-4o-mini"}}
	for round := range 3 {
		var heard []int
		for seq := (round - 1) * 3; round > 0 && seq < round*3; seq++ {
			heard = append(heard, seq)
		}
		for _, name := range t.Agents {
			m := debate.Message{Seq: len(t.Messages), Round: round, From: name, Heard: heard}
			if round > 0 {
				m.Brief = debate.Brief{Task: debate.Revise, Confidence: debate.ReConcile}
			}
			m.Reply = reply(rng, q, round)
			t.Messages = append(t.Messages, m)
		}
	}
	rec := &debate.Record{Case: c, Key: debate.Letter(rng.IntN(4)), Transcript: t, Simulated: true, Seed: c.Seed(1), Took: time.Duration(rng.IntN(1e6))}
	for _, judge := range []string{"plurality", "confidence", "trajectory", "round 0"} {
		rec.Verdicts = append(rec.Verdicts, debate.Verdict{Judge: judge, Answer: t.Messages[6+rng.IntN(3)].Answer, Why: "two of three said so",
			Tied: rng.IntN(8) == 0, Tally: debate.Tally(t.Standing(2), func(m debate.Message) float64 { return debate.ReConcile.Weight(m.Confidence) })})
	}
	last := debate.Message{Seq: 9, Round: 3, From: "chair", Heard: []int{6, 7, 8}, Brief: debate.Brief{Task: debate.Aggregate}, Reply: reply(rng, q, 3)}
	rec.Verdicts = append(rec.Verdicts, debate.Verdict{Judge: "agglm", Answer: last.Answer, Reply: &last, Usage: last.Usage})
	return rec
}

func reply(rng *rand.Rand, q debate.Question, round int) debate.Reply {
	words := strings.Fields("the air scatters short waves of light more than long ones so that from everywhere but the Sun blue reaches the eye " +
		"while another view holds that water mirrors its colour which does not explain deserts and therefore we conclude")
	var text strings.Builder
	for range 120 {
		text.WriteString(words[rng.IntN(len(words))] + " ")
	}
	a := debate.Letter(rng.IntN(4))
	fmt.Fprintf(&text, "The answer is (%s).", a)
	r := debate.Reply{Text: text.String(), Answer: a, Reading: debate.Reading{Strict: a, Flexible: a}, Usage: debate.Usage{Calls: 1}}
	if rng.IntN(10) > 0 {
		r.Confidence = debate.Sure(float64(rng.IntN(101)) / 100)
	}
	if rng.IntN(20) == 0 {
		r.Answer, r.Reading, r.CutOff, r.Thinking = "", debate.Reading{Flexible: "A"}, true, "hm"
	}
	prompt, _ := json.Marshal(map[string]any{"model": "m", "seed": rng.Uint32(), "prompt": strings.Repeat(q.Text+" ", 10*(round+1)) + text.String()})
	answer, _ := json.Marshal(map[string]any{"id": rng.Uint32(), "text": r.Text})
	r.Exchanges = []debate.Exchange{{Model: "m", Served: "m-0613", URL: "http://127.0.0.1/v1", Request: prompt, Response: answer, Finish: "stop",
		Usage: debate.Usage{Calls: 1, PromptTokens: 400, CompletionTokens: 150, Estimated: round % 2}, Took: time.Second, Attempts: 1, Cached: round == 1, Share: "key " + q.ID + " " + string(a)}}
	return r
}

// bare returns a copy of the record without model calls.
func bare(rec *debate.Record) *debate.Record {
	b := clone(rec)
	for _, m := range replies(b) {
		m.Exchanges = nil
	}
	return b
}

// textless returns a copy of the record without all that compact runs drop.
func textless(rec *debate.Record) *debate.Record {
	b := bare(rec)
	for _, m := range replies(b) {
		m.Text, m.Thinking = "", ""
	}
	for i := range b.Verdicts {
		b.Verdicts[i].Why = ""
	}
	return b
}

func clone(rec *debate.Record) *debate.Record {
	text, err := json.Marshal(rec)
	if err != nil {
		panic(err)
	}
	var b debate.Record
	if err := json.Unmarshal(text, &b); err != nil {
		panic(err)
	}
	return &b
}

// same fails the test when two records differ in what JSON shows of them, which is everything.
func same(t *testing.T, got, want *debate.Record) {
	t.Helper()
	g, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(g) != string(w) {
		t.Errorf("record of %s:\n got %s\nwant %s", want.Case, g, w)
	}
}

func create(t testing.TB, meta Meta) *Run {
	t.Helper()
	r, err := Create(filepath.Join(t.TempDir(), "runs"), "test", meta)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() }) // a second time does nothing
	return r
}

func put(t testing.TB, r *Run, recs ...*debate.Record) {
	t.Helper()
	for _, rec := range recs {
		if err := r.Put(rec); err != nil {
			t.Fatal(err)
		}
	}
}

// collect returns all that an iterator yields, and fails the test on an error.
func collect[T any](t testing.TB, seq func(func(T, error) bool)) []T {
	t.Helper()
	var all []T
	seq(func(v T, err error) bool {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
		return true
	})
	return all
}

// cases returns n cases: two arms and two repeats of each question, three questions in ten draws, and so on, not in their order.
func cases(n int) []debate.Case {
	list := make([]debate.Case, n)
	for i := range list {
		list[i] = debate.Case{Arm: []string{"naive", "confidence"}[i%2], Item: fmt.Sprintf("mmlu/astronomy/%d", i/4), Repeat: i / 2 % 2, Draw: i / 4 % 3}
	}
	return list
}
