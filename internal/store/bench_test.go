package store

import (
	"fmt"
	"os"
	"testing"

	"cheaptalk/debate"
)

// kinds are the kinds of run that are measured: what a paid run does, and the two that a simulation may choose.
var kinds = []struct {
	name string
	meta Meta
}{
	{"full", Meta{}},
	{"simulated", Meta{Simulated: true}},
	{"compact", Meta{Simulated: true, Compact: true}},
}

// samples returns records to put in turn, made before the clock runs. Simulated ones have no calls.
func samples(meta Meta) []*debate.Record {
	recs := make([]*debate.Record, 100)
	for i := range recs {
		recs[i] = sample(debate.Case{Arm: "naive", Item: fmt.Sprint("bench/", i)})
		if meta.Simulated {
			recs[i] = bare(recs[i])
		}
	}
	return recs
}

// rename gives the i-th put of a benchmark a case of its own: five arms and 200 repeats of a question before the next one.
func rename(rec *debate.Record, i int) {
	rec.Case = debate.Case{Arm: fmt.Sprint("arm", i%5), Item: fmt.Sprint("mmlu/astronomy/", i/1000), Repeat: i / 5 % 200}
	rec.Transcript.Question.ID = rec.Case.Item
}

func BenchmarkPut(b *testing.B) {
	for _, kind := range kinds {
		b.Run(kind.name, func(b *testing.B) {
			r := create(b, kind.meta)
			recs := samples(kind.meta)
			i := 0
			for b.Loop() {
				rec := recs[i%len(recs)]
				rename(rec, i)
				put(b, r, rec)
				i++
			}
			b.StopTimer()
			if err := r.Close(); err != nil { // folds the log into the file
				b.Fatal(err)
			}
			info, err := os.Stat(r.file())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(info.Size())/float64(i), "file-B/op")
		})
	}
}

func BenchmarkRecords(b *testing.B) {
	for _, kind := range kinds {
		b.Run(kind.name, func(b *testing.B) {
			const n = 2000
			r := create(b, kind.meta)
			recs := samples(kind.meta)
			for i := range n {
				rename(recs[i%len(recs)], i)
				put(b, r, recs[i%len(recs)])
			}
			for b.Loop() {
				collect(b, r.Records(b.Context()))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/record")
		})
	}
}

func BenchmarkHas(b *testing.B) {
	r := create(b, Meta{Simulated: true, Compact: true})
	rec := sample(debate.Case{Arm: "naive", Item: "x"})
	put(b, r, rec)
	for b.Loop() {
		r.Has(rec.Case)
	}
}
