package simulated_test

import (
	"math"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/race"
	"cheaptalk/protocols"
)

// TestTheKeyEntersInTwoPlaces: through the probability of knowing it and through the pull, and nowhere else. An agent that is right as often
// as a guess, whose wrong answers tempt alike, and that has neither pull nor insight, chooses among the answers of a turn with
// probabilities that do not depend on which one is the key, and states the same confidence. Its debates have the same distribution whichever choice is the
// key: the joint answers of two agents in rounds 1 and 2, by a chi-squared test (15 degrees of freedom, below the 99.9 % point 37.7).
func TestTheKeyEntersInTwoPlaces(t *testing.T) {
	race.SkipPure(t)
	profile := simulated.Profile{
		Choice:    simulated.Ability{Accuracy: 0.25, Concentration: 1. / 3},
		OwnWeight: 1, PeerWeight: 0.7, FirstWeight: 0.4, ConfidenceWeight: 0.5, PriorWeight: 0.8, PriorMass: 3, NewAnswer: 0.6, Redraw: 0.1, Unanimity: 0.8,
		Overconfidence: 0.3, CritiqueOwn: 1, CritiqueDiscount: 0.5,
	}
	item := choices(1, 4)[0]
	for _, task := range []debate.Task{debate.Solve, debate.Revise, debate.Critique, debate.Reflect, debate.Aggregate} {
		var first map[debate.Answer]float64
		for i := range 4 {
			item.Key = debate.Letter(i)
			mind := simulated.NewMind(&profile, simulated.NewPuzzle(item))
			heard := append(opinions(1, 3), debate.Message{Reply: debate.Reply{Answer: "C"}})
			turn := debate.Turn{Round: 1, Brief: debate.Brief{Task: task, Confidence: debate.AsStated}, Own: opinions(1, 1), Heard: heard}
			got := shares(&mind, &turn, 10000)
			if first == nil {
				first = got
				t.Logf("%s: A %.4f B %.4f C %.4f D %.4f", task, got["A"], got["B"], got["C"], got["D"])
			}
			for k := range 4 {
				if a := debate.Letter(k); math.Abs(got[a]-first[a]) > 4e-4 {
					t.Errorf("%s: %s with %.4f when the key is %s, %.4f when it is A", task, a, got[a], item.Key, first[a])
				}
			}
		}
	}

	const debates = 6000
	joint := func(key debate.Answer, from int) (counts [16]float64, confidence mean) {
		items := choices(from+debates, 4)[from:]
		for i := range items {
			items[i].Key = key
		}
		hold(t, profile, 2, protocols.ConfidenceWeighted{Schedule: protocols.Schedule{Rounds: 2}}, items, func(tr *debate.Transcript) {
			counts[4*(tr.Messages[2].Answer[0]-'A')+tr.Messages[5].Answer[0]-'A']++
			confidence.add(tr.Messages[4].Confidence.Value)
		})
		return counts, confidence
	}
	a, sureA := joint("A", 0)
	c, sureC := joint("C", debates)
	chi := 0.0
	for i := range a {
		if sum := a[i] + c[i]; sum > 0 {
			chi += (a[i] - c[i]) * (a[i] - c[i]) / sum
		}
	}
	t.Logf("chi-squared %.1f of 15 degrees of freedom; stated confidence %.4f and %.4f", chi, sureA.value(), sureC.value())
	if chi > 37.7 {
		t.Errorf("debates differ by which choice is the key: chi-squared %.1f of 15 degrees of freedom", chi)
	}
	if sureA.value() != sureC.value() {
		t.Errorf("confidence %.4f when the key is A, %.4f when it is C", sureA.value(), sureC.value())
	}
	profile.Choice.Pull = 0.5
	pulled, _ := joint("C", debates)
	chi = 0
	for i := range a {
		chi += (a[i] - pulled[i]) * (a[i] - pulled[i]) / (a[i] + pulled[i])
	}
	if chi < 60 { // so that the test above can fail
		t.Errorf("a pull of 0.5 is not seen: chi-squared %.1f", chi)
	}
}
