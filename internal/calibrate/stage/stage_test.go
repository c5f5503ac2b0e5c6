package stage

import (
	"strconv"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/debate"
	"cheaptalk/protocols"
)

// TestTablesEqualRooms: with the luck of agents in rooms, debates without rooms come to the same votes and revisions, one by one.
func TestTablesEqualRooms(t *testing.T) {
	var team []*simulated.Profile
	for _, name := range []string{"llama-3.1-8b@wynn2025", "llama-3.1-8b@wynn2025", "mistral-7b@wynn2025"} {
		p, err := profiles.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		p.FirstWeight = 0.7 // so that the order in which peers are heard counts
		team = append(team, &p)
	}
	for task, choices := range map[string]int{"csqa": 5, "gsm8k": 0} {
		for i := range 200 {
			item := Item(task, choices, i)
			z := simulated.NewPuzzle(item)
			seed := debate.DeriveSeed(1, item.Question.ID)
			label := func(seat int) string { return "agent-" + strconv.Itoa(seat) }
			d := debate.Debate{Question: item.Question, Protocol: protocols.Naive{Schedule: protocols.Schedule{Rounds: 2}}}
			for seat, p := range team {
				a := simulated.New(label(seat), p, z, seed)
				a.Terse = true
				d.Team = append(d.Team, a)
			}
			tr, _, err := d.Run(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			var want Outcome
			want.Harmful = make([]debate.Share, len(team))
			for round, votes := range map[int]*debate.Share{0: &want.Before, 2: &want.After} {
				var answers []debate.Answer
				for _, m := range tr.Standing(round) {
					answers = append(answers, m.Answer)
				}
				*votes = right(answers, item.Key)
			}
			for _, c := range debate.Transitions(tr, item.Key) {
				if c.From == debate.Correct {
					want.Harmful[c.Agreeing] = want.Harmful[c.Agreeing].Plus(share(c.To != debate.Correct))
				}
			}
			got := newTable(team)
			got.hold(z, 2, func(seat, round int) simulated.Luck {
				return simulated.Roll(debate.NewRand(seed, label(seat), strconv.Itoa(round)))
			})
			if got.Before != want.Before || got.After != want.After {
				t.Fatalf("%s: votes %v %v, in a room %v %v", item.Question.ID, got.Before, got.After, want.Before, want.After)
			}
			for k := range want.Harmful {
				if got.Harmful[k] != want.Harmful[k] {
					t.Fatalf("%s: right answers left with %d agreeing %v, in a room %v", item.Question.ID, k, got.Harmful[k], want.Harmful[k])
				}
			}
		}
	}
}

// TestIndependentAgentsVoteAsTheBinomialSays: three independent agents of accuracy p whose wrong answers never coincide are right together
// with p³ + 3p²(1-p), and with p(1-p)² when a three-way tie falls to a right first one.
func TestIndependentAgentsVoteAsTheBinomialSays(t *testing.T) {
	p := simulated.NewProfile("independent")
	p.Number.Accuracy = 0.4
	p.Number.Concentration = 0
	const n = 40000
	out := NewBench(n, 1, 1).Hold("sum", 0, []*simulated.Profile{&p, &p, &p})
	const q = 0.4
	same := (1 - q) * (1 - q) / 24 // two wrong ones coincide
	want := q*q*q + 3*q*q*(1-q) + q*((1-q)*(1-q)-same)
	if got := out.Before.Rate(); got < want-0.008 || got > want+0.008 {
		t.Errorf("vote before %.4f, want %.4f", got, want)
	}
	if out.Before.N != n || out.After.N != n {
		t.Errorf("%d and %d votes, want %d", out.Before.N, out.After.N, n)
	}
}

// TestScriptedPeersSayWhatTheyAreScriptedTo: an agent that copies goes where most peers are; one that hears nobody stays.
func TestScriptedPeersSayWhatTheyAreScriptedTo(t *testing.T) {
	stage := NewPeers(2000, 1)
	copier := simulated.NewProfile("copier")
	copier.Choice.Accuracy, copier.PeerWeight = 0.5, 100
	stubborn := copier
	stubborn.PeerWeight, stubborn.OwnWeight = 0, 100
	for _, c := range []struct {
		p                   *simulated.Profile
		s                   Script
		harmful, beneficial float64
	}{
		{&copier, Script{Right: 6}, 0, 1}, {&copier, Script{Wrong: 6}, 1, 0}, {&copier, Script{Right: 3, Wrong: 3, Apart: true}, 0, 1},
		{&copier, Script{Right: 2, Wrong: 4}, 1, 0}, {&stubborn, Script{Wrong: 6}, 0, 0}, {&stubborn, Script{Right: 6}, 0, 0},
	} {
		out := stage.Play(c.p, c.s)
		if out.Harmful.Rate() != c.harmful || out.Beneficial.Rate() != c.beneficial {
			t.Errorf("%+v of %s: harmful %v, beneficial %v, want %v and %v", c.s, c.p.Name, out.Harmful, out.Beneficial, c.harmful, c.beneficial)
		}
		if r := out.Solo.Rate(); r < 0.47 || r > 0.53 {
			t.Errorf("alone %.3f, want 0.5", r)
		}
	}
}
