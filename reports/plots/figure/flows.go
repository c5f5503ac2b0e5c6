package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Ribbon is a band that flows from one upright to the next, in data coordinates: Left and Right are where it is on each, from the lower to the upper edge.
type Ribbon struct {
	X0, X1      float64
	Left, Right [2]float64
	Color       color.Color
}

// Ribbons draws bands that bend from the one level to the other, each with a thin white edge unless it is thin itself.
type Ribbons []Ribbon

// Plot implements plot.Plotter.
func (r Ribbons) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, b := range r {
		x0, x1 := x(b.X0), x(b.X1)
		middle := (x0 + x1) / 2
		l0, l1, r0, r1 := y(b.Left[0]), y(b.Left[1]), y(b.Right[0]), y(b.Right[1])
		var path vg.Path
		path.Move(vg.Point{X: x0, Y: l0})
		path.CubeTo(vg.Point{X: middle, Y: l0}, vg.Point{X: middle, Y: r0}, vg.Point{X: x1, Y: r0})
		path.Line(vg.Point{X: x1, Y: r1})
		path.CubeTo(vg.Point{X: middle, Y: r1}, vg.Point{X: middle, Y: l1}, vg.Point{X: x0, Y: l1})
		path.Close()
		c.SetColor(b.Color)
		c.Fill(path)
		if l1-l0 > 1.5 {
			c.SetLineStyle(draw.LineStyle{Color: color.White, Width: vg.Points(0.3)})
			c.Stroke(path)
		}
	}
}

// Arrow is a bent arrow between two points in data coordinates.
type Arrow struct {
	From, To [2]float64
	Bend     float64   // how far its middle lies to the left of the straight line, as a share of its length
	Gap      vg.Length // that it keeps from both points
	Width    vg.Length
	Color    color.NRGBA
	Dashes   []vg.Length
	Label    string // near its start
}

// Arrows draws bent arrows, then the labels of all of them.
type Arrows []Arrow

// Plot implements plot.Plotter.
func (a Arrows) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	places := make([]vg.Point, len(a)) // of the labels
	for i, arrow := range a {
		from := vg.Point{X: x(arrow.From[0]), Y: y(arrow.From[1])}
		to := vg.Point{X: x(arrow.To[0]), Y: y(arrow.To[1])}
		places[i] = arrow.draw(c, from, to)
	}
	sty := Style(6, Ink, true)
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	for i, arrow := range a {
		box := sty.Rectangle(arrow.Label)
		fill(c, color.NRGBA{0xFF, 0xFF, 0xFF, 0xD8}, vg.Rectangle{Min: box.Min.Add(places[i]), Max: box.Max.Add(places[i])})
	}
	for i, arrow := range a {
		sty.Color = arrow.Color
		c.FillText(sty, places[i], arrow.Label)
	}
}

// draw draws one arrow without its label and returns the place of that.
func (a Arrow) draw(c draw.Canvas, from, to vg.Point) vg.Point {
	d := to.Sub(from)
	length := vg.Length(math.Hypot(float64(d.X), float64(d.Y)))
	if length <= 2*a.Gap {
		return from
	}
	control := vg.Point{X: (from.X+to.X)/2 - 2*vg.Length(a.Bend)*d.Y, Y: (from.Y+to.Y)/2 + 2*vg.Length(a.Bend)*d.X}
	at := func(t vg.Length) vg.Point {
		u := 1 - t
		return vg.Point{X: u*u*from.X + 2*u*t*control.X + t*t*to.X, Y: u*u*from.Y + 2*u*t*control.Y + t*t*to.Y}
	}
	head := 3 + 1.3*a.Width
	start, end := a.Gap/length, 1-a.Gap/length
	tip, neck := at(end), at(end-head/length)
	const steps = 24
	points := make([]vg.Point, 0, steps+1)
	for i := range steps + 1 {
		points = append(points, at(start+(end-head/length-start)*vg.Length(i)/steps))
	}
	c.StrokeLines(draw.LineStyle{Color: a.Color, Width: a.Width, Dashes: a.Dashes}, points)
	back := neck.Sub(tip)
	half := vg.Length(0.45)
	c.FillPolygon(a.Color, []vg.Point{tip, {X: neck.X - half*back.Y, Y: neck.Y + half*back.X}, {X: neck.X + half*back.Y, Y: neck.Y - half*back.X}})
	return at(0.36) // where arrows of other pairs do not cross it
}

// Node is a disc with a name beside it.
type Node struct {
	Label  // at its middle
	Radius vg.Length
}

// Nodes draws discs with names.
type Nodes []Node

// Plot implements plot.Plotter.
func (n Nodes) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, node := range n {
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: Ink, Radius: node.Radius, Shape: draw.CircleGlyph{}}, vg.Point{X: x(node.X), Y: y(node.Y)})
		at := vg.Point{X: x(node.X), Y: y(node.Y)}.Add(node.Offset)
		box := node.Style.Rectangle(node.Text)
		fill(c, color.NRGBA{0xFF, 0xFF, 0xFF, 0xC0}, vg.Rectangle{Min: box.Min.Add(at), Max: box.Max.Add(at)})
		c.FillText(node.Style, at, node.Text)
	}
}
