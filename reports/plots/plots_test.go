package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/internal/sample"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func report(t *testing.T, records iter.Seq2[*debate.Record, error], name string) *reports.Report {
	t.Helper()
	r, err := reports.Analyze(records, reports.Options{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// drawn returns the figures of a report as SVG, by name.
func drawn(t *testing.T, r *reports.Report) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, f := range figures(r) {
		var b bytes.Buffer
		if err := f.figure.encode(&b, ".svg"); err != nil {
			t.Fatal(err)
		}
		files[f.name] = b.Bytes()
	}
	return files
}

func TestFigures(t *testing.T) {
	r := report(t, sample.Run{Arms: []string{"independent", "naive", "penalized"}, Items: 40}.Records(), "sampler")
	first, again := drawn(t, r), drawn(t, r)
	for name, b := range first {
		if !bytes.Equal(b, again[name]) {
			t.Errorf("%s differs between runs", name)
		}
		sample.Golden(t, name+".svg", b, *update)
	}
}

func TestWriteMakesBothForms(t *testing.T) {
	r := report(t, sample.Run{Arms: []string{"naive"}, Items: 4, OneSet: true, Rounds: 1}.Records(), "small")
	dir := t.TempDir()
	paths, err := Write(r, dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != 8 {
		t.Fatalf("wrote %q", paths)
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(path) == ".svg" {
			texts(t, b)
			continue
		}
		config, err := png.DecodeConfig(bytes.NewReader(b))
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if config.Width < 1000 { // 150 mm at 192 dots an inch
			t.Errorf("%s is %d pixels wide", path, config.Width)
		}
	}
	if _, err := Write(r, filepath.Join(dir, "absent")); err == nil {
		t.Error("a folder that does not exist is no error")
	}
}

// texts returns all words of an SVG.
func texts(t *testing.T, svg []byte) string {
	t.Helper()
	var b strings.Builder
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := token.(xml.CharData); ok {
			b.WriteString(strings.TrimSpace(string(s)) + " ")
		}
	}
}

func TestPlotsSaySimulatedAndHow(t *testing.T) {
	for name, b := range drawn(t, report(t, sample.Run{Items: 30}.Records(), "run with a name that is far too long for one line of a title, so that it must be broken")) {
		got := texts(t, b)
		for _, want := range []string{"simulated", "naive", "ntervals", "mmlu"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s does not say %q:\n%s", name, want, got)
			}
		}
		if bytes.Contains(b, []byte("NaN")) || bytes.Contains(b, []byte("Inf")) {
			t.Errorf("%s has a NaN", name)
		}
	}
}

// Hostile names, one arm that is not simulated, and an arm that lacks a data set.
func TestMixedArms(t *testing.T) {
	records := func(yield func(*debate.Record, error) bool) {
		for rec, err := range (sample.Run{Items: 30, Rounds: 1}).Records() {
			switch {
			case rec.Case.Arm == "naive":
				rec.Case.Arm, rec.Simulated = "<b>&\x1b[31mnaive", false
			case rec.Case.Arm == "penalized" && strings.HasPrefix(rec.Case.Item, "mmlu"):
				continue
			}
			if !yield(rec, err) {
				return
			}
		}
	}
	got := texts(t, drawn(t, report(t, records, "mixed"))["transitions"])
	if !strings.Contains(got, "penalized (sim.)") || !strings.Contains(got, "<b>&naive") {
		t.Error(got)
	}
}

func TestOddRunsDrawWhatThereIs(t *testing.T) {
	failed := &debate.Record{Case: debate.Case{Arm: "naive", Item: "x/1"}, Key: "A", Failed: "down"}
	for name, c := range map[string]struct {
		records iter.Seq2[*debate.Record, error]
		files   int
	}{
		"nothing":       {func(func(*debate.Record, error) bool) {}, 0},
		"all failed":    {func(yield func(*debate.Record, error) bool) { yield(failed, nil) }, 0},
		"nobody talked": {sample.Run{Arms: []string{"independent"}, Items: 3}.Records(), 0},
		"one debate":    {sample.Run{Arms: []string{"confidence"}, Items: 1}.Records(), 4},
		"nobody heard":  {sample.Run{Arms: []string{"self-revision"}, Items: 3}.Records(), 3},
	} {
		if got := drawn(t, report(t, c.records, name)); len(got) != c.files {
			t.Errorf("%s: %d files, want %d", name, len(got), c.files)
		}
	}
}
