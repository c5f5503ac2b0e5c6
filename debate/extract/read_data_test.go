package extract

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"iter"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/realdata"
)

// jsonLines yields the rows of a JSONL file, gzipped or not. Rows end with \n alone, and may be long.
func jsonLines[T any](t *testing.T, path ...string) iter.Seq[T] {
	t.Helper()
	name := realdata.Path(t, path...)
	return func(yield func(T) bool) {
		f, err := os.Open(name)
		if os.IsNotExist(err) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var r io.Reader = f
		if strings.HasSuffix(name, ".gz") {
			z, err := gzip.NewReader(f)
			if err != nil {
				t.Fatal(err)
			}
			defer z.Close()
			r = z
		}
		dec := json.NewDecoder(bufio.NewReader(r))
		for {
			var row T
			err := dec.Decode(&row)
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !yield(row) {
				return
			}
		}
	}
}

// atLeast fails when a measured number has fallen: what was read once is not to be lost.
func atLeast(t *testing.T, what string, got, floor int) {
	t.Helper()
	if got < floor {
		t.Errorf("%s: %d, was %d", what, got, floor)
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestReadsRecordedEoTSamples(t *testing.T) {
	t.Parallel()
	type row struct {
		Dataset, Question string
		Gold              string
		Answers           []struct{ Text string }
	}
	type count struct{ n, read, right int }
	sets := map[string]*count{}
	for r := range jsonLines[row](t, "recorded", "eot_samples.jsonl.gz") {
		q := debate.Question{Kind: debate.Number}
		switch r.Dataset {
		case "AQuA", "CSQA":
			_, list, _ := strings.Cut(r.Question, "Answer Choices:")
			choices := regexp.MustCompile(`\([A-E]\)`).Split(list, -1)[1:]
			q = debate.Question{Choices: choices}
		case "StrategyQA":
			q.Kind = debate.Open
		}
		key := Normalize(q, r.Gold)
		if key == "" {
			t.Errorf("%s: no key in %q", r.Dataset, r.Gold)
		}
		if sets[r.Dataset] == nil {
			sets[r.Dataset] = &count{}
		}
		for _, a := range r.Answers {
			got := Read(q, a.Text).Flexible
			c := sets[r.Dataset]
			c.n++
			c.read += one(got != "")
			c.right += one(got == key)
		}
	}
	for _, set := range slices.Sorted(maps.Keys(sets)) {
		c := sets[set]
		t.Logf("%-10s n %d  read %d  right %d", set, c.n, c.read, c.right)
	}
	for set, floor := range map[string]count{
		"AQuA": {read: 147, right: 113}, "AddSub": {read: 150, right: 145}, "CSQA": {read: 148, right: 123}, "GSM8K": {read: 150, right: 126},
		"MultiArith": {read: 150, right: 150}, "SVAMP": {read: 150, right: 119}, "SingleEq": {read: 150, right: 148}, "StrategyQA": {read: 148, right: 74},
	} {
		atLeast(t, set+" read", sets[set].read, floor.read)
		atLeast(t, set+" right", sets[set].right, floor.right)
	}
}
