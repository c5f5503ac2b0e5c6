//go:build unix

package simulated_test

import (
	"context"
	"runtime/debug"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/debate"
	"cheaptalk/protocols"
)

// The benchmarks of this file hold the same debates: 3 agents, round 0 and 2 debate rounds, so 9 turns, in the real experiment, one worker a processor;
// transitions are counted and nothing is stored. BenchmarkDebates has simulated agents, BenchmarkEmptyAgents agents that do nothing,
// and BenchmarkHops is the channels of the debates alone. cpu-ns/debate is CPU time
// of the process, user and system, the collector's included. Garbage is collected as in the command's simulated runs.

// counted is a store that counts transitions and keeps nothing.
type counted struct{ matrix debate.Matrix }

func (*counted) Has(debate.Case) bool { return false }

func (c *counted) Put(r *debate.Record) error {
	for _, tr := range debate.Transitions(r.Transcript, r.Key) {
		c.matrix.Add(tr)
	}
	return nil
}

// benchmark runs an experiment of b.N debates.
func benchmark(b *testing.B, team func(debate.Item, uint64) []debate.Agent) {
	const questions = 100
	items := make([]debate.Item, questions)
	for i := range items {
		items[i] = debate.Item{Key: debate.Letter(i % 5), Question: debate.Question{ID: "csqa/" + strconv.Itoa(i), Choices: make([]string, 5)}}
	}
	e := debate.Experiment{
		Name: "bench", Items: items, Repeats: max(b.N/questions, 1), Seed: 1,
		Arms: []debate.Arm{{Name: "naive", Protocol: protocols.Naive{Schedule: protocols.Schedule{Rounds: 2}}, Team: team, Simulated: true}},
	}
	var c counted
	collect(b)
	b.ReportAllocs()
	b.ResetTimer()
	start := cpu(b)
	if err := e.Run(b.Context(), &c, nil); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	held := questions * e.Repeats
	if c.matrix.Total() != 6*held {
		b.Fatalf("%d transitions in %d debates", c.matrix.Total(), held)
	}
	b.ReportMetric((cpu(b)-start)/float64(held), "cpu-ns/debate")
}

// collect lets garbage be five times what is kept until the benchmark ends.
func collect(b *testing.B) {
	percent := debug.SetGCPercent(400)
	b.Cleanup(func() { debug.SetGCPercent(percent) })
}

// cpu returns the CPU time that the process has used, in nanoseconds.
func cpu(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkDebates(b *testing.B) {
	p, err := profiles.ByName("llama-3.1-8b")
	if err != nil {
		b.Fatal(err)
	}
	labels := []string{"llama-3.1-8b", "llama-3.1-8b#2", "llama-3.1-8b#3"}
	benchmark(b, func(item debate.Item, seed uint64) []debate.Agent {
		z := simulated.NewPuzzle(item)
		team := make([]debate.Agent, len(labels))
		for i, label := range labels {
			a := simulated.New(label, &p, z, seed)
			a.Terse = true
			team[i] = a
		}
		return team
	})
}

// still is an agent that does nothing.
type still string

func (s still) Name() string { return string(s) }

func (s still) Reply(context.Context, debate.Turn) (debate.Reply, error) {
	return debate.Reply{Answer: "A"}, nil
}

func BenchmarkEmptyAgents(b *testing.B) {
	team := []debate.Agent{still("a"), still("b"), still("c")}
	benchmark(b, func(debate.Item, uint64) []debate.Agent { return team })
}

func BenchmarkHops(b *testing.B) {
	collect(b)
	b.ReportAllocs()
	start := cpu(b)
	b.RunParallel(func(pb *testing.PB) { // a goroutine a processor, as the experiment has workers
		for pb.Next() {
			hops()
		}
	})
	b.ReportMetric((cpu(b)-start)/float64(b.N), "cpu-ns/debate")
}

// hops sends what a debate sends: to three actors and back, three times.
func hops() {
	out := make(chan int)
	var inboxes [3]chan int
	var actors sync.WaitGroup
	for i := range inboxes {
		inboxes[i] = make(chan int, 1)
		actors.Go(func() {
			for n := range inboxes[i] {
				out <- n
			}
		})
	}
	for range 3 {
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
