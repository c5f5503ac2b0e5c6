package exchange

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/exchange/internal/sample"
	"cheaptalk/internal/exchange/jsontext"
	"cheaptalk/internal/exchange/tables"
)

// export writes records to a file of the folder and returns its path: whole records for table "".
func export(t testing.TB, dir, table string, format tables.Format, records []*debate.Record) string {
	t.Helper()
	name := table
	if name == "" {
		name = "records"
	}
	path := filepath.Join(dir, name+"."+string(format))
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := WholeRecords(file)
	if table != "" {
		w = Table(file, table, format)
	}
	for _, rec := range records {
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// read sorts files and reads their records.
func read(t testing.TB, paths ...string) []*debate.Record {
	t.Helper()
	records, err := tryRead(paths...)
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func tryRead(paths ...string) ([]*debate.Record, error) {
	files, err := Sort(paths)
	if err != nil {
		return nil, err
	}
	var records []*debate.Record
	for rec, err := range files.Records() {
		if err != nil {
			return records, err
		}
		records = append(records, rec)
	}
	return records, nil
}

// sameRecords compares records by all that is exported of them, and quotes the first difference.
func sameRecords(t *testing.T, got, want []*debate.Record) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d records, not %d", len(got), len(want))
	}
	for i := range want {
		a, errA := jsontext.Marshal(got[i], "")
		b, errB := jsontext.Marshal(want[i], "")
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if !bytes.Equal(a, b) {
			t.Fatalf("record %d:\n got %.2000s\nwant %.2000s", i, a, b)
		}
	}
}

func sameFile(t *testing.T, a, b string) {
	t.Helper()
	x, errX := os.ReadFile(a)
	y, errY := os.ReadFile(b)
	if errX != nil || errY != nil {
		t.Fatal(errX, errY)
	}
	if !bytes.Equal(x, y) {
		t.Errorf("%s and %s differ", a, b)
	}
}

func TestWholeRecordsComeBackByteByByte(t *testing.T) {
	for _, calls := range []bool{false, true} {
		want := append(sample.Records(calls), sample.Long())
		path := export(t, t.TempDir(), "", tables.JSONL, want)
		got := read(t, path)
		sameRecords(t, got, want)
		sameFile(t, export(t, t.TempDir(), "", tables.JSONL, got), path)
	}
}

func TestTablesComeBackByteByByte(t *testing.T) {
	want := append(sample.Records(false), sample.Long())
	for _, format := range []tables.Format{tables.CSV, tables.Parquet} {
		dir, again := t.TempDir(), t.TempDir()
		var paths []string
		for _, name := range Tables {
			paths = append(paths, export(t, dir, name, format, want))
		}
		for n := 2; n <= 3; n++ { // without and with the table transitions
			got := read(t, paths[:n]...)
			sameRecords(t, got, want)
			for i, name := range Tables {
				sameFile(t, export(t, again, name, format, got), paths[i])
			}
		}
	}
}

func TestCallsAreTheOnlyThingThatTablesDoNotHold(t *testing.T) {
	dir := t.TempDir()
	got := read(t, export(t, dir, Tables[0], tables.CSV, sample.Records(true)), export(t, dir, Tables[1], tables.Parquet, sample.Records(true)))
	sameRecords(t, got, sample.Records(false))
}

func TestTheSameRecordsGiveTheSameBytes(t *testing.T) {
	for _, format := range []tables.Format{tables.JSONL, tables.CSV, tables.Parquet} {
		for _, name := range Tables {
			sameFile(t, export(t, t.TempDir(), name, format, sample.Records(true)), export(t, t.TempDir(), name, format, sample.Records(true)))
		}
	}
}

func TestFilesMayBeGzippedAndHaveAByteOrderMark(t *testing.T) {
	dir := t.TempDir()
	want := sample.Records(false)[:3]
	path := export(t, dir, "", tables.JSONL, want)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, "\ufeff"+string(text)+"\n\n")
	sameRecords(t, read(t, path), want)
	zipped := filepath.Join(dir, "zipped.jsonl")
	write(t, zipped, gzipped(t, text))
	sameRecords(t, read(t, zipped), want)
	records, messages := export(t, dir, Tables[0], tables.CSV, want), export(t, dir, Tables[1], tables.CSV, want)
	text, err = os.ReadFile(records)
	if err != nil {
		t.Fatal(err)
	}
	write(t, records, gzipped(t, text))
	sameRecords(t, read(t, records, messages), want)
}

func TestSeveralFilesOfWholeRecordsAreOneRun(t *testing.T) {
	want := sample.Records(false)
	a, b := export(t, t.TempDir(), "", tables.JSONL, want[:4]), export(t, t.TempDir(), "", tables.JSONL, want[4:])
	sameRecords(t, read(t, a, b), want)
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestWhatCannotBeARecordIsRefused changes one thing in a good record.
func TestWhatCannotBeARecordIsRefused(t *testing.T) {
	good, err := json.Marshal(sample.Records(false)[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"seed":`, `"sead":`, `unknown field "sead"`},
		{`"arm":"naive, with comma"`, `"arm":""`, "arm: there is none"},
		{`"item":"set/a/1"`, `"item":""`, "item: there is none"},
		{`"item":"set/a/1"`, `"item":"set/a/2"`, `question: its id is "set/a/1", and that of the case "set/a/2"`},
		{`"draw":1`, `"draw":-1`, "both count from 0"},
		{`"key":"A"`, `"key":"a"`, `key: "a" is not in normal form, in which answers are compared; write "A"`},
		{`"key":"A"`, `"key":"The answer is A"`, "is not in normal form"},
		{`"agents":["ann","bob","ann#2"]`, `"agents":["ann","bob","bob"]`, `the name "bob" is empty or there twice`},
		{`"agents":["ann","bob","ann#2"]`, `"agents":["ann","bob"]`, `message 2: "ann#2" is not among the agents`},
		{`"seq":3`, `"seq":4`, "message 3: seq is 4"},
		{`"round":2`, `"round":3`, "round 3 comes after round 1"},
		{`"from":"bob","brief":{"task":"solve"}`, `"from":"ann","brief":{"task":"solve"}`, "message 1: ann speaks twice in round 0"},
		{`"heard":[2,0]`, `"heard":[2,4]`, "message 3: it has heard message 4"},
		{`"unshown":[2]`, `"unshown":[-1]`, "message 3: it has heard message -1"},
		{`"task":"revise"`, `"task":"rewise"`, `task "rewise" is not one of`},
		{`"confidence":0.1`, `"confidence":1.5`, "confidence 1.5 is not between 0 and 1"},
		{`"kind":"choice"`, `"kind":"choise"`, `kind "choise" is not choice, number or open`},
		{`"judge":"mine"`, `"judge":"AggLM"`, "AggLM has decided before"},
		{`"judge":"mine"`, `"judge":""`, "verdict 2: judge: there is none"},
		{`"transcript":{`, `"transcript":null,"was":{`, "unknown field"},
		{`}`, ``, "not one whole JSON object"},
		{`Which?`, "Which\xff", "not UTF-8"},
	} {
		bad := strings.Replace(string(good), c.old, c.new, 1)
		if c.old == "}" {
			bad = string(good[:len(good)-1])
		}
		path := filepath.Join(t.TempDir(), "r.jsonl")
		other := strings.Replace(string(good), `"repeat":2`, `"repeat":1`, 1)
		write(t, path, other+"\n"+bad+"\n")
		_, err := tryRead(path)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path+":2: ") {
			t.Errorf("%s instead of %s: %v\nwant %s", c.new, c.old, err, c.want)
		}
	}
	path := filepath.Join(t.TempDir(), "r.jsonl")
	write(t, path, string(good)+"\n"+string(good)+"\n")
	if _, err := tryRead(path); err == nil || !strings.Contains(err.Error(), "is there twice") {
		t.Errorf("twice: %v", err)
	}
	write(t, path, `{"case":{"arm":"a","item":"q","draw":0,"repeat":0},"key":"A","seed":1,"transcript":null}`)
	if _, err := tryRead(path); err == nil || !strings.Contains(err.Error(), "transcript: there is none") {
		t.Errorf("no transcript: %v", err)
	}
}

// TestATableThatWasChangedIsRefused changes one cell in the tables of good records.
func TestATableThatWasChangedIsRefused(t *testing.T) {
	records := slices.Concat(sample.Records(false)[:2], sample.Records(false)[len(sample.Awkward)+1:])
	for _, c := range []struct{ table, old, new, want string }{
		{"records", ",right,plurality,A,", ",wrong,plurality,A,", `records.csv:2: outcome is "wrong", but from the other columns and tables follows "right"`},
		{"records", ",set,choice,", ",set,chose,", `records.csv:2: kind "chose" is not choice`},
		{"records", ",choice,", ",,", "kind: there is none, but the debate has messages"},
		{"records", "0xffffffffffffffff", "0xfffffffffffffffff", "records.csv:2: seed: "},
		{"records", "1.234567891", "1e300", "took_s: 1e+300 seconds are too many"},
		{"records", `""judge"":""mine""`, `""judge"":""mine"",""x"":1`, `records.csv:2: verdicts: json: unknown field "x"`},
		{"records", ",true,2,", ",yes,2,", `records.csv:2: column tied: "yes" is neither true nor false`},
		{"records", ",true,2,", ",,2,", "records.csv:2: column tied: the cell is empty"},
		{"records", "arm,item,", "arm,itme,", "its columns are of none of the tables"},
		{"records", "arm,item,draw", "arm,item,drew", `records.csv:1: the table records has no column "drew", and it would be lost; take it out of the file`},
		{"records", ",outcome,", ",answer,", `records.csv:1: there are two columns "answer"`},
		{"records", "ann#2\"\"]\"", "ann#2\"\"\"", "is not a list of texts, as JSON"},
		{"messages", ",0,0,ann,solve,", ",0,0,ann,sulk,", `message 0: task "sulk" is not one of`},
		{"messages", ",B,B,B,incorrect,0.1,", ",B,B,B,correct,0.1,", `messages.csv:2: state is "correct", but from the other columns and tables follows "incorrect"`},
		{"messages", ",incorrect,0.1,", ",incorrect,7,", "message 0: confidence: 7 is not between 0 and 1"},
		{"messages", ",incorrect,0.1,", ",incorrect,NaN,", `messages.csv:2: column confidence: "NaN" is not a number`},
		{"messages", "\"[2,0]\"", "two", `column heard: "two" is not a list of integers, as JSON`},
		{"messages", "\"[2,0]\"", "null", `column heard: "null" is not a list of integers, as JSON`},
		{"messages", "set/a/1,1,2,4,", "set/a/1,1,2,x,", `column seq: "x" is not a whole number`},
		{"transitions", ",corrected", ",corrupted", `fate is "corrupted", but from the other columns and tables follows "corrected"`},
		{"transitions", "ann,5,2", "ann,6,2", `transitions.csv:3: seq is "6"`},
	} {
		dir := t.TempDir()
		var paths []string
		for _, name := range Tables {
			path := export(t, dir, name, tables.CSV, records)
			paths = append(paths, path)
			if name != c.table {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.Replace(string(text), c.old, c.new, 1)
			if changed == string(text) {
				t.Fatalf("%s has no %s", c.table, c.old)
			}
			write(t, path, changed)
		}
		_, err := tryRead(paths...)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s instead of %s: %v\nwant %s", c.new, c.old, err, c.want)
		}
	}
}
