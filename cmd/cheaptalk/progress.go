package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"charm.land/bubbles/v2/progress"
	"github.com/charmbracelet/x/term"

	"cheaptalk/debate"
)

const (
	barEvery  = 100 * time.Millisecond // how often the bar is drawn at most
	lineEvery = 10 * time.Second       // how often a plain line is written at most
)

// meter shows how far an experiment has come: a bar on a terminal, a line now and then elsewhere. It is safe for concurrent use.
type meter struct {
	w        io.Writer
	terminal bool
	bar      progress.Model
	now      func() time.Time // may go back, when it has no monotonic clock reading
	extra    func() string    // what else the line says, behind everything; nil is nothing

	mu              sync.Mutex // guards what follows, and writing
	planned, before int        // debates of the experiment, and those of them that an earlier process had recorded
	done, failed    int        // by this process; see hasFailed
	flying          map[debate.Case]bool
	calls           calls
	started, shown  time.Time
}

// newMeter returns a meter that writes to w.
func newMeter(w io.Writer, planned, before int, now func() time.Time) *meter {
	file, isFile := w.(*os.File)
	m := &meter{w: w, planned: planned, before: before, now: now, started: now(), flying: map[debate.Case]bool{},
		terminal: isFile && term.IsTerminal(file.Fd()) && os.Getenv("TERM") != "dumb"}
	if m.terminal {
		m.bar = progress.New(progress.WithWidth(40), progress.WithoutPercentage())
	}
	m.shown = m.started
	return m
}

// event takes an event of the experiment.
func (m *meter) event(ev debate.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch ev := ev.(type) {
	case debate.In:
		m.flying[ev.Case] = true
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

// stopping says on w that the debates in flight are the last ones.
func (m *meter) stopping(w io.Writer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.terminal {
		fmt.Fprint(m.w, "\r\x1b[K") // the bar is drawn again below
	}
	fmt.Fprintf(w, "finishing %s in flight; press Ctrl-C again to stop at once (what is recorded is safe either way)\n", plural(len(m.flying), "debate"))
}

// show writes the state of things.
func (m *meter) show() {
	if m.terminal {
		share := float64(m.before+m.done) / float64(max(m.planned, 1))
		fmt.Fprintf(m.w, "\r\x1b[K%s  %s", m.bar.ViewAs(share), m.line())
		return
	}
	fmt.Fprintln(m.w, m.line())
}

// line returns "37/500 debates  1:12 left  0 failed  480 calls  45,678 tokens".
func (m *meter) line() string {
	var s strings.Builder
	elapsed := max(m.now().Sub(m.started), 0)
	fmt.Fprintf(&s, "%d/%d debates", m.before+m.done, m.planned)
	switch left := m.planned - m.before - m.done; {
	case left <= 0:
		fmt.Fprintf(&s, "  %s", clock(elapsed))
	case m.done > 0:
		fmt.Fprintf(&s, "  %s left", clock(elapsed/time.Duration(m.done)*time.Duration(left)))
	}
	fmt.Fprintf(&s, "  %d failed", m.failed)
	if calls := m.calls.String(); calls != "" {
		s.WriteString("  " + calls)
	}
	if m.extra != nil {
		if more := m.extra(); more != "" {
			s.WriteString("  " + more)
		}
	}
	return s.String()
}

// finish writes the last state and ends the bar's line.
func (m *meter) finish() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.show()
	if m.terminal {
		fmt.Fprintln(m.w)
	}
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
