package ink

import (
	"strings"

	"cheaptalk/tui/text"
)

// Span is a piece of a line in one style; a nil style is plain. Its text may be anything: it is cleaned when it is drawn.
type Span struct {
	Style Style
	Text  string
}

// Of returns a span.
func Of(st Style, words string) Span { return Span{st, words} }

// Line is what stands side by side.
type Line []Span

// Plain returns a line without a style.
func Plain(s string) Line { return Line{{nil, s}} }

// Width returns the cells that a line takes.
func (p *Palette) Width(l Line) int {
	n := 0
	for _, s := range l {
		n += p.Ruler.Width(text.Line(s.Text))
	}
	return n
}

// Fit draws a line in exactly so many cells: it is cut or filled up with blanks. Every word on the screen passes through fit or rule,
// so nothing else has to be cleaned for safety.
func (p *Palette) Fit(l Line, cells int) string {
	var b strings.Builder
	left := p.draw(&b, l, cells)
	b.WriteString(strings.Repeat(" ", left))
	return b.String()
}

// draw writes a line in at most so many cells and returns how many are left.
func (p *Palette) draw(b *strings.Builder, l Line, cells int) int {
	for _, s := range l {
		words := text.Line(s.Text)
		w := p.Ruler.Width(words)
		cut := w > cells
		if cut {
			words = p.Ruler.Cut(words, cells)
			w = p.Ruler.Width(words)
		}
		if words == "" {
			continue
		}
		if s.Style == nil {
			b.WriteString(words)
		} else {
			b.WriteString(s.Style.Render(words))
		}
		if cells -= w; cut {
			break
		}
	}
	return cells
}

// Seam is a horizontal border: its two corners, the columns where vertical borders meet it from above and below, and what is
// let into it.
type Seam struct {
	Corners      string // two characters
	Above, Below []int
	Labels       []Label // from left to right, not touching
}

// Label is words let into a stretch of a border, at both ends of it. Those on the right give way: they are left out when they do not fit, those on the
// left are cut.
type Label struct {
	X, Width    int
	Left, Right Line
}

// Seam draws a border of so many cells.
func (p *Palette) Seam(s Seam, cells int) string {
	runes := []rune(strings.Repeat("─", cells))
	for _, x := range s.Above {
		runes[x] = '┴'
	}
	for _, x := range s.Below {
		runes[x] = map[rune]rune{'─': '┬', '┴': '┼'}[runes[x]]
	}
	corners := []rune(s.Corners)
	runes[0], runes[cells-1] = corners[0], corners[1]
	var b strings.Builder
	at := 0
	edge := func(to int) {
		if to > at {
			b.WriteString(p.Border.Render(string(runes[at:to])))
			at = to
		}
	}
	words := func(l Line, width int) {
		b.WriteByte(' ')
		left := p.draw(&b, l, width)
		b.WriteString(strings.Repeat(" ", left+1))
		at += width + 2
	}
	for _, l := range s.Labels {
		left, right := min(p.Width(l.Left), l.Width-2), p.Width(l.Right)
		if left > 0 {
			edge(l.X)
			words(l.Left, left)
		}
		if end := l.X + l.Width; right > 0 && end-right-2 > at {
			edge(end - right - 2)
			words(l.Right, right)
		}
	}
	edge(cells)
	return b.String()
}

// Boxed draws a line between the borders at the sides.
func (p *Palette) Boxed(l Line, cells int) string {
	bar := p.Border.Render("│")
	return bar + " " + p.Fit(l, cells-4) + " " + bar
}

// Flow puts lines side by side, three blanks between them, in as many rows of so many cells as they need, but at most rows,
// and returns how many are left over.
func (p *Palette) Flow(items []Line, cells, rows int) ([]Line, int) {
	var out []Line
	used := 0
	for i, item := range items {
		w := p.Width(item)
		if len(out) == 0 || used+3+w > cells {
			if len(out) == rows {
				return out, len(items) - i
			}
			out, used = append(out, item), w
			continue
		}
		last := append(append(Line{}, out[len(out)-1]...), Span{nil, "   "})
		out[len(out)-1] = append(last, item...)
		used += 3 + w
	}
	return out, 0
}

// Join puts items into one line with a separator, as many whole ones as fit.
func (p *Palette) Join(items []Line, sep string, cells int) Line {
	var out Line
	used := 0
	for i, item := range items {
		w := p.Width(item)
		if i > 0 {
			w += p.Ruler.Width(sep)
		}
		if used+w > cells {
			break
		}
		if i > 0 {
			out = append(out, Span{p.Dim, sep})
		}
		out, used = append(out, item...), used+w
	}
	return out
}

// Bar draws a share in [0,1] as so many cells.
func (p *Palette) Bar(share float64, cells int, full Style) Line {
	n := int(min(max(share, 0), 1)*float64(cells) + .5)
	return Line{{full, strings.Repeat("█", n)}, {p.Border, strings.Repeat("░", cells-n)}}
}
