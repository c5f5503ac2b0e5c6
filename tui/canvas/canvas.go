// Package canvas is a screen in the making: what the person has chosen to see, lines added from the top, and what can be clicked.
package canvas

import (
	"strings"

	"cheaptalk/debate"
	"cheaptalk/tui"
	"cheaptalk/tui/ink"
	"cheaptalk/tui/text"
)

// Canvas is a screen in the making. Lines are added from the top.
type Canvas struct {
	Snap  *tui.Snapshot
	Look  Look
	Ink   *ink.Palette
	Lines []string
	Spots []Spot
	// Above and Below are those of the Frame.
	Above, Below int
	// Joints are where the borders between columns in the last line stand: the next line across joins them.
	Joints []int
}

// Add adds a line between the borders at the sides.
func (c *Canvas) Add(l ink.Line) { c.Lines = append(c.Lines, c.Ink.Boxed(l, c.Look.Width)) }

// Rule adds a line across with words let into it at both ends. It closes the columns above it.
func (c *Canvas) Rule(left, right ink.Line) { c.Across("├┤", left, right) }

// Across is Rule with other corners.
func (c *Canvas) Across(corners string, left, right ink.Line) {
	labels := []ink.Label{{X: 1, Width: c.Look.Width - 2, Left: left, Right: right}}
	c.Lines = append(c.Lines, c.Ink.Seam(ink.Seam{Corners: corners, Above: c.Joints, Labels: labels}, c.Look.Width))
	c.Joints = nil
}

// Columns adds columns of so many lines under a line across that holds their headings. The columns stand where the headings do, a border between each two.
func (c *Canvas) Columns(heads []ink.Label, bodies [][]ink.Line, height int) {
	s := ink.Seam{Corners: "├┤", Above: c.Joints, Labels: heads}
	for _, h := range heads[1:] {
		s.Below = append(s.Below, h.X-1)
	}
	c.Lines = append(c.Lines, c.Ink.Seam(s, c.Look.Width))
	bar := c.Ink.Border.Render("│")
	for y := range height {
		var b strings.Builder
		for i, h := range heads {
			var l ink.Line
			if y < len(bodies[i]) {
				l = bodies[i][y]
			}
			b.WriteString(bar + " " + c.Ink.Fit(l, h.Width-2) + " ")
		}
		c.Lines = append(c.Lines, b.String()+bar)
	}
	c.Joints = s.Below
}

// Pad adds empty lines until there are n, and drops what is more.
func (c *Canvas) Pad(n int) {
	for len(c.Lines) < n {
		c.Add(nil)
	}
	c.Lines = c.Lines[:n]
}

// Spot makes a part of the next line to be added clickable.
func (c *Canvas) Spot(x, width int, s Spot) {
	s.X, s.Y, s.Width = x, len(c.Lines), width
	c.Spots = append(c.Spots, s)
}

// Name writes the name of a debate in at most so many cells. Where it has no room, the arm loses its end and the question its beginning: the end of a name is what
// tells questions apart.
func (c *Canvas) Name(of debate.Case, cells int) string {
	p, whole := c.Ink, text.Line(of.String())
	if p.Ruler.Width(whole) <= cells {
		return whole
	}
	rest := strings.TrimPrefix(whole, text.Line(of.Arm)+" ")
	arm := p.Ruler.Cut(text.Line(of.Arm), max(cells-1-min(p.Ruler.Width(rest), 13), min(8, cells/2)))
	return arm + " " + p.Ruler.CutStart(rest, cells-1-p.Ruler.Width(arm))
}
