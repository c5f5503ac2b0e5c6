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
	check(t, walk(t, m, click(m, "llama mmlu/virology/33")), tui.Open{Case: debate.Case{Arm: "confidence", Item: "mmlu/virology/33"}})
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
