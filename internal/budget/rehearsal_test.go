package budget

import (
	"context"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"cheaptalk/agents"
	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// memory is a debate.Store in memory.
type memory struct {
	mu   sync.Mutex
	kept map[debate.Case]*debate.Record
}

func (m *memory) Has(c debate.Case) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[c] != nil
}

func (m *memory) Put(rec *debate.Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[debate.Case]*debate.Record{}
	}
	m.kept[rec.Case] = rec
	return nil
}

// rounds is a protocol in which everyone hears everyone else after round 0.
type rounds int

func (rounds) Name() string { return "rounds" }

func (n rounds) Next(t *debate.Transcript) []debate.Call {
	last := t.LastRound()
	if last >= int(n) {
		return nil
	}
	calls := make([]debate.Call, len(t.Agents))
	for i := range calls {
		calls[i] = debate.Call{Speaker: i}
		if last < 0 {
			continue
		}
		calls[i].Brief.Task = debate.Revise
		for _, m := range t.Messages {
			if m.Round == last && m.From != t.Agents[i] {
				calls[i].Hears = append(calls[i].Hears, m.Seq)
			}
		}
	}
	return calls
}

// experiment returns an experiment in the making: so many questions for so many agents of one model, who debate so many rounds.
func experiment(t *testing.T, questions, team, debateRounds int) func(agents.Model) *debate.Experiment {
	t.Helper()
	prompts, err := agents.LoadPrompts(agents.CheapTalk)
	if err != nil {
		t.Fatal(err)
	}
	return func(m agents.Model) *debate.Experiment {
		x := &debate.Experiment{Name: "x", Seed: 1, Workers: 4}
		for i := range questions {
			x.Items = append(x.Items, debate.Item{Key: "A", Question: debate.Question{
				ID: fmt.Sprintf("x/%d", i), Text: "Which?", Kind: debate.Choice, Choices: []string{"this", "that"}}})
		}
		x.Arms = []debate.Arm{arm("debate", m, prompts, team, debateRounds)}
		return x
	}
}

func arm(name string, m agents.Model, prompts *agents.Prompts, team, debateRounds int) debate.Arm {
	return debate.Arm{Name: name, Protocol: rounds(debateRounds), Team: func(item debate.Item, seed uint64) []debate.Agent {
		var made []debate.Agent
		for i := range team {
			made = append(made, &agents.LLM{
				Label: fmt.Sprintf("%s#%d", m.Name(), i+1), Model: m, Prompts: prompts, Memory: 1,
				Scope: fmt.Sprint(item.Question.ID, seed), Sample: i,
			})
		}
		return made
	}}
}

// estimate rehearses on at most so many questions.
func estimate(t *testing.T, r *Rehearsal, x *debate.Experiment, most int, stops ...string) *Estimate {
	t.Helper()
	e, err := r.Estimate(t.Context(), *x, most, stops)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestCallsAreAgentsTimesRounds(t *testing.T) {
	for _, c := range []struct{ questions, team, rounds, repeats, sample int }{
		{1, 1, 0, 1, 5}, {3, 2, 1, 1, 5}, {100, 3, 2, 1, 7}, {100, 3, 2, 4, 1}, {7, 5, 3, 2, 7},
	} {
		var r Rehearsal
		x := experiment(t, c.questions, c.team, c.rounds)(r.Model("m", "here", Terms{}))
		x.Repeats = c.repeats
		e := estimate(t, &r, x, c.sample)
		want := c.questions * c.repeats * c.team * (c.rounds + 1)
		for _, row := range []Row{e.Arms[0], e.Models[0], e.Total} {
			if row.Calls != want || row.AtMost || row.Uneven {
				t.Errorf("%+v: %+v, want %d calls", c, row, want)
			}
		}
		if got := e.Total.CompletionTokens; got != want*AssumedCompletion {
			t.Errorf("%+v: %d new tokens, want %d", c, got, want*AssumedCompletion)
		}
		if e.Questions != c.questions || e.Sampled != min(c.sample, c.questions) || e.Debates != c.questions*c.repeats {
			t.Errorf("%+v: %+v", c, e)
		}
	}
}

// TestPromptsAreThoseThatAreSent compares an estimate on every question with what a model of that eloquence is asked.
func TestPromptsAreThoseThatAreSent(t *testing.T) {
	make := experiment(t, 5, 3, 2)
	var r Rehearsal
	e := estimate(t, &r, make(r.Model("m", "here", Terms{})), 5)

	var mu sync.Mutex
	sent := 0
	x := make(agents.ModelFunc(func(_ context.Context, req agents.Request) (agents.Completion, error) {
		mu.Lock()
		defer mu.Unlock()
		sent += req.PromptTokens()
		return agents.Completion{Text: strings.Repeat("x", 4*AssumedCompletion-18) + " the answer is (A)."}, nil
	}))
	if err := x.Run(t.Context(), &memory{}, nil); err != nil {
		t.Fatal(err)
	}
	// Confidence is quoted in other words; nothing else differs.
	if got := e.Total.PromptTokens; math.Abs(float64(got-sent)) > 0.02*float64(sent) {
		t.Errorf("%d tokens in prompts, sent %d", got, sent)
	}
}

func TestWhatArmsShareIsCountedOnce(t *testing.T) {
	var r Rehearsal
	m := r.Model("m", "here", Terms{Price: &Price{1, 1, 2}, RequestsPerMinute: 60})
	x := experiment(t, 10, 2, 0)(m)
	prompts, err := agents.LoadPrompts(agents.CheapTalk)
	if err != nil {
		t.Fatal(err)
	}
	x.Arms = append(x.Arms, arm("three", m, prompts, 3, 0), arm("one", m, prompts, 2, 1), arm("two", m, prompts, 2, 2))
	e := estimate(t, &r, x, 4)
	var calls []int
	for _, row := range e.Arms {
		calls = append(calls, row.Calls)
	}
	if want := []int{20, 30, 40, 60}; !slices.Equal(calls, want) {
		t.Errorf("%v calls, want %v", calls, want)
	}
	// Three first answers, and two in each of two further rounds: "two" has asked all of "one" alike.
	if e.Total.Calls != 70 {
		t.Errorf("%d calls in total, want 70", e.Total.Calls)
	}
	cost := (float64(e.Total.PromptTokens) + 2*float64(e.Total.CompletionTokens)) / 1e6
	if got := e.Total.Dollars; got == nil || math.Abs(*got-cost) > 1e-12 {
		t.Errorf("costs %v, want %v", got, cost)
	}
	if got := e.Total.Seconds; got == nil || *got != 70 {
		t.Errorf("takes %v seconds, want 70", got)
	}
}

func TestEntriesOfOneServerShare(t *testing.T) {
	prompts, err := agents.LoadPrompts(agents.CheapTalk)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		other string
		want  map[string]int
	}{{"here", map[string]int{"a": 5}}, {"there", map[string]int{"a": 5, "b": 5}}} {
		var r Rehearsal
		a, b := r.Model("a", "here", Terms{}), r.Model("b", c.other, Terms{})
		x := experiment(t, 5, 1, 0)(a)
		x.Arms = []debate.Arm{arm("second", b, prompts, 1, 0), arm("first", a, prompts, 1, 0)}
		got := map[string]int{}
		for _, row := range estimate(t, &r, x, 5).Models {
			got[row.Model] = row.Calls
		}
		if !maps.Equal(got, c.want) {
			t.Errorf("%s: %v calls, want %v", c.other, got, c.want)
		}
	}
}

func TestTimeIsThatOfTheTighterLimit(t *testing.T) {
	for _, c := range []struct {
		terms Terms
		want  func(Row) float64
	}{
		{Terms{RequestsPerMinute: 6}, func(r Row) float64 { return float64(r.Calls) / 6 * 60 }},
		{Terms{TokensPerMinute: 100}, func(r Row) float64 { return float64(r.PromptTokens+r.CompletionTokens) / 100 * 60 }},
		{Terms{RequestsPerMinute: 6, TokensPerMinute: 1 << 40}, func(r Row) float64 { return float64(r.Calls) / 6 * 60 }},
		{Terms{}, nil},
	} {
		var r Rehearsal
		got := estimate(t, &r, experiment(t, 4, 2, 1)(r.Model("m", "here", c.terms)), 4).Total
		if (got.Seconds == nil) != (c.want == nil) || got.Seconds != nil && math.Abs(*got.Seconds-c.want(got)) > 1e-6 {
			t.Errorf("%+v: %v", c.terms, got.Seconds)
		}
	}
}

func TestWhatIsNotKnownOfAllIsNotTotalled(t *testing.T) {
	two, three := 2.0, 3.0
	got := total([]Row{{Calls: 1, Dollars: &two, Seconds: &two}, {Calls: 2, Dollars: &three, Seconds: &three}, {Calls: 4, AtMost: true}})
	if got.Dollars != nil || got.Seconds == nil || *got.Seconds != 3 || got.Calls != 7 || !got.AtMost {
		t.Errorf("got %+v", got)
	}
	got = total([]Row{{Dollars: &two}, {Dollars: &three}})
	if got.Dollars == nil || *got.Dollars != 5 || got.Seconds != nil {
		t.Errorf("got %+v", got)
	}
}

// TestUnevenDebatesSaySo has a team that depends on the question.
func TestUnevenDebatesSaySo(t *testing.T) {
	var r Rehearsal
	x := experiment(t, 4, 2, 1)(r.Model("m", "here", Terms{}))
	team := x.Arms[0].Team
	x.Arms[0].Team = func(item debate.Item, seed uint64) []debate.Agent {
		all := team(item, seed)
		if item.Question.ID == "x/0" {
			return all[:1]
		}
		return all
	}
	e := estimate(t, &r, x, 4, "debate")
	if row := e.Arms[0]; !row.Uneven || !row.AtMost || row.Calls != 2+3*4 || !e.Total.Uneven || !e.Total.AtMost {
		t.Errorf("got %+v", row)
	}
}

func TestAFailureOfTheSampleIsTold(t *testing.T) {
	var r Rehearsal
	x := experiment(t, 4, 2, 1)(r.Model("m", "here", Terms{}))
	team := x.Arms[0].Team
	x.Arms[0].Team = func(item debate.Item, seed uint64) []debate.Agent {
		if item.Question.ID == "x/2" {
			return nil
		}
		return team(item, seed)
	}
	if e := estimate(t, &r, x, 4); e.Failed != "debate x/2: debate: the team is empty" || e.Total.Calls != 3*4 {
		t.Errorf("got %+v", e)
	}
}

// TestTheSameSeedEstimatesTheSame compares two rehearsals of many workers and one.
func TestTheSameSeedEstimatesTheSame(t *testing.T) {
	var first *Estimate
	for _, workers := range []int{8, 1, 8} {
		var r Rehearsal
		x := experiment(t, 50, 3, 2)(r.Model("m", "here", Terms{Price: &Price{1, 1, 1}, TokensPerMinute: 7}))
		x.Workers = workers
		e := estimate(t, &r, x, 9)
		if first == nil {
			first = e
		}
		if !reflect.DeepEqual(e, first) {
			t.Errorf("%d workers: %+v, not %+v", workers, e, first)
		}
	}
}

func TestAStandInAnswersReadablyAtTheLengthOfItsLimit(t *testing.T) {
	var r Rehearsal
	m := r.Model("m", "here", Terms{})
	seen := map[string]bool{}
	for _, limit := range []int{0, 1, 200, 4096} {
		for again := range 2 {
			req := agents.Request{Messages: []agents.Message{{Text: "Which?"}}, Sampling: agents.Sampling{MaxTokens: limit}, Scope: "s", Again: again}
			c, err := m.Complete(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			same, err := m.Complete(t.Context(), req)
			if err != nil || same.Text != c.Text || seen[c.Text] {
				t.Errorf("limit %d, again %d: %q, and %q for the same", limit, again, c.Text, same.Text)
			}
			seen[c.Text] = true
			want := limit
			if limit == 0 {
				want = AssumedCompletion
			}
			if n := agents.EstimateTokens(len(c.Text)); c.Usage.CompletionTokens != want || want >= 30 && n != want {
				t.Errorf("limit %d: %d tokens of text, %+v", limit, n, c.Usage)
			}
			for kind, answer := range map[debate.Kind]debate.Answer{debate.Choice: "A", debate.Number: "1", debate.Open: "1"} {
				q := debate.Question{Kind: kind, Choices: []string{"this", "that"}}
				if got := extract.Read(q, c.Text); got.Strict != answer || got.Flexible != answer {
					t.Errorf("limit %d: read %+v, want %s", limit, got, answer)
				}
			}
			if got := extract.ReadConfidence(c.Text); got != debate.Sure(0.8) {
				t.Errorf("limit %d: confidence %v", limit, got)
			}
		}
	}
}
