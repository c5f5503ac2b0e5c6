package rows

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// fields is one row of any format: texts, numbers, lists ([]any) and objects (map[string]any) by name.
type fields map[string]any

// Row is a question as a file has it, with its key in normal form.
type Row struct {
	ID, Subject string          // "" when the file has none
	Question    debate.Question // without an ID
	Key         debate.Answer
	Rationale   string // how the key is reached, as written; "" when the file does not say

	Line int    // where the row begins in the file, from 1; in Parquet, where there are no lines, its number from 1
	Raw  string // as written, in part perhaps; untrusted: see [Excerpt]
	Err  error  // why the row is not a question with a key; nil when it is one
}

// known lists the fields that mean something. Any other field is ignored, unless it looks like a misspelling of one of
// wanted that the row lacks.
var (
	known  = []string{"id", "subject", "kind", "question", "choices", "options", "answer", "answerKey", "why"}
	wanted = []string{"id", "kind", "question", "choices", "answer"}
)

// row turns fields into a question with its key. Every error it returns is about the row's content.
//
// Besides the project's own form it takes the forms of GSM8K (the key after "####" in the answer), of CommonsenseQA
// (question.stem and labelled choices) and of the same sets and MMLU on Hugging Face.
func (f fields) row() (Row, error) {
	if err := f.misspelt(); err != nil {
		return Row{}, err
	}
	var r Row
	choices := f.first("choices", "options")
	if q, ok := f["question"].(map[string]any); ok {
		r.Question.Text, _ = text(q["stem"])
		choices = q["choices"]
	} else {
		r.Question.Text, _ = text(f["question"])
	}
	if strings.TrimSpace(r.Question.Text) == "" {
		return Row{}, errors.New(`no "question"`)
	}
	r.ID, _ = text(f["id"])
	r.Subject, _ = text(f["subject"])
	answer := f.first("answer", "answerKey")
	written, ok := text(answer)
	switch {
	case answer == nil || ok && strings.TrimSpace(written) == "":
		return Row{}, errors.New(`no "answer"`)
	case !ok:
		return Row{}, errors.New(`"answer" is neither text nor a number`)
	}
	kind, err := f.kind(choices != nil)
	if err != nil {
		return Row{}, err
	}
	if choices != nil {
		return r.chosen(choices, answer)
	}
	return r.written(kind, strings.TrimSpace(written))
}

// kind returns the kind that the row states, "" when it states none.
func (f fields) kind(choices bool) (string, error) {
	if f["kind"] == nil {
		return "", nil
	}
	kind, _ := text(f["kind"])
	var k debate.Kind
	if err := k.UnmarshalText([]byte(kind)); err != nil {
		return "", err
	}
	if choices != (k == debate.Choice) {
		if choices {
			return "", fmt.Errorf(`"kind" is %s, but there are "choices"`, kind)
		}
		return "", errors.New(`"kind" is choice, but there are no "choices"`)
	}
	return kind, nil
}

// chosen completes a row whose answer is one of choices.
func (r Row) chosen(choices, answer any) (Row, error) {
	labels, texts, err := options(choices)
	if err != nil {
		return Row{}, err
	}
	i, err := chosen(labels, texts, answer, r.Subject != "")
	if err != nil {
		return Row{}, err
	}
	r.Question.Kind, r.Question.Choices, r.Key = debate.Choice, texts, debate.Letter(i)
	return r, nil
}

// numeral is what counts as a number when the row does not say its kind: sign, currency, digits with commas, a fraction or
// a power of ten, a percent sign.
var numeral = regexp.MustCompile(`^[-+−]?[$€£]?(\d[\d,]*(\.\d+)?|\.\d+)([eE][-+]?\d+|\s*/\s*\d+)?\s*%?$`)

// written completes a row whose answer is written out. kind is "number", "open" or "".
func (r Row) written(kind, answer string) (Row, error) {
	if kind == debate.Open.String() {
		r.Question.Kind = debate.Open
		if r.Key = extract.Normalize(r.Question, answer); r.Key == "" {
			return Row{}, fmt.Errorf("nothing is left of the answer %q in normal form", Excerpt(answer))
		}
		return r, nil
	}
	r.Question.Kind = debate.Number
	if before, after, ok := strings.Cut(answer, "####"); ok {
		if strings.Contains(after, "####") {
			return Row{}, errors.New(`more than one "####" in the answer`)
		}
		r.Rationale, answer = strings.TrimSpace(before), strings.TrimSpace(after)
	}
	if kind == "" && !numeral.MatchString(answer) {
		return Row{}, fmt.Errorf(`the answer %q is not a number: add "choices", or "kind": "open"`, Excerpt(answer))
	}
	if r.Key = extract.Normalize(r.Question, answer); r.Key == "" {
		return Row{}, fmt.Errorf("the answer %q is not a number", Excerpt(answer))
	}
	return r, nil
}

// first returns the first of the named fields that is present and not null.
func (f fields) first(names ...string) any {
	for _, name := range names {
		if f[name] != nil {
			return f[name]
		}
	}
	return nil
}

// misspelt finds a field that is not known but close to one that the row lacks: "chioces" silently ignored would make
// another question of the row.
func (f fields) misspelt() error {
	for _, want := range wanted {
		if f[want] != nil || want == "choices" && f["options"] != nil || want == "answer" && f["answerKey"] != nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(f)) {
			if !slices.Contains(known, name) && Distance(strings.ToLower(name), want) <= len(want)/3 {
				return fmt.Errorf("unknown field %q: is it %q?", Excerpt(name), want)
			}
		}
	}
	return nil
}

// Distance is the number of letters to insert, delete or replace to make b of a (Levenshtein 1966).
func Distance(a, b string) int {
	d := make([]int, len(b)+1)
	for j := range d {
		d[j] = j
	}
	for i := range len(a) {
		diagonal := d[0]
		d[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = d[j+1]
			d[j+1] = min(replace, d[j]+1, d[j+1]+1)
		}
	}
	return d[len(b)]
}

// text returns v as written when it is a text or a number.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []byte:
		return string(v), true
	case json.Number:
		return v.String(), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case int32:
		return strconv.FormatInt(int64(v), 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32), true
	}
	return "", false
}
