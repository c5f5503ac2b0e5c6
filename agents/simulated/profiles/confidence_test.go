package profiles

import (
	"fmt"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
)

// TestStatedConfidenceSaysLittle: where it said much, a weighted vote over simulated agents would win by what was put into them.
func TestStatedConfidenceSaysLittle(t *testing.T) {
	const questions = 2000
	for _, name := range Names() {
		p, err := ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		var right, wrong [21]int // by confidence in steps of 5 %
		n, nRight, sum := 0, 0, 0.0
		for i := range questions {
			item := debate.Item{Key: debate.Letter(i % 5), Question: debate.Question{ID: fmt.Sprintf("csqa/%d", i), Choices: make([]string, 5)}}
			a := simulated.New("a", &p, simulated.NewPuzzle(item), debate.DeriveSeed(1, item.Question.ID))
			reply, err := a.Reply(t.Context(), debate.Turn{Question: item.Question, Brief: debate.Brief{Task: debate.Solve}})
			if err != nil {
				t.Fatal(err)
			}
			c, stated := reply.Confidence.Value, reply.Confidence.Stated
			if !stated || reply.Answer == "" {
				continue
			}
			n, sum = n+1, sum+c
			if step := int(20*c + 0.5); reply.Answer == item.Key {
				nRight++
				right[step]++
			} else {
				wrong[step]++
			}
		}
		above, below := 0.0, 0 // pairs of a right and a wrong answer in which the right one is surer, ties by half; wrong ones below the step
		for step := range right {
			above += float64(right[step]) * (float64(below) + float64(wrong[step])/2)
			below += wrong[step]
		}
		auroc := above / float64(nRight*(n-nRight))
		if auroc < 0.5 || auroc > 0.7 {
			t.Errorf("%s: AUROC %.3f, want .5 to .7", name, auroc)
		}
		if accuracy, mean := float64(nRight)/float64(n), sum/float64(n); mean < accuracy {
			t.Errorf("%s: mean confidence %.2f at an accuracy of %.2f is not overconfident", name, mean, accuracy)
		}
	}
}
