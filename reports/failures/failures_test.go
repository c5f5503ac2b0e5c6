package failures_test

import (
	"slices"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports/failures"
)

func failed(arm, item, kind, message string) *debate.Record {
	return &debate.Record{Case: debate.Case{Arm: arm, Item: item}, Failed: message, FailureKind: kind,
		Transcript: &debate.Transcript{Messages: []debate.Message{{From: "a", Failed: message, FailureKind: kind}}}}
}

func TestFailuresAreSortedWhateverTheOrderOfRecords(t *testing.T) {
	went := &debate.Record{
		Case: debate.Case{Arm: "naive", Item: "x/2"},
		Transcript: &debate.Transcript{Messages: []debate.Message{
			{From: "a", Failed: "slow", FailureKind: "timeout"}, {From: "b"}, {From: "a", Failed: "slower", FailureKind: "timeout"},
		}},
		Verdicts: []debate.Verdict{{Judge: "plurality"}, {Judge: "AggLM", Failed: "no key", FailureKind: "key refused"}},
	}
	records := []*debate.Record{
		failed("naive", "x/3", "timeout", "late"), went, failed("naive", "x/1", "", "old"), failed("alone", "x/3", "timeout", "later"),
		{Case: debate.Case{Arm: "naive", Item: "x/9"}},
	}
	want := []failures.Kind{
		{Kind: "timeout", Debates: 2, Turns: 2, Case: went.Case, Message: "a: slow", Fix: failures.Fix("timeout")},
		{Kind: "key refused", Verdicts: 1, Case: went.Case, Message: "AggLM: no key", Fix: "check the key"},
		{Kind: "other", Debates: 1, Case: debate.Case{Arm: "naive", Item: "x/1"}, Message: "old", Fix: "read the message"},
	}
	for range 2 {
		var tally failures.Tally
		for _, rec := range records {
			tally.Add(rec)
		}
		if got := tally.Kinds(); !slices.Equal(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		slices.Reverse(records)
	}
	if n := want[0].Count(); n != 4 {
		t.Errorf("counted %d", n)
	}
	var none failures.Tally
	if got := none.Kinds(); got != nil {
		t.Errorf("nothing failed, but %+v", got)
	}
}
