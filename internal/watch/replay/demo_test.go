package replay_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/demo"
	"cheaptalk/internal/watch/replay"
	"cheaptalk/tui"
)

// TestTheDemoPlays opens the recording that comes with the program, which is whole and holds no calls.
func TestTheDemoPlays(t *testing.T) {
	run, done, err := demo.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := run.Dir()
	t.Run("plays", func(t *testing.T) {
		v := open(t, run, replay.Options{Title: demo.Title, Speed: 16})
		s := v.until("counted", func(s tui.Snapshot) bool { return s.Done == 360 && s.Matching == 360 && s.Debate != nil })
		if s.Planned != 360 || s.Failed != 0 || s.Simulated || len(s.Flips) == 0 || !strings.Contains(s.Title, "recording") {
			t.Errorf("%d planned, %d failed, %d flips, %q", s.Planned, s.Failed, len(s.Flips), s.Title)
		}
		for _, line := range s.Cases {
			rec, err := run.RecordWithCalls(t.Context(), line.Case)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range rec.Transcript.Messages {
				if m.Text == "" || len(m.Exchanges) > 0 {
					t.Errorf("%s, message %d: %d bytes, %d calls", line.Case, m.Seq, len(m.Text), len(m.Exchanges))
				}
			}
		}
		v.ask(tui.Harmful{}, "a harmful flip", func(s tui.Snapshot) bool { // it pauses before it has found one
			return s.Timeline.Speed == 0 && slices.ContainsFunc(debate.Transitions(s.Debate.Transcript, s.Debate.Key), func(tr debate.Transition) bool {
				return tr.Fate() == debate.Corrupted && tr.Round == s.Timeline.Round
			})
		})
	})
	if err := done(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is left behind: %v", dir, err)
	}
}
