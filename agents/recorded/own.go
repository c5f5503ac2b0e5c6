package recorded

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// ownRow reads cheaptalk's own format; see the package documentation.
func ownRow(ld *loader, data []byte) (entry, error) {
	var row struct {
		ID       string        `json:"id"`
		Question string        `json:"question"`
		Choices  []string      `json:"choices"`
		Kind     *debate.Kind  `json:"kind"`
		Answer   scalar        `json:"answer"`
		Replies  textByName    `json:"replies"`
		Rounds   [][]utterance `json:"rounds"`
		Source   string        `json:"source"`
		Licence  string        `json:"licence"`
		Model    string        `json:"model"`
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&row); err != nil {
		return entry{}, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return entry{}, errors.New("there is more than one JSON value on the line")
	}
	switch {
	case row.ID == "":
		return entry{}, errors.New("no id")
	case (row.Replies == nil) == (row.Rounds == nil):
		return entry{}, errors.New("there must be replies or rounds, one of the two")
	}
	id := row.ID
	if !strings.Contains(id, "/") {
		id = ld.base + "/" + id
	}
	e := entry{talk: row.Rounds, models: map[string]string{}, source: row.Source, licence: row.Licence}
	if row.Replies != nil {
		e.talk = talk{row.Replies}
	}
	for _, round := range e.talk {
		for _, u := range round {
			e.models[u.Agent] = row.Model
		}
	}
	var err error
	e.item, err = ownItem(id, row.Question, row.Choices, row.Kind, string(row.Answer))
	return e, err
}

// ownItem finds the kind of a question, where it is not given, from what it is like, and its key.
func ownItem(id, text string, choices []string, given *debate.Kind, answer string) (debate.Item, error) {
	if len(choices) > 0 {
		if given != nil && *given != debate.Choice {
			return debate.Item{}, fmt.Errorf("question %s has choices and is of kind %s", id, *given)
		}
		return choiceItem(id, text, choices, answer)
	}
	kinds := []debate.Kind{debate.Number, debate.Open}
	if given != nil {
		kinds = []debate.Kind{*given}
	}
	for _, kind := range kinds {
		q := debate.Question{ID: id, Text: text, Kind: kind}
		if key := extract.Normalize(q, answer); key != "" {
			return debate.Item{Question: q, Key: key}, nil
		}
	}
	if given == nil {
		return debate.Item{}, fmt.Errorf("question %s has no answer", id)
	}
	return debate.Item{}, fmt.Errorf("the answer %q of question %s is no answer to a question of kind %s", answer, id, *given)
}

// scalar is a JSON string or number, as text.
type scalar string

// UnmarshalJSON reads a string or a number.
func (s *scalar) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(s))
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return errors.New("answer is neither a string nor a number")
	}
	*s = scalar(n)
	return nil
}

// textByName is an object of texts by agent, in the order of the file.
type textByName []utterance

// UnmarshalJSON reads the object. A name that is there twice is an error.
func (t *textByName) UnmarshalJSON(b []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(b))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return errors.New("not an object of texts by agent")
	}
	*t = textByName{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		u := utterance{Agent: name.(string)} // the decoder lets nothing else be the name of a field
		if err := decoder.Decode(&u.Text); err != nil {
			return fmt.Errorf("reply of %s: %w", u.Agent, err)
		}
		if find(*t, u.Agent) >= 0 {
			return fmt.Errorf("two replies of %s", u.Agent)
		}
		*t = append(*t, u)
	}
	return nil
}
