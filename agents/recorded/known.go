package recorded

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// solution is one model's in a solutionsRow.
type solution struct {
	Solution string `json:"solution"`
}

// solutionsRow reads example_model_solutions.jsonl of GSM8K: the test set in its order (Cobbe et al. 2021, arXiv 2110.14168).
func solutionsRow(ld *loader, data []byte) (entry, error) {
	var row struct {
		Question     string    `json:"question"`
		GroundTruth  string    `json:"ground_truth"`
		Small        *solution `json:"6b_finetuning"`
		SmallChecked *solution `json:"6b_verification"`
		Large        *solution `json:"175b_finetuning"`
		LargeChecked *solution `json:"175b_verification"`
	}
	if err := json.Unmarshal(data, &row); err != nil {
		return entry{}, err
	}
	e := entry{models: map[string]string{}, source: "openai/grade-school-math"}
	var round []utterance
	for _, model := range []struct {
		name string
		said *solution
	}{
		{"6b_finetuning", row.Small}, {"6b_verification", row.SmallChecked},
		{"175b_finetuning", row.Large}, {"175b_verification", row.LargeChecked},
	} {
		if model.said == nil {
			return entry{}, fmt.Errorf("no solution of %s", model.name)
		}
		size, method, _ := strings.Cut(model.name, "_")
		e.models[model.name] = "GPT-3 " + strings.ToUpper(size) + " " + method
		round = append(round, utterance{Agent: model.name, Text: model.said.Solution})
	}
	e.talk = talk{round}
	_, gold, found := strings.Cut(row.GroundTruth, "\nA: ")
	if !found {
		return entry{}, errors.New(`ground_truth has no last line "A: …"`)
	}
	var err error
	e.item, err = numberItem("gsm8k-solutions/"+ld.number("gsm8k"), row.Question, gold)
	return e, err
}

// number counts the rows of a data set that have no number of their own, from 0.
func (ld *loader) number(set string) string {
	if ld.within == nil {
		ld.within = map[string]int{}
	}
	n := ld.within[set]
	ld.within[set]++
	return strconv.Itoa(n)
}

// helmRow reads the letters of 14 models on MMLU test questions.
func helmRow(ld *loader, data []byte) (entry, error) {
	var row struct {
		Subject  *string    `json:"subject"`
		Row      *int       `json:"row"`
		Question string     `json:"question"`
		Choices  []string   `json:"choices"`
		Gold     string     `json:"gold"`
		Votes    textByName `json:"votes"`
	}
	if err := json.Unmarshal(data, &row); err != nil {
		return entry{}, err
	}
	id := fmt.Sprintf("helm14/line/%d", ld.line)
	if row.Subject != nil && row.Row != nil {
		id = fmt.Sprintf("helm14/%s/%d", *row.Subject, *row.Row)
	}
	e := entry{talk: talk{row.Votes}, models: map[string]string{}, source: "HELM on MMLU-Redux questions"}
	for _, u := range row.Votes {
		e.models[u.Agent] = u.Agent
	}
	var err error
	e.item, err = choiceItem(id, row.Question, row.Choices, row.Gold)
	return e, err
}

// mmluProRow reads the chains of thought of 12 models on MMLU-Pro.
func mmluProRow(_ *loader, data []byte) (entry, error) {
	var row struct {
		ID       int      `json:"question_id"`
		Category string   `json:"category"`
		Question string   `json:"question"`
		Choices  []string `json:"choices"`
		Gold     string   `json:"gold"`
		Answers  []struct{ Model, Text string }
	}
	if err := json.Unmarshal(data, &row); err != nil {
		return entry{}, err
	}
	e := entry{models: map[string]string{}, source: "MMLU-Pro"}
	var round []utterance
	for _, a := range row.Answers {
		round = append(round, utterance{Agent: a.Model, Text: a.Text})
		e.models[a.Model] = a.Model
	}
	e.talk = talk{round}
	var err error
	e.item, err = choiceItem(fmt.Sprintf("mmlu-pro/%s/%d", row.Category, row.ID), row.Question, row.Choices, row.Gold)
	return e, err
}

// mathRow reads 8 samples of one model on a question of MATH.
func mathRow(_ *loader, data []byte) (entry, error) {
	var row struct {
		Source, Question, Gold, Model string
		Idx                           int
		Answers                       []struct {
			Sample int
			Text   string
		}
	}
	if err := json.Unmarshal(data, &row); err != nil {
		return entry{}, err
	}
	e := entry{models: map[string]string{}, source: row.Source}
	var round []utterance
	for _, a := range row.Answers {
		name := fmt.Sprintf("sample-%d", a.Sample)
		round = append(round, utterance{Agent: name, Text: a.Text})
		e.models[name] = row.Model
	}
	e.talk = talk{round}
	var err error
	e.item, err = numberItem(fmt.Sprintf("math-qwen/%d", row.Idx), row.Question, row.Gold)
	return e, err
}

// eotRow reads the answers of 3 agents on one of 8 data sets.
func eotRow(ld *loader, data []byte) (entry, error) {
	var row struct {
		Source, Dataset, Model, Question, Gold string
		Answers                                []turn
	}
	if err := json.Unmarshal(data, &row); err != nil {
		return entry{}, err
	}
	e := entry{source: row.Source}
	e.talk, e.models = talkOf([][]turn{row.Answers}, row.Model)
	id := "eot/" + row.Dataset + "/" + ld.number(row.Dataset)
	var err error
	switch text, choices := splitChoices(row.Question); {
	case choices != nil:
		e.item, err = choiceItem(id, text, choices, row.Gold)
	case row.Dataset == "StrategyQA":
		e.item.Question = debate.Question{ID: id, Text: row.Question, Kind: debate.Open}
		if e.item.Key = extract.Normalize(e.item.Question, row.Gold); e.item.Key != "yes" && e.item.Key != "no" {
			err = fmt.Errorf("the key %q of question %s is not yes or no", row.Gold, id)
		}
	default:
		e.item, err = numberItem(id, row.Question, row.Gold)
	}
	return e, err
}

// splitChoices takes the choices from the end of a question that ends in "Answer Choices: (A) … (B) …". They are nil unless
// the capital letters in parentheses after it are A, B, C and so on, each once and in order: then there is one way to read them.
func splitChoices(question string) (text string, choices []string) {
	text, list, found := strings.Cut(question, "\nAnswer Choices: (A)")
	if !found {
		return question, nil
	}
	mark := regexp.MustCompile(`\([A-Z]\)`)
	for i, letter := range mark.FindAllString(list, -1) {
		if letter[1] != byte('B'+i) {
			return question, nil
		}
	}
	for _, choice := range mark.Split(list, -1) {
		choices = append(choices, strings.TrimSpace(choice))
	}
	return text, choices
}

// dylanRow reads a debate of DyLAN on a question of MMLU.
func dylanRow(_ *loader, data []byte) (entry, error) {
	var row struct {
		Source, Subject, Question, Gold, Model string
		Row                                    int
		Choices                                []string
		Agents                                 int `json:"n_agents"`
		Rounds                                 [][]turn
	}
	if err := json.Unmarshal(data, &row); err != nil {
		return entry{}, err
	}
	e := entry{source: row.Source}
	e.talk, e.models = talkOf(row.Rounds, row.Model)
	var err error
	e.item, err = choiceItem(fmt.Sprintf("dylan/%s/%d@%d-agents", row.Subject, row.Row, row.Agents), row.Question, row.Choices, row.Gold)
	return e, err
}

// turn is what a numbered agent said.
type turn struct {
	Agent int
	Text  string
}

// talkOf names the agents of one model by their numbers: "agent-0".
func talkOf(rounds [][]turn, model string) (talk, map[string]string) {
	t, models := make(talk, len(rounds)), map[string]string{}
	for r, turns := range rounds {
		for _, said := range turns {
			name := fmt.Sprintf("agent-%d", said.Agent)
			t[r] = append(t[r], utterance{Agent: name, Text: said.Text})
			models[name] = model
		}
	}
	return t, models
}
