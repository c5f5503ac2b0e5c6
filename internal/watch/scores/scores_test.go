package scores_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/watch/scores"
	"cheaptalk/reports"
	"cheaptalk/tui"
)

// records makes debates of two agents about six questions, three times each, under two arms, and a failed one.
func records() []*debate.Record {
	var list []*debate.Record
	for i := range 36 {
		c := debate.Case{Arm: []string{"naive", "alone"}[i%2], Item: fmt.Sprintf("set/%d", i/2%6), Repeat: i / 12}
		rng := debate.NewRand(3, c.String())
		t := &debate.Transcript{Question: debate.Question{ID: c.Item, Choices: []string{"x", "y", "z"}}, Agents: []string{"ann", "bob"}}
		for round := range 3 {
			for speaker, name := range t.Agents {
				m := debate.Message{Seq: len(t.Messages), Round: round, From: name}
				m.Answer = []debate.Answer{"A", "B", "C", ""}[rng.IntN(4)]
				m.Usage = debate.Usage{Calls: 1, PromptTokens: 10}
				if round > 0 && c.Arm == "naive" {
					m.Heard = []int{2*(round-1) + 1 - speaker}
				}
				t.Messages = append(t.Messages, m)
			}
		}
		rec := &debate.Record{Case: c, Key: "A", Transcript: t, Seed: c.Seed(1)}
		rec.Verdicts = []debate.Verdict{{Judge: "plurality", Answer: t.Messages[4].Answer, Tied: t.Messages[4].Answer != t.Messages[5].Answer}}
		if i%3 == 0 {
			rec.Verdicts = append(rec.Verdicts, debate.Verdict{Judge: "round-0 vote", Answer: "A"})
		}
		if i == 7 {
			rec.Verdicts[0] = debate.Verdict{Judge: "plurality", Failed: "too slow", FailureKind: "timeout"}
		}
		list = append(list, rec)
	}
	return append(list, &debate.Record{Case: debate.Case{Arm: "naive", Item: "set/9"}, Key: "A", Failed: "no server", FailureKind: "unreachable"})
}

// TestScoresAreThoseOfTheReport compares every figure of an arm with the report's, in another order of arrival.
func TestScoresAreThoseOfTheReport(t *testing.T) {
	list := records()
	report, err := reports.Analyze(func(yield func(*debate.Record, error) bool) {
		for _, rec := range list {
			if !yield(rec, nil) {
				return
			}
		}
	}, reports.Options{Name: "x", Arms: []string{"naive", "alone"}})
	if err != nil {
		t.Fatal(err)
	}
	s := scores.New([]scores.Arm{{Name: "naive"}, {Name: "alone"}})
	slices.Reverse(list)
	for _, rec := range list {
		s.Add(rec)
	}
	got := s.Sheet().Arms()
	if len(got) != 2 || s.Done != 37 || s.Failed != 1 || s.Usage.Calls != 36*6 || s.Usage.PromptTokens != 36*60 {
		t.Fatalf("%d arms, %d done, %d failed, %+v", len(got), s.Done, s.Failed, s.Usage)
	}
	for i, want := range report.Overall.Arms {
		g := got[i]
		if g.Name != want.Name || g.N != want.Debates || g.Failed != want.Failed || g.Tied != want.Tied || g.Matrix != want.Revisions.Matrix {
			t.Errorf("arm %s: %+v\nwant %+v", want.Name, g, want)
		}
		for _, pair := range []struct {
			name             string
			got              tui.Rate
			n                int
			value, low, high float64
		}{
			{"before", g.Before, want.Before.N, want.Before.Value, want.Before.Low, want.Before.High},
			{"after", g.After, want.After.N, want.After.Value, want.After.Low, want.After.High},
			{"change", g.Change, want.Change.N, want.Change.Value, want.Change.Low, want.Change.High},
			{"harmful", g.Harmful, want.Revisions.Harmful.N, want.Revisions.Harmful.Value, want.Revisions.Harmful.Low, want.Revisions.Harmful.High},
			{"beneficial", g.Beneficial, want.Revisions.Beneficial.N, want.Revisions.Beneficial.Value, want.Revisions.Beneficial.Low, want.Revisions.Beneficial.High},
		} {
			off := max(math.Abs(pair.got.Value-100*pair.value), math.Abs(pair.got.Low-100*pair.low), math.Abs(pair.got.High-100*pair.high))
			if pair.got.N != pair.n || pair.n == 0 || off > 1e-9 {
				t.Errorf("arm %s, %s: %+v, the report has %d %v [%v, %v]", want.Name, pair.name, pair.got, pair.n, pair.value, pair.low, pair.high)
			}
		}
	}
}

// TestFlipsNameWhoSwayed compares the ticker with the flips of the report.
func TestFlipsNameWhoSwayed(t *testing.T) {
	s := scores.New(nil)
	want := 0
	for _, rec := range records() {
		s.Add(rec)
		for f, err := range reports.Flips(func(yield func(*debate.Record, error) bool) { yield(rec, nil) }) {
			if err != nil {
				t.Fatal(err)
			}
			if rec.Case.Arm == "alone" {
				continue // heard nobody
			}
			want++
			g := s.Flips()
			i := slices.IndexFunc(g, func(g tui.Flip) bool { return g.Case == f.Case && g.Agent == f.Agent && g.Round == f.Round })
			if i < 0 || g[i].From != f.Before || g[i].To != f.After || !slices.Equal(g[i].SwayedBy, f.Holders) || (g[i].Fate == debate.Corrupted) != f.Harmful() {
				t.Errorf("flip %+v is not among %+v", f, g)
			}
		}
	}
	if got := len(s.Flips()); got != want || want == 0 {
		t.Errorf("%d flips, want %d", got, want)
	}
	for range 100 {
		for _, rec := range records() {
			s.Add(rec)
		}
	}
	if got := len(s.Flips()); got != 64 {
		t.Errorf("%d flips are kept", got)
	}
}

func TestFailuresAreSorted(t *testing.T) {
	s := scores.New(nil)
	for _, rec := range records() {
		s.Add(rec)
	}
	turn := debate.Record{Failed: "round 0: agent ann: slow down", FailureKind: "rate limit", Transcript: &debate.Transcript{Agents: []string{"ann"},
		Messages: []debate.Message{{From: "ann", Failed: "slow down", FailureKind: "rate limit"}}}}
	s.Add(&turn)
	s.Add(&turn)
	damaged := *records()[0].Transcript
	damaged.Messages = []debate.Message{{Seq: 5, From: "ann"}}
	s.Add(&debate.Record{Key: "A", Transcript: &damaged})
	got := s.Errors()
	for i, want := range []tui.Failure{{Kind: "rate limit", N: 2, Example: "slow down"}, {Kind: "damaged record", N: 1},
		{Kind: "timeout", N: 1, Example: "plurality: too slow"}, {Kind: "unreachable", N: 1, Example: "no server"}} {
		if len(got) != 4 || got[i].Kind != want.Kind || got[i].N != want.N || want.Example != "" && got[i].Example != want.Example {
			t.Fatalf("%+v", got)
		}
	}
}

// TestWithoutAKeyNothingIsGraded adds a debate on a question of which nobody knows the answer.
func TestWithoutAKeyNothingIsGraded(t *testing.T) {
	s := scores.New(nil)
	rec := records()[0]
	rec.Key = ""
	s.Add(rec)
	if a := s.Sheet().Arms()[0]; a.N != 1 || a.Before.N+a.After.N+a.Change.N+a.Matrix.Total() != 0 {
		t.Errorf("%+v", a)
	}
}
