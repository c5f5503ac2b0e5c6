package screen

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"cheaptalk/tui"
	"cheaptalk/tui/canvas"
	"cheaptalk/tui/view/debates"
)

// navigate asks for something that changes what is shown, which ends a pause of the view.
func (m *Model) navigate(a tui.Ask) tea.Cmd {
	var shown tea.Cmd
	if m.look.Paused {
		m.look.Paused = false
		shown = m.show(m.newest)
	}
	return tea.Batch(shown, m.ask(a))
}

func (m *Model) pause() tea.Cmd {
	m.look.Paused = !m.look.Paused
	if m.look.Paused {
		return nil
	}
	return m.show(m.newest)
}

func (m *Model) turn() tea.Cmd {
	m.look.Experiment = !m.look.Experiment
	m.look.Help = false
	m.look.Scroll = 0
	return nil
}

func (m *Model) help() tea.Cmd {
	m.look.Help = !m.look.Help
	m.look.Scroll = 0
	return nil
}

func (m *Model) reveal() tea.Cmd {
	m.hidden = !m.hidden
	return nil
}

// back leaves the help, or drops the filter.
func (m *Model) back() tea.Cmd {
	if m.look.Help {
		return m.help()
	}
	return m.navigate(tui.Choose{})
}

// open puts the debate that the mark is on on the screen.
func (m *Model) open() tea.Cmd {
	of := m.pickedIn(m.shown)
	m.look.Experiment, m.look.Scroll = false, 0
	return m.navigate(tui.Open{Case: *of})
}

// agent shows another agent where not all fit.
func (m *Model) agent(by int) tea.Cmd {
	if m.shown.Debate == nil {
		return nil
	}
	n := debates.Speakers(m.shown.Debate)
	at := m.look.Agent - 1
	if m.look.Agent == 0 {
		at = debates.Following(&m.shown)
	}
	if n > 0 {
		m.look.Agent = (at+by+n)%n + 1
	}
	m.look.Scroll = 0
	return nil
}

// pane chooses another list of the experiment.
func (m *Model) pane(by int) tea.Cmd {
	m.look.Pane = (m.look.Pane + by + canvas.Panes) % canvas.Panes
	m.look.Picked = 0
	return nil
}

// scroll goes up by so many lines, or moves the mark of a list.
func (m *Model) scroll(by int) tea.Cmd {
	if m.look.Experiment && !m.look.Help {
		return m.mark(-by)
	}
	f := m.frame()
	m.look.Scroll = min(max(m.look.Scroll+by, -f.Below), f.Above)
	return nil
}

// mark moves the mark of a list, and asks for the window of debates that it is in.
func (m *Model) mark(by int) tea.Cmd {
	n := len(m.flips(&m.shown))
	if m.look.Pane != canvas.FlipPane {
		n = m.shown.Matching
	}
	m.look.Picked = max(0, min(m.look.Picked+by, n-1))
	from, to := m.shown.CasesFrom, m.shown.CasesFrom+len(m.shown.Cases)
	if m.look.Pane == canvas.DebatePane && (m.look.Picked < from || m.look.Picked >= to) {
		return m.navigate(tui.List{From: max(0, m.look.Picked-m.look.Height/2)})
	}
	return nil
}

// click does what is at a cell.
func (m *Model) click(x, y int) tea.Cmd {
	s, ok := m.frame().At(x, y)
	switch {
	case !ok:
	case s.Open != nil:
		m.look.Experiment, m.look.Scroll, m.look.Help = false, 0, false
		return m.navigate(tui.Open{Case: *s.Open})
	case s.Agent > 0:
		m.look.Agent = s.Agent
	case s.Pane > 0:
		return m.pane(s.Pane - 1 - m.look.Pane)
	case s.Round != nil:
		return m.seekTo(*s.Round)
	case s.Key != "":
		return m.press(keyNamed(s.Key))
	}
	return nil
}

// keyNamed returns a press of the key that a hint names.
func keyNamed(name string) tea.KeyPressMsg {
	for code, special := range map[rune]string{tea.KeyTab: "tab", tea.KeyEnter: "enter", tea.KeyEscape: "esc", tea.KeySpace: "space"} {
		if special == name {
			return tea.KeyPressMsg{Code: code}
		}
	}
	switch name {
	case "ctrl+n":
		return tea.KeyPressMsg{Code: 'n', Mod: tea.ModCtrl}
	case "←":
		return tea.KeyPressMsg{Code: tea.KeyLeft}
	case "↑":
		return tea.KeyPressMsg{Code: tea.KeyUp}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// seek shows a replay some rounds before or after.
func (m *Model) seek(by int) tea.Cmd { return m.seekTo(m.shown.Timeline.Round + by) }

func (m *Model) seekTo(round int) tea.Cmd {
	if m.shown.Timeline == nil {
		return nil
	}
	t := *m.shown.Timeline
	t.Round = min(max(round, -1), t.Last+1)
	m.shown.Timeline = &t // so that a second press before the next snapshot goes on from here
	m.look.Scroll = 0
	return m.ask(tui.Seek{Round: t.Round})
}

// speeds are those of a replay.
var speeds = []int{1, 2, 4, 8, 16}

func (m *Model) play() tea.Cmd {
	t := m.shown.Timeline
	if t == nil {
		return nil
	}
	speed := 1
	if t.Speed > 0 {
		speed = 0
	}
	return m.playAt(speed)
}

func (m *Model) speed(by int) tea.Cmd {
	if m.shown.Timeline == nil {
		return nil
	}
	i := slices.Index(speeds, m.shown.Timeline.Speed) // -1 when it is paused
	return m.playAt(speeds[min(max(i+by, 0), len(speeds)-1)])
}

func (m *Model) playAt(speed int) tea.Cmd {
	t := *m.shown.Timeline
	t.Speed = speed
	m.shown.Timeline = &t
	return m.ask(tui.Play{Speed: speed})
}

// notice is the line for the person, "" for none.
func (m *Model) notice() string {
	switch {
	case m.quits >= 2:
		return "stopping at once; q a third time leaves without waiting"
	case m.quits == 1 && m.newest.InFlight > 0:
		noun := "debates"
		if m.newest.InFlight == 1 {
			noun = "debate"
		}
		return fmt.Sprintf("finishing %d %s in flight; q again stops at once", m.newest.InFlight, noun)
	case m.quits == 1:
		return "finishing; q again stops at once"
	}
	if f := m.shown.Filter; f != (tui.Filter{}) && m.shown.Matching == 0 && m.shown.Debate != nil && !m.look.Experiment && m.typing == nothing {
		if m.shown.Counting {
			return "looking for debates that match " + f.String() + " …"
		}
		return "no debate matches " + f.String() + "; esc drops the filter"
	}
	return m.shown.Note
}
