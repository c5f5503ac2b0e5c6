package exchange

import (
	"bytes"
	"compress/gzip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/exchange/internal/sample"
	"cheaptalk/internal/exchange/tables"
)

func gzipped(t testing.TB, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFilesAreSortedByWhatIsInThem(t *testing.T) {
	dir := t.TempDir()
	records := sample.Records(false)[:2]
	whole := export(t, dir, "", tables.JSONL, records)
	csv := export(t, dir, Tables[0], tables.CSV, records)
	messages := export(t, dir, Tables[1], tables.Parquet, records)
	rows := export(t, t.TempDir(), Tables[1], tables.JSONL, records)
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		write(t, path, text)
		return path
	}
	experiment := file("experiment.yaml", "name: x\n")
	recording := file("dylan.jsonl", ` {"id": "sky", "question": "?", "answer": "B", "replies": {}}`)
	for _, c := range []struct {
		files []string
		want  string // of the error; "" is none
	}{
		{[]string{whole}, ""},
		{[]string{whole, experiment}, ""},
		{[]string{csv, messages}, ""},
		{[]string{messages, csv, experiment}, ""},
		{[]string{recording}, ""},
		{[]string{experiment}, "no file with debates in it"},
		{[]string{whole, recording}, "mixed"},
		{[]string{whole, csv, messages}, "mixed"},
		{[]string{csv}, "debates are made of the tables records and messages together"},
		{[]string{csv, messages, csv}, "it is the table records, and so is"},
		{[]string{recording, experiment}, "imported without an experiment file"},
		{[]string{whole, experiment, experiment}, "there is another experiment file"},
		{[]string{rows}, "a table as JSON lines, which is not read again"},
		{[]string{file("log.json", `{"version":2,"status":"success","eval":{`)}, "a log of inspect_ai"},
		{[]string{file("math.p", "\x80\x04\x95")}, "a Python pickle"},
		{[]string{file("empty", "")}, "the file is empty"},
		{[]string{file("other.csv", "a,b\n1,2\n")}, "its columns are of none of the tables"},
		{[]string{file("half.parquet", "PAR1xx")}, "damaged Parquet file"},
		{[]string{file("cut.jsonl.gz", "\x1f\x8b\x08")}, "unexpected EOF"},
		{[]string{filepath.Join(dir, "nowhere")}, "no such file"},
	} {
		_, err := Sort(c.files)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%v: %v", c.files, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), filepath.Base(c.files[0])) && len(c.files) == 1 && c.files[0] != experiment):
			t.Errorf("%v: %v, want %s", c.files, err, c.want)
		}
	}
}

func TestTablesOfAnotherOrderAreRefused(t *testing.T) {
	dir := t.TempDir()
	records := sample.Records(false)[:4]
	path := export(t, dir, Tables[0], tables.CSV, records)
	backward := slices.Clone(records)
	slices.Reverse(backward)
	_, err := tryRead(path, export(t, dir, Tables[1], tables.CSV, backward))
	if err == nil || !strings.Contains(err.Error(), "records.csv:2: its messages do not come next in ") || !strings.Contains(err.Error(), "sort both by item") {
		t.Errorf("messages backward: %v", err)
	}
	_, err = tryRead(export(t, dir, Tables[0], tables.CSV, records[:3]), export(t, dir, Tables[1], tables.CSV, records))
	if err == nil || !strings.Contains(err.Error(), "a row of a debate that the table records does not have") {
		t.Errorf("messages of a debate more: %v", err)
	}
	records[0].Case.Arm = "other"
	_, err = tryRead(export(t, dir, Tables[0], tables.CSV, sample.Records(false)[:4]), export(t, dir, Tables[1], tables.CSV, sample.Records(false)[:4]),
		export(t, dir, Tables[2], tables.CSV, records))
	if err == nil || !strings.Contains(err.Error(), "0 transitions of the debate") {
		t.Errorf("transitions of another debate: %v", err)
	}
}

func TestReadingEndsWhereTheCallerHasEnough(t *testing.T) {
	dir := t.TempDir()
	for _, paths := range [][]string{
		{export(t, dir, "", tables.JSONL, sample.Records(false))},
		{export(t, dir, Tables[0], tables.CSV, sample.Records(false)), export(t, dir, Tables[1], tables.CSV, sample.Records(false))},
	} {
		files, err := Sort(paths)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range files.Records() {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == 2 {
				break
			}
		}
	}
}

func FuzzWholeRecords(f *testing.F) {
	for _, rec := range sample.Records(true)[:6] {
		var b bytes.Buffer
		w := WholeRecords(&b)
		if err := w.Write(rec); err != nil {
			f.Fatal(err)
		}
		if err := w.Close(); err != nil {
			f.Fatal(err)
		}
		f.Add(b.String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "r.jsonl")
		write(t, path, text)
		files := &Files{Whole: []string{path}}
		for rec, err := range files.Records() {
			if err != nil {
				return
			}
			// What is read is written as it can be read again.
			again := export(t, t.TempDir(), "", tables.JSONL, []*debate.Record{rec})
			if got := read(t, again); len(got) != 1 {
				t.Errorf("%d records", len(got))
			}
			if _, _, _, err := tables.Of(rec); err != nil {
				t.Error(err)
			}
		}
	})
}
