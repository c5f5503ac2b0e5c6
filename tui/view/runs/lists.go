package runs

import (
	"fmt"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/tui"
	"cheaptalk/tui/canvas"
	"cheaptalk/tui/ink"
	"cheaptalk/tui/text"
)

// The sizes at which the lists change how they stand.
const (
	twoWide   = 100 // cells: two columns
	threeWide = 160 // cells: three
	twoHigh   = 16  // lines of two columns, of which the right one holds the debates above the changes
)

// lists adds the panes in so many lines: side by side where there is room, else the one that is chosen.
func (c sheet) lists(room int) {
	switch {
	case room < 2:
	case c.Look.Width >= threeWide:
		matrix := 36 + min(6, (c.Look.Width-threeWide)/6)
		flips := (c.Look.Width - 4 - matrix) * 62 / 100
		c.columns(room-1, []int{flips, c.Look.Width - 4 - matrix - flips, matrix}, []canvas.Pane{canvas.FlipPane}, []canvas.Pane{canvas.DebatePane}, []canvas.Pane{canvas.MatrixPane, canvas.ErrorPane})
	case c.Look.Width >= twoWide && room >= twoHigh:
		flips := (c.Look.Width - 3) * 58 / 100
		c.columns(room-1, []int{flips, c.Look.Width - 3 - flips}, []canvas.Pane{canvas.FlipPane}, []canvas.Pane{canvas.DebatePane, canvas.MatrixPane, canvas.ErrorPane})
	default:
		var filter ink.Line
		if c.Look.Width >= twoWide {
			filter = c.filter()
		}
		c.Rule(c.paneNames(c.Look.Pane), filter)
		for _, l := range c.pane(c.Look.Pane, c.Look.Width-4, room-1, 2, len(c.Lines)) {
			c.Add(l)
		}
	}
}

// columns puts panes side by side and one under the other, in so many lines under their headings.
func (c sheet) columns(height int, widths []int, panes ...[]canvas.Pane) {
	heads, bodies := make([]ink.Label, len(panes)), make([][]ink.Line, len(panes))
	x := 1
	for i, stacked := range panes {
		heads[i] = ink.Label{X: x, Width: widths[i], Left: c.paneName(stacked[0], c.Look.Pane == stacked[0])}
		if stacked[0] == canvas.DebatePane {
			heads[i].Right = c.filter()
		}
		c.Spot(x, widths[i], canvas.Spot{Pane: 1 + stacked[0]})
		for j, pane := range stacked {
			y := len(c.Lines) + 1 + len(bodies[i])
			if j > 0 {
				c.Spots = append(c.Spots, canvas.Spot{X: x, Y: y, Width: widths[i], Pane: 1 + pane})
				name := append(c.paneName(pane, c.Look.Pane == pane), ink.Of(nil, " "))
				bodies[i] = append(bodies[i], append(name, ink.Of(c.Ink.Border, strings.Repeat("─", max(widths[i]-2-c.Ink.Width(name), 0)))))
				y++
			}
			bodies[i] = append(bodies[i], c.pane(pane, widths[i]-2, c.share(stacked[j:], height-len(bodies[i])), x+1, y)...)
		}
		x += widths[i] + 1
	}
	c.Columns(heads, bodies, height)
}

// filter names the filter in force, which on a narrow screen stands in the first line.
func (c sheet) filter() ink.Line {
	words := c.Snap.Filter.String()
	if words == "" {
		return nil
	}
	return ink.Line{ink.Of(c.Ink.Notice, "/ "+c.Ink.Ruler.Cut(text.Line(words), 30))}
}

// share returns how many of so many lines the first of panes that stand one under the other gets: a list gets what the others leave.
func (c sheet) share(panes []canvas.Pane, room int) int {
	if len(panes) == 1 {
		return max(room, 0)
	}
	if panes[0] == canvas.MatrixPane {
		return min(matrixLines, room)
	}
	under := 2 + matrixLines // with the headings
	under += max(1, 2*len(c.Snap.Errors))
	return max(room-min(under, 2+matrixLines+4), 1)
}

// paneNames names all panes in one line, the chosen one in brackets.
func (c sheet) paneNames(chosen canvas.Pane) ink.Line {
	var l ink.Line
	x := 2
	for pane := range canvas.Panes {
		name := c.paneName(pane, pane == chosen)
		if pane == chosen {
			name = append(append(ink.Line{ink.Of(c.Ink.Bold, "[")}, name...), ink.Of(c.Ink.Bold, "]"))
		} else {
			name = append(append(ink.Line{ink.Of(nil, " ")}, name...), ink.Of(nil, " "))
		}
		c.Spot(x, c.Ink.Width(name), canvas.Spot{Pane: 1 + pane})
		x += c.Ink.Width(name)
		l = append(l, name...)
	}
	return l
}

func (c sheet) paneName(pane canvas.Pane, lit bool) ink.Line {
	p := c.Ink
	st := p.Dim
	if lit {
		st = p.Bold
	}
	switch pane {
	case canvas.FlipPane:
		return ink.Line{ink.Of(st, "flips")}
	case canvas.DebatePane:
		n := ink.Count(c.Snap.Matching)
		if c.Snap.Counting {
			n += "+"
		}
		return ink.Line{ink.Of(st, "debates"), ink.Of(p.Dim, " "+n)}
	case canvas.MatrixPane:
		return ink.Line{ink.Of(st, "changes")}
	}
	n := 0
	for _, e := range c.Snap.Errors {
		n += e.N
	}
	return ink.Line{ink.Of(st, "errors"), ink.Of(p.Dim, " "+ink.Count(n))}
}

// pane writes one list in exactly so many lines; x and y are where it stands, for clicks.
func (c sheet) pane(pane canvas.Pane, cells, room, x, y int) []ink.Line {
	var out []ink.Line
	switch pane {
	case canvas.FlipPane:
		out = c.flipList(cells, room, x, y)
	case canvas.DebatePane:
		out = c.debateList(cells, room, x, y)
	case canvas.MatrixPane:
		out = c.matrix(cells)
	case canvas.ErrorPane:
		out = c.errors(cells)
	}
	if len(out) > room {
		out = out[:room]
	}
	return append(out, make([]ink.Line, room-len(out))...)
}

func (c sheet) flipList(cells, room, x, y int) []ink.Line {
	flips := canvas.Flips(c.Snap, c.Look)
	if len(flips) == 0 {
		words := "none yet"
		switch {
		case c.Snap.Filter != (tui.Filter{}) && len(c.Snap.Flips) > 0:
			words = "none of the latest matches"
		case len(c.Snap.Flips) > 0: // all of this question
			words = "hidden with the key of this question"
		}
		return []ink.Line{{ink.Of(c.Ink.Dim, words)}}
	}
	from := max(0, min(c.Look.Picked-room+1, len(flips)-room))
	if c.Look.Pane != canvas.FlipPane {
		from = 0
	}
	flips = flips[from:min(len(flips), from+room)]
	var out []ink.Line
	for i, l := range c.FlipRows(flips, cells-2) {
		c.Spots = append(c.Spots, canvas.Spot{X: x, Y: y + i, Width: cells, Open: &flips[i].Case})
		out = append(out, c.pick(l, c.Look.Pane == canvas.FlipPane && from+i == c.Look.Picked, cells))
	}
	return out
}

// pick marks the line that the keys are on.
func (c sheet) pick(l ink.Line, picked bool, cells int) ink.Line {
	if !picked {
		return append(ink.Line{ink.Of(nil, "  ")}, l...)
	}
	words := "> "
	for _, s := range l {
		words += s.Text
	}
	return ink.Line{ink.Of(c.Ink.Picked, words+strings.Repeat(" ", max(cells-c.Ink.Width(ink.Plain(words)), 0)))}
}

func (c sheet) debateList(cells, room, x, y int) []ink.Line {
	p, s := c.Ink, c.Snap
	if s.Matching == 0 {
		words := "none yet"
		switch {
		case s.Counting:
			words = "looking …"
		case s.Filter != (tui.Filter{}):
			words = "no debate matches; / changes the filter"
		}
		return []ink.Line{{ink.Of(p.Dim, words)}}
	}
	picked := min(c.Look.Picked, s.Matching-1)
	if c.Look.Pane != canvas.DebatePane {
		picked = -1
	}
	from := max(s.CasesFrom, picked-room+1)
	if from >= s.CasesFrom+len(s.Cases) { // the window is on its way
		return []ink.Line{{ink.Of(p.Dim, "  …")}}
	}
	var out []ink.Line
	for i := from; i < min(s.CasesFrom+len(s.Cases), from+room); i++ {
		row := s.Cases[i-s.CasesFrom]
		c.Spots = append(c.Spots, canvas.Spot{X: x, Y: y + len(out), Width: cells, Open: &row.Case})
		out = append(out, c.pick(c.debateRow(row, cells-2), i == picked, cells))
	}
	return out
}

// debateRow writes a debate in a list: how it ended, which it is, and how many flips it had.
func (c sheet) debateRow(row tui.Line, cells int) ink.Line {
	p := c.Ink
	tells := c.Tells(row.Case)
	sign, st := "…", p.Dim
	switch {
	case row.Failed:
		sign, st = "×", p.Failed
	case row.Over && (!row.Known || tells):
		sign, st = "·", nil
	case row.Over && row.Right:
		sign, st = debate.HeldRight.Sign(), p.Fates[debate.HeldRight]
	case row.Over:
		sign, st = debate.StuckWrong.Sign(), p.Fates[debate.StuckWrong]
	}
	var marks ink.Line
	if row.Tied {
		marks = append(marks, ink.Of(p.Tied, " ="))
	}
	if row.Harmful > 0 && !tells {
		marks = append(marks, ink.Of(p.Fates[debate.Corrupted], fmt.Sprintf(" ▼%d", row.Harmful)))
	}
	if row.Helpful > 0 && !tells {
		marks = append(marks, ink.Of(p.Fates[debate.Corrected], fmt.Sprintf(" ▲%d", row.Helpful)))
	}
	room := cells - p.Width(marks)
	l := ink.Line{ink.Of(st, sign+" "), ink.Of(nil, c.Name(row.Case, room-2))}
	return append(append(l, ink.Of(nil, strings.Repeat(" ", max(room-p.Width(l), 0)))), marks...)
}
