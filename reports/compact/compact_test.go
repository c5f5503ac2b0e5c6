package compact_test

import (
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
	for i, m := range rec.Transcript.Messages {
		s := a.Messages(r)[i]
		if a.Agents[s.Agent] != m.From || int(s.Round) != m.Round || compact.Grade(s.Answer, r.Key) != debate.Grade(m.Answer, rec.Key) {
			t.Fatalf("%s: message %d is kept as %+v", rec.Case, i, s)
		}
	}
	for i, v := range rec.Verdicts {
		d := a.Verdicts(r)[i]
		if a.Judges[d.Judge] != v.Judge || d.Tied != v.Tied || compact.Grade(d.Answer, r.Key) != debate.Grade(v.Answer, rec.Key) {
			t.Fatalf("%s: verdict %d is kept as %+v", rec.Case, i, d)
		}
	}
	leaders := debate.Leaders(debate.Tally(rec.Transcript.Standing(0), nil))
	before := a.VoteBefore(r)
	if before.Tied != (len(leaders) > 1) || compact.Grade(before.Answer, r.Key) != debate.Grade(debate.BreakTie(leaders, rec.Seed), rec.Key) {
		t.Fatalf("%s: vote before is %+v, leaders %v", rec.Case, before, leaders)
	}
	if want := rec.Transcript.Usage().Calls + rec.Verdicts[0].Usage.Calls; int(r.Calls) != want {
		t.Fatalf("%s: %d calls, want %d", rec.Case, r.Calls, want)
	}
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
