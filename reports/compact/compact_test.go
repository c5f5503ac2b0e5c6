package compact_test

import (
	"fmt"
	"math"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports/compact"
	"cheaptalk/reports/internal/sample"
)

// Every row against its record: states, plurality, tie, cost and verdicts, counted from the record itself.
func TestRowsKeepWhatCounts(t *testing.T) {
	run := sample.Run{Items: 60, Repeats: 2}
	records := map[debate.Case]*debate.Record{}
	for rec := range run.Records() {
		records[rec.Case] = rec
	}
	got, err := compact.Collect(run.Records())
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, a := range got.Arms {
		for i := range a.Rows {
			rows++
			r := &a.Rows[i]
			if i > 0 && compact.Compare(&a.Rows[i-1], r) >= 0 {
				t.Fatalf("arm %s: row %d is out of order", a.Name, i)
			}
			name := debate.Case{Arm: a.Name, Item: got.Items[r.Item], Draw: int(r.Draw), Repeat: int(r.Repeat)}
			rec := records[name]
			if rec == nil {
				t.Fatalf("no record of %s", name)
			}
			if r.Failed != (rec.Failed != "") {
				t.Fatalf("%s: failed %v", name, r.Failed)
			}
			if !r.Failed {
				compare(t, a, r, rec)
			}
		}
	}
	if rows != len(records) {
		t.Errorf("%d rows of %d records", rows, len(records))
	}
}

func compare(t *testing.T, a *compact.Arm, r *compact.Row, rec *debate.Record) {
	t.Helper()
	var d compact.Debate
	a.Open(r, &d)
	if len(d.Messages) != len(rec.Transcript.Messages) || len(d.Verdicts) != len(rec.Verdicts) || d.Team != len(rec.Transcript.Agents) {
		t.Fatalf("%s: %d messages and %d verdicts of %d agents", rec.Case, len(d.Messages), len(d.Verdicts), d.Team)
	}
	for i, m := range rec.Transcript.Messages {
		s := &d.Messages[i]
		if a.Agents[s.Agent] != m.From || int(s.Round) != m.Round || compact.Grade(s.Answer, d.Key) != debate.Grade(m.Answer, rec.Key) || s.Failed != (m.Failed != "") {
			t.Fatalf("%s: message %d is kept as %+v", rec.Case, i, s)
		}
		if p, ok := s.Confidence(); ok != (m.Confidence.Stated && m.Answer != "") || ok && math.Abs(p-m.Confidence.Value) > 5e-5 {
			t.Fatalf("%s: confidence %v of message %d is kept as %v", rec.Case, m.Confidence, i, p)
		}
		for j, other := range rec.Transcript.Messages {
			if (s.Answer == d.Messages[j].Answer) != (m.Answer == other.Answer) {
				t.Fatalf("%s: messages %d and %d are no longer the same answer, or are now", rec.Case, i, j)
			}
		}
	}
	transitions(t, &d, rec)
	for i, v := range rec.Verdicts {
		kept := d.Verdicts[i]
		if a.Judges[kept.Judge] != v.Judge || kept.Tied != v.Tied || compact.Grade(kept.Answer, d.Key) != debate.Grade(v.Answer, rec.Key) ||
			kept.Spoke != (v.Reply != nil) || kept.Failed != (v.Failed != "") {
			t.Fatalf("%s: verdict %d is kept as %+v", rec.Case, i, kept)
		}
	}
	leaders := debate.Leaders(debate.Tally(rec.Transcript.Standing(0), nil))
	before := d.VoteBefore()
	if before.Tied != (len(leaders) > 1) || compact.Grade(before.Answer, d.Key) != debate.Grade(debate.BreakTie(leaders, rec.Seed), rec.Key) {
		t.Fatalf("%s: vote before is %+v, leaders %v", rec.Case, before, leaders)
	}
	if !r.Decided || compact.Grade(r.Group, r.Key) != debate.Grade(rec.Verdicts[0].Answer, rec.Key) {
		t.Fatalf("%s: the group's answer is kept as %d, decided %v", rec.Case, r.Group, r.Decided)
	}
	if want := rec.Transcript.Usage().Calls + rec.Verdicts[0].Usage.Calls; int(r.Calls) != want {
		t.Fatalf("%s: %d calls, want %d", rec.Case, r.Calls, want)
	}
}

// transitions holds the revisions of a debate against those that package debate finds.
func transitions(t *testing.T, d *compact.Debate, rec *debate.Record) {
	t.Helper()
	want := debate.Transitions(rec.Transcript, rec.Key)
	for i := range d.Messages {
		m := &d.Messages[i]
		if !m.Revision() {
			continue
		}
		tr := want[0]
		want = want[1:]
		before := d.Messages[m.Previous].Answer
		if tr.Seq != i || tr.From != compact.Grade(before, d.Key) || tr.To != compact.Grade(m.Answer, d.Key) || tr.Peers != len(m.Read) ||
			tr.Agreeing != d.Agreeing(m) || tr.Adopted != (m.Answer != 0 && m.Answer != before && d.Held(m, m.Answer)) {
			t.Fatalf("%s: revision %d is %+v, want %+v", rec.Case, i, m, tr)
		}
	}
	if len(want) > 0 {
		t.Fatalf("%s: %d revisions are lost", rec.Case, len(want))
	}
}

// A number question may have more answers in one debate than a byte can tell apart, and an agent may miss turns.
func TestManyAnswersAndMissedTurns(t *testing.T) {
	rec := &debate.Record{Case: debate.Case{Arm: "x", Item: "s/1"}, Key: "7", Seed: 3, Transcript: &debate.Transcript{}}
	for round := range 2 {
		for i := range 300 {
			name := fmt.Sprint("a", i)
			m := debate.Message{Seq: len(rec.Transcript.Messages), Round: round, From: name, Reply: debate.Reply{Usage: debate.Usage{Calls: 1}}}
			if round == 0 {
				rec.Transcript.Agents = append(rec.Transcript.Agents, name)
			} else {
				m.Heard = []int{0, 1, 2}
			}
			if m.Answer = debate.Answer(fmt.Sprint(i * (round + 1))); i == 9 {
				m.Reply, m.Failed = debate.Reply{Usage: m.Usage}, "down"
			}
			rec.Transcript.Messages = append(rec.Transcript.Messages, m)
		}
	}
	rec.Verdicts = []debate.Verdict{{Judge: "plurality", Answer: "298"}}
	got, err := compact.Collect(func(yield func(*debate.Record, error) bool) { yield(rec, nil) })
	if err != nil {
		t.Fatal(err)
	}
	compare(t, got.Arms[0], &got.Arms[0].Rows[0], rec)
}

func TestCheckFindsContradictions(t *testing.T) {
	for name, spoil := range map[string]func(*debate.Transcript){
		"number":  func(t *debate.Transcript) { t.Messages[1].Seq = 7 },
		"speaker": func(t *debate.Transcript) { t.Messages[1].From = "nobody" },
		"round":   func(t *debate.Transcript) { t.Messages[0].Round = 1 },
		"heard":   func(t *debate.Transcript) { t.Messages[0].Heard = []int{0} },
		"before":  func(t *debate.Transcript) { t.Messages[1].Heard = []int{-1} },
	} {
		good := &debate.Transcript{Agents: []string{"a", "b"}, Messages: []debate.Message{{From: "a"}, {Seq: 1, From: "b"}}}
		if err := compact.Check(good); err != nil {
			t.Fatal(err)
		}
		spoil(good)
		if compact.Check(good) == nil {
			t.Errorf("a wrong %s is not found", name)
		}
	}
}

func TestVariantsOfAQuestionAreOneQuestion(t *testing.T) {
	var records []*debate.Record
	for _, item := range []string{"s/10", "s/10@b", "s/1@b", "s/1@a", "s/1", "s/100@a"} {
		records = append(records, &debate.Record{Case: debate.Case{Arm: "x", Item: item}, Key: "A", Failed: "gone"})
	}
	got, err := compact.Collect(func(yield func(*debate.Record, error) bool) {
		for _, rec := range records {
			if !yield(rec, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	question := map[int32]string{}
	last := int32(-1)
	for _, r := range got.Arms[0].Rows {
		name, _ := debate.Variant(got.Items[r.Item])
		if known, ok := question[r.Question]; ok && (known != name || r.Question != last) {
			t.Errorf("row of %s is numbered as a question with %s, or apart from it", got.Items[r.Item], known)
		}
		question[r.Question], last = name, r.Question
	}
	if len(question) != 3 {
		t.Errorf("%d questions %v, want 3", len(question), question)
	}
}
