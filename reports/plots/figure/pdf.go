package figure

import (
	"image/color"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// pdfCanvas writes text as outlines, because vgpdf knows only the characters of code page 1252: no signs of fates and no names in other scripts.
// It also mends colours that are not opaque.
type pdfCanvas struct{ *vgpdf.Canvas }

// SetColor sets the colour. vgpdf takes the components that [color.Color.RGBA] returns for not multiplied by alpha.
func (c pdfCanvas) SetColor(colour color.Color) {
	if n, ok := colour.(color.NRGBA); ok {
		colour = straight(n)
	}
	c.Canvas.SetColor(colour)
}

// straight is a colour that tells its components not multiplied by alpha.
type straight color.NRGBA

// RGBA implements color.Color, but for the multiplication.
func (c straight) RGBA() (r, g, b, a uint32) {
	return uint32(c.R) * 0x101, uint32(c.G) * 0x101, uint32(c.B) * 0x101, uint32(c.A) * 0x101
}

// FillString fills the outlines of a text. A character that the font lacks is drawn as its box.
func (c pdfCanvas) FillString(face plotfont.Face, at vg.Point, s string) {
	// Outlines are scaled in units of 1/64 of ppem: a large one keeps them smooth.
	const ppem = 1000
	var buffer sfnt.Buffer
	scale := face.Font.Size / ppem
	point := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: at.X + vg.Length(p.X)/64*scale, Y: at.Y - vg.Length(p.Y)/64*scale}
	}
	for _, r := range s {
		glyph, err := face.Face.GlyphIndex(&buffer, r)
		if err != nil {
			glyph = 0
		}
		segments, err := face.Face.LoadGlyph(&buffer, glyph, fixed.I(ppem), nil)
		if err == nil && len(segments) > 0 {
			var p vg.Path
			for i, g := range segments {
				switch g.Op {
				case sfnt.SegmentOpMoveTo:
					if i > 0 {
						p.Close()
					}
					p.Move(point(g.Args[0]))
				case sfnt.SegmentOpLineTo:
					p.Line(point(g.Args[0]))
				case sfnt.SegmentOpQuadTo:
					p.QuadTo(point(g.Args[0]), point(g.Args[1]))
				case sfnt.SegmentOpCubeTo:
					p.CubeTo(point(g.Args[0]), point(g.Args[1]), point(g.Args[2]))
				}
			}
			p.Close()
			c.Fill(p)
		}
		if advance, err := face.Face.GlyphAdvance(&buffer, glyph, fixed.I(ppem), font.HintingNone); err == nil {
			at.X += vg.Length(advance) / 64 * scale
		}
	}
}
