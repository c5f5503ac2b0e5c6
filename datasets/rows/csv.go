package rows

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"cheaptalk/debate"
)

// mmluFields is the number of cells in a row of MMLU: the question, four choices, the letter of the key.
const mmluFields = 6

// fromCSV reads rows under a header that names the columns, or the rows of MMLU, which have none.
// MMLU has stray quotes, so they are let through there; under a header they are errors.
func fromCSV(in io.Reader, yield func(record, error) bool) {
	r := csv.NewReader(in)
	r.LazyQuotes = true
	var columns []string // nil in a file of MMLU
	for first := true; ; first = false {
		cells, err := r.Read()
		if err == io.EOF {
			return
		}
		rec := record{raw: strings.Join(cells, ",")}
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			rec.line, rec.bad = parse.StartLine, parse.Err
			switch {
			case errors.Is(err, csv.ErrFieldCount):
				rec.bad = fmt.Errorf("%d cells under a header of %d", len(cells), r.FieldsPerRecord)
			case errors.Is(err, csv.ErrBareQuote), errors.Is(err, csv.ErrQuote):
				rec.bad = errors.New("a stray quote: put the whole cell in quotes and double those inside it")
			}
			if !yield(rec, nil) || !errors.Is(err, csv.ErrFieldCount) {
				return
			}
			continue
		} else if err != nil {
			yield(record{}, err)
			return
		}
		rec.line, _ = r.FieldPos(0)
		if first {
			if columns, rec.bad = header(cells); rec.bad != nil {
				yield(rec, nil)
				return
			}
			if columns != nil {
				r.LazyQuotes = false
				continue
			}
		}
		if columns == nil {
			rec.fields = fromMMLU(cells)
		} else {
			rec.fields = underHeader(columns, cells)
		}
		if !yield(rec, nil) {
			return
		}
	}
}

// header returns the columns that a first row names, nil when it is a row of MMLU, and an error when it is neither.
func header(cells []string) ([]string, error) {
	isQuestion := func(cell string) bool { return strings.EqualFold(strings.TrimSpace(cell), "question") }
	if !slices.ContainsFunc(cells, isQuestion) {
		if len(cells) == mmluFields && len(cells[5]) == 1 && strings.Contains("ABCD", cells[5]) {
			return nil, nil
		}
		if separator := otherSeparator(cells); separator != "" {
			return nil, fmt.Errorf("the cells are separated by %s: save the file with commas between them", separator)
		}
		return nil, errors.New("the first row is no header: write question,A,B,C,D,answer or question,answer")
	}
	columns := make([]string, len(cells))
	letters := 0
	for i, cell := range cells {
		name := strings.TrimSpace(cell)
		for _, k := range known {
			if strings.EqualFold(name, k) {
				name = k
			}
		}
		if name != "" && slices.Contains(columns, name) {
			return nil, fmt.Errorf("two columns are named %q", Excerpt(name))
		}
		if name == string(debate.Letter(letters)) {
			letters++
		} else if isLetter(name) {
			return nil, fmt.Errorf("the column %s comes where %s should: name the choices A, B, C and so on, in order", name, debate.Letter(letters))
		}
		columns[i] = name
	}
	return columns, nil
}

// otherSeparator names what separates the cells of a header whose cells are not separated by commas, "" when it is nothing known.
func otherSeparator(cells []string) string {
	for _, s := range []struct{ mark, name string }{{";", "semicolons"}, {"\t", "tabs"}, {"|", "bars"}} {
		if len(cells) == 1 && slices.ContainsFunc(strings.Split(cells[0], s.mark), func(cell string) bool {
			return cell != cells[0] && strings.EqualFold(strings.Trim(cell, ` "`), "question")
		}) {
			return s.name
		}
	}
	return ""
}

func isLetter(s string) bool { return len(s) == 1 && 'A' <= s[0] && s[0] <= 'Z' }

func fromMMLU(cells []string) fields {
	choices := fields{}
	for i, choice := range cells[1:5] {
		choices[string(debate.Letter(i))] = choice
	}
	return fields{"question": cells[0], "choices": map[string]any(choices), "answer": cells[5]}
}

// underHeader names the cells of a row. Empty cells are absent; the cells under the letters are the choices, up to the
// last one that is not empty.
func underHeader(columns, cells []string) fields {
	f := fields{}
	var choices []any
	last := 0
	for i, name := range columns {
		if isLetter(name) {
			choices = append(choices, cells[i])
			if cells[i] != "" {
				last = len(choices)
			}
		} else if cells[i] != "" {
			f[name] = cells[i]
		}
	}
	if last > 0 {
		f["choices"] = choices[:last]
	}
	return f
}
