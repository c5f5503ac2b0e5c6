package debate_test

import (
	"context"
	"sync"
	"testing"

	"cheaptalk/debate"
)

// The three benchmarks hold the same debate: 3 agents, round 0 and 2 debate rounds, so 9 turns. BenchmarkRoom is the room,
// BenchmarkHops its channels alone, with actors that do nothing, and BenchmarkLoop the same turns and transcript without
// a goroutine. Room less Loop is what the actors cost; Hops is the part of that which channels make unavoidable.

const benchAgents, benchRounds = 3, 3

// still is an agent that always answers A.
type still string

func (s still) Name() string { return string(s) }

func (s still) Reply(context.Context, debate.Turn) (debate.Reply, error) {
	return debate.Reply{Answer: "A"}, nil
}

var benchTeam = []debate.Agent{still("a"), still("b"), still("c")}

func report(b *testing.B) {
	b.ReportAllocs()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "debates/s")
}

func BenchmarkRoom(b *testing.B) {
	defer report(b)
	protocol := rounds(benchRounds - 1)
	for b.Loop() {
		tr, _, err := (&debate.Debate{Team: benchTeam, Protocol: protocol}).Run(b.Context(), nil)
		if err != nil || len(tr.Messages) != benchAgents*benchRounds {
			b.Fatal(err, len(tr.Messages))
		}
	}
}

func BenchmarkHops(b *testing.B) {
	defer report(b)
	for b.Loop() {
		out := make(chan int)
		inboxes := make([]chan int, benchAgents)
		var actors sync.WaitGroup
		for i := range inboxes {
			inboxes[i] = make(chan int, 1)
			actors.Go(func() {
				for n := range inboxes[i] {
					out <- n
				}
			})
		}
		for range benchRounds {
			for i := range inboxes {
				inboxes[i] <- i
			}
			for range inboxes {
				<-out
			}
		}
		for _, inbox := range inboxes {
			close(inbox)
		}
		actors.Wait()
	}
}

func BenchmarkLoop(b *testing.B) {
	defer report(b)
	protocol := rounds(benchRounds - 1)
	for b.Loop() {
		tr := &debate.Transcript{}
		for _, agent := range benchTeam {
			tr.Agents = append(tr.Agents, agent.Name())
		}
		for round := 0; ; round++ {
			calls := protocol.Next(tr)
			if len(calls) == 0 {
				break
			}
			var said []debate.Message
			for i, call := range calls {
				turn := debate.Turn{Round: round, Brief: call.Brief, Own: tr.Own(tr.Agents[call.Speaker]), Say: func(string) {}}
				for _, seq := range call.Hears {
					turn.Heard = append(turn.Heard, tr.Messages[seq])
				}
				reply, err := benchTeam[call.Speaker].Reply(b.Context(), turn)
				if err != nil {
					b.Fatal(err)
				}
				said = append(said, debate.Message{Seq: len(tr.Messages) + i, Round: round, From: tr.Agents[call.Speaker],
					Brief: call.Brief, Heard: call.Hears, Reply: reply})
			}
			tr.Messages = append(tr.Messages, said...)
		}
		if len(tr.Messages) != benchAgents*benchRounds {
			b.Fatal(len(tr.Messages))
		}
	}
}
