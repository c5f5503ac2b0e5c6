package rows

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cheaptalk/debate"
)

// options returns the labels and texts of a row's choices. labels is nil when the row has texts alone.
// Choices are a list of texts, a list of objects with label and text, an object of two such lists, or an object with the
// keys A, B, C and so on.
func options(v any) (labels, texts []string, err error) {
	switch v := v.(type) {
	case []any:
		for _, choice := range v {
			if object, ok := choice.(map[string]any); ok {
				label, _ := text(object["label"])
				labels = append(labels, label)
				choice = object["text"]
			}
			s, _ := text(choice)
			texts = append(texts, s)
		}
	case map[string]any:
		if l, ok := v["label"].([]any); ok {
			t, _ := v["text"].([]any)
			for _, label := range l {
				s, _ := text(label)
				labels = append(labels, s)
			}
			for _, choice := range t {
				s, _ := text(choice)
				texts = append(texts, s)
			}
			break
		}
		for i, label := range slices.Sorted(maps.Keys(v)) {
			if label != string(debate.Letter(i)) {
				return nil, nil, fmt.Errorf(`"choices" has %q where %q should be`, Excerpt(label), debate.Letter(i))
			}
			s, _ := text(v[label])
			labels, texts = append(labels, label), append(texts, s)
		}
	default:
		return nil, nil, errors.New(`"choices" is neither a list nor an object`)
	}
	return labels, texts, checkChoices(labels, texts)
}

// checkChoices finds what choices may not be.
func checkChoices(labels, texts []string) error {
	if n := len(texts); n < 2 || n > 26 {
		return fmt.Errorf("%d choices: a question has 2 to 26", n)
	}
	for i, s := range texts {
		if strings.TrimSpace(s) == "" {
			return fmt.Errorf("choice %s is empty", debate.Letter(i))
		}
	}
	if labels == nil {
		return nil
	}
	if len(labels) != len(texts) {
		return fmt.Errorf("%d labels for %d choices", len(labels), len(texts))
	}
	for i, label := range labels {
		if label == "" || slices.Contains(labels[:i], label) {
			return fmt.Errorf("choice %d has the label %q, which is empty or another's", i+1, Excerpt(label))
		}
	}
	return nil
}

// chosen returns the index of the choice that answer names. Where the row labels its choices, the answer is a label and
// nothing else. Otherwise a number is an index from 0, as on Hugging Face, and a text is a letter or exactly one choice
// written out; what can be read in two ways is an error. subject marks a row in the form of MMLU, whose numbers are indices for certain.
func chosen(labels, texts []string, answer any, subject bool) (int, error) {
	s, _ := text(answer)
	s = strings.TrimSpace(s)
	if labels != nil {
		if i := slices.Index(labels, s); i >= 0 {
			return i, nil
		}
		return 0, fmt.Errorf("the answer %q is none of the labels %s", Excerpt(s), strings.Join(labels, " "))
	}
	last := debate.Letter(len(texts) - 1)
	var same []int // choices with the text of the answer
	for i, choice := range texts {
		if strings.TrimSpace(choice) == s {
			same = append(same, i)
		}
	}
	named := -1
	if _, isText := answer.(string); !isText {
		i, err := strconv.Atoi(s)
		if err != nil || i < 0 || i >= len(texts) {
			return 0, fmt.Errorf("the answer %s is not an index from 0 to %d; write the letter", s, len(texts)-1)
		}
		if subject {
			return i, nil
		}
		named = i
	} else if letter := strings.ToUpper(strings.Trim(s, "()")); len(letter) == 1 && letter[0] >= 'A' && letter <= string(last) {
		named = int(letter[0] - 'A')
	}
	switch {
	case named >= 0 && (len(same) == 0 || len(same) == 1 && same[0] == named):
		return named, nil
	case named >= 0:
		return 0, fmt.Errorf("the answer %s may mean choice %s or the choice that reads %q: give the choices labels", s, debate.Letter(named), s)
	case len(same) == 1:
		return same[0], nil
	case len(same) > 1:
		return 0, fmt.Errorf("%d choices read %q: write the letter", len(same), Excerpt(s))
	}
	return 0, fmt.Errorf("the answer %q is neither a letter from A to %s nor one of the choices", Excerpt(s), last)
}
