package screen

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/teatest/v2"

	"cheaptalk/debate"
	"cheaptalk/tui"
)

// heard keeps what a screen asks. It is safe for concurrent use.
type heard struct {
	mu   sync.Mutex
	asks []tui.Ask
}

func (h *heard) ask(a tui.Ask) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asks = append(h.asks, a)
}

func (h *heard) all() []tui.Ask {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.asks)
}

// walk sends messages and keys to a screen as Bubble Tea would, running its commands one after the other, and returns what it asked.
func walk(t *testing.T, m *Model, steps ...any) []tui.Ask {
	t.Helper()
	h := &heard{}
	m.asks = h.ask
	var run func(tea.Cmd)
	run = func(cmd tea.Cmd) {
		if cmd == nil {
			return
		}
		switch msg := cmd().(type) {
		case nil, tick:
		case tea.BatchMsg:
			for _, c := range msg {
				run(c)
			}
		case tea.QuitMsg:
			h.ask(nil) // the program ends here
		default:
			_, next := m.Update(msg)
			run(next)
		}
	}
	for _, step := range steps {
		switch step := step.(type) {
		case string:
			for key := range strings.FieldsSeq(step) {
				_, cmd := m.Update(named(key))
				run(cmd)
			}
		default:
			_, cmd := m.Update(step)
			run(cmd)
		}
	}
	return h.all()
}

// seen returns the view without colours.
func seen(m *Model) string { return ansi.Strip(m.View().Content) }

func check(t *testing.T, got []tui.Ask, want ...tui.Ask) {
	t.Helper()
	if !reflect.DeepEqual(got, want) && len(got)+len(want) > 0 {
		t.Errorf("asked %#v\nwant  %#v", got, want)
	}
}

func TestKeysAsk(t *testing.T) {
	for _, c := range []struct {
		from func() tui.Snapshot
		keys string
		want []tui.Ask
	}{
		{run, ". ,", []tui.Ask{tui.Move{By: 1}, tui.Move{By: -1}}},
		{run, "s", []tui.Ask{tui.Step{}}},
		{run, "g", nil}, // nothing was stepped
		{replayed, "s", nil},
		{stopping, "s", nil}, // nobody steps a run that ends
		{run, "space k ? ? tab tab o up", nil},
		{run, "p h c + -", nil}, // of a replay only
		{run, "tab down enter", []tui.Ask{tui.Open{Case: debate.Case{Arm: "confidence", Item: "mmlu/virology/33"}}}},
		{run, "tab right down down enter", []tui.Ask{tui.Open{Case: debate.Case{Arm: "naive", Item: "csqa/812"}}}},
		{run, "/ t i e d space a r m : n enter", []tui.Ask{tui.Choose{Filter: tui.Filter{Outcome: "tied", Arm: "n"}, Follow: true}}},
		{run, "tab / t i e d enter", []tui.Ask{tui.Choose{Filter: tui.Filter{Outcome: "tied"}}}}, // the list is what is looked at
		{run, "/ t i e d esc", nil},
		{run, "/ b o g u s enter", nil},
		{replayed, "left left", []tui.Ask{tui.Seek{Round: 0}, tui.Seek{Round: -1}}},
		{replayed, "right right right", []tui.Ask{tui.Seek{Round: 2}, tui.Seek{Round: 2}, tui.Seek{Round: 2}}},
		{replayed, "space space", []tui.Ask{tui.Play{Speed: 0}, tui.Play{Speed: 1}}},
		{replayed, "+ + + + -", []tui.Ask{tui.Play{Speed: 4}, tui.Play{Speed: 8}, tui.Play{Speed: 16}, tui.Play{Speed: 16}, tui.Play{Speed: 8}}},
		{replayed, "h c", []tui.Ask{tui.Harmful{}, tui.Compare{}}},
		{replayed, "q", []tui.Ask{tui.Quit{}, nil}},
	} {
		m := still([2]int{100, 30}, c.from(), "")
		check(t, walk(t, m, c.keys), c.want...)
	}
}

func TestSteppedRunGoesOn(t *testing.T) {
	s := run()
	s.State = tui.Stepping
	m := still([2]int{80, 24}, s, "")
	if !strings.Contains(seen(m), "waits for s") {
		t.Error("the view does not say that the run waits for s")
	}
	check(t, walk(t, m, "s g S"), tui.Step{}, tui.Go{}, tui.Go{})
}

func TestQuitting(t *testing.T) {
	m := still([2]int{80, 24}, run(), "")
	check(t, walk(t, m, "q"), tui.Quit{})
	if !strings.Contains(seen(m), "finishing 8 debates in flight; q again stops at once") {
		t.Errorf("nothing says that the run is finishing:\n%s", seen(m))
	}
	check(t, walk(t, m, "q"), tui.Quit{})
	over := run()
	over.State = tui.Stopped
	check(t, walk(t, m, over), nil)

	t.Run("a finished run stays on the screen", func(t *testing.T) {
		over := run()
		over.State = tui.Finished
		m := still([2]int{80, 24}, run(), "")
		check(t, walk(t, m, over))
		check(t, walk(t, m, "q"), tui.Quit{}, nil)
	})
	t.Run("a paused view leaves too", func(t *testing.T) {
		m := still([2]int{80, 24}, run(), "")
		check(t, walk(t, m, "space q", over), tui.Quit{}, nil)
	})
	t.Run("the third time does not wait", func(t *testing.T) {
		m := still([2]int{80, 24}, run(), "")
		check(t, walk(t, m, "q q q"), tui.Quit{}, tui.Quit{}, nil)
	})
}

func TestPauseHoldsTheView(t *testing.T) {
	m := still([2]int{80, 24}, run(), "space")
	before := seen(m)
	later := run()
	later.Done = 4000
	m.Update(later)
	if seen(m) != before {
		t.Error("a snapshot changed a paused view")
	}
	m.Update(named("space"))
	if !strings.Contains(seen(m), "round 1 of 2") || m.shown.Done != 4000 {
		t.Error("the newest snapshot is not shown after the pause")
	}
	m = still([2]int{80, 24}, run(), "space")
	walk(t, m, ".")
	if m.look.Paused {
		t.Error("opening another debate does not end the pause")
	}
}

// TestBlindViewsDoNotTell compares the views of one debate under two keys: as long as the key is hidden, nothing on any screen may differ.
func TestBlindViewsDoNotTell(t *testing.T) {
	for _, sample := range samples {
		if s := sample.make(); s.Replay || s.Debate == nil {
			continue // the key is shown, or there is none
		}
		for _, size := range sizes {
			for _, tab := range []string{"", "tab", "tab right"} {
				var views [2]string
				for i, key := range []debate.Answer{"C", "B"} {
					s := sample.make()
					s.Flips = append([]tui.Flip{{Case: astronomy("penalized"), Round: 1, Agent: "llama", From: "C", To: "B", Fate: []debate.Fate{debate.Corrupted, debate.Corrected}[i]}}, s.Flips...)
					for j := range s.Cases {
						if s.Cases[j].Case.Item == sky.ID {
							s.Cases[j].Right, s.Cases[j].Harmful = i == 0, i
						}
					}
					s.Debate.Key = key
					views[i] = still(size, s, tab).View().Content
				}
				if views[0] != views[1] {
					t.Errorf("%s at %v after %q tells the key", sample.name, size, tab)
				}
			}
		}
	}
}

func TestAsksKeepTheirOrder(t *testing.T) {
	h := &heard{}
	m := still([2]int{80, 24}, run(), "")
	m.asks = h.ask
	_, first := m.Update(named("."))
	for range 5 {
		if _, cmd := m.Update(named(",")); cmd != nil {
			if msg := cmd(); msg != nil {
				t.Fatalf("a second command runs beside the first: %T", msg)
			}
		}
	}
	_, next := m.Update(first())
	next()
	want := []tui.Ask{tui.Move{By: 1}, tui.Move{By: -1}, tui.Move{By: -1}, tui.Move{By: -1}, tui.Move{By: -1}, tui.Move{By: -1}}
	check(t, h.all(), want...)
}

func TestTheWindowOfDebatesFollows(t *testing.T) {
	m := still([2]int{80, 24}, run(), "tab right")
	asks := walk(t, m, strings.Repeat("down ", 20))
	check(t, asks, tui.List{From: 8})
	s := run()
	s.CasesFrom, s.Cases = 8, append(s.Cases[8:], tui.Line{Case: debate.Case{Arm: "naive", Item: "gsm8k/1"}})
	m.Update(s)
	if m.look.Picked != 20 {
		t.Errorf("the mark is on %d, want 20", m.look.Picked)
	}
}

func TestTheMarkStaysOnItsFlip(t *testing.T) {
	m := still([2]int{80, 24}, run(), "tab down")
	s := run()
	s.Flips = append([]tui.Flip{{Case: debate.Case{Arm: "naive", Item: "csqa/900"}, Agent: "gpt", From: "A", To: "B", Fate: debate.Corrupted}}, s.Flips...)
	m.Update(s)
	check(t, walk(t, m, "enter"), tui.Open{Case: s.Flips[2].Case})
}

func TestTheHelpShowsEveryKey(t *testing.T) {
	help := still([2]int{120, 60}, run(), "?")
	words := seen(help)
	for _, b := range table() {
		if b.does != "" && !strings.Contains(words, b.does) {
			t.Errorf("the help lacks %q", b.does)
		}
		if len(b.keys) == 0 || b.on == nil || b.do == nil {
			t.Errorf("%q does nothing", b.name)
		}
	}
}

func TestTheHelpBeginsWithTheKeysThatDoSomething(t *testing.T) {
	for _, c := range []struct {
		from            func() tui.Snapshot
		here, elsewhere []string
	}{
		{run, []string{"pause the view", "let the run take one turn", "quit; again"}, []string{"play or pause a replay", "the next harmful flip", "open the debate"}},
		{replayed, []string{"play or pause a replay", "the next harmful flip"}, []string{"pause the view", "let the run take one turn"}},
	} {
		here, elsewhere, found := strings.Cut(seen(still([2]int{80, 90}, c.from(), "?")), "keys of other views")
		if !found {
			t.Fatal("the help does not tell the keys apart")
		}
		for _, words := range c.here {
			if !strings.Contains(here, words) {
				t.Errorf("%q is not among the keys that do something", words)
			}
		}
		for _, words := range c.elsewhere {
			if !strings.Contains(elsewhere, words) {
				t.Errorf("%q is not among the keys of other views", words)
			}
		}
	}
	if words := seen(still([2]int{60, 20}, replayed(), "? q")); strings.Contains(words, "in flight") {
		t.Error("in a replay q is said to wait for debates")
	}
}

// TestStepsAreOfferedWhileARunIsStepped at every size: the run waits for nothing else.
func TestStepsAreOfferedWhileARunIsStepped(t *testing.T) {
	s := run()
	s.State = tui.Stepping
	for _, size := range sizes {
		words := seen(still(size, s, ""))
		if last := words[strings.LastIndex(words, "└"):]; strings.Count(last, "s step") != 1 || !strings.Contains(last, "g go") {
			t.Errorf("%v: the keys are %s", size, last)
		}
	}
}

// TestAFilterThatFindsNothingSaysSo while the debate from before it stays on the screen.
func TestAFilterThatFindsNothingSaysSo(t *testing.T) {
	s := run()
	s.Filter, s.Matching, s.Cases = tui.Filter{Outcome: "failed"}, 0, nil
	if words := seen(still([2]int{80, 24}, s, "")); !strings.Contains(words, "no debate matches failed; esc drops the filter") {
		t.Error(words)
	}
	s.Counting = true
	if words := seen(still([2]int{80, 24}, s, "")); !strings.Contains(words, "looking for debates that match failed …") {
		t.Error(words)
	}
}

func TestTheScreenBeginsWithTheExperimentWhereItIsTold(t *testing.T) {
	m := New(func(tui.Ask) {}, true).(*Model)
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	if m.Update(run()); !strings.Contains(seen(m), "[experiment]") {
		t.Errorf("it begins with\n%s", seen(m))
	}
}

func TestProgram(t *testing.T) {
	h := &heard{}
	tm := teatest.NewTestModel(t, New(h.ask, false), teatest.WithInitialTermSize(120, 40), teatest.WithProgramOptions(tea.WithColorProfile(colorprofile.TrueColor)))
	tm.Send(run())
	wait := func(words string) {
		t.Helper()
		teatest.WaitFor(t, tm.Output(), func(out []byte) bool { return bytes.Contains(out, []byte(words)) }, teatest.WithDuration(10*time.Second))
	}
	wait("swayed by")
	tm.Type("k")
	wait("corrupted")
	tm.Send(tea.KeyPressMsg{Code: tea.KeyTab})
	wait("accuracy by arm")
	tm.Type(".q")
	wait("finishing")
	over := run()
	over.State = tui.Stopped
	tm.Send(over)
	tm.WaitFinished(t, teatest.WithFinalTimeout(10*time.Second))
	check(t, h.all(), tui.Move{By: 1}, tui.Quit{})
}

// TestNoColourIsHeeded runs a program in an environment with NO_COLOR: its output has weights but no colours.
func TestNoColourIsHeeded(t *testing.T) {
	tm := teatest.NewTestModel(t, New(func(tui.Ask) {}, false), teatest.WithProgramOptions(tea.WithEnvironment([]string{"TERM=xterm-256color", "NO_COLOR=1", "TTY_FORCE=1"})))
	tm.Send(replayed())
	var all bytes.Buffer
	teatest.WaitFor(t, tm.Output(), func(out []byte) bool { all.Write(out); return bytes.Contains(out, []byte("verdicts")) }, teatest.WithDuration(10*time.Second))
	tm.Type("q")
	tm.WaitFinished(t, teatest.WithFinalTimeout(10*time.Second))
	if out := all.String(); strings.Contains(out, "\x1b[38;") || strings.Contains(out, "\x1b[3") && !strings.Contains(out, "\x1b[1m") {
		t.Errorf("colours in spite of NO_COLOR: %q", out[:min(len(out), 400)])
	} else if !strings.Contains(out, "\x1b[1m") {
		t.Error("nothing is bold")
	}
}
