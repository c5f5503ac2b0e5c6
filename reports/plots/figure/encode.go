package figure

import (
	"bytes"
	"fmt"
	"io"
	"regexp"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Formats lists what [Figure.Encode] writes.
var Formats = [...]string{"png", "svg", "pdf"}

// dpi of PNG files: twice the 96 of a screen.
const dpi = 192

// Encode writes the figure in one of [Formats]. The same figure makes the same bytes.
func (f *Figure) Encode(w io.Writer, format string) error {
	fr := f.layOut()
	switch format {
	case "png":
		c := vgimg.NewWith(vgimg.UseWH(fr.width, fr.height), vgimg.UseDPI(dpi))
		f.draw(draw.New(c), fr)
		_, err := vgimg.PngCanvas{Canvas: c}.WriteTo(w)
		return err
	case "svg":
		c := vgsvg.New(fr.width, fr.height)
		f.draw(draw.New(c), fr)
		var b bytes.Buffer
		if _, err := c.WriteTo(&b); err != nil {
			return err
		}
		// Liberation Sans has the metrics of Arial and Helvetica, which are what other machines have.
		svg := bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans;"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;"))
		_, err := w.Write(svg)
		return err
	case "pdf":
		c := pdfCanvas{vgpdf.New(fr.width, fr.height)}
		f.draw(draw.New(c), fr)
		var b bytes.Buffer
		if _, err := c.WriteTo(&b); err != nil {
			return err
		}
		_, err := w.Write(pdfDate.ReplaceAll(b.Bytes(), []byte("(D:20000101000000)")))
		return err
	}
	return fmt.Errorf("no format %q: there are %q", format, Formats)
}

// pdfDate finds the time at which a PDF was made: of a fixed length, so that what replaces it moves nothing.
var pdfDate = regexp.MustCompile(`\(D:\d{14}\)`)
