package plots

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"cheaptalk/reports"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/plots/panels"
)

// Formats lists what plots are written as: png, svg, pdf.
func Formats() []string { return figure.Formats[:] }

// Missing says why a report has nothing to draw for the kind, and is nil where it has.
func (k Kind) Missing(r *reports.Report) error {
	_, err := k.make(r)
	return err
}

// Draw writes the plot of a report in one of [Formats]. It fails with [Kind.Missing] where there is nothing to draw.
func (k Kind) Draw(w io.Writer, r *reports.Report, format string) error {
	f, err := k.make(r)
	if err != nil {
		return err
	}
	f.Caption += " " + panels.Source(r)
	return f.Encode(w, format)
}

// Write draws every kind that belongs to each run, as far as the report has data for it, into the folder, as NAME.svg and NAME.png,
// and returns the paths written. The folder must exist.
func Write(r *reports.Report, dir string) ([]string, error) {
	var paths []string
	for _, k := range Kinds() {
		if !k.EachRun || k.Missing(r) != nil {
			continue
		}
		for _, format := range []string{"svg", "png"} {
			name := k.Name + "." + format
			var b bytes.Buffer
			if err := k.Draw(&b, r, format); err != nil {
				return paths, fmt.Errorf("plot %s: %w", name, err)
			}
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				return paths, fmt.Errorf("plot %s: %w", name, err)
			}
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// Select returns the report with the named arms alone, and the comparisons of these with whatever they were compared with. Without names it is the
// report itself.
func Select(r *reports.Report, arms []string) *reports.Report {
	if len(arms) == 0 {
		return r
	}
	out := *r
	out.Overall = selectArms(r.Overall, arms)
	out.Sets = nil
	for _, s := range r.Sets {
		if s = selectArms(s, arms); len(s.Arms) > 0 {
			out.Sets = append(out.Sets, s)
		}
	}
	out.Simulated = slices.ContainsFunc(out.Overall.Arms, func(a reports.Arm) bool { return a.Simulated })
	return &out
}

func selectArms(s reports.Section, names []string) reports.Section {
	s.Arms = slices.DeleteFunc(slices.Clone(s.Arms), func(a reports.Arm) bool { return !slices.Contains(names, a.Name) })
	s.Comparisons = slices.DeleteFunc(slices.Clone(s.Comparisons), func(c reports.Comparison) bool { return !slices.Contains(names, c.Arm) })
	return s
}
