package datasets

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"cheaptalk/debate"
	"cheaptalk/internal/realdata"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func mustLoad(t *testing.T, name string, o Options) []debate.Item {
	t.Helper()
	items, err := Load(name, o)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

// write makes a file under a new directory and returns the directory.
func write(t *testing.T, name, data string) string {
	t.Helper()
	dir := t.TempDir()
	writeIn(t, dir, name, data)
	return dir
}

func writeIn(t *testing.T, dir, name, data string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func ids(items []debate.Item) string {
	var b strings.Builder
	for _, item := range items {
		fmt.Fprintf(&b, " %s=%s", item.Question.ID, item.Key)
	}
	return strings.TrimSpace(b.String())
}

// goodID is what question IDs promise to be made of.
var goodID = regexp.MustCompile(`^[\p{L}\p{Nd}_][\p{L}\p{Nd}._-]*(/[\p{L}\p{Nd}_][\p{L}\p{Nd}._-]*)+$`)

// sound holds items against what every set promises.
func sound(t *testing.T, items []debate.Item) {
	t.Helper()
	seen := map[string]bool{}
	for _, item := range items {
		q := item.Question
		if !goodID.MatchString(q.ID) || seen[q.ID] {
			t.Errorf("ID %q is not good or not unique", q.ID)
		}
		seen[q.ID] = true
		if strings.TrimSpace(q.Text) == "" || item.Key == "" || item.Draw != 0 {
			t.Errorf("%s: not an item: %+v", q.ID, item)
		}
		if (q.Kind == debate.Choice) != (q.ChoiceIndex(item.Key) >= 0) {
			t.Errorf("%s: key %s does not fit the choices %q", q.ID, item.Key, q.Choices)
		}
	}
}

func TestCardsHoldForTheRealFiles(t *testing.T) {
	dir := realdata.Path(t)
	for _, card := range Cards() {
		var all []debate.Item // splits never share an ID
		for _, split := range card.Splits {
			items := mustLoad(t, card.Name, Options{Dir: dir, Split: split.Name})
			all = append(all, items...)
			if len(items) != split.Rows {
				t.Errorf("%s %s: %d questions, the card says %d", card.Name, split.Name, len(items), split.Rows)
			}
			for _, item := range items {
				if q := item.Question; q.Kind != card.Kind || q.Set() != card.Name {
					t.Errorf("%s: kind %s, set %s", q.ID, q.Kind, q.Set())
				}
			}
		}
		sound(t, all)
	}
}

func TestCardsTable(t *testing.T) {
	var b strings.Builder
	for _, c := range Cards() {
		fmt.Fprintf(&b, "%s  %s  %s\n  %s\n  %s\n  %s\n", c.Name, c.Kind, c.Title, c.Source, c.Licence, c.Citation)
		for _, s := range c.Splits {
			f := s.Files[0]
			fmt.Fprintf(&b, "  %-5s %6d questions  %3d files  %s %s %.8s %s\n", s.Name, s.Rows, len(s.Files), f.Path, f.URL, f.SHA256, s.Parquet)
		}
		for _, note := range c.Notes {
			fmt.Fprintf(&b, "  - %s\n", note)
		}
	}
	golden(t, "cards.txt", b.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		writeIn(t, "testdata", name, got)
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./datasets -update rewrites it)\ngot\n%s\nwant\n%s", file, got, want)
	}
}

func TestCardsAreComplete(t *testing.T) {
	sum := regexp.MustCompile(`^[0-9a-f]{64}$`)
	for _, c := range Cards() {
		if _, ok := Find(c.Name); !ok || c.Title == "" || c.Source == "" || c.Licence == "" || c.Citation == "" {
			t.Errorf("card %s is not complete", c.Name)
		}
		if _, ok := c.Split(c.Shots); !ok {
			t.Errorf("%s: examples are to come from the split %q", c.Name, c.Shots)
		}
		for _, s := range c.Splits {
			for _, f := range s.Files {
				if !c.Embedded && (!sum.MatchString(f.SHA256) || !strings.HasPrefix(f.URL, "https://")) {
					t.Errorf("%s: file %+v", c.Name, f)
				}
			}
		}
	}
	if n := len(mmlu().Subjects()); n != 57 {
		t.Errorf("MMLU has %d subjects", n)
	}
}

func TestSamples(t *testing.T) {
	for name, atLeast := range map[string]int{"sample-numbers": 60, "sample-choices": 60, "sample-commonsense": 40} {
		items := mustLoad(t, name, Options{Dir: "nowhere"})
		sound(t, items)
		if len(items) < atLeast {
			t.Errorf("%s: %d questions", name, len(items))
		}
	}
	items := mustLoad(t, "sample-choices", Options{Subjects: []string{"astronomy"}})
	if all := mustLoad(t, "sample-choices", Options{}); len(items) == 0 || len(items) == len(all) {
		t.Errorf("%d of %d questions are of one subject", len(items), len(all))
	}
}

func TestNumbersCountTheQuestionsOfAFile(t *testing.T) {
	dir := realdata.Path(t)
	b, err := os.ReadFile(filepath.Join(dir, "gsm8k", "test.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	item := mustLoad(t, "gsm8k", Options{Dir: dir})[17]
	line := bytes.Split(b, []byte("\n"))[17]
	if start := item.Question.Text[:20]; item.Question.ID != "gsm8k/17" || !bytes.Contains(line, []byte(start)) {
		t.Errorf("%s is %q, line 18 is %s", item.Question.ID, start, line)
	}
}

// The keys of GSM8K's test split as they are written: 14 with thousands commas, 2 negative.
func TestGSM8KKeys(t *testing.T) {
	dir := realdata.Path(t)
	b, err := os.ReadFile(filepath.Join(dir, "gsm8k", "test.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	written := regexp.MustCompile(`#### ([^"]*)"`).FindAllSubmatch(b, -1)
	commas, negative := 0, 0
	for i, item := range mustLoad(t, "gsm8k", Options{Dir: dir}) {
		w := string(written[i][1])
		if plain := strings.ReplaceAll(w, ",", ""); string(item.Key) != plain {
			t.Errorf("%s: key %s, written %s", item.Question.ID, item.Key, w)
		} else if plain != w {
			commas++
		}
		if item.Key[0] == '-' {
			negative++
		}
	}
	if commas != 14 || negative != 2 {
		t.Errorf("%d keys with commas, %d negative", commas, negative)
	}
}

func TestGSM8KLineSeparatorIsNoEndOfLine(t *testing.T) {
	entries, err := load("gsm8k", Options{Dir: realdata.Path(t), Split: "train"})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if strings.ContainsRune(e.item.Question.Text+e.rationale, '\u2028') {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d rows hold U+2028, want 1", n)
	}
}

func TestMMLUPitfalls(t *testing.T) {
	dir := realdata.Path(t)
	items := mustLoad(t, "mmlu", Options{Dir: dir})
	lines, none, same := 0, 0, 0
	seen := map[string]bool{}
	duplicates, inSubject := 0, 0
	for _, item := range items {
		q := item.Question
		cells := strings.Join(append([]string{q.Text}, q.Choices...), "\x00")
		if strings.Contains(cells, "\n") {
			lines++
		}
		if slices.Contains(q.Choices, "None") {
			none++
		}
		if len(slices.Compact(slices.Sorted(slices.Values(q.Choices)))) < 4 {
			same++
		}
		row := cells + string(item.Key)
		if seen[row] {
			duplicates++
		}
		if here := path.Dir(q.ID) + row; seen[here] {
			inSubject++
		} else {
			seen[row], seen[here] = true, true
		}
	}
	if lines != 1127 || none == 0 || same != 9 || duplicates != 105 || inSubject != 27 {
		t.Errorf("%d rows of several lines, %d with the choice None, %d with two identical choices, %d duplicates, %d in their subject",
			lines, none, same, duplicates, inSubject)
	}
	if val := mustLoad(t, "mmlu", Options{Dir: dir, Split: "val", Subjects: []string{"college_medicine"}}); len(val) != 22 {
		t.Errorf("college_medicine val: %d questions", len(val))
	}
}

func TestCSQAPitfalls(t *testing.T) {
	same := 0
	for _, item := range mustLoad(t, "csqa", Options{Dir: realdata.Path(t)}) {
		c := item.Question.Choices
		if len(c) != 5 {
			t.Errorf("%s: %d choices", item.Question.ID, len(c))
		}
		if len(slices.Compact(slices.Sorted(slices.Values(c)))) < 5 {
			same++
		}
	}
	if same != 24 {
		t.Errorf("%d rows with two identical choices, want 24", same)
	}
}

func TestIDsNameTheSplitThatIsNotTheDefault(t *testing.T) {
	dir := realdata.Path(t)
	for name, want := range map[string]string{"gsm8k train": "gsm8k/train/0", "mmlu val": "mmlu/val/virology/0", "csqa train": "csqa/train/0", "csqa dev": "csqa/0"} {
		set, split, _ := strings.Cut(name, " ")
		o := Options{Dir: dir, Split: split}
		if set == "mmlu" {
			o.Subjects = []string{"virology"}
		}
		if got := mustLoad(t, set, o)[0].Question.ID; got != want {
			t.Errorf("%s: first ID %s, want %s", name, got, want)
		}
	}
}

// TestHuggingFaceFilesGiveTheSameItems writes the real questions in the columns of the files on Hugging Face.
func TestHuggingFaceFilesGiveTheSameItems(t *testing.T) {
	dir, hub := realdata.Path(t), t.TempDir()
	type gsm8kRow struct {
		Question string `parquet:"question"`
		Answer   string `parquet:"answer"`
	}
	type mmluRow struct {
		Question string   `parquet:"question"`
		Subject  string   `parquet:"subject"`
		Choices  []string `parquet:"choices,list"`
		Answer   int64    `parquet:"answer"`
	}
	type csqaRow struct {
		ID       string `parquet:"id"`
		Question string `parquet:"question"`
		Choices  struct {
			Label []string `parquet:"label,list"`
			Text  []string `parquet:"text,list"`
		} `parquet:"choices"`
		Key string `parquet:"answerKey"`
	}
	encode := func(card string, subjects []string, make func(debate.Item) any) {
		t.Helper()
		c, _ := Find(card)
		var rows []any
		for _, item := range mustLoad(t, card, Options{Dir: dir, Subjects: subjects}) {
			rows = append(rows, make(item))
		}
		var b bytes.Buffer
		w := parquet.NewWriter(&b, parquet.SchemaOf(rows[0]))
		for _, r := range rows {
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		writeIn(t, hub, c.Splits[0].Parquet, b.String())
	}
	encode("gsm8k", nil, func(item debate.Item) any { return gsm8kRow{item.Question.Text, "so\n#### " + string(item.Key)} })
	encode("mmlu", []string{"anatomy", "high_school_us_history", "virology"}, func(item debate.Item) any {
		q := item.Question
		return mmluRow{q.Text, strings.Split(q.ID, "/")[1], q.Choices, int64(q.ChoiceIndex(item.Key))}
	})
	encode("csqa", nil, func(item debate.Item) any {
		r := csqaRow{ID: "x", Question: item.Question.Text, Key: string(item.Key)}
		r.Choices.Label, r.Choices.Text = strings.Split("ABCDE", ""), item.Question.Choices
		return r
	})
	for _, o := range []struct {
		name     string
		subjects []string
	}{{"gsm8k", nil}, {"mmlu", []string{"anatomy", "high_school_us_history", "virology"}}, {"mmlu", []string{"virology"}}, {"csqa", nil}} {
		want := mustLoad(t, o.name, Options{Dir: dir, Subjects: o.subjects})
		got := mustLoad(t, o.name, Options{Dir: hub, Subjects: o.subjects})
		if len(got) != len(want) {
			t.Fatalf("%s: %d questions, want %d", o.name, len(got), len(want))
		}
		for i := range want {
			if fmt.Sprintf("%+v", got[i]) != fmt.Sprintf("%+v", want[i]) {
				t.Fatalf("%s\ngot  %+v\nwant %+v", o.name, got[i], want[i])
			}
		}
	}
}

func TestAFileThatIsNotAsPublishedIsNotReadUnderItsName(t *testing.T) {
	real, err := os.ReadFile(filepath.Join(realdata.Path(t), "gsm8k", "test.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	dir := write(t, "gsm8k/test.jsonl", strings.Replace(string(real), "Janet", "Jonet", 1))
	path := filepath.Join(dir, "gsm8k", "test.jsonl")
	_, err = Load("gsm8k", Options{Dir: dir})
	if want := "gsm8k: " + path + " is not the published file\n  cheaptalk datasets fetch gsm8k brings that one; a file of your own is given by its path"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	for name, o := range map[string]Options{"gsm8k": {Dir: dir, AnyFile: true}, path: {}} {
		if items, err := Load(name, o); err != nil || len(items) != 1319 {
			t.Errorf("%s: %d questions, %v", name, len(items), err)
		}
	}
}

func TestOwnFiles(t *testing.T) {
	dir := write(t, "My questions.jsonl", `{"question":"q","answer":1}
{"id":"é #2/..","question":"q","answer":2}
{"id":"My-questions/kept","question":"q","answer":3}
{"subject":"sea life","question":"q","answer":4}
{"question":"q","answer":5}`)
	items := mustLoad(t, filepath.Join(dir, "My questions.jsonl"), Options{})
	sound(t, items)
	if got, want := ids(items), "My-questions/0=1 My-questions/é--2/x=2 My-questions/kept=3 My-questions/sea-life/0=4 My-questions/3=5"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := ids(mustLoad(t, filepath.Join(dir, "My questions.jsonl"), Options{Subjects: []string{"sea life"}})); got != "My-questions/sea-life/0=4" {
		t.Errorf("one subject: %s", got)
	}
}

func TestSetNames(t *testing.T) {
	for path, want := range map[string]string{
		"a/b/quiz.jsonl": "quiz", "quiz.v2.CSV": "quiz.v2", "quiz.jsonl.gz": "quiz", "--quiz.csv": "quiz", "_.csv": "_", "gsm8k.jsonl": "gsm8k.jsonl",
		".jsonl": "jsonl", "test-00000-of-00001.parquet": "test-00000-of-00001",
	} {
		if got := setName(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestErrorsSayWhatWhereAndWhatToDo(t *testing.T) {
	good := `{"question": "q", "answer": "#### 1"}` + "\n"
	dir := write(t, "gsm8k/test.jsonl", strings.Repeat(good, 40)+`{"question": "Janet’s ducks lay 16 eggs per day. She eats three for breakfast every morning"}`+"\n"+good)
	writeIn(t, dir, "same.jsonl", `{"id":"a b","question":"q","answer":1}`+"\n\n"+`{"id":"a-b","question":"q","answer":2}`)
	writeIn(t, dir, "empty.csv", "question,answer\n")
	writeIn(t, dir, "q.jsonl", good)
	writeIn(t, dir, "q.json", good)
	var b strings.Builder
	for _, c := range []struct {
		name string
		o    Options
	}{
		{"gsm8k", Options{}},
		{"gsm8k", Options{Split: "train"}},
		{"gsm8k", Options{Split: "validation"}},
		{"gsm8k", Options{Subjects: []string{"astronomy"}}},
		{"mmlu", Options{Subjects: []string{"astronmy"}}},
		{"mmlu", Options{Subjects: []string{"virology"}}},
		{"csqa", Options{Split: "test"}},
		{"sample-choices", Options{Subjects: []string{"alchemy"}}},
		{"gsm9k", Options{}},
		{"DIR/same.jsonl", Options{}},
		{"DIR/empty.csv", Options{}},
		{"DIR/none.csv", Options{}},
		{"DIR/q.json", Options{}},
		{"DIR/q.jsonl", Options{Split: "test"}},
		{"DIR/q.jsonl", Options{Subjects: []string{"x", "y"}}},
	} {
		c.o.Dir = dir
		_, err := Load(strings.ReplaceAll(c.name, "DIR", dir), c.o)
		if err == nil {
			t.Errorf("%s %+v: no error", c.name, c.o)
			continue
		}
		fmt.Fprintf(&b, "%s %s %s\nerror: %s\n\n", c.name, c.o.Split, c.o.Subjects, strings.ReplaceAll(err.Error(), dir, "DIR"))
	}
	golden(t, "errors.txt", b.String())

	_, err := Load("gsm8k", Options{Dir: dir})
	if bad := (*RowError)(nil); !errors.As(err, &bad) || bad.Line != 41 || bad.Before != 40 {
		t.Errorf("%#v", err)
	}
	_, err = Load("csqa", Options{Dir: dir})
	if missing := (*MissingError)(nil); !errors.As(err, &missing) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%#v", err)
	}
}

func TestDirComesFromTheOptionThenTheEnvironment(t *testing.T) {
	t.Setenv("CHEAPTALK_DATA", "env")
	t.Setenv("XDG_CACHE_HOME", "/cache")
	if dir, err := Dir("option"); dir != "option" || err != nil {
		t.Error(dir, err)
	}
	if dir, err := Dir(""); dir != "env" || err != nil {
		t.Error(dir, err)
	}
	t.Setenv("CHEAPTALK_DATA", "")
	dir, err := Dir("")
	if err != nil || !strings.HasSuffix(filepath.ToSlash(dir), "/cheaptalk/data") {
		t.Error(dir, err)
	}
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"a b", "../x", "", "/", "-rf", "é/ß", "a//b", "x\x00y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := slug(s)
		if !goodID.MatchString("set/"+got) || slug(got) != got {
			t.Errorf("%q becomes %q, then %q", s, got, slug(got))
		}
	})
}

func TestCheckReadsToTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.csv")
	text := "id,question,A,B,answer\na,q,x,y,A\nb,q,x,y,C\na,q,x,y,B\nc,q,x,y,B,z\nd,q,x,y,y\ne,q\"q,x,y,B\nf,q,x,y,A\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Check(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, item := range c.Items {
		got = append(got, item.Question.ID+" "+string(item.Key))
	}
	for _, w := range c.Wrong {
		got = append(got, fmt.Sprintf("%d: %s", w.Line, w.Problem))
	}
	want := []string{"own/a A", "own/d B", `3: the answer "C" is neither a letter from A to B nor one of the choices`, `4: the id "own/a" is that of line 2 too`,
		"5: 6 cells under a header of 5", "7: a stray quote: put the whole cell in quotes and double those inside it"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, err := Check(path + ".csv"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}
