package sweep

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/internal/predict"
	"cheaptalk/judges"
)

// small returns a world of two profiles of which every protocol and judge is modelled.
func small(t testing.TB, questions, draws int) *predict.World {
	t.Helper()
	w := &predict.World{Items: predict.Questions("mmlu", 4, 1, questions), Seed: 7, Draws: draws}
	for _, p := range []struct{ name, accuracy string }{{"able", "0.75"}, {"dim", "0.5"}} {
		f, err := profiles.Parse("", []byte("name: "+p.name+`
parameters: {own_weight: 1.5, peer_weight: 1, redraw: 0.1, confidence_weight: 0.4, insight: 0.3, jitter: 0.05,
  mmlu.consistency: 0.6, mmlu.concentration: 0.5, mmlu.pull: 0.2, mmlu.accuracy: `+p.accuracy+`}
standard_errors: {confidence_weight: 0.1, critique_own: 0.1, critique_discount: 0.1, overconfidence: 0.1, insight: 0.1, jitter: 0.1}
covariance: {of: [mmlu.accuracy, peer_weight], rows: [[0.04, 0], [0, 0.04]]}
`))
		if err != nil {
			t.Fatal(err)
		}
		w.Agents = append(w.Agents, predict.Agent{Name: p.name, File: f})
	}
	return w
}

// dominated reports whether some prediction costs no more than the i-th and is better, or costs less and is as good.
func dominated(all []predict.Prediction, i int) bool {
	p := &all[i]
	for j := range all {
		o := &all[j]
		if o.Calls() <= p.Calls() && o.After.Value > p.After.Value || o.Calls() < p.Calls() && o.After.Value == p.After.Value {
			return true
		}
	}
	return false
}

func TestFrontierIsWhatNothingDominates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		all := make([]predict.Prediction, 1+r.IntN(40))
		for i := range all {
			all[i].Team = make([]int, 1+r.IntN(8))
			all[i].After.Value = float64(r.IntN(30)) / 30 // ties
		}
		got := frontier(all)
		on := map[[2]float64]bool{} // one of equals stands for all
		for _, i := range got {
			on[[2]float64{float64(all[i].Calls()), all[i].After.Value}] = true
			if dominated(all, i) {
				t.Fatalf("%d calls for %v is dominated", all[i].Calls(), all[i].After.Value)
			}
		}
		for i := range all {
			if !dominated(all, i) && !on[[2]float64{float64(all[i].Calls()), all[i].After.Value}] {
				t.Fatalf("%d calls for %v is missing", all[i].Calls(), all[i].After.Value)
			}
		}
		if len(on) != len(got) {
			t.Fatalf("%d on the frontier, %d of them different", len(got), len(on))
		}
	}
}

func TestSpaceHasEveryDesignOnce(t *testing.T) {
	w := small(t, 1, 0)
	designs := Space{MaxTeam: 3, MaxRounds: 2, Protocols: predict.Protocols(), Judges: predict.Judges()}.Designs(w)
	count := map[string]int{}
	for i, d := range designs {
		count[d.Protocol]++
		if d.Protocol == "independent" && d.Rounds > 0 || d.Protocol != "independent" && d.Rounds == 0 || !slices.IsSorted(d.Team) {
			t.Errorf("no design: %+v", d)
		}
		for _, o := range designs[:i] {
			if reflect.DeepEqual(d, o) {
				t.Errorf("%+v is there twice", d)
			}
		}
	}
	// Teams of two profiles: 2 alone, 3 of two, 4 of three. Debates have 2 numbers of rounds and 3 judges.
	if want := 7 * 2 * 3; count["naive"] != want || count["confidence-weighted"] != want || count["consensus-penalized"] != want {
		t.Errorf("debates %v, want %d each", count, want)
	}
	if want := 9 * 2 * 3; count["self-revision"] != want {
		t.Errorf("%d of self-revision, want %d", count["self-revision"], want)
	}
	// Votes are of each team once, twice and three times; aa is a twice, and is there once.
	votes := map[string]bool{}
	for _, d := range designs {
		if d.Protocol == "independent" && d.Judge == "plurality" {
			votes[key(d.Team)] = true
		}
	}
	want := map[string]bool{}
	for size := 1; size <= 3; size++ {
		for _, team := range teams(2, size) {
			for rounds := 1; rounds <= 3; rounds++ {
				var all []int
				for range rounds {
					all = append(all, team...)
				}
				want[key(all)] = true
			}
		}
	}
	if !reflect.DeepEqual(votes, want) {
		t.Errorf("votes %v, want %v", votes, want)
	}
	cheap := Space{MaxTeam: 3, MaxRounds: 2, MaxCalls: 4, Protocols: predict.Protocols(), Judges: predict.Judges()}
	for _, d := range cheap.Designs(w) {
		if d.Calls() > 4 {
			t.Errorf("%+v costs %d calls", d, d.Calls())
		}
	}
}

// key names a team whatever the order of its members.
func key(team []int) string {
	b := make([]byte, len(team))
	for i, a := range slices.Sorted(slices.Values(team)) {
		b[i] = 'a' + byte(a)
	}
	return string(b)
}

func TestSweepFindsWhatSearchingByHandFinds(t *testing.T) {
	space := Space{MaxTeam: 2, MaxRounds: 2, Protocols: predict.Protocols(), Judges: predict.Judges()}
	w := small(t, 80, 3)
	screening := predict.Questions("mmlu", 4, 81, 100)
	var first *Found
	for _, w.Workers = range []int{1, 3} {
		got, err := space.Search(t.Context(), w, screening)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		}
		if !reflect.DeepEqual(got, first) {
			t.Fatalf("%d workers find something else", w.Workers)
		}
	}
	for _, i := range first.Frontier {
		if dominated(first.Finalists, i) {
			t.Errorf("%+v is on the frontier and dominated", first.Finalists[i].Design)
		}
	}
	// Everything that is best at its cost in the screening is a finalist.
	rough := *w
	rough.Items, rough.Draws = screening, 0
	all, err := rough.Predict(t.Context(), space.Designs(w))
	if err != nil {
		t.Fatal(err)
	}
	if first.Searched != len(all) || len(first.Left) > 0 {
		t.Errorf("searched %d of %d, left %v", first.Searched, len(all), first.Left)
	}
	for i := range all {
		is := slices.ContainsFunc(first.Finalists, func(p predict.Prediction) bool { return reflect.DeepEqual(p.Design, all[i].Design) })
		if !dominated(all, i) && !is && !slices.ContainsFunc(all[:i], func(o predict.Prediction) bool {
			return o.Calls() == all[i].Calls() && o.After.Value == all[i].After.Value
		}) {
			t.Errorf("%+v is best at its cost and no finalist", all[i].Design)
		}
	}
	enough, best := first.Enough(), first.Best()
	if enough.Calls() > best.Calls() || best.Minus(enough).Low > 0 {
		t.Errorf("enough %+v, best %+v", enough.Design, best.Design)
	}
	for _, i := range first.Frontier {
		p := &first.Finalists[i]
		beaten := false
		for _, k := range first.Frontier {
			beaten = beaten || first.Finalists[k].Minus(p).Low > 0
		}
		if p.Calls() < enough.Calls() && !beaten || first.Beaten(p) != beaten {
			t.Errorf("%+v is beaten: %v; enough is %+v", p.Design, beaten, enough.Design)
		}
	}
}

// A vote that is known well beats one answer beyond doubt, and so one answer is not enough, although the best design is so uncertain that it may be worse
// than either.
func TestAnUncertainWinnerMakesNothingEnough(t *testing.T) {
	w := small(t, 400, 20)
	f := w.Agents[0].File
	// What being asked again costs and how often it is answered anew, nobody knows: votes without a debate do not depend on either.
	f.Covariance.Of = []string{"mmlu.accuracy", "mmlu.loss", "redraw"}
	f.Covariance.Rows = [][]float64{{0.01, 0, 0}, {0, 1, 0}, {0, 0, 4}}
	one := predict.Design{Team: []int{0}, Protocol: "independent", Judge: judges.NamePlurality}
	vote := predict.Design{Team: []int{0, 0, 0, 0, 0}, Protocol: "independent", Judge: judges.NamePlurality}
	shaky := predict.Design{Team: []int{0, 0, 0}, Protocol: "naive", Rounds: 3, Judge: judges.NamePlurality}
	ps, err := w.Predict(t.Context(), []predict.Design{one, vote, shaky})
	if err != nil {
		t.Fatal(err)
	}
	found := &Found{Finalists: ps, Frontier: []int{0, 1, 2}} // as if the last one were the best
	if found.Best().Minus(&ps[0]).Low > 0 || ps[1].Minus(&ps[0]).Low <= 0 {
		t.Fatalf("the last one less one answer: %+v, the vote less it: %+v", found.Best().Minus(&ps[0]).Estimate, ps[1].Minus(&ps[0]).Estimate)
	}
	if got := found.Enough(); len(got.Team) != 5 {
		t.Errorf("enough is %+v", got.Design)
	}
}

func BenchmarkSweep(b *testing.B) {
	w := small(b, 100, 10)
	w.Workers = 1
	space := Space{MaxTeam: 3, MaxRounds: 3, Protocols: predict.Protocols(), Judges: predict.Judges()}
	for b.Loop() {
		if _, err := space.Search(b.Context(), w, predict.Questions("mmlu", 4, 101, 100)); err != nil {
			b.Fatal(err)
		}
	}
}
