package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"charm.land/bubbles/v2/progress"
	"charm.land/lipgloss/v2"

	"cheaptalk/debate"
	"cheaptalk/reports/paint"
)

const (
	barEvery  = 100 * time.Millisecond // how often the bar is drawn at most
	lineEvery = 10 * time.Second       // how often a plain line is written at most
)

// meter shows how far an experiment has come: a bar on a terminal, a line now and then elsewhere. It is safe for concurrent use.
type meter struct {
	w        io.Writer
	terminal bool
	columns  func() int // of the terminal, which may be made wider or narrower at any time
	bar      progress.Model
	now      func() time.Time // may go back, when it has no monotonic clock reading
	extra    func() string    // what else the line says, behind everything; nil is nothing

	mu              sync.Mutex          // guards what follows, and writing
	planned, before int                 // debates of the experiment, and those of them that an earlier process had recorded
	done, failed    int                 // by this process; see hasFailed
	flying          map[debate.Case]int // the debates in flight, and how many of their turns are over
	calls           calls
	started, shown  time.Time
}

// newMeter returns a meter that writes to w.
func newMeter(w io.Writer, planned, before int, now func() time.Time) *meter {
	m := &meter{w: w, planned: planned, before: before, now: now, started: now(), flying: map[debate.Case]int{},
		terminal: isTerminal(w), columns: func() int { columns, _ := screen(w); return columns }}
	if m.terminal {
		m.bar = newBar(w)
	}
	m.shown = m.started
	return m
}

// newBar returns a bar for w, in colours where w takes them.
func newBar(w io.Writer) progress.Model {
	bar := progress.New(progress.WithoutPercentage(), progress.WithFillCharacters(progress.DefaultFullCharFullBlock, progress.DefaultEmptyCharBlock))
	if _, color := screen(w); !color {
		bar.FullColor, bar.EmptyColor = lipgloss.NoColor{}, lipgloss.NoColor{}
	}
	return bar
}

// event takes an event of the experiment.
func (m *meter) event(ev debate.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch ev := ev.(type) {
	case debate.In:
		turns := m.flying[ev.Case]
		if _, said := ev.Event.(debate.Said); said {
			turns++
		}
		m.flying[ev.Case] = turns
	case debate.Recorded:
		delete(m.flying, ev.Record.Case)
		m.done++
		if hasFailed(ev.Record) {
			m.failed++
		}
		m.calls.add(ev.Record)
	}
	every := lineEvery
	if m.terminal {
		every = barEvery
	}
	if now := m.now(); now.Sub(m.shown) >= every || now.Before(m.shown) {
		m.shown = now
		m.show()
	}
}

// skip counts a debate that an earlier process had done already.
func (m *meter) skip() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.before++
}

// stopping says on w that the debates in flight are the last ones.
func (m *meter) stopping(w io.Writer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.terminal {
		fmt.Fprint(m.w, "\r\x1b[K") // the bar is drawn again below
	}
	fmt.Fprintln(w, fitted(w, fmt.Sprintf("finishing %s in flight; press Ctrl-C again to stop at once (what is recorded is safe either way)", plural(len(m.flying), "debate"))))
}

// show writes the state of things.
func (m *meter) show() {
	if !m.terminal {
		fmt.Fprintln(m.w, m.line())
		return
	}
	// A line that the terminal breaks is more than \r goes back over, so the last column stays free.
	width := m.columns() - 1
	m.bar.SetWidth(min(max(width/6, 10), 40))
	line := paint.Cut(fitting(m.words(), width-m.bar.Width()-2), width)
	if bar := m.bar.Width() + 2; bar+paint.Width(line) <= width {
		line = m.bar.ViewAs(float64(m.before+m.done)/float64(max(m.planned, 1))) + "  " + line
	}
	fmt.Fprint(m.w, "\r\x1b[K", line)
}

// line returns "37/500 debates  1:12 left  0 failed  480 calls  45,678 tokens".
func (m *meter) line() string { return fitting(m.words(), math.MaxInt) }

// words returns what there is to say.
func (m *meter) words() []word {
	elapsed := max(m.now().Sub(m.started), 0)
	words := []word{{fmt.Sprintf("%d/%d debates", m.before+m.done, m.planned), 0}}
	switch left := m.planned - m.before - m.done; {
	case left <= 0:
		words = append(words, word{clock(elapsed), 1})
	case m.done > 0:
		words = append(words, word{clock(elapsed/time.Duration(m.done)*time.Duration(left)) + " left", 1})
	}
	if turns := m.turns(); turns > 0 {
		words = append(words, word{fmt.Sprintf("%d in flight (%s)", len(m.flying), plural(turns, "turn")), 4})
	}
	words = append(words, word{fmt.Sprintf("%d failed", m.failed), 2})
	words = append(words, m.calls.words()...)
	if m.extra != nil {
		if more := m.extra(); more != "" {
			words = append(words, word{more, 3})
		}
	}
	return words
}

// turns counts those that are over in the debates in flight: the first debates of a slow run may take minutes. Of simulated ones it is told nothing.
func (m *meter) turns() (n int) {
	for _, turns := range m.flying {
		n += turns
	}
	return n
}

// word is one thing that a line of progress says. The higher its rank, the sooner a narrow line does without it.
type word struct {
	text string
	rank int
}

// fitting joins words, without those of the highest rank until they fit into so many cells or only one is left.
func fitting(words []word, cells int) string {
	for {
		texts := make([]string, len(words))
		for i, w := range words {
			texts[i] = w.text
		}
		line := strings.Join(texts, "  ")
		if len(words) == 1 || paint.Width(line) <= cells {
			return line
		}
		last := slices.MaxFunc(words, func(a, b word) int { return cmp.Compare(a.rank, b.rank) })
		words = slices.DeleteFunc(words, func(w word) bool { return w == last })
	}
}

// folded joins words in lines of so many cells, but for a word that is longer.
func folded(words []word, cells int) string {
	lines := []string{words[0].text}
	for _, w := range words[1:] {
		line := &lines[len(lines)-1]
		if longer := *line + "  " + w.text; paint.Width(longer) <= cells {
			*line = longer
		} else {
			lines = append(lines, w.text)
		}
	}
	return strings.Join(lines, "\n")
}

// finish writes the last state, in whole, and ends the bar's line.
func (m *meter) finish() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.show()
	if !m.terminal {
		return
	}
	if line := m.line(); line != fitting(m.words(), m.columns()-1-m.bar.Width()-2) {
		fmt.Fprint(m.w, "\r\x1b[K", folded(m.words(), m.columns()))
	}
	fmt.Fprintln(m.w)
}

// clock writes a duration for a person: "1.9 s", "1:12", "2:03:00".
func clock(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
}

// thousands writes 12345 as "12,345".
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
