// Package canvas is a screen in the making: what the person has chosen to see, lines added from the top, and what can be clicked.
package canvas

import (
	"fmt"
	"slices"
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

// Flips returns the latest flips without those that would tell the key that is hidden. Look.Picked counts in them while their pane is chosen.
func Flips(s *tui.Snapshot, look Look) []tui.Flip {
	c := Canvas{Snap: s, Look: look}
	return slices.DeleteFunc(slices.Clone(s.Flips), func(f tui.Flip) bool { return c.Tells(f.Case) })
}

// Tells reports whether what is known of a case would tell the hidden key of the debate on the screen: it asks the same question.
func (c *Canvas) Tells(of debate.Case) bool {
	if !c.Look.Blind || c.Snap.Debate == nil {
		return false
	}
	a, _ := debate.Variant(of.Item)
	b, _ := debate.Variant(c.Snap.Debate.Case.Item)
	return a == b
}

// Flip writes one flip in so many cells: "▼ llama gsm8k/17 C→B with mistral". What there is no room for is left out: the names of those it heard, that
// it heard any, the beginning of the question's.
func (c *Canvas) Flip(f tui.Flip, arm bool, cells int) ink.Line {
	p := c.Ink
	change := ink.Of(p.Fates[f.Fate], p.Answer(f.From, 12)+"→"+p.Answer(f.To, 12))
	head := ink.Line{ink.Of(p.Fates[f.Fate], f.Fate.Sign()+" "), ink.Of(nil, f.Agent+" ")}
	tail := ink.Line{ink.Of(nil, " "), change}
	if arm {
		tail = append(tail, ink.Of(p.Dim, " "+f.Case.Arm))
	}
	if f.Simulated && !c.Snap.Simulated {
		tail = append(tail, ink.Of(p.Dim, " (simulated)"))
	}
	item := p.Ruler.CutStart(text.Line(f.Case.Item), max(cells-p.Width(head)-p.Width(tail), 10))
	l := slices.Concat(head, ink.Line{ink.Of(p.Dim, item)}, tail)
	if n := len(f.SwayedBy); n > 0 {
		for _, with := range []string{" with " + strings.Join(f.SwayedBy, ", "), fmt.Sprintf(" with %d", n)} {
			if p.Width(l)+p.Ruler.Width(text.Line(with)) <= cells {
				return append(l, ink.Of(p.Dim, with))
			}
		}
	}
	return l
}
