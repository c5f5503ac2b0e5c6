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
	"cheaptalk/internal/race"
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
	for _, k := range Kinds() {
		if k.Missing(r) != nil {
			continue
		}
		var b bytes.Buffer
		if err := k.Draw(&b, r, "svg"); err != nil {
			t.Fatal(err)
		}
		files[k.Name] = b.Bytes()
	}
	return files
}

func TestFigures(t *testing.T) {
	r := report(t, sample.Run{Arms: []string{"independent", "naive", "self-consistency"}, Items: 40, OneSet: true, Rounds: 2}.Records(), "sampler")
	first, again := drawn(t, r), drawn(t, r)
	first["reliability"] = drawn(t, Select(r, []string{"naive"}))["reliability"] // of one arm: it is long
	again["reliability"] = drawn(t, Select(r, []string{"naive"}))["reliability"]
	if len(first) != len(Kinds()) {
		t.Errorf("%d of %d kinds are drawn", len(first), len(Kinds()))
	}
	for name, b := range first {
		if !bytes.Equal(b, again[name]) {
			t.Errorf("%s differs between runs", name)
		}
		sample.Golden(t, name+".svg", b, *update)
	}
}

// Several data sets make several rows.
func TestSets(t *testing.T) {
	r := report(t, sample.Run{Arms: []string{"naive"}, Items: 12, Rounds: 1}.Records(), "sets")
	sample.Golden(t, "sets.svg", drawn(t, r)["transitions"], *update)
}

func TestPDFIsTheSameAgain(t *testing.T) {
	race.SkipPure(t)
	r := report(t, sample.Run{Arms: []string{"naive"}, Items: 6, OneSet: true, Rounds: 1}.Records(), "▲ 名前")
	for _, k := range Kinds() {
		if k.Missing(r) != nil {
			continue
		}
		var first, again bytes.Buffer
		if err := errors.Join(k.Draw(&first, r, "pdf"), k.Draw(&again, r, "pdf")); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), again.Bytes()) || !bytes.HasPrefix(first.Bytes(), []byte("%PDF-")) {
			t.Errorf("%s is no PDF, or another one the second time", k.Name)
		}
		if bytes.Contains(first.Bytes(), []byte("/Font\n")) || !bytes.Contains(first.Bytes(), []byte("(D:20000101000000)")) {
			t.Errorf("%s has fonts, or tells when it was made", k.Name)
		}
	}
	if err := Kinds()[0].Draw(io.Discard, r, "gif"); err == nil || !strings.Contains(err.Error(), `no format "gif"`) {
		t.Errorf("gif: %v", err)
	}
}

// The guide lists every kind in the words of the table.
func TestGuideListsEveryKind(t *testing.T) {
	guide, err := os.ReadFile("../../docs/REPORTS.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := ""
	for _, k := range Kinds() {
		each := ""
		if k.EachRun {
			each = "yes"
		}
		rows += strings.TrimRight("| `"+k.Name+"` | "+k.Shows+" | "+each, " ") + " |\n"
	}
	if !bytes.Contains(guide, []byte(rows)) {
		t.Errorf("docs/REPORTS.md lacks\n%s", rows)
	}
}

func TestSelect(t *testing.T) {
	r := report(t, sample.Run{Arms: []string{"independent", "naive", "penalized"}, Items: 30}.Records(), "x")
	if Select(r, nil) != r {
		t.Error("no names select something else")
	}
	one := Select(r, []string{"naive"})
	if len(one.Overall.Arms) != 1 || len(one.Sets) != 3 || len(one.Sets[0].Arms) != 1 || len(one.Overall.Comparisons) != 1 {
		t.Errorf("%d arms, %d sets, %d comparisons", len(one.Overall.Arms), len(one.Sets), len(one.Overall.Comparisons))
	}
	if len(r.Overall.Arms) != 3 || len(r.Overall.Comparisons) != 3 {
		t.Error("the report itself lost arms")
	}
	for name, b := range drawn(t, one) {
		if got := texts(t, b); strings.Contains(got, "penalized") {
			t.Errorf("%s has an arm that was not selected", name)
		}
	}
}

func TestWriteMakesBothForms(t *testing.T) {
	race.SkipPure(t)
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

// texts returns all words of an SVG, a blank between two.
func texts(t *testing.T, svg []byte) string {
	t.Helper()
	var b strings.Builder
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return strings.Join(strings.Fields(b.String()), " ")
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
		for _, want := range []string{"simulated", "naive", "ntervals", "Source: run run with a name", "30 questions"} {
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
	silent := func(yield func(*debate.Record, error) bool) {
		for rec, err := range (sample.Run{Arms: []string{"naive"}, Items: 5}).Records() {
			for i := range rec.Transcript.Messages {
				rec.Transcript.Messages[i].Answer = ""
			}
			if !yield(rec, err) {
				return
			}
		}
	}
	for name, c := range map[string]struct {
		records iter.Seq2[*debate.Record, error]
		kinds   string
	}{
		"nothing":        {func(func(*debate.Record, error) bool) {}, ""},
		"all failed":     {func(yield func(*debate.Record, error) bool) { yield(failed, nil) }, ""},
		"nobody talked":  {sample.Run{Arms: []string{"independent"}, Items: 3}.Records(), "reliability"},
		"one debate":     {sample.Run{Arms: []string{"confidence"}, Items: 1}.Records(), "transitions revision accuracy conformity alluvial sway reliability forest"},
		"nobody heard":   {sample.Run{Arms: []string{"self-revision"}, Items: 3}.Records(), "transitions revision accuracy alluvial reliability forest"},
		"all unreadable": {silent, "transitions accuracy alluvial forest"},
	} {
		r := report(t, c.records, name)
		files := drawn(t, r)
		var got []string
		for _, k := range Kinds() {
			if b := files[k.Name]; b != nil {
				got = append(got, k.Name)
				if bytes.Contains(b, []byte("NaN")) || bytes.Contains(b, []byte("Inf")) {
					t.Errorf("%s: %s has a NaN", name, k.Name)
				}
			} else if k.Missing(r).Error() == "" {
				t.Errorf("%s: %s does not say why not", name, k.Name)
			}
		}
		if strings.Join(got, " ") != c.kinds {
			t.Errorf("%s: %s, want %s", name, got, c.kinds)
		}
	}
}
