package runs

import (
	"fmt"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/tui"
	"cheaptalk/tui/canvas"
	"cheaptalk/tui/ink"
)

// lists adds the panes in so many lines: side by side where there is room, else the one that is chosen.
func (c sheet) lists(room int) {
	if room < 2 {
		return
	}
	if c.Look.Width < 100 {
		c.Rule(c.paneNames(c.Look.Pane), nil)
		for _, l := range c.pane(c.Look.Pane, c.Look.Width-4, room-1, 2, len(c.Lines)) {
			c.Add(l)
		}
		return
	}
	widths := []int{c.Look.Width*42/100 - 1, 0, 34}
	if c.Look.Width >= 160 {
		widths[0] = c.Look.Width * 38 / 100
		widths[2] = 40
	}
	widths[1] = c.Look.Width - 4 - widths[0] - widths[2]
	panes := []canvas.Pane{canvas.FlipPane, canvas.DebatePane, canvas.MatrixPane}
	heads, bodies := make([]ink.Label, len(panes)), make([][]ink.Line, len(panes))
	x := 1
	for i, pane := range panes {
		heads[i] = ink.Label{X: x, Width: widths[i], Left: c.paneName(pane, c.Look.Pane == pane)}
		c.Spot(x, widths[i], canvas.Spot{Pane: 1 + pane})
		bodies[i] = c.pane(pane, widths[i]-2, room-1, x+1, len(c.Lines)+1)
		x += widths[i] + 1
	}
	if left := room - 1 - 6; left > 1 { // under the matrix there is room for errors
		bodies[2] = append(bodies[2][:6], append([]ink.Line{c.paneName(canvas.ErrorPane, true)}, c.pane(canvas.ErrorPane, widths[2]-2, left-1, x, 0)...)...)
	}
	c.Columns(heads, bodies, room-1)
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
		l := ink.Line{ink.Of(st, "debates"), ink.Of(p.Dim, " "+ink.Count(c.Snap.Matching))}
		if f := c.Snap.Filter.String(); f != "" && (lit || c.Look.Width >= 100) {
			l = append(l, ink.Of(p.Notice, " "+f))
		}
		return l
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
		if len(c.Snap.Flips) > 0 { // all of this question
			words = "hidden with the key of this question"
		}
		return []ink.Line{{ink.Of(c.Ink.Dim, words)}}
	}
	from := max(0, min(c.Look.Picked-room+1, len(flips)-room))
	if c.Look.Pane != canvas.FlipPane {
		from = 0
	}
	var out []ink.Line
	for i := from; i < min(len(flips), from+room); i++ {
		c.Spots = append(c.Spots, canvas.Spot{X: x, Y: y + len(out), Width: cells, Open: &flips[i].Case})
		out = append(out, c.pick(c.Flip(flips[i], true, cells-2), c.Look.Pane == canvas.FlipPane && i == c.Look.Picked, cells))
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
		if s.Filter != (tui.Filter{}) {
			words = "no debate matches; / changes the filter"
		}
		return []ink.Line{{ink.Of(p.Dim, words)}}
	}
	picked := min(c.Look.Picked, s.Matching-1)
	if c.Look.Pane != canvas.DebatePane {
		picked = -1
	}
	from := max(s.CasesFrom, picked-room+1)
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
	l := ink.Line{ink.Of(st, sign+" "), ink.Of(nil, row.Case.String())}
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
	if p.Width(l) > room { // the end of the name is what tells questions apart
		rest := strings.TrimPrefix(row.Case.String(), row.Case.Arm+" ")
		arm := p.Ruler.Cut(row.Case.Arm, max(room-3-min(p.Ruler.Width(rest), 13), 8))
		l[1].Text = arm + " " + p.Ruler.CutStart(rest, room-3-p.Ruler.Width(arm))
	}
	return append(append(l, ink.Of(nil, strings.Repeat(" ", max(room-p.Width(l), 0)))), marks...)
}

// matrix writes the transitions of all arms together, from the rows to the columns.
func (c sheet) matrix(cells int) []ink.Line {
	p := c.Ink
	var m debate.Matrix
	for _, a := range c.Snap.Arms {
		m.Merge(a.Matrix)
	}
	width := min(9, (cells-8)/3)
	head := ink.Line{ink.Of(p.Dim, "from    ")}
	states := [...]debate.State{debate.Correct, debate.Incorrect, debate.Unreadable}
	names := [...]string{"right", "wrong", "unread."}
	for _, name := range names {
		head = append(head, ink.Of(p.Dim, p.Right(name, width)))
	}
	out := []ink.Line{head}
	styles := [3][3]ink.Style{
		{p.Fates[debate.HeldRight], p.Fates[debate.Corrupted], p.Fates[debate.Unread]},
		{p.Fates[debate.Corrected], p.Fates[debate.StuckWrong], p.Fates[debate.Unread]},
		{p.Fates[debate.Unread], p.Fates[debate.Unread], p.Fates[debate.Unread]},
	}
	for i, from := range states {
		l := ink.Line{ink.Of(p.Dim, fmt.Sprintf("%-8s", names[i]))}
		for j, to := range states {
			l = append(l, ink.Of(styles[i][j], p.Right(ink.About(m.N[from][to]), width)))
		}
		out = append(out, l)
	}
	share := func(f debate.Fate, name string, s debate.Share) ink.Line {
		words := "–"
		if s.N > 0 {
			words = fmt.Sprintf("%s of %s, %.1f %%", ink.About(s.K), ink.About(s.N), 100*s.Rate())
		}
		return ink.Line{ink.Of(p.Fates[f], f.Sign()+" "+name+" "), ink.Of(nil, words)}
	}
	out = append(out, share(debate.Corrupted, "harmful", m.Harmful()), share(debate.Corrected, "helpful", m.Beneficial()))
	if c.Look.Width >= 100 {
		return out // the table of arms has the rest
	}
	for _, a := range c.Snap.Arms {
		l := ink.Line{ink.Of(nil, fmt.Sprintf("%-9s", p.Ruler.Cut(a.Name, 9)))}
		for _, f := range debate.Fates {
			words := "–"
			if n := a.Matrix.Total(); n > 0 {
				words = ink.Percent(100 * float64(a.Matrix.Of(f)) / float64(n))
			}
			l = append(l, ink.Of(p.Fates[f], " "+f.Sign()), ink.Of(nil, p.Right(words, 5)))
		}
		out = append(out, l)
	}
	return out
}

func (c sheet) errors(cells int) []ink.Line {
	if len(c.Snap.Errors) == 0 {
		return []ink.Line{{ink.Of(c.Ink.Dim, "none")}}
	}
	var out []ink.Line
	for _, e := range c.Snap.Errors {
		out = append(out, ink.Line{ink.Of(c.Ink.Failed, fmt.Sprintf("× %s ", ink.Count(e.N))), ink.Of(nil, e.Kind)})
		for _, words := range c.Ink.Wrap(e.Example, cells-2, 2) {
			out = append(out, ink.Line{ink.Of(c.Ink.Dim, "  "+words)})
		}
	}
	return out
}
