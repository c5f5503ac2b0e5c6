package human_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
	"cheaptalk/agents/human"
	"cheaptalk/debate"
)

var capital = debate.Question{ID: "q/1", Text: "The capital of France?", Choices: []string{"Lyon", "Nice", "Paris"}}

// exchange is a round in which all speak, and a second one in which all hear all.
type exchange struct{}

func (exchange) Name() string { return "exchange" }

func (exchange) Next(t *debate.Transcript) []debate.Call {
	if t.LastRound() > 0 {
		return nil
	}
	var calls []debate.Call
	for speaker := range t.Agents {
		c := debate.Call{Speaker: speaker}
		for _, m := range t.Messages {
			if m.From != t.Agents[speaker] {
				c.Hears = append(c.Hears, m.Seq)
			}
		}
		calls = append(calls, c)
	}
	return calls
}

func TestAPersonHearsAndIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := human.NewDesk()
		peer := &agents.Scripted{Label: "peer", Lines: []agents.Line{{Text: "The answer is (A)."}, {Text: "The answer is (C)."}}}
		d := debate.Debate{Question: capital, Team: []debate.Agent{peer, &human.Agent{Label: "you", Desk: desk}}, Protocol: exchange{}}
		heard := make(chan string, 2)
		go func() {
			for range 2 {
				p := <-desk.Prompts()
				said := p.Agent
				for _, m := range p.Turn.Heard {
					said += " heard " + string(m.Answer)
				}
				heard <- said
				p.Say("c", debate.Sure(0.8))
				p.Say("a", debate.Confidence{}) // too late
				<-p.Done()
			}
		}()
		got, _, err := d.Run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := <-heard, <-heard; a != "you" || b != "you heard A" {
			t.Errorf("the person was asked %q and %q", a, b)
		}
		for _, m := range got.Own("you") {
			if m.Answer != "C" || m.Text != "c" || m.Confidence != debate.Sure(0.8) {
				t.Errorf("the person said %+v", m.Reply)
			}
		}
		if last := got.Messages[2]; len(last.Heard) != 1 || got.Messages[last.Heard[0]].From != "you" {
			t.Errorf("the peer heard %v", last.Heard)
		}
	})
}

func TestASlowPersonTimesOut(t *testing.T) {
	for name, taken := range map[string]bool{"a prompt that is read": true, "a prompt that nobody takes": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				desk := human.NewDesk()
				desk.Timeout = time.Minute
				start := time.Now()
				if taken {
					go func() {
						p := <-desk.Prompts()
						if !p.Until.Equal(start.Add(time.Minute)) {
							t.Errorf("asked until %v", p.Until)
						}
						<-p.Done()
						p.Say("c", debate.Confidence{})
					}()
				}
				_, err := (&human.Agent{Label: "you", Desk: desk}).Reply(t.Context(), debate.Turn{Question: capital})
				if err == nil || debate.FailureKind(err) != "timeout" || !strings.Contains(err.Error(), "1m0s") {
					t.Errorf("error %v of kind %s", err, debate.FailureKind(err))
				}
				if took := time.Since(start); took != time.Minute {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

func TestAPersonLeavesWithTheDebate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		desk := human.NewDesk()
		go func() {
			<-desk.Prompts()
			time.Sleep(time.Hour)
			cancel()
		}()
		_, err := (&human.Agent{Label: "you", Desk: desk}).Reply(ctx, debate.Turn{Question: capital})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestReadsWhatPeopleType(t *testing.T) {
	number, open := debate.Question{Kind: debate.Number}, debate.Question{Kind: debate.Open}
	for _, c := range []struct {
		q    debate.Question
		text string
		want debate.Answer
	}{
		{capital, "c", "C"}, {capital, " (C) ", "C"}, {capital, "Paris", "C"}, {capital, "I think the answer is B because it is nice", "B"},
		{capital, "E", ""}, {capital, "", ""}, {capital, "no idea", ""},
		{number, "1,200", "1200"}, {number, "3 + 4 = 7, so the answer is 7", "7"}, {number, "seven or so", ""},
		{open, "Answer: Paris", "paris"},
	} {
		if got := human.Read(c.q, c.text); got.Flexible != c.want || got.Strict != c.want {
			t.Errorf("%q is read as %+v, want %q", c.text, got, c.want)
		}
	}
}

func TestConfidenceMayStandInTheText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := human.NewDesk()
		go func() { (<-desk.Prompts()).Say("B\nConfidence: 70%", debate.Confidence{}) }()
		r, err := (&human.Agent{Label: "you", Desk: desk}).Reply(t.Context(), debate.Turn{Question: capital})
		if err != nil || r.Answer != "B" || r.Confidence != debate.Sure(0.7) {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// TestAPersonWhoLeavesEndsTheRun has the person leave in the second debate of three.
func TestAPersonWhoLeavesEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := human.NewDesk()
		go func() {
			(<-desk.Prompts()).Say("c", debate.Confidence{})
			<-desk.Prompts()
			desk.Leave()
		}()
		x := debate.Experiment{Workers: 1, Arms: []debate.Arm{{Name: "one", Protocol: once{}, Team: func(debate.Item, uint64) []debate.Agent {
			return []debate.Agent{&human.Agent{Label: "you", Desk: desk}}
		}}}}
		for _, id := range []string{"q/1", "q/2", "q/3"} {
			x.Items = append(x.Items, debate.Item{Question: debate.Question{ID: id, Choices: capital.Choices}, Key: "C"})
		}
		store := store{}
		if err := x.Run(t.Context(), store, nil); !errors.Is(err, human.ErrLeft) || !errors.Is(err, debate.ErrStopped) {
			t.Errorf("ended with %v", err)
		}
		if len(store) != 1 || store["q/1"].Transcript.Messages[0].Answer != "C" {
			t.Errorf("%d records", len(store))
		}
	})
}

// once is one round.
type once struct{}

func (once) Name() string { return "once" }

func (once) Next(t *debate.Transcript) []debate.Call {
	if len(t.Messages) > 0 {
		return nil
	}
	return []debate.Call{{}}
}

// store keeps records by question.
type store map[string]*debate.Record

func (store) Has(debate.Case) bool { return false }

func (s store) Put(rec *debate.Record) error {
	s[rec.Case.Item] = rec
	return nil
}
