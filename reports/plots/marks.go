package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// segment is a rectangle in data coordinates.
type segment struct {
	x0, x1, y0, y1 float64
	color          color.Color
}

// segments draws rectangles with a thin white gap between them.
type segments []segment

// Plot implements plot.Plotter.
func (s segments) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, r := range s {
		if r.y0 == r.y1 {
			continue
		}
		fill(c, r.color, vg.Rectangle{Min: vg.Point{X: x(r.x0), Y: y(r.y0)}, Max: vg.Point{X: x(r.x1), Y: y(r.y1)}})
	}
}

func fill(c draw.Canvas, colour color.Color, r vg.Rectangle) {
	c.FillPolygon(colour, []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}})
}

// lines draws horizontal or vertical rules across the data area, such as a grid.
type lines struct {
	at       []float64
	vertical bool
	style    draw.LineStyle
}

// Plot implements plot.Plotter.
func (l lines) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, v := range l.at {
		if l.vertical {
			c.StrokeLine2(l.style, x(v), c.Min.Y, x(v), c.Max.Y)
		} else {
			c.StrokeLine2(l.style, c.Min.X, y(v), c.Max.X, y(v))
		}
	}
}

// point is an estimate with its interval.
type point struct{ at, value, low, high float64 }

// series draws estimates with intervals: a line through the points where width is positive, the intervals as whiskers or as a
// band, the points as glyphs. Lying series have the estimates on the x axis.
type series struct {
	points []point
	color  color.NRGBA
	width  vg.Length
	dashes []vg.Length
	band   bool
	lying  bool
	glyph  draw.GlyphDrawer
	radius vg.Length
}

// Plot implements plot.Plotter.
func (s series) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	place := func(at, value float64) vg.Point {
		if s.lying {
			at, value = value, at
		}
		return vg.Point{X: tx(at), Y: ty(value)}
	}
	var path, band []vg.Point
	whisker := draw.LineStyle{Color: s.color, Width: vg.Points(1)}
	for _, q := range s.points {
		path = append(path, place(q.at, q.value))
		band = append(band, place(q.at, q.high))
		if !s.band || len(s.points) == 1 {
			c.StrokeLines(whisker, []vg.Point{place(q.at, q.low), place(q.at, q.high)})
		}
	}
	if s.band && len(s.points) > 1 {
		for i := len(s.points) - 1; i >= 0; i-- {
			band = append(band, place(s.points[i].at, s.points[i].low))
		}
		pale := s.color
		pale.A = 0x1E
		c.FillPolygon(pale, band)
	}
	if s.width > 0 && len(path) > 1 {
		c.StrokeLines(draw.LineStyle{Color: s.color, Width: s.width, Dashes: s.dashes}, path)
	}
	if s.glyph != nil {
		for _, at := range path {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: s.color, Radius: s.radius, Shape: s.glyph}, at)
		}
	}
}

// downGlyph is a filled triangle that points down, the sign of what was corrupted.
type downGlyph struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (downGlyph) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) {
	triangle(c, sty, at, -1)
}

// upGlyph is a filled triangle that points up, the sign of what was corrected.
type upGlyph struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (upGlyph) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) { triangle(c, sty, at, 1) }

func triangle(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point, up vg.Length) {
	r := sty.Radius
	c.FillPolygon(sty.Color, []vg.Point{
		{X: at.X, Y: at.Y + up*r*1.15}, {X: at.X - r, Y: at.Y - up*r*0.75}, {X: at.X + r, Y: at.Y - up*r*0.75},
	})
}

// boxEntry is a legend entry with a filled square.
func boxEntry(name string, colour color.Color) entry {
	return entry{name, func(c draw.Canvas, r vg.Rectangle) { fill(c, colour, r) }}
}

// lineEntry is a legend entry with a line and a glyph as a series draws them.
func lineEntry(name string, s series) entry {
	return entry{name, func(c draw.Canvas, r vg.Rectangle) {
		middle := vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
		width := s.width
		if width == 0 {
			width = vg.Points(1)
		}
		c.StrokeLine2(draw.LineStyle{Color: s.color, Width: width, Dashes: s.dashes}, r.Min.X, middle.Y, r.Max.X, middle.Y)
		if s.glyph != nil {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: s.color, Radius: s.radius, Shape: s.glyph}, middle)
		}
	}}
}
