package tables_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/internal/sample"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/tables"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func report(t *testing.T, run sample.Run) *reports.Report {
	t.Helper()
	r, err := reports.Analyze(run.Records(), reports.Options{Name: "sampler"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func written(t *testing.T, all []grid.Table, columns int, color bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := grid.Write(&b, all, columns, color); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTablesAtEveryWidth(t *testing.T) {
	all := tables.All(report(t, sample.Run{}))
	for _, columns := range []int{80, 100, 120, 0} {
		sample.Golden(t, fmt.Sprintf("all-%d.txt", columns), []byte(written(t, all, columns, false)), *update)
	}
	for columns := 60; columns <= 180; columns += 6 {
		for line := range strings.Lines(written(t, all, columns, false)) {
			line = strings.TrimSuffix(line, "\n")
			if paint.Width(line) > columns && !strings.Contains(line, "simulated") { // titles are not cut
				t.Fatalf("at %d columns: %d cells: %s", columns, paint.Width(line), line)
			}
			if strings.HasSuffix(line, " ") {
				t.Fatalf("blank at the end of %q", line)
			}
		}
	}
}

func TestLongNamesGiveWay(t *testing.T) {
	r := report(t, sample.Run{Items: 20})
	for i := range r.Overall.Arms {
		r.Overall.Arms[i].Name = strings.Repeat("名前", 12) + strconv.Itoa(i)
	}
	got := written(t, []grid.Table{tables.Accuracy(r)}, 70, false)
	for line := range strings.Lines(got) {
		if paint.Width(strings.TrimSuffix(line, "\n")) > 70 {
			t.Errorf("%q", line)
		}
	}
	if !strings.Contains(got, "…") {
		t.Errorf("names are not shortened:\n%s", got)
	}
}

func TestEveryTableSaysSimulatedWhenItIs(t *testing.T) {
	r := report(t, sample.Run{Items: 20})
	for _, table := range tables.All(r) {
		if !strings.Contains(table.Title, "simulated") {
			t.Errorf("title %q", table.Title)
		}
	}
	r.Overall.Arms[0].Simulated = false
	if got := written(t, []grid.Table{tables.Accuracy(r)}, 0, false); !strings.Contains(got, "naive (simulated)") || strings.Contains(got, "confidence (simulated)") {
		t.Errorf("arms of a mixed run are not told apart:\n%s", got)
	}
}

func TestColorChangesNothingElse(t *testing.T) {
	all := tables.All(report(t, sample.Run{Items: 30}))
	escape := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for _, columns := range []int{80, 140} {
		plain, coloured := written(t, all, columns, false), written(t, all, columns, true)
		if strings.Contains(plain, "\x1b") {
			t.Error("an escape sequence in plain text")
		}
		if plain == coloured || escape.ReplaceAllString(coloured, "") != plain {
			t.Error("colour changes more than colour")
		}
	}
}

func TestOddRunsHaveNoNaN(t *testing.T) {
	failed := &debate.Record{Case: debate.Case{Arm: "naive", Item: "x/1"}, Key: "A", Failed: "down"}
	lone := &debate.Record{Case: debate.Case{Arm: "solo", Item: "x/1"}, Key: "A", Transcript: &debate.Transcript{
		Agents: []string{"a"}, Messages: []debate.Message{{From: "a"}}}}
	for name, records := range map[string][]*debate.Record{"none": nil, "failed": {failed}, "unreadable": {lone}, "both": {failed, lone}} {
		r, err := reports.Analyze(func(yield func(*debate.Record, error) bool) {
			for _, rec := range records {
				if !yield(rec, nil) {
					return
				}
			}
		}, reports.Options{})
		if err != nil {
			t.Fatal(err)
		}
		all := tables.All(r)
		got := written(t, all, 200, false)
		for i := range all {
			var b bytes.Buffer
			if err := all[i].CSV(&b); err != nil {
				t.Fatal(err)
			}
			got += b.String()
		}
		if strings.Contains(got, "NaN") || strings.Contains(got, "Inf") {
			t.Errorf("%s:\n%s", name, got)
		}
		sample.Golden(t, "odd-"+name+".txt", []byte(got), *update)
	}
}

func TestMarkdown(t *testing.T) {
	r := report(t, sample.Run{Arms: []string{"independent", "naive"}, Items: 30})
	r.Overall.Arms[1].Name = "a|b_c"
	var b bytes.Buffer
	table := tables.Accuracy(r)
	if err := table.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	sample.Golden(t, "accuracy.md", b.Bytes(), *update)
	unescaped := regexp.MustCompile(`(^|[^\\])\|`)
	want := 0
	for i, line := range strings.Split(b.String(), "\n")[2:6] {
		n := len(unescaped.FindAllString(line, -1))
		if i == 0 {
			want = n
		}
		if n != want {
			t.Errorf("%d bars instead of %d: %s", n, want, line)
		}
	}
}

func TestCSVIsRectangularAndExact(t *testing.T) {
	r := report(t, sample.Run{})
	dir := t.TempDir()
	paths, err := grid.WriteCSV(tables.All(r), dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != len(tables.All(r)) {
		t.Fatalf("%d files of %d tables", len(paths), len(tables.All(r)))
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll() // refuses rows of different lengths
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		seen := map[string]bool{}
		for _, field := range rows[0] {
			if seen[field] {
				t.Errorf("%s: two columns are named %q", path, field)
			}
			seen[field] = true
		}
		if strings.HasSuffix(path, "accuracy.csv") {
			sample.Golden(t, "accuracy.csv", b, *update)
		}
	}
}

func TestNamesCannotDriveTheTerminal(t *testing.T) {
	flips := []reports.Flip{{Case: debate.Case{Arm: "naive", Item: "x/1\x1b[2J"}, Agent: "a\rb\x07", Before: "\u202eA", After: "B", Key: "B", Holders: []string{"c", "d"}}}
	got := written(t, []grid.Table{tables.Flips(flips, "flips")}, 80, false)
	if strings.ContainsAny(got, "\x1b\x07\r\u202e") {
		t.Errorf("%q", got)
	}
	if !strings.Contains(got, "▲") || !strings.Contains(got, "c, d") {
		t.Error(got)
	}
}

func TestLaTeX(t *testing.T) {
	r := report(t, sample.Run{Arms: []string{"independent", "naive", "self-revision"}, Items: 30})
	r.Overall.Arms[1].Name = `a_b & 50% \input{x} $y$ ~^#`
	r.Notes = append(r.Notes, reports.Note{About: "accuracy", Arm: r.Overall.Arms[1].Name, Text: "a note"})
	var b bytes.Buffer
	for _, table := range []grid.Table{tables.Accuracy(r), tables.Decisions(r), tables.Comparisons(r)} {
		if err := table.LaTeX(&b); err != nil {
			t.Fatal(err)
		}
	}
	sample.Golden(t, "tables.tex", b.Bytes(), *update)
	if strings.Contains(b.String(), `\input`) || strings.Contains(b.String(), "50% ") {
		t.Error("a name is a command")
	}
}

// TestLaTeXCompiles has pdflatex typeset every table of a report, one of more rows than a page holds among them, with signs in a name.
func TestLaTeXCompiles(t *testing.T) {
	program, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("no pdflatex is installed")
	}
	r := report(t, sample.Run{Items: 30})
	r.Overall.Arms[1].Name = `a_b & 50% \input{x} $y$ ~^# ≥ − ▲▼●○◌×→±–·≤δρ…[x]`
	dir := t.TempDir()
	var b bytes.Buffer
	b.WriteString("\\documentclass{article}\\usepackage{booktabs,amssymb,graphicx,longtable}\\usepackage[margin=2cm]{geometry}\\begin{document}\n")
	longest := 0
	for _, table := range tables.All(r) {
		longest = max(longest, len(table.Rows))
		if err := table.LaTeX(&b); err != nil {
			t.Fatal(err)
		}
	}
	b.WriteString("\\end{document}\n")
	if longest < 50 {
		t.Errorf("the longest table has %d rows", longest)
	}
	if err := os.WriteFile(filepath.Join(dir, "report.tex"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program, "-interaction=nonstopmode", "-halt-on-error", "report.tex")
	c.Dir = dir
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out[max(len(out)-2000, 0):])
	}
	for _, bad := range []string{"Float too large", "Overfull"} {
		if i := bytes.Index(out, []byte(bad)); i >= 0 {
			t.Errorf("%.200s", out[i:])
		}
	}
}

// What warns of a number is below its table in every form for people.
func TestNotesTravel(t *testing.T) {
	r := report(t, sample.Run{Items: 12})
	table := tables.Accuracy(r)
	if len(table.Notes) == 0 || !strings.Contains(table.Notes[0], "12 questions are few") {
		t.Fatalf("notes %q", table.Notes)
	}
	var text, markdown, latex bytes.Buffer
	for w, write := range map[*bytes.Buffer]func(io.Writer) error{
		&text: func(w io.Writer) error { return table.Write(w, 80, false) }, &markdown: table.Markdown, &latex: table.LaTeX,
	} {
		if err := write(w); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(w.String(), "12 questions are few") {
			t.Errorf("no note in\n%s", w)
		}
	}
	if len(r.Assumptions) != 3 {
		t.Errorf("assumptions %v", r.Assumptions)
	}
}
