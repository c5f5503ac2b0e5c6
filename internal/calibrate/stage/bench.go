// Package stage lets minds debate without rooms: the same equations as those of agents in rooms, no goroutine an agent, no words. Questions and luck
// stay the same while profiles change, so that profiles are compared on the same (common random numbers).
package stage

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"sync"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
)

// Outcome is what the debates of a group came to.
type Outcome struct {
	Before, After debate.Share // votes that were right
	// Harmful are the right answers of a debate round and those of them that were left, by the number of peers that agreed.
	Harmful []debate.Share
}

// Bench holds debates of groups without rooms: the same minds, the same equations, no goroutine an agent. It keeps questions and luck,
// so that profiles are compared on the same. It is safe for concurrent use.
type Bench struct {
	debates, rounds int
	seed            uint64

	mu      sync.Mutex
	puzzles map[string][]*simulated.Puzzle // by task
	luck    map[string][]simulated.Luck    // by seat and round, one a debate
}

// NewBench returns a bench of so many debates of so many rounds after the first answers.
func NewBench(debates, rounds int, seed uint64) *Bench {
	return &Bench{debates: debates, rounds: rounds, seed: seed, puzzles: map[string][]*simulated.Puzzle{}, luck: map[string][]simulated.Luck{}}
}

// questions returns the questions of a task. Their difficulties are the quantiles of the normal distribution, so that no fit is led astray
// by questions that happen to be hard.
func (b *Bench) questions(task string, choices int) []*simulated.Puzzle {
	b.mu.Lock()
	defer b.mu.Unlock()
	if zs, ok := b.puzzles[task]; ok {
		return zs
	}
	zs := make([]*simulated.Puzzle, b.debates)
	for i := range zs {
		zs[i] = simulated.NewPuzzle(Item(task, choices, i))
		zs[i].Difficulty = quantile((float64(i) + 0.5) / float64(b.debates))
	}
	b.puzzles[task] = zs
	return zs
}

// Item returns the i-th made-up question of a task with so many choices, 0 for a number, and its key.
func Item(task string, choices, i int) debate.Item {
	q := debate.Question{ID: task + "/" + strconv.Itoa(i), Text: "?"}
	if choices == 0 {
		q.Kind = debate.Number
		return debate.Item{Question: q, Key: debate.Answer(strconv.Itoa(10 + i%90))}
	}
	for c := range choices {
		q.Choices = append(q.Choices, string(debate.Letter(c)))
	}
	return debate.Item{Question: q, Key: debate.Letter(i % choices)}
}

func quantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// fortune returns the luck of a seat in a round, one a debate.
func (b *Bench) fortune(seat, round int) []simulated.Luck {
	name := fmt.Sprintf("%d/%d", seat, round)
	b.mu.Lock()
	defer b.mu.Unlock()
	if l, ok := b.luck[name]; ok {
		return l
	}
	l := evenly(debate.NewRand(b.seed, "luck", name), b.debates)
	b.luck[name] = l
	return l
}

// evenly rolls n times, so that each number takes a value in each n-th of its range once: a Latin hypercube (McKay, Beckman and Conover 1979,
// Technometrics 21, 239-245). Means over it vary less than over independent rolls.
func evenly(r *rand.Rand, n int) []simulated.Luck {
	l := make([]simulated.Luck, n)
	for i := range l {
		l[i] = simulated.Roll(r)
	}
	for _, field := range []func(*simulated.Luck) *float64{
		func(l *simulated.Luck) *float64 { return &l.Lost }, func(l *simulated.Luck) *float64 { return &l.Fresh },
		func(l *simulated.Luck) *float64 { return &l.Opinion }, func(l *simulated.Luck) *float64 { return &l.Pick },
	} {
		for i, place := range r.Perm(n) {
			u := field(&l[i])
			*u = (float64(place) + *u) / float64(n)
		}
	}
	return l
}

// Hold debates every question in a group: all answer, then everyone revises having heard all others, as often as the bench has rounds. The
// vote is a plurality of the answers that can be read, a tie falls to the first listed of those that lead.
func (b *Bench) Hold(task string, choices int, team []*simulated.Profile) Outcome {
	zs := b.questions(task, choices)
	luck := make([][][]simulated.Luck, len(team))
	for seat := range team {
		for round := range b.rounds + 1 {
			luck[seat] = append(luck[seat], b.fortune(seat, round))
		}
	}
	t := newTable(team)
	for i, z := range zs {
		t.hold(z, b.rounds, func(seat, round int) simulated.Luck { return luck[seat][round][i] })
	}
	return t.Outcome
}

// table is where a group sits: its outcome so far, and room for what is said.
type table struct {
	Outcome
	team  []*simulated.Profile
	minds []simulated.Mind
	now   []debate.Answer
	next  []debate.Answer
	heard []debate.Message
	own   []debate.Message
}

func newTable(team []*simulated.Profile) *table {
	n := len(team)
	return &table{Outcome: Outcome{Harmful: make([]debate.Share, n)}, team: team, minds: make([]simulated.Mind, n),
		now: make([]debate.Answer, n), next: make([]debate.Answer, n), heard: make([]debate.Message, n-1), own: make([]debate.Message, 1)}
}

// hold adds a debate to the outcome.
func (t *table) hold(z *simulated.Puzzle, rounds int, luck func(seat, round int) simulated.Luck) {
	for seat := range t.team {
		if seat > 0 && t.team[seat] == t.team[seat-1] {
			t.minds[seat] = t.minds[seat-1]
		} else {
			t.minds[seat] = simulated.NewMind(t.team[seat], z)
		}
		t.now[seat] = t.minds[seat].Answer(&debate.Turn{}, luck(seat, 0))
	}
	t.Before = t.Before.Plus(right(t.now, z.Key))
	turn := debate.Turn{Brief: debate.Brief{Task: debate.Revise}, Own: t.own, Heard: t.heard}
	for turn.Round = 1; turn.Round <= rounds; turn.Round++ {
		for seat, own := range t.now {
			agreeing, heard := 0, t.heard[:0]
			for peer, answer := range t.now {
				if peer == seat {
					continue
				}
				heard = append(heard, debate.Message{Reply: debate.Reply{Answer: answer}})
				if answer == own {
					agreeing++
				}
			}
			t.own[0].Answer = own
			t.next[seat] = t.minds[seat].Answer(&turn, luck(seat, turn.Round))
			if own == z.Key {
				t.Harmful[agreeing] = t.Harmful[agreeing].Plus(share(t.next[seat] != z.Key))
			}
		}
		t.now, t.next = t.next, t.now
	}
	t.After = t.After.Plus(right(t.now, z.Key))
}

// right counts a vote; see Bench.Hold.
func right(answers []debate.Answer, key debate.Answer) debate.Share {
	var winner debate.Answer
	most := 0
	for i, a := range answers {
		if a == "" {
			continue
		}
		n := 0
		for _, other := range answers[i:] {
			if other == a {
				n++
			}
		}
		if n > most {
			winner, most = a, n
		}
	}
	return share(winner == key)
}
