package plots

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"cheaptalk/reports"
)

// dpi of PNG files: twice the 96 of a screen.
const dpi = 192

// named is a figure and the name of its files.
type named struct {
	name   string
	figure figure
}

// figures makes every figure that the report has data for.
func figures(r *reports.Report) []named {
	var all []named
	for _, f := range []struct {
		name string
		make func(*reports.Report) (figure, bool)
	}{{"transitions", transitions}, {"revision", revision}, {"accuracy", accuracy}, {"conformity", conformity}} {
		if fig, ok := f.make(r); ok {
			all = append(all, named{f.name, fig})
		}
	}
	return all
}

// Write draws every figure that the report has data for into the folder, as NAME.svg and NAME.png, and returns the paths
// written. The names are transitions, revision, accuracy and conformity. The folder must exist.
func Write(r *reports.Report, dir string) ([]string, error) {
	var paths []string
	for _, f := range figures(r) {
		for _, ext := range []string{".svg", ".png"} {
			var b bytes.Buffer
			if err := f.figure.encode(&b, ext); err != nil {
				return paths, fmt.Errorf("plot %s: %w", f.name+ext, err)
			}
			path := filepath.Join(dir, f.name+ext)
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				return paths, fmt.Errorf("plot %s: %w", f.name+ext, err)
			}
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// encode draws the figure as ".svg" or ".png".
func (f *figure) encode(w io.Writer, ext string) error {
	fr := f.layOut()
	if ext == ".png" {
		c := vgimg.NewWith(vgimg.UseWH(fr.width, fr.height), vgimg.UseDPI(dpi))
		f.draw(draw.New(c), fr)
		_, err := vgimg.PngCanvas{Canvas: c}.WriteTo(w)
		return err
	}
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
}
