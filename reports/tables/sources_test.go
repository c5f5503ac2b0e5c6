package tables_test

import (
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/internal/sample"
	"cheaptalk/reports/tables"
)

// TestConfidenceBySource has two arms with two sources and one with one, of which there is nothing to compare.
func TestConfidenceBySource(t *testing.T) {
	records := func(yield func(*debate.Record, error) bool) {
		for rec, err := range (sample.Run{Items: 40, Arms: []string{"independent", "naive", "penalized"}}).Records() {
			if rec.Transcript != nil {
				for i := range rec.Transcript.Messages {
					m := &rec.Transcript.Messages[i]
					m.Sources.Stated = m.Confidence
					if rec.Case.Arm != "naive" {
						m.Sources.Samples = debate.Sure(.5)
					}
				}
			}
			if !yield(rec, err) {
				return
			}
		}
	}
	r, err := reports.Analyze(records, reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	table := tables.Sources(r)
	var rows []string
	for _, row := range table.Rows {
		rows = append(rows, row[0].Text+" "+row[1].Text)
	}
	if want := []string{"independent stated", "independent samples", "penalized stated", "penalized samples"}; !slices.Equal(rows, want) {
		t.Errorf("rows %q, want %q", rows, want)
	}
	for i := 0; i < len(r.Sources); i += 2 {
		a, b := r.Sources[i], r.Sources[i+1]
		if a.Confidence.N == 0 || a.Confidence.N != b.Confidence.N || a.Confidence.Accuracy != b.Confidence.Accuracy || b.Confidence.Mean != .5 {
			t.Errorf("not of the same replies: %+v, %+v", a, b)
		}
	}
	if text := written(t, []grid.Table{table}, 100, false); !strings.Contains(text, "Confidence by source") {
		t.Errorf("it is printed as\n%s", text)
	}
	for _, other := range tables.All(report(t, sample.Run{Items: 40})) {
		if other.Name == table.Name {
			t.Error("a run with one source has the table too")
		}
	}
}
