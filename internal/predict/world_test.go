package predict

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/debate"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/judges"
	"cheaptalk/reports"
	"cheaptalk/reports/stats"
)

// fitted returns a profile that every protocol is modelled of: it has a spread for every parameter that any needs.
func fitted(t testing.TB, name string, accuracy float64, sd float64) *profiles.File {
	t.Helper()
	f := &profiles.File{Profile: simulated.NewProfile(name)}
	for par, v := range map[string]float64{
		"own_weight": 1.5, "peer_weight": 1, "redraw": 0.1, "confidence_weight": 0.4, "insight": 0.3, "overconfidence": 0.3, "jitter": 0.05,
		"unreadable": 0.02, "prior_weight": 0.4, "prior_mass": 4, "new_answer": 0.3,
		"mmlu.accuracy": accuracy, "mmlu.consistency": 0.6, "mmlu.concentration": 0.5, "mmlu.loss": 0.1, "mmlu.pull": 0.2,
	} {
		p, err := simulated.Lookup(par)
		if err != nil {
			t.Fatal(err)
		}
		p.Set(&f.Profile, v)
	}
	f.StandardErrors = map[string]float64{}
	for _, par := range []string{"confidence_weight", "critique_own", "critique_discount", "overconfidence", "insight", "jitter"} {
		f.StandardErrors[par] = 0.1
	}
	if sd > 0 {
		f.Covariance = profiles.Covariance{Of: []string{"mmlu.accuracy", "peer_weight"}, Rows: [][]float64{{sd * sd, 0}, {0, sd * sd}}}
	}
	return f
}

// small returns a world of two profiles.
func small(t testing.TB, questions, draws int, sd float64) *World {
	t.Helper()
	return &World{
		Agents: []Agent{{"able", fitted(t, "able", 0.75, sd)}, {"dim", fitted(t, "dim", 0.5, sd)}},
		Items:  Questions("mmlu", 4, 1, questions), Seed: 7, Draws: draws, Workers: 2,
	}
}

func predict(t *testing.T, w *World, designs ...Design) []Prediction {
	t.Helper()
	ps, err := w.Predict(t.Context(), designs)
	if err != nil {
		t.Fatal(err)
	}
	for i := range ps {
		if ps[i].NotModelled != "" {
			t.Fatalf("%+v is not modelled: %s", ps[i].Design, ps[i].NotModelled)
		}
	}
	return ps
}

// records is a store in memory.
type records struct {
	mu   sync.Mutex
	list []*debate.Record
}

func (*records) Has(debate.Case) bool { return false }

func (r *records) Put(rec *debate.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, rec)
	return nil
}

// The prediction without draws is what a run of the same agents on the same questions finds, to the last digit.
func TestPredictionIsWhatARunFinds(t *testing.T) {
	w := small(t, 150, 0, 0)
	two := 2
	s := &spec.Spec{Name: "run", Seed: w.Seed, Store: "compact", Teams: map[string][]spec.Member{}, Profiles: map[string]*profiles.File{}}
	for _, a := range w.Agents {
		s.Profiles[a.Name] = a.File
	}
	var designs []Design
	for _, team := range [][]int{{0, 1, 1}, {0, 0}} {
		name := fmt.Sprint("team", len(team))
		for _, a := range team {
			s.Teams[name] = append(s.Teams[name], spec.Member{Agent: spec.SimPrefix + w.Agents[a].Name})
		}
		if got, want := w.Labels(team), spec.Labels(s.Teams[name]); !reflect.DeepEqual(got, want) {
			t.Fatalf("labels %v, in a run %v", got, want)
		}
		for _, p := range Protocols() {
			arm := spec.Arm{Name: name + p, Team: name, Protocol: p, Primary: judges.NamePlurality}
			if p != "independent" {
				arm.Rounds = &two
			}
			s.Arms = append(s.Arms, arm)
			designs = append(designs, Design{Team: team, Protocol: p, Rounds: arm.DebateRounds(), Judge: judges.NamePlurality})
			if p == "independent" {
				designs[len(designs)-1].Rounds = 0
				arm.Name, arm.Samples = arm.Name+"samples", 7
				s.Arms = append(s.Arms, arm)
				d := designs[len(designs)-1]
				d.Team = nil
				for i := range arm.Samples {
					d.Team = append(d.Team, team[i%len(team)])
				}
				designs = append(designs, d)
			}
		}
	}
	p, err := plan.ForItems(s, w.Items, plan.Means{})
	if err != nil {
		t.Fatal(err)
	}
	var all records
	if err := p.Experiment.Run(t.Context(), &all, nil); err != nil {
		t.Fatal(err)
	}
	report, err := reports.Analyze(func(yield func(*debate.Record, error) bool) {
		for _, rec := range all.list {
			if !yield(rec, nil) {
				return
			}
		}
	}, reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	predicted := predict(t, w, designs...)
	for i, arm := range s.Arms {
		got, want := &predicted[i], report.Overall.Find(arm.Name)
		check := func(what string, e Estimate, r stats.Rate) {
			if r.N != e.N || r.Value != e.Value {
				t.Errorf("%s: %s is %v of %d, in the run %v of %d", arm.Name, what, e.Value, e.N, r.Value, r.N)
			}
		}
		check("before", got.Before, want.Before)
		check("after", got.After, want.After)
		check("single", got.Single, want.Single)
		check("mean", got.Mean, want.Rounds[len(want.Rounds)-1].Mean)
		check("harmful", got.Harmful, want.Revisions.Harmful)
		check("beneficial", got.Beneficial, want.Revisions.Beneficial)
		if got.Change.Value != want.Change.Value || float64(got.Calls()) != want.Cost.Calls {
			t.Errorf("%s: change %v at %d calls, in the run %v at %v", arm.Name, got.Change.Value, got.Calls(), want.Change.Value, want.Cost.Calls)
		}
		for _, j := range want.Judges {
			if j.Name == judges.NameRound0 {
				continue
			}
			d := got.Design
			d.Judge = j.Name
			check("by "+j.Name, predict(t, w, d)[0].After, j.Rate)
		}
	}
}

// Rounds and judges that are read from one long debate are those of debates of their own.
func TestDesignsShareDebatesWithoutATrace(t *testing.T) {
	w := small(t, 30, 2, 0.3)
	var designs []Design
	for _, p := range Protocols()[1:] {
		for r := 1; r <= 3; r++ {
			for _, j := range Judges() {
				designs = append(designs, Design{Team: []int{1, 0, 0}, Protocol: p, Rounds: r, Judge: j})
			}
		}
	}
	together := predict(t, w, designs...)
	for i, d := range designs {
		if alone := predict(t, w, d)[0]; !reflect.DeepEqual(alone, together[i]) {
			t.Errorf("%+v: alone %+v, together %+v", d, alone.After, together[i].After)
		}
	}
}

func TestWorkersDoNotMatter(t *testing.T) {
	designs := []Design{{Team: []int{0, 1}, Protocol: "naive", Rounds: 2, Judge: "plurality"}, {Team: []int{0, 1, 1}, Protocol: "independent", Judge: "plurality"}}
	w := small(t, 40, 4, 0.2)
	var first []Prediction
	for _, w.Workers = range []int{1, 2, 7} {
		got := predict(t, w, designs...)
		if first == nil {
			first = got
		}
		if !reflect.DeepEqual(got, first) {
			t.Errorf("%d workers predict something else", w.Workers)
		}
	}
}

func TestUnknownParametersWidenTheInterval(t *testing.T) {
	d := Design{Team: []int{0, 1, 1}, Protocol: "naive", Rounds: 2, Judge: "plurality"}
	sure := predict(t, small(t, 250, 0, 0), d)[0]
	narrow := sure.After.High - sure.After.Low
	if r := (sure.After); r.Value <= r.Low || r.Value >= r.High || narrow > 0.14 {
		t.Errorf("without draws %+v", r)
	}
	last := narrow
	for _, sd := range []float64{0.3, 0.9} {
		got := predict(t, small(t, 250, 40, sd), d)[0]
		if got.After.Value != sure.After.Value || got.Before.Value != sure.Before.Value {
			t.Errorf("s.d. %v: the values moved from %v to %v", sd, sure.After, got.After)
		}
		for _, e := range []Estimate{got.Before, got.After, got.Change, got.Single, got.Mean, got.Harmful, got.Beneficial} {
			if e.Low > e.Value || e.High < e.Value {
				t.Errorf("s.d. %v: %+v does not include its value", sd, e)
			}
		}
		if width := got.After.High - got.After.Low; width < 1.2*last {
			t.Errorf("s.d. %v: the interval is %.3f wide, %.3f before", sd, width, last)
		} else {
			last = width
		}
	}
}

// Without a debate one agent's accuracy is its parameter, so its interval is known: normal on the logit scale.
func TestIntervalOfAnAgentAloneIsThatOfItsParameter(t *testing.T) {
	const sd = 0.4
	w := small(t, 500, 100, sd)
	got := predict(t, w, Design{Team: []int{0}, Protocol: "independent", Judge: "plurality"})[0].Single
	logit := simulated.Logit
	at := logit.Free(0.75)
	low, high := logit.Value(at-1.96*sd), logit.Value(at+1.96*sd)
	if math.Abs(got.Low-low) > 0.06 || math.Abs(got.High-high) > 0.06 {
		t.Errorf("the interval is [%.3f, %.3f], that of the parameter [%.3f, %.3f]", got.Low, got.High, low, high)
	}
}

func TestCasesWithoutANumber(t *testing.T) {
	bare := &profiles.File{Profile: simulated.NewProfile("bare"), StandardErrors: map[string]float64{"overconfidence": 0.1, "insight": 0.1, "jitter": 0}}
	bare.Profile.Abilities = map[string]simulated.Ability{"mmlu": {Accuracy: 0.5}}
	other := fitted(t, "other", 0.6, 0)
	other.Profile.Abilities = map[string]simulated.Ability{"gsm8k": {Accuracy: 0.5}}
	other.Profile.Choice = simulated.Ability{Accuracy: 0.5}
	w := small(t, 1, 0, 0)
	w.Agents = append(w.Agents, Agent{"bare", bare}, Agent{"other", other})
	for _, c := range []struct {
		design Design
		set    string
		want   string // part of the reason; "" for a number
	}{
		{Design{[]int{0, 2}, "naive", 2, "plurality"}, "mmlu", ""},
		{Design{[]int{0, 2}, "self-revision", 2, "trajectory"}, "mmlu", ""},
		{Design{[]int{2}, "self-revision", 2, "trajectory"}, "mmlu", ""},
		{Design{[]int{2}, "independent", 0, "plurality"}, "mmlu", ""},
		{Design{[]int{2}, "naive", 2, "plurality"}, "mmlu", "nobody to hear"},
		{Design{[]int{0, 1}, "confidence-weighted", 2, "confidence-weighted"}, "mmlu", ""},
		{Design{[]int{0, 2}, "confidence-weighted", 2, "plurality"}, "mmlu", "confidence_weight of bare"},
		{Design{[]int{0, 2}, "naive", 2, "confidence-weighted"}, "mmlu", "jitter of bare"},
		{Design{[]int{0, 1}, "consensus-penalized", 2, "trajectory"}, "mmlu", ""},
		{Design{[]int{0, 2}, "consensus-penalized", 2, "plurality"}, "mmlu", "critique_own of bare"},
		{Design{[]int{0, 3}, "naive", 2, "plurality"}, "mmlu", "other: no ability for mmlu"},
		{Design{[]int{3, 3}, "naive", 2, "plurality"}, AnyChoice, ""},
		{Design{[]int{3, 3}, "naive", 2, "plurality"}, AnyNumber, "other: no ability for number"},
		{Design{[]int{0, 1}, "naive", 2, "AggLM"}, "mmlu", "content"},
		{Design{[]int{0, 1}, "recorded", 2, "plurality"}, "mmlu", "content"},
	} {
		w.Items = Questions(c.set, 4, 1, 1)
		got := w.NotModelled(c.design)
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v on %s: %q, want %q", c.design, c.set, got, c.want)
		}
		if p, err := w.Predict(t.Context(), []Design{c.design}); err != nil || p[0].NotModelled != got || got != "" && p[0].After.N > 0 {
			t.Errorf("%+v on %s: predicted %+v, %v", c.design, c.set, p, err)
		}
	}
}

func TestGainIsOverTheVoteAtTheSameCost(t *testing.T) {
	w := small(t, 120, 2, 0.2)
	debating := Design{Team: []int{0, 1, 1}, Protocol: "naive", Rounds: 2, Judge: "plurality"}
	got, err := w.Compare(t.Context(), []Design{debating, debating.Vote()})
	if err != nil {
		t.Fatal(err)
	}
	p, vote := &got[0], &got[1]
	if len(vote.Team) != 9 || p.Vote != vote.After || p.Gain.Value != p.Minus(vote).Value || !vote.Vote.IsZero() {
		t.Errorf("debate %+v, vote %+v", p, vote)
	}
	counts := p.Gain.Counts
	if d := p.After.Value - vote.After.Value; counts.N != 120 || counts.B+counts.C == 0 || d-counts.Value > 1e-9 || counts.Value-d > 1e-9 {
		t.Errorf("counts %+v of %v", counts, d)
	}
	n, ok := p.Gain.Needed()
	if ok != (counts.B != counts.C) || ok && n < 1 {
		t.Errorf("needs %v questions, %v", n, ok)
	}
}

func BenchmarkHold(b *testing.B) {
	w := small(b, 200, 0, 0)
	w.Workers = 1
	d := Design{Team: []int{0, 1, 1}, Protocol: "naive", Rounds: 2, Judge: "plurality"}
	for b.Loop() {
		if _, err := w.Predict(b.Context(), []Design{d}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(w.Items)), "ns/debate")
}
