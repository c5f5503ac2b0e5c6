package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cheaptalk/debate"
)

// odd returns records unlike the sample: each leaves something out or has something rare.
func odd() map[string]*debate.Record {
	at := func(name string) debate.Case { return debate.Case{Arm: "naive", Item: "odd/" + name} }
	records := map[string]*debate.Record{}
	add := func(name string, change func(*debate.Record)) {
		rec := sample(at(name))
		change(rec)
		records[name] = rec
	}
	add("no transcript", func(r *debate.Record) { r.Transcript, r.Verdicts, r.Failed = nil, nil, "the team is empty" })
	add("no message", func(r *debate.Record) { r.Transcript.Messages, r.Verdicts, r.Failed = nil, nil, "calls nobody" })
	add("failed", func(r *debate.Record) {
		r.Transcript.Messages, r.Verdicts = r.Transcript.Messages[:4], nil
		r.Failed = "round 1: 500"
	})
	add("abstained", func(r *debate.Record) {
		r.Transcript.Messages[4].Reply, r.Transcript.Messages[4].Failed = debate.Reply{}, "timeout"
	})
	add("judge failed", func(r *debate.Record) {
		r.Verdicts[0] = debate.Verdict{Judge: "plurality", Failed: "no reply", Usage: debate.Usage{Calls: 2, PromptTokens: 7}}
	})
	add("open answers", func(r *debate.Record) {
		r.Key = "the tower of pisa"
		r.Transcript.Messages[8].Answer, r.Transcript.Messages[8].Reading.Strict = "the tower of pisa", "-1/3"
		r.Verdicts[0].Tally = map[debate.Answer]float64{"the tower of pisa": 1. / 3, "": 2, "-1/3": -1, "0": math.Copysign(0, -1), "1": 1e300}
	})
	add("usage", func(r *debate.Record) {
		r.Transcript.Messages[0].Usage = debate.Usage{Calls: 3, PromptTokens: 1000, CachedTokens: 900, CompletionTokens: 70, ReasoningTokens: 60}
		r.Transcript.Messages[1].Usage = debate.Usage{}
	})
	add("numbers", func(r *debate.Record) {
		r.Seed = math.MaxUint64
		r.Transcript.Messages[0].Confidence = debate.Sure(math.Pi / 4)
		r.Transcript.Messages[1].Confidence = debate.Sure(0)
		r.Transcript.Messages[2].Confidence = debate.Confidence{}
	})
	add("not simulated", func(r *debate.Record) { r.Simulated = false })
	add("bad body", func(r *debate.Record) { r.Transcript.Messages[0].Exchanges[0].Response = nil })
	return records
}

func TestRoundTrip(t *testing.T) {
	for _, small := range []bool{false, true} {
		t.Run(fmt.Sprintf("compact=%t", small), func(t *testing.T) {
			r := create(t, Meta{Simulated: true, Compact: small})
			want := odd()
			for _, c := range cases(20) {
				want[c.String()] = sample(c)
			}
			for _, rec := range want {
				before := clone(rec)
				put(t, r, rec)
				same(t, rec, before) // Put does not change the record
			}
			reduce := bare
			if small {
				reduce = textless
			}
			for name, rec := range want {
				got, err := r.Record(t.Context(), rec.Case)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				same(t, got, reduce(rec))
				if got, err = r.RecordWithCalls(t.Context(), rec.Case); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if small {
					same(t, got, textless(rec))
				} else {
					same(t, got, rec)
				}
			}
		})
	}
}

// A response that is no JSON, an error page for example, is kept byte for byte.
func TestResponseNeedNotBeJSON(t *testing.T) {
	r := create(t, Meta{})
	rec := sample(debate.Case{Arm: "a", Item: "x/1"})
	page := "<html>" + strings.Repeat("502 ", 200)
	rec.Transcript.Messages[2].Exchanges[0].Response = []byte(page)
	put(t, r, rec)
	got, err := r.RecordWithCalls(t.Context(), rec.Case)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(got.Transcript.Messages[2].Exchanges[0].Response); s != page {
		t.Errorf("response %q", s)
	}
}

func TestRecordsAreSortedWhateverTheOrderOfPut(t *testing.T) {
	list := cases(3*pageSize + 7) // several pages and a part of one
	order := func(a, b debate.Case) int {
		return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Draw, b.Draw), cmp.Compare(a.Repeat, b.Repeat), cmp.Compare(a.Arm, b.Arm))
	}
	want := slices.SortedFunc(slices.Values(list), order)
	debate.NewRand(7).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	r := create(t, Meta{Simulated: true, Compact: true})
	for _, c := range list {
		put(t, r, sample(c))
	}
	var got []debate.Case
	for _, rec := range collect(t, r.Records(t.Context())) {
		same(t, rec, textless(sample(rec.Case)))
		got = append(got, rec.Case)
	}
	if !slices.Equal(got, want) {
		t.Errorf("order of Records: got %v, want %v", got, want)
	}
	got = nil
	for _, d := range collect(t, r.Cases(t.Context(), Filter{})) {
		got = append(got, d.Case)
	}
	if !slices.Equal(got, want) {
		t.Errorf("order of Cases: got %v, want %v", got, want)
	}
}

func TestHasMeansNeedNotBeDebated(t *testing.T) {
	r := create(t, Meta{})
	rec := sample(debate.Case{Arm: "naive", Item: "gsm8k/1", Draw: 2, Repeat: 3})
	check := func(want bool) {
		t.Helper()
		if got := r.Has(rec.Case); got != want {
			t.Errorf("Has = %t, want %t", got, want)
		}
	}
	check(false)
	rec.Failed, rec.Verdicts = "no server", nil
	put(t, r, rec)
	check(true) // a failed debate is a record
	rec.Again = true
	put(t, r, rec)
	check(false) // it replaced the other
	done, failed, err := r.Count(t.Context())
	if done != 0 || failed != 0 || err != nil {
		t.Errorf("Count = %d, %d, %v", done, failed, err)
	}
	put(t, r, sample(rec.Case))
	check(true)
	if n := len(collect(t, r.Records(t.Context()))); n != 1 {
		t.Errorf("%d records of one case", n)
	}
	for _, other := range []debate.Case{
		{Arm: "x", Item: "gsm8k/1", Draw: 2, Repeat: 3}, {Arm: "naive", Item: "x", Draw: 2, Repeat: 3},
		{Arm: "naive", Item: "gsm8k/1", Repeat: 3}, {Arm: "naive", Item: "gsm8k/1", Draw: 2},
	} {
		if r.Has(other) {
			t.Errorf("has %s, which was never put", other)
		}
	}
}

func TestPutAllPutsAllOrNone(t *testing.T) {
	for _, small := range []bool{false, true} {
		r := create(t, Meta{Compact: small})
		var recs []*debate.Record
		for _, c := range cases(5) {
			recs = append(recs, sample(c))
		}
		if err := r.PutAll(recs); err != nil {
			t.Fatal(err)
		}
		for _, rec := range recs {
			got, err := r.RecordWithCalls(t.Context(), rec.Case)
			if err != nil {
				t.Fatal(err)
			}
			if small {
				rec = textless(rec)
			}
			same(t, got, rec)
			if !r.Has(rec.Case) {
				t.Errorf("%s is not there", rec.Case)
			}
		}
	}

	r := create(t, Meta{})
	fine, broken := sample(debate.Case{Arm: "naive", Item: "x/1"}), sample(debate.Case{Arm: "naive", Item: "x/1", Repeat: 1})
	broken.Verdicts[0].Tally["A"] = math.NaN() // JSON has none
	if err := r.PutAll([]*debate.Record{fine, broken}); err == nil {
		t.Fatal("a record that cannot be written was")
	}
	if n := len(collect(t, r.Records(t.Context()))); n != 0 || r.Has(fine.Case) {
		t.Errorf("%d records of a batch that was refused", n)
	}
	put(t, r, fine) // the question, which was taken back with the batch, is written again
	same(t, collect(t, r.Records(t.Context()))[0], bare(fine))
}

// TestFillStopsAtTheFirstTrouble fills runs from batches that end well, end with an error and are given up.
func TestFillStopsAtTheFirstTrouble(t *testing.T) {
	trouble := errors.New("line 3 is no record")
	for _, tt := range []struct {
		name string
		end  error // behind the first two batches
		stop bool  // while the second is read
		want error
		put  int
	}{
		{"the end", nil, false, nil, 6},
		{"a batch that cannot be read", trouble, false, trouble, 6},
		{"an interruption", nil, true, context.Canceled, 4},
	} {
		r := create(t, Meta{})
		ctx, stop := context.WithCancel(t.Context())
		n, err := r.Fill(ctx, func(most int) iter.Seq2[[]*debate.Record, error] {
			return func(yield func([]*debate.Record, error) bool) {
				var recs []*debate.Record
				for _, c := range cases(6) {
					recs = append(recs, sample(c))
				}
				if most < 4 || !yield(recs[:4], nil) {
					t.Errorf("%s: batches of %d, or not wanted", tt.name, most)
					return
				}
				if tt.stop {
					stop()
				}
				if yield(recs[4:], nil) && tt.end != nil {
					yield(nil, tt.end)
				}
			}
		})
		stop()
		if !errors.Is(err, tt.want) || n != tt.put || len(collect(t, r.Records(t.Context()))) != tt.put {
			t.Errorf("%s: %d put, %v", tt.name, n, err)
		}
	}
}

// A replaced record leaves no call of the old one behind.
func TestPutReplacesCalls(t *testing.T) {
	r := create(t, Meta{})
	rec := sample(debate.Case{Arm: "naive", Item: "gsm8k/1"})
	put(t, r, rec)
	rec.Transcript.Messages = rec.Transcript.Messages[:3]
	rec.Verdicts = rec.Verdicts[:1]
	put(t, r, rec)
	got, err := r.RecordWithCalls(t.Context(), rec.Case)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, rec)
}

func TestRecordOfNobody(t *testing.T) {
	_, err := create(t, Meta{}).Record(t.Context(), debate.Case{Arm: "naive", Item: "gsm8k/1"})
	if !errors.Is(err, ErrNoRecord) {
		t.Errorf("error %v", err)
	}
}

func TestSharedYieldsEachKeyOnce(t *testing.T) {
	r := create(t, Meta{})
	a, b := sample(debate.Case{Arm: "a", Item: "x/1"}), sample(debate.Case{Arm: "b", Item: "x/1"})
	for _, rec := range []*debate.Record{a, b} {
		for i, m := range replies(rec) {
			m.Exchanges[0].Share = ""
			if i == 0 || i == 1 {
				m.Exchanges[0].Share = fmt.Sprint("key", i)
				m.Exchanges[0].Response = fmt.Appendf(nil, `"answer %d"`, i)
			}
		}
	}
	b.Transcript.Messages[0].Exchanges[0].Shared = true // its original may have been lost with a debate in flight
	put(t, r, b, a)
	var got []string
	if err := r.Shared(t.Context(), func(key string, response []byte) error {
		got = append(got, key+" "+string(response))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{`key0 "answer 0"`, `key1 "answer 1"`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	stop := errors.New("stop")
	if err := r.Shared(t.Context(), func(string, []byte) error { return stop }); err != stop {
		t.Errorf("error %v, want that of fn", err)
	}
}

func TestDigest(t *testing.T) {
	r := create(t, Meta{Simulated: true})
	rec := sample(debate.Case{Arm: "naive", Item: "x/1"})
	rec.Key = "B"
	for i, a := range []debate.Answer{"B", "A", "A", "A", "B", "", "B", "B", "B"} { // down, up, lost; up, held, found
		rec.Transcript.Messages[i].Answer = a
	}
	rec.Verdicts = []debate.Verdict{{Judge: "plurality", Answer: "B", Tied: true}}
	put(t, r, rec)
	want := Digest{Case: rec.Case, Key: "B", Answer: "B", Simulated: true, Tied: true, Rounds: 2, Corrected: 2, Corrupted: 1}
	got := collect(t, r.Cases(t.Context(), Filter{}))
	if len(got) != 1 || got[0] != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, test := range []struct {
		d    Digest
		want Outcome
	}{
		{Digest{Key: "A", Answer: "A"}, Right},
		{Digest{Key: "A", Answer: "B"}, Wrong},
		{Digest{Key: "A"}, Unreadable},
		{Digest{Key: "A", Failed: "x"}, Failed},
		{Digest{Key: "A", Undecided: "x"}, Failed},
	} {
		if got := test.d.Outcome(); got != test.want {
			t.Errorf("outcome of %+v is %s, want %s", test.d, got, test.want)
		}
	}
}

func TestFiltersChooseAndPage(t *testing.T) {
	r := create(t, Meta{Simulated: true, Compact: true})
	for i, c := range cases(300) {
		rec := sample(c)
		switch {
		case i%7 == 0:
			rec.Failed, rec.Verdicts = "no server", nil
		case i%7 == 1:
			rec.Verdicts[0] = debate.Verdict{Judge: "plurality", Failed: "no reply"}
		}
		put(t, r, rec)
	}
	all := collect(t, r.Cases(t.Context(), Filter{}))
	for name, test := range map[string]struct {
		filter Filter
		keep   func(Digest) bool
	}{
		"arm":      {Filter{Arm: "naive"}, func(d Digest) bool { return d.Case.Arm == "naive" }},
		"item":     {Filter{Item: "mmlu/astronomy/3"}, func(d Digest) bool { return d.Case.Item == "mmlu/astronomy/3" }},
		"flips":    {Filter{Flips: true}, func(d Digest) bool { return d.Corrected+d.Corrupted > 0 }},
		"set":      {Filter{Set: "mmlu"}, func(d Digest) bool { return strings.HasPrefix(d.Case.Item, "mmlu/") }},
		"helpful":  {Filter{Helpful: true}, func(d Digest) bool { return d.Corrected > 0 }},
		"harmful":  {Filter{Harmful: true}, func(d Digest) bool { return d.Corrupted > 0 }},
		"ties":     {Filter{Ties: true}, func(d Digest) bool { return d.Tied }},
		"failures": {Filter{Failures: true}, func(d Digest) bool { return d.Outcome() == Failed }},
		"two":      {Filter{Arm: "confidence", Ties: true}, func(d Digest) bool { return d.Case.Arm == "confidence" && d.Tied }},
	} {
		want := slices.DeleteFunc(slices.Clone(all), func(d Digest) bool { return !test.keep(d) })
		got := collect(t, r.Cases(t.Context(), test.filter))
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: got %d, want %d", name, len(got), len(want))
		}
		for _, n := range []int{1, len(want), len(want) + 1} {
			c, steps, err := r.Step(t.Context(), test.filter, n)
			if err != nil || steps != min(n, len(want)) || n <= len(want) && c != want[n-1].Case {
				t.Errorf("%s, %d steps: %d to %s, %v", name, n, steps, c, err)
			}
		}
		test.filter.After = want[len(want)/2].Case
		if got := collect(t, r.Cases(t.Context(), test.filter)); !slices.Equal(got, want[len(want)/2+1:]) {
			t.Errorf("%s, second half: got %d, want %d", name, len(got), len(want)-len(want)/2-1)
		}
		if c, steps, err := r.Step(t.Context(), test.filter, 1); err != nil || steps != 1 || c != want[len(want)/2+1].Case {
			t.Errorf("%s: a step from the middle leads %d to %s, %v", name, steps, c, err)
		}
		test.filter.Backward = true
		first := slices.Clone(want[:len(want)/2])
		slices.Reverse(first)
		if got := collect(t, r.Cases(t.Context(), test.filter)); !slices.Equal(got, first) {
			t.Errorf("%s, first half backward: got %d, want %d", name, len(got), len(first))
		}
	}
}

// Has, Put, Update and readers at the same time; the race detector watches. An iterator may be used inside another.
func TestReadersDoNotDisturbTheWriter(t *testing.T) {
	r := create(t, Meta{Simulated: true, Compact: true})
	other, err := OpenReadOnly(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	list := cases(400)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for _, run := range []*Run{r, other} {
		readers.Go(func() {
			for {
				for rec, err := range run.Records(context.Background()) {
					if err != nil {
						t.Error(err)
						return
					}
					if _, err := run.Record(context.Background(), rec.Case); err != nil {
						t.Errorf("%s is gone: %v", rec.Case, err)
					}
					if run == other && !run.Has(rec.Case) { // of r, Put may be about to return
						t.Errorf("does not have %s, which it has read", rec.Case)
					}
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	readers.Go(func() {
		for n := range 20 {
			if err := r.Update(func(m *Meta) { m.Planned = n }); err != nil {
				t.Error(err)
			}
		}
	})
	for _, c := range list {
		if r.Has(c) {
			t.Errorf("has %s before it was put", c)
		}
		put(t, r, sample(c))
		if !r.Has(c) || !other.Has(c) {
			t.Errorf("does not have %s after it was put", c)
		}
	}
	close(done)
	readers.Wait()
	if n := len(collect(t, other.Records(t.Context()))); n != len(list) {
		t.Errorf("%d of %d records", n, len(list))
	}
}

func TestCancelEndsAnIterator(t *testing.T) {
	r := create(t, Meta{Simulated: true, Compact: true})
	for _, c := range cases(pageSize + 1) {
		put(t, r, sample(c))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n, last := 0, error(nil)
	for _, err := range r.Records(ctx) {
		cancel()
		n, last = n+1, err
	}
	if n == 0 || n > pageSize+1 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d records, then %v", n, last)
	}
}

func TestTimeIsNotRounded(t *testing.T) {
	r := create(t, Meta{Created: time.Date(2026, 11, 23, 18, 2, 3, 456789, time.UTC), Seed: math.MaxUint64, Spec: "a: 1\n", Command: []string{"cheaptalk", "run"}})
	want := r.Meta()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	o, err := OpenReadOnly(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	got := o.Meta()
	if !got.Created.Equal(want.Created) || got.Seed != want.Seed || got.Spec != want.Spec || !slices.Equal(got.Command, want.Command) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
