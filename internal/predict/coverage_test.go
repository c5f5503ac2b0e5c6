package predict

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"cheaptalk/agents/simulated"
	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/debate"
	"cheaptalk/internal/race"
	"cheaptalk/internal/twin"
	"cheaptalk/internal/twin/steps"
	"cheaptalk/protocols"
)

var replications = flag.Int("coverage", 2, "runs behind the coverage of predictions")

// truth is an agent that twins are fitted to, every parameter away from what twins assume beforehand.
func truth() simulated.Profile {
	p := simulated.NewProfile("m")
	p.OwnWeight, p.PeerWeight, p.FirstWeight = 1.8, 0.8, 0.3
	p.PriorWeight, p.NewAnswer, p.Redraw, p.Unanimity, p.Unreadable = 0.6, 0.5, 0.15, 0.5, 0.03
	p.Abilities = map[string]simulated.Ability{"s": {Accuracy: 0.6, Consistency: 0.4, Concentration: 0.6, Loss: 0.2, Pull: 0.4}}
	return p
}

// covered counts how often an interval includes the truth.
type covered struct {
	n, hits                  int
	errors, squares, halfway float64
}

func (c *covered) add(low, value, high, truth float64) {
	c.n++
	if low <= truth && truth <= high {
		c.hits++
	}
	c.errors += value - truth
	c.squares += (value - truth) * (value - truth)
	c.halfway += (high - low) / (2 * twoSided())
}

func (c *covered) String() string {
	n := float64(c.n)
	mean := c.errors / n
	return fmt.Sprintf("%3d of %d, mean error %+.3f, standard deviation %.3f, predicted %.3f", c.hits, c.n, mean,
		math.Sqrt(max(c.squares/n-mean*mean, 0)*n/max(n-1, 1)), c.halfway/n)
}

// Twins of an agent are fitted to runs of 150 questions, three copies in two rounds of naive debate, each time of other questions, and predict designs, that of
// the run and four others. Intervals of 95 % include the truth as often as they say: all parameters together, and all predictions, less three standard errors
// of so many runs; each of them unless a binomial test with a level of 1 % over all of them (Bonferroni) says no. The truth of a prediction is that of 10,000
// questions.
//
//	go test ./internal/predict -run Coverage -coverage 100 -v -timeout 1h
func TestCoverageOfTwinsAndTheirPredictions(t *testing.T) {
	race.SkipPure(t)
	p := truth()
	of := func(n int) []int { return make([]int, n) }
	designs := []Design{
		{Team: of(3), Protocol: "naive", Rounds: 2, Judge: "plurality"}, {Team: of(5), Protocol: "naive", Rounds: 3, Judge: "plurality"},
		{Team: of(2), Protocol: "naive", Rounds: 1, Judge: "plurality"}, {Team: of(3), Protocol: "self-revision", Rounds: 3, Judge: "trajectory"},
		{Team: of(7), Protocol: "independent", Judge: "plurality"},
	}
	want := predict(t, &World{Agents: []Agent{{"m", &profiles.File{Profile: p}}}, Items: Questions("s", 4, 1, 10000), Seed: 99}, designs...)
	counts := map[string]*covered{}
	count := func(name string, low, value, high, truth float64) {
		if counts[name] == nil {
			counts[name] = &covered{}
		}
		counts[name].add(low, value, high, truth)
	}
	for rep := range *replications {
		f := fit(t, &p, rep)
		for i, name := range f.Covariance.Of {
			par, err := simulated.Lookup(name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(name, "critique") || name == "confidence_weight" {
				continue // the runs say nothing of it
			}
			at, half := par.Transform.Free(par.Get(&f.Profile)), twoSided()*math.Sqrt(f.Covariance.Rows[i][i])
			count("parameter "+name, at-half, at, at+half, par.Transform.Free(par.Get(&p)))
		}
		w := &World{Agents: []Agent{{"m", f}}, Items: Questions("s", 4, 20000+1000*rep, 400), Seed: uint64(1000 + rep), Draws: 40}
		for k, got := range predict(t, w, designs...) {
			for name, e := range map[string][2]Estimate{
				"vote before": {got.Before, want[k].Before}, "after": {got.After, want[k].After}, "change": {got.Change, want[k].Change},
				"agent before": {got.Single, want[k].Single}, "agent after": {got.Mean, want[k].Mean},
				"harmful": {got.Harmful, want[k].Harmful}, "beneficial": {got.Beneficial, want[k].Beneficial},
			} {
				if !e[1].IsZero() {
					count(fmt.Sprintf("%s ×%d, %d rounds, %s", got.Protocol, len(got.Team), got.Rounds, name), e[0].Low, e[0].Value, e[0].High, e[1].Value)
				}
			}
		}
	}
	least := Level - 3*math.Sqrt(Level*(1-Level)/float64(*replications))
	hits, all := map[bool]int{}, map[bool]int{}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		c := counts[name]
		t.Logf("%-45s %s", name, c)
		parameter := strings.HasPrefix(name, "parameter")
		hits[parameter], all[parameter] = hits[parameter]+c.hits, all[parameter]+c.n
		misses := distuv.Binomial{N: float64(c.n), P: 1 - Level}
		if 1-misses.CDF(float64(c.n-c.hits-1)) < 0.01/float64(len(counts)) {
			t.Errorf("%s: the interval of 95 %% includes the truth in %d of %d runs", name, c.hits, c.n)
		}
	}
	for parameter, what := range map[bool]string{true: "parameters", false: "predictions"} {
		share := float64(hits[parameter]) / float64(all[parameter])
		t.Logf("all %s: %d of %d, %.1f %%", what, hits[parameter], all[parameter], 100*share)
		if share < least {
			t.Errorf("intervals of 95 %% of %s include the truth in %.1f %%", what, 100*share)
		}
	}
}

// fit holds a run of three copies of an agent and returns the profile of their twin.
func fit(t *testing.T, p *simulated.Profile, rep int) *profiles.File {
	t.Helper()
	items := make([]debate.Item, 150)
	for i := range items {
		items[i] = debate.Item{Key: debate.Letter(i % 4), Question: debate.Question{ID: fmt.Sprintf("s/%d-%03d", rep, i), Choices: make([]string, 4)}}
	}
	team := func(item debate.Item, seed uint64) []debate.Agent {
		z := simulated.NewPuzzle(item)
		var agents []debate.Agent
		for _, label := range []string{"m", "m#2", "m#3"} {
			a := simulated.New(label, p, z, seed)
			a.Terse = true
			agents = append(agents, a)
		}
		return agents
	}
	naive := protocols.Naive{Schedule: protocols.Schedule{Rounds: 2}}
	e := &debate.Experiment{Name: "t", Items: items, Seed: uint64(rep + 1), Arms: []debate.Arm{{Name: "naive", Protocol: naive, Simulated: true, Team: team}}}
	var run records
	if err := e.Run(t.Context(), &run, nil); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(run.list, func(a, b *debate.Record) int { return cmp.Compare(a.Case.Item, b.Case.Item) })
	d, err := steps.Read(func(yield func(*debate.Record, error) bool) {
		for _, rec := range run.list {
			if !yield(rec, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	twins, err := twin.Fit(d)
	if err != nil {
		t.Fatal(err)
	}
	f, err := twins.Twins[0].Profile("m@t")
	if err != nil {
		t.Fatal(err)
	}
	return f
}
