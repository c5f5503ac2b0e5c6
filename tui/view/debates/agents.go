package debates

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"cheaptalk/tui/canvas"
	"cheaptalk/tui/ink"
	"cheaptalk/tui/text"
)

// agents adds the speakers in so many lines: side by side where there is room, else one open and the others in a line each, else one alone.
func (c *sheet) agents(sc *scene, room int) {
	n := len(sc.speakers)
	switch {
	case n == 0 || room < 2:
		c.Rule(nil, nil)
		c.Add(ink.Line{ink.Of(c.Ink.Dim, "no agents")})
	case c.Look.Width >= 100 || n == 1:
		c.columns(sc, room)
	case c.Look.Width >= 80 && room >= n+7:
		c.stack(sc, room)
	default:
		c.single(sc, room)
	}
}

// open returns the index of the speaker that is shown where not all are.
func (c *sheet) opened(sc *scene) int {
	if c.Look.Agent > 0 {
		return min(c.Look.Agent, len(sc.speakers)) - 1
	}
	return Following(c.Snap)
}

// columns puts the speakers side by side, in two or more rows when one has no room for all, and on pages when the rows have none either.
func (c *sheet) columns(sc *scene, room int) {
	n := len(sc.speakers)
	across := max(1, min(n, (c.Look.Width-1)/(leastColumn+3)))
	rows := min((n+across-1)/across, max(1, room/(leastBody+1)))
	if across*rows >= n {
		across = (n + rows - 1) / rows // as even as can be
	}
	page, from := across*rows, 0
	if n > page {
		from = c.opened(sc) / page * page
		c.pages = ink.Line{ink.Of(c.Ink.Dim, fmt.Sprintf("agents %d to %d of %d · ", from+1, min(from+page, n), n)), ink.Of(c.Ink.Bold, "]"), ink.Of(c.Ink.Dim, " more")}
	}
	end := min(from+page, n)
	for r := range rows {
		if lo, hi := from+r*across, min(from+(r+1)*across, end); lo < hi {
			c.row(sc, lo, hi, room*(r+1)/rows-room*r/rows)
		}
	}
}

// row adds the speakers from lo to hi in columns of so many lines, the first of which holds their names.
func (c *sheet) row(sc *scene, lo, hi, height int) {
	n := hi - lo
	heads, bodies := make([]ink.Label, n), make([][]ink.Line, n)
	for i := range n {
		from, to := 1+i*(c.Look.Width-1)/n, (i+1)*(c.Look.Width-1)/n // the cells between the borders
		speaker := sc.speakers[lo+i]
		badge := sc.badge(speaker)
		heads[i] = ink.Label{X: from, Width: to - from, Left: sc.name(speaker, to-from-5-c.Ink.Width(badge)), Right: badge}
		bodies[i] = c.column(sc, speaker, to-from-2, height-1)
		for y := range height {
			c.Spots = append(c.Spots, canvas.Spot{X: from, Y: len(c.Lines) + y, Width: to - from, Agent: lo + i + 1})
		}
	}
	c.Columns(heads, bodies, height-1)
}

// stack opens one speaker and gives a line to each of the others.
func (c *sheet) stack(sc *scene, room int) {
	p, open := c.Ink, c.opened(sc)
	height := room - len(sc.speakers) + 1 // of the open one, with its name
	if open > 0 {
		height--
	}
	if open < len(sc.speakers)-1 {
		height--
	}
	for i, s := range sc.speakers {
		badge := sc.badge(s)
		if i == 0 && i != open || i > 0 && i == open+1 {
			c.Rule(nil, nil)
		}
		c.Spot(0, c.Look.Width, canvas.Spot{Agent: i + 1})
		if i == open {
			c.Rule(sc.name(s, c.Look.Width-7-p.Width(badge)), badge)
			for _, l := range c.column(sc, s, c.Look.Width-4, height-1) {
				c.Add(l)
			}
			continue
		}
		l := append(sc.name(s, 24), ink.Of(nil, "  "))
		l = append(l, ink.Of(nil, strings.Repeat(" ", max(26-p.Width(l), 0))))
		l = append(l, badge...)
		l = append(l, ink.Of(nil, strings.Repeat(" ", max(36-p.Width(l), 2))))
		c.Add(append(l, ink.Of(p.Dim, sc.gist(s, c.Look.Width-4-p.Width(l)))))
	}
}

// single shows one speaker, and in one line where the others stand.
func (c *sheet) single(sc *scene, room int) {
	p, open := c.Ink, c.opened(sc)
	s := sc.speakers[open]
	badge := sc.badge(s)
	c.Rule(sc.name(s, c.Look.Width-7-p.Width(badge)), badge)
	others := c.strip(sc, open, max(1, min(3, room-leastBody-1)))
	for _, l := range c.column(sc, s, c.Look.Width-4, room-1-len(others)) {
		c.Add(l)
	}
	for _, l := range others {
		x := 2
		for _, item := range l {
			c.Spot(x, p.Width(item.words), canvas.Spot{Agent: item.agent})
			x += p.Width(item.words)
		}
		c.Add(joined(l))
	}
}

// item is where one speaker of a strip stands; agent is 1 + its index, 0 for words of nobody.
type item struct {
	agent int
	words ink.Line
}

// strip says in at most so many lines where the speakers stand that are not open.
func (c *sheet) strip(sc *scene, open, most int) [][]item {
	p := c.Ink
	if len(sc.speakers) < 2 {
		return nil
	}
	out := [][]item{{{0, ink.Line{ink.Of(p.Dim, fmt.Sprintf("%d of %d ", open+1, len(sc.speakers)))}}}}
	used := p.Width(out[0][0].words)
	for i, s := range sc.speakers {
		if i == open {
			continue
		}
		words := ink.Line{ink.Of(s.style, p.Ruler.CutMiddle(text.Line(s.name), 12)), ink.Of(nil, " ")}
		words = append(append(words, sc.badge(s)...), ink.Of(nil, "  "))
		if w := p.Width(words); used+w > c.Look.Width-4+2 && len(out) < most {
			out, used = append(out, []item{{0, ink.Plain("       ")}}), 7
		}
		used += p.Width(words)
		out[len(out)-1] = append(out[len(out)-1], item{i + 1, words})
	}
	return out
}

// joined is a line of items.
func joined(items []item) ink.Line {
	var l ink.Line
	for _, it := range items {
		l = append(l, it.words...)
	}
	return l
}

// name writes the name of a speaker, and its model where there is room for it.
func (sc *scene) name(s speaker, cells int) ink.Line {
	l := ink.Line{ink.Of(s.style, s.name)}
	if s.judge {
		l = ink.Line{ink.Of(sc.p.Dim, "judge "), ink.Of(s.style, s.name)}
	}
	if w := sc.p.Width(l); s.model != "" && s.model != s.name && cells-w > 6 {
		l = append(l, ink.Of(sc.p.Dim, " "+sc.p.Ruler.Cut(s.model, cells-w-1)))
	}
	return l
}

// gist is the end of what a speaker said, in so many cells.
func (sc *scene) gist(s speaker, cells int) string {
	words := s.words
	if !s.talking {
		for _, m := range sc.d.Transcript.Messages {
			if m.From == s.name {
				words = m.Text + m.Failed
			}
		}
	} else if words == "" {
		return sc.silence(s)
	}
	if most := 8 * cells; len(words) > most { // enough for the line, whatever the characters
		words = words[len(words)-most:]
		for words != "" && !utf8.RuneStart(words[0]) {
			words = words[1:]
		}
	}
	return sc.p.Ruler.CutStart(strings.Join(strings.Fields(text.Clean(words)), " "), cells)
}
