package heldout

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/twin/steps"
)

// debates returns the data of debates on questions of their own with four choices, A being right: agent a has the own answer of a step, and the
// other agents say first what it hears.
func debates(of ...steps.Step) *steps.Data {
	d := &steps.Data{Agents: []string{"a", "b"}}
	for i, s := range of {
		s.Talk, s.Round, s.Task = i, 1, debate.Revise
		talk := steps.Talk{Question: i, Set: "s", Wrongs: 3, Key: "A", First: []steps.Answer{{Talk: i, Said: s.Table[0].Answer}}}
		for _, o := range s.Table {
			s.Peers += o.Heard
			for range o.Heard {
				talk.First = append(talk.First, steps.Answer{Talk: i, Agent: 1, Said: o.Answer})
			}
		}
		d.Questions = append(d.Questions, fmt.Sprintf("s/%04d", i))
		d.Debates, d.Steps, d.Alone = append(d.Debates, talk), append(d.Steps, s), append(d.Alone, talk.First...)
	}
	return d
}

// step is a choice of an agent that holds the first of the answers; heard says how many hold each.
func step(chosen int, answers string, heard ...int) steps.Step {
	s := steps.Step{Chosen: chosen}
	for i, a := range answers {
		s.Table = append(s.Table, steps.Option{Answer: debate.Answer(a), Heard: heard[i]})
	}
	return s
}

// Ten choices by hand: an agent that holds B hears B once and A twice; it keeps B five times, takes A four times and something new once.
func hand() *steps.Data {
	var all []steps.Step
	for _, chosen := range []int{0, 0, 0, 0, 0, 1, 1, 1, 1, steps.New} {
		all = append(all, step(chosen, "BA", 1, 2))
	}
	return debates(all...)
}

func TestBaselinesByHand(t *testing.T) {
	moved, missed, fresh := 5.5/11, 6.5/11, 1.5/11
	want := map[string][]float64{
		NeverChange:  {1 - moved, moved / 2, moved / 2},
		CopyMajority: {missed / 2, 1 - missed, missed / 2},
		Martingale:   {(1 - fresh) / 2, (1 - fresh) / 2, fresh},
		// Of five moves four go to A, said twice in round 0, and one to answers that nobody gave: (2+a) : a = 4 : 1 for a = 2/3. Of the tenths of a
		// decade that are tried, 10^-.2 = .631 is the nearest.
		Spontaneous: {1 - moved, moved * 2.631 / 3.262, moved * 0.631 / 3.262},
		// The same among those heard: 2 : a = 4 : 1 for a = .5, and 10^-.3 = .501.
		ByAgreement: {1 - moved, moved * 2 / 2.501, moved * 0.501 / 2.501},
	}
	d := hand()
	for _, b := range baselines() {
		got := b.fit(d)(&d.Steps[0])
		for k := range want[b.name] {
			if math.Abs(got[k]-want[b.name][k]) > 5e-4 {
				t.Errorf("%s: %.4f, by hand %.4f", b.name, got, want[b.name])
				break
			}
		}
	}
}

func TestBaselinesAreDistributions(t *testing.T) {
	train := hand()
	for _, s := range []steps.Step{step(0, "B", 0), step(0, "B", 2), step(0, "BACD", 0, 1, 1, 1), step(0, "ABCD", 3, 0, 1, 1), step(0, "BA", 0, 1)} {
		d := debates(s)
		d.Steps = append(train.Steps[:len(train.Steps):len(train.Steps)], d.Steps...)
		last := len(d.Steps) - 1
		d.Steps[last].Talk = len(train.Debates)
		d.Debates = append(train.Debates[:len(train.Debates):len(train.Debates)], d.Debates...)
		for _, b := range baselines() {
			p := b.fit(d)(&d.Steps[last])
			sum := 0.0
			for k, v := range p {
				sum += v
				if v < 0 || k == len(s.Table) && v > 0 && len(s.Table) == 4 {
					t.Errorf("%s gives %.3f to %+v", b.name, p, s.Table)
				}
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Errorf("%s: %v sums to %v", b.name, p, sum)
			}
		}
	}
}

// A rule that copies has nothing to copy where nobody is heard, and ties are shared.
func TestMajorityOfWhatIsHeard(t *testing.T) {
	for _, c := range []struct {
		step steps.Step
		want []float64
	}{
		{step(0, "B", 0), []float64{1, 0}},
		{step(0, "BAC", 1, 1, 0), []float64{1, 1, 0, 0}},
		{step(0, "BAC", 0, 2, 1), []float64{0, 1, 0, 0}},
	} {
		if got := majority(&c.step); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.step.Table, got, c.want)
		}
	}
}

// many returns choices of which half keep and half move, on n questions, two debates each.
func many(n int) *steps.Data {
	var all []steps.Step
	for i := range 2 * n {
		all = append(all, step(i/2%2, "BA", 0, 1))
	}
	d := debates(all...)
	d.Questions = d.Questions[:n]
	for i := range d.Debates {
		d.Debates[i].Question = i / 2
	}
	return d
}

func TestFoldsShareNoQuestion(t *testing.T) {
	d := many(53)
	fold, n := deal(d, 5, 3)
	if n != 53 {
		t.Errorf("%d questions with a choice", n)
	}
	counts := make([]int, 5)
	for _, f := range fold {
		counts[f]++
	}
	for _, c := range counts {
		if c < 10 || c > 11 {
			t.Errorf("folds of %v questions", counts)
		}
	}
	for f := range 5 {
		train, test := d.Subset(func(q int) bool { return fold[q] != f }), d.Subset(func(q int) bool { return fold[q] == f })
		if len(train.Steps)+len(test.Steps) != len(d.Steps) || len(train.Alone)+len(test.Alone) != len(d.Alone) {
			t.Errorf("fold %d: %d and %d steps of %d", f, len(train.Steps), len(test.Steps), len(d.Steps))
		}
		in := map[int]bool{}
		for _, s := range train.Steps {
			in[train.Debates[s.Talk].Question] = true
		}
		for _, s := range test.Steps {
			if in[test.Debates[s.Talk].Question] {
				t.Errorf("question %d is on both sides of fold %d", test.Debates[s.Talk].Question, f)
			}
		}
	}
	again, _ := deal(d, 5, 3)
	other, _ := deal(d, 5, 4)
	if !reflect.DeepEqual(fold, again) || reflect.DeepEqual(fold, other) {
		t.Error("folds follow the seed")
	}
}

func TestCrossValidationScoresEveryChoiceOnce(t *testing.T) {
	d := many(60)
	d.Steps[7].Chosen = steps.Unread
	s, err := CrossValidate(context.Background(), d, 4, 1)
	if err != nil {
		t.Fatal(err)
	}
	if s.Choices != 119 || s.Questions != 60 || len(s.Rules) != 6 || s.Rules[0].Name != TwinName {
		t.Errorf("%+v", s)
	}
	n, left := 0, 0
	for _, c := range s.Cells {
		n, left = n+c.N, left+c.Left
	}
	kept := 0
	for _, b := range s.Keep {
		kept += b.Hits
	}
	if n != 119 || left+kept != 119 {
		t.Errorf("%d choices in cells, %d left and %d kept", n, left, kept)
	}
	again, err := CrossValidate(context.Background(), d, 4, 1)
	if err != nil || !reflect.DeepEqual(s, again) {
		t.Errorf("the same seed gives other scores (%v)", err)
	}
	half, err := Halves(context.Background(), d, 1)
	if err != nil || half.Questions != 30 {
		t.Errorf("a half has %d questions (%v)", half.Questions, err)
	}
}

func TestTooFewQuestionsAreRefused(t *testing.T) {
	if _, err := CrossValidate(context.Background(), many(3), 5, 1); err == nil || err.Error() != "3 questions with revisions cannot be dealt into 5 folds" {
		t.Errorf("error %v", err)
	}
	if _, err := CrossValidate(context.Background(), many(3), 1, 1); err == nil {
		t.Error("one fold is accepted")
	}
}

// Three clusters by hand: values 1, 3 | 2 | 6: mean 3, residual sums -2, -1, 3, variance 3/2·14/16, t(2) = 4.30265.
func TestIntervalIsClustered(t *testing.T) {
	c := clustered{}
	c.add(0, 1)
	c.add(0, 3)
	c.add(1, 2)
	c.add(2, 6)
	mean, low, high := c.interval()
	half := 4.30265 * math.Sqrt(1.5*14/16)
	if mean != 3 || math.Abs(low-(3-half)) > 1e-4 || math.Abs(high-(3+half)) > 1e-4 {
		t.Errorf("%v [%v, %v], by hand 3 ± %v", mean, low, high, half)
	}
}

func TestCalibrationByHand(t *testing.T) {
	curve := newBins()
	for i := range 4 {
		curve = add(curve, 0.3, i == 0)
	}
	curve = add(curve, 1, true)
	if b := curve[3]; b.N != 4 || b.Hits != 1 || math.Abs(b.Predicted-1.2) > 1e-12 {
		t.Errorf("%+v", b)
	}
	if got, want := ECE(curve), 0.2/5; math.Abs(got-want) > 1e-12 {
		t.Errorf("ECE %v, by hand %v", got, want)
	}
}
