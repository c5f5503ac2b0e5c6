package debates

import (
	"fmt"
	"strings"

	"cheaptalk/tui/canvas"
	"cheaptalk/tui/ink"
	"cheaptalk/tui/text"
)

// Compare draws the same question under two arms side by side, round by round, with a mark where they part, in so many lines.
func Compare(on *canvas.Canvas, room int) {
	c := &sheet{Canvas: on}
	p := c.Ink
	end := len(c.Lines) + room
	left, right := newScene(c.Snap.Debate, c.Look.Blind, p), newScene(c.Snap.Beside, c.Look.Blind, p)
	c.question(left)
	middle := c.Look.Width / 2
	widths := [2]int{middle - 1, c.Look.Width - middle - 2} // the cells between the borders
	parted := "they never part"
	if c.Snap.Parted >= 0 {
		parted = fmt.Sprintf("they part in round %d", c.Snap.Parted)
	}
	heads := []ink.Label{
		{X: 1, Width: widths[0], Left: ink.Line{ink.Of(p.Bold, c.Snap.Debate.Case.Arm)}, Right: ink.Line{ink.Of(p.Notice, parted)}},
		{X: middle + 1, Width: widths[1], Left: ink.Line{ink.Of(p.Bold, c.Snap.Beside.Case.Arm)}},
	}
	bodies := [2][]ink.Line{}
	base, first := 0, c.Snap.Parted // where the round begins that is to be seen: the one that is shown, and at the end the one in which they part
	if t := c.Snap.Timeline; t != nil && t.Round <= t.Last {
		first = t.Round
	}
	cells := [2]int{widths[0] - 2, widths[1] - 2}
	for r := range max(left.d.Transcript.LastRound(), right.d.Transcript.LastRound()) + 1 {
		if r == first {
			base = len(bodies[0])
		}
		a, b := left.round(r, cells[0], c.Snap.Parted), right.round(r, cells[1], c.Snap.Parted)
		for i, lines := range [2][]ink.Line{a, b} {
			bodies[i] = append(append(bodies[i], lines...), make([]ink.Line, max(len(a), len(b))-len(lines))...)
		}
	}
	for i, sc := range [2]*scene{left, right} {
		head := ink.Line{ink.Of(p.Bold, "verdicts")}
		if len(sc.d.Verdicts) == 0 {
			head = append(head, ink.Of(p.Dim, " none yet"))
		}
		bodies[i] = append(bodies[i], head)
		for _, v := range sc.d.Verdicts {
			bodies[i] = append(bodies[i], append(ink.Line{ink.Of(nil, "  "+v.Judge+" ")}, sc.ruling(v)...))
		}
	}
	foot := 0
	if c.Snap.Timeline != nil {
		foot = 2
	}
	space := end - len(c.Lines) - foot - 1
	over := max(0, max(len(bodies[0]), len(bodies[1]))-space)
	c.Above = min(base, over)
	c.Below = over - c.Above
	from := c.Above - min(max(c.Look.Scroll, -c.Below), c.Above)
	if from < over {
		heads[1].Right = ink.Line{ink.Of(p.Dim, "↓ more")}
	}
	for i := range bodies {
		bodies[i] = bodies[i][min(from, len(bodies[i])):]
	}
	c.Columns(heads, bodies[:], space)
	if c.Snap.Timeline != nil {
		c.Rule(nil, nil)
		c.timeline(*c.Snap.Timeline)
	}
}

// round writes what everybody said in a round, each in a line or two.
func (sc *scene) round(r, cells, parted int) []ink.Line {
	p := sc.p
	head := ink.Line{ink.Of(p.Bold, fmt.Sprintf("round %d", r))}
	if r == parted {
		head = append(head, ink.Of(p.Notice, "  parted here"))
	}
	wide := 0 // of the names
	for _, name := range sc.d.Transcript.Agents {
		wide = max(wide, p.Ruler.Width(text.Line(name)))
	}
	wide = min(wide, max(cells/2-8, 12))
	out := []ink.Line{head}
	for _, m := range sc.d.Transcript.Messages {
		if m.Round != r {
			continue
		}
		sign, st, _ := sc.sign(m)
		name := p.Ruler.CutMiddle(text.Line(m.From), wide)
		l := ink.Line{ink.Of(p.Agent(max(sc.d.Transcript.Speaker(m.From), 0)), "  "+name+strings.Repeat(" ", max(wide-p.Ruler.Width(name), 0)))}
		words := p.Answer(m.Answer, 10) + " " + sign
		if m.Answer == "" {
			words = sign
		}
		if tr, ok := sc.moves[m.Seq]; ok && tr.Before != tr.After && m.Answer != "" {
			words = p.Answer(tr.Before, 6) + "→" + words
		}
		l = append(l, ink.Of(st, " "+words))
		if m.Confidence.Stated {
			l = append(l, ink.Of(p.Dim, " "+m.Confidence.String()))
		}
		out = append(out, l)
		most := 2
		if cells >= 56 {
			most = 4
		}
		for _, words := range p.Wrap(strings.Join(strings.Fields(m.Failed+m.Text), " "), cells-4, most) {
			out = append(out, ink.Line{ink.Of(p.Dim, "    "+words)})
		}
	}
	if len(out) == 1 {
		out = append(out, ink.Line{ink.Of(p.Dim, "  nobody spoke")})
	}
	return append(out, nil)
}
