package recorded

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// duStart matches the beginning of a file of Du et al. behind its first question: a list of a list of contexts of messages.
var duStart = regexp.MustCompile(`^\s*:\s*\[\s*\[\s*\[\s*\{`)

// duAhead is how far into a file the end of its first question is looked for, in bytes.
const duAhead = 64 << 10

// isDu reports whether the file begins as one of Du et al. does. It takes nothing from it.
func isDu(in *bufio.Reader) bool {
	start, _ := in.Peek(duAhead)
	start = bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\ufeff")), " \t\r\n")
	rest, found := bytes.CutPrefix(start, []byte("{"))
	if !found {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(rest))
	if _, err := d.Token(); err != nil {
		return false
	}
	return duStart.Match(rest[d.InputOffset():])
}

// duRead reads a file of Du et al.: one object of questions, each with the contexts of its agents and the right answer.
func (ld *loader) duRead(in io.Reader, path string) error {
	d := json.NewDecoder(in)
	if _, err := d.Token(); err != nil { // isDu has seen that it is an object
		return fmt.Errorf("%s: %w", path, err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return fmt.Errorf("%s: question %d: %w", path, ld.line+1, err)
		}
		ld.line++
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return fmt.Errorf("%s: question %d: %w", path, ld.line, err)
		}
		e, err := ld.duDebate(key.(string), value) // the decoder lets nothing else be the name of a field
		if err == nil {
			err = ld.keep(e)
		}
		switch {
		case errors.As(err, new(skipped)):
			ld.rec.Skipped = append(ld.rec.Skipped, fmt.Sprintf("%s: question %d: left out: %v", path, ld.line, err))
		case err != nil:
			return fmt.Errorf("%s: question %d: %w; it begins %s", path, ld.line, err, excerpt([]byte(key.(string))))
		}
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("%s: behind question %d: %w; the file is cut short", path, ld.line, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("%s: something follows the questions", path)
	}
	ld.rec.Left = append(ld.rec.Left, fmt.Sprintf("the wording of %d prompts is not kept; who is quoted in them is", ld.prompts))
	return nil
}

// duMessage is a message of a chat.
type duMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// duDebate reads the debate on one question.
func (ld *loader) duDebate(question string, value []byte) (entry, error) {
	var pair []json.RawMessage
	if err := json.Unmarshal(value, &pair); err != nil || len(pair) != 2 {
		return entry{}, errors.New("not a list of the agents' contexts and the answer")
	}
	var contexts [][]duMessage
	if err := json.Unmarshal(pair[0], &contexts); err != nil {
		return entry{}, fmt.Errorf("the agents' contexts: %w", err)
	}
	var gold scalar
	if err := gold.UnmarshalJSON(pair[1]); err != nil {
		return entry{}, err
	}
	e := entry{source: "composable-models/llm_multiagent_debate"}
	var err error
	var prompts int
	if e.talk, prompts, err = duTalk(contexts); err != nil {
		return e, err
	}
	ld.prompts += prompts
	set, text, choices := duQuestion(question)
	if ld.rec.Name == "" {
		ld.rec.Name = set
	}
	if set != ld.rec.Name {
		return e, fmt.Errorf("it is of %s, and the first one of %s; make two files of them", set, ld.rec.Name)
	}
	id := set + "/" + ld.number(set)
	if choices != nil {
		e.item, err = choiceItem(id, text, choices, string(gold))
		return e, err
	}
	if strings.HasPrefix(question, duBefore) {
		return e, skipped("the choices in the prompt can be told apart in more than one way, or in none")
	}
	_, number, found := strings.Cut(string(gold), "####")
	if !found {
		number = string(gold)
	}
	e.item, err = numberItem(id, text, strings.TrimSpace(number))
	return e, err
}

// duTalk finds who said what in which round, having heard whom, and how many prompts there are. Each reply of an agent is of the next round.
// It has heard those whose reply of the round before is quoted in the message before it.
func duTalk(contexts [][]duMessage) (t talk, prompts int, err error) {
	if len(contexts) == 0 {
		return nil, 0, errors.New("there are no agents")
	}
	var asked [][]string // what each utterance of t answers
	for i, context := range contexts {
		round, prompt := 0, ""
		for j, m := range context {
			switch m.Role {
			case "system", "user":
				prompt = m.Content
				prompts++
			case "assistant":
				if round == len(t) {
					t, asked = append(t, nil), append(asked, nil)
				}
				t[round] = append(t[round], utterance{Agent: fmt.Sprintf("agent-%d", i), Text: m.Content})
				asked[round] = append(asked[round], prompt)
				round++
			default:
				return nil, 0, fmt.Errorf("agent %d: message %d: role %q is not system, user or assistant", i, j, m.Role)
			}
		}
	}
	for r := 1; r < len(t); r++ {
		for i := range t[r] {
			t[r][i].Heard = quoted(t[r-1], t[r][i].Agent, asked[r][i])
		}
	}
	return t, prompts, nil
}

// quoted names those of a round but the agent whose reply is quoted in a prompt as construct_message of the scripts does it, in their order.
func quoted(round []utterance, agent, prompt string) []string {
	names := []string{}
	for _, u := range round {
		if u.Agent != agent && strings.Contains(prompt, "```"+u.Text+"```") {
			names = append(names, u.Agent)
		}
	}
	return names
}

// What gen_mmlu.py puts around a question and its choices.
const (
	duBefore = "Can you answer the following question as accurately as possible? "
	duAfter  = " Explain your answer, putting the answer in the form (X) at the end of your response."
)

// duMarks are what is before each choice.
var duMarks = []string{": A) ", ", B) ", ", C) ", ", D) "}

// duQuestion takes a key of the file apart. That of gen_gsm.py is the question, that of gen_mmlu.py the whole prompt. choices is nil when
// there are none or when there is not exactly one way to tell them apart.
func duQuestion(key string) (set, text string, choices []string) {
	inner, isPrompt := strings.CutPrefix(key, duBefore)
	if !isPrompt {
		return "du-gsm", key, nil
	}
	inner, isPrompt = strings.CutSuffix(inner, duAfter)
	if !isPrompt || slices.ContainsFunc(duMarks, func(mark string) bool { return strings.Count(inner, mark) != 1 }) {
		return "du-mmlu", key, nil
	}
	var parts []string
	for _, mark := range duMarks {
		part, rest, found := strings.Cut(inner, mark)
		if !found {
			return "du-mmlu", key, nil // they are in another order
		}
		parts, inner = append(parts, part), rest
	}
	parts = append(parts, inner)
	return "du-mmlu", parts[0], parts[1:]
}
