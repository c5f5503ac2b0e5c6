package debate_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"cheaptalk/debate"
)

// fake is an agent that a function speaks for. Without one it says its name.
type fake struct {
	name  string
	reply func(ctx context.Context, turn debate.Turn) (debate.Reply, error)
}

func (f fake) Name() string { return f.name }

func (f fake) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	if f.reply == nil {
		return debate.Reply{Text: f.name, Answer: debate.Answer(f.name)}, nil
	}
	return f.reply(ctx, turn)
}

// answers returns an agent that gives these answers, one a round, and fails where there is "fail".
func answers(name string, byRound ...debate.Answer) fake {
	return fake{name, func(_ context.Context, turn debate.Turn) (debate.Reply, error) {
		if byRound[turn.Round] == "fail" {
			return debate.Reply{}, errors.New("the line is dead")
		}
		return debate.Reply{Answer: byRound[turn.Round]}, nil
	}}
}

// after returns an agent that answers its name after a while, or stops with ctx.
func after(name string, d time.Duration) fake {
	return fake{name, func(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
		select {
		case <-time.After(d):
			return debate.Reply{Text: fmt.Sprintf("%s %d", name, turn.Round), Answer: debate.Answer(name)}, nil
		case <-ctx.Done():
			return debate.Reply{}, ctx.Err()
		}
	}}
}

// script is a protocol that is a function.
type script func(t *debate.Transcript) []debate.Call

func (script) Name() string                              { return "script" }
func (s script) Next(t *debate.Transcript) []debate.Call { return s(t) }

// rounds lets everybody speak in round 0 and in n rounds after it, hearing the replies of the others in the round before.
func rounds(n int) script {
	return func(t *debate.Transcript) []debate.Call {
		last := t.LastRound()
		if last >= n {
			return nil
		}
		calls := make([]debate.Call, len(t.Agents))
		for i, name := range t.Agents {
			calls[i].Speaker = i
			if last >= 0 {
				calls[i].Brief.Task = debate.Revise
			}
			for _, m := range t.Messages {
				if m.Round == last && m.From != name && m.Failed == "" {
					calls[i].Hears = append(calls[i].Hears, m.Seq)
				}
			}
		}
		return calls
	}
}

// judge is a judge that is a function. Without one it decides for the first standing answer.
type judge struct {
	name   string
	decide func(ctx context.Context, t *debate.Transcript, say func(string)) (debate.Verdict, error)
}

func (j judge) Name() string { return j.name }

func (j judge) Decide(ctx context.Context, t *debate.Transcript, say func(string)) (debate.Verdict, error) {
	if j.decide == nil {
		return debate.Verdict{Answer: t.Standing(t.LastRound())[0].Answer}, nil
	}
	return j.decide(ctx, t, say)
}

// memory is a store that forgets when it is dropped. It fails from the Put after failAfter on, unless that is 0.
type memory struct {
	mu        sync.Mutex // Has and Put come from different goroutines
	records   map[debate.Case]*debate.Record
	puts      int
	failAfter int
	slow      time.Duration // of every Put
}

var errDiskFull = errors.New("disk full")

func (m *memory) Has(c debate.Case) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	rec := m.records[c]
	return rec != nil && !rec.Again
}

func (m *memory) Put(rec *debate.Record) error {
	time.Sleep(m.slow)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.puts++; m.failAfter > 0 && m.puts > m.failAfter {
		return errDiskFull
	}
	if m.records == nil {
		m.records = map[debate.Case]*debate.Record{}
	}
	kept := *rec
	m.records[rec.Case] = &kept
	return nil
}

// kept reports whether there is a record of the case.
func (m *memory) kept(c debate.Case) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.records[c] != nil
}

// again counts the records that are marked to be debated again.
func (m *memory) again() int {
	n := 0
	for _, rec := range m.records {
		if rec.Again {
			n++
		}
	}
	return n
}

// lines returns the records as sorted JSON, without the time they took.
func (m *memory) lines(t *testing.T) []string {
	t.Helper()
	var lines []string
	for _, rec := range m.records {
		rec.Took = 0
		lines = append(lines, encode(t, rec))
	}
	slices.Sort(lines)
	return lines
}

func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// equal fails the test unless got and want are the same as JSON.
func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := encode(t, got), encode(t, want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}
