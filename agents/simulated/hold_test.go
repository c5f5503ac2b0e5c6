package simulated_test

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/protocols"
)

// The special cases of the model in which theory says what must come out. Tolerances are in standard errors of the simulation; seeds
// are fixed, so that a test passes or fails for good. -v prints the figures that docs/MODEL.md quotes.

// choices makes questions with k choices; the key is the first one of every question.
func choices(n, k int) []debate.Item {
	items := make([]debate.Item, n)
	for i := range items {
		items[i] = debate.Item{Key: "A", Question: debate.Question{ID: fmt.Sprintf("theory/%d", i), Text: "?", Choices: make([]string, k)}}
	}
	return items
}

// hold debates every item in a real room with n copies of the profile and gives each transcript to see.
func hold(t *testing.T, p simulated.Profile, n int, protocol debate.Protocol, items []debate.Item, see func(*debate.Transcript)) {
	t.Helper()
	for _, item := range items {
		z := simulated.NewPuzzle(item)
		d := debate.Debate{Question: item.Question, Protocol: protocol}
		for i := range n {
			a := simulated.New("x#"+strconv.Itoa(i), &p, z, debate.DeriveSeed(12, item.Question.ID))
			a.Terse = true
			d.Team = append(d.Team, a)
		}
		tr, _, err := d.Run(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		see(tr)
	}
}

// quick holds the same debates as hold does with protocols.Naive, without actors, and gives the answers by round and agent to see.
func quick(p simulated.Profile, n, rounds int, items []debate.Item, see func([][]debate.Answer)) {
	labels := make([]string, n)
	for i := range labels {
		labels[i] = "x#" + strconv.Itoa(i)
	}
	own, heard := make([][]debate.Message, n), make([][][]debate.Message, n)
	said := make([][]debate.Answer, rounds+1)
	for _, item := range items {
		mind := simulated.NewMind(&p, simulated.NewPuzzle(item))
		seed := debate.DeriveSeed(12, item.Question.ID)
		for i := range labels {
			own[i], heard[i] = own[i][:0], heard[i][:0]
		}
		for r := range said {
			said[r] = make([]debate.Answer, n)
			for i, label := range labels {
				turn := debate.Turn{Question: item.Question, Round: r, Own: own[i]}
				if r > 0 {
					turn.Brief.Task, turn.Earlier, turn.Heard = debate.Revise, heard[i][:r-1], heard[i][r-1]
				}
				said[r][i] = mind.Answer(&turn, simulated.Roll(debate.NewRand(seed, label, strconv.Itoa(r))))
			}
			for i := range labels {
				var others []debate.Message
				for j, a := range said[r] {
					m := debate.Message{Reply: debate.Reply{Answer: a}}
					if j == i {
						own[i] = append(own[i], m)
					} else {
						others = append(others, m)
					}
				}
				heard[i] = append(heard[i], others)
			}
		}
		see(said)
	}
}

// TestDebatesWithoutARoomAreTheSame holds the shortcut of the long tests against the room.
func TestDebatesWithoutARoomAreTheSame(t *testing.T) {
	p := simulated.Profile{
		Choice:    simulated.Ability{Accuracy: 0.5, Consistency: 0.3, Spread: 1, Concentration: 0.5, Loss: 0.2, Pull: 0.3},
		OwnWeight: 1, PeerWeight: 0.5, FirstWeight: 0.3, PriorWeight: 0.7, PriorMass: 4, NewAnswer: 0.8, Redraw: 0.1, Unreadable: 0.05,
	}
	const n, rounds = 4, 3
	items := choices(200, 4)
	var want [][]debate.Answer
	hold(t, p, n, protocols.Naive{Schedule: protocols.Schedule{Rounds: rounds}}, items, func(tr *debate.Transcript) {
		var answers []debate.Answer
		for _, m := range tr.Messages {
			answers = append(answers, m.Answer)
		}
		want = append(want, answers)
	})
	i := 0
	quick(p, n, rounds, items, func(said [][]debate.Answer) {
		if got := slices.Concat(said...); !slices.Equal(got, want[i]) {
			t.Errorf("debate %d: %v, in the room %v", i, got, want[i])
		}
		i++
	})
}

// kept is a store that keeps transcripts.
type kept map[string]*debate.Transcript

func (kept) Has(debate.Case) bool { return false }

func (k kept) Put(r *debate.Record) error {
	k[r.Case.String()] = r.Transcript
	return nil
}

// TestWorkersDoNotMatter: actors and their memory serve one debate after the other, and what an agent with a long memory says is the same as with
// actors of its own, whatever the number of workers.
func TestWorkersDoNotMatter(t *testing.T) {
	p := simulated.Profile{
		Choice:     simulated.Ability{Accuracy: 0.5, Consistency: 0.3, Concentration: 0.5},
		PeerWeight: 0.5, FirstWeight: 0.3, PriorWeight: 0.7, PriorMass: 4, NewAnswer: 0.8, Redraw: 0.1, Unreadable: 0.05,
	}
	team := func(item debate.Item, seed uint64) []debate.Agent {
		z := simulated.NewPuzzle(item)
		var team []debate.Agent
		for i := range 2 + int(seed%4) { // the crew grows and shrinks
			team = append(team, simulated.New("x#"+strconv.Itoa(i), &p, z, seed))
		}
		return team
	}
	protocol := protocols.Naive{Schedule: protocols.Schedule{Rounds: 4}}
	items := choices(60, 4)
	run := func(workers int) kept {
		k := kept{}
		e := debate.Experiment{Name: "x", Items: items, Seed: 5, Workers: workers, Arms: []debate.Arm{{Name: "a", Protocol: protocol, Team: team}}}
		if err := e.Run(t.Context(), k, nil); err != nil {
			t.Fatal(err)
		}
		return k
	}
	one, three := run(1), run(3)
	for _, item := range items {
		name := debate.Case{Arm: "a", Item: item.Question.ID}
		d := debate.Debate{Question: item.Question, Protocol: protocol, Team: team(item, name.Seed(5))}
		want, _, err := d.Run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(one[name.String()], want) || !reflect.DeepEqual(three[name.String()], want) {
			t.Errorf("%s differs by who serves it", name)
		}
	}
}

// mean is a running mean with its standard error.
type mean struct{ n, sum, squares float64 }

func (m *mean) add(v float64) { m.n, m.sum, m.squares = m.n+1, m.sum+v, m.squares+v*v }

func (m mean) value() float64    { return m.sum / m.n }
func (m mean) variance() float64 { return m.squares/m.n - m.value()*m.value() }
func (m mean) se() float64       { return math.Sqrt(m.variance() / m.n) }

// near holds a mean against a value and the standard error of that value.
func (m mean) near(t *testing.T, what string, want, wantSE, tolerance float64) {
	t.Helper()
	se := math.Hypot(m.se(), wantSE)
	z := (m.value() - want) / se
	t.Logf("%-48s %.4f ± %.4f, want %.4f ± %.4f: %+.1f s.e.", what, m.value(), m.se(), want, wantSE, z)
	if math.Abs(z) > tolerance {
		t.Errorf("%s: %.4f is %+.1f standard errors from %.4f", what, m.value(), z, want)
	}
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
