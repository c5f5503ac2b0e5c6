package store

import (
	"context"
	"reflect"
	"testing"

	"cheaptalk/debate"
)

// An outline is the record without what it says that it leaves out.
func TestOutlinesAreRecordsWithoutTexts(t *testing.T) {
	for _, meta := range []Meta{{}, {Simulated: true}, {Simulated: true, Compact: true}} {
		r := create(t, meta)
		for _, rec := range odd() {
			if meta.Simulated {
				rec = bare(rec)
			}
			put(t, r, rec)
		}
		for i, rec := range samples(meta) {
			rename(rec, i)
			put(t, r, rec)
		}
		want := collect(t, r.Records(t.Context()))
		n := 0
		for got, err := range r.Outlines(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			rec := want[n]
			n++
			if rec.Transcript != nil {
				rec.Transcript.Question = debate.Question{ID: rec.Case.Item}
			}
			for i := range rec.Verdicts {
				if meta.Compact {
					rec.Verdicts[i].Tally = nil
				}
			}
			if !reflect.DeepEqual(got, rec) {
				t.Fatalf("compact %v: outline of %s is\n%+v, want\n%+v", meta.Compact, rec.Case, got, rec)
			}
		}
		if n != len(want) {
			t.Errorf("%d outlines of %d records", n, len(want))
		}
	}
}

func TestOutlinesEndWithTheirReader(t *testing.T) {
	r := create(t, Meta{Simulated: true, Compact: true})
	for i, rec := range samples(Meta{Simulated: true, Compact: true}) {
		rename(rec, i)
		put(t, r, rec)
	}
	for range r.Outlines(t.Context()) {
		break // what reads ahead must end, or closing the run would wait for it
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	failed := false
	for _, err := range r.Outlines(ctx) {
		failed = failed || err != nil
	}
	if !failed {
		t.Error("a cancelled reader says nothing")
	}
}
