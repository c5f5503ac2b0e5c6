package figure

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Segment is a rectangle in data coordinates.
type Segment struct {
	X0, X1, Y0, Y1 float64
	Pad            vg.Length // that is added left and right
	Color          color.Color
}

// Segments draws rectangles.
type Segments []Segment

// Plot implements plot.Plotter.
func (s Segments) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, r := range s {
		if r.Y0 == r.Y1 {
			continue
		}
		fill(c, r.Color, vg.Rectangle{Min: vg.Point{X: x(r.X0) - r.Pad, Y: y(r.Y0)}, Max: vg.Point{X: x(r.X1) + r.Pad, Y: y(r.Y1)}})
	}
}

func fill(c draw.Canvas, colour color.Color, r vg.Rectangle) {
	c.FillPolygon(colour, []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}})
}

// GridStyle is the line of grids.
var GridStyle = draw.LineStyle{Color: Rule, Width: vg.Points(0.6)}

// Lines draws horizontal or vertical rules across the data area, such as a grid.
type Lines struct {
	At       []float64
	Vertical bool
	Style    draw.LineStyle
}

// Plot implements plot.Plotter.
func (l Lines) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, v := range l.At {
		if l.Vertical {
			c.StrokeLine2(l.Style, x(v), c.Min.Y, x(v), c.Max.Y)
		} else {
			c.StrokeLine2(l.Style, c.Min.X, y(v), c.Max.X, y(v))
		}
	}
}

// Point is an estimate with its interval.
type Point struct{ At, Value, Low, High float64 }

// Series draws estimates with intervals: a line through the points where width is positive, the intervals as whiskers or as a
// band, the points as glyphs. Lying series have the estimates on the x axis.
type Series struct {
	Points []Point
	Color  color.NRGBA
	Width  vg.Length
	Dashes []vg.Length
	Band   bool
	Lying  bool
	Glyph  draw.GlyphDrawer
	Radius vg.Length
}

// Plot implements plot.Plotter.
func (s Series) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	place := func(at, value float64) vg.Point {
		if s.Lying {
			at, value = value, at
		}
		return vg.Point{X: tx(at), Y: ty(value)}
	}
	var path, band []vg.Point
	whisker := draw.LineStyle{Color: s.Color, Width: vg.Points(1)}
	for _, q := range s.Points {
		path = append(path, place(q.At, q.Value))
		band = append(band, place(q.At, q.High))
		if !s.Band || len(s.Points) == 1 {
			c.StrokeLines(whisker, []vg.Point{place(q.At, q.Low), place(q.At, q.High)})
		}
	}
	if s.Band && len(s.Points) > 1 {
		for i := len(s.Points) - 1; i >= 0; i-- {
			band = append(band, place(s.Points[i].At, s.Points[i].Low))
		}
		pale := s.Color
		pale.A = 0x1E
		c.FillPolygon(pale, band)
	}
	if s.Width > 0 && len(path) > 1 {
		c.StrokeLines(draw.LineStyle{Color: s.Color, Width: s.Width, Dashes: s.Dashes}, path)
	}
	if s.Glyph != nil {
		for _, at := range path {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: s.Color, Radius: s.Radius, Shape: s.Glyph}, at)
		}
	}
}

// DownGlyph is a filled triangle that points down, the sign of what was corrupted.
type DownGlyph struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (DownGlyph) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) {
	triangle(c, sty, at, -1)
}

// UpGlyph is a filled triangle that points up, the sign of what was corrected.
type UpGlyph struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (UpGlyph) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) { triangle(c, sty, at, 1) }

func triangle(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point, up vg.Length) {
	r := sty.Radius
	c.FillPolygon(sty.Color, []vg.Point{
		{X: at.X, Y: at.Y + up*r*1.15}, {X: at.X - r, Y: at.Y - up*r*0.75}, {X: at.X + r, Y: at.Y - up*r*0.75},
	})
}

// BoxEntry is a legend entry with a filled square.
func BoxEntry(name string, colour color.Color) Entry {
	return Entry{name, func(c draw.Canvas, r vg.Rectangle) { fill(c, colour, r) }}
}

// LineEntry is a legend entry with a line and a glyph as a series draws them.
func LineEntry(name string, s Series) Entry {
	return Entry{name, func(c draw.Canvas, r vg.Rectangle) {
		middle := vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
		width := s.Width
		if width == 0 {
			width = vg.Points(1)
		}
		c.StrokeLine2(draw.LineStyle{Color: s.Color, Width: width, Dashes: s.Dashes}, r.Min.X, middle.Y, r.Max.X, middle.Y)
		if s.Glyph != nil {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: s.Color, Radius: s.Radius, Shape: s.Glyph}, middle)
		}
	}}
}
