package rows

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parquet-go/parquet-go"
)

// The columns of the files on Hugging Face.
type (
	gsm8kRow struct {
		Question string `parquet:"question,optional"`
		Answer   string `parquet:"answer,optional"`
	}
	mmluRow struct {
		Question string   `parquet:"question,optional"`
		Subject  string   `parquet:"subject,optional"`
		Choices  []string `parquet:"choices,optional,list"`
		Answer   int64    `parquet:"answer"`
	}
	csqaRow struct {
		ID       string `parquet:"id"`
		Question string `parquet:"question"`
		Concept  string `parquet:"question_concept"`
		Choices  struct {
			Label []string `parquet:"label,list"`
			Text  []string `parquet:"text,list"`
		} `parquet:"choices"`
		Key string `parquet:"answerKey"`
	}
)

func encode[T any](t testing.TB, rows ...T) string {
	t.Helper()
	var b bytes.Buffer
	if err := parquet.Write(&b, rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func csqa(id, question, key string, texts ...string) csqaRow {
	r := csqaRow{ID: id, Question: question, Key: key}
	for i, text := range texts {
		r.Choices.Label = append(r.Choices.Label, string(rune('A'+i)))
		r.Choices.Text = append(r.Choices.Text, text)
	}
	return r
}

func TestParquetForms(t *testing.T) {
	check(t, "x.parquet", encode(t, gsm8kRow{"q", "<<1+1=2>>2\n#### 2"}, gsm8kRow{"r", "#### -1,000"}, gsm8kRow{"s", ""}),
		`1: number "q" key 2 rationale "<<1+1=2>>2"`, `2: number "r" key -1000`, `3: no "answer"`)
	check(t, "x.parquet", encode(t, mmluRow{"q", "anatomy", []string{"1", "0", "None", "3"}, 0}, mmluRow{"q", "anatomy", []string{"w", "x", "y", "z"}, 4}),
		`1: choice "q" ["1" "0" "None" "3"] key A subject anatomy`, `2: the answer 4 is not an index from 0 to 3; write the letter`)
	check(t, "x.parquet", encode(t, csqa("ab", "q", "B", "x", "x", "y", "z", "w"), csqa("cd", "r", "", "x", "y")),
		`1: choice "q" ["x" "x" "y" "z" "w"] key B id ab`, `2: no "answer"`)
}

func TestParquetOfManyBatches(t *testing.T) {
	var rows []gsm8kRow
	for i := range 3*parquetRows + 1 {
		rows = append(rows, gsm8kRow{fmt.Sprint("q", i), fmt.Sprint(i)})
	}
	got, err := readAll(t, "x.parquet", []byte(encode(t, rows...)))
	if err != nil || len(got) != len(rows) {
		t.Fatalf("%d rows of %d, %v", len(got), len(rows), err)
	}
	for i, r := range got {
		if want := fmt.Sprintf(`%d: number "q%d" key %d`, i+1, i, i); show(r) != want {
			t.Fatalf("got %s, want %s", show(r), want)
		}
	}
}

func TestDamagedParquetIsAnError(t *testing.T) {
	whole := encode(t, mmluRow{"q", "anatomy", []string{"w", "x", "y", "z"}, 0})
	if _, err := readAll(t, "x.parquet", []byte(whole)); err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{"", "PAR1", "plain text that is no Parquet", whole[:len(whole)-1], whole[len(whole)/2:]} {
		_, err := readAll(t, "x.parquet", []byte(data))
		if err == nil || !strings.Contains(err.Error(), "damaged Parquet file") {
			t.Errorf("%d bytes: %v", len(data), err)
		}
	}
	for i := range len(whole) { // no bit that flips is a panic
		b := []byte(whole)
		b[i] ^= 0xff
		readAll(t, "x.parquet", b)
	}
}

// stream is a file that can only be read from front to back.
type stream struct{ fs.File }

func TestParquetNeedsASeekableFile(t *testing.T) {
	f, err := fstest.MapFS{"x.parquet": {Data: []byte("PAR1")}}.Open("x.parquet")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range Read(stream{f}, "x.parquet") {
		if err == nil || !strings.Contains(err.Error(), "seekable") {
			t.Errorf("%v", err)
		}
	}
}

func TestACallersPanicIsItsOwn(t *testing.T) {
	f, err := fstest.MapFS{"x.parquet": {Data: []byte(encode(t, gsm8kRow{"q", "1"}))}}.Open("x.parquet")
	if err != nil {
		t.Fatal(err)
	}
	mine := errors.New("mine")
	defer func() {
		if p := recover(); p != mine {
			t.Errorf("recovered %v", p)
		}
	}()
	for range Read(f, "x.parquet") {
		panic(mine)
	}
}

func FuzzParquet(f *testing.F) {
	f.Add([]byte(encode(f, gsm8kRow{"q", "#### 2"})))
	f.Add([]byte(encode(f, mmluRow{"q", "anatomy", []string{"w", "x", "y", "z"}, 0})))
	f.Add([]byte(encode(f, csqa("ab", "q", "B", "x", "x", "y", "z", "w"))))
	fuzz(f, "x.parquet")
}
