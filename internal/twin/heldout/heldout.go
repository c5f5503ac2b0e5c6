// Package heldout says how well twins predict choices that they were not fitted to, beside five rules that know nothing of who is right.
//
// Questions are split, never choices: all revisions of a question, in every debate of it, are on one side. Everything is fitted to the
// other side alone, the accuracies of the first stage and the constants of the rules included. The score is the mean of -ln P of what was
// chosen, an answer on the table or a new one; which new one it is is not scored. Lower is better, and no rule gains by
// saying anything but what it holds to be true (a proper score; Gneiting and Raftery 2007, JASA 102:359).
package heldout

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"cheaptalk/debate"
	"cheaptalk/internal/twin"
	"cheaptalk/internal/twin/steps"
)

// Scores are the scores of twins and baselines on choices that they were not fitted to.
type Scores struct {
	Choices   int     `json:"choices"`
	Questions int     `json:"questions"`
	Folds     int     `json:"folds,omitempty"` // 0 when half of the questions predict the other half
	Seed      uint64  `json:"seed"`
	Rules     []Score `json:"rules"` // the twin first, then the baselines
	Keep      []Bin   `json:"keep"`  // how often the own answer is kept, by the twin's probability of it
	Adopt     []Bin   `json:"adopt"` // how often another answer that was heard is adopted, where there is one
	Cells     []Cell  `json:"cells"` // by who was right, then by the number of peers, then by how many of them agree
}

// TwinName is the name of the twin among the rules.
const TwinName = "twin"

// Score is how well one rule predicts.
type Score struct {
	Name    string  `json:"name"`
	LogLoss float64 `json:"log_loss"` // mean of -ln P of a choice, in nats
	// Excess is LogLoss less that of the twin, with its 95 % interval, clustered by question; 0 for the twin itself.
	Excess float64 `json:"excess"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// Cell counts how often the own answer is left, and how often it was expected to be.
type Cell struct {
	Right    bool    `json:"right"` // the own answer was right
	Peers    int     `json:"peers"`
	Agreeing int     `json:"agreeing"`
	N        int     `json:"n"`
	Left     int     `json:"left"`
	Twin     float64 `json:"twin"`     // expected to leave it by the twin
	Constant float64 `json:"constant"` // by the constant rate by agreeing peers
}

// CrossValidate scores by cross-validation over questions: in as many folds as given, each is predicted from the others. The folds depend on
// the seed and the questions' IDs alone.
func CrossValidate(ctx context.Context, d *steps.Data, folds int, seed uint64) (*Scores, error) {
	if folds < 2 {
		return nil, fmt.Errorf("%d folds: cross-validation takes 2 or more", folds)
	}
	fold, questions := deal(d, folds, seed)
	if questions == 1 {
		return nil, errors.New("one question with revisions cannot be dealt into folds")
	}
	if questions < folds {
		return nil, fmt.Errorf("%d questions with revisions cannot be dealt into %d folds", questions, folds)
	}
	tests := make([]int, folds)
	for i := range tests {
		tests[i] = i
	}
	s, err := evaluate(ctx, d, fold, tests)
	if err != nil {
		return nil, err
	}
	s.Folds, s.Seed = folds, seed
	return s, nil
}

// Halves scores one half of the questions by what is fitted to the other half. The halves depend on the seed and the questions' IDs alone.
func Halves(ctx context.Context, d *steps.Data, seed uint64) (*Scores, error) {
	fold, questions := deal(d, 2, seed)
	if questions < 2 {
		return nil, errors.New("one question with revisions has no halves")
	}
	s, err := evaluate(ctx, d, fold, []int{1})
	if err != nil {
		return nil, err
	}
	s.Seed = seed
	return s, nil
}

// deal gives each question a fold, so that folds have as many questions with a choice as possible alike, and returns how many those are.
// Questions without one are in a fold too: their independent answers count in training.
func deal(d *steps.Data, folds int, seed uint64) (fold []int, questions int) {
	chosen := make([]bool, len(d.Questions))
	for s := range choices(d) {
		chosen[d.Debates[s.Talk].Question] = true
	}
	order := make([]int, len(d.Questions))
	luck := make([]uint64, len(d.Questions))
	for i, name := range d.Questions {
		order[i], luck[i] = i, debate.DeriveSeed(seed, "fold", name)
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case chosen[a] != chosen[b] && chosen[a]:
			return -1
		case chosen[a] != chosen[b]:
			return 1
		case luck[a] < luck[b]:
			return -1
		}
		return 1
	})
	fold = make([]int, len(order))
	for i, q := range order {
		fold[q] = i % folds
		if chosen[q] {
			questions++
		}
	}
	return fold, questions
}

// scored is one choice with what each rule said of it.
type scored struct {
	step *steps.Step
	loss []float64 // by rule
	// What the twin and the constant rate give to the own answer, and the twin to the others heard.
	keep, constant, adopt float64
}

// evaluate predicts the questions of each fold to be tested from those of all others.
func evaluate(ctx context.Context, d *steps.Data, fold, tests []int) (*Scores, error) {
	results := make([][]scored, len(tests))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, test := range tests {
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			var err error
			results[i], err = predict(d.Subset(func(q int) bool { return fold[q] != test }), d.Subset(func(q int) bool { return fold[q] == test }))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return summarize(d, slices.Concat(results...)), nil
}

// predict scores the choices of test by what is fitted to train.
func predict(train, test *steps.Data) ([]scored, error) {
	twins, err := twin.Fit(train)
	if err != nil {
		return nil, err
	}
	rules := []predictor{twins.Predictor(test).Probabilities}
	constant := 0
	for i, b := range baselines() {
		rules = append(rules, b.fit(train))
		if b.name == ByAgreement {
			constant = i + 1
		}
	}
	var out []scored
	for s := range choices(test) {
		r := scored{step: s}
		for i, rule := range rules {
			p := rule(s)
			r.loss = append(r.loss, -math.Log(max(p[s.Outcome()], floor)))
			switch i {
			case 0:
				r.keep = p[0]
				for _, q := range p[1:len(s.Table)] {
					r.adopt += q
				}
			case constant:
				r.constant = p[0]
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// summarize makes the scores.
func summarize(d *steps.Data, all []scored) *Scores {
	s := &Scores{Choices: len(all), Keep: newBins(), Adopt: newBins()}
	names := []string{TwinName}
	for _, b := range baselines() {
		names = append(names, b.name)
	}
	questions := map[int]bool{}
	for i, name := range names {
		excess := clustered{}
		sum := 0.0
		for _, r := range all {
			q := d.Debates[r.step.Talk].Question
			questions[q] = true
			sum += r.loss[i]
			excess.add(q, r.loss[i]-r.loss[0])
		}
		score := Score{Name: name, LogLoss: sum / float64(max(len(all), 1))}
		if i > 0 {
			score.Excess, score.Low, score.High = excess.interval()
		}
		s.Rules = append(s.Rules, score)
	}
	s.Questions = len(questions)
	cells := map[Cell]*Cell{}
	for _, r := range all {
		own := r.step.Table[0].Answer == d.Debates[r.step.Talk].Key
		s.Keep = add(s.Keep, r.keep, r.step.Chosen == 0)
		if len(r.step.Table) > 1 {
			s.Adopt = add(s.Adopt, r.adopt, r.step.Chosen > 0)
		}
		name := Cell{Right: own, Peers: r.step.Peers, Agreeing: r.step.Agreeing()}
		c := cells[name]
		if c == nil {
			c = &Cell{Right: own, Peers: name.Peers, Agreeing: name.Agreeing}
			cells[name] = c
		}
		c.N++
		if r.step.Chosen != 0 {
			c.Left++
		}
		c.Twin += 1 - r.keep
		c.Constant += 1 - r.constant
	}
	for _, c := range cells {
		s.Cells = append(s.Cells, *c)
	}
	slices.SortFunc(s.Cells, compareCells)
	return s
}

func compareCells(a, b Cell) int {
	switch {
	case a.Right != b.Right && a.Right:
		return -1
	case a.Right != b.Right:
		return 1
	case a.Peers != b.Peers:
		return a.Peers - b.Peers
	}
	return a.Agreeing - b.Agreeing
}

// ByAgreeing adds up the cells with as many agreeing peers, whatever the number of peers; it becomes 0 in the result.
func ByAgreeing(cells []Cell) []Cell {
	var out []Cell
	for _, c := range cells {
		i := slices.IndexFunc(out, func(o Cell) bool { return o.Right == c.Right && o.Agreeing == c.Agreeing })
		if i < 0 {
			i = len(out)
			out = append(out, Cell{Right: c.Right, Agreeing: c.Agreeing})
		}
		o := &out[i]
		o.N, o.Left, o.Twin, o.Constant = o.N+c.N, o.Left+c.Left, o.Twin+c.Twin, o.Constant+c.Constant
	}
	slices.SortFunc(out, compareCells)
	return out
}
