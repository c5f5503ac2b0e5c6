package twin

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/race"
	"cheaptalk/internal/twin/steps"
	"cheaptalk/protocols"
)

// shelf is a store in memory.
type shelf []*debate.Record

func (*shelf) Has(debate.Case) bool { return false }

func (s *shelf) Put(r *debate.Record) error {
	*s = append(*s, r)
	return nil
}

// sorted yields the records in the order of a run.
func (s shelf) sorted() iter.Seq2[*debate.Record, error] {
	records := slices.SortedFunc(slices.Values(s), func(a, b *debate.Record) int {
		if a.Case.Item != b.Case.Item {
			if a.Case.Item < b.Case.Item {
				return -1
			}
			return 1
		}
		if a.Case.Arm < b.Case.Arm {
			return -1
		}
		return 1
	})
	return func(yield func(*debate.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// questions makes items with four choices.
func questions(set string, n int) []debate.Item {
	items := make([]debate.Item, n)
	for i := range items {
		items[i] = debate.Item{Key: debate.Letter(i % 4), Question: debate.Question{ID: fmt.Sprintf("%s/%05d", set, i), Text: "?",
			Choices: []string{"a", "b", "c", "d"}}}
	}
	return items
}

// simulate debates the items with three copies of a profile under each protocol, and reads what they said.
func simulate(t *testing.T, p simulated.Profile, items []debate.Item, how ...debate.Protocol) *steps.Data {
	t.Helper()
	e := &debate.Experiment{Name: "t", Items: items, Seed: 7}
	for _, protocol := range how {
		e.Arms = append(e.Arms, debate.Arm{Name: protocol.Name(), Protocol: protocol, Simulated: true, Team: func(item debate.Item, seed uint64) []debate.Agent {
			z := simulated.NewPuzzle(item)
			var team []debate.Agent
			for _, label := range []string{"m", "m#2", "m#3"} {
				a := simulated.New(label, &p, z, seed)
				a.Terse = true
				team = append(team, a)
			}
			return team
		}})
	}
	var s shelf
	if err := e.Run(context.Background(), &s, nil); err != nil {
		t.Fatal(err)
	}
	d, err := steps.Read(s.sorted())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// twinOf fits the only agent of the data.
func twinOf(t *testing.T, d *steps.Data) *Twin {
	t.Helper()
	ts, err := Fit(d)
	if err != nil {
		t.Fatal(err)
	}
	if len(ts.Twins) != 1 {
		t.Fatalf("%d twins of %v", len(ts.Twins), d.Agents)
	}
	return ts.Twins[0]
}

// known is a profile whose every fitted parameter is away from its weak prior's mean.
func known() simulated.Profile {
	p := simulated.NewProfile("m")
	p.OwnWeight, p.PeerWeight, p.FirstWeight, p.ConfidenceWeight = 1.8, 0.8, 0.5, 0.7
	p.PriorWeight, p.NewAnswer, p.Redraw, p.Unanimity = 0.6, 0.5, 0.15, 0.7
	p.CritiqueOwn, p.CritiqueDiscount = 0.6, 0.3
	p.Jitter = 0.5 // stated confidence tells next to nothing of the difficulty, which twins do not read from it
	p.Unreadable = 0.03
	p.Abilities = map[string]simulated.Ability{"s": {Accuracy: 0.6, Consistency: 0.4, Concentration: 0.7, Loss: 0.3, Pull: 0.6}}
	return p
}

func TestParametersAreRecovered(t *testing.T) {
	race.SkipPure(t)
	p := known()
	rounds := protocols.Schedule{Rounds: 2}
	d := simulate(t, p, questions("s", 1000), protocols.Naive{Schedule: rounds}, protocols.ConsensusPenalized{Schedule: rounds},
		protocols.ConfidenceWeighted{Schedule: rounds}, protocols.SelfRevision{Schedule: rounds})
	tw := twinOf(t, d)
	f, err := tw.Profile("m@test")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range f.Covariance.Of {
		par, err := simulated.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		got, want, se := par.Transform.Free(par.Get(&f.Profile)), par.Transform.Free(par.Get(&p)), math.Sqrt(f.Covariance.Rows[i][i])
		t.Logf("%-20s %7.3f, truth %7.3f, s.e. %.3f, z %+.1f", name, got, want, se, (got-want)/se)
		if math.Abs(got-want) > 3*se {
			t.Errorf("%s: %.3f on the unconstrained scale, %.3f in truth, standard error %.3f", name, got, want, se)
		}
		if se > 0.6 {
			t.Errorf("%s has the standard error %.2f: the data should tell", name, se)
		}
	}
	for _, w := range f.Warnings {
		t.Log(w)
	}
}
