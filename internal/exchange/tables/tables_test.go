package tables

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"cheaptalk/debate"
	"cheaptalk/internal/exchange/internal/sample"
	"cheaptalk/internal/race"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// rowsOf returns the rows that the records have in T's table.
func rowsOf[T Row](t testing.TB, records []*debate.Record) []T {
	t.Helper()
	var rows []T
	for _, rec := range records {
		record, messages, transitions, err := Of(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, list := range []any{[]Record{record}, messages, transitions} {
			if list, ok := list.([]T); ok {
				rows = append(rows, list...)
			}
		}
	}
	return rows
}

func encode[T Row](t testing.TB, format Format, rows []T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter[T](&b, format)
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode[T Row](format Format, data []byte) (rows []Placed[T], err error) {
	list := ReadCSV[T](bytes.NewReader(data))
	if format == Parquet {
		list = ReadParquet[T](bytes.NewReader(data), int64(len(data)))
	}
	for row, err := range list {
		if err != nil {
			return rows, fmt.Errorf("%d: %w", row.Line, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func TestRowsAreWrittenAsTheGoldenFilesSay(t *testing.T) {
	records := slices.Concat(sample.Records(false)[:1], sample.Records(false)[len(sample.Awkward)+1:])
	for _, format := range []Format{CSV, JSONL} {
		for name, got := range map[string][]byte{
			"records":     encode(t, format, rowsOf[Record](t, records)),
			"messages":    encode(t, format, rowsOf[Message](t, records)),
			"transitions": encode(t, format, rowsOf[Transition](t, records)),
		} {
			path := filepath.Join("testdata", name+"."+string(format))
			if *update {
				if err := os.WriteFile(path, got, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s: go test -update rewrites it; got\n%s", path, got)
			}
		}
	}
}

func TestParquetIsReadAGroupOfRowsAfterTheOther(t *testing.T) {
	text := strings.Repeat("x", groupBytes/8)
	rows := make([]Message, 9)
	for i := range rows {
		rows[i] = Message{Case: Case{Arm: "a", Item: "q"}, Seq: int64(i), Agent: "ann", Task: "solve", Text: text + fmt.Sprint(i)}
	}
	data := encode(t, Parquet, rows)
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(file.RowGroups()); n != 2 {
		t.Errorf("%d groups of rows, not 2", n)
	}
	got, err := decode[Message](Parquet, data)
	if err != nil || len(got) != len(rows) {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	for i, row := range got {
		if row.Line != i+1 || row.Row.Text != rows[i].Text {
			t.Fatalf("row %d is %d, with %d bytes", i, row.Line, len(row.Row.Text))
		}
	}
}

func TestCSVIsWhatTheStandardReaderReads(t *testing.T) {
	rows := rowsOf[Message](t, sample.Records(false))
	r := csv.NewReader(bytes.NewReader(encode(t, CSV, rows)))
	names, err := r.Read()
	if err != nil || names[0] != "arm" {
		t.Fatal(names, err)
	}
	at := slices.Index(names, "text")
	for _, row := range rows {
		cells, err := r.Read()
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.ReplaceAll(row.Text, "\r\n", "\n"); cells[at] != want { // which it does to every cell
			t.Errorf("%q, not %q", cells[at], want)
		}
	}
	if _, err := r.Read(); err != io.EOF {
		t.Error(err)
	}
}

func TestCSVIsTakenApartStrictly(t *testing.T) {
	read := func(text string) string {
		c := newCells(strings.NewReader(text))
		var out []string
		for {
			row, line, err := c.next()
			if err == io.EOF {
				return strings.Join(out, " | ")
			}
			if err != nil {
				return strings.Join(append(out, fmt.Sprintf("%d: %v", line, err)), " | ")
			}
			out = append(out, fmt.Sprintf("%d %q", line, row))
		}
	}
	for in, want := range map[string]string{
		"":                        ``,
		"\n\n":                    ``,
		"a,b":                     `1 ["a" "b"]`,
		"a,b\n":                   `1 ["a" "b"]`,
		"\ufeffa,\r\n\r\n,b\r\n":  `1 ["a" ""] | 3 ["" "b"]`,
		"a,\"b\r\nc\"\nd,e":       `1 ["a" "b\r\nc"] | 3 ["d" "e"]`,
		"\"a\"\"b\",\"\"\r\nc,":   `1 ["a\"b" ""] | 2 ["c" ""]`,
		"\"\"":                    `1 [""]`,
		"a\rb,\x00 c \n":          `1 ["a\rb" "\x00 c "]`,
		"a\nb\"c\n":               `1 ["a"] | 2: a stray quote: put the whole cell in quotes and double those inside it`,
		"\"a\"b":                  `1: something follows a closing quote: double the quotes inside a cell`,
		"\"a\"\rb":                `1: a stray CR after a closing quote`,
		"x\n\"a\nb":               `1 ["x"] | 2: a quote is opened and not closed`,
		"\"" + "a\xff" + "\"\n":   `1: not UTF-8; save the file as UTF-8 text`,
		"\"" + "\n\n" + "\"\n\"x": `1 ["\n\n"] | 4: a quote is opened and not closed`,
	} {
		if got := read(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
	long := strings.Repeat("\"\"", 1<<17)
	if got := read("\"" + long + "\",b"); got != fmt.Sprintf("1 %q", []string{strings.Repeat("\"", 1<<17), "b"}) {
		t.Errorf("a long cell: %.80s", got)
	}
}

func TestColumnsMayBeInAnyOrder(t *testing.T) {
	want := rowsOf[Transition](t, sample.Records(false))
	r := csv.NewReader(bytes.NewReader(encode(t, CSV, want)))
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, cells := range all {
		slices.Reverse(cells)
	}
	if err := w.WriteAll(all); err != nil {
		t.Fatal(err)
	}
	got, err := decode[Transition](CSV, b.Bytes())
	if err != nil || len(got) != len(want) {
		t.Fatal(len(got), err)
	}
	for i, row := range got {
		if row.Row != want[i] {
			t.Errorf("row %d: %+v, not %+v", i, row.Row, want[i])
		}
	}
}

func TestDurationsComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		want := &debate.Record{Case: debate.Case{Arm: "a", Item: "q"}, Failed: "x", Took: time.Duration(r.Int64N(int64(10 * 24 * time.Hour)))}
		row, _, _, err := Of(want)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := row.Debate(nil); err != nil || got.Took != want.Took {
			t.Fatalf("%v came back as %v, %v", want.Took, got.Took, err)
		}
	}
	for _, s := range []float64{math.NaN(), math.Inf(1), 1e10} {
		if _, err := (Record{Seed: "0x0", TookS: &s}).Debate(nil); err == nil {
			t.Errorf("%v seconds are let through", s)
		}
	}
}

// TestParquetOfOtherColumnsIsRefused writes files that another program may have made.
func TestParquetOfOtherColumnsIsRefused(t *testing.T) {
	type lacking struct {
		Arm string `parquet:"arm"`
	}
	type extra struct {
		Transition
		More string `parquet:"more"`
	}
	type other struct {
		Case
		Agent     string  `parquet:"agent"`
		Seq       float64 `parquet:"seq"`
		Round     int64   `parquet:"round"`
		FromState string  `parquet:"from_state"`
		ToState   string  `parquet:"to_state"`
		Before    string  `parquet:"before,optional"`
		After     string  `parquet:"after,optional"`
		Peers     int64   `parquet:"peers"`
		Agreeing  int64   `parquet:"agreeing"`
		Adopted   bool    `parquet:"adopted"`
		Fate      string  `parquet:"fate"`
	}
	check := func(data []byte, want string) {
		t.Helper()
		if _, err := decode[Transition](Parquet, data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	check(written(t, lacking{}), `the table transitions needs a column "item"`)
	check(written(t, extra{}), `the table transitions has no column "more", and it would be lost`)
	check(written(t, other{}), "column seq holds number, not integer")
	check(written(t, Transition{Case: Case{Arm: "\xff"}}), "1: column arm: not UTF-8")
	check([]byte("PAR1"), "damaged Parquet file")
}

func written[T any](t *testing.T, row T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := parquet.Write(&b, []T{row}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDamagedParquetIsAnError(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector's checks of pointers end the program where the library panics without them")
	}
	whole := encode(t, Parquet, rowsOf[Transition](t, sample.Records(false)[:2]))
	if _, err := decode[Transition](Parquet, whole); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(whole); i += 3 { // no byte that flips is a panic
		b := slices.Clone(whole)
		b[i] ^= 0xff
		decode[Transition](Parquet, b)
		ParquetColumns(bytes.NewReader(b), int64(len(b)))
	}
}

func TestACallersPanicIsItsOwn(t *testing.T) {
	data := encode(t, Parquet, rowsOf[Message](t, sample.Records(false)[:2]))
	defer func() {
		if p := recover(); p != "mine" {
			t.Errorf("recovered %v", p)
		}
	}()
	for range ReadParquet[Message](bytes.NewReader(data), int64(len(data))) {
		panic("mine")
	}
}

// TestEveryColumnIsDocumented holds the tables of docs/EXPORT.md against the types.
func TestEveryColumnIsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "EXPORT.md"))
	if err != nil {
		t.Fatal(err)
	}
	check := func(table string, columns []Column) {
		_, section, found := strings.Cut(string(text), "\n### "+table+"\n")
		if !found {
			t.Fatalf("no section ### %s", table)
		}
		section, _, _ = strings.Cut(section, "\n#")
		var documented, want []string
		for line := range strings.Lines(section) {
			cells := strings.Split(line, "|")
			if len(cells) < 6 || !strings.HasPrefix(cells[1], " `") {
				continue
			}
			for name := range strings.SplitSeq(cells[1], ",") {
				documented = append(documented, fmt.Sprintf("%s %s %t", strings.Trim(name, " `"), strings.TrimSpace(cells[2]), !strings.HasPrefix(strings.TrimSpace(cells[4]), "never")))
			}
		}
		for _, c := range columns {
			want = append(want, fmt.Sprintf("%s %s %t", c.Name, c.Type, c.Null))
		}
		if !slices.Equal(documented, want) {
			t.Errorf("### %s has\n%s\nand the columns (name, type, may be null) are\n%s", table, strings.Join(documented, "\n"), strings.Join(want, "\n"))
		}
	}
	check(Name[Record](), Columns[Record]())
	check(Name[Message](), Columns[Message]())
	check(Name[Transition](), Columns[Transition]())
}

func FuzzCSV(f *testing.F) {
	f.Add(encode(f, CSV, rowsOf[Message](f, sample.Records(false)[:4])))
	f.Add(encode(f, CSV, rowsOf[Message](f, sample.Records(false)[len(sample.Awkward)+1:])))
	f.Add([]byte("\"a\r\n\"\"b\",c\r\n,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := decode[Message](CSV, data)
		if err != nil {
			return
		}
		var plain []Message
		for _, row := range rows {
			plain = append(plain, row.Row)
		}
		again, err := decode[Message](CSV, encode(t, CSV, plain))
		if err != nil {
			t.Fatal(err)
		}
		for i := range again {
			if !reflect.DeepEqual(again[i].Row, plain[i]) {
				t.Errorf("%+v came back as %+v", plain[i], again[i].Row)
			}
		}
	})
}

func FuzzParquet(f *testing.F) {
	f.Add(encode(f, Parquet, rowsOf[Message](f, sample.Records(false)[:4])))
	f.Add(encode(f, Parquet, rowsOf[Message](f, nil)))
	f.Fuzz(func(t *testing.T, data []byte) {
		decode[Message](Parquet, data)
		ParquetColumns(bytes.NewReader(data), int64(len(data)))
	})
}
