// Package debates draws one debate: who said what, having heard whom, what became of it, and how it was decided; or two of them side by side.
package debates

import (
	"fmt"
	"strings"

	"cheaptalk/tui"
	"cheaptalk/tui/canvas"
	"cheaptalk/tui/ink"
)

const (
	leastColumn = 24 // cells of text in a column of an agent
	leastBody   = 6  // lines of a row of columns
)

// sheet is the screen that a debate is drawn on.
type sheet struct {
	*canvas.Canvas
	pages ink.Line // says that there are more agents than are shown
}

// Draw draws the debate of a snapshot in so many lines: the question, the agents, the votes, the verdicts and the latest flips.
func Draw(on *canvas.Canvas, room int) {
	c := &sheet{Canvas: on}
	sc := newScene(c.Snap.Debate, c.Look.Blind, c.Ink)
	if c.Snap.Prompt != nil {
		sc.asked = c.Snap.Prompt.Agent
	}
	if c.Look.Unfolded {
		if lines := c.whole(sc); len(lines) > c.unfolded() {
			c.page(lines, room)
			return
		}
	}
	end := len(c.Lines) + room
	c.question(sc)
	under := c.underneath(sc)
	c.agents(sc, end-len(c.Lines)-len(under))
	c.Pad(end - len(under))
	for _, draw := range under {
		draw()
	}
}

// underneath returns what draws the lines under the agents.
func (c *sheet) underneath(sc *scene) []func() {
	p, d, cells := c.Ink, sc.d, c.Look.Width-4
	var out []func()
	rows := func(lines []ink.Line) {
		for _, l := range lines {
			out = append(out, func() { c.Add(l) })
		}
	}
	out = append(out, func() { c.Rule(nil, c.pages) })
	if d.Failed != "" {
		for i, words := range p.Wrap(d.Failed, cells-10, 2) {
			rows([]ink.Line{{ink.Of(p.Failed, ink.First(i, "× failed  ")), ink.Of(nil, words)}})
		}
	}
	most := max(2, c.Look.Height/10)
	rows(sc.votes(cells, most))
	if sc.asked == "" { // what the others decided is not for the person at the table
		rows(sc.verdicts(cells, max(2, c.Look.Height/12)))
	}
	if c.Snap.Timeline != nil {
		out = append(out, func() { c.timeline(*c.Snap.Timeline) })
	}
	if flips := canvas.Flips(c.Snap, c.Look); len(flips) > 0 && c.Look.Height >= 24 && c.Snap.Prompt == nil {
		out = append(out, func() { c.Rule(ink.Line{ink.Of(p.Bold, "latest flips")}, nil) })
		lines := c.Look.Height/10 - 1
		if lines < 2 {
			return append(out, func() { c.ticker(flips) })
		}
		flips = flips[:min(lines, len(flips))]
		for i, l := range c.FlipRows(flips, cells) {
			out = append(out, func() { c.Spot(2, cells, canvas.Spot{Open: &flips[i].Case}); c.Add(l) })
		}
	}
	return out
}

// ticker adds one line of the latest flips, as many as fit; each can be clicked.
func (c *sheet) ticker(flips []tui.Flip) {
	x, cells := 2, c.Look.Width-4
	var l ink.Line
	for _, f := range flips {
		left := cells - (x - 2)
		item := c.Flip(f, left)
		w := c.Ink.Width(item)
		if w > left && x > 2 {
			break
		}
		if x > 2 {
			l = append(l, ink.Of(nil, "   "))
		}
		c.Spot(x, min(w, left), canvas.Spot{Open: &f.Case})
		l = append(l, item...)
		x += w + 3
	}
	c.Add(l)
}

// timeline adds the rounds of a replay with the one that is shown.
func (c *sheet) timeline(t tui.Timeline) {
	p := c.Ink
	state := "paused"
	if t.Speed > 0 {
		state = fmt.Sprintf("▶ %dx", t.Speed)
	}
	l := ink.Line{ink.Of(p.Bold, "replay "), ink.Of(nil, fmt.Sprintf("%-7s", state))}
	x := 2 + p.Width(l)
	cells := c.Look.Width - 4 - p.Width(l)
	names := []string{"question"}
	for r := range t.Last + 1 {
		names = append(names, fmt.Sprint(r))
	}
	names = append(names, "verdicts")
	gap := max(1, min(6, (cells-18)/len(names)-4))
	for i, name := range names {
		at := i - 1
		st := p.Dim
		switch {
		case at == t.Round:
			st = p.Picked
		case at < t.Round:
			st = nil
		}
		name = " " + name + " "
		if i > 0 {
			mark := ink.Of(p.Border, strings.Repeat("─", gap))
			if at <= t.Round {
				mark = ink.Of(nil, strings.Repeat("━", gap))
			}
			l, x = append(l, mark), x+gap
		}
		c.Spot(x, len(name), canvas.Spot{Round: &at})
		l, x = append(l, ink.Of(st, name)), x+len(name)
	}
	c.Add(l)
}
