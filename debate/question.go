package debate

import (
	"fmt"
	"strings"
)

// Kind says what form the answers to a question take, and so how they are read and compared.
type Kind uint8

const (
	// Choice questions are answered by the letter of one of Question.Choices. It is the zero Kind.
	Choice Kind = iota
	// Number questions are answered by one exact number.
	Number
	// Open questions are answered by a short text, compared after extract.Normalize. Only questions that a
	// user asks are open; no bundled data set has them.
	Open
)

// String returns "choice", "number" or "open".
func (k Kind) String() string {
	switch k {
	case Choice:
		return "choice"
	case Number:
		return "number"
	case Open:
		return "open"
	}
	return "unknown"
}

// MarshalText writes the kind's name, as in JSON records and JSONL data sets.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads "choice", "number" or "open".
func (k *Kind) UnmarshalText(b []byte) error {
	for _, kind := range []Kind{Choice, Number, Open} {
		if kind.String() == string(b) {
			*k = kind
			return nil
		}
	}
	return fmt.Errorf("kind %q is not choice, number or open", b)
}

// Question is what the agents are asked. It never holds the key.
type Question struct {
	ID      string   `json:"id"`   // "SET/..." and unique in an experiment: "mmlu/astronomy/17"
	Text    string   `json:"text"` // as the data set has it, without the choices
	Choices []string `json:"choices,omitempty"`
	Kind    Kind     `json:"kind"`
}

// Set returns the data set that the question is from: the part of its ID before the first slash.
func (q Question) Set() string {
	set, _, _ := strings.Cut(q.ID, "/")
	return set
}

// Variant splits an ID at its first "@" into the question and the variant of it: "dylan/astronomy/34@3-agents" is the question
// "dylan/astronomy/34" as three agents debated it. Items that share the question are not independent of each other, and statistics
// treat them as one cluster. Most IDs have no variant.
func Variant(id string) (question, variant string) {
	question, variant, _ = strings.Cut(id, "@")
	return question, variant
}

// Letter returns the letter of the i-th choice (0 is "A") as an answer.
func Letter(i int) Answer { return Answer('A' + rune(i)) }

// ChoiceIndex returns the index of the choice that a stands for, or -1 when a is no letter of q's choices.
func (q Question) ChoiceIndex(a Answer) int {
	if len(a) != 1 || a[0] < 'A' || int(a[0]-'A') >= len(q.Choices) {
		return -1
	}
	return int(a[0] - 'A')
}

// Answer is an answer in normal form, so that two answers are the same exactly when they are ==:
// a capital letter for [Choice], a reduced exact number for [Number] ("18", "-0.5", "1/3"),
// lower-case single-spaced text for [Open]. The zero Answer means that none could be read;
// it is never equal to a key.
type Answer string

// Item is a question with its key, the right answer. The key never enters the room:
// agents, protocols and judges are given the Question alone.
type Item struct {
	Question Question `json:"question"`
	Key      Answer   `json:"key"`
	// Draw numbers the seeded sample of the data set that the item was drawn into, from 0.
	// One question may be in several draws; they count as different items.
	Draw int `json:"draw,omitempty"`
}

// State is what the key says of one answer.
type State uint8

const (
	// Unreadable: no answer could be read from the reply. It is the zero State, and never wrong nor right.
	Unreadable State = iota
	// Correct: the answer equals the key.
	Correct
	// Incorrect: an answer was read and it is not the key.
	Incorrect
)

// Grade compares an answer with the key. An unreadable answer is Unreadable whatever the key.
func Grade(a, key Answer) State {
	switch a {
	case "":
		return Unreadable
	case key:
		return Correct
	}
	return Incorrect
}

// String returns "correct", "incorrect" or "unreadable".
func (s State) String() string {
	switch s {
	case Correct:
		return "correct"
	case Incorrect:
		return "incorrect"
	}
	return "unreadable"
}
