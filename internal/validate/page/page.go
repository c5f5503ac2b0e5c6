// Package page writes what a validation says as Markdown, and gathers numbers for it.
package page

import (
	"fmt"
	"math"
	"strings"
)

// Page is Markdown being written. The zero Page is empty.
type Page struct {
	strings.Builder
	Glance [][]string // what came out in a line: what was asked, and the answer
}

// Say writes a paragraph.
func (p *Page) Say(format string, args ...any) { fmt.Fprintf(p, format+"\n\n", args...) }

// Table writes a table.
func (p *Page) Table(head []string, rows [][]string) {
	fmt.Fprintf(p, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		fmt.Fprintf(p, "| %s |\n", strings.Join(row, " | "))
	}
	p.WriteByte('\n')
}

// Sum adds a line to what came out at a glance.
func (p *Page) Sum(what, format string, args ...any) {
	p.Glance = append(p.Glance, []string{what, fmt.Sprintf(format, args...)})
}

// Numbers gathers numbers: errors, or draws. The zero Numbers has none.
type Numbers struct {
	N       int
	Sum     float64
	Most    float64 // the largest absolute value
	squares float64
}

// Add adds a number.
func (e *Numbers) Add(v float64) {
	e.N, e.Sum, e.squares, e.Most = e.N+1, e.Sum+v, e.squares+v*v, max(e.Most, math.Abs(v))
}

// RMS returns the root of the mean square, NaN of no number.
func (e *Numbers) RMS() float64 { return math.Sqrt(e.squares / float64(e.N)) }

// SD returns the standard deviation of the numbers as a sample, NaN of fewer than two.
func (e *Numbers) SD() float64 {
	mean := e.Sum / float64(e.N)
	return math.Sqrt(max(e.squares-float64(e.N)*mean*mean, 0) / float64(e.N-1))
}
