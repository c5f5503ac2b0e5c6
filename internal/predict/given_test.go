package predict

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/race"
)

// held holds debates of a team under a design in the room of predictions, and returns with what answers each begins and how it ends.
func held(t *testing.T, w *World, d Design) (begun []Begun, right []bool, lost, kept int) {
	t.Helper()
	labels := w.Labels(d.Team)
	for i, item := range w.Items {
		var all records
		e := &debate.Experiment{Name: "held", Items: w.Items[i : i+1], Seed: w.Seed, Arms: []debate.Arm{{
			Name: "arm", Protocol: protocol(d.Protocol, d.Rounds), Simulated: true, Team: func(item debate.Item, seed uint64) []debate.Agent {
				var agents []debate.Agent
				z := simulated.NewPuzzle(item)
				for i, a := range d.Team {
					agent := simulated.New(labels[i], &w.Agents[a].File.Profile, z, seed)
					agent.Terse = true
					agents = append(agents, agent)
				}
				return agents
			},
		}}}
		if err := e.Run(t.Context(), &all, nil); err != nil {
			t.Fatal(err)
		}
		tr := all.list[0].Transcript
		begun = append(begun, Begun{Item: item, First: tr.Messages[:len(labels)]})
		end := tr.Messages[len(labels)*d.Rounds:]
		right = append(right, debate.BreakTie(debate.Leaders(debate.Tally(end, nil)), debate.Case{Item: item.Question.ID}.Seed(w.Seed)) == item.Key)
		for _, x := range debate.Transitions(tr, item.Key) {
			if x.From == debate.Correct {
				kept++
				if x.To == debate.Incorrect {
					lost++
				}
			}
		}
	}
	return begun, right, lost, kept
}

// pattern says how a debate begins: how many of its answers are right, and how many are read.
func pattern(b *Begun) string {
	right, read := 0, 0
	for _, m := range b.First {
		right += one(m.Answer == b.Item.Key)
		read += one(m.Answer != "")
	}
	return fmt.Sprintf("%d right of %d read", right, read)
}

// The rest of a debate is predicted right on the average whatever its beginning: where the team begins unanimously wrong, which tells of a hard question, and
// where it is split.
func TestRestOfDebatesIsPredictedWithoutBias(t *testing.T) {
	race.SkipPure(t)
	for _, choices := range []int{4, 0} {
		w := small(t, 2000, 0, 0)
		w.Items = Questions("mmlu", choices, 1, 2000)
		d := Design{Team: []int{0, 1, 1}, Protocol: "naive", Rounds: 2, Judge: "plurality"}
		begun, right, _, _ := held(t, w, d)
		type stratum struct {
			begun []Begun
			k     int
		}
		strata := map[string]*stratum{}
		for i := range begun {
			name := pattern(&begun[i])
			if strata[name] == nil {
				strata[name] = &stratum{}
			}
			strata[name].begun = append(strata[name].begun, begun[i])
			strata[name].k += one(right[i])
		}
		tested := 0
		for name, s := range strata {
			n := float64(len(s.begun))
			if n < 150 {
				continue
			}
			tested++
			later := *w
			later.Draws = 12
			ps, err := later.Continue(t.Context(), []Design{d}, s.begun)
			if err != nil {
				t.Fatal(err)
			}
			observed, p := float64(s.k)/n, ps[0].After.Value
			if sd := math.Sqrt(p * (1 - p) / n); math.Abs(observed-p) > 3.5*sd {
				t.Errorf("%d choices, %s: %.3f are right in the end, %.3f ± %.3f were predicted (n = %.0f)", choices, name, observed, p, sd, n)
			}
			t.Logf("%d choices, %s: %.3f, predicted %.3f (n = %.0f)", choices, name, observed, p, n)
		}
		if tested < 4 {
			t.Errorf("%d choices: only %d ways to begin are frequent enough to be tested", choices, tested)
		}
	}
}

// Intervals hold the luck of the very debates that they are of: of runs of thirty debates they include what happens as often as they say, but for three standard errors.
func TestIntervalsOfTheRestIncludeWhatHappens(t *testing.T) {
	race.SkipPure(t)
	const runs, debates = 40, 30
	d := Design{Team: []int{0, 1, 1}, Protocol: "naive", Rounds: 2, Judge: "plurality"}
	w := small(t, runs*debates, 0, 0)
	all := w.Items
	after, harmful, of, width := 0, 0, 0, 0.0
	for run := range runs {
		w.Items = all[run*debates : (run+1)*debates]
		begun, right, lost, kept := held(t, w, d)
		k := 0
		for _, r := range right {
			k += one(r)
		}
		w.Draws = 100
		ps, err := w.Continue(t.Context(), []Design{d}, begun)
		if err != nil {
			t.Fatal(err)
		}
		p := &ps[0]
		width += p.After.High - p.After.Low
		if v := float64(k) / debates; p.After.Low <= v && v <= p.After.High {
			after++
		}
		if kept > 0 {
			of++
			if v := float64(lost) / float64(kept); p.Harmful.Low <= v && v <= p.Harmful.High {
				harmful++
			}
		}
	}
	least := Level - 3*math.Sqrt(Level*(1-Level)/runs)
	t.Logf("after: %d of %d; harmful: %d of %d", after, runs, harmful, of)
	if float64(after) < least*runs || float64(harmful) < least*float64(of) {
		t.Errorf("intervals of 95 %% include the accuracy in %d of %d runs, the harmful revisions in %d of %d", after, runs, harmful, of)
	}
	if width/runs > 0.4 {
		t.Errorf("intervals of the accuracy of %d debates are %.2f wide", debates, width/runs)
	}
}

func TestRestDoesNotDependOnWorkersOrOtherDesigns(t *testing.T) {
	w := small(t, 12, 0, 0)
	naive := Design{Team: []int{0, 1, 1}, Protocol: "naive", Rounds: 2, Judge: "plurality"}
	critical := Design{Team: []int{0, 1, 1}, Protocol: "consensus-penalized", Rounds: 1, Judge: "trajectory"}
	begun, _, _, _ := held(t, w, naive)
	w.Draws = 20
	both, err := w.Continue(t.Context(), []Design{naive, critical}, begun)
	if err != nil {
		t.Fatal(err)
	}
	w.Workers = 1
	alone, err := w.Continue(t.Context(), []Design{critical}, begun)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(both[1], alone[0]) {
		t.Errorf("with another design\n%+v\nalone\n%+v", both[1], alone[0])
	}
	if e := both[0]; !e.Before.IsZero() || !e.Single.IsZero() || e.After.IsZero() {
		t.Errorf("what is known is predicted, or what is not is missing: %+v", e)
	}
}

func TestRestOfNothingIsNotPredicted(t *testing.T) {
	w := small(t, 3, 0, 0)
	d := Design{Team: []int{0, 1, 1}, Protocol: "naive", Rounds: 1, Judge: "plurality"}
	begun, _, _, _ := held(t, w, d)
	begun[1].Item.Question.ID = "csqa/1"
	w.Draws = 2
	ps, err := w.Continue(t.Context(), []Design{d, {Team: d.Team, Protocol: "independent", Judge: "plurality"}}, begun)
	if err != nil {
		t.Fatal(err)
	}
	if ps[0].NotModelled != "able, dim: no ability for csqa" || ps[1].NotModelled == "" {
		t.Errorf("%q and %q", ps[0].NotModelled, ps[1].NotModelled)
	}
}
