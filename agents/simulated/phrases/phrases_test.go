package phrases

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

var question = debate.Question{ID: "t/1", Text: "Which?", Choices: []string{"ants", "bees", "cows", "dogs"}}

// team is a debate in which nobody changes its mind: agents a, b, c ... with an answer each.
type team []debate.Answer

// turn returns what the i-th agent of the team sees in a round, and its answer before it.
func (answers team) turn(q debate.Question, i, round int, task debate.Task) (debate.Turn, debate.Answer) {
	turn := debate.Turn{Question: q, Round: round, Brief: debate.Brief{Task: task}}
	for j, a := range answers {
		m := debate.Message{From: string(rune('a' + j)), Reply: debate.Reply{Answer: a}}
		switch {
		case round == 0:
			turn.Brief.Task = debate.Solve
		case j != i:
			turn.Heard = append(turn.Heard, m)
		default:
			turn.Own = []debate.Message{m}
		}
	}
	if round == 0 {
		return turn, ""
	}
	return turn, answers[i]
}

func TestNobodyRepeatsWhatWasSaid(t *testing.T) {
	for _, answers := range []team{{"A", "B", "C"}, {"A", "A", "B"}, {"A", "A", "A"}, {"B", "A"}, {"A", "B", "C", "D"}} {
		for _, task := range []debate.Task{debate.Revise, debate.Critique} {
			said := map[string]bool{}
			for round := range 3 {
				for i, a := range answers {
					turn, own := answers.turn(question, i, round, task)
					text := Write(rand.New(rand.NewPCG(uint64(i), 1)), &turn, Voice{Seed: 77, Place: i}, own, a, debate.Confidence{})
					sentence, _, _ := strings.Cut(text, "\n")
					if said[sentence] {
						t.Errorf("%v, %v: agent %c says again in round %d: %s", answers, task, 'a'+i, round, sentence)
					}
					said[sentence] = true
				}
			}
		}
	}
}

// everything that may follow a brace in a phrase.
var blank = regexp.MustCompile(`\{.?\}?`)

func TestPhrasesAskForWhatTheirScenesHave(t *testing.T) {
	has := map[scene]string{
		alone: "a", computed: "a", checked: "a", doubted: "ao", agreed: "ap", withstood: "aqr", sided: "apqr", joined: "aop", outvoted: "aopn",
		followed: "apn", scrutinised: "aqr", conceded: "aop", merged: "apn", reworked: "a", lost: "",
	}
	for s, lines := range phrases {
		seen := map[string]bool{}
		for _, line := range lines {
			if seen[line] {
				t.Errorf("twice in a scene: %s", line)
			}
			seen[line] = true
			for _, b := range blank.FindAllString(line, -1) {
				if len(b) != 3 || !strings.Contains(has[scene(s)], b[1:2]) {
					t.Errorf("%s is not there to be named: %s", b, line)
				}
			}
			if scene(s) != lost && !strings.Contains(line, "{a}") {
				t.Errorf("does not name the answer: %s", line)
			}
		}
	}
}

func TestNoPhraseHidesTheAnswer(t *testing.T) {
	number := debate.Question{ID: "t/2", Text: "How many?", Kind: debate.Number}
	for s, lines := range phrases {
		if scene(s) == lost {
			continue
		}
		for _, line := range lines {
			for _, c := range []struct {
				q                debate.Question
				answer, own, his debate.Answer
			}{{question, "B", "C", "A"}, {number, "12", "7", "31"}} {
				text := strings.NewReplacer("{a}", shown(c.q, c.answer), "{o}", shown(c.q, c.own), "{r}", shown(c.q, c.his), "{n}", "2", "{p}", "bob", "{q}", "eve").Replace(line)
				for _, ending := range endings[c.q.Kind] {
					full := text + "\n" + strings.Replace(ending, "{a}", string(c.answer), 1)
					if got := extract.Read(c.q, full); got.Flexible != c.answer || got.Strict != c.answer {
						t.Errorf("read %+v, want %s, from %s", got, c.answer, full)
					}
				}
			}
		}
	}
}

func shown(q debate.Question, a debate.Answer) string { return string(appendAnswer(nil, q, a, true)) }
