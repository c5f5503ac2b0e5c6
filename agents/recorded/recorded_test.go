package recorded_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cheaptalk/agents/recorded"
	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// write puts text into a file of that name and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, path string) *recorded.Recording {
	t.Helper()
	rec, err := recorded.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// replay holds a debate of the agents wanted on an item under the recorded protocol.
func replay(t testing.TB, rec *recorded.Recording, item debate.Item, wanted ...string) *debate.Transcript {
	t.Helper()
	d := debate.Debate{Question: item.Question, Team: rec.Team(wanted)(item, 1), Protocol: recorded.Protocol{Recording: rec}}
	tr, _, err := d.Run(t.Context(), nil)
	if err != nil {
		t.Fatalf("%s: %v", item.Question.ID, err)
	}
	return tr
}

// lines writes a transcript as "round agent [heard] task: text".
func lines(tr *debate.Transcript) []string {
	var out []string
	for _, m := range tr.Messages {
		out = append(out, fmt.Sprintf("%d %s %v %s: %s", m.Round, m.From, m.Heard, m.Brief.Task, m.Text))
	}
	return out
}

func check(t *testing.T, what string, got, want any) {
	t.Helper()
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	if !bytes.Equal(g, w) {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

const sky = `{"id":"sky","question":"What colour is the sky?","choices":["red","blue"],"answer":"B","model":"m-1",` +
	`"replies":{"zoe":"It is (B).","ann":"A"}}`

const times = `{"id":"own/7x8@first","question":"What is 7 x 8?","answer":56,"source":"me","licence":"MIT","rounds":[` +
	`[{"agent":"ann","text":"54"},{"agent":"bob","text":"56"},{"agent":"cem","text":"58"}],` +
	`[{"agent":"bob","text":"56 still"},{"agent":"ann","text":"56","heard":["cem","bob"]}],` +
	`[{"agent":"cem","text":"56 now"},{"agent":"ann","text":"alone","heard":[]}]]}`

func TestOwnFile(t *testing.T) {
	rec := open(t, write(t, "mine.jsonl", "\ufeff"+sky+"\r\n\n"+times))
	check(t, "name", rec.Name, "mine")
	check(t, "agents", rec.Agents, []string{"zoe", "ann", "bob", "cem"})
	check(t, "models", rec.Models, map[string]string{"zoe": "m-1", "ann": "m-1", "bob": "", "cem": ""})
	check(t, "source and licence", []string{rec.Source, rec.Licence}, []string{"me", "MIT"})
	check(t, "items", rec.Items, []debate.Item{
		{Question: debate.Question{ID: "mine/sky", Text: "What colour is the sky?", Choices: []string{"red", "blue"}}, Key: "B"},
		{Question: debate.Question{ID: "own/7x8@first", Text: "What is 7 x 8?", Kind: debate.Number}, Key: "56"},
	})
	check(t, "sky", lines(replay(t, rec, rec.Items[0])), []string{"0 zoe [] solve: It is (B).", "0 ann [] solve: A"})
	check(t, "times", lines(replay(t, rec, rec.Items[1])), []string{
		"0 ann [] solve: 54", "0 bob [] solve: 56", "0 cem [] solve: 58",
		"1 bob [0 2] revise: 56 still", "1 ann [2 1] revise: 56",
		"2 cem [4 3] revise: 56 now", "2 ann [] reflect: alone",
	})
}

func TestPartOfATeamIsReplayedAlone(t *testing.T) {
	rec := open(t, write(t, "mine.jsonl", times))
	check(t, "bob and ann", lines(replay(t, rec, rec.Items[0], "bob", "ann")), []string{
		"0 ann [] solve: 54", "0 bob [] solve: 56", "1 bob [0] revise: 56 still", "1 ann [1] revise: 56", "2 ann [] reflect: alone",
	})
	check(t, "cem, who is not in round 1", lines(replay(t, rec, rec.Items[0], "cem")), []string{"0 cem [] solve: 58"})
	if err := rec.Check([]string{"bob", "eve"}); err == nil || err.Error() != `recording mine has no agent "eve"; it has ann, bob, cem` {
		t.Errorf("the error is %v", err)
	}
	if err := rec.Check([]string{"bob"}); err != nil {
		t.Error(err)
	}
}

func TestMissingReplyIsAnError(t *testing.T) {
	rec := open(t, write(t, "mine.jsonl", times))
	agents := rec.Team([]string{"bob", "eve"})(rec.Items[0], 1)
	say := func(string) {}
	for _, tt := range []struct {
		agent, round int
		item, want   string
	}{
		{0, 2, "own/7x8@first", "the recording of item own/7x8@first has no reply of agent bob in round 2"},
		{0, 3, "own/7x8@first", "the recording of item own/7x8@first has no reply of agent bob in round 3"},
		{1, 0, "own/7x8@first", "the recording of item own/7x8@first has no reply of agent eve in round 0"},
	} {
		_, err := agents[tt.agent].Reply(t.Context(), debate.Turn{Question: debate.Question{ID: tt.item}, Round: tt.round, Say: say})
		if fmt.Sprint(err) != tt.want {
			t.Errorf("the error is %v, want %s", err, tt.want)
		}
	}
	other := debate.Item{Question: debate.Question{ID: "set/unknown"}}
	if team := rec.Team(nil)(other, 1); len(team) != 0 {
		t.Errorf("%d agents speak on a question that is not in the recording", len(team))
	}
	if calls := (recorded.Protocol{Recording: rec}).Next(&debate.Transcript{Question: other.Question, Agents: []string{"ann"}}); calls != nil {
		t.Errorf("calls %v on a question that is not in the recording", calls)
	}
}

func TestReplyIsReadUnderTheRule(t *testing.T) {
	path := write(t, "mine.jsonl", `{"id":"q","question":"?","choices":["x","y"],"answer":"A","replies":{"a":"I think the answer is B, no doubt.","b":"So it is (A)"}}`)
	for rule, want := range map[debate.Rule][]debate.Answer{debate.Flexible: {"B", "A"}, debate.Strict: {"", "A"}} {
		rec := open(t, path)
		rec.Rule = rule
		var said string
		for i, agent := range rec.Team(nil)(rec.Items[0], 1) {
			reply, err := agent.Reply(t.Context(), debate.Turn{Question: rec.Items[0].Question, Say: func(delta string) { said += delta }})
			if err != nil || reply.Answer != want[i] || reply.Reading != extract.Read(rec.Items[0].Question, reply.Text) || reply.Usage.Calls != 1 {
				t.Errorf("under %s, %s replies %+v, error %v; want answer %q", rule, agent.Name(), reply, err, want[i])
			}
		}
		check(t, "streamed", said, "I think the answer is B, no doubt.So it is (A)")
	}
}

func TestGzipIsFoundByItsBytes(t *testing.T) {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	fmt.Fprintln(zip, sky)
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	rec := open(t, write(t, "mine.jsonl.gz", b.String()))
	if rec.Name != "mine" || len(rec.Items) != 1 {
		t.Errorf("recording %s has %d items", rec.Name, len(rec.Items))
	}
	if rec := open(t, write(t, "mine.jsonl.gz", sky)); len(rec.Items) != 1 {
		t.Error("a plain file that is named .gz is not read")
	}
	if _, err := recorded.Open(write(t, "cut.gz", b.String()[:b.Len()-9])); err == nil || !strings.Contains(err.Error(), "unexpected EOF") {
		t.Errorf("a file that was cut off is read with error %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	row := func(fields string) string { return `{"id":"q","question":"?",` + fields + `}` }
	for _, tt := range []struct{ name, text, want string }{
		{"an empty file", "\n\n", ": no recorded question in 2 lines"},
		{"no JSON", "hello", ":1: invalid character 'h' looking for beginning of value; the row is \"hello\""},
		{"an unknown format", `{"a":1}`, ":1: these are not the fields of a known format; an own file has id, question, answer and replies or rounds"},
		{"another format on a later line", sky + "\n" + `{"question_id":1,"answers":[]}`, `:2: json: unknown field "question_id"`},
		{"a misspelt field", row(`"anwser":"A","replies":{"a":"x"}`), `:1: json: unknown field "anwser"`},
		{"two values on a line", sky + sky, ":1: invalid character '{' after top-level value"},
		{"two values on a later line", times + "\n" + sky + sky, ":2: there is more than one JSON value on the line"},
		{"no id", `{"id":"","question":"?","answer":"x","replies":{"a":"x"}}`, ":1: no id"},
		{"no question", `{"id":"q","answer":"x","replies":{"a":"x"}}`, ":1: item mine/q has no question"},
		{"no answer", row(`"replies":{"a":"x"}`), ":1: question mine/q has no answer"},
		{"a key out of range", row(`"choices":["x","y"],"answer":"C","replies":{"a":"x"}`), `:1: the key "C" of question mine/q is not one of the letters A to B`},
		{"one choice", row(`"choices":["x"],"answer":"A","replies":{"a":"x"}`), ":1: question mine/q has 1 choices, not 2 to 26"},
		{"a number that is none", row(`"kind":"number","answer":"many","replies":{"a":"x"}`), `:1: the answer "many" of question mine/q is no answer to a question of kind number`},
		{"an open question with choices", row(`"kind":"open","choices":["x","y"],"answer":"A","replies":{"a":"x"}`), ":1: question mine/q has choices and is of kind open"},
		{"an unknown kind", row(`"kind":"essay","answer":"A","replies":{"a":"x"}`), `:1: kind "essay" is not choice, number or open`},
		{"a list as answer", row(`"answer":["A"],"replies":{"a":"x"}`), ":1: answer is neither a string nor a number"},
		{"neither replies nor rounds", sky + "\n" + row(`"answer":"A"`), ":2: there must be replies or rounds, one of the two"},
		{"replies and rounds", row(`"answer":"A","replies":{"a":"x"},"rounds":[[{"agent":"a","text":"x"}]]`), ":1: there must be replies or rounds, one of the two"},
		{"no replies", row(`"answer":"A","replies":{}`), ":1: nobody speaks in round 0"},
		{"two replies of one", row(`"answer":"A","replies":{"a":"x","a":"y"}`), ":1: two replies of a"},
		{"a reply that is no text", row(`"answer":"A","replies":{"a":1}`), ":1: reply of a: json: cannot unmarshal number into Go value of type string"},
		{"replies that are a list", row(`"answer":"A","replies":["x"]`), ":1: not an object of texts by agent"},
		{"no rounds", row(`"answer":"A","rounds":[]`), ":1: no replies"},
		{"an empty round", row(`"answer":"A","rounds":[[{"agent":"a","text":"x"}],[]]`), ":1: nobody speaks in round 1"},
		{"a turn of nobody", row(`"answer":"A","rounds":[[{"text":"x"}]]`), ":1: round 0: turn 0 has no agent"},
		{"one who speaks twice", row(`"answer":"A","rounds":[[{"agent":"a","text":"x"},{"agent":"a","text":"y"}]]`), ":1: round 0: agent a speaks twice"},
		{"hearing in round 0", row(`"answer":"A","rounds":[[{"agent":"a","text":"x","heard":["b"]}]]`), ":1: round 0: agent a has heard b; round 0 is independent"},
		{"hearing nobody known", row(`"answer":"A","rounds":[[{"agent":"a","text":"x"}],[{"agent":"a","text":"x"},{"agent":"b","text":"x","heard":["a","b"]}]]`),
			`:1: round 1: agent b has heard "b", who said nothing before`},
		{"an item twice", sky + "\n" + strings.Replace(sky, "(B)", "(A)", 1), ":2: item mine/sky is on line 1 too, with other content; several debates of one question are written as mine/sky@NAME"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, "mine.jsonl", tt.text)
			_, err := recorded.Open(path)
			if err == nil || !strings.HasPrefix(err.Error(), path+tt.want) {
				t.Errorf("the error is\n%v, want\n%s%s", err, path, tt.want)
			}
		})
	}
	if _, err := recorded.Open("no/such/file"); err == nil || !strings.Contains(err.Error(), "open recording: open no/such/file: ") {
		t.Errorf("the error is %v", err)
	}
	if _, err := recorded.Open(write(t, "x", strings.Repeat("y", 500))); err == nil || len(err.Error()) > 400 {
		t.Errorf("an error quotes the whole of a long row: %v", err)
	}
}

func TestWhatIsLeftOutIsSaid(t *testing.T) {
	path := write(t, "mine.jsonl", sky+"\n"+sky)
	rec := open(t, path)
	check(t, "items", len(rec.Items), 1)
	check(t, "skipped", rec.Skipped, []string{path + ":2: left out: item mine/sky is on line 1 too, with the same replies"})

	path = write(t, "math.jsonl", `{"idx":0,"level":"Level 1","question":"?","gold":"7","answers":[{"sample":0,"text":"7"}]}
{"idx":1,"level":"Level 1","question":"?","gold":"4t","answers":[{"sample":0,"text":"4t"}]}`)
	rec = open(t, path)
	check(t, "items", len(rec.Items), 1)
	check(t, "skipped", rec.Skipped, []string{path + `:2: left out: the key "4t" of question math-qwen/1 is not a number`})
}

// The rows are made up in the form of the real files.
func TestKnownFormats(t *testing.T) {
	for _, tt := range []struct {
		row    string
		item   debate.Item
		replay []string
		models map[string]string
		origin string
	}{
		{`{"question":"2+2?","ground_truth":"2+2=<<2+2=4>>4\nA: 1,004","6b_finetuning":{"is_correct":false,"solution":"A: 5"},"6b_verification":{"is_correct":true,"solution":"A: 4"},"175b_finetuning":{"is_correct":true,"solution":"A: 4"},"175b_verification":{"is_correct":true,"solution":""}}`,
			debate.Item{Question: debate.Question{ID: "gsm8k-solutions/0", Text: "2+2?", Kind: debate.Number}, Key: "1004"},
			[]string{"0 6b_finetuning [] solve: A: 5", "0 6b_verification [] solve: A: 4", "0 175b_finetuning [] solve: A: 4", "0 175b_verification [] solve: "},
			map[string]string{"6b_finetuning": "GPT-3 6B finetuning", "6b_verification": "GPT-3 6B verification",
				"175b_finetuning": "GPT-3 175B finetuning", "175b_verification": "GPT-3 175B verification"},
			"openai/grade-school-math, MIT"},
		{`{"subject":"astronomy","row":34,"question":"?","choices":["a","b"],"gold":"A","error_type":"ok","votes":{"z":"A","b":""},"majority":{"3":"A"},"entropy":{"3":0}}`,
			debate.Item{Question: debate.Question{ID: "helm14/astronomy/34", Text: "?", Choices: []string{"a", "b"}}, Key: "A"},
			[]string{"0 z [] solve: A", "0 b [] solve: "}, map[string]string{"z": "z", "b": "b"}, "HELM on MMLU-Redux questions, CC BY 4.0"},
		{`{"subject":null,"row":null,"question":"?","choices":["a","b"],"gold":"A","votes":{"z":"A"},"majority":{"3":"A"}}`,
			debate.Item{Question: debate.Question{ID: "helm14/line/1", Text: "?", Choices: []string{"a", "b"}}, Key: "A"},
			[]string{"0 z [] solve: A"}, map[string]string{"z": "z"}, "HELM on MMLU-Redux questions, CC BY 4.0"},
		{`{"question_id":74,"category":"computer science","src":"x","question":"?","choices":["a","b","c"],"gold":"C","answers":[{"model":"m","text":"The answer is (C).","recorded_pred":"C"}]}`,
			debate.Item{Question: debate.Question{ID: "mmlu-pro/computer science/74", Text: "?", Choices: []string{"a", "b", "c"}}, Key: "C"},
			[]string{"0 m [] solve: The answer is (C)."}, map[string]string{"m": "m"}, "MMLU-Pro, Apache-2.0"},
		{`{"source":"s","dataset":"math","idx":5,"question":"?","gold":"\\frac{1}{2}","level":"Level 3","model":"q","answers":[{"sample":0,"text":"a","pred":"1","score":true,"rm":3.5},{"sample":1,"text":"b"}]}`,
			debate.Item{Question: debate.Question{ID: "math-qwen/5", Text: "?", Kind: debate.Number}, Key: "0.5"},
			[]string{"0 sample-0 [] solve: a", "0 sample-1 [] solve: b"}, map[string]string{"sample-0": "q", "sample-1": "q"}, "s, MIT"},
		{`{"source":"s","dataset":"CSQA","model":"g","question":"Where?\nAnswer Choices: (A) bank (downtown) (B) New York (C) C","gold":"B","idx":null,"answers":[{"agent":0,"text":"x"},{"agent":1,"text":"y"}]}`,
			debate.Item{Question: debate.Question{ID: "eot/CSQA/0", Text: "Where?", Choices: []string{"bank (downtown)", "New York", "C"}}, Key: "B"},
			[]string{"0 agent-0 [] solve: x", "0 agent-1 [] solve: y"}, map[string]string{"agent-0": "g", "agent-1": "g"}, "s, Apache-2.0"},
		{`{"source":"s","dataset":"StrategyQA","model":"g","question":"Is it?","gold":"yes","idx":null,"answers":[{"agent":0,"text":"x"}]}`,
			debate.Item{Question: debate.Question{ID: "eot/StrategyQA/0", Text: "Is it?", Kind: debate.Open}, Key: "yes"},
			[]string{"0 agent-0 [] solve: x"}, map[string]string{"agent-0": "g"}, "s, Apache-2.0"},
		{`{"source":"s","dataset":"mmlu","subject":"law","row":7,"question":"?","choices":["a","b"],"gold":"B","model":"g","n_agents":4,"n_rounds":3,"recorded_correct":true,"rounds":[[{"agent":0,"text":"A"},{"agent":2,"text":"B"}],[{"agent":2,"text":"B"},{"agent":0,"text":"B"}],[{"agent":2,"text":"A"}]]}`,
			debate.Item{Question: debate.Question{ID: "dylan/law/7@4-agents", Text: "?", Choices: []string{"a", "b"}}, Key: "B"},
			[]string{"0 agent-0 [] solve: A", "0 agent-2 [] solve: B", "1 agent-2 [0] revise: B", "1 agent-0 [1] revise: B", "2 agent-2 [3] revise: A"},
			map[string]string{"agent-0": "g", "agent-2": "g"}, "s, MIT"},
	} {
		t.Run(tt.item.Question.ID, func(t *testing.T) {
			rec := open(t, write(t, "row.jsonl", tt.row))
			check(t, "items", rec.Items, []debate.Item{tt.item})
			check(t, "replay", lines(replay(t, rec, rec.Items[0])), tt.replay)
			check(t, "models", rec.Models, tt.models)
			check(t, "source and licence", rec.Source+", "+rec.Licence, tt.origin)
			var speakers []string
			for _, m := range replay(t, rec, rec.Items[0]).Messages {
				if !slices.Contains(speakers, m.From) {
					speakers = append(speakers, m.From)
				}
			}
			check(t, "agents", rec.Agents, speakers)
		})
	}
}

func TestChoicesInTheTextAreTakenOnlyWhenThereIsOneWay(t *testing.T) {
	for _, question := range []string{
		"Which? (A) one (B) two",                             // not announced
		"Which?\nAnswer Choices: (A) one (C) two",            // a gap
		"Which?\nAnswer Choices: (A) one (B) see (A) (B) no", // a letter twice
	} {
		text, _ := json.Marshal(question)
		row := `{"dataset":"AQuA","idx":null,"question":` + string(text) + `,"gold":"A","answers":[{"agent":0,"text":"x"}]}`
		if _, err := recorded.Open(write(t, "eot.jsonl", row)); err == nil || !strings.Contains(err.Error(), "no recorded question") {
			t.Errorf("%q is read with error %v", question, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(sky + "\n" + times))
	f.Add([]byte(`{"id":"q","question":"?","answer":"x","rounds":[[{"agent":"a","text":"x"}],[{"agent":"a","text":"y"}]]}`))
	f.Add([]byte(`{"subject":"law","row":7,"question":"?","choices":["a","b"],"gold":"B","n_agents":2,"rounds":[[{"agent":0,"text":"A"}]]}`))
	f.Add([]byte(`{"question":"?","votes":{"a":"A"},"majority":{},"choices":["x","y"],"gold":"A"}`))
	f.Add([]byte(`{"idx":0,"dataset":"CSQA","question":"?\nAnswer Choices: (A) x (B) y","gold":"A","answers":[{"agent":0,"text":"A"}]}`))
	f.Add([]byte("\x1f\x8b\x08"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "fuzz.jsonl")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		rec, err := recorded.Open(path)
		if err != nil {
			if !strings.HasPrefix(err.Error(), path) {
				t.Fatalf("the error does not name the file: %v", err)
			}
			return
		}
		seen := map[string]bool{}
		for _, item := range rec.Items {
			if seen[item.Question.ID] || item.Key == "" || item.Question.Text == "" {
				t.Fatalf("item %+v is there twice or has no key or text", item)
			}
			seen[item.Question.ID] = true
			if tr := replay(t, rec, item); len(tr.Messages) == 0 {
				t.Fatalf("nobody speaks on %s", item.Question.ID)
			}
		}
	})
}
