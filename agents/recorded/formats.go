package recorded

import (
	"encoding/json"
	"fmt"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// format is one way in which a row may be written.
type format struct {
	name    string   // "" for own files
	fields  []string // that the first row must have
	licence string
	parse   func(ld *loader, row []byte) (entry, error)
}

// detect returns the first format whose fields are all there, or nil.
func detect(fields map[string]json.RawMessage) *format {
	formats := []format{
		{"gsm8k-solutions", []string{"ground_truth", "6b_finetuning"}, "MIT", solutionsRow},
		{"helm14", []string{"votes", "majority"}, "CC BY 4.0", helmRow},
		{"mmlu-pro", []string{"question_id", "answers"}, "Apache-2.0", mmluProRow},
		{"math-qwen", []string{"level", "answers"}, "MIT", mathRow},
		{"eot", []string{"idx", "dataset", "answers"}, "Apache-2.0", eotRow},
		{"dylan", []string{"n_agents", "rounds"}, "MIT", dylanRow},
		{"", []string{"id", "replies"}, "", ownRow},
		{"", []string{"id", "rounds"}, "", ownRow},
	}
next:
	for i := range formats {
		for _, field := range formats[i].fields {
			if _, ok := fields[field]; !ok {
				continue next
			}
		}
		return &formats[i]
	}
	return nil
}

// choiceItem returns the item of a multiple-choice question whose key is a letter.
func choiceItem(id, text string, choices []string, gold string) (debate.Item, error) {
	q := debate.Question{ID: id, Text: text, Choices: choices, Kind: debate.Choice}
	key := debate.Answer(gold)
	if len(choices) < 2 || len(choices) > 26 {
		return debate.Item{}, fmt.Errorf("question %s has %d choices, not 2 to 26", id, len(choices))
	}
	if q.ChoiceIndex(key) < 0 {
		return debate.Item{}, fmt.Errorf("the key %q of question %s is not one of the letters A to %s", gold, id, debate.Letter(len(choices)-1))
	}
	return debate.Item{Question: q, Key: key}, nil
}

// numberItem returns the item of a question whose key is a number. A key that is none leaves the row out.
func numberItem(id, text, gold string) (debate.Item, error) {
	q := debate.Question{ID: id, Text: text, Kind: debate.Number}
	key := extract.Normalize(q, gold)
	if key == "" {
		return debate.Item{}, skipped(fmt.Sprintf("the key %q of question %s is not a number", gold, id))
	}
	return debate.Item{Question: q, Key: key}, nil
}
