package screen

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"cheaptalk/debate"
	"cheaptalk/tui"
)

func TestClicks(t *testing.T) {
	click := func(m *Model, words string) tea.MouseClickMsg {
		for y, line := range strings.Split(seen(m), "\n") {
			if at := strings.Index(line, words); at >= 0 {
				return tea.MouseClickMsg{X: ansi.StringWidth(line[:at]), Y: y, Button: tea.MouseLeft}
			}
		}
		t.Fatalf("%q is not on the screen:\n%s", words, seen(m))
		return tea.MouseClickMsg{}
	}
	m := still([2]int{80, 24}, run(), "")
	walk(t, m, click(m, "experiment"))
	if !m.look.Experiment {
		t.Error("a click on the tab does not switch")
	}
	check(t, walk(t, m, click(m, "mmlu/virology/33")), tui.Open{Case: debate.Case{Arm: "confidence", Item: "mmlu/virology/33"}})
	walk(t, m, click(m, "tab experiment"))
	walk(t, m, click(m, "debates 3,128"))
	check(t, walk(t, m, click(m, "naive csqa/811")), tui.Open{Case: debate.Case{Arm: "naive", Item: "csqa/811"}})
	walk(t, m, click(m, "mistral mistral-7b"))
	if m.look.Agent != 2 {
		t.Errorf("agent %d is shown, want 2", m.look.Agent)
	}
	check(t, walk(t, m, click(m, "▼ mistral csqa/812")), tui.Open{Case: debate.Case{Arm: "naive", Item: "csqa/812"}})
	m = still([2]int{80, 24}, replayed(), "")
	check(t, walk(t, m, click(m, "question ")), tui.Seek{Round: -1})
	m.Update(click(m, "? help"))
	if !m.look.Help {
		t.Error("a click on a hint does not press its key")
	}
}

func TestScrollingStopsAtTheEnds(t *testing.T) {
	var s tui.Snapshot
	for _, sample := range samples {
		if sample.name == "long-reply" {
			s = sample.make()
		}
	}
	m := still([2]int{80, 24}, s, "home")
	if top := seen(m); !strings.Contains(top, "round 0") {
		t.Errorf("home does not show the oldest words:\n%s", top)
	}
	for range 10 {
		m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	}
	m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	if strings.Contains(seen(m), "round 0 C\n") || m.look.Scroll == m.frame().Above {
		t.Error("the wheel went beyond the end")
	}
	m.Update(named("end"))
	if m.look.Scroll != 0 || !strings.Contains(seen(m), "The answer is (C).") {
		t.Error("end does not show the newest words")
	}
}

// TestTheQuestionInFull cuts no choice where o or a person asks for all of it.
func TestTheQuestionInFull(t *testing.T) {
	for keys, whole := range map[string]bool{"": false, "o": true} {
		words := strings.Join(strings.Fields(strings.ReplaceAll(seen(still([2]int{60, 24}, run(), keys)), "│", "")), " ")
		for _, choice := range sky.Choices {
			if !strings.Contains(words, choice) && whole {
				t.Errorf("%q lacks %q:\n%s", keys, choice, words)
			}
		}
		if whole == strings.Contains(words, "…") {
			t.Errorf("%q: %s", keys, words)
		}
	}
	s := run() // longer than the screen
	s.Debate.Transcript.Question.Text = strings.Repeat("Why is the sky blue? ", 100) + "That is the question."
	m := still([2]int{60, 20}, s, "o")
	for range 100 {
		m.Update(named("down"))
	}
	if words := seen(m); !strings.Contains(words, "That is the question.") || !strings.Contains(words, "D  Because") || strings.Contains(words, "↓ more") {
		t.Errorf("the end of a long question cannot be scrolled to:\n%s", words)
	}
	if m.Update(named("o")); !strings.Contains(seen(m), "votes") {
		t.Error("o does not go back")
	}
}

func TestResizeReflows(t *testing.T) {
	for _, sample := range samples {
		m := still([2]int{200, 60}, sample.make(), sample.keys)
		for _, size := range [][2]int{{60, 20}, {61, 21}, {79, 23}, {80, 30}, {99, 25}, {100, 20}, {101, 50}, {140, 24}, {300, 100}, {59, 20}, {10, 3}, {1, 1}} {
			m.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			holds(t, m.View().Content, size)
		}
	}
	m := still([2]int{40, 10}, run(), "")
	if !strings.Contains(strings.Join(strings.Fields(seen(m)), " "), "needs a terminal of 60 x 20; this one is 40 x 10") {
		t.Errorf("a small terminal is told:\n%s", seen(m))
	}
}
