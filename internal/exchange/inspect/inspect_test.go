package inspect

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cheaptalk/debate"
	samples "cheaptalk/internal/exchange/internal/sample"
)

var update = flag.Bool("update", false, "rewrite the golden file")

var run = Run{Name: "exp", Arm: "naive, ünd_mehr", Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 3600)), Version: "v1",
	Spec: "name: exp\n", Status: "success"}

// write returns the log of some records.
func write(t *testing.T, records []*debate.Record) []byte {
	t.Helper()
	var sum Summary
	for _, rec := range records {
		sum.Add(rec)
	}
	var b bytes.Buffer
	w, err := NewWriter(&b, run, &sum)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range records {
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestALogIsAsTheGoldenFileSays(t *testing.T) {
	all := samples.Records(true)
	var got bytes.Buffer
	if err := json.Indent(&got, write(t, slices.Concat(all[:1], all[len(all)-5:])), "", "  "); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "log.json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("go test -update rewrites %s; got\n%s", path, got.Bytes())
	}
}

// TestResultsCountFourOutcomes: of five debates one is right, one unreadable, one undecided by its judge, two failed.
func TestResultsCountFourOutcomes(t *testing.T) {
	all := samples.Records(false)
	var log struct {
		Results struct {
			Total     int `json:"total_samples"`
			Completed int `json:"completed_samples"`
			Scores    []struct {
				Name     string
				Scored   int `json:"scored_samples"`
				Unscored int `json:"unscored_samples"`
				Metrics  map[string]struct{ Value float64 }
			}
		}
		Samples []struct {
			Scores map[string]struct{ Value string }
			Error  *struct{ Message string }
		}
	}
	if err := json.Unmarshal(write(t, slices.Concat(all[:1], all[len(all)-4:])), &log); err != nil {
		t.Fatal(err)
	}
	r := log.Results
	if r.Total != 5 || r.Completed != 3 || len(r.Scores) != 3 {
		t.Fatalf("%+v", r)
	}
	if s := r.Scores[0]; s.Name != "plurality" || s.Scored != 2 || s.Unscored != 3 || s.Metrics["accuracy"].Value != 0.5 {
		t.Errorf("plurality: %+v", s)
	}
	if s := r.Scores[2]; s.Name != "mine" || s.Scored != 0 || len(s.Metrics) != 0 {
		t.Errorf("mine: %+v", s)
	}
	var got []string
	for _, s := range log.Samples {
		switch v, judged := s.Scores["plurality"]; {
		case s.Error != nil:
			got = append(got, "error")
		case judged:
			got = append(got, v.Value)
		default:
			got = append(got, "none")
		}
	}
	if want := []string{"C", "error", "error", "none", "N"}; !slices.Equal(got, want) {
		t.Errorf("scores %q, not %q", got, want)
	}
}

func TestAnArmWithoutDebatesIsALog(t *testing.T) {
	if text := write(t, nil); !json.Valid(text) {
		t.Errorf("%s", text)
	}
}

func TestALogHasANameThatInspectFinds(t *testing.T) {
	if got, want := run.FileName(), "2026-11-23T11-00-00+00-00_naive---nd-mehr_"+run.id()+".json"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	other := run
	other.Arm = "naive, ünd mehr" // whose name is the same when it is made fit for a file
	if other.FileName() == run.FileName() {
		t.Error("two arms have one file")
	}
}
