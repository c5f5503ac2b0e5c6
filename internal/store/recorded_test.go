package store

import (
	"fmt"
	"testing"

	"cheaptalk/debate"
)

// TestRetryTakesBackFailuresAlone has a debate that succeeded, one that failed, and one that its primary judge or another one could not decide.
func TestRetryTakesBackFailuresAlone(t *testing.T) {
	r := create(t, Meta{})
	var recs [4]*debate.Record
	for i := range recs {
		recs[i] = sample(debate.Case{Arm: "naive", Item: "x", Repeat: i})
	}
	recs[1].Failed, recs[1].Verdicts = "no server", nil
	recs[2].Verdicts[0] = debate.Verdict{Judge: "plurality", Failed: "no server"}
	recs[3].Verdicts[1] = debate.Verdict{Judge: "confidence", Failed: "no server"}
	put(t, r, recs[:]...)
	if done, failed, err := r.Count(t.Context()); done != 4 || failed != 2 || err != nil {
		t.Errorf("Count = %d, %d, %v", done, failed, err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Open(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	has := func(want ...bool) {
		t.Helper()
		for i, rec := range recs {
			if got := r.Has(rec.Case); got != want[i] {
				t.Errorf("Has of record %d = %t", i, got)
			}
		}
	}
	has(true, true, true, true)
	if n, err := r.Retry(); n != 2 || err != nil {
		t.Errorf("Retry = %d, %v", n, err)
	}
	has(true, false, false, true)
	if n, err := r.Retry(); n != 0 || err != nil {
		t.Errorf("a second Retry = %d, %v", n, err)
	}
	if done, failed, err := r.Count(t.Context()); done != 2 || failed != 0 || err != nil {
		t.Errorf("Count = %d, %d, %v", done, failed, err)
	}
	put(t, r, sample(recs[1].Case))
	recs[0].Again = true
	put(t, r, recs[0])
	has(false, true, false, true)
}

func TestNamesOfCasesDiffer(t *testing.T) {
	seen := map[name]debate.Case{}
	for _, arm := range []string{"", "a", "ab", "a\x00b"} {
		for _, item := range []string{"", "b", "bc", "\x00b", "a/1"} {
			for n := range 300 {
				for _, c := range []debate.Case{{Arm: arm, Item: item, Draw: n}, {Arm: arm, Item: item, Draw: 1, Repeat: n + 1}} {
					if other, ok := seen[nameOf(c)]; ok {
						t.Fatalf("%+v and %+v have one name", c, other)
					}
					seen[nameOf(c)] = c
				}
			}
		}
	}
}

// BenchmarkHasAgain asks a run that was opened again for each of its debates.
func BenchmarkHasAgain(b *testing.B) {
	r := create(b, Meta{Simulated: true, Compact: true})
	rec := sample(debate.Case{Arm: "naive", Item: "x"})
	const n = 10_000
	for i := range n {
		rec.Case = debate.Case{Arm: "naive", Item: fmt.Sprint("x/", i)}
		put(b, r, rec)
	}
	if err := r.Close(); err != nil {
		b.Fatal(err)
	}
	r, err := Open(r.Dir())
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	for b.Loop() {
		r.Has(rec.Case)
	}
}
