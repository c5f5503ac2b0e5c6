package figure

import (
	"image/color"
	"strings"

	"golang.org/x/image/font"
	"gonum.org/v1/plot"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Figure is a grid of panels with a title, a legend above the panels and a caption below. The data areas of all panels have one size.
type Figure struct {
	Title, Subtitle, Caption string
	Across                   string // what the x axes count, written once below the grid
	Legend                   []Entry
	Rows                     [][]Panel
	Size                     vg.Point // of the data area of a panel
}

// Entry is one line of the legend.
type Entry struct {
	Name string
	Draw func(c draw.Canvas, box vg.Rectangle) // draws the sample into the box
}

// Panel is one plot of the grid.
type Panel struct {
	Title string
	Plot  *plot.Plot
}

const (
	margin    = 4 * vg.Millimeter
	columnGap = 4 * vg.Millimeter
	rowGap    = 4 * vg.Millimeter
	swatch    = vg.Length(9)
	// minWidth leaves room for title, legend and caption of a figure with one panel.
	minWidth = 150 * vg.Millimeter

	titleSize   vg.Length = 11 // of the title's font, in points
	smallSize   vg.Length = 7.5
	lineSpacing           = 1.35
)

// Ink is for what matters most, Soft for what explains, Rule for grids.
var (
	Ink  = color.NRGBA{0x22, 0x26, 0x2B, 0xFF}
	Soft = color.NRGBA{0x5F, 0x65, 0x6E, 0xFF}
	Rule = color.NRGBA{0xE4, 0xE6, 0xEA, 0xFF}
)

// Style returns the one font of all figures.
func Style(size vg.Length, c color.Color, bold bool) text.Style {
	f := plotfont.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = font.WeightBold
	}
	return text.Style{Color: c, Font: f, Handler: plot.DefaultTextHandler}
}

// NewPanel returns an empty panel with the axes of the house.
func NewPanel(title string) Panel {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Padding = 0
		axis.LineStyle.Color, axis.LineStyle.Width = Soft, vg.Points(0.5)
		axis.Tick.LineStyle.Color, axis.Tick.LineStyle.Width = Soft, vg.Points(0.5)
		axis.Tick.Length = vg.Points(2.5)
		side := axis.Tick.Label // keeps the alignment
		axis.Tick.Label = Style(7, Ink, false)
		axis.Tick.Label.XAlign, axis.Tick.Label.YAlign = side.XAlign, side.YAlign
		label := axis.Label.TextStyle
		axis.Label.TextStyle = Style(7.5, Ink, false)
		axis.Label.TextStyle.XAlign, axis.Label.TextStyle.YAlign = label.XAlign, label.YAlign
		axis.Label.TextStyle.Rotation = label.Rotation
		axis.Label.Padding = vg.Points(2)
	}
	return Panel{Title: title, Plot: p}
}

// sides is the room that axes take around a data area.
type sides struct{ left, right, bottom, top vg.Length }

// around returns the room that the panel's axes take.
func (f *Figure) around(p *plot.Plot) sides {
	c := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: 4 * f.Size.X, Y: 4 * f.Size.Y}}}
	data := p.DataCanvas(c)
	return sides{data.Min.X, c.Max.X - data.Max.X, data.Min.Y, c.Max.Y - data.Max.Y}
}

// frame is where everything of a figure goes.
type frame struct {
	width, height     vg.Length
	left              vg.Length // of the data areas of the first column
	bottoms           []vg.Length
	headroom          []vg.Length // above each row of panels, for their titles
	grid              vg.Length   // width of all data areas
	title             []string
	subtitle, caption []string
	legend            [][]int
}

// layOut measures the figure.
func (f *Figure) layOut() frame {
	columns := 0
	var room sides
	bottoms := make([]vg.Length, len(f.Rows))
	for i, row := range f.Rows {
		columns = max(columns, len(row))
		for j, p := range row {
			a := f.around(p.Plot)
			if j == 0 {
				room.left = max(room.left, a.left)
			}
			room.right = max(room.right, a.right)
			bottoms[i] = max(bottoms[i], a.bottom)
		}
	}
	grid := vg.Length(columns)*f.Size.X + vg.Length(columns-1)*columnGap
	fr := frame{bottoms: bottoms, grid: grid}
	fr.width = max(2*margin+room.left+grid+max(room.right, 4), minWidth)
	fr.left = margin + room.left
	inner := fr.width - 2*margin
	small := Style(smallSize, Soft, false)
	fr.title = wrap(f.Title, Style(titleSize, Ink, true), inner)
	fr.subtitle, fr.caption = wrap(f.Subtitle, small, inner), wrap(f.Caption, small, inner)
	fr.legend = f.legendLines(inner)

	fr.height = 2*margin + titleSize*lineSpacing*vg.Length(len(fr.title))
	fr.height += smallSize * lineSpacing * vg.Length(len(fr.subtitle)+len(fr.caption))
	fr.height += 12*vg.Length(len(fr.legend)) + 8
	for i := range f.Rows {
		room := vg.Length(2)
		for _, p := range f.Rows[i] {
			if p.Title != "" {
				room = 13
			}
		}
		fr.headroom = append(fr.headroom, room)
		fr.height += room + f.Size.Y + bottoms[i]
		if i > 0 {
			fr.height += rowGap
		}
	}
	fr.height += smallSize*lineSpacing + 8
	return fr
}

// legendLines breaks the legend into lines of entries.
func (f *Figure) legendLines(width vg.Length) [][]int {
	var lines [][]int
	x := width
	for i, e := range f.Legend {
		w := swatch + 4 + Style(smallSize, Ink, false).Width(e.Name) + 12
		if x+w > width+12 || len(lines) == 0 {
			lines = append(lines, nil)
			x = 0
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], i)
		x += w
	}
	return lines
}

// draw draws the figure on a canvas of the size of its frame.
func (f *Figure) draw(c draw.Canvas, fr frame) {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	y := fr.height - margin
	write := func(lines []string, sty text.Style, size vg.Length) {
		sty.YAlign = draw.YTop
		for _, line := range lines {
			c.FillText(sty, vg.Point{X: margin, Y: y}, line)
			y -= size * lineSpacing
		}
	}
	write(fr.title, Style(titleSize, Ink, true), titleSize)
	write(fr.subtitle, Style(smallSize, Soft, false), smallSize)
	y -= 4
	for _, line := range fr.legend {
		x := vg.Length(margin)
		for _, i := range line {
			e := f.Legend[i]
			e.Draw(c, vg.Rectangle{Min: vg.Point{X: x, Y: y - swatch}, Max: vg.Point{X: x + swatch, Y: y}})
			sty := Style(smallSize, Ink, false)
			sty.YAlign = draw.YCenter
			c.FillText(sty, vg.Point{X: x + swatch + 4, Y: y - swatch/2}, e.Name)
			x += swatch + 4 + sty.Width(e.Name) + 12
		}
		y -= 12
	}
	y -= 4
	for i, row := range f.Rows {
		if i > 0 {
			y -= rowGap
		}
		y -= fr.headroom[i] + f.Size.Y
		for j, p := range row {
			x := fr.left + vg.Length(j)*(f.Size.X+columnGap)
			f.place(c, p, vg.Point{X: x, Y: y})
		}
		y -= fr.bottoms[i]
	}
	y -= 2
	across := Style(smallSize, Ink, false)
	across.XAlign, across.YAlign = draw.XCenter, draw.YTop
	c.FillText(across, vg.Point{X: fr.left + fr.grid/2, Y: y}, f.Across)
	y -= smallSize*lineSpacing + 6
	write(fr.caption, Style(smallSize, Soft, false), smallSize)
}

// place draws a panel with the lower left corner of its data area at a point.
func (f *Figure) place(c draw.Canvas, p Panel, at vg.Point) {
	a := f.around(p.Plot)
	c.Rectangle = vg.Rectangle{
		Min: vg.Point{X: at.X - a.left, Y: at.Y - a.bottom},
		Max: vg.Point{X: at.X + f.Size.X + a.right, Y: at.Y + f.Size.Y + a.top},
	}
	p.Plot.Draw(c)
	sty := Style(8, Ink, true)
	c.FillText(sty, vg.Point{X: at.X, Y: at.Y + f.Size.Y + 4}, Fit(p.Title, sty, f.Size.X+columnGap/2))
}

// Fit shortens a text to a width, ending it with an ellipsis.
func Fit(s string, sty text.Style, width vg.Length) string {
	if sty.Width(s) <= width {
		return s
	}
	runes := []rune(s)
	for len(runes) > 0 && sty.Width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

// wrap breaks a text into lines of a width.
func wrap(s string, sty text.Style, width vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if longer := strings.TrimPrefix(line+" "+word, " "); line == "" || sty.Width(longer) <= width {
			line = longer
			continue
		}
		lines = append(lines, line)
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
