package datasets

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"cheaptalk/debate"
)

// Example is a worked question for a few-shot prompt.
type Example struct {
	Item     debate.Item
	Solution string // what an agent that answers well would have said; ends with the answer in the form that agents are asked for
}

// Shots holds the worked examples of one data set. The zero Shots has none.
type Shots struct {
	set       string
	k         int
	bySubject map[string][]Example // one more than k where the file has it; "" for sets without subjects
}

// LoadShots reads k worked examples for each question of a data set: the first rows of GSM8K's and CommonsenseQA's train
// split, the first rows of the question's subject in MMLU's dev split, which has 5. Of o it uses Dir, ShuffleChoices and Seed.
// It is an error when the set has no such split, as the samples and files, or fewer than k examples.
func LoadShots(name string, k int, o Options) (Shots, error) {
	if k <= 0 {
		return Shots{}, nil
	}
	card, ok := Find(name)
	if !ok || card.Shots == "" {
		return Shots{}, fmt.Errorf("%s has no split to take examples from\n  gsm8k, mmlu and csqa have one; ask others without worked examples", name)
	}
	entries, err := load(name, Options{Dir: o.Dir, Split: card.Shots, ShuffleChoices: o.ShuffleChoices, Seed: o.Seed, AnyFile: o.AnyFile})
	if err != nil {
		return Shots{}, err
	}
	s := Shots{set: name, k: k, bySubject: map[string][]Example{}}
	for _, e := range entries {
		subject := s.subject(e.item.Question)
		if len(s.bySubject[subject]) <= k {
			s.bySubject[subject] = append(s.bySubject[subject], Example{Item: e.item, Solution: solution(e)})
		}
	}
	for _, examples := range s.bySubject {
		if len(examples) < k {
			return Shots{}, fmt.Errorf("%s has no more than %d examples for a question, not %d", name, len(examples), k)
		}
	}
	return s, nil
}

// For returns the examples for a question: the same ones for every question of a set or subject. A question is never its own
// example; a question of another set has none.
func (s Shots) For(q debate.Question) []Example {
	if s.k == 0 || q.Set() != s.set {
		return nil
	}
	var examples []Example
	for _, e := range s.bySubject[s.subject(q)] {
		if e.Item.Question.ID != q.ID && len(examples) < s.k {
			examples = append(examples, e)
		}
	}
	return examples
}

// subject reads the subject from an ID of this set: "mmlu/SUBJECT/N" or "mmlu/SPLIT/SUBJECT/N".
func (s Shots) subject(q debate.Question) string {
	if s.set != "mmlu" {
		return ""
	}
	return path.Base(path.Dir(q.ID))
}

// marks are GSM8K's calculator annotations, <<16-3-4=9>>.
var marks = regexp.MustCompile(`<<[^<>]*>>`)

// solution writes the solution of an entry: for a number the rationale without its calculator annotations and then
// \boxed{18}, for a choice (C).
func solution(e entry) string {
	if e.item.Question.Kind == debate.Choice {
		return "(" + string(e.item.Key) + ")"
	}
	return strings.TrimSpace(marks.ReplaceAllString(e.rationale, "") + "\n\\boxed{" + string(e.item.Key) + "}")
}
