package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/internal/web"
)

// created is when the runs of the tests were made.
var created = time.Date(2026, 11, 23, 18, 2, 0, 0, time.UTC)

// newRun stores records in a new run, and opens it for reading.
func newRun(t *testing.T, recs ...*debate.Record) *store.Run {
	t.Helper()
	r, err := store.Create(t.TempDir(), "exp", store.Meta{Created: created, Planned: len(recs)})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.PutAll(recs); err != nil {
		t.Fatal(err)
	}
	if err := r.Update(func(m *store.Meta) { m.State = store.Finished }); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := store.OpenReadOnly(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	return again
}

// said makes a record of three agents and two rounds, from their answers in the order of speaking. In the second round all hear all, but for the arm "alone".
func said(c debate.Case, key debate.Answer, answers string) *debate.Record {
	q := debate.Question{ID: c.Item, Kind: debate.Choice, Text: "What is " + c.Item + "?", Choices: []string{"one", "two", "three"}}
	tr := &debate.Transcript{Question: q, Agents: []string{"llama", "mistral", "gpt"}}
	for i, a := range answers {
		m := debate.Message{Seq: i, Round: i / 3, From: tr.Agents[i%3]}
		m.Confidence = debate.Sure(.5 + float64(i)/20)
		m.Usage = debate.Usage{Calls: 1}
		if a != '?' {
			m.Answer = debate.Answer(a)
		}
		m.Text = fmt.Sprintf("I say (%c).", a)
		if m.Round > 0 {
			m.Brief.Task = debate.Revise
			for seq := range 3 {
				if seq != i%3 && c.Arm != "alone" {
					m.Heard = append(m.Heard, seq)
				}
			}
		}
		tr.Messages = append(tr.Messages, m)
	}
	leaders := debate.Leaders(debate.Tally(tr.Standing(1), nil))
	v := debate.Verdict{Judge: "plurality", Answer: debate.BreakTie(leaders, 1), Tied: len(leaders) > 1, Tally: debate.Tally(tr.Standing(1), nil)}
	return &debate.Record{Case: c, Key: key, Transcript: tr, Verdicts: []debate.Verdict{v}, Seed: 1}
}

// small is a run with one of everything that lists and transcripts mark.
func small() []*debate.Record {
	failed := said(debate.Case{Arm: "naive", Item: "set/q3"}, "A", "AAA")
	failed.Failed, failed.Verdicts = "round 1: agent gpt: 503", nil
	return []*debate.Record{
		said(debate.Case{Arm: "naive", Item: "set/q1"}, "A", "ABBBBB"), // llama is corrupted
		said(debate.Case{Arm: "alone", Item: "set/q1"}, "A", "ABBABA"), // gpt is corrected
		said(debate.Case{Arm: "naive", Item: "set/q2"}, "C", "ABCABC"), // a tie
		said(debate.Case{Arm: "alone", Item: "set/q2"}, "C", "??????"), // unreadable
		failed,
		said(debate.Case{Arm: "alone", Item: "other/q4", Draw: 1, Repeat: 2}, "B", "BBBBBB"),
	}
}

// attack is what a page must show and not do: whatever it manages to run changes the title.
const attack = `"><script>document.title='owned'</script><img src=x onerror="document.title='owned'"><svg onload=document.title='owned'></textarea></script></style><!--`

// evil is an attack with what acts on screens, told from others by where it stands.
func evil(where string) string { return where + attack + "\x1b[31m\x00\u202e{{.}}" + where + " ends" }

// hostile is a run in which every text is an attack, and replies are a million characters long.
func hostile() []*debate.Record {
	var recs []*debate.Record
	for _, arm := range []string{evil("arm1"), evil("arm2")} {
		tr := &debate.Transcript{Agents: []string{evil("agent1"), evil("agent2")},
			Question: debate.Question{ID: "set/" + evil("item"), Text: evil("question"), Choices: []string{evil("choice1"), evil("choice2")}}}
		body, _ := json.Marshal(map[string]string{"prompt": evil("request")})
		for seq := range 4 {
			m := debate.Message{Seq: seq, Round: seq / 2, From: tr.Agents[seq%2]}
			m.Text, m.Thinking = evil("text")+strings.Repeat(" word", 200_000)+evil("end of text"), evil("thinking")
			m.Answer, m.Confidence = debate.Answer(evil(fmt.Sprintf("answer%d", seq))), debate.Sure(.5)
			m.Exchanges = []debate.Exchange{{Model: evil("model"), Served: evil("served"), Finish: evil("finish"), Request: body, Response: body}}
			if m.Round > 0 {
				m.Heard = []int{0, 1}
			}
			tr.Messages = append(tr.Messages, m)
		}
		failed := debate.Message{Seq: 4, Round: 2, From: tr.Agents[0], Failed: evil("failure"), FailureKind: "server"}
		tr.Messages = append(tr.Messages, failed)
		reply := debate.Message{Seq: 5, Round: 3, From: evil("chair"), Reply: debate.Reply{Text: evil("aggregate")}}
		recs = append(recs, &debate.Record{Case: debate.Case{Arm: arm, Item: tr.Question.ID}, Key: debate.Answer(evil("key")), Transcript: tr, Verdicts: []debate.Verdict{
			{Judge: evil("judge"), Answer: debate.Answer(evil("verdict")), Why: evil("why"), Tied: true, Tally: map[debate.Answer]float64{debate.Answer(evil("tally")): 1}, Reply: &reply},
			{Judge: evil("judge2"), Failed: evil("undecided")},
		}})
	}
	dead := &debate.Record{Case: debate.Case{Arm: evil("arm1"), Item: "set/dead"}, Key: "A", Failed: evil("dead")}
	return append(recs, dead)
}

// options are those of the runs of the tests.
func options(recs []*debate.Record) web.Options {
	o := web.Options{Title: "exp-2026-11-23-1802", Name: "exp"}
	seen := map[string]bool{}
	for _, rec := range recs {
		if !seen[rec.Case.Arm] {
			seen[rec.Case.Arm] = true
			o.Arms = append(o.Arms, rec.Case.Arm)
		}
	}
	return o
}
