package main

import (
	"context"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/race"
	"cheaptalk/internal/store"
	"cheaptalk/internal/tmux"
)

// walker is a person at a terminal. Whatever they wait for in vain ends the test.
type walker struct {
	t   *testing.T
	ctx context.Context
	s   *tmux.Session
}

func newWalker(t *testing.T, width, height int, command string) *walker {
	t.Helper()
	if err := tmux.Available(); err != nil {
		t.Skip(err)
	}
	if race.Enabled {
		t.Skip("a race build is too slow to be walked through; the screen and its engine have tests of their own under the detector")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	s, err := tmux.Start(ctx, width, height, nil, command)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return &walker{t, ctx, s}
}

// types presses keys, one after the other.
func (w *walker) types(keys ...string) {
	w.t.Helper()
	if err := w.s.Type(w.ctx, keys...); err != nil {
		w.t.Fatal(err)
	}
}

// sees waits until the words stand on the screen.
func (w *walker) sees(words ...string) string {
	w.t.Helper()
	screen, err := w.s.Wait(w.ctx, words...)
	if err != nil {
		w.t.Fatal(err)
	}
	return screen
}

// until waits until the screen is as wanted.
func (w *walker) until(what string, wanted func(string) bool) string {
	w.t.Helper()
	screen, err := w.s.Until(w.ctx, what, wanted)
	if err != nil {
		w.t.Fatal(err)
	}
	return screen
}

var progressOf = regexp.MustCompile(`([\d,]+)/3,096 debates`)

// debates returns how many debates the experiment view says are done, -1 where it says nothing.
func debates(screen string) int {
	found := progressOf.FindStringSubmatch(screen)
	if found == nil {
		return -1
	}
	n, _ := strconv.Atoi(strings.ReplaceAll(found[1], ",", ""))
	return n
}

// TestAWatchedRunLosesNothing watches a run in a terminal: it steps it, filters, opens a flip, makes the terminal small, quits, and goes on with the run.
func TestAWatchedRunLosesNothing(t *testing.T) {
	runs := t.TempDir()
	const planned = 172 * 6 * 3
	flags := " --seed 1 --epochs 3 --workers 1 --no-plots --log-dir " + runs
	w := newWalker(t, 120, 40, "cheaptalk watch"+flags)

	w.sees("[debate]", "simulated", "/3,096")
	w.types("s")
	w.sees("waits for s", "g go")
	w.types("Tab")
	before := debates(w.sees("[experiment]", "3,096 debates"))
	for range 12 { // of three agents, a debate takes three turns at least and nine at most, and a turn of the judge
		w.types("s")
	}
	after := debates(w.until("a debate ends by steps", func(screen string) bool { return debates(screen) > before }))
	if after > before+4 {
		t.Errorf("twelve steps ended %d debates", after-before)
	}

	w.types("Space")
	w.sees(" paused ")
	w.types("Space", "g")
	w.until("the run goes on", func(screen string) bool {
		return !strings.Contains(screen, "paused") && !strings.Contains(screen, "waits for s") && debates(screen) > after+60
	})
	w.types("/")
	w.sees("harmful beneficial tied failed agent:NAME")
	w.types("nonsense", "Enter")
	w.sees(`"nonsense"`)
	w.types("C-u", "harmful arm:naive", "Enter")
	w.sees("esc back", "harmful arm:naive")
	w.types("s")
	flip := regexp.MustCompile(`> [▲▼] \S+ +\S*?(/\S+) +\S+→\S+ +([^\s…]+)`)
	picked := flip.FindStringSubmatch(w.until("stepping, a flip is picked", func(screen string) bool {
		return strings.Contains(screen, "waits for s") && flip.MatchString(screen)
	}))
	w.types("Enter")
	w.sees("[debate]", picked[1], " "+picked[2])
	if w.types("k"); !strings.ContainsAny(w.sees("hide key", " key "), "▲▼") {
		t.Error("the debate of a flip shows no flip")
	}

	if err := w.s.Resize(w.ctx, 40, 10); err != nil {
		t.Fatal(err)
	}
	w.sees("needs a terminal of", "60 x 20")
	if err := w.s.Resize(w.ctx, 80, 24); err != nil {
		t.Fatal(err)
	}
	w.sees("[debate]", "q quit ─")
	w.types("q")
	told := regexp.MustCompile(`(\d+) of 3096 debates are recorded in\s+(\S+)`)
	left := told.FindStringSubmatch(strings.ReplaceAll(w.sees("are recorded", "--resume", "goes on with the other"), "\n", ""))
	if left == nil {
		t.Fatal("the command does not say how many are recorded")
	}
	folder := filepath.Join(runs, filepath.Base(newestRun(t, runs)))
	if got := uniqueRecords(t, folder); strconv.Itoa(got) != left[1] || got <= after {
		t.Errorf("%d debates are recorded; the command says %s", got, left[1])
	}

	w = newWalker(t, 80, 24, "cheaptalk watch --resume "+filepath.Base(folder)+" --no-plots --log-dir "+runs)
	w.sees(" finished ")
	w.types("q")
	if err := w.s.Ended(w.ctx); err != nil {
		t.Fatal(err)
	}
	if got := uniqueRecords(t, folder); got != planned {
		t.Errorf("%d debates are recorded in the end, not %d", got, planned)
	}
}

// newestRun returns the one run in a folder.
func newestRun(t *testing.T, runs string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(runs, "sampler-*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("runs %v, %v", found, err)
	}
	return found[0]
}

// uniqueRecords counts the debates of a run. None may be there twice.
func uniqueRecords(t *testing.T, folder string) int {
	t.Helper()
	r, err := store.OpenReadOnly(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	seen := map[debate.Case]bool{}
	for rec, err := range r.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if seen[rec.Case] {
			t.Errorf("%s is recorded twice", rec.Case)
		}
		seen[rec.Case] = true
	}
	return len(seen)
}
