package simulated_test

import (
	"fmt"
	"math"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/race"
	"cheaptalk/judges"
	"cheaptalk/protocols"
)

// TestIndependentAgentsVoteAsCondorcetSays: with ρ = 0 and two choices the majority of an odd team is right with the upper tail of the
// binomial distribution (Condorcet 1785). Within 3 s.e.
func TestIndependentAgentsVoteAsCondorcetSays(t *testing.T) {
	race.SkipPure(t)
	for _, n := range []int{3, 5, 7} {
		for _, p := range []float64{0.45, 0.6, 0.8} {
			want := 0.0
			for k := n/2 + 1; k <= n; k++ {
				ways, _ := math.Lgamma(float64(n + 1))
				a, _ := math.Lgamma(float64(k + 1))
				b, _ := math.Lgamma(float64(n - k + 1))
				want += math.Exp(ways-a-b) * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
			}
			var right mean
			profile := simulated.Profile{Choice: simulated.Ability{Accuracy: p}}
			hold(t, profile, n, protocols.Independent{}, choices(8000, 2), func(tr *debate.Transcript) {
				v, err := judges.Plurality{}.Decide(t.Context(), tr, nil)
				if err != nil {
					t.Fatal(err)
				}
				right.add(is(v.Answer == "A"))
			})
			right.near(t, fmt.Sprintf("vote of %d, each right with %.2f", n, p), want, 0, 3)
		}
	}
}

// shares returns how often each answer is given to a turn, over a grid of n values of what chooses it. It is exact up to a few times 1/n.
func shares(m *simulated.Mind, turn *debate.Turn, n int) map[debate.Answer]float64 {
	out := map[debate.Answer]float64{}
	for i := range n {
		u := (float64(i) + 0.5) / float64(n)
		out[m.Answer(turn, simulated.Luck{Lost: 0.5, Fresh: 1, Opinion: 0.5, Pick: u})] += 1 / float64(n)
	}
	return out
}

// opinions are messages, the first a of them with the answer A and the rest with B.
func opinions(a, n int) []debate.Message {
	ms := make([]debate.Message, n)
	for i := range ms {
		ms[i].Answer = "B"
		if i < a {
			ms[i].Answer = "A"
		}
	}
	return ms
}

// TestTwoOpinionsFollowTheTanh: De Marzo et al. 2026 (arXiv 2605.10721) fit P(adopt A) = (1 + tanh(β (m + h)))/2, with m in [-1,1] the mean
// opinion of 49 peers. The model is that with w_own = 0, w_peer = 2β/49, ν = 1, π = 1 and the belief 1/(1 + exp(-2βh)). β and h as fitted to
// three models and two more. Exact, and within 4 s.e. where 4,000 seeds decide (75 comparisons).
func TestTwoOpinionsFollowTheTanh(t *testing.T) {
	race.SkipPure(t)
	const peers, seeds = 49, 4000
	item := choices(1, 2)[0]
	worst := 0.0
	for _, c := range []struct{ beta, h float64 }{{1.87, 0.66}, {2.52, 0.28}, {3.90, -0.46}, {0.5, 0}, {1, -1.2}} {
		p := simulated.Profile{
			Choice:     simulated.Ability{Accuracy: 1 / (1 + math.Exp(-2*c.beta*c.h))},
			PeerWeight: 2 * c.beta / peers, PriorWeight: 1, NewAnswer: 1,
		}
		z := simulated.NewPuzzle(item)
		mind := simulated.NewMind(&p, z)
		for _, a := range []int{0, 1, 5, 10, 15, 20, 24, 25, 29, 34, 39, 44, 47, 48, 49} {
			m := float64(2*a-peers) / peers
			want := (1 + math.Tanh(c.beta*(m+c.h))) / 2
			turn := debate.Turn{Question: item.Question, Round: 1, Brief: debate.Brief{Task: debate.Revise}, Own: opinions(0, 1), Heard: opinions(a, peers)}
			if got := shares(&mind, &turn, 20000)["A"]; math.Abs(got-want) > 2e-4 {
				t.Errorf("β %.2f, h %.2f, m %.2f: adopts with %.4f, want %.4f", c.beta, c.h, m, got, want)
			}
			adopted := 0.0
			for seed := range uint64(seeds) {
				agent := simulated.New("x", &p, z, seed)
				agent.Terse = true
				reply, err := agent.Reply(t.Context(), turn)
				if err != nil {
					t.Fatal(err)
				}
				adopted += is(reply.Answer == "A")
			}
			deviation := (adopted/seeds - want) / math.Sqrt(want*(1-want)/seeds)
			if worst = max(worst, math.Abs(deviation)); math.Abs(deviation) > 4 && want*seeds > 5 && (1-want)*seeds > 5 {
				t.Errorf("β %.2f, h %.2f, m %.2f: adopts with %.4f, %+.1f standard errors from %.4f", c.beta, c.h, m, adopted/seeds, deviation, want)
			}
		}
	}
	t.Logf("worst of 75: %.1f s.e.", worst)
}

// TestCopierStubbornAndNoisy: three points of the model whose debates are known in advance.
func TestCopierStubbornAndNoisy(t *testing.T) {
	race.SkipPure(t)
	const p = 0.6
	items := choices(4000, 4)
	half := simulated.Ability{Accuracy: p, Concentration: 0.5}
	t.Run("copier", func(t *testing.T) { // two copiers exchange their answers in every round
		hold(t, simulated.Profile{Choice: half, PeerWeight: 1000}, 2, protocols.Naive{Schedule: protocols.Schedule{Rounds: 3}}, items, func(tr *debate.Transcript) {
			for i, m := range tr.Messages[2:] {
				if before := tr.Messages[i+1-i%2*2]; m.Answer != before.Answer {
					t.Fatalf("%s says %s after having heard %s", m.From, m.Answer, before.Answer)
				}
			}
		})
	})
	t.Run("stubborn", func(t *testing.T) {
		hold(t, simulated.Profile{Choice: half, OwnWeight: 1000, PeerWeight: 1, NewAnswer: 1, PriorWeight: 1}, 5, protocols.Naive{Schedule: protocols.Schedule{Rounds: 3}}, items, func(tr *debate.Transcript) {
			for i, m := range tr.Messages[5:] {
				if m.Answer != tr.Messages[i].Answer {
					t.Fatalf("%s changes from %s to %s", m.From, tr.Messages[i].Answer, m.Answer)
				}
			}
		})
	})
	t.Run("noisy", func(t *testing.T) { // each answer is new, whatever the agent said and heard
		var afterRight, afterWrong mean
		hold(t, simulated.Profile{Choice: half, OwnWeight: 5, PeerWeight: 5, Redraw: 1}, 3, protocols.Naive{Schedule: protocols.Schedule{Rounds: 2}}, items, func(tr *debate.Transcript) {
			for _, tr := range debate.Transitions(tr, "A") {
				if tr.From == debate.Correct {
					afterRight.add(is(tr.To == debate.Correct))
				} else {
					afterWrong.add(is(tr.To == debate.Correct))
				}
			}
		})
		afterRight.near(t, "right after right", p, 0, 3)
		afterWrong.near(t, "right after wrong", p, 0, 3)
	})
}
