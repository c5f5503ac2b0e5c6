package page

import (
	"image/color"

	"cheaptalk/debate"
	"cheaptalk/internal/web/chart"
	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/tables"
	"cheaptalk/reports/words"
)

// Summary is the first page of a run.
type Summary struct {
	Site
	Report *Report // nil while it is being made
	First  List    // the first debates, while there is no report
	Error  string  // why there is no report
}

// Report is what a report says.
type Report struct {
	Words  []string // paragraphs
	Charts []chart.Chart
	Tables []Table
}

// Table is a table of a report.
type Table struct {
	Name, Title, Caption string
	Notes                []string
	Heads                []Cell
	Rows                 [][]Cell
}

// Cell is one cell of a table. Class says how it is aligned and coloured.
type Cell struct{ Text, Class string }

// NewReport makes what a page shows of a report.
func NewReport(r *reports.Report) *Report {
	out := &Report{Words: words.Paragraphs(r), Charts: chart.Of(r)}
	for _, t := range tables.All(r) {
		out.Tables = append(out.Tables, newTable(&t))
	}
	return out
}

func newTable(t *grid.Table) Table {
	out := Table{Name: t.Name, Title: t.Title, Caption: t.Caption, Notes: t.Notes}
	classes := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		classes[i] = "number"
		if c.Left {
			classes[i] = "name"
		}
		classes[i] += colored(c.Color)
		out.Heads = append(out.Heads, Cell{c.Head, classes[i]})
	}
	for _, row := range t.Rows {
		cells := make([]Cell, len(row))
		for i, c := range row {
			cells[i] = Cell{c.Text, classes[i]}
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// colored returns the class of a colour of the reports, with a blank before it, or nothing.
func colored(c color.NRGBA) string {
	if c.A == 0 {
		return ""
	}
	for _, f := range debate.Fates {
		if paint.Fate(f) == c {
			return " " + MarkOf(f).Class
		}
	}
	if c == paint.Failed {
		return " failed"
	}
	return ""
}
