package exchange

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/exchange/inspect"
	"cheaptalk/internal/exchange/internal/sample"
	"cheaptalk/internal/exchange/tables"
)

// python runs a script of testdata, and skips the test where there is no Python or a package that the script needs is missing. The Python is
// that of the environment variable CHEAPTALK_PYTHON, else python3.
func python(t *testing.T, args ...string) {
	t.Helper()
	program, err := exec.LookPath(cmp.Or(os.Getenv("CHEAPTALK_PYTHON"), "python3"))
	if err != nil {
		t.Skip("no Python: ", err)
	}
	out, err := exec.Command(program, args...).CombinedOutput()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 77 {
		t.Skipf("%s, which CHEAPTALK_PYTHON may name: %s", program, out)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// TestOtherProgramsReadTheTables has pandas and DuckDB load all tables in all formats and compare every cell.
func TestOtherProgramsReadTheTables(t *testing.T) {
	dir := t.TempDir()
	records := append(sample.Records(false), sample.Long())
	export(t, dir, "", tables.JSONL, records)
	for _, format := range []tables.Format{tables.CSV, tables.Parquet, tables.JSONL} {
		for _, name := range Tables {
			if format != tables.JSONL || name != Tables[0] {
				export(t, dir, name, format, records)
			}
		}
	}
	for _, tool := range []string{"pandas", "duckdb"} {
		t.Run(tool, func(t *testing.T) { python(t, filepath.Join("testdata", "load_tables.py"), dir, tool) })
	}
}

// TestInspectReadsTheLogs has inspect_ai read a log.
func TestInspectReadsTheLogs(t *testing.T) {
	var sum inspect.Summary
	records := slices.DeleteFunc(sample.Records(true), func(rec *debate.Record) bool { return rec.Case.Item == "z/1" && rec.Case.Arm != "b silent" })
	for _, rec := range records {
		sum.Add(rec)
	}
	path := filepath.Join(t.TempDir(), "log.json")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := inspect.NewWriter(file, inspect.Run{Name: "exp", Arm: "a", Created: time.Unix(0, 0), Status: "success"}, &sum)
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
	python(t, filepath.Join("testdata", "load_log.py"), path)
}
