package screen

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"cheaptalk/tui"
	"cheaptalk/tui/canvas"
)

// binding is one row of the table of keys.
type binding struct {
	keys []string // as Bubble Tea names them
	name string   // as the hints and the help write them
	hint string   // at the bottom of the screen; "" for none
	does string   // in the help, in at most 45 characters; "" for none
	on   func(*Model) bool
	do   func(*Model) tea.Cmd
}

// table holds every key. Of the rows that have a key, the first that is on is done. The hints stand in this order, and so do the rows of the
// help, those that are on before the others.
func table() []binding {
	return []binding{
		{[]string{"esc"}, "esc", "back", "leave the help or the form; drop the filter", (*Model).somewhere, (*Model).back},
		{[]string{"i"}, "i", "answer", "go on typing your answer", func(m *Model) bool { return m.shown.Prompt != nil && !m.done() }, (*Model).resumeTyping},
		{[]string{"s"}, "s", "step", "", stepping, step},
		{[]string{"g", "S"}, "g", "go", "let a run that was stepped go on by itself", stepping, func(m *Model) tea.Cmd { return m.navigate(tui.Go{}) }},
		{[]string{"space"}, "space", "pause", "pause the view, not the run", pausable, (*Model).pause},
		{[]string{"space", "p"}, "space", "play", "play or pause a replay", replay, (*Model).play},
		{[]string{"left"}, "← →", "round", "the round before or after in a replay", scrubbing, func(m *Model) tea.Cmd { return m.seek(-1) }},
		{[]string{"right"}, "", "", "", scrubbing, func(m *Model) tea.Cmd { return m.seek(1) }},
		{[]string{"enter"}, "enter", "open", "open the debate that the mark is on", marking, (*Model).open},
		{[]string{"tab", "shift+tab"}, "tab", "view", "the debate or the experiment", always, (*Model).turn},
		{[]string{"k"}, "k", "key", "show or hide the key, the right answer", func(m *Model) bool { return !m.playing() }, (*Model).reveal},
		{[]string{"s"}, "s", "step", "let the run take one turn and wait", live, step},
		{[]string{"h"}, "h", "harmful", "the next harmful flip of a replay", replay, func(m *Model) tea.Cmd { return m.navigate(tui.Harmful{}) }},
		{[]string{"c"}, "c", "compare", "the question under another arm, side by side", replay, func(m *Model) tea.Cmd { return m.navigate(tui.Compare{}) }},
		{[]string{"."}, ". ,", "debate", "the next debate, the one before", always, func(m *Model) tea.Cmd { return m.navigate(tui.Move{By: 1}) }},
		{[]string{","}, "", "", "", always, func(m *Model) tea.Cmd { return m.navigate(tui.Move{By: -1}) }},
		{[]string{"/"}, "/", "filter", "choose debates, by words that it lists", always, (*Model).startFilter},
		{[]string{"?"}, "?", "help", "this table", always, (*Model).help},
		{[]string{"q", "ctrl+c"}, "q", "quit", "end what is in flight, quit; again: at once", always, (*Model).quit},
		{[]string{"+", "="}, "+ -", "speed", "the speed of a replay, 1x to 16x", replay, func(m *Model) tea.Cmd { return m.speed(1) }},
		{[]string{"-", "_"}, "", "", "", replay, func(m *Model) tea.Cmd { return m.speed(-1) }},
		{[]string{"left"}, "← →", "", "another list of the experiment", inExperiment, func(m *Model) tea.Cmd { return m.pane(-1) }},
		{[]string{"right"}, "", "", "", inExperiment, func(m *Model) tea.Cmd { return m.pane(1) }},
		{[]string{"]", "right"}, "[ ]", "", "another agent, where not all fit", inDebate, func(m *Model) tea.Cmd { return m.agent(1) }},
		{[]string{"[", "left"}, "", "", "", inDebate, func(m *Model) tea.Cmd { return m.agent(-1) }},
		{[]string{"o"}, "o", "", "the question in full", inDebate, (*Model).unfold},
		{[]string{"up"}, "↑ ↓", "", "scroll, or move in a list; the wheel too", always, func(m *Model) tea.Cmd { return m.scroll(1) }},
		{[]string{"down"}, "", "", "", always, func(m *Model) tea.Cmd { return m.scroll(-1) }},
		{[]string{"pgup"}, "pgup pgdn", "", "a page", always, func(m *Model) tea.Cmd { return m.scroll(m.look.Height / 2) }},
		{[]string{"pgdown"}, "", "", "", always, func(m *Model) tea.Cmd { return m.scroll(-m.look.Height / 2) }},
		{[]string{"home"}, "home end", "", "the oldest words, the newest", always, func(m *Model) tea.Cmd { return m.scroll(1 << 30) }},
		{[]string{"end"}, "", "", "", always, func(m *Model) tea.Cmd { return m.scroll(-1 << 30) }},
	}
}

// step lets the run take one turn.
func step(m *Model) tea.Cmd { return m.navigate(tui.Step{}) }

// unfold shows the question in full, or no more.
func (m *Model) unfold() tea.Cmd {
	m.look.Unfolded, m.look.Scroll = !m.look.Unfolded, 0
	return nil
}

func always(*Model) bool         { return true }
func replay(m *Model) bool       { return m.shown.Replay }
func pausable(m *Model) bool     { return m.look.Paused || !over(m.newest) }
func live(m *Model) bool         { return !over(m.newest) && m.newest.State != tui.Stopping }
func stepping(m *Model) bool     { return m.newest.State == tui.Stepping }
func inExperiment(m *Model) bool { return m.look.Experiment }
func inDebate(m *Model) bool     { return !m.look.Experiment }
func scrubbing(m *Model) bool    { return inDebate(m) && m.shown.Timeline != nil }
func marking(m *Model) bool      { return inExperiment(m) && !m.look.Help && m.pickedIn(m.shown) != nil }

// somewhere reports whether there is something to go back from.
func (m *Model) somewhere() bool {
	return m.look.Help || m.typing != nothing || m.shown.Filter != tui.Filter{}
}

// press does what a key stands for.
func (m *Model) press(k tea.KeyPressMsg) tea.Cmd {
	if m.typing != nothing && k.String() != "ctrl+c" {
		return m.typed(k)
	}
	return m.do(k.String())
}

// do does what the first row that has the key and is on says.
func (m *Model) do(key string) tea.Cmd {
	for _, b := range table() {
		if slices.Contains(b.keys, key) && b.on(m) {
			return b.do(m)
		}
	}
	return nil
}

// hints returns the keys that do something now.
func (m *Model) hints() []canvas.Hint {
	switch m.typing {
	case filtering:
		return []canvas.Hint{{Key: "enter", Does: "apply"}, {Key: "esc", Does: "drop the filter"}}
	case speaking:
		return []canvas.Hint{{Key: "enter", Does: "send"}, {Key: "tab", Does: "other line"}, {Key: "↑ ↓", Does: "scroll"}, {Key: "ctrl+n", Does: "next agent"}, {Key: "esc", Does: "keys"}}
	}
	var out []canvas.Hint
	named := map[string]bool{}
	for _, b := range table() { // the first that are on, as many as fit
		if b.hint != "" && b.on(m) && !named[b.name] {
			named[b.name] = true
			out = append(out, canvas.Hint{Key: b.name, Does: m.hint(b), Always: b.name == "?" || b.name == "q"})
		}
	}
	return out
}

// hint is the hint of a row where it depends on what is shown.
func (m *Model) hint(b binding) string {
	switch b.hint {
	case "pause":
		if m.look.Paused {
			return "resume"
		}
	case "play":
		if t := m.shown.Timeline; t != nil && t.Speed > 0 {
			return "pause"
		}
	case "key":
		if !m.hidden {
			return "hide key"
		}
		return "show key"
	case "view":
		if m.look.Experiment {
			return "debate"
		}
		return "experiment"
	}
	return b.hint
}

// allKeys returns the whole table for the help, which says of each key whether it does something in the view beneath.
func (m *Model) allKeys() []canvas.Hint {
	under := *m
	under.look.Help = false
	var out []canvas.Hint
	for _, b := range table() {
		if b.does == "" {
			continue
		}
		does := b.does
		if b.hint == "quit" && over(m.newest) {
			does = "quit"
		}
		out = append(out, canvas.Hint{Key: b.name, Does: does, Off: !b.on(&under)})
	}
	return out
}
