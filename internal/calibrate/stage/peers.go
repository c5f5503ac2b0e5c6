package stage

import (
	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
)

// Script is what scripted peers say. Peers beyond Right and Wrong name no answer.
type Script struct {
	Right int // that name the key
	Wrong int // that name a wrong option
	// Apart lets the wrong ones name different options; else they all name the same one.
	Apart bool
}

// scriptChoices is how many options the questions have. The study pools seven data sets of 4 to 10 and more.
const scriptChoices = 5

// Peers is where one agent answers alone, hears scripted peers who state an answer and no reason, and answers again, as in Qu, Fu and Hu
// 2026 (arXiv 2606.01637). It keeps questions, luck and which option the wrong peers name: any wrong one, whatever tempts the agent. It
// does not change and is safe for concurrent use.
type Peers struct {
	puzzles []*simulated.Puzzle
	luck    [][2]simulated.Luck
	decoy   []int // the option that wrong peers name, counted from the one after the key
}

// NewPeers returns a stage with so many questions.
func NewPeers(questions int, seed uint64) *Peers {
	s := &Peers{}
	r := debate.NewRand(seed, "stage")
	first, second := evenly(r, questions), evenly(r, questions)
	for i := range questions {
		z := simulated.NewPuzzle(Item("scripted", scriptChoices, i))
		z.Difficulty = quantile((float64(i) + 0.5) / float64(questions))
		s.puzzles = append(s.puzzles, z)
		s.luck = append(s.luck, [2]simulated.Luck{first[i], second[i]})
		s.decoy = append(s.decoy, r.IntN(scriptChoices-1))
	}
	return s
}

// Revision is what an agent did before scripted peers.
type Revision struct {
	Solo       debate.Share // right answers alone
	Harmful    debate.Share // of those that were right alone
	Beneficial debate.Share // of those that were not
}

// Play lets an agent of that profile answer every question twice.
func (s *Peers) Play(p *simulated.Profile, script Script) (out Revision) {
	own := make([]debate.Message, 1)
	heard := make([]debate.Message, script.Right+script.Wrong)
	turn := debate.Turn{Round: 1, Brief: debate.Brief{Task: debate.Revise}, Own: own, Heard: heard}
	for i, z := range s.puzzles {
		m := simulated.NewMind(p, z)
		first := m.Answer(&debate.Turn{}, s.luck[i][0])
		key := i % scriptChoices
		for j := range heard {
			heard[j].Answer = z.Key
			if wrong := j - script.Right; wrong >= 0 {
				option := s.decoy[i]
				if script.Apart {
					option = (option + wrong) % (scriptChoices - 1)
				}
				heard[j].Answer = debate.Letter((key + 1 + option) % scriptChoices)
			}
		}
		own[0].Answer = first
		second := m.Answer(&turn, s.luck[i][1])
		was, is := share(first == z.Key), share(second == z.Key)
		out.Solo = out.Solo.Plus(was)
		if was.K == 1 {
			out.Harmful = out.Harmful.Plus(share(is.K == 0))
		} else {
			out.Beneficial = out.Beneficial.Plus(is)
		}
	}
	return out
}

func share(yes bool) debate.Share {
	if yes {
		return debate.Share{K: 1, N: 1}
	}
	return debate.Share{N: 1}
}
