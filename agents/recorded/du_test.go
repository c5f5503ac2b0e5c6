package recorded

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
)

// duChats makes the chats of a debate as gen_gsm.py and gen_mmlu.py do: replies[r][i] is what agent i says in round r.
func duChats(first string, replies ...[]string) [][]duMessage {
	chats := make([][]duMessage, len(replies[0]))
	for r, round := range replies {
		for i, text := range round {
			prompt := first
			switch {
			case r > 0 && len(round) == 1:
				prompt = "Can you double check that your answer is correct."
			case r > 0:
				prompt = "These are the solutions to the problem from other agents: "
				for j, other := range replies[r-1] {
					if j != i {
						prompt += "\n\n One agent solution: ```" + other + "```"
					}
				}
				prompt += "\n\n Using the solutions from other agents as additional information, can you provide your answer?"
			}
			chats[i] = append(chats[i], duMessage{"user", prompt}, duMessage{"assistant", text})
		}
	}
	return chats
}

// duFile writes questions in the order given, each with chats and an answer.
func duFile(t testing.TB, parts ...any) string {
	t.Helper()
	var fields []string
	for i := 0; i < len(parts); i += 3 {
		value, err := json.Marshal([]any{parts[i+1], parts[i+2]})
		if err != nil {
			t.Fatal(err)
		}
		fields = append(fields, fmt.Sprintf("%q: %s", parts[i], value))
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// transcript debates an item as it was recorded.
func transcript(t *testing.T, rec *Recording, item debate.Item) *debate.Transcript {
	t.Helper()
	d := debate.Debate{Question: item.Question, Team: rec.Team(nil)(item, 0), Protocol: Protocol{rec}}
	tr, _, err := d.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestDuNumbers(t *testing.T) {
	text := duFile(t,
		"How many?", duChats("Can you solve …?", []string{"It is \\boxed{8}.", "7", "no idea"}, []string{"\\boxed{8}", "\\boxed{8.0}", "9"}, []string{"8", "8", "8"}), "4+4=<<4+4=8>>8\n#### 8",
		"One alone?", duChats("…", []string{"1,000"}, []string{"$1,000"}), "#### 1,000",
	)
	rec, err := read(strings.NewReader(text), "gsm_3_3.json")
	if err != nil {
		t.Fatal(err)
	}
	if rec.Name != "du-gsm" || len(rec.Items) != 2 || !slices.Equal(rec.Agents, []string{"agent-0", "agent-1", "agent-2"}) {
		t.Fatalf("%+v", rec)
	}
	if len(rec.Left) != 1 || !strings.HasPrefix(rec.Left[0], "the wording of 11 prompts is not kept") {
		t.Errorf("left %q", rec.Left)
	}
	first := rec.Items[0]
	if q := first.Question; q.ID != "du-gsm/0" || q.Text != "How many?" || q.Kind != debate.Number || first.Key != "8" {
		t.Errorf("%+v", first)
	}
	var got []string
	for _, m := range transcript(t, rec, first).Messages {
		got = append(got, fmt.Sprintf("%d %s %s %v %q %q", m.Round, m.From, m.Brief.Task, m.Heard, m.Answer, m.Reading.Strict))
	}
	want := []string{
		`0 agent-0 solve [] "8" "8"`, `0 agent-1 solve [] "7" ""`, `0 agent-2 solve [] "" ""`,
		`1 agent-0 revise [1 2] "8" "8"`, `1 agent-1 revise [0 2] "8" "8"`, `1 agent-2 revise [0 1] "9" ""`,
		`2 agent-0 revise [4 5] "8" ""`, `2 agent-1 revise [3 5] "8" ""`, `2 agent-2 revise [3 4] "8" ""`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	alone := transcript(t, rec, rec.Items[1])
	if m := alone.Messages[1]; rec.Items[1].Key != "1000" || m.Brief.Task != debate.Reflect || len(m.Heard) > 0 {
		t.Errorf("one agent: key %s, %+v", rec.Items[1].Key, m)
	}
}

func TestDuChoices(t *testing.T) {
	prompt := func(question, choices string) string { return duBefore + question + choices + duAfter }
	chats := duChats("…", []string{"(B)", "(C)"}, []string{"The answer is (B).", "(B)"})
	text := duFile(t,
		prompt("Which is it?", ": A) red, green, B) blue: see C, C) nan, D) 4"), chats, "B",
		prompt("Which of A) or B)?", ": A) x, B) y, B) z, C) u, D) v"), chats, "B",
		prompt("Backward?", ": A) x, C) y, B) z, D) v"), chats, "A",
	)
	rec, err := read(strings.NewReader(text), "mmlu_2_2.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.Items) != 1 || len(rec.Skipped) != 2 || !strings.HasPrefix(rec.Skipped[0], "mmlu_2_2.json: question 2: left out: the choices") {
		t.Fatalf("%d items, left out %q", len(rec.Items), rec.Skipped)
	}
	item := rec.Items[0]
	want := []string{"red, green", "blue: see C", "nan", "4"}
	if q := item.Question; q.ID != "du-mmlu/0" || q.Text != "Which is it?" || !slices.Equal(q.Choices, want) || item.Key != "B" {
		t.Errorf("%+v", item)
	}
	tr := transcript(t, rec, item)
	if got := debate.Transitions(tr, item.Key); len(got) != 2 || got[1].Fate() != debate.Corrected || !got[1].Adopted || got[1].Peers != 1 {
		t.Errorf("%+v", got)
	}
}

// TestDuHeardIsWhatIsQuoted: a prompt that quotes one of two peers is heard as such.
func TestDuHeardIsWhatIsQuoted(t *testing.T) {
	chats := duChats("…", []string{"first", "second", "third"}, []string{"1", "2", "3"})
	chats[0][2].Content = "One agent solution: ```third```"
	chats[1][2].Content = "Think again."
	rec, err := read(strings.NewReader(duFile(t, "How many?", chats, "#### 3")), "gsm.json")
	if err != nil {
		t.Fatal(err)
	}
	messages := transcript(t, rec, rec.Items[0]).Messages
	if h := messages[3].Heard; !slices.Equal(h, []int{2}) {
		t.Errorf("agent-0 heard %v", h)
	}
	if h := messages[4].Heard; len(h) != 0 || messages[4].Brief.Task != debate.Reflect {
		t.Errorf("agent-1 heard %v", h)
	}
}

func TestDuFaultsNameTheQuestion(t *testing.T) {
	good := duFile(t, "How many?", duChats("…", []string{"1"}), "#### 1")
	more := func(key, value string) string { return fmt.Sprintf("%s, %q: %s}", good[:len(good)-1], key, value) }
	chat := `[[{"role": "user", "content": "?"}, {"role": "assistant", "content": "1"}]]`
	for text, want := range map[string]string{
		more("q", `[`+chat+`]`):      "question 2: not a list of the agents' contexts and the answer",
		more("q", chat):              "question 2: not a list of the agents' contexts and the answer",
		more("q", `[[], "1"]`):       "question 2: there are no agents",
		more("q", `[[[]], "1"]`):     "question 2: no replies",
		more("q", `[`+chat+`, [1]]`): "question 2: answer is neither a string nor a number",
		more("q", `[`+strings.ReplaceAll(chat, "user", "tool")+`, 1]`):        `question 2: agent 0: message 0: role "tool" is not system, user or assistant`,
		more(duBefore+"x: A) a, B) b, C) c, D) d"+duAfter, `[`+chat+`, "A"]`): "question 2: it is of du-mmlu, and the first one of du-gsm",
		more("", `[`+chat+`, 1]`):       "item du-gsm/1 has no question",
		good[:len(good)-1]:              "gsm.json: behind question 1: ",
		good[:len(good)-4]:              "gsm.json: question 1: ",
		good + good:                     "gsm.json: something follows the questions",
		`{"Ada": [[{"role": "user"}]]}`: "these are not the fields of a known format",
	} {
		_, err := read(strings.NewReader(text), "gsm.json")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n%v\nwant %s", text, err, want)
		}
	}
	rec, err := read(strings.NewReader(more("q", `[`+chat+`, "many"]`)), "gsm.json")
	if err != nil || len(rec.Items) != 1 || len(rec.Skipped) != 1 {
		t.Errorf("a key that is no number: %v, %+v", err, rec)
	}
}

func FuzzDu(f *testing.F) {
	f.Add(duFile(f, "How many?", duChats("…", []string{"1", "2"}, []string{"2", "2"}), "#### 1"))
	f.Add(duFile(f, duBefore+"x: A) a, B) b, C) c, D) d"+duAfter, duChats("…", []string{"(A)"}), "A"))
	f.Fuzz(func(t *testing.T, text string) {
		rec, err := read(strings.NewReader(text), "x.json")
		if err != nil {
			return
		}
		for _, item := range rec.Items {
			transcript(t, rec, item)
		}
	})
}
