package replay_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/internal/watch/replay"
	"cheaptalk/internal/watch/scores"
	"cheaptalk/tui"
)

// script says what two agents answer, round by round: "AB AB BB" is three rounds.
func record(c debate.Case, script string) *debate.Record {
	t := &debate.Transcript{Question: debate.Question{ID: c.Item, Text: "Which?", Choices: []string{"x", "y", "z"}}, Agents: []string{"ann", "bob"}}
	for round, answers := range strings.Fields(script) {
		for speaker, name := range t.Agents {
			m := debate.Message{Seq: len(t.Messages), Round: round, From: name}
			if round > 0 {
				m.Heard = []int{2*(round-1) + 1 - speaker}
			}
			m.Answer = debate.Answer(answers[speaker : speaker+1])
			m.Text = "I say " + string(m.Answer)
			t.Messages = append(t.Messages, m)
		}
	}
	last := t.Messages[len(t.Messages)-2:]
	return &debate.Record{Case: c, Key: "A", Transcript: t, Verdicts: []debate.Verdict{{Judge: "plurality", Answer: last[0].Answer, Tied: last[0].Answer != last[1].Answer}}}
}

// stored is a run in a temporary folder.
func stored(t *testing.T, records ...*debate.Record) *store.Run {
	t.Helper()
	w, err := store.Create(t.TempDir(), "test", store.Meta{Planned: len(records), Simulated: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range records {
		if err := w.Put(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := store.OpenReadOnly(w.Dir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func at(arm string, item int) debate.Case {
	return debate.Case{Arm: arm, Item: fmt.Sprintf("set%d/%04d", item%2, item)}
}

// four questions under two arms.
func small() []*debate.Record {
	return []*debate.Record{
		record(at("naive", 0), "AB AB BB"), record(at("alone", 0), "AB AB AB"), // ann is talked out of it in round 2
		record(at("naive", 2), "AC AA AA"), record(at("alone", 2), "AC AC AC"), // bob is talked into it
		record(at("naive", 4), "AB BB AB"), record(at("alone", 4), "AB AB AB"), // ann in round 1, and back
		{Case: at("naive", 6), Key: "A", Failed: "no server", FailureKind: "unreachable"}, record(at("alone", 6), "BB BB BB"),
	}
}

// viewer runs a replay and waits for snapshots.
type viewer struct {
	t     *testing.T
	r     *replay.Replay
	snaps chan tui.Snapshot
}

func open(t *testing.T, run *store.Run, o replay.Options) *viewer {
	t.Helper()
	v := &viewer{t: t, r: replay.New(run, o), snaps: make(chan tui.Snapshot)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		v.r.Run(ctx, func(s tui.Snapshot) {
			select {
			case v.snaps <- s:
			case <-ctx.Done():
			}
		})
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return v
}

// until waits for a snapshot of that kind.
func (v *viewer) until(what string, ok func(tui.Snapshot) bool) tui.Snapshot {
	v.t.Helper()
	limit := time.After(20 * time.Second)
	var last tui.Snapshot
	for {
		select {
		case last = <-v.snaps:
			if ok(last) {
				return last
			}
		case <-limit:
			v.t.Fatalf("never %s; last %+v", what, last)
		}
	}
}

func (v *viewer) ask(ask tui.Ask, what string, ok func(tui.Snapshot) bool) tui.Snapshot {
	v.t.Helper()
	v.r.Ask(ask)
	return v.until(what, ok)
}

func shows(c debate.Case) func(tui.Snapshot) bool {
	return func(s tui.Snapshot) bool { return s.Debate != nil && s.Debate.Case == c }
}

func TestAReplayShowsTheRun(t *testing.T) {
	v := open(t, stored(t, small()...), replay.Options{Title: "small", Arms: []scores.Arm{{Name: "naive", Rounds: 2, Models: map[string]string{"ann": "m"}}, {Name: "alone", Rounds: 2}}})
	first := v.until("open", func(s tui.Snapshot) bool { return s.Debate != nil && len(s.Cases) > 0 })
	if !first.Replay || !first.Simulated || first.Title != "small" || first.Planned != 8 || first.Debate.Case != at("alone", 0) || !first.Debate.Over || first.Timeline.Round != 3 {
		t.Errorf("first %+v %+v", first, first.Debate)
	}
	counted := func(s tui.Snapshot) bool { return s.Done == 8 && s.Matching == 8 }
	s := first
	if !counted(s) { // the list may come last, when all is counted
		s = v.until("counted", counted)
	}
	if s.Failed != 1 || len(s.Arms) != 2 || s.Arms[0].N != 3 || s.Arms[0].Matrix.Of(debate.Corrupted) != 2 || s.Arms[0].Matrix.Of(debate.Corrected) != 2 {
		t.Errorf("%d failed, %+v", s.Failed, s.Arms)
	}
	if len(s.Flips) != 4 || len(s.Errors) != 1 || s.Errors[0].Kind != "unreachable" {
		t.Errorf("%+v %+v", s.Flips, s.Errors)
	}
	if line := s.Cases[3]; line.Case != at("naive", 2) || !line.Over || !line.Right || !line.Known || line.Helpful != 1 || line.Harmful != 0 || line.Tied {
		t.Errorf("line %+v", line)
	}
	s = v.ask(tui.Open{Case: at("naive", 6)}, "the failed one", shows(at("naive", 6)))
	if d := s.Debate; d.Failed != "no server" || d.Transcript.Question.ID != "set0/0006" || d.Models["ann"] != "m" {
		t.Errorf("%+v", d)
	}
	s = v.ask(tui.Open{Case: at("nobody", 6)}, "trouble", func(s tui.Snapshot) bool { return s.Trouble != "" })
	if !strings.Contains(s.Trouble, "nobody") || s.Debate.Case != at("naive", 6) {
		t.Errorf("trouble %q with %s", s.Trouble, s.Debate.Case)
	}
}

func TestTheTimelineShowsADebateAsItWas(t *testing.T) {
	v := open(t, stored(t, small()...), replay.Options{First: at("naive", 0)})
	v.until("open", shows(at("naive", 0)))
	for _, c := range []struct{ seek, round, messages, debate int }{
		{-1, -1, 0, -1}, {0, 0, 2, 0}, {1, 1, 4, 1}, {2, 2, 6, 2}, {3, 3, 6, 2}, {99, 3, 6, 2}, {-7, -1, 0, -1},
	} {
		s := v.ask(tui.Seek{Round: c.seek}, "there", func(s tui.Snapshot) bool { return s.Timeline.Round == c.round })
		if len(s.Debate.Transcript.Messages) != c.messages || s.Debate.Round != c.debate || s.Timeline.Last != 2 {
			t.Errorf("seek %d shows %d messages, round %d of %d", c.seek, len(s.Debate.Transcript.Messages), s.Debate.Round, s.Timeline.Last)
		}
		if over := c.round == 3; s.Debate.Over != over || (len(s.Debate.Verdicts) > 0) != over || s.Debate.Speaking != nil {
			t.Errorf("seek %d: over %v, %d verdicts, %v", c.seek, s.Debate.Over, len(s.Debate.Verdicts), s.Debate.Speaking)
		}
	}
	// Between two rounds nobody speaks, unless it plays: then it is the first of the next round.
	s := v.ask(tui.Seek{Round: 0}, "after round 0", func(s tui.Snapshot) bool { return s.Timeline.Round == 0 })
	if s.Debate.Speaking != nil || s.Debate.Round != 0 {
		t.Errorf("paused after round 0, %v speak in round %d", s.Debate.Speaking, s.Debate.Round)
	}
	s = v.ask(tui.Play{Speed: 1}, "playing", func(s tui.Snapshot) bool { return s.Timeline.Speed == 1 })
	if _, speaks := s.Debate.Speaking["ann"]; !speaks || s.Debate.Round != 1 {
		t.Errorf("playing after round 0, %v speak in round %d", s.Debate.Speaking, s.Debate.Round)
	}
}

func TestHarmfulFlipsAreFound(t *testing.T) {
	v := open(t, stored(t, small()...), replay.Options{First: at("naive", 0)})
	v.until("open", shows(at("naive", 0)))
	v.ask(tui.Seek{Round: -1}, "at the start", func(s tui.Snapshot) bool { return s.Timeline.Round == -1 })
	s := v.ask(tui.Harmful{}, "the first", func(s tui.Snapshot) bool { return s.Timeline.Round != -1 })
	if s.Debate.Case != at("naive", 0) || s.Timeline.Round != 2 {
		t.Errorf("%s round %d", s.Debate.Case, s.Timeline.Round)
	}
	s = v.ask(tui.Harmful{}, "the second", shows(at("naive", 4)))
	if s.Timeline.Round != 1 {
		t.Errorf("round %d", s.Timeline.Round)
	}
	s = v.ask(tui.Harmful{}, "no third", func(s tui.Snapshot) bool { return s.Note == "no harmful flip after this one" })
	if s.Debate.Case != at("naive", 4) || s.Timeline.Round != 1 {
		t.Errorf("%s round %d", s.Debate.Case, s.Timeline.Round)
	}
}

func TestArmsAreComparedOnTheSameQuestion(t *testing.T) {
	v := open(t, stored(t, small()...), replay.Options{First: at("naive", 0), Arms: []scores.Arm{{Name: "naive"}, {Name: "alone"}}})
	v.until("open", shows(at("naive", 0)))
	s := v.ask(tui.Compare{}, "compared", func(s tui.Snapshot) bool { return s.Beside != nil })
	if s.Beside.Case != at("alone", 0) || s.Parted != 2 || !s.Beside.Over {
		t.Errorf("beside %s parted in %d", s.Beside.Case, s.Parted)
	}
	s = v.ask(tui.Seek{Round: 1}, "earlier", func(s tui.Snapshot) bool { return s.Timeline.Round == 1 })
	if len(s.Beside.Transcript.Messages) != 4 || s.Beside.Over {
		t.Errorf("beside has %d messages in round 1", len(s.Beside.Transcript.Messages))
	}
	s = v.ask(tui.Open{Case: at("naive", 2)}, "both moved", func(s tui.Snapshot) bool { return s.Beside != nil && s.Beside.Case == at("alone", 2) })
	if s.Debate.Case != at("naive", 2) || s.Parted != 1 {
		t.Errorf("%s parted in %d", s.Debate.Case, s.Parted)
	}
	v.ask(tui.Compare{}, "alone again", func(s tui.Snapshot) bool { return s.Beside == nil })
}

// TestWhatComesToNothingSaysSo because nothing else on the screen would change.
func TestWhatComesToNothingSaysSo(t *testing.T) {
	one := slices.DeleteFunc(small(), func(rec *debate.Record) bool { return rec.Case.Arm != "naive" })
	v := open(t, stored(t, one...), replay.Options{First: at("naive", 0), Arms: []scores.Arm{{Name: "naive"}}})
	v.until("open", shows(at("naive", 0)))
	says := func(note string) func(tui.Snapshot) bool { return func(s tui.Snapshot) bool { return s.Note == note } }
	v.ask(tui.Move{By: -1}, "the start", says("this is the first debate"))
	v.ask(tui.Compare{}, "one arm", says("no other arm has held a debate of this question"))
	v.ask(tui.Seek{Round: 0}, "another ask", says(""))
	f := tui.Filter{Outcome: "failed"}
	v.ask(tui.Choose{Filter: f}, "filtered", func(s tui.Snapshot) bool { return s.Filter == f && s.Matching == 1 && !s.Counting })
	v.ask(tui.Open{Case: at("naive", 6)}, "the only one", shows(at("naive", 6)))
	v.ask(tui.Move{By: 1}, "the end", says("this is the last debate that matches failed"))
}

func TestTheListIsFiltered(t *testing.T) {
	v := open(t, stored(t, small()...), replay.Options{First: at("naive", 0)})
	v.until("counted", func(s tui.Snapshot) bool { return s.Matching == 8 })
	for _, c := range []struct {
		filter tui.Filter
		want   []debate.Case
	}{
		{tui.Filter{Outcome: "harmful"}, []debate.Case{at("naive", 0), at("naive", 4)}},
		{tui.Filter{Outcome: "harmful", Agent: "bob"}, nil},
		{tui.Filter{Outcome: "beneficial", Agent: "bob"}, []debate.Case{at("naive", 2)}},
		{tui.Filter{Outcome: "tied", Arm: "naive"}, []debate.Case{at("naive", 4)}},
		{tui.Filter{Outcome: "failed"}, []debate.Case{at("naive", 6)}},
		{tui.Filter{Agent: "ann", Arm: "naive"}, []debate.Case{at("naive", 0), at("naive", 2), at("naive", 4)}},
		{tui.Filter{Data: "set1"}, nil},
	} {
		s := v.ask(tui.Choose{Filter: c.filter}, "filtered", func(s tui.Snapshot) bool {
			return s.Filter == c.filter && s.Matching == len(c.want) && len(s.Cases) == len(c.want)
		})
		var got []debate.Case
		for _, line := range s.Cases {
			got = append(got, line.Case)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v lists %v", c.filter, got)
		}
	}
	f := tui.Filter{Outcome: "harmful"}
	v.ask(tui.Choose{Filter: f}, "filtered", func(s tui.Snapshot) bool { return s.Filter == f })
	v.ask(tui.Move{By: 1}, "the next", shows(at("naive", 4)))
	v.ask(tui.Move{By: -1}, "the one before", shows(at("naive", 0)))
}

// TestAFilterIsFollowed to the nearest debate under it: the one on the screen, one after it, or one before.
func TestAFilterIsFollowed(t *testing.T) {
	v := open(t, stored(t, small()...), replay.Options{First: at("alone", 2)})
	v.until("open", shows(at("alone", 2)))
	v.ask(tui.Choose{Filter: tui.Filter{Outcome: "harmful"}, Follow: true}, "after", shows(at("naive", 4)))
	v.ask(tui.Choose{Filter: tui.Filter{Outcome: "beneficial", Agent: "bob"}, Follow: true}, "before", shows(at("naive", 2)))
	f := tui.Filter{Arm: "naive"}
	s := v.ask(tui.Choose{Filter: f, Follow: true}, "the same", func(s tui.Snapshot) bool { return s.Filter == f && s.Matching == 4 && !s.Counting })
	if s.Debate.Case != at("naive", 2) {
		t.Errorf("%s is shown, which is not where the person was", s.Debate.Case)
	}
}

func TestAReplayPlays(t *testing.T) {
	v := open(t, stored(t, small()[:2]...), replay.Options{Speed: 16})
	last := -1
	for _, c := range []debate.Case{at("alone", 0), at("naive", 0)} {
		v.until("its beginning", func(s tui.Snapshot) bool { return shows(c)(s) && s.Timeline.Round == -1 && s.Timeline.Speed == 16 })
		for n := range 6 {
			v.until("a turn", func(s tui.Snapshot) bool { return len(s.Debate.Transcript.Messages) == n+1 })
		}
		v.until("its end", func(s tui.Snapshot) bool { return s.Debate.Over })
		last++
	}
	v.until("the end of all", func(s tui.Snapshot) bool { return s.Timeline.Speed == 0 && s.Debate.Over })
	s := v.ask(tui.Play{Speed: 99}, "again", func(s tui.Snapshot) bool { return s.Timeline.Speed == 16 && !s.Debate.Over })
	if s.Debate.Case != at("naive", 0) {
		t.Errorf("plays %s", s.Debate.Case)
	}
	v.ask(tui.Play{}, "paused", func(s tui.Snapshot) bool { return s.Timeline.Speed == 0 })
}

// TestALongListIsReadInPages looks at windows of more debates than are marked.
func TestALongListIsReadInPages(t *testing.T) {
	var records []*debate.Record
	for i := range 2600 {
		records = append(records, record(at("naive", i), "AB BB"))
	}
	v := open(t, stored(t, records...), replay.Options{})
	v.until("counted", func(s tui.Snapshot) bool { return s.Matching == 2600 && s.Done == 2600 })
	order := func(i int) debate.Case { // of the store: set0 before set1
		if i < 1300 {
			return at("naive", 2*i)
		}
		return at("naive", 2*(i-1300)+1)
	}
	for _, from := range []int{0, 999, 1000, 1001, 2345, 2599} {
		s := v.ask(tui.List{From: from}, "there", func(s tui.Snapshot) bool { return s.CasesFrom == from })
		for i, line := range s.Cases {
			if line.Case != order(from+i) {
				t.Fatalf("line %d is %s, want %s", from+i, line.Case, order(from+i))
			}
		}
		if want := min(256, 2600-from); len(s.Cases) != want {
			t.Errorf("%d lines from %d", len(s.Cases), from)
		}
	}
	s := v.ask(tui.List{From: 1 << 40}, "the last", func(s tui.Snapshot) bool { return s.CasesFrom == 2599 })
	if s.Matching != 2600 {
		t.Errorf("%d", s.Matching)
	}
}
