package reports_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"

	"cheaptalk/reports"
	"cheaptalk/reports/internal/sample"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// paths adds the path of every number and text in a JSON value; elements of a list share one.
func paths(v any, at string, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, field := range v {
			paths(field, at+"."+name, into)
		}
	case []any:
		for _, e := range v {
			paths(e, at+"[]", into)
		}
	default:
		into[strings.TrimPrefix(at, ".")] = true
	}
}

// What the JSON of a report holds, for those who read it by name.
func TestJSONHasTheseFields(t *testing.T) {
	r, err := reports.Analyze(sample.Run{Items: 60, Repeats: 2}.Records(), reports.Options{Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(b.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	paths(v, "", names)
	sample.Golden(t, "json.txt", []byte(strings.Join(slices.Sorted(maps.Keys(names)), "\n")+"\n"), *update)
}

func TestProcessorsDoNotMatter(t *testing.T) {
	write := func(processors int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		r, err := reports.Analyze(sample.Run{Items: 60}.Records(), reports.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := r.WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if write(1) != write(7) {
		t.Error("another report on more processors")
	}
}

// A margin must be one, and every comparison and change is tested against it.
func TestMargin(t *testing.T) {
	run := sample.Run{Items: 60, Arms: []string{"independent", "naive"}}
	for _, margin := range []float64{-1, 1, 2} {
		if _, err := reports.Analyze(run.Records(), reports.Options{Margin: margin}); err == nil {
			t.Errorf("a margin of %v is taken", margin)
		}
	}
	r, err := reports.Analyze(run.Records(), reports.Options{Margin: .3})
	if err != nil {
		t.Fatal(err)
	}
	change, against := r.Overall.Find("naive").Decision.Equivalence, r.Overall.Comparisons[0].Decision.Equivalence
	check(t, "margin of the change", change.Margin, .3)
	check(t, "margin of the comparison", against.Margin, .3)
	if change.NotWorse > .05 {
		t.Errorf("a loss of 30 points is not ruled out: %+v", change)
	}
}
