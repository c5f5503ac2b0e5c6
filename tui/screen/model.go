// Package screen is the Bubble Tea model of cheaptalk: it takes snapshots and keys, and asks. What it shows is drawn by package view.
//
// There is one model. Update does no input or output and never blocks: what the person wants goes to the engine in a command, one at a
// time and in order. Every key stands in one table (keys.go) from which the dispatch, the hints at the bottom and the help are made.
package screen

import (
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"cheaptalk/debate"
	"cheaptalk/tui"
	"cheaptalk/tui/canvas"
	"cheaptalk/tui/ink"
	"cheaptalk/tui/view"
)

// Model is the screen. It is made by New and used by one tea.Program, which is sent tui.Snapshot values.
type Model struct {
	asks    func(tui.Ask)
	waiting []tui.Ask // to be asked after those that are being asked
	asking  bool
	leave   bool // quit once all is asked

	shown  tui.Snapshot
	newest tui.Snapshot // differs from shown while the view is paused
	begun  bool         // a snapshot has come

	look     canvas.Look
	hidden   bool // the person wants the key hidden
	quits    int  // how often q was pressed while a run went on
	terminal ink.Terminal
	palette  *ink.Palette

	typing typing // what is being typed
	filter textinput.Model
	words  textinput.Model // of a person at the table
	sure   textinput.Model
	onSure bool      // sure is being typed, not words
	spoken turn      // the turn in which the person has spoken
	left   turn      // the turn whose form the person has left
	now    time.Time // while a person has until some time
	ticks  bool
	trip   string // what is wrong with what was typed
}

// typing says which form is open.
type typing uint8

const (
	nothing typing = iota
	filtering
	speaking
)

// turn is one turn of a person.
type turn struct {
	of    debate.Case
	round int
	asked bool
}

// New returns a screen that waits for its first snapshot. asks is called by one goroutine at a time, in the order in which the person asked; it may
// block without blocking the screen. It begins with the view of the debate or, where experiment says so, with the experiment around it. In a run the key is hidden
// at first, in a replay it is shown.
func New(asks func(tui.Ask), experiment bool) tea.Model {
	m := &Model{asks: asks, hidden: true, filter: newLine(), words: newLine(), sure: newLine(), terminal: ink.Terminal{Dark: true}}
	m.look.Experiment = experiment
	m.palette = ink.NewPalette(m.terminal)
	return m
}

// Init asks the terminal whether its background is dark.
func (m *Model) Init() tea.Cmd { return tea.RequestBackgroundColor }

// asked says that all that was handed over has been asked.
type asked struct{}

// tick is the time while a person has until some time.
type tick time.Time

// Update takes a snapshot, a key, a click or what the terminal says of itself.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tui.Snapshot:
		cmd = m.take(msg)
	case tea.WindowSizeMsg:
		m.look.Width, m.look.Height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		m.terminal.Dark = msg.IsDark()
		m.palette = ink.NewPalette(m.terminal)
	case tea.ColorProfileMsg:
		m.terminal.Profile = msg.Profile
		m.palette = ink.NewPalette(m.terminal)
	case tea.ModeReportMsg:
		// As Bubble Tea does: a terminal that knows mode 2027 measures what a reader takes for one character.
		if msg.Mode == ansi.ModeUnicodeCore && (msg.Value == ansi.ModeReset || msg.Value == ansi.ModeSet || msg.Value == ansi.ModePermanentlySet) {
			m.terminal.Ruler.Graphemes = true
			m.palette = ink.NewPalette(m.terminal)
		}
	case tea.KeyPressMsg:
		cmd = m.press(msg)
	case tea.PasteMsg:
		cmd = m.typed(msg)
	case tea.MouseClickMsg:
		if msg.Button == tea.MouseLeft {
			cmd = m.click(msg.X, msg.Y)
		}
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			cmd = m.scroll(3)
		case tea.MouseWheelDown:
			cmd = m.scroll(-3)
		}
	case asked:
		m.asking = false
		cmd = m.ask()
	case tick:
		m.now = time.Time(msg)
		m.ticks = m.shown.Prompt != nil && !m.shown.Prompt.Until.IsZero()
		if m.ticks {
			cmd = tea.Tick(time.Second, func(t time.Time) tea.Msg { return tick(t) })
		}
	}
	return m, cmd
}

// take puts a snapshot on the screen, or keeps it while the view is paused.
func (m *Model) take(s tui.Snapshot) tea.Cmd {
	if !m.begun && s.Replay {
		m.hidden = false
	}
	m.begun = true
	m.newest = s
	if s.Prompt != nil {
		m.look.Paused = false // it is the person's turn
	}
	if m.look.Paused {
		return m.leaveWhenOver()
	}
	return tea.Batch(m.show(s), m.leaveWhenOver())
}

// show puts a snapshot on the screen.
func (m *Model) show(s tui.Snapshot) tea.Cmd {
	before := m.shown
	m.shown = s
	switch {
	case s.Debate == nil || before.Debate == nil || s.Debate.Case != before.Debate.Case:
		m.look.Agent = 0
		if !m.look.Experiment {
			m.look.Scroll = 0
		}
	}
	m.keepPicked(before)
	return m.prompted()
}

// keepPicked leaves the mark on the flip or the debate that it was on when others come before it.
func (m *Model) keepPicked(before tui.Snapshot) {
	was := m.pickedIn(before)
	if m.look.Picked == 0 { // on the newest: it stays there
		return
	}
	switch m.look.Pane {
	case canvas.FlipPane:
		flips := m.flips(&m.shown)
		for i, f := range flips {
			if was != nil && f.Case == *was {
				m.look.Picked = i
				return
			}
		}
		m.look.Picked = max(0, min(m.look.Picked, len(flips)-1))
	case canvas.DebatePane:
		for i, row := range m.shown.Cases {
			if was != nil && row.Case == *was {
				m.look.Picked = m.shown.CasesFrom + i
				return
			}
		}
		m.look.Picked = max(0, min(m.look.Picked, m.shown.Matching-1))
	}
}

// pickedIn returns the case that the mark is on in a snapshot, or nil.
func (m *Model) pickedIn(s tui.Snapshot) *debate.Case {
	switch m.look.Pane {
	case canvas.FlipPane:
		if flips := m.flips(&s); m.look.Picked < len(flips) {
			return &flips[m.look.Picked].Case
		}
	case canvas.DebatePane:
		if i := m.look.Picked - s.CasesFrom; i >= 0 && i < len(s.Cases) {
			return &s.Cases[i].Case
		}
	}
	return nil
}

// flips returns the flips that may be shown.
func (m *Model) flips(s *tui.Snapshot) []tui.Flip {
	look := m.look
	look.Blind = m.blind()
	return canvas.Flips(s, look)
}

// ask hands what the person wants to the engine. While it is being asked, more waits.
func (m *Model) ask(more ...tui.Ask) tea.Cmd {
	m.waiting = append(m.waiting, more...)
	if m.asking {
		return nil
	}
	if len(m.waiting) == 0 {
		if m.leave {
			return tea.Quit
		}
		return nil
	}
	batch := m.waiting
	m.waiting, m.asking = nil, true
	return func() tea.Msg {
		for _, a := range batch {
			m.asks(a)
		}
		return asked{}
	}
}

// View draws the screen.
func (m *Model) View() tea.View {
	v := tea.NewView(m.frame().String())
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	v.WindowTitle = "cheaptalk"
	return v
}

// frame draws the screen with what can be clicked.
func (m *Model) frame() canvas.Frame {
	look := m.look
	look.Blind = m.blind()
	look.Keys = m.allKeys()
	look.Hints = m.hints()
	look.Input = m.form()
	look.Notice = m.notice()
	return view.Draw(&m.shown, look, m.palette)
}

// blind reports whether the key of the debate is hidden: as the person wishes, and always while a person plays it.
func (m *Model) blind() bool { return m.hidden || m.playing() }

func (m *Model) playing() bool {
	return m.shown.Person && m.shown.Debate != nil && !m.shown.Debate.Over
}

// over reports whether the run goes on no more, so that leaving interrupts nothing.
func over(s tui.Snapshot) bool {
	return s.Replay || s.State == tui.Finished || s.State == tui.Stopped
}

// quit ends the screen when nothing is going on; else it asks the run to end, and at the third time does not wait for it.
func (m *Model) quit() tea.Cmd {
	if over(m.newest) {
		m.leave = true
		return m.ask(tui.Quit{})
	}
	if m.quits++; m.quits > 2 {
		return tea.Quit
	}
	return m.ask(tui.Quit{})
}

// leaveWhenOver ends the screen when the run that was asked to end has ended.
func (m *Model) leaveWhenOver() tea.Cmd {
	if m.quits == 0 || !over(m.newest) {
		return nil
	}
	m.leave = true
	return m.ask()
}
