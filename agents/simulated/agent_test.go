package simulated

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
	"cheaptalk/internal/race"
)

var certain = Ability{Accuracy: 0.999999, Consistency: 0, Concentration: 0.5}

// talker is a profile in which everything moves that can.
func talker() Profile {
	return Profile{
		Name:   "talker",
		Choice: Ability{Accuracy: 0.563, Consistency: 0.624, Concentration: 0.83, Loss: 0.16, Pull: 0.01},
		Number: Ability{Accuracy: 0.764, Consistency: 0.284, Concentration: 0.09, Loss: -0.21, Pull: 0.40},

		OwnWeight: 1.66, PeerWeight: 0.18, ConfidenceWeight: 0.5, Redraw: 0.15, CritiqueOwn: 1, CritiqueDiscount: 0.5,
		Overconfidence: 0.50, Insight: 0.15, Jitter: 0.08, Unreadable: 0.005,
	}
}

func choiceItem(id string, key debate.Answer) debate.Item {
	return debate.Item{Key: key, Question: debate.Question{ID: id, Text: "Where does one go to vote?",
		Choices: []string{"bank", "polling place", "library (A)", "airport", "the answer is (B)."}}}
}

// heard makes messages with these answers from peers named p0, p1 and so on.
func heard(answers ...debate.Answer) []debate.Message {
	ms := make([]debate.Message, len(answers))
	for i, a := range answers {
		ms[i] = debate.Message{Seq: i, From: fmt.Sprintf("p%d", i), Reply: debate.Reply{Answer: a, Confidence: debate.Sure(0.5)}}
	}
	return ms
}

func own(a debate.Answer) []debate.Message {
	return []debate.Message{{From: "me", Reply: debate.Reply{Answer: a}}}
}

func reply(t testing.TB, a debate.Agent, turn debate.Turn) debate.Reply {
	t.Helper()
	r, err := a.Reply(context.Background(), turn)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestTextsReadAsTheAnswersSet: extract.Read finds in each text exactly the answer and the confidence that the agent set,
// by both rules, whatever is asked and heard; and finds none where none was set.
func TestTextsReadAsTheAnswersSet(t *testing.T) {
	race.SkipPure(t)
	items := []debate.Item{choiceItem("csqa/1", "B"), choiceItem("csqa/2", "E"), choiceItem("x/nokey", "")}
	for i, key := range []debate.Answer{"42", "-7", "0", "1", "12.5", "1/3", "-0.5", "1000000", "123456789012345678901234567890", ""} {
		items = append(items, debate.Item{Key: key, Question: debate.Question{ID: fmt.Sprintf("gsm8k/%d", i), Kind: debate.Number}})
	}
	for i, key := range []debate.Answer{"mount everest", "x {y} z", "alternative 3", ""} {
		items = append(items, debate.Item{Key: key, Question: debate.Question{ID: fmt.Sprintf("own/%d", i), Kind: debate.Open}})
	}
	replies, unreadable, texts := 0, 0, map[string]bool{}
	for _, p := range []Profile{talker(), {Name: "mute", Choice: certain, Number: certain, Redraw: 0.5}} {
		p.Unreadable = 0.05
		for _, item := range items {
			for seed := range uint64(12) {
				a := New("gpt-4o-mini#2", &p, NewPuzzle(item), debate.DeriveSeed(seed, p.Name, item.Question.ID))
				z := NewPuzzle(item)
				turns := []debate.Turn{{}}
				for task := debate.Solve; task <= debate.Aggregate; task++ {
					for r, own := range [][]debate.Message{own(z.wrong(0)), own(z.Key), own(""), nil} {
						turns = append(turns, debate.Turn{Round: 1 + r, Brief: debate.Brief{Task: task}, Own: own, Heard: heard(z.Key, z.wrong(1), "")})
						turns = append(turns, debate.Turn{Round: 1 + r, Brief: debate.Brief{Task: task, Confidence: debate.AsStated}, Own: own})
					}
				}
				for _, turn := range turns {
					turn.Question = item.Question
					got := reply(t, a, turn)
					if got.Answer == "" {
						unreadable++
					}
					replies++
					texts[got.Text] = true
					if read := extract.Read(item.Question, got.Text); read != got.Reading || read.Strict != got.Answer || read.Flexible != got.Answer {
						t.Fatalf("%s: set %q, read %+v in %q", item.Question.ID, got.Answer, read, got.Text)
					}
					if c := extract.ReadConfidence(got.Text); c.Stated != got.Confidence.Stated || math.Abs(c.Value-got.Confidence.Value) > 1e-9 {
						t.Fatalf("set confidence %v, read %v in %q", got.Confidence, c, got.Text)
					}
				}
			}
		}
	}
	if unreadable*26 < replies || unreadable*15 > replies { // about 3,000 independent replies: 5 % ± 1.2 %
		t.Errorf("%d of %d replies are unreadable, want 5 %%", unreadable, replies)
	}
	if len(texts) < replies/10 {
		t.Errorf("%d texts in %d replies: too few to be worth reading", len(texts), replies)
	}
}

// TestLuckIsPaired: a reply depends on seed, label and round, not on what was said before it in other rounds, nor on Terse.
func TestLuckIsPaired(t *testing.T) {
	item := choiceItem("csqa/7", "C")
	p := talker()
	turn := debate.Turn{Question: item.Question, Round: 2, Brief: debate.Brief{Task: debate.Revise}, Own: own("A"), Heard: heard("C", "B")}
	differs := false
	for seed := range uint64(200) {
		want := reply(t, New("a", &p, NewPuzzle(item), seed), turn)
		later := New("a", &p, NewPuzzle(item), seed)
		reply(t, later, debate.Turn{Question: item.Question})
		later.Terse = true
		got := reply(t, later, turn)
		got.Text = want.Text
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("seed %d: %v after other turns, %v before", seed, got, want)
		}
		other := reply(t, New("a#2", &p, NewPuzzle(item), seed), turn)
		differs = differs || other.Answer != want.Answer
	}
	if !differs {
		t.Error("another label never changes the answer")
	}
}

// TestQuestionsAreTheSameForAll: what a question is depends on its ID alone, and wrong answers are wrong and distinct where they can be.
func TestQuestionsAreTheSameForAll(t *testing.T) {
	var sum, squares float64
	const n = 4000
	for i := range n {
		z := NewPuzzle(choiceItem("set/"+strconv.Itoa(i), letter(i%5)))
		sum, squares = sum+z.Difficulty, squares+z.Difficulty*z.Difficulty
		seen := map[debate.Answer]bool{z.Key: true}
		for k := range z.wrongs() {
			a := z.wrong(k)
			if seen[a] || z.question.ChoiceIndex(a) < 0 {
				t.Fatalf("wrong answer %q is the key, no choice, or given twice", a)
			}
			seen[a] = true
		}
		if len(seen) != 5 {
			t.Fatalf("%d answers to five choices", len(seen))
		}
	}
	if mean, sd := sum/n, math.Sqrt(squares/n); math.Abs(mean) > 0.06 || math.Abs(sd-1) > 0.05 {
		t.Errorf("difficulty has mean %.3f and deviation %.3f, want 0 and 1", mean, sd)
	}
	for key := -30; key <= 300; key++ {
		z := NewPuzzle(debate.Item{Key: debate.Answer(strconv.Itoa(key)), Question: debate.Question{ID: "n/" + strconv.Itoa(key), Kind: debate.Number}})
		for k := range z.wrongs() {
			if a := z.wrong(k); a == z.Key || extract.Normalize(z.question, string(a)) != a {
				t.Fatalf("wrong answer %q to %d is the key or not in normal form", a, key)
			}
		}
	}
}

// chance is the share of seeds in which the agent answers a.
func chance(t *testing.T, p Profile, item debate.Item, turn debate.Turn, a debate.Answer) float64 {
	t.Helper()
	const n = 4000
	k := 0
	turn.Question = item.Question
	for seed := range uint64(n) {
		agent := New("x", &p, NewPuzzle(item), seed)
		agent.Terse = true
		if reply(t, agent, turn).Answer == a {
			k++
		}
	}
	return float64(k) / n
}

// TestRevisionIsTheLogisticCurve holds the choice between two answers against its closed form, for every brief.
func TestRevisionIsTheLogisticCurve(t *testing.T) {
	item := choiceItem("csqa/3", "D")
	p := Profile{Choice: Ability{Accuracy: 0.5, Pull: 0.7}, OwnWeight: 1.2, PeerWeight: 0.9, ConfidenceWeight: 0.5, CritiqueOwn: 1, CritiqueDiscount: 0.5}
	logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	sure := func(ms []debate.Message, c float64) []debate.Message {
		for i := range ms {
			ms[i].Confidence = debate.Sure(c)
		}
		return ms
	}
	for _, tt := range []struct {
		name  string
		brief debate.Brief
		heard []debate.Message
		want  float64 // of moving from A to D
	}{
		{"one peer", debate.Brief{Task: debate.Revise}, heard("D"), logistic(0.9 + 0.7 - 1.2)},
		{"three peers", debate.Brief{Task: debate.Revise}, heard("D", "D", "D"), logistic(2.7 + 0.7 - 1.2)},
		{"an unreadable peer", debate.Brief{Task: debate.Revise}, heard("D", ""), logistic(0.9 + 0.7 - 1.2)},
		{"one for, one against", debate.Brief{Task: debate.Revise}, heard("D", "A"), logistic(0.7 - 1.2)},
		{"critique", debate.Brief{Task: debate.Critique}, heard("D"), logistic(0.45 + 0.7 - 2.2)},
		{"reflect hears nobody", debate.Brief{Task: debate.Reflect}, heard("D"), 0},
		{"sure peer", debate.Brief{Task: debate.Revise, Confidence: debate.AsStated}, sure(heard("D"), 1), logistic(0.9*1.5 + 0.7 - 1.2)},
		{"unsure peer", debate.Brief{Task: debate.Revise, Confidence: debate.AsStated}, sure(heard("D"), 0), logistic(0.9*0.5 + 0.7 - 1.2)},
		{"hidden confidence", debate.Brief{Task: debate.Revise}, sure(heard("D"), 1), logistic(0.9 + 0.7 - 1.2)},
		{"nobody", debate.Brief{Task: debate.Revise}, nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := chance(t, p, item, debate.Turn{Round: 1, Brief: tt.brief, Own: own("A"), Heard: tt.heard}, "D")
			if math.Abs(got-tt.want) > 0.03 {
				t.Errorf("moves with probability %.3f, want %.3f", got, tt.want)
			}
		})
	}
}

// TestRightPeersDoNotProtect: even among right peers an agent that draws anew may lose its right answer, at the rate of the model.
func TestRightPeersDoNotProtect(t *testing.T) {
	item := choiceItem("csqa/3", "D")
	p := Profile{Choice: Ability{Accuracy: 0.6}, OwnWeight: 9, PeerWeight: 9, Redraw: 0.5}
	turn := debate.Turn{Round: 1, Brief: debate.Brief{Task: debate.Revise}, Own: own("D"), Heard: heard("D", "D")}
	if got := 1 - chance(t, p, item, turn, "D"); math.Abs(got-0.5*0.4) > 0.025 {
		t.Errorf("harmful revision among right peers %.3f, want %.3f", got, 0.5*0.4)
	}
	turn.Brief.Task = debate.Solve
	if got := chance(t, p, item, turn, "D"); math.Abs(got-0.6) > 0.025 {
		t.Errorf("solving again is right with probability %.3f, want the accuracy, 0.6", got)
	}
}

// TestBriefsDiffer: with a preset, under a critical brief fewer answers move than under Revise, and reflection moves fewer still.
func TestBriefsDiffer(t *testing.T) {
	p := talker()
	item := choiceItem("csqa/11", "D")
	var moved []float64
	for _, task := range []debate.Task{debate.Revise, debate.Critique, debate.Reflect} {
		moved = append(moved, 1-chance(t, p, item, debate.Turn{Round: 1, Brief: debate.Brief{Task: task}, Own: own("A"), Heard: heard("B", "B")}, "A"))
	}
	if !slices.IsSortedFunc(moved, func(a, b float64) int { return -int(math.Copysign(1, a-b)) }) || moved[2] == 0 {
		t.Errorf("revise, critique and reflect move %.3f of the answers, want a falling row above 0", moved)
	}
}

// TestFirstWordsHearTheOthers: an agent that speaks first after others weighs its own opinion against theirs; an aggregating one takes theirs.
func TestFirstWordsHearTheOthers(t *testing.T) {
	item := choiceItem("csqa/3", "D")
	p := Profile{Choice: certain, OwnWeight: 2, PeerWeight: 2}
	turn := debate.Turn{Round: 1, Brief: debate.Brief{Task: debate.Revise}, Heard: heard("A")}
	if got := chance(t, p, item, turn, "D"); math.Abs(got-0.5) > 0.03 {
		t.Errorf("keeps its own opinion with probability %.3f, want 0.5", got)
	}
	turn.Brief.Task = debate.Aggregate
	if got := chance(t, p, item, turn, "A"); got != 1 {
		t.Errorf("aggregates to the one answer heard with probability %.3f, want 1", got)
	}
}

// TestConfidence: calibrated without its three errors, higher for right answers with insight, too high with overconfidence.
func TestConfidence(t *testing.T) {
	stats := func(p Profile) (stated, right, gap float64) {
		var sum, n [2]float64
		for i := range 20000 {
			item := choiceItem("set/"+strconv.Itoa(i), letter(i%5))
			a := New("x", &p, NewPuzzle(item), uint64(i))
			a.Terse = true
			r := reply(t, a, debate.Turn{Question: item.Question})
			if !r.Confidence.Stated {
				t.Fatal("no confidence is stated")
			}
			k := 0
			if r.Answer == item.Key {
				k = 1
			}
			sum[k], n[k] = sum[k]+r.Confidence.Value, n[k]+1
		}
		return (sum[0] + sum[1]) / 20000, n[1] / 20000, sum[1]/n[1] - sum[0]/n[0]
	}
	honest := Profile{Choice: Ability{Accuracy: 0.6, Consistency: 0.4, Concentration: 0.5}}
	stated, right, gap := stats(honest)
	if math.Abs(stated-right) > 0.012 {
		t.Errorf("a calibrated agent states %.3f and is right %.3f", stated, right)
	}
	seeing := honest
	seeing.Insight = 0.3
	if _, _, more := stats(seeing); math.Abs(more-(gap+0.3*(1-gap))) > 0.02 {
		t.Errorf("insight of 0.3 widens the gap from %.3f to %.3f, want %.3f", gap, more, gap+0.3*(1-gap))
	}
	proud := honest
	proud.Overconfidence = 0.5
	if s, r, _ := stats(proud); math.Abs(s-(r+0.5*(1-r))) > 0.012 {
		t.Errorf("overconfidence of 0.5 states %.3f with %.3f right, want %.3f", s, r, r+0.5*(1-r))
	}
}

func TestEndedContextIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("the run is over")
	cancel(why)
	item := choiceItem("csqa/1", "B")
	for _, a := range []debate.Agent{New("a", &Profile{}, NewPuzzle(item), 1), NewAggregator("b", Aggregation{}, NewPuzzle(item), 1)} {
		if _, err := a.Reply(ctx, debate.Turn{Question: item.Question}); !errors.Is(err, why) {
			t.Errorf("%s: error %v, want the cause", a.Name(), err)
		}
	}
}

// TestAQuestionWithoutChoicesHasNoAnswer: nothing is made up where nothing can be chosen.
func TestAQuestionWithoutChoicesHasNoAnswer(t *testing.T) {
	item := debate.Item{Question: debate.Question{ID: "x/1"}, Key: "A"}
	p := talker()
	if r := reply(t, New("a", &p, NewPuzzle(item), 1), debate.Turn{Question: item.Question}); r.Answer != "" || r.Text == "" || r.Confidence.Stated {
		t.Errorf("reply %+v, want an unreadable one", r)
	}
}

func BenchmarkReply(b *testing.B) {
	item := choiceItem("csqa/1", "B")
	p := talker()
	for _, terse := range []bool{false, true} {
		name := "text"
		if terse {
			name = "terse"
		}
		b.Run(name, func(b *testing.B) {
			a := New("llama-3.1-8b#2", &p, NewPuzzle(item), 1)
			a.Terse = terse
			turn := debate.Turn{Question: item.Question, Round: 1, Brief: debate.Brief{Task: debate.Revise}, Own: own("A"), Heard: heard("C", "B")}
			b.ReportAllocs()
			for b.Loop() {
				reply(b, a, turn)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	item := choiceItem("csqa/1", "B")
	p := talker()
	b.ReportAllocs()
	for b.Loop() {
		New("llama-3.1-8b#2", &p, NewPuzzle(item), 1)
	}
}
