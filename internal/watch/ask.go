package watch

import (
	"slices"
	"time"

	"cheaptalk/debate"
	"cheaptalk/tui"
)

// Ask takes what the person at the screen wants. It never blocks; the answer is the next snapshot. What only a replay can do is ignored.
func (l *Live) Ask(ask tui.Ask) {
	if act := l.ask(ask); act != nil {
		act() // not under the mutex: it may call back
	}
}

func (l *Live) ask(ask tui.Ask) (act func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.changed()
	l.note = ""
	switch a := ask.(type) {
	case tui.Open:
		l.show(a.Case, true)
	case tui.Move:
		l.move(a.By)
	case tui.Choose:
		l.filter, l.from = a.Filter, 0
		if lines := slices.Collect(l.lines); a.Follow && len(lines) > 0 && l.position(lines) < 0 {
			l.show(lines[0].Case, true)
		}
	case tui.List:
		l.from = a.From
	case tui.Step:
		l.step()
	case tui.Go:
		l.goOn()
	case tui.Speak:
		if say := l.say; say != nil {
			l.prompt, l.say = nil, nil
			return func() { say(a.Text, a.Confidence) }
		}
	case tui.Quit:
		return l.quit()
	}
	return nil
}

// step lets one turn pass. The first one begins the stepping.
func (l *Live) step() {
	switch l.state {
	case tui.Waiting, tui.Running:
		l.state, l.left = tui.Stepping, 1
	case tui.Stepping:
		l.left++
	}
	l.chosen = false
	l.steps.Broadcast()
}

func (l *Live) goOn() {
	if l.state == tui.Stepping {
		l.state, l.left = tui.Running, 0
		l.steps.Broadcast()
	}
}

// Stopping says that the run was told from elsewhere to end in good order. Nobody steps it any more.
func (l *Live) Stopping() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state != tui.Finished && l.state != tui.Stopped {
		l.state = tui.Stopping
	}
	l.steps.Broadcast()
	l.changed()
}

// quit returns what ends the run.
func (l *Live) quit() func() {
	l.quits++
	switch {
	case l.state == tui.Finished || l.state == tui.Stopped:
		return nil
	case l.quits == 1:
		l.state = tui.Stopping
		l.steps.Broadcast()
		return l.o.Stop
	case l.quits == 2:
		return l.o.Cancel
	}
	return nil
}

// show puts a debate on the screen; chosen says that the person wants it to stay there.
func (l *Live) show(c debate.Case, chosen bool) {
	l.chosen = chosen
	if l.shown == c {
		return
	}
	l.shown, l.overAt, l.loaded = c, time.Time{}, nil
	if l.find(c) < 0 {
		l.overAt = time.Now()
	}
}

// move shows the neighbour in the list of what is shown, or the first of the list.
func (l *Live) move(by int) {
	lines := slices.Collect(l.lines)
	if len(lines) == 0 {
		return
	}
	at := l.position(lines)
	switch {
	case at == 0 && by < 0:
		l.note = "this is the newest debate"
	case at == len(lines)-1 && by > 0:
		l.note = "this is the last debate of the list"
	}
	l.show(lines[min(max(at+by, 0), len(lines)-1)].Case, true)
}

// position is the index of what is shown in a list, -1 where it is not there.
func (l *Live) position(lines []tui.Line) int {
	return slices.IndexFunc(lines, func(line tui.Line) bool { return line.Case == l.shown })
}

// Seat is a turn of the person at the table.
type Seat struct {
	Name      string // of the person in the debate
	Prompt    tui.Prompt
	Read      []int // the messages that they may read, by Seq
	Confident bool  // they may read how sure their peers are
	// Say takes what they say, once, on the goroutine of Ask.
	Say func(text string, confidence debate.Confidence)
}

// Sit says that it is the person's turn.
func (l *Live) Sit(seat Seat) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin()
	seat.Prompt.Agent = seat.Name
	l.prompt, l.say = &seat.Prompt, seat.Say
	if n := len(l.flights); n > 0 { // the only one
		f := l.flights[n-1]
		f.person, f.confident = seat.Name, seat.Confident
		for _, seq := range seat.Read {
			f.read[seq] = true
		}
		l.show(f.name, false)
	}
	l.changed()
}

// Rise says that the person's turn is over.
func (l *Live) Rise() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.prompt, l.say = nil, nil
	l.changed()
}
