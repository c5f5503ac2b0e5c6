package figures

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Figure is a published mean and its standard error, in percent. A standard error of 0 means that there is none.
type Figure struct{ Value, SE float64 }

// Row is a line of a table of votes: one model alone, or a group before and after debate.
type Row struct {
	Task    string   // the data set: "csqa"
	Choices int      // that its questions have; 0 for numbers
	Group   string   // as the table writes it: "2xllama-3.1-8b+1xmistral-7b"
	Team    []string // the models, in the order in which a tie falls to the first
	Before  Figure   // the vote over the independent answers, or the accuracy of a single agent
	After   Figure   // the vote after debate; none of a single agent
}

// Alone reports whether the row is of a single agent.
func (r Row) Alone() bool { return len(r.Team) == 1 }

// choices are the numbers of choices of the data sets whose names say it; 0 are numbers.
var choices = map[string]int{"csqa": 5, "mmlu": 4, "gsm8k": 0, "arc": 4}

// Columns of a table of votes; the last one is needed only for tasks that are not known by name.
var columns = []string{"task", "group", "before", "before_se", "after", "after_se"}

// ReadTable reads a CSV table of votes with the columns task, group, before, before_se, after and after_se, percent and standard errors.
// A group is "3xmodel" or "2xmodel+1xother", in the order in which a tie falls to the first; "1xmodel" is a single agent and has no after.
// Tasks other than csqa, mmlu, gsm8k and arc need a column choices: how many choices their questions have, 0 for numbers. Lines that begin
// with # are comments. name is for errors, which name the line, the field and the fix.
func ReadTable(name string, r io.Reader) ([]Row, error) {
	sheet, err := readSheet(name, r, columns)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for sheet.next() {
		row := Row{Task: sheet.text("task"), Group: sheet.text("group")}
		row.Team = sheet.team("group")
		row.Before = Figure{sheet.percent("before"), sheet.positive("before_se")}
		if len(row.Team) > 1 {
			row.After = Figure{sheet.percent("after"), sheet.positive("after_se")}
		}
		n, known := choices[row.Task]
		switch {
		case sheet.has("choices"):
			n = sheet.count("choices", 0, 26)
			if n == 1 {
				sheet.fault("choices", "is 1", "give 2 or more, or 0 for questions with a number as answer")
			}
		case !known:
			sheet.fault("task", fmt.Sprintf("%q is not known", row.Task), "add a column choices: how many its questions have, 0 for numbers")
		}
		row.Choices = n
		rows = append(rows, row)
	}
	if sheet.err != nil {
		return nil, sheet.err
	}
	groups := 0
	for _, row := range rows {
		if !row.Alone() {
			groups++
		}
	}
	if groups == 0 {
		return nil, fmt.Errorf("%s: no row is of a group; debate is fitted to votes before and after it", name)
	}
	return rows, nil
}

// sheet is a CSV file that is read line by line; its first error stays.
type sheet struct {
	name   string
	csv    *csv.Reader
	column map[string]int
	line   []string
	err    error
}

// readSheet reads the header.
func readSheet(name string, r io.Reader, need []string) (*sheet, error) {
	s := &sheet{name: name, csv: csv.NewReader(r), column: map[string]int{}}
	s.csv.Comment, s.csv.TrimLeadingSpace = '#', true
	header, err := s.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s is empty; its first line names the columns %s", name, strings.Join(need, ","))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for i, h := range header {
		s.column[strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))] = i
	}
	for _, h := range need {
		if !s.has(h) {
			return nil, fmt.Errorf("%s:1: there is no column %s; the first line names the columns %s", name, h, strings.Join(need, ","))
		}
	}
	return s, nil
}

// next moves to the next line.
func (s *sheet) next() bool {
	if s.err != nil {
		return false
	}
	line, err := s.csv.Read()
	if errors.Is(err, io.EOF) {
		return false
	}
	if err != nil {
		s.err = fmt.Errorf("%s: %w", s.name, err)
		return false
	}
	s.line = line
	return true
}

func (s *sheet) has(column string) bool { _, ok := s.column[column]; return ok }

// fault keeps the first error of the file.
func (s *sheet) fault(column, what, fix string) {
	if s.err == nil {
		line, _ := s.csv.FieldPos(s.column[column])
		s.err = fmt.Errorf("%s:%d: %s %s; %s", s.name, line, column, what, fix)
	}
}

// text returns a field that is not empty.
func (s *sheet) text(column string) string {
	v := strings.TrimSpace(s.line[s.column[column]])
	if v == "" {
		s.fault(column, "is empty", "give it")
	}
	return v
}

func (s *sheet) number(column string, least, most float64, want string) float64 {
	text := strings.TrimSpace(s.line[s.column[column]])
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || v < least || v > most {
		s.fault(column, fmt.Sprintf("is %q", text), "give "+want)
	}
	return v
}

func (s *sheet) percent(column string) float64 {
	return s.number(column, 0, 100, "percent, a number from 0 to 100")
}

func (s *sheet) positive(column string) float64 {
	return s.number(column, 0.01, 50, "a standard error in percent points, from 0.01 to 50")
}

func (s *sheet) count(column string, least, most int) int {
	v := s.number(column, float64(least), float64(most), fmt.Sprintf("a whole number from %d to %d", least, most))
	if v != math.Trunc(v) {
		s.fault(column, fmt.Sprintf("is %v", v), "give a whole number")
	}
	return int(v)
}

// MaxTeam is the largest group that a table may hold.
const MaxTeam = 20

// team reads "2xmodel+1xother".
func (s *sheet) team(column string) (team []string) {
	group := s.text(column)
	for part := range strings.SplitSeq(group, "+") {
		count, model, ok := strings.Cut(strings.TrimSpace(part), "x")
		n, err := strconv.Atoi(count)
		if !ok || err != nil || n < 1 || model == "" || n+len(team) > MaxTeam || strings.ContainsAny(model, "@/\\,: ") {
			s.fault(column, fmt.Sprintf("is %q", group), fmt.Sprintf("write 3xMODEL, 2xMODEL+1xOTHER or 1xMODEL, at most %d agents", MaxTeam))
			return team
		}
		for range n {
			team = append(team, model)
		}
	}
	return team
}
