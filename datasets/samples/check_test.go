// Package samples checks the question sets that ship with the project: numbers.jsonl, choices.jsonl and
// commonsense.jsonl, one JSON object a line. The folder holds data and this test alone.
package samples

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// question is one line of a set. Subject is used by choices.jsonl alone; Choices is empty in numbers.jsonl.
type question struct {
	ID       string   `json:"id"`
	Subject  string   `json:"subject"`
	Question string   `json:"question"`
	Choices  []string `json:"choices"`
	Answer   string   `json:"answer"`
	Why      string   `json:"why"`
}

// key returns the index of the right choice, or -1 when the answer is no letter of the choices.
func (q question) key() int {
	if len(q.Answer) != 1 || q.Answer[0] < 'A' || int(q.Answer[0]-'A') >= len(q.Choices) {
		return -1
	}
	return int(q.Answer[0] - 'A')
}

var sets = []struct {
	file     string
	prefix   string // of every ID, followed by the two-digit number of the line
	n        int    // lines
	choices  int    // options a question; 0 in a set of numbers
	subjects int    // the least number of different subjects; 0 when a set has none
}{
	{file: "numbers.jsonl", prefix: "n", n: 64},
	{file: "choices.jsonl", prefix: "c", n: 64, choices: 4, subjects: 12},
	{file: "commonsense.jsonl", prefix: "s", n: 44, choices: 5},
}

// read returns the lines of a set. It fails the test unless each line is one object with known fields in clean UTF-8.
func read(t *testing.T, file string) []question {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	body, ok := bytes.CutSuffix(data, []byte("\n"))
	if !ok {
		t.Fatalf("%s does not end in a newline", file)
	}
	var all []question
	for i, line := range bytes.Split(body, []byte("\n")) {
		if !utf8.Valid(line) || bytes.ContainsAny(line, "\r\t\ufeff\ufffd\u2028\u2029") {
			t.Errorf("%s:%d: not clean UTF-8", file, i+1)
		}
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.DisallowUnknownFields()
		var q question
		if err := dec.Decode(&q); err != nil {
			t.Fatalf("%s:%d: %v", file, i+1, err)
		}
		if _, err := dec.Token(); !errors.Is(err, io.EOF) {
			t.Errorf("%s:%d: something follows the object", file, i+1)
		}
		all = append(all, q)
	}
	return all
}

func TestSetsAreComplete(t *testing.T) {
	lineOf := make(map[string]string) // question text in lower case, over all sets
	for _, set := range sets {
		all := read(t, set.file)
		if len(all) != set.n {
			t.Errorf("%s has %d questions, want %d", set.file, len(all), set.n)
		}
		subjects := make(map[string]bool)
		for i, q := range all {
			at := fmt.Sprintf("%s:%d", set.file, i+1)
			if want := fmt.Sprintf("%s%02d", set.prefix, i+1); q.ID != want {
				t.Errorf("%s: id %q, want %q", at, q.ID, want)
			}
			for _, field := range append([]string{q.Question, q.Answer, q.Why}, q.Choices...) {
				if field == "" || field != strings.Join(strings.Fields(field), " ") {
					t.Errorf("%s: field %q is empty or has stray spaces", at, field)
				}
			}
			text := strings.ToLower(q.Question)
			if first, ok := lineOf[text]; ok {
				t.Errorf("%s asks the same as %s", at, first)
			}
			lineOf[text] = at
			if (q.Subject != "") != (set.subjects > 0) {
				t.Errorf("%s: subject %q", at, q.Subject)
			}
			subjects[q.Subject] = true
		}
		if set.subjects > 0 && len(subjects) < set.subjects {
			t.Errorf("%s has %d subjects, want at least %d", set.file, len(subjects), set.subjects)
		}
	}
}

func TestChoicesAreDistinctAndKeyed(t *testing.T) {
	for _, set := range sets {
		for i, q := range read(t, set.file) {
			at := fmt.Sprintf("%s:%d", set.file, i+1)
			if len(q.Choices) != set.choices {
				t.Errorf("%s: %d choices, want %d", at, len(q.Choices), set.choices)
			}
			seen := make(map[string]bool)
			for _, c := range q.Choices {
				if c := strings.ToLower(c); seen[c] {
					t.Errorf("%s: choice %q is there twice", at, c)
				} else {
					seen[c] = true
				}
			}
			if set.choices > 0 && q.key() < 0 {
				t.Errorf("%s: answer %q is no letter of its choices", at, q.Answer)
			}
		}
	}
}

// TestLettersDoNotGiveTheKeyAway wants every letter to be the key equally often, up to one question.
func TestLettersDoNotGiveTheKeyAway(t *testing.T) {
	for _, set := range sets {
		if set.choices == 0 {
			continue
		}
		n := make([]int, set.choices)
		for _, q := range read(t, set.file) {
			if k := q.key(); k >= 0 && k < len(n) {
				n[k]++
			}
		}
		for k, got := range n {
			if least := set.n / set.choices; got != least && (got != least+1 || set.n%set.choices == 0) {
				t.Errorf("%s: key %c %d times of %d", set.file, 'A'+k, got, set.n)
			}
		}
	}
}

// TestLengthsDoNotGiveTheKeyAway wants the single longest choice, and the single shortest, to be the key of fewer than
// 40 % of the questions.
func TestLengthsDoNotGiveTheKeyAway(t *testing.T) {
	for _, set := range sets {
		if set.choices == 0 {
			continue
		}
		var longest, shortest int
		all := read(t, set.file)
		for _, q := range all {
			key := q.key()
			if key < 0 {
				continue // reported by TestChoicesAreDistinctAndKeyed
			}
			isLongest, isShortest := true, true
			length := utf8.RuneCountInString(q.Choices[key])
			for i, c := range q.Choices {
				if i != key {
					n := utf8.RuneCountInString(c)
					isLongest = isLongest && length > n
					isShortest = isShortest && length < n
				}
			}
			if isLongest {
				longest++
			}
			if isShortest {
				shortest++
			}
		}
		if 100*longest >= 40*len(all) || 100*shortest >= 40*len(all) {
			t.Errorf("%s: the key is the longest choice in %d and the shortest in %d of %d questions",
				set.file, longest, shortest, len(all))
		}
	}
}

// TestNumbersAreRight compares every answer with a computation of its own in computed. It compares the float64 values
// nearest to the exact ones, which are equal for equal numbers.
func TestNumbersAreRight(t *testing.T) {
	number := regexp.MustCompile(`-?\d+(\.\d+|/\d+)?`) // or a decimal, or a fraction without spaces
	want := computed()
	all := read(t, "numbers.jsonl")
	if len(want) != len(all) {
		t.Errorf("%d computations for %d questions", len(want), len(all))
	}
	for _, q := range all {
		r, ok := new(big.Rat).SetString(q.Answer)
		if !ok {
			t.Errorf("%s: answer %q is not a number", q.ID, q.Answer)
			continue
		}
		if canonical := r.RatString(); strings.Contains(q.Answer, "/") && canonical != q.Answer {
			t.Errorf("%s: answer %q is not reduced, want %q", q.ID, q.Answer, canonical)
		}
		value, ok := want[q.ID]
		if !ok {
			t.Errorf("%s: nothing computed", q.ID)
			continue
		}
		if got, _ := r.Float64(); got != value {
			t.Errorf("%s: answer %s, computed %v", q.ID, q.Answer, value)
		}
		if numbers := number.FindAllString(q.Why, -1); len(numbers) == 0 || numbers[len(numbers)-1] != q.Answer {
			t.Errorf("%s: the last number of the solution %q is not the answer %s", q.ID, q.Why, q.Answer)
		}
	}
}
