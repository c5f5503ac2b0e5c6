package rows

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// readAll reads a made-up file.
func readAll(t testing.TB, name string, data []byte) ([]Row, error) {
	t.Helper()
	f, err := fstest.MapFS{name: {Data: data}}.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []Row
	for r, err := range Read(f, name) {
		if err != nil {
			return rows, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// show writes what a row came to on one line.
func show(r Row) string {
	if r.Err != nil {
		return fmt.Sprintf("%d: %v", r.Line, r.Err)
	}
	s := fmt.Sprintf("%d: %s %q", r.Line, r.Question.Kind, r.Question.Text)
	if r.Question.Choices != nil {
		s += fmt.Sprintf(" %q", r.Question.Choices)
	}
	s += " key " + string(r.Key)
	if r.ID != "" {
		s += " id " + r.ID
	}
	if r.Subject != "" {
		s += " subject " + r.Subject
	}
	if r.Rationale != "" {
		s += fmt.Sprintf(" rationale %q", r.Rationale)
	}
	return s
}

func check(t *testing.T, name, data string, want ...string) {
	t.Helper()
	rows, err := readAll(t, name, []byte(data))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	var got []string
	for _, r := range rows {
		got = append(got, show(r))
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("%s %s\ngot  %s\nwant %s", name, data, g, w)
	}
}

func TestJSONLForms(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"own number", `{"id":"n1","question":"2+2?","answer":"4","why":"sum"}`, `1: number "2+2?" key 4 id n1`},
		{"number literal", `{"question":"2+2?","answer":4.0}`, `1: number "2+2?" key 4`},
		{"decimal comma in thousands", `{"question":"q","answer":"$1,234.50"}`, `1: number "q" key 1234.5`},
		{"negative", `{"question":"q","answer":"-3"}`, `1: number "q" key -3`},
		{"fraction", `{"question":"q","answer":"2/6"}`, `1: number "q" key 1/3`},
		{"stated number with a unit", `{"question":"q","kind":"number","answer":"18 apples"}`, `1: number "q" key 18`},
		{"open", `{"question":"Capital of France?","kind":"open","answer":"Paris."}`, `1: open "Capital of France?" key paris`},
		{"numeral of an open question", `{"question":"q","kind":"open","answer":7}`, `1: open "q" key 7`},
		{"list and letter", `{"question":"q","choices":["x","y","z"],"answer":"C"}`, `1: choice "q" ["x" "y" "z"] key C`},
		{"small letter in brackets", `{"question":"q","choices":["x","y"],"answer":"(b)"}`, `1: choice "q" ["x" "y"] key B`},
		{"list and text", `{"question":"q","choices":["x","y"],"answer":"y"}`, `1: choice "q" ["x" "y"] key B`},
		{"text that is a numeral", `{"question":"q","choices":["2","1"],"answer":"1"}`, `1: choice "q" ["2" "1"] key B`},
		{"index from 0", `{"question":"q","choices":["x","y"],"answer":1}`, `1: choice "q" ["x" "y"] key B`},
		{"numbers as choices", `{"question":"q","choices":[10,20],"answer":"A"}`, `1: choice "q" ["10" "20"] key A`},
		{"object", `{"question":"q","choices":{"B":"y","A":"x"},"answer":"B"}`, `1: choice "q" ["x" "y"] key B`},
		{"options", `{"question_id":7,"question":"q","options":["x","y"],"answer":"B","answer_index":1}`, `1: choice "q" ["x" "y"] key B`},
		{"labels that are digits", `{"question":"q","choices":[{"label":"1","text":"x"},{"label":"2","text":"y"}],"answerKey":2}`, `1: choice "q" ["x" "y"] key B`},
		{"stated choice", `{"question":"q","kind":"choice","choices":["x","y"],"answer":"B"}`, `1: choice "q" ["x" "y"] key B`},
		{"unknown fields", `{"question":"q","answer":"4","level":3,"tags":["a"],"source":{"x":1}}`, `1: number "q" key 4`},

		{"GSM8K", `{"question":"q","answer":"7*2 = <<7*2=14>>14\n1,000+14\n#### 1,014"}`,
			`1: number "q" key 1014 rationale "7*2 = <<7*2=14>>14\n1,000+14"`},
		{"CommonsenseQA", `{"answerKey":"B","id":"ab","question":{"question_concept":"c","choices":[{"label":"A","text":"x"},{"label":"B","text":"x"}],"stem":"q"}}`,
			`1: choice "q" ["x" "x"] key B id ab`},
		{"CommonsenseQA on Hugging Face", `{"id":"ab","question":"q","question_concept":"c","choices":{"label":["A","B"],"text":["x","y"]},"answerKey":"B"}`,
			`1: choice "q" ["x" "y"] key B id ab`},
		{"MMLU on Hugging Face", `{"question":"q","subject":"abstract_algebra","choices":["1","0","3","2"],"answer":3}`,
			`1: choice "q" ["1" "0" "3" "2"] key D subject abstract_algebra`},
	} {
		t.Run(c.name, func(t *testing.T) { check(t, "x.jsonl", c.line, c.want) })
	}
}

func TestBadRowsSayWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{`{"question":"q"}`, `no "answer"`},
		{`{"question":"q","answer":""}`, `no "answer"`},
		{`{"question":"q","answer":null}`, `no "answer"`},
		{`{"question":"q","answer":true}`, `"answer" is neither text nor a number`},
		{`{"answer":"4"}`, `no "question"`},
		{`{"question":" ","answer":"4"}`, `no "question"`},
		{`{"question":{"choices":[]},"answer":"4"}`, `no "question"`},
		{`{"question":"q","chioces":["x","y"],"answer":"4"}`, `unknown field "chioces": is it "choices"?`},
		{`{"Question":"q","answer":"4"}`, `unknown field "Question": is it "question"?`},
		{`{"question":"q","anwser":"4"}`, `unknown field "anwser": is it "answer"?`},
		{`{"question":"q","answer":"4","ID":"x"}`, `unknown field "ID": is it "id"?`},
		{`{"question":"q","answer":"Apollo 11"}`, `the answer "Apollo 11" is not a number: add "choices", or "kind": "open"`},
		{`{"question":"q","answer":"B"}`, `the answer "B" is not a number: add "choices", or "kind": "open"`},
		{`{"question":"q","kind":"number","answer":"many"}`, `the answer "many" is not a number`},
		{`{"question":"q","kind":"open","answer":"..."}`, `nothing is left of the answer "..." in normal form`},
		{`{"question":"q","kind":"text","answer":"x"}`, `kind "text" is not choice, number or open`},
		{`{"question":"q","kind":"open","choices":["x","y"],"answer":"x"}`, `"kind" is open, but there are "choices"`},
		{`{"question":"q","kind":"choice","answer":"x"}`, `"kind" is choice, but there are no "choices"`},
		{`{"question":"q","answer":"#### 1 #### 2"}`, `more than one "####" in the answer`},
		{`{"question":"q","answer":"so it is\n#### many"}`, `the answer "many" is not a number: add "choices", or "kind": "open"`},
		{`{"question":"q","choices":"x","answer":"A"}`, `"choices" is neither a list nor an object`},
		{`{"question":"q","choices":["x"],"answer":"A"}`, `1 choices: a question has 2 to 26`},
		{`{"question":"q","choices":["x",""],"answer":"A"}`, `choice B is empty`},
		{`{"question":"q","choices":["x",["y"]],"answer":"A"}`, `choice B is empty`},
		{`{"question":"q","choices":{"A":"x","C":"y"},"answer":"A"}`, `"choices" has "C" where "B" should be`},
		{`{"question":"q","choices":{"label":["A"],"text":["x","y"]},"answer":"A"}`, `1 labels for 2 choices`},
		{`{"question":"q","choices":{"label":["A","A"],"text":["x","y"]},"answer":"A"}`, `choice 2 has the label "A", which is empty or another's`},
		{`{"question":"q","choices":{"label":["A","B"],"text":["x","y"]},"answer":"x"}`, `the answer "x" is none of the labels A B`},
		{`{"question":"q","choices":["x","y"],"answer":"C"}`, `the answer "C" is neither a letter from A to B nor one of the choices`},
		{`{"question":"q","choices":["x","y"],"answer":2}`, `the answer 2 is not an index from 0 to 1; write the letter`},
		{`{"question":"q","choices":["x","y"],"answer":-1}`, `the answer -1 is not an index from 0 to 1; write the letter`},
		{`{"question":"q","choices":["2","1"],"answer":1}`, ``}, // index 1 and the text "1" are the same choice
		{`{"question":"q","choices":["1","2"],"answer":1}`, `the answer 1 may mean choice B or the choice that reads "1": give the choices labels`},
		{`{"question":"q","choices":["B","A"],"answer":"A"}`, `the answer A may mean choice A or the choice that reads "A": give the choices labels`},
		{`{"question":"q","choices":["x","x"],"answer":"x"}`, `2 choices read "x": write the letter`},
		{`[{"question":"q","answer":"4"}]`, `not a JSON object: write one question a line`},
		{`{"question":"q","answer":"4"`, `not one whole JSON object`},
		{`{"question":"q","answer":"4"}{"question":"q","answer":"4"}`, `not one whole JSON object`},
		{"{\"question\":\"caf\xe9\",\"answer\":\"4\"}", `not UTF-8: save the file as UTF-8 text`},
	} {
		rows, err := readAll(t, "x.jsonl", []byte(c.line))
		if err != nil || len(rows) != 1 {
			t.Errorf("%s: %d rows, %v", c.line, len(rows), err)
			continue
		}
		got := ""
		if rows[0].Err != nil {
			got = rows[0].Err.Error()
		}
		if got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.line, got, c.want)
		}
	}
}

func TestLinesEndWithLineFeedAlone(t *testing.T) {
	check(t, "x.jsonl", "\xef\xbb\xbf{\"question\":\"a\u2028b\u0085c\",\"answer\":\"1\"}\r\n\n  \n{\"question\":\"q\",\"answer\":\"2\"}",
		"1: number \"a\\u2028b\\u0085c\" key 1", `4: number "q" key 2`)
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	rows, err := readAll(t, "x.jsonl", []byte(`{"question":"`+long+`","answer":"1"}`))
	if err != nil || len(rows) != 1 || rows[0].Question.Text != long {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestCSV(t *testing.T) {
	check(t, "x.csv", "question,A,B,C,D,answer\nq1,w,x,y,z,D\n\"q,2\n\"\"more\"\"\",w,x,,,B\nq3,None,x,y,z,None\n",
		`2: choice "q1" ["w" "x" "y" "z"] key D`,
		`3: choice "q,2\n\"more\"" ["w" "x"] key B`,
		`5: choice "q3" ["None" "x" "y" "z"] key A`)
	check(t, "x.csv", "\xef\xbb\xbfID, Question ,Answer,notes\r\n7,2+2?,4,easy\r\n,3+3?,6,\r\n",
		`2: number "2+2?" key 4 id 7`, `3: number "3+3?" key 6`)
	check(t, "x.csv", "question,kind,answer\nCapital of France?,open,Paris\n", `2: open "Capital of France?" key paris`)
	check(t, "x.csv", "question,A,B,answer\nq,x,y,B\n2+2?,,,4\n", `2: choice "q" ["x" "y"] key B`, `3: number "2+2?" key 4`)
}

func TestBadCSV(t *testing.T) {
	check(t, "x.csv", "text,label\nq,4\n", `1: the first row is no header: write question,A,B,C,D,answer or question,answer`)
	check(t, "x.csv", "question,answer,Answer\nq,4,5\n", `1: two columns are named "answer"`)
	check(t, "x.csv", "question,A,C,answer\nq,x,y,A\n", `1: the column C comes where B should: name the choices A, B, C and so on, in order`)
	check(t, "x.csv", "question,answer\nq,4\nq,4,5\nq,6\n", `2: number "q" key 4`, `3: 3 cells under a header of 2`, `4: number "q" key 6`)
	check(t, "x.csv", "question,answer\nsay \"hi\",4\n", `2: a stray quote: put the whole cell in quotes and double those inside it`)
	check(t, "x.csv", "question,answer\n\"q,4\nq,5\n", `2: a stray quote: put the whole cell in quotes and double those inside it`)
	check(t, "x.csv", "question,anwser\nq,4\n", `2: unknown field "anwser": is it "answer"?`)
	check(t, "x.csv", "question,A,B,C,answer\nq,x,,z,A\n", `2: choice B is empty`)
	check(t, "x.csv", "question,answer\ncaf\xe9,4\n", `2: not UTF-8: save the file as UTF-8 text`)
	check(t, "x.csv", "Fragekäse;question;answer\n;q;4\n", `1: the cells are separated by semicolons: save the file with commas between them`)
	check(t, "x.csv", "\"id\";\"question\"\n", `1: the cells are separated by semicolons: save the file with commas between them`)
	check(t, "x.csv", "id\tQuestion\tanswer\n", `1: the cells are separated by tabs: save the file with commas between them`)
	check(t, "x.csv", "\xff\xfeq\x00,\x00", `1: UTF-16: save the file as UTF-8 text`)
	check(t, "x.csv", "caf\xe9,answer\nq,4\n", `1: not UTF-8: save the file as UTF-8 text`)
}

// TestMMLUHasStrayQuotes has the shape of val/college_medicine_val.csv, line 6: a quoted cell that ends in the middle of a word.
func TestMMLUHasStrayQuotes(t *testing.T) {
	check(t, "x.csv", "q1,A,B,A,None,B\n\"Which of \"these\" is\nWill to Truth?\",w,x,y,z,A\n",
		`1: choice "q1" ["A" "B" "A" "None"] key B`,
		`2: choice "Which of \"these\" is\nWill to Truth?" ["w" "x" "y" "z"] key A`)
	check(t, "x.csv", "q1,w,x,y,z,B\nq2,w,x,y,z,E\n",
		`1: choice "q1" ["w" "x" "y" "z"] key B`, `2: the answer "E" is none of the labels A B C D`)
}

func TestGzip(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, `{"question":"q","answer":"4"}`)
	z.Close()
	check(t, "x.jsonl.gz", b.String(), `1: number "q" key 4`)
	if _, err := readAll(t, "x.jsonl.gz", b.Bytes()[:b.Len()-9]); err == nil {
		t.Error("a cut file is read without an error")
	}
	if _, err := readAll(t, "x.jsonl.gz", []byte("plain")); err == nil {
		t.Error("a plain file is taken for a compressed one")
	}
}

func TestFormats(t *testing.T) {
	for name, want := range map[string]string{
		"a.jsonl": ".jsonl false true", "a.CSV": ".csv false true", "d/a.jsonl.gz": ".jsonl true true", "a.parquet": ".parquet false true",
		"a.parquet.gz": ".parquet true false", "a.json": ".json false false", "a": " false false", ".gz": " true false",
	} {
		ext, gz, ok := Format(name)
		if got := fmt.Sprint(ext, " ", gz, " ", ok); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestExcerptIsFitForATerminal(t *testing.T) {
	if got, want := Excerpt("a\x1b[31mb\nc\xff\u202ed"), "a [31mb c  d"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := Excerpt(strings.Repeat("é", 61)), strings.Repeat("é", 60)+"…"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"kitten", "sitting", 3}, {"chioces", "choices", 2}, {"", "abc", 3}, {"abc", "", 3}, {"same", "same", 0}} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("%q %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// sound holds a row against what every question promises.
func sound(t *testing.T, r Row) {
	t.Helper()
	if r.Line < 1 {
		t.Errorf("line %d", r.Line)
	}
	if r.Err != nil {
		return
	}
	q := r.Question
	if strings.TrimSpace(q.Text) == "" || r.Key == "" || q.ID != "" {
		t.Errorf("not a question: %+v", r)
	}
	if q.Kind == debate.Choice && q.ChoiceIndex(r.Key) < 0 || q.Kind != debate.Choice && q.Choices != nil {
		t.Errorf("key and choices do not fit: %+v", r)
	}
	if q.Kind != debate.Choice && extract.Normalize(q, string(r.Key)) != r.Key {
		t.Errorf("key not in normal form: %+v", r)
	}
}

func fuzz(f *testing.F, name string) {
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := fstest.MapFS{name: {Data: data}}.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for r, err := range Read(file, name) {
			if n++; err != nil || n > 1000 { // a damaged file may claim any number of rows
				break
			}
			sound(t, r)
		}
	})
}

func FuzzJSONL(f *testing.F) {
	for _, s := range []string{
		`{"question":"q","choices":["x","y"],"answer":1}`, `{"question":"q","answer":"x\n#### 1,014"}`,
		`{"answerKey":"B","question":{"choices":[{"label":"A","text":"x"},{"label":"B","text":"x"}],"stem":"q"}}`,
		`{"question":"q","choices":{"label":["A","B"],"text":["x","y"]},"answerKey":"B"}`, "{}\n[]\n\"", "{\"question\":\"\xff\"}",
	} {
		f.Add([]byte(s))
	}
	fuzz(f, "x.jsonl")
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"question,A,B,answer\nq,x,y,B\n", "q,w,x,y,z,A\n\"q \"stray\" q\",w,x,y,z,B\n", "question,answer\n\"", "\xef\xbb\xbf,,,,,A", "\r\n\n,",
	} {
		f.Add([]byte(s))
	}
	fuzz(f, "x.csv")
}
