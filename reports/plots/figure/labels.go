package figure

import (
	"cmp"
	"image/color"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Label is a text at a place in data coordinates, moved by an offset. The alignment is that of its style.
type Label struct {
	X, Y   float64
	Text   string
	Style  text.Style
	Offset vg.Point
}

// Labels draws texts. Those beyond the ends of the axes are given room.
type Labels []Label

// Plot implements plot.Plotter.
func (l Labels) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, label := range l {
		c.FillText(label.Style, vg.Point{X: x(label.X), Y: y(label.Y)}.Add(label.Offset), label.Text)
	}
}

// GlyphBoxes implements plot.GlyphBoxer.
func (l Labels) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	boxes := make([]plot.GlyphBox, len(l))
	for i, label := range l {
		box := label.Style.Rectangle(label.Text)
		boxes[i] = plot.GlyphBox{X: p.X.Norm(label.X), Y: p.Y.Norm(label.Y), Rectangle: vg.Rectangle{Min: box.Min.Add(label.Offset), Max: box.Max.Add(label.Offset)}}
	}
	return boxes
}

// Disc is an estimate with its interval, marked with the number of what it is of.
type Disc struct {
	Point
	Number int
	Color  color.Color // of the disc; its number is white
	Joined bool        // by a line with the others that are, from left to right
}

// Discs draws numbered estimates. Those that would overlap are moved apart sideways, in their order.
type Discs []Disc

// discRadius is that of a numbered disc.
const discRadius = vg.Length(4.2)

// Plot implements plot.Plotter.
func (d Discs) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	at := make([]vg.Length, len(d))
	for i, disc := range d {
		at[i] = tx(disc.At)
	}
	spread(at, 2*discRadius+1.2, c.Min.X+discRadius+2, c.Max.X-discRadius)
	var joined []int
	for i, disc := range d {
		if disc.Joined {
			joined = append(joined, i)
		}
	}
	slices.SortStableFunc(joined, func(i, j int) int { return cmp.Compare(at[i], at[j]) })
	for k, i := range joined {
		if k > 0 {
			before := joined[k-1]
			c.StrokeLine2(draw.LineStyle{Color: d[i].Color, Width: vg.Points(1.2)}, at[before], ty(d[before].Value), at[i], ty(d[i].Value))
		}
	}
	for i, disc := range d {
		c.StrokeLine2(draw.LineStyle{Color: disc.Color, Width: vg.Points(1)}, at[i], ty(disc.Low), at[i], ty(disc.High))
	}
	for i, disc := range d {
		drawDisc(c, vg.Point{X: at[i], Y: ty(disc.Value)}, disc.Number, disc.Color)
	}
}

// drawDisc draws a numbered disc.
func drawDisc(c draw.Canvas, at vg.Point, number int, colour color.Color) {
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: color.White, Radius: discRadius + 0.7, Shape: draw.CircleGlyph{}}, at)
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: colour, Radius: discRadius, Shape: draw.CircleGlyph{}}, at)
	sty := Style(5.8, color.White, true)
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	c.FillText(sty, at, strconv.Itoa(number))
}

// DiscEntry is a legend entry with a numbered disc.
func DiscEntry(number int, name string, colour color.Color) Entry {
	return Entry{name, func(c draw.Canvas, r vg.Rectangle) {
		drawDisc(c, vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}, number, colour)
	}}
}

// spread moves places apart until neighbours have a distance, as little as it can, between two ends as far as there is room.
// Neighbours that meet are moved as one block around their mean; equal places keep their order.
func spread(at []vg.Length, distance, low, high vg.Length) {
	type block struct {
		sum vg.Length // of the wanted places of its first member, as each member sees it
		of  []int
	}
	order := make([]int, len(at))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(at[i], at[j]) })
	first := func(b block) vg.Length {
		width := distance * vg.Length(len(b.of)-1)
		return max(min(b.sum/vg.Length(len(b.of)), high-width), low)
	}
	var blocks []block
	for _, i := range order {
		b := block{at[i], []int{i}}
		for len(blocks) > 0 {
			last := blocks[len(blocks)-1]
			n := vg.Length(len(last.of))
			if first(last)+n*distance <= first(b) {
				break
			}
			b = block{last.sum + b.sum - n*distance*vg.Length(len(b.of)), append(slices.Clone(last.of), b.of...)}
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	for _, b := range blocks {
		for k, i := range b.of {
			at[i] = first(b) + distance*vg.Length(k)
		}
	}
}
