// Package validate holds simulated agents against figures that they were not fitted to, and prints what comes out, the good and the bad.
//
// Five validations: the votes of Wynn, Satija and Hadfield 2025 (wynn.go, leave.go), the revisions of Qu, Fu and Hu 2026 (qu.go), twins of real
// recorded debates on questions that they were not fitted to (recorded.go), what twins predicted of live debates before they were held (live.go), and the theory of Choi, Zhu and Li 2025 (dcm.go). What is printed is
// Markdown; docs/VALIDATION.md is the output of all five. Package urn has the theory of the last one, package page
// writes Markdown.
package validate

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"cheaptalk/internal/validate/page"
)

// Options are those of a validation.
type Options struct {
	Data string // folder of the real data
	Seed uint64
	Live func(ctx context.Context) (*Live, error) // what was predicted of live debates, and what became of it; nil where that is not at hand
}

// section is one validation.
type section struct {
	name string
	run  func(ctx context.Context, p *page.Page, o Options) error
	// ready says what is missing before anything is computed; nil where nothing can be.
	ready func(o Options) error
}

var sections = []section{{"wynn2025", wynn, nil}, {"qu2026", qu, nil}, {"recorded", recordings, recordingReady}, {"live", live, liveReady}, {"dcm", dcm, nil}}

// Names lists the validations, in the order in which they are held.
func Names() []string {
	names := make([]string, len(sections))
	for i, s := range sections {
		names[i] = s.name
	}
	return names
}

// Run holds the validations of these names, or all when there are none, and writes them as Markdown, what came out at a glance first. The same options give
// the same bytes. What it needs and does not find is an error before anything is computed.
func Run(ctx context.Context, w io.Writer, names []string, o Options) error {
	for _, name := range names {
		if !slices.Contains(Names(), name) {
			return fmt.Errorf("there is no validation %q; there are %s", name, strings.Join(Names(), ", "))
		}
	}
	chosen := slices.DeleteFunc(slices.Clone(sections), func(s section) bool { return len(names) > 0 && !slices.Contains(names, s.name) })
	for _, s := range chosen {
		if s.ready != nil {
			if err := s.ready(o); err != nil {
				others := slices.DeleteFunc(Names(), func(name string) bool { return name == s.name })
				return fmt.Errorf("%s: %w\n  cheaptalk validate %s  holds the others", s.name, err, strings.Join(others, " "))
			}
		}
	}
	head, body := &page.Page{}, &page.Page{}
	for _, s := range chosen {
		if err := s.run(ctx, body, o); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	head.Say("# Validation")
	head.Say("What simulated agents say of cases that they were not fitted to, the good and the bad, as `cheaptalk validate` prints it (seed %d).", o.Seed)
	head.Table([]string{"", "result"}, body.Glance)
	_, err := io.WriteString(w, head.String()+body.String())
	return err
}
