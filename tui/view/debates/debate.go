// Package debates draws one debate: who said what, having heard whom, what became of it, and how it was decided; or two of them side by side.
package debates

import (
	"fmt"
	"strings"

	"cheaptalk/debate"
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
	end := len(c.Lines) + room
	c.question(sc)
	under := c.underneath(sc)
	c.agents(sc, end-len(c.Lines)-len(under))
	c.Pad(end - len(under))
	for _, draw := range under {
		draw()
	}
}

// question adds the question and its choices. The right choice is marked when the key may be seen.
func (c *sheet) question(sc *scene) {
	p, q, cells := c.Ink, sc.d.Transcript.Question, c.Look.Width-4
	most := max(5, c.Look.Height/6)
	if c.Look.Unfolded || c.Look.Input != nil && c.Snap.Prompt != nil {
		most = max(most, c.Look.Height/2-4)
	}
	choices := c.choices(sc, cells)
	text := max(1, most-len(choices))
	if len(choices) >= most {
		hidden := fmt.Sprintf("… and %d more; o shows all", len(q.Choices)-(most-2)*len(q.Choices)/len(choices))
		choices = append(choices[:most-2], ink.Line{ink.Of(p.Dim, hidden)})
	}
	for _, words := range p.Wrap(q.Text, cells, text) {
		c.Add(ink.Plain(words))
	}
	for _, l := range choices {
		c.Add(l)
	}
	if len(q.Choices) == 0 && sc.key != "" {
		c.Add(ink.Line{ink.Of(p.Fates[debate.HeldRight], "● "+p.Answer(sc.key, cells-2))})
	}
}

// choices puts the choices in as few lines as they need, each line in columns of one width.
func (c *sheet) choices(sc *scene, cells int) []ink.Line {
	p, q := c.Ink, sc.d.Transcript.Question
	wide := 0
	for _, choice := range q.Choices {
		wide = max(wide, p.Width(ink.Plain(choice)))
	}
	wide += 6 // sign, letter and blanks
	across := max(1, min(len(q.Choices), cells/wide))
	rows := (len(q.Choices) + across - 1) / across
	if rows > 0 { // no more columns than the rows need
		across = (len(q.Choices) + rows - 1) / rows
	}
	var out []ink.Line
	for from := 0; from < len(q.Choices); from += across {
		var l ink.Line
		for i := from; i < min(from+across, len(q.Choices)); i++ {
			letter := debate.Letter(i)
			sign := ink.Of(nil, "  ")
			st := p.Bold
			if sc.key == letter {
				sign, st = ink.Of(p.Fates[debate.HeldRight], "● "), p.Fates[debate.HeldRight]
			}
			cell := ink.Line{sign, ink.Of(st, string(letter)), ink.Of(nil, "  "+q.Choices[i])}
			pad := max(cells/across-p.Width(cell), 1)
			l = append(append(l, cell...), ink.Of(nil, strings.Repeat(" ", pad)))
		}
		out = append(out, l)
	}
	return out
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
	rows(sc.verdicts(cells, max(2, c.Look.Height/12)))
	if c.Snap.Timeline != nil {
		out = append(out, func() { c.timeline(*c.Snap.Timeline) })
	}
	if flips := canvas.Flips(c.Snap, c.Look); len(flips) > 0 && c.Look.Height >= 24 && c.Snap.Prompt == nil {
		out = append(out, func() { c.Rule(ink.Line{ink.Of(p.Bold, "latest flips")}, nil) }, func() { c.ticker(flips) })
	}
	return out
}

// ticker adds one line of the latest flips, as many as fit; each can be clicked.
func (c *sheet) ticker(flips []tui.Flip) {
	x, cells := 2, c.Look.Width-4
	var l ink.Line
	for _, f := range flips {
		left := cells - (x - 2)
		item := c.Flip(f, false, left)
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
