package screen

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"cheaptalk/debate"
	"cheaptalk/tui"
	"cheaptalk/tui/canvas"
)

// field is a line of a form as it is drawn.
func field(label string, in textinput.Model) canvas.Field {
	return canvas.Field{Label: label, Text: in.Value(), Caret: in.Position()}
}

// form is what is being typed, nil when nothing is.
func (m *Model) form() *canvas.Input {
	switch m.typing {
	case filtering:
		note := m.trip
		if note == "" {
			note = tui.FilterWords
		}
		return &canvas.Input{Title: "filter", Fields: []canvas.Field{field("show", m.filter)}, Note: note}
	case speaking:
		p := m.shown.Prompt
		in := &canvas.Input{Title: "your turn · " + taskWords(p), Fields: []canvas.Field{field("answer", m.words), field("sure, in %", m.sure)}, Note: m.trip}
		if m.onSure {
			in.At = 1
		}
		if !p.Until.IsZero() && !m.now.IsZero() {
			in.Title += fmt.Sprintf(" · %d s left", max(0, int(p.Until.Sub(m.now)/time.Second)))
		}
		return in
	}
	return nil
}

// taskWords says what a person is asked to do.
func taskWords(p *tui.Prompt) string {
	switch p.Task {
	case debate.Solve:
		return fmt.Sprintf("round %d: answer alone", p.Round)
	case debate.Critique:
		return fmt.Sprintf("round %d: look for flaws in the others' answers, then answer", p.Round)
	case debate.Reflect:
		return fmt.Sprintf("round %d: check your answer", p.Round)
	case debate.Aggregate:
		return "read all answers and write the final one"
	}
	return fmt.Sprintf("round %d: read the others and answer again", p.Round)
}

// this is the turn that the prompt is for.
func (m *Model) this() turn {
	t := turn{asked: true, round: m.shown.Prompt.Round}
	if m.shown.Debate != nil {
		t.of = m.shown.Debate.Case
	}
	return t
}

// done reports whether the person has spoken in the turn of the prompt.
func (m *Model) done() bool { return m.spoken == m.this() }

// prompted opens the form when it is the person's turn and closes it when it no longer is.
func (m *Model) prompted() tea.Cmd {
	p := m.shown.Prompt
	switch {
	case p == nil:
		if m.typing == speaking {
			m.typing = nothing
		}
		m.spoken = turn{}
		m.left = turn{}
		return nil
	case m.done():
		return nil
	case m.typing == nothing && m.left != m.this():
		m.startSpeaking()
	}
	if m.ticks || p.Until.IsZero() {
		return nil
	}
	m.ticks = true
	return func() tea.Msg { return tick(time.Now()) }
}

func (m *Model) startSpeaking() {
	m.words, m.sure = newLine(), newLine()
	m.typing, m.onSure, m.trip = speaking, false, ""
	m.look.Help, m.look.Experiment = false, false
}

// resumeTyping opens the form again that esc has left.
func (m *Model) resumeTyping() tea.Cmd {
	m.typing, m.look.Help, m.look.Experiment = speaking, false, false
	return nil
}

func (m *Model) startFilter() tea.Cmd {
	m.filter = newLine()
	m.filter.SetValue(m.shown.Filter.String())
	m.typing, m.trip = filtering, ""
	return nil
}

// typed takes a key while something is being typed.
func (m *Model) typed(msg tea.Msg) tea.Cmd {
	if m.typing == nothing {
		return nil
	}
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "esc":
			return m.untype()
		case "enter":
			if m.typing == filtering {
				return m.choose()
			}
			return m.speak()
		case "tab", "shift+tab":
			m.onSure = !m.onSure
			return nil
		case "ctrl+n", "ctrl+p":
			if m.typing == speaking {
				return m.agent(map[string]int{"ctrl+n": 1, "ctrl+p": -1}[k.String()])
			}
		case "up", "down", "pgup", "pgdown":
			if m.typing == speaking {
				return m.do(k.String())
			}
		}
	}
	m.trip = ""
	into := &m.words
	switch {
	case m.typing == filtering:
		into = &m.filter
	case m.onSure:
		into = &m.sure
	}
	*into, _ = into.Update(msg)
	return nil
}

// untype leaves what is being typed: a filter is dropped, an answer waits.
func (m *Model) untype() tea.Cmd {
	was := m.typing
	m.typing, m.trip = nothing, ""
	if was == speaking {
		m.left = m.this()
		return nil
	}
	if m.shown.Filter == (tui.Filter{}) {
		return nil
	}
	return m.navigate(tui.Choose{})
}

// choose sets the filter that was typed.
func (m *Model) choose() tea.Cmd {
	f, err := tui.ParseFilter(m.filter.Value())
	if err != nil {
		m.trip = err.Error()
		return nil
	}
	m.typing, m.look.Picked = nothing, 0
	if f.Outcome == "tied" || f.Outcome == "failed" { // no flip tells of it
		m.look.Pane = canvas.DebatePane
	}
	return m.navigate(tui.Choose{Filter: f, Follow: !m.look.Experiment && f != tui.Filter{}})
}

// askAgain is what an empty answer gets the first time.
const askAgain = "type your answer: a letter, a number or a sentence that ends in it; enter again abstains"

// speak sends what a person typed, or at the second empty answer that they abstain. Enter in the answer goes on to the confidence, which may be left empty.
func (m *Model) speak() tea.Cmd {
	words := strings.TrimSpace(m.words.Value())
	if words == "" {
		if m.trip == askAgain { // they mean it
			m.spoken, m.typing = m.this(), nothing
			return m.ask(tui.Speak{})
		}
		m.trip, m.onSure = askAgain, false
		return nil
	}
	if !m.onSure {
		m.onSure = true
		return nil
	}
	sure, err := parseConfidence(m.sure.Value())
	if err != nil {
		m.trip = err.Error()
		return nil
	}
	m.spoken, m.typing = m.this(), nothing
	return m.ask(tui.Speak{Text: words, Confidence: sure})
}

// parseConfidence reads a confidence in percent, with or without the sign; an empty one is not stated.
func parseConfidence(s string) (debate.Confidence, error) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	if s == "" {
		return debate.Confidence{}, nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0 && v <= 100) {
		return debate.Confidence{}, fmt.Errorf("a confidence is a number from 0 to 100, in percent, or nothing; %q is not", s)
	}
	return debate.Sure(v / 100), nil
}
