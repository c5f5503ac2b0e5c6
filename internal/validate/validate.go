// Package validate holds simulated agents against figures that they were not fitted to, and prints what comes out, the good and the bad.
//
// Four validations: the votes of Wynn, Satija and Hadfield 2025 (wynn.go, leave.go), the revisions of Qu, Fu and Hu 2026 (qu.go), twins of real
// recorded debates on questions that they were not fitted to (recorded.go), and the theory of Choi, Zhu and Li 2025 (dcm.go). What is printed is
// Markdown; docs/VALIDATION.md is the output of all four.
package validate

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Options are those of a validation.
type Options struct {
	Data string // folder of the real data
	Seed uint64
}

// section is one validation.
type section struct {
	name string
	run  func(ctx context.Context, w *page, o Options) error
}

var sections = []section{{"wynn2025", wynn}, {"qu2026", qu}, {"recorded", recordings}, {"dcm", dcm}}

// Names lists the validations, in the order in which they are held.
func Names() []string {
	names := make([]string, len(sections))
	for i, s := range sections {
		names[i] = s.name
	}
	return names
}

// Run holds the validations of these names, or all when there are none, and writes them as Markdown. The same options give the same bytes.
func Run(ctx context.Context, w io.Writer, names []string, o Options) error {
	for _, name := range names {
		if !slices.Contains(Names(), name) {
			return fmt.Errorf("there is no validation %q; there are %s", name, strings.Join(Names(), ", "))
		}
	}
	for _, s := range sections {
		if len(names) > 0 && !slices.Contains(names, s.name) {
			continue
		}
		p := &page{}
		if err := s.run(ctx, p, o); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if _, err := io.WriteString(w, p.String()); err != nil {
			return err
		}
	}
	return nil
}

// page is Markdown being written.
type page struct{ strings.Builder }

// say writes a paragraph.
func (p *page) say(format string, args ...any) { fmt.Fprintf(p, format+"\n\n", args...) }

// table writes a table.
func (p *page) table(head []string, rows [][]string) {
	fmt.Fprintf(p, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		fmt.Fprintf(p, "| %s |\n", strings.Join(row, " | "))
	}
	p.WriteByte('\n')
}
